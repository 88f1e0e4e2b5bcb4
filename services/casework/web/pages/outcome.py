"""Outcomes: one for each allegation, with what each means beside the choice."""

from typing import Any

import flask
from flask.typing import ResponseReturnValue

from services.casework.actions import outcome as actions
from services.casework.domain.outcomes import Evidence, Verdict, prompts
from services.casework.store import cases
from services.casework.web import casefile
from services.casework.web.answers import OutcomeAnswers, answer
from services.casework.web.pages.door import DECIDERS, READERS, act, blueprint
from shared.store.transaction import Transaction
from shared.web.access import allow
from shared.web.forms import Form
from shared.web.request import reading, transaction


@blueprint.get("/cases/<case_id>/outcome")
@allow(*READERS)
def outcomes(case_id: str) -> ResponseReturnValue:
    """Every allegation with its outcome, and what to think of next."""
    with transaction() as tx:
        file = casefile.show(tx, case_id)
        known = {one.outcome for one in file.dossier.allegations if one.outcome}
        thoughts = dict.fromkeys(words for outcome in sorted(known) for words in prompts(outcome))
        return flask.render_template("casework/outcomes.html", file=file, thoughts=list(thoughts))


@blueprint.route("/cases/<case_id>/allegations/<allegation_id>/outcome", methods=["GET", "POST"])
@allow(*DECIDERS)
def record_outcome(case_id: str, allegation_id: str) -> ResponseReturnValue:
    """Record how one allegation ended."""
    return _asked(case_id, allegation_id, correction=False)


@blueprint.route("/cases/<case_id>/allegations/<allegation_id>/correction", methods=["GET", "POST"])
@allow(*DECIDERS)
def correct_outcome(case_id: str, allegation_id: str) -> ResponseReturnValue:
    """Put a recorded outcome right."""
    return _asked(case_id, allegation_id, correction=True)


def _asked(case_id: str, allegation_id: str, *, correction: bool) -> ResponseReturnValue:
    do = actions.correct_outcome if correction else actions.record_outcome

    def decide(tx: Transaction, said: dict[str, Any]) -> object:
        return do(tx, case_id, allegation_id, verdict(said), said["version"])

    # The definitions of the scheme in force today, whatever scheme an earlier outcome used.
    with reading() as tx:
        actions.the_allegation(cases.get(tx, case_id), allegation_id)
        definitions = actions.scheme_of(tx).definitions
    return act(
        case_id,
        Form(OutcomeAnswers),
        "casework/outcome.html",
        decide,
        "outcome",
        allegation_id=allegation_id,
        definitions=[(one.outcome.value, one.label, one.definition) for one in definitions],
        correction=correction,
    )


def verdict(said: dict[str, Any]) -> Verdict:
    """The answers as the rules take them."""
    evidence = Evidence(
        proved=said["proved"], disproved=said["disproved"], deceit=answer(said["deceit"]), basis=said["basis"]
    )
    return Verdict(
        outcome=said["outcome"], evidence=evidence, reasons=said["reasons"], because=said["because"]
    )
