"""Forms about what becomes known: the case's facts, each adult's, safeguards, the child's part."""

from collections.abc import Callable
from typing import Any

from flask.typing import ResponseReturnValue

from services.casework.actions import facts as actions
from services.casework.actions.facts import CaseAnswers, Support
from services.casework.domain.case import ChildsPart
from services.casework.domain.closing import Dossier
from services.casework.domain.safeguards import SAFEGUARDS, Safeguard, Step
from services.casework.domain.subject import Answers
from services.casework.store import cases
from services.casework.web import answers as questions
from services.casework.web.answers import YES_NO_UNKNOWN, answer, answered
from services.casework.web.pages.door import DECIDERS, WRITERS, act, blueprint
from shared.clock import new_id
from shared.web.access import allow
from shared.web.forms import Form
from shared.web.request import reading


def _filled(
    case_id: str, schema: type[questions.OfCase], values: Callable[[Dossier], dict[str, Any]]
) -> Form:
    # Only fills the boxes; the page itself is what the access register keeps.
    with reading() as tx:
        return Form(schema, values(cases.get(tx, case_id)))


@blueprint.route("/cases/<case_id>/facts", methods=["GET", "POST"])
@allow(*DECIDERS)
def record_facts(case_id: str) -> ResponseReturnValue:
    """What duties to tell depend on, about the case."""

    def known(dossier: Dossier) -> dict[str, Any]:
        return {
            "provider_aware_at": dossier.case.provider_aware_at,
            "serious_harm": answered(dossier.case.serious_harm),
            "police_involved": answered(dossier.case.police_involved),
        }

    return act(
        case_id,
        _filled(case_id, questions.CaseFactsAnswers, known),
        "casework/case_facts.html",
        lambda tx, said: actions.record_facts(tx, case_id, _case_answers(said), said["version"]),
        answers=YES_NO_UNKNOWN,
    )


def _case_answers(said: dict[str, Any]) -> CaseAnswers:
    return CaseAnswers(
        provider_aware_at=said["provider_aware_at"],
        serious_harm=answer(said["serious_harm"]),
        police_involved=answer(said["police_involved"]),
    )


@blueprint.route("/cases/<case_id>/people/<adult_id>/facts", methods=["GET", "POST"])
@allow(*DECIDERS)
def record_adult_facts(case_id: str, adult_id: str) -> ResponseReturnValue:
    """What duties to tell depend on, about one adult."""

    def known(dossier: Dossier) -> dict[str, Any]:
        adult = actions.the_adult(dossier, adult_id)
        return {
            "regulated_activity": answered(adult.regulated_activity),
            "removed": answered(adult.removed),
            "removed_on": adult.removed_on,
            "harm_test": answered(adult.harm_test),
        }

    return act(
        case_id,
        _filled(case_id, questions.AdultFactsAnswers, known),
        "casework/adult_facts.html",
        lambda tx, said: actions.record_adult_facts(tx, case_id, adult_id, _answers(said), said["version"]),
        "people",
        adult_id=adult_id,
        answers=YES_NO_UNKNOWN,
    )


def _answers(said: dict[str, Any]) -> Answers:
    return Answers(
        regulated_activity=answer(said["regulated_activity"]),
        removed=answer(said["removed"]),
        removed_on=said["removed_on"],
        harm_test=answer(said["harm_test"]),
    )


@blueprint.route("/cases/<case_id>/people/<adult_id>/support", methods=["GET", "POST"])
@allow(*WRITERS)
def record_support(case_id: str, adult_id: str) -> ResponseReturnValue:
    """When the adult was told, and who supports them."""

    def known(dossier: Dossier) -> dict[str, Any]:
        adult = actions.the_adult(dossier, adult_id)
        return {name: getattr(adult, name) for name in ("told_on", "support", "no_support_reason")}

    return act(
        case_id,
        _filled(case_id, questions.SupportAnswers, known),
        "casework/support.html",
        lambda tx, said: actions.record_support(
            tx,
            case_id,
            adult_id,
            Support(
                told_on=said["told_on"], support=said["support"], no_support_reason=said["no_support_reason"]
            ),
            said["version"],
        ),
        "people",
        adult_id=adult_id,
    )


@blueprint.route("/cases/<case_id>/people/<adult_id>/safeguards/new", methods=["GET", "POST"])
@allow(*DECIDERS)
def record_safeguard(case_id: str, adult_id: str) -> ResponseReturnValue:
    """A step that keeps children safe was considered, made or ended."""

    def made(said: dict[str, Any]) -> Safeguard:
        kept = {name: said[name] for name in ("code", "at", "decided_by", "reason")}
        return Safeguard(
            id=new_id(),
            case_id=case_id,
            adult_id=adult_id,
            step=Step(said["step"]),
            alternatives=tuple(said["alternatives"]),
            **kept,
        )

    def known(dossier: Dossier) -> dict[str, Any]:
        actions.the_adult(dossier, adult_id)
        return {}

    return act(
        case_id,
        _filled(case_id, questions.SafeguardAnswers, known),
        "casework/safeguard.html",
        lambda tx, said: actions.record_safeguard(tx, made(said), said["version"]),
        "people",
        adult_id=adult_id,
        codes=list(SAFEGUARDS.items()),
        alternatives=[
            (code, words) for code, words in SAFEGUARDS.items() if code not in {"SUSPENDED", "NONE_NEEDED"}
        ],
        steps=[(step.value, step.value.capitalize()) for step in Step],
    )


@blueprint.route("/cases/<case_id>/child", methods=["GET", "POST"])
@allow(*WRITERS)
def record_childs_part(case_id: str) -> ResponseReturnValue:
    """The child's own account, and how they learn the outcome."""
    names = ("voice", "no_voice_reason", "told_on", "told_how", "not_told_reason")

    def known(dossier: Dossier) -> dict[str, Any]:
        return {name: getattr(dossier.case.childs_part, name) for name in names}

    return act(
        case_id,
        _filled(case_id, questions.ChildAnswers, known),
        "casework/child.html",
        lambda tx, said: actions.record_childs_part(
            tx, case_id, ChildsPart(**{name: said[name] for name in names}), said["version"]
        ),
        "people",
    )
