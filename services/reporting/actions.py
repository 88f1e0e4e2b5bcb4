"""What facts make reporting do: a fact is told anew and counted by the difference."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from services.reporting.domain import facts
from services.reporting.domain.facts import Allegation, Case, Contact, Fact, Match, Meeting
from services.reporting.domain.periods import day_of
from services.reporting.domain.rules import rules_of
from services.reporting.store import desk, erasing, freshness, region, register
from services.reporting.store.register import Access
from shared.contracts.intake import AboutContact, ContactErased, ContactMerged
from shared.contracts.message import Origin
from shared.store.transaction import Transaction

F = TypeVar("F", bound=Fact)
Changes = Mapping[str, Any]
FIRST = "MEETING_INITIAL"


def tell(tx: Transaction[Any], kind: type[F], fact_id: str, /, **changes: Any) -> F:
    """Change what is known of one thing (or begin to know it), and every figure it counts in."""
    new = replace(desk.find(tx, kind, fact_id) or kind(id=fact_id), **changes)
    desk.put(tx, new)
    return new


def receive_contact(tx: Transaction[Any], contact_id: str, changes: Changes) -> None:
    """A contact arrived; its case may have been heard of before it."""
    contact = tell(tx, Contact, contact_id, **changes)
    # Topics overtake one another, most of all in a rebuild: whichever comes second completes the other.
    if contact.case_id:
        tell(tx, Case, contact.case_id, received_on=contact.received_on)


def put_contact_right(tx: Transaction[Any], event: AboutContact) -> None:
    """Merged into another it is counted nowhere, parted on the day it came; erased it stays counted, and
    nothing says which it was."""
    known = desk.find(tx, Contact, event.contact_id)
    if isinstance(event, ContactErased):
        erasing.forget_contact(tx, event.contact_id)
    elif isinstance(event, ContactMerged):
        tell(tx, Contact, event.contact_id, received_on=None)
    elif known and known.received_at:
        tell(tx, Contact, event.contact_id, received_on=day_of(known.received_at))


def forget_case(tx: Transaction[Any], case_id: str, contact_id: str) -> None:
    """The same of an erased case with its contact."""
    erasing.forget_case(tx, case_id)
    erasing.forget_contact(tx, contact_id)


def answer_contact(tx: Transaction[Any], contact_id: str, changes: Changes) -> None:
    """The referrer has an answer; the first one stops the clock."""
    known = desk.find(tx, Contact, contact_id)
    first = known.answered_at if known else None
    if first:
        changes = {**changes, "answered_at": min(first, changes["answered_at"])}
    tell(tx, Contact, contact_id, **changes)


def open_case(
    tx: Transaction[Any], case_id: str, changes: Changes, allegations: Mapping[str, Changes]
) -> None:
    """A case exists, with its allegations; its contact may not have been heard of yet."""
    contact = tell(tx, Contact, changes["contact_id"], case_id=case_id, case_opened_on=changes["opened_on"])
    tell(tx, Case, case_id, **changes, received_on=contact.received_on)
    for allegation_id, about in allegations.items():
        tell(tx, Allegation, allegation_id, case_id=case_id, **about)


def record_outcome(tx: Transaction[Any], case_id: str, allegation_id: str, changes: Changes) -> None:
    """An allegation ended, or its outcome was corrected, which leaves the day of its conclusion alone."""
    # Casework may correct an outcome years later; moving the day would rewrite a report that was published.
    known = desk.find(tx, Allegation, allegation_id)
    day = (known.outcome_on if known else None) or changes["outcome_on"]
    tell(tx, Allegation, allegation_id, **{**changes, "case_id": case_id, "outcome_on": day})
    tell(tx, Case, case_id, concluded_on=facts.concluded_on(desk.among(tx, Allegation, case_id)))


def hold_meeting(tx: Transaction[Any], case_id: str, meeting: Meeting, due: date | None) -> None:
    """A meeting took place; the first of its kind is what some authorities call the referral."""
    tell(tx, Meeting, meeting.id, case_id=case_id, kind=meeting.kind, held_on=meeting.held_on)
    case = desk.find(tx, Case, case_id)
    # A first meeting that is repeated does not make an early one late, nor a late one early.
    if meeting.kind != FIRST or (case and case.first_meeting_on):
        return
    asked = {"first_meeting_due": due} if due else {}
    case = tell(tx, Case, case_id, first_meeting_on=meeting.held_on, **asked)
    if case.contact_id:
        tell(tx, Contact, case.contact_id, first_meeting_on=meeting.held_on)


def judge_match(tx: Transaction[Any], match_id: str, changes: Changes) -> None:
    """A match was found, confirmed, rejected or withdrawn; the contact's repeat mark follows. One that was
    found and is unknown went with an erased contact.
    """
    if "place" not in changes and desk.find(tx, Match, match_id) is None:
        return
    match = tell(tx, Match, match_id, **changes)
    repeat = facts.repeat_of(facts.places_named_before(desk.among(tx, Match, match.contact_id)))
    tell(tx, Contact, match.contact_id, repeat=repeat.value)


def enter_access(tx: Transaction[Any], access: Access, shown: tuple[str, ...]) -> None:
    """Somebody looked at, searched for or exported personal data."""
    register.add(tx, access, shown)


def define_referral(tx: Transaction[Any], own: Changes) -> None:
    """An authority's rules of figures changed; they are read here, so that rules that do not read are
    refused.
    """
    region.note_definition(tx, rules_of(tx.authority, own).referral.value)


def note_fact(tx: Transaction[Any]) -> None:
    """One more fact has been counted. A rebuild counts as heard when it was first recorded."""
    if tx.cause is not None:
        rebuilt = tx.cause.origin is Origin.REBUILD
        recorded_at = tx.cause.recorded_at
        freshness.note(tx, recorded_at, recorded_at if rebuilt else tx.recorded_at)
