"""Two at one case at the same moment, where neither sees what the other did."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

import services
from services.casework.actions import erasing, timing
from services.casework.actions.chronology import Note, add_note
from services.casework.actions.closure import Barrier, restrict_case
from services.casework.domain.clocks import Clock
from services.casework.service import SERVICE
from services.casework.store import cases, clocks
from services.casework.store.erasing import holding
from shared.actor import Scope
from shared.contracts.intake import ContactClosed, ContactRestricted
from shared.contracts.message import Event
from shared.contracts.notifications import NoticeAcknowledged, NoticeDue
from shared.contracts.people import Pointer
from shared.contracts.search import LinkConfirmed, MatchFound
from shared.errors import NotFound, Refused
from shared.keeping.erasure import Ground
from shared.settings import Settings
from shared.store.database import Database
from shared.store.transaction import Transaction
from shared.vocabulary import Band, Basis, Decision, Recency, Role
from tests.batches import Fact, Listener
from tests.casework.builders import CONTACT, MONDAY, a_contact, a_decision, open_a_case, system, titles
from tests.casework.test_consumers import changed, hear
from tests.casework.test_erasing import approved, close
from tests.casework.test_erasing import holding as left
from tests.casework.test_patterns import found as a_pattern
from tests.meeting import meet, on_server
from tests.platform import SetClock

pytestmark = pytest.mark.servers


@pytest.fixture
def database(settings: Settings, clock: SetClock, empty_postgres: str) -> Iterator[Database]:
    made = on_server(services.load("casework"), settings, clock, empty_postgres)
    yield made
    made.close()


def test_what_is_held_at_the_moment_of_its_erasure_is_kept(database: Database, scope: Callable[..., Scope]):
    case_id = close(database, scope)
    with database.transaction(scope()) as tx:
        erasing.ask_erasure(tx, case_id, Ground.DECISION, "A court ordered it.")

    def hold() -> None:
        with database.transaction(scope("dorset", Role.MANAGER, user="second")) as tx:
            erasing.hold_case(tx, case_id, "An inquiry may ask for it.")

    def erase() -> None:
        with database.transaction(scope("dorset", Role.MANAGER, user="third")) as tx:
            erasing.decide_erasure(tx, case_id, approve=True)

    held, refused = meet(database, hold, erase)
    assert held is None and isinstance(refused, Refused)
    with database.transaction(scope()) as tx:
        assert cases.get(tx, case_id).case.id == case_id and holding.stands(tx, CONTACT)


def paused(database: Database, scope: Callable[..., Scope], case_id: str) -> None:
    """An officer pauses the clock of the first meeting."""
    with database.transaction(scope()) as tx:
        timing.pause_clock(tx, case_id, first_meeting(tx, case_id).id, "POLICE_ENQUIRY")


def first_meeting(tx: Transaction, case_id: str) -> Clock:
    """The clock that runs out first."""
    return next(one for one in clocks.of_case(tx, case_id) if one.rule.id == "first-meeting")


def marked(database: Database) -> None:
    """Heed says what has run out."""
    with database.transaction(system()) as tx:
        timing.mark_overdue(tx)


def test_a_clock_that_is_just_being_paused_stays_paused_and_is_not_said_to_have_run_out(
    database: Database, scope: Callable[..., Scope], clock: SetClock
):
    case_id = open_a_case(database)
    clock.forward(timedelta(days=8))
    assert meet(database, lambda: paused(database, scope, case_id), lambda: marked(database)) == [None, None]
    with database.transaction(scope()) as tx:
        assert first_meeting(tx, case_id).is_paused
        assert "A clock has run out" not in titles(tx, case_id)


def test_a_clock_that_is_paused_while_it_is_said_to_have_run_out_is_both_once(
    database: Database, scope: Callable[..., Scope], clock: SetClock
):
    case_id = open_a_case(database)
    clock.forward(timedelta(days=8))
    assert meet(database, lambda: marked(database), lambda: paused(database, scope, case_id)) == [None, None]
    with database.transaction(scope()) as tx:
        one = first_meeting(tx, case_id)
        assert one.is_paused and one.marked_at is not None
        assert titles(tx, case_id).count("A clock has run out") == 1


def closed_day(database: Database) -> None:
    """The authority says that it is closed on the Wednesday of that week, which moves what runs over it."""
    with database.transaction(system()) as tx:
        hear(tx, changed("closures", ["2026-03-04"]))


def recounted(database: Database) -> None:
    """The worker's turn afterwards."""
    office: Any = SimpleNamespace(transaction=lambda: database.transaction(system()))
    for pump in SERVICE.pumps:
        pump(office)


@pytest.mark.parametrize("opens_first", [True, False])
def test_a_case_that_opens_while_the_calendar_changes_gets_the_new_day(
    database: Database, scope: Callable[..., Scope], *, opens_first: bool
):
    acts = [lambda: open_a_case(database), lambda: closed_day(database)]
    found = meet(database, *(acts if opens_first else reversed(acts)))
    case_id = found[0 if opens_first else 1]
    recounted(database)
    with database.transaction(scope()) as tx:
        assert first_meeting(tx, case_id).due_on == date(2026, 3, 10)


def test_a_clock_that_is_just_being_paused_stays_paused_though_the_calendar_changes(
    database: Database, scope: Callable[..., Scope]
):
    case_id = open_a_case(database)
    assert meet(database, lambda: paused(database, scope, case_id), lambda: closed_day(database)) == [
        None,
        None,
    ]
    recounted(database)
    assert moved_and_paused(database, scope, case_id)


