"""Meetings of a case: the diary, what became of each, and reviews."""

import flask
from flask.typing import ResponseReturnValue

from services.casework.actions import meeting as actions
from services.casework.actions.meeting import Plan
from services.casework.domain.meetings import ATTENDEE_ROLES, STANDING_ITEMS, Held, Kind, term
from services.casework.domain.rules import delay_reasons
from services.casework.web import casefile
from services.casework.web.answers import DelayAnswers, HeldAnswers, MeetingAnswers, ReasonAnswers
from services.casework.web.pages.door import DECIDERS, READERS, WRITERS, act, blueprint
from shared.web.access import allow
from shared.web.forms import Form
from shared.web.request import authority, transaction


def _kinds() -> list[tuple[str, str]]:
    terms = authority().terms
    return [(kind.value, term(kind, terms)) for kind in Kind]


@blueprint.get("/cases/<case_id>/meetings")
@allow(*READERS)
def list_meetings(case_id: str) -> ResponseReturnValue:
    """Every meeting of the case under the authority's own names."""
    with transaction() as tx:
        return flask.render_template(
            "casework/meetings.html",
            file=casefile.show(tx, case_id),
            kinds=dict(_kinds()),
            roles=ATTENDEE_ROLES,
        )


@blueprint.route("/cases/<case_id>/meetings/new", methods=["GET", "POST"])
@allow(*WRITERS)
def schedule_meeting(case_id: str) -> ResponseReturnValue:
    """Put a meeting in the diary."""
    return act(
        case_id,
        Form(MeetingAnswers, {"kind": flask.request.args.get("kind", "")}),
        "casework/meeting_new.html",
        lambda tx, said: actions.schedule_meeting(
            tx,
            case_id,
            Plan(kind=Kind(said["kind"]), starts_at=said["starts_at"], place=said["place"]),
            said["version"],
        ),
        "meetings",
        kinds=_kinds(),
        agenda=STANDING_ITEMS,
    )


@blueprint.route("/cases/<case_id>/meetings/<meeting_id>/held", methods=["GET", "POST"])
@allow(*WRITERS)
def hold_meeting(case_id: str, meeting_id: str) -> ResponseReturnValue:
    """Record that a meeting took place."""
    return act(
        case_id,
        Form(HeldAnswers),
        "casework/meeting_held.html",
        lambda tx, said: actions.hold_meeting(
            tx,
            case_id,
            meeting_id,
            Held(at=said["held_at"], attended=tuple(said["attended"]), record=said["record"]),
            said["version"],
        ),
        "meetings",
        roles=list(ATTENDEE_ROLES.items()),
        agenda=STANDING_ITEMS,
    )


@blueprint.route("/cases/<case_id>/meetings/<meeting_id>/cancel", methods=["GET", "POST"])
@allow(*WRITERS)
def cancel_meeting(case_id: str, meeting_id: str) -> ResponseReturnValue:
    """Say that a meeting will not take place."""
    return act(
        case_id,
        Form(ReasonAnswers),
        "casework/meeting_cancelled.html",
        lambda tx, said: actions.cancel_meeting(tx, case_id, meeting_id, said["reason"], said["version"]),
        "meetings",
    )


@blueprint.route("/cases/<case_id>/meetings/not-needed", methods=["GET", "POST"])
@allow(*DECIDERS)
def waive_first_meeting(case_id: str) -> ResponseReturnValue:
    """Say why no first meeting is held."""
    return act(
        case_id,
        Form(ReasonAnswers),
        "casework/meeting_waived.html",
        lambda tx, said: actions.waive_first_meeting(tx, case_id, said["reason"], said["version"]),
        "meetings",
        first=term(Kind.INITIAL, authority().terms),
    )


@blueprint.route("/cases/<case_id>/review", methods=["GET", "POST"])
@allow(*DECIDERS)
def record_review(case_id: str) -> ResponseReturnValue:
    """A review without a meeting: why the case is not concluded yet."""
    return act(
        case_id,
        Form(DelayAnswers),
        "casework/review.html",
        lambda tx, said: actions.record_review(tx, case_id, said["reason"], said["words"], said["version"]),
        "chronology",
        reasons=list(delay_reasons().items()),
    )
