"""What is kept, how it is found again, and what never lies open."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from services.casework.actions import timing
from services.casework.domain.case import Stage
from services.casework.domain.meetings import Kind
from services.casework.store import (
    allegations,
    cases,
    chronology,
    clocks,
    contacts,
    duties,
    listing,
    meetings,
    tables,
)
from services.casework.store.listing import Filters
from shared import replicas
from shared.actor import Scope
from shared.errors import Conflict, NotFound
from shared.store.database import Database
from tests.casework.builders import (
    CONTACT,
    HEARD,
    MONDAY,
    PROVED,
    a_contact,
    an_allegation,
    hold,
    open_a_case,
    open_within,
    prepare,
    system,
)
from tests.platform import SetClock

Make = Callable[[str], Database]
Scopes = Callable[..., Scope]


def test_a_case_comes_back_as_it_was_kept(casework: Database, scope: Scopes):
    case_id = open_a_case(casework)
    with casework.transaction(scope()) as tx:
        dossier = cases.get(tx, case_id)
        changed = cases.save(tx, replace(dossier.case, childs_part=HEARD, serious_harm=True))
        assert cases.get(tx, case_id).case == changed
    assert dossier.case.children == a_contact().children
    assert dossier.subjects[0].person == a_contact().adults[0]
    assert dossier.allegations[0].told == an_allegation()


def test_no_name_lies_open_in_any_table(casework: Database, scope: Scopes):
    case_id = open_a_case(casework)
    with casework.transaction(scope()) as tx:
        hold(tx, case_id)
        for table in tables.metadata.sorted_tables:
            for row in tx.db.execute(select(table).where(table.c.authority == tx.authority)):
                assert not any(
                    name in repr(tuple(row)) for name in ("Morag", "Testwick", "Pippa", "Took hold")
                )


def test_an_older_version_is_not_kept_over_a_newer_one(casework: Database, scope: Scopes):
    case_id = open_a_case(casework)
    with casework.transaction(scope()) as tx:
        case = cases.get(tx, case_id).case
        cases.save(tx, case)
        with pytest.raises(Conflict):
            cases.save(tx, case)


def test_another_authority_does_not_find_the_case(casework: Database, scope: Scopes):
    case_id = open_a_case(casework)
    with casework.reading(scope("wiltshire")) as tx:
        with pytest.raises(NotFound):
            cases.get(tx, case_id)
        assert cases.find_by_contact(tx, CONTACT) is None
        assert not cases.taken(tx, case_id)
        assert listing.count_cases(tx, Filters()) == 0


def test_a_case_closed_to_somebody_is_nowhere_for_them(casework: Database, scope: Scopes):
    case_id = open_a_case(casework)
    with casework.transaction(system()) as tx:
        replicas.restrict(tx, case_id, never=("officer-1",))
    with casework.reading(scope()) as tx:
        with pytest.raises(NotFound):
            cases.get(tx, case_id)
        assert listing.list_cases(tx, Filters()) == ()
        assert clocks.list_due(tx, MONDAY + timedelta(days=99), "", 50) == ()
        assert listing.references(tx, [case_id]) == {}
    with casework.reading(scope(user="officer-2")) as tx:
        assert cases.taken(tx, case_id)


def test_a_contact_closed_to_all_but_some_closes_its_case(casework: Database, scope: Scopes):
    case_id = open_a_case(casework)
    with casework.transaction(system()) as tx:
        replicas.restrict(tx, CONTACT, only=("officer-2",))
        assert cases.taken(tx, case_id)
    for user, sees in (("officer-1", False), ("officer-2", True)):
        with casework.reading(scope(user=user)) as tx:
            assert cases.taken(tx, case_id) is sees


def test_clocks_come_back_with_their_rule_and_pauses(casework: Database, scope: Scopes):
    case_id = open_a_case(casework)
    with casework.transaction(scope()) as tx:
        first = clocks.of_case(tx, case_id)[-1]
        paused = timing.pause_clock(tx, case_id, first.id, "COURT", "The hearing is in May.")
        assert clocks.get(tx, case_id, first.id) == paused
        assert [one.id for one in clocks.list_paused(tx, "", 50)] == [first.id]
        with pytest.raises(NotFound):
            clocks.get(tx, case_id, "no-such-clock")


def test_work_is_counted_for_one_officer_or_for_all(casework: Database, scope: Scopes, clock: SetClock):
    open_a_case(casework)
    clock.forward(timedelta(days=8))
    with casework.reading(scope()) as tx:
        long_ago = tx.now - timedelta(days=999)
        assert (
            clocks.count_due(tx, "officer-1", long_ago, tx.now)
            == clocks.count_due(tx, "", long_ago, tx.now)
            == 1
        )
        assert clocks.count_due(tx, "somebody-else", long_ago, tx.now) == 0
        assert listing.list_cases(tx, Filters(owner="somebody-else")) == ()
        assert duties.count_open(tx, "officer-1") == 0


def test_lists_are_narrowed_by_stage_reference_clock_and_age(
    casework: Database, scope: Scopes, clock: SetClock
):
    prepare(casework)
    with casework.transaction(system()) as tx:
        first = open_within(tx)
        second = open_within(tx, contact_id="contact-2", reference="DOR-2026-0002")
        hold(tx, second)
    clock.forward(timedelta(days=8))
    with casework.reading(scope()) as tx:

        def ids(**filters: object) -> set[str]:
            return {row.id for row in listing.list_cases(tx, Filters(**filters))}  # type: ignore[arg-type]

        assert ids() == {first, second}
        assert ids(stage="at_work") == {first, second}
        assert ids(stage=Stage.ENQUIRING) == {second}
        assert ids(reference="dor-2026-0001") == {first}
        assert ids(due="overdue") == {first}
        assert ids(due="paused") == set()
        assert ids(untouched_before=tx.now) == {first, second}
        assert ids(untouched_before=MONDAY - timedelta(days=1)) == set()


def test_a_list_is_given_a_page_at_a_time_newest_first(casework: Database, scope: Scopes):
    prepare(casework)
    with casework.transaction(system()) as tx:
        for number in range(5):
            open_within(tx, contact_id=f"contact-{number}", reference=f"DOR-2026-000{number}")
    with casework.reading(scope()) as tx:
        assert listing.count_cases(tx, Filters()) == 5
        pages = [listing.list_cases(tx, Filters(), offset=offset, limit=2) for offset in (0, 2, 4)]
    found = [row.reference for page in pages for row in page]
    assert found == sorted(found, reverse=True)
    assert pages[0][0].adults[0].name == "Morag Testwick"
    assert pages[0][0].next_due is not None


def test_meetings_to_come_are_those_not_held_yet(casework: Database, scope: Scopes):
    from services.casework.actions.meeting import Plan, schedule_meeting

    case_id = open_a_case(casework)
    with casework.transaction(scope()) as tx:
        hold(tx, case_id)
        coming = schedule_meeting(tx, case_id, Plan(kind=Kind.OUTCOME, starts_at=MONDAY + timedelta(days=20)))
        assert [row.id for row in listing.meetings_to_come(tx, "officer-1", 50)] == [coming.id]
        assert meetings.of_case(tx, case_id)[-1] == coming


def test_the_chronology_is_read_in_order_and_by_source(casework: Database, scope: Scopes):
    case_id = open_a_case(casework)
    with casework.reading(scope()) as tx:
        assert [line.title for line in chronology.of_case(tx, case_id)] == [
            "Contact received",
            "The threshold was met",
            "Case opened",
        ]
        assert chronology.count(tx, case_id, ["contact"]) == 2
        assert chronology.of_case(tx, case_id, offset=2, limit=5)[0].title == "Case opened"


def test_an_outcome_is_kept_with_its_evidence_and_reasons(casework: Database, scope: Scopes):
    from services.casework.actions.outcome import record_outcome

    case_id = open_a_case(casework)
    with casework.transaction(scope()) as tx:
        ended = record_outcome(tx, case_id, "allegation-1", PROVED)
        assert allegations.of_cases(tx, [case_id])[case_id] == (ended,)


def test_a_contact_heard_again_replaces_what_was_known_but_not_to_whom_it_is_closed(casework: Database):
    with casework.transaction(system()) as tx:
        contacts.remember(tx, a_contact())
        contacts.close_to(tx, CONTACT, ("officer-2",), ())
        contacts.remember(tx, a_contact(reference="DOR-2026-0009"))
        known = contacts.find(tx, CONTACT)
        assert known is not None
        assert (known.told.reference, known.only) == ("DOR-2026-0009", ("officer-2",))
        contacts.forget(tx, CONTACT)
        assert contacts.find(tx, CONTACT) is None