def test_a_clock_that_is_paused_while_the_calendar_changes_is_moved_all_the_same(
    database: Database, scope: Callable[..., Scope]
):
    case_id = open_a_case(database)
    assert meet(database, lambda: closed_day(database), lambda: paused(database, scope, case_id)) == [
        None,
        None,
    ]
    recounted(database)
    assert moved_and_paused(database, scope, case_id)


def moved_and_paused(database: Database, scope: Callable[..., Scope], case_id: str) -> bool:
    """Neither of the two is lost."""
    with database.transaction(scope()) as tx:
        one = first_meeting(tx, case_id)
        told = {"Clock paused: police enquiry", "Due date moved: the calendar changed"}
        return one.is_paused and one.due_on == date(2026, 3, 10) and told <= set(titles(tx, case_id))


POINTER = Pointer(
    holder="wiltshire", contact_route="", reference="theirs", band=Band.STRONG,
    recency=Recency.UNDER_1_YEAR, agrees=("name",),
)  # fmt: skip


def told(case_id: str) -> dict[str, Event]:
    """What other services may say of a closed case or its contact."""
    judged: dict[str, Any] = {"match_id": "m-1", "contact_id": CONTACT}
    notice = {"notice_id": "n-1", "case_id": case_id}
    return {
        "a match": MatchFound(**judged, person_id="adult-1", found_at=MONDAY, pointer=POINTER),
        "a judgement": LinkConfirmed(**judged, judged_by="officer-1", judged_at=MONDAY),
        "a pattern": a_pattern(),
        "a duty": NoticeDue(
            **notice, contact_id=CONTACT, rule="N1", basis=Basis.DUTY, duty_of="employer", recipient="dbs",
            adult_id="adult-1", due_on=None, raised_at=MONDAY,
        ),
        "a duty done": NoticeAcknowledged(**notice, acknowledged_at=MONDAY),
        "the end of the contact": ContactClosed(
            contact_id=CONTACT, decision=Decision.MET, closed_at=MONDAY
        ),
        "another decision": a_decision(decision=Decision.NOT_MET_LOW_LEVEL),
        "a restriction": ContactRestricted(contact_id=CONTACT, never=("officer-7",)),
    }  # fmt: skip


def act(database: Database, scope: Callable[..., Scope], case_id: str, name: str) -> None:
    """Somebody adds to the case, or Heed does because of a fact."""
    by_people: dict[str, Callable[[Transaction], object]] = {
        "a note": lambda tx: add_note(tx, case_id, Note(words="She rang again.")),
        "a lifted hold": lambda tx: erasing.release_case(tx, case_id, "The inquiry has ended."),
        "a barrier": lambda tx: restrict_case(tx, case_id, Barrier(never=("officer-7",), reason="Kin.")),
    }
    with database.transaction(scope(user="writer") if name in by_people else system()) as tx:
        if name in by_people:
            by_people[name](tx)
        else:
            hear(tx, told(case_id)[name])


def asked(database: Database, scope: Callable[..., Scope], name: str) -> str:
    """A closed case that is to be erased, with what must be there before somebody acts on it."""
    case_id = close(database, scope)
    with database.transaction(scope()) as tx:
        erasing.ask_erasure(tx, case_id, Ground.DECISION, "A court ordered it.")
    if name in ("a judgement", "a duty done"):
        act(database, scope, case_id, {"a judgement": "a match", "a duty done": "a duty"}[name])
    if name == "a lifted hold":
        with database.transaction(scope("dorset", Role.MANAGER, user="second")) as tx:
            erasing.hold_case(tx, case_id, "An inquiry may ask for it.")
    return case_id


NAMES = ("a note", "a barrier", *told(""))


@pytest.mark.parametrize("name", [*NAMES, "a lifted hold"])
def test_what_is_added_at_the_moment_of_an_erasure_goes_with_the_case(
    database: Database, scope: Callable[..., Scope], name: str
):
    case_id = asked(database, scope, name)
    found = meet(
        database, lambda: act(database, scope, case_id, name), lambda: approved(database, scope, case_id)
    )
    assert found == [None, None]
    assert left(database, case_id, CONTACT) == {"erasure", "erased"}


# A match may come before its contact, so it is kept; search takes it back when it hears of the erasure.
@pytest.mark.parametrize("name", [one for one in NAMES if one != "a match"])
def test_nothing_is_added_to_a_case_that_is_just_being_erased(
    database: Database, scope: Callable[..., Scope], name: str
):
    case_id = asked(database, scope, name)
    erased, added = meet(
        database, lambda: approved(database, scope, case_id), lambda: act(database, scope, case_id, name)
    )
    assert erased is None and (added is None or isinstance(added, NotFound))
    assert left(database, case_id, CONTACT) == {"erasure", "erased"}


@pytest.mark.parametrize("batch_first", [True, False])
def test_who_acts_on_a_case_and_a_batch_that_tells_of_it_wait_for_each_other(
    database: Database, scope: Callable[..., Scope], *, batch_first: bool
):
    case_id = open_a_case(database)
    facts = map(Fact, (told(case_id)["a match"], told(case_id)["a duty"], a_contact(contact_id="c-8")))
    listener = Listener("casework", database)
    acts = [lambda: listener.hear(*facts), lambda: act(database, scope, case_id, "a note")]
    before = len(lines(database, scope, case_id))
    assert meet(database, *(acts if batch_first else reversed(acts))) == [None, None]
    after = lines(database, scope, case_id)[before:]
    assert {"Earlier concern found", "Note"} < set(after) and len(after) == 3


def lines(database: Database, scope: Callable[..., Scope], case_id: str) -> list[str]:
    """What the chronology says, in order."""
    with database.transaction(scope()) as tx:
        return titles(tx, case_id)
