"""Closing a case, reopening it, and who may see it."""

from typing import Any

from flask.typing import ResponseReturnValue

from services.casework.actions import closure as actions
from services.casework.actions.closure import Barrier
from services.casework.domain.closing import checks, may_close
from services.casework.store import cases
from services.casework.web.answers import AccessAnswers, CloseAnswers, ReasonAnswers
from services.casework.web.pages.door import DECIDERS, READERS, act, blueprint
from shared import replicas
from shared.errors import Invalid
from shared.vocabulary import Role
from shared.web.access import allow
from shared.web.forms import Form
from shared.web.request import reading


@blueprint.route("/cases/<case_id>/close", methods=["GET", "POST"])
@allow(*DECIDERS)
def close_case(case_id: str) -> ResponseReturnValue:
    """The closing checks, each with the page where it is put right; then the button."""
    with reading() as tx:
        dossier = cases.get(tx, case_id)
    return act(
        case_id,
        Form(CloseAnswers),
        "casework/close.html",
        lambda tx, said: actions.close_case(tx, case_id, said["version"]),
        checks=checks(dossier),
        may_close=may_close(dossier),
    )


@blueprint.route("/cases/<case_id>/reopen", methods=["GET", "POST"])
@allow(*DECIDERS)
def reopen_case(case_id: str) -> ResponseReturnValue:
    """Put a closed case back to work."""
    return act(
        case_id,
        Form(ReasonAnswers),
        "casework/reopen.html",
        lambda tx, said: actions.reopen_case(tx, case_id, said["reason"], said["version"]),
    )


@blueprint.route("/cases/<case_id>/access", methods=["GET", "POST"])
@allow(Role.MANAGER)
def restrict_case(case_id: str) -> ResponseReturnValue:
    """Close the case to some, or open it again."""
    with reading() as tx:
        # Whoever sees no case anyway need not be kept from this one.
        colleagues = [user for user in replicas.colleagues(tx) if not user.roles.isdisjoint(READERS)]
        contact_id = cases.get(tx, case_id).case.contact_id
        now, at_intake = replicas.seen_by(tx, case_id), replicas.is_restricted(tx, contact_id)
    people = [(user.id, user.display_name) for user in colleagues]
    return act(
        case_id,
        Form(AccessAnswers, _as_it_stands(now)),
        "casework/access.html",
        lambda tx, said: actions.restrict_case(tx, case_id, _barrier(said)),
        people=people,
        contact_id=contact_id if at_intake else "",
    )


def _as_it_stands(seen_by: dict[str, list[str]]) -> dict[str, Any]:
    way = next((effect for effect, users in seen_by.items() if users), "open")
    return {"way": way, "people": seen_by.get(way, [])}


def _barrier(said: dict[str, Any]) -> Barrier:
    named = tuple(said["people"])
    # Naming nobody would open the case, which is another choice on the same page.
    if said["way"] != "open" and not named:
        raise Invalid("Choose at least one person.", {"people": ["Choose at least one person."]})
    return Barrier(
        only=named if said["way"] == "only" else (),
        never=named if said["way"] == "never" else (),
        reason=said["reason"],
    )
