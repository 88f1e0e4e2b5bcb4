"""Cases erased by two people, and kept by a legal hold."""

import flask
from flask.typing import ResponseReturnValue

from services.casework.actions import erasing as actions
from services.casework.domain.retention import kept_until
from services.casework.store import cases
from services.casework.store.erasing import holding, requests
from services.casework.web import casefile
from services.casework.web.answers import AskErasureAnswers, DecideErasureAnswers, HoldAnswers
from services.casework.web.pages.door import DECIDERS, READERS, act, blueprint
from shared.errors import Conflict, Invalid, NotAllowed, Refused
from shared.keeping.erasure import Ground, Standing
from shared.vocabulary import Role
from shared.web.access import allow, step_up
from shared.web.forms import Form
from shared.web.request import reading, transaction

_MOST = 200
GROUNDS = ((Ground.RETENTION.value, "Its time has passed"), (Ground.DECISION.value, "It was ordered"))


@blueprint.get("/erasures")
@allow(*READERS)
def list_erasures() -> ResponseReturnValue:
    """What waits for a decision, what may be asked, and what was decided. Looking at it is recorded."""
    with transaction() as tx:
        found = {one: requests.listed(tx, one, _MOST) for one in Standing}
        due, every = actions.due_for_review(tx), [one for some in found.values() for one in some]
        shown = (*(one.record_id for one in every), *(one.case.id for one, _ in due))
        tx.accessed("viewed", "erasure_list", "cases", found=shown)
        people = {name for one in every for name in (one.asked_by, one.decided_by) if name}
        return flask.render_template(
            "casework/erasures.html",
            found=found,
            due=due,
            names=casefile.names_of(tx, people),
            grounds=dict(GROUNDS),
        )


@blueprint.route("/cases/<case_id>/erasure", methods=["GET", "POST"])
@allow(*DECIDERS)
def ask_erasure(case_id: str) -> ResponseReturnValue:
    """Ask that it be erased."""
    with reading() as tx:
        until = kept_until(cases.get(tx, case_id), actions.terms_of(tx))
        asked = requests.find(tx, case_id)
    return act(
        case_id,
        Form(AskErasureAnswers),
        "casework/ask_erasure.html",
        lambda tx, said: actions.ask_erasure(tx, case_id, said["ground"], said["reason"]),
        back="erasure",
        grounds=GROUNDS,
        until=until,
        asked=asked if asked and asked.state is Standing.ASKED else None,
    )


@blueprint.route("/erasures/<case_id>", methods=["GET", "POST"])
@allow(Role.MANAGER)
@step_up()
def decide_erasure(case_id: str) -> ResponseReturnValue:
    """Erase the case and its contact, or say why they are kept. Looking at it is recorded."""
    form = Form(DecideErasureAnswers)
    answers = form.submitted()
    if answers is not None:
        approve, answer = answers["decision"] == "erase", answers["answer"]
        try:
            with transaction() as tx:
                actions.decide_erasure(tx, case_id, approve=approve, answer=answer)
            return flask.redirect("/casework/erasures")
        except (Invalid, Conflict, NotAllowed, Refused) as problem:
            form.refuse(problem if isinstance(problem, Invalid) else str(problem))
    with transaction() as tx:
        asked = requests.find(tx, case_id)
        return form.page(
            "casework/decide_erasure.html",
            file=casefile.show(tx, case_id),
            asked=asked if asked and asked.state is Standing.ASKED else None,
            names=casefile.names_of(tx, [asked.asked_by] if asked else []),
            grounds=dict(GROUNDS),
        )


@blueprint.route("/cases/<case_id>/hold", methods=["GET", "POST"])
@allow(Role.MANAGER)
def hold_case(case_id: str) -> ResponseReturnValue:
    """Put it under a legal hold, or lift the hold."""
    with reading() as tx:
        hold = holding.find(tx, cases.get(tx, case_id).case.contact_id)
        names = casefile.names_of(tx, [hold.held_by] if hold else [])
    changes = {"hold": actions.hold_case, "lift": actions.release_case}
    return act(
        case_id,
        Form(HoldAnswers),
        "casework/hold.html",
        lambda tx, said: changes[said["act"]](tx, case_id, said["reason"]),
        hold=hold if hold and hold.stands else None,
        names=names,
    )
