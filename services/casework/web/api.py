# mypy: disable-error-code="untyped-decorator"
"""The JSON side: cases, and each act on them as a resource. Versions travel as ETags."""

from typing import Any

import flask
from flask_smorest import Blueprint, abort

from services.casework.actions import closure, facts, meeting, outcome
from services.casework.actions.facts import CaseAnswers
from services.casework.actions.meeting import Plan
from services.casework.domain.closing import checks
from services.casework.domain.meetings import Held, Kind
from services.casework.domain.outcomes import Evidence, Verdict
from services.casework.domain.subject import Answers
from services.casework.store import cases, clocks, listing
from services.casework.store.listing import Filters
from services.casework.web import documents
from services.casework.web.pages.door import DECIDERS, READERS, WRITERS
from services.casework.web.schemas import (
    AdultFactsIn,
    CaseFilters,
    CaseOut,
    CasesOut,
    ChecksOut,
    FactsIn,
    HeldIn,
    MeetingIn,
    MeetingOut,
    OutcomeIn,
    VersionOut,
)
from shared.store.transaction import Transaction
from shared.web import paging
from shared.web.access import allow
from shared.web.request import transaction

blueprint = Blueprint("casework", __name__, url_prefix="/api", description="Cases, their clocks and outcomes")


def _version() -> int:
    """The version that the caller has seen, from If-Match."""
    # Without it two programs would overwrite each other in silence.
    tags = [tag for tag in flask.request.if_match.as_set() if tag.isdigit()]
    if len(tags) != 1:
        abort(428, message="Fetch the case, then send its ETag in If-Match.")
    return int(tags[0])


def _case(tx: Transaction, case_id: str) -> dict[str, Any]:
    return documents.case(tx, cases.get(tx, case_id), clocks.of_case(tx, case_id))


@blueprint.route("/cases")
@allow(*READERS)
@blueprint.arguments(CaseFilters(), location="query")
@blueprint.response(200, CasesOut)
def list_cases(filters: dict[str, Any]) -> dict[str, Any]:
    """Cases of the caller's authority that are open to them, newest first."""
    asked = paging.page_of({"page": str(filters.pop("page"))})
    with transaction() as tx:
        wanted = Filters(**filters)
        rows = listing.list_cases(tx, wanted, offset=asked.offset, limit=asked.limit)
        tx.accessed("viewed", "case_list", "cases", found=tuple(row.id for row in rows))
        total = listing.count_cases(tx, wanted)
        return {"cases": [documents.line(row) for row in rows], "total": total, "page": asked.number}


@blueprint.route("/cases/<case_id>")
@allow(*READERS)
@blueprint.response(200, CaseOut)
def get_case(case_id: str) -> Any:
    """One case with its adults, allegations, meetings and clocks; its ETag goes into If-Match of the acts."""
    with transaction() as tx:
        tx.accessed("viewed", "case", case_id)
        found = _case(tx, case_id)
        return found, 200, {"ETag": f'"{found["version"]}"'}


@blueprint.route("/cases/<case_id>/checks")
@allow(*READERS)
@blueprint.response(200, ChecksOut)
def get_checks(case_id: str) -> dict[str, Any]:
    """What must be true before the case may be closed."""
    with transaction() as tx:
        tx.accessed("viewed", "case", case_id)
        return {"checks": checks(cases.get(tx, case_id))}


@blueprint.route("/cases/<case_id>/allegations/<allegation_id>/outcome", methods=["POST"])
@allow(*DECIDERS)
@blueprint.arguments(OutcomeIn())
@blueprint.response(201, CaseOut)
def record_outcome(said: dict[str, Any], case_id: str, allegation_id: str) -> dict[str, Any]:
    """Record how one allegation ended."""
    with transaction() as tx:
        outcome.record_outcome(tx, case_id, allegation_id, _verdict(said), _version())
        return _case(tx, case_id)


def _verdict(said: dict[str, Any]) -> Verdict:
    evidence = Evidence(**{name: said[name] for name in ("proved", "disproved", "deceit", "basis")})
    return Verdict(
        outcome=said["outcome"], evidence=evidence, reasons=said["reasons"], because=said["because"]
    )


@blueprint.route("/cases/<case_id>/meetings", methods=["POST"])
@allow(*WRITERS)
@blueprint.arguments(MeetingIn())
@blueprint.response(201, MeetingOut)
def schedule_meeting(said: dict[str, Any], case_id: str) -> Any:
    """Put a meeting in the diary."""
    with transaction() as tx:
        plan = Plan(kind=Kind(said["kind"]), starts_at=said["starts_at"], place=said["place"])
        return meeting.schedule_meeting(tx, case_id, plan)


@blueprint.route("/cases/<case_id>/meetings/<meeting_id>/held", methods=["POST"])
@allow(*WRITERS)
@blueprint.arguments(HeldIn())
@blueprint.response(201, MeetingOut)
def hold_meeting(said: dict[str, Any], case_id: str, meeting_id: str) -> Any:
    """Record that a meeting took place."""
    with transaction() as tx:
        held = Held(at=said["held_at"], attended=tuple(said["attended"]), record=said["record"])
        return meeting.hold_meeting(tx, case_id, meeting_id, held)


@blueprint.route("/cases/<case_id>/facts", methods=["POST"])
@allow(*DECIDERS)
@blueprint.arguments(FactsIn())
@blueprint.response(201, VersionOut)
def record_facts(said: dict[str, Any], case_id: str) -> Any:
    """What became known about the case; every answer is sent, null means not known."""
    with transaction() as tx:
        return facts.record_facts(tx, case_id, CaseAnswers(**said), _version())


@blueprint.route("/cases/<case_id>/adults/<adult_id>/facts", methods=["POST"])
@allow(*DECIDERS)
@blueprint.arguments(AdultFactsIn())
@blueprint.response(201, VersionOut)
def record_adult_facts(said: dict[str, Any], case_id: str, adult_id: str) -> Any:
    """What became known about one adult; every answer is sent, null means not known."""
    with transaction() as tx:
        return facts.record_adult_facts(tx, case_id, adult_id, Answers(**said), _version())


@blueprint.route("/cases/<case_id>/closure", methods=["POST"])
@allow(*DECIDERS)
@blueprint.response(201, VersionOut)
def close_case(case_id: str) -> Any:
    """Close the case once every check holds."""
    with transaction() as tx:
        return closure.close_case(tx, case_id, _version())
