"""Letters that do not go smoothly, and who hears of it."""

from email.message import EmailMessage

import pytest

from services.intake.actions import advice, contacts
from services.intake.actions.advice import Wording
from services.intake.domain.advice import Delivery
from services.intake.domain.contact import Contact
from services.intake.store import judgements
from shared.errors import Refused
from shared.mail import Uncertain
from shared.vocabulary import Role
from tests.intake.builders import a_report
from tests.intake.conftest import House, Open, Visitor
from tests.platform import Letterbox


class Troubled(Letterbox):
    """A carrier that answers every letter with the same trouble."""

    def __init__(self, trouble: Exception) -> None:
        super().__init__()
        self.trouble = trouble

    def carry(self, message: EmailMessage) -> str:
        """It is written, and does not go."""
        self.letters.append(message)
        raise self.trouble


@pytest.fixture
def received(opened: Open) -> Contact:
    """A contact of Dorset."""
    with opened() as tx:
        return contacts.receive_contact(tx, a_report())


@pytest.mark.parametrize(
    ("trouble", "delivery", "words"),
    [
        (Refused("No such mailbox."), Delivery.REFUSED, "Could not be delivered: give it another way"),
        (Uncertain("The line broke."), Delivery.UNCERTAIN, "Not known whether it left"),
    ],
)
def test_advice_that_did_not_surely_leave_is_not_called_sent(
    house: House, opened: Open, received: Contact, trouble: Exception, delivery: Delivery, words: str
):  # fmt: skip
    house.trouble_with_mail(Troubled(trouble))
    with opened() as tx:
        given = advice.send_advice(tx, received.id, Wording(text="Keep notes."))
    house.settle()
    with opened() as tx:
        kept = judgements.find_advice(tx, given.id)
    assert kept
    assert (kept.delivery, kept.sent_at) == (delivery, None)
    assert house.events("advice.sent") == []
    assert words in Visitor(house).as_(Role.OFFICER).get(f"/intake/contacts/{received.id}").text


def test_the_referrer_reads_only_advice_that_left(house: House, opened: Open, received: Contact):
    with opened() as tx:
        advice.send_advice(tx, received.id, Wording(text="Keep notes."))
        (queued,) = judgements.advice_of(tx, received.id)
        assert queued.sent_at is None
    house.settle()
    with opened() as tx:
        (sent,) = judgements.advice_of(tx, received.id)
        assert sent.sent_at
        assert not judgements.mark_delivery(tx, sent.id, Delivery.REFUSED, None)
