"""Letters are planned with their cause and sent once; when nobody knows, they say so."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from shared import mail
from shared.actor import system_scope
from shared.contracts.message import Origin
from shared.errors import Conflict, Invalid, NotFound, Refused, Unavailable
from shared.mail import Attachment, Letter, State
from shared.mail.letters import _heading
from shared.mail.sending import LEASE
from shared.mail.tables import letter
from shared.settings import Settings
from shared.store.database import Database
from shared.store.transaction import Transaction
from tests.platform import SetClock
from tests.shared.bare import bare, officer


class Killed(BaseException):
    """The process ends here."""


@dataclass
class Desk:
    """An authority's turn with a carrier that does as it is told."""

    database: Database
    authority: str = "dorset"
    trouble: list[BaseException | None] = field(default_factory=list)
    after_leaving: bool = False
    carried: list[EmailMessage] = field(default_factory=list)
    told: list[Letter] = field(default_factory=list)
    threads: list[str] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        """The clock of the database."""
        return self.database.tools.clock()

    @contextmanager
    def transaction(self) -> Iterator[Transaction[Any]]:
        """As the system."""
        with self.database.transaction(system_scope("intake", self.authority, "pump")) as tx:
            yield tx

    def carry(self, message: EmailMessage) -> str:
        """Fail as planned, else keep it."""
        trouble = self.trouble.pop(0) if self.trouble else None
        if trouble is None or self.after_leaving:
            self.carried.append(message)
        if trouble is not None:
            raise trouble
        return "proof"

    def pump(self) -> int:
        """One turn."""
        return mail.send_due(self._tell, self._tell)(self)

    def _tell(self, tx: Transaction[Any], found: Letter) -> None:
        self.told.append(found)
        self.threads.append(tx.scope.correlation_id)


@pytest.fixture
def desk(settings: Settings, clock: SetClock) -> Iterator[Desk]:
    database = bare("intake", settings, clock)
    yield Desk(database)
    database.close()


def plan(desk: Desk, to: str = "head@school.example", subject: str = "Note", **more: Any) -> str:
    with desk.database.transaction(officer(desk.authority)) as tx:
        return mail.plan(tx, to=to, subject=subject, body="Dear colleague", about="contact-1", **more)


def state(desk: Desk, letter_id: str) -> tuple[State, int]:
    with desk.database.reading(officer(desk.authority)) as tx:
        (found,) = [one for one in mail.about(tx, "contact-1") if one.id == letter_id]
        return found.state, found.attempts


def test_a_planned_letter_is_sent_once_and_told_in_its_own_thread(desk: Desk) -> None:
    planned = plan(desk, attachments=[Attachment("a.pdf", b"%PDF-")])
    assert desk.pump() == 1
    assert desk.pump() == 0
    (message,) = desk.carried
    assert (message["To"], message["Subject"]) == ("head@school.example", "Note")
    assert message["Message-ID"] == f"<{planned}@heed>"
    (told,) = desk.told
    assert (told.id, told.about, told.state, told.proof) == (planned, "contact-1", State.SENT, "proof")
    assert told.sent_at == desk.now
    assert desk.threads == ["correlation-1"]


def test_what_a_letter_says_is_sealed_and_read_back(desk: Desk) -> None:
    planned = plan(desk, subject="Quillfeather", attachments=[Attachment("a.pdf", b"%PDF-")])
    with desk.database.reading(officer()) as tx:
        words = mail.words_of(tx, planned)
        row = tx.db.execute(select(letter).where(letter.c.authority == tx.authority)).one()
    assert (words.subject, words.attachments[0].content) == ("Quillfeather", b"%PDF-")
    assert not any("Quillfeather" in str(value) for value in row)


def test_a_letter_belongs_to_its_authority(desk: Desk) -> None:
    planned = plan(desk)
    with desk.database.reading(officer("wiltshire")) as tx:
        assert mail.about(tx, "contact-1") == []
        with pytest.raises(NotFound):
            mail.words_of(tx, planned)
    assert Desk(desk.database, "wiltshire").pump() == 0


def test_an_undone_transaction_plans_nothing(desk: Desk) -> None:
    with pytest.raises(RuntimeError), desk.database.transaction(officer()) as tx:
        mail.plan(tx, to="a@b.example", subject="Note", body="x", about="contact-1")
        raise RuntimeError
    assert desk.pump() == 0


@pytest.mark.parametrize("origin", [Origin.IMPORT, Origin.DEMO, Origin.REBUILD])
def test_no_letter_is_planned_for_a_history(desk: Desk, origin: Origin) -> None:
    with desk.database.transaction(officer(origin=origin)) as tx, pytest.raises(mail.NotLive):
        mail.plan(tx, to="a@b.example", subject="Note", body="x", about="contact-1")


@pytest.mark.parametrize(
    "to",
    ["", "nobody", "a@b", "a b@c.example", "a@b.example\r\nBcc: x@y.example", "a@b.example,c@d.example",
     "<a@b.example>", "é@b.example", f"{'a' * 250}@b.example", "a@b.example\x00"],
)  # fmt: skip
def test_an_address_that_is_none_is_refused(desk: Desk, to: str) -> None:
    with pytest.raises(Invalid, match="no e-mail address"):
        plan(desk, to=to)


@pytest.mark.parametrize(
    "subject", ["a\r\nBcc: x@y.example", "a\nb", "a\rb", "a\x00b", "a\u2028b", "a" * 201]
)
def test_a_heading_of_several_lines_is_refused(desk: Desk, subject: str) -> None:
    with pytest.raises(Invalid, match="one line"):
        plan(desk, subject=subject)
    with pytest.raises(Invalid, match="one line"):
        plan(desk, attachments=[Attachment(subject, b"x")])


