"""Cases as JSON documents."""

from typing import Any

from services.casework.domain import clocks as clock_rules
from services.casework.domain.allegation import Allegation
from services.casework.domain.clocks import Clock
from services.casework.domain.closing import Dossier
from services.casework.domain.subject import Subject
from services.casework.store.listing import Row
from shared import working_days
from shared.store.transaction import Transaction
from shared.working_days import Calendar


def line(row: Row) -> dict[str, Any]:
    """One line of a list."""
    return {
        "id": row.id,
        "reference": row.reference,
        "stage": row.stage,
        "owner": row.owner,
        "opened_at": row.opened_at,
        "next_due": row.next_due,
        "closed_at": row.closed_at,
        "version": row.version,
        "adults": [{"id": adult.id, "name": adult.name} for adult in row.adults],
    }


def case(tx: Transaction, dossier: Dossier, clocks: tuple[Clock, ...]) -> dict[str, Any]:
    """A whole case."""
    found, calendar = dossier.case, working_days.of(tx)
    return {
        "id": found.id,
        "contact_id": found.contact_id,
        "reference": found.reference,
        "stage": found.stage,
        "owner": found.owner,
        "opened_at": found.opened_at,
        "first_meeting_due": found.first_meeting_due,
        "provider_aware_at": found.provider_aware_at,
        "serious_harm": found.serious_harm,
        "police_involved": found.police_involved,
        "outcome_at": found.outcome_at,
        "closed_at": found.closed_at,
        "version": found.version,
        # Support and the child's part stay on pages: programs get what they need to act, no more.
        "adults": [_adult(one) for one in dossier.subjects],
        "allegations": [_allegation(one) for one in dossier.allegations],
        "meetings": dossier.meetings,
        "clocks": [_clock(tx, one, calendar) for one in clocks],
    }


def _adult(adult: Subject) -> dict[str, Any]:
    names = ("id", "name", "regulated_activity", "removed", "removed_on", "harm_test")
    return {name: getattr(adult, name) for name in names}


def _allegation(one: Allegation) -> dict[str, Any]:
    return {
        "id": one.id,
        "adult_id": one.adult_id,
        "category": one.category,
        "outcome": one.outcome,
        "scheme": one.ending.scheme if one.ending else None,
    }


def _clock(tx: Transaction, clock: Clock, calendar: Calendar) -> dict[str, Any]:
    return {
        "id": clock.id,
        "rule": clock.rule.id,
        "due_on": clock.due_on,
        "overdue_after": clock.overdue_after,
        "state": clock_rules.state(clock, tx.now, calendar),
        "stopped_at": clock.stopped_at,
        "gross_seconds": int(clock_rules.gross(clock, tx.now).total_seconds()),
        "net_seconds": int(clock_rules.net(clock, tx.now).total_seconds()),
        "why": clock_rules.why(clock, calendar),
    }