@given(st.text(max_size=220))
def test_a_heading_that_passes_stays_one_header(subject: str) -> None:
    try:
        _heading(subject)
    except Invalid:
        return
    try:
        encoded = subject.encode()
    except UnicodeEncodeError:
        return
    assert len(encoded.splitlines()) <= 1


def test_a_server_that_is_away_is_tried_again_at_growing_distances(desk: Desk, clock: SetClock) -> None:
    planned = plan(desk)
    desk.trouble = [Unavailable("away")] * 6
    tried: list[int] = []
    for minute in range(60):
        if desk.pump() or len(desk.trouble) < 6 - len(tried):
            tried.append(minute)
        clock.forward(timedelta(minutes=1))
    assert tried == [0, 1, 3, 8, 18, 28, 38]
    assert state(desk, planned) == (State.SENT, 7)
    assert len(desk.carried) == 1


def test_a_permanent_no_is_told_and_not_tried_again(desk: Desk, clock: SetClock) -> None:
    planned = plan(desk)
    desk.trouble = [Refused("The mail server refuses this letter for good (code 550). Check the address.")]
    desk.pump()
    clock.forward(timedelta(days=1))
    desk.pump()
    assert state(desk, planned) == (State.REFUSED, 1)
    assert "550" in desk.told[0].proof
    assert desk.carried == []


def test_an_answer_that_did_not_come_is_uncertain_at_once(desk: Desk, clock: SetClock) -> None:
    planned = plan(desk)
    desk.trouble, desk.after_leaving = [mail.Uncertain("broke off")], True
    desk.pump()
    clock.forward(timedelta(days=1))
    desk.pump()
    assert state(desk, planned) == (State.UNCERTAIN, 1)
    assert len(desk.carried) == 1


@pytest.mark.parametrize("after_leaving", [False, True])
def test_a_kill_between_lease_and_mark_never_sends_twice(
    desk: Desk, clock: SetClock, after_leaving: bool
) -> None:
    planned = plan(desk)
    desk.trouble, desk.after_leaving = [Killed()], after_leaving
    with pytest.raises(Killed):
        desk.pump()
    assert state(desk, planned) == (State.SENDING, 1)
    assert desk.pump() == 0
    clock.forward(LEASE + timedelta(seconds=1))
    desk.pump()
    assert state(desk, planned) == (State.UNCERTAIN, 1)
    assert [one.state for one in desk.told] == [State.UNCERTAIN]
    for _ in range(3):
        clock.forward(timedelta(hours=1))
        desk.pump()
    assert len(desk.carried) == int(after_leaving)


def test_one_kill_does_not_hold_up_the_others(desk: Desk) -> None:
    plan(desk)
    plan(desk)
    desk.trouble = [Killed()]
    with pytest.raises(Killed):
        desk.pump()
    assert desk.pump() == 1


def test_a_sender_that_outlived_its_lease_still_proves_it(desk: Desk, clock: SetClock) -> None:
    planned = plan(desk)
    other = Desk(desk.database)

    class Slow(Desk):
        def carry(self, message: EmailMessage) -> str:
            clock.forward(LEASE + timedelta(minutes=1))
            other.pump()
            return super().carry(message)

    Slow(desk.database).pump()
    assert [one.state for one in other.told] == [State.UNCERTAIN]
    assert other.carried == []
    assert state(desk, planned) == (State.SENT, 1)


def test_a_sender_that_outlived_its_lease_and_does_not_know_tells_nothing_new(
    desk: Desk, clock: SetClock
) -> None:
    planned = plan(desk)
    other = Desk(desk.database)

    class Slow(Desk):
        def carry(self, message: EmailMessage) -> str:
            clock.forward(LEASE + timedelta(minutes=1))
            other.pump()
            return super().carry(message)

    slow = Slow(desk.database, trouble=[mail.Uncertain("broke off")])
    slow.pump()
    assert [one.state for one in other.told + slow.told] == [State.UNCERTAIN]
    assert state(desk, planned) == (State.UNCERTAIN, 1)


def test_a_fault_in_telling_leaves_it_uncertain_and_not_sent_twice(desk: Desk, clock: SetClock) -> None:
    planned = plan(desk)

    def fail(_tx: Transaction[Any], _letter: Letter) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        mail.send_due(fail, fail)(desk)
    clock.forward(LEASE + timedelta(seconds=1))
    desk.pump()
    assert state(desk, planned) == (State.UNCERTAIN, 1)
    assert len(desk.carried) == 1


def test_a_person_settles_an_uncertain_letter(desk: Desk, clock: SetClock) -> None:
    arrived, lost = plan(desk), plan(desk)
    desk.trouble, desk.after_leaving = [mail.Uncertain("?"), mail.Uncertain("?")], True
    desk.pump()
    with desk.database.transaction(officer()) as tx:
        assert {one.id for one in mail.unsettled(tx)} == {arrived, lost}
        assert mail.confirm_arrived(tx, arrived).state is State.SENT
        mail.send_again(tx, lost)
        with pytest.raises(Conflict):
            mail.send_again(tx, arrived)
    desk.pump()
    assert state(desk, lost) == (State.SENT, 2)
    assert state(desk, arrived) == (State.SENT, 1)


def test_many_letters_go_in_turns(desk: Desk) -> None:
    for _ in range(45):
        plan(desk)
    assert [desk.pump() for _ in range(4)] == [20, 20, 5, 0]
    assert len({message["Message-ID"] for message in desk.carried}) == 45
