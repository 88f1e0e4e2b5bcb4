"""The pump that sends: the intention is committed first, so a crash can leave a letter uncertain and never
sent twice."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from sqlalchemy import or_, select, update

from shared import logs
from shared.errors import HeedError, Refused, Unavailable
from shared.mail.letters import Letter, State, Words, its, letter_from, words_of
from shared.mail.tables import letter
from shared.service import Office, Pump
from shared.store.transaction import Transaction

Told = Callable[[Transaction[Any], Letter], None]

LEASE = timedelta(minutes=10)
_BATCH = 20
_PAUSES = (1, 5, 15, 60)
_log = logs.get("mail")


class Uncertain(HeedError):
    """The carrier cannot say whether a letter left."""

    status = 503


def send_due(on_sent: Told, on_uncertain: Told, on_refused: Told | None = None) -> Pump:
    """A pump that sends one authority's due letters and tells the service, in the transaction that marks
    them."""
    told = {State.SENT: on_sent, State.UNCERTAIN: on_uncertain, State.REFUSED: on_refused or on_uncertain}

    def pump(office: Office) -> int:
        with office.transaction() as tx:
            done, due = _give_up_expired(tx, office.now, told), _due(tx, office.now)
        return done + sum(_send_one(office, letter_id, told) for letter_id in due)

    return pump


def _give_up_expired(tx: Transaction[Any], now: datetime, told: dict[State, Told]) -> int:
    """A lease that ran out: its holder died between handing over and marking, or is still at it."""
    mine = letter.c.authority == tx.authority
    expired = (letter.c.state == State.SENDING.value, letter.c.leased_until < now)
    ids = tx.db.execute(select(letter.c.id).where(mine, *expired).limit(_BATCH)).scalars().all()
    for letter_id in ids:
        _mark(tx, letter_id, told, State.UNCERTAIN, now)
    return len(ids)


def _due(tx: Transaction[Any], now: datetime) -> list[str]:
    mine = letter.c.authority == tx.authority
    query = select(letter.c.id).where(mine, letter.c.state == State.PLANNED.value, letter.c.next_try <= now)
    return list(tx.db.execute(query.order_by(letter.c.next_try, letter.c.id).limit(_BATCH)).scalars())


def _send_one(office: Office, letter_id: str, told: dict[State, Told]) -> int:
    words = _lease(office, letter_id)
    if words is None:
        return 0
    state, proof = _carried(office, compose(letter_id, words, office.now))
    with office.transaction() as tx:
        if state is State.PLANNED:
            _postpone(tx, letter_id, office.now)
        else:
            _mark(tx, letter_id, told, state, office.now, proof)
    return int(state is not State.PLANNED)


def _lease(office: Office, letter_id: str) -> Words | None:
    values = {
        "state": State.SENDING.value,
        "leased_until": office.now + LEASE,
        "attempts": letter.c.attempts + 1,
    }
    with office.transaction() as tx:
        planned = (
            update(letter).where(*its(tx, letter_id), letter.c.state == State.PLANNED.value).values(**values)
        )
        # Another process took it between the list and here.
        if tx.db.execute(planned).rowcount == 0:
            return None
        return words_of(tx, letter_id)


def _carried(office: Office, message: EmailMessage) -> tuple[State, str]:
    try:
        return State.SENT, office.carry(message)[:300]
    except Uncertain:
        return State.UNCERTAIN, ""
    except Unavailable:
        # Only where nothing can have left; everything less certain is for a person to decide.
        return State.PLANNED, ""
    except Refused as refusal:
        return State.REFUSED, str(refusal)[:300]


def _mark(
    tx: Transaction[Any],
    letter_id: str,
    told: dict[State, Told],
    state: State,
    now: datetime,
    proof: str = "",
) -> None:
    # A sender that outlived its lease still knows best: its answer replaces `uncertain`.
    open_states = or_(letter.c.state == State.SENDING.value, letter.c.state == State.UNCERTAIN.value)
    values = {
        "state": state.value,
        "proof": proof,
        "leased_until": None,
        "sent_at": now if state is State.SENT else None,
    }
    marked = update(letter).where(*its(tx, letter_id), open_states).values(**values).returning(letter)
    row = tx.db.execute(marked).one_or_none()
    if row is None:
        return
    _log.info("letter_settled", letter_id=letter_id, state=state.value, attempt=row.attempts)
    with tx.within(replace(tx.scope, correlation_id=row.correlation_id)):
        told[state](tx, letter_from(row))


def _postpone(tx: Transaction[Any], letter_id: str, now: datetime) -> None:
    """Nothing left: try again later, at growing distances up to an hour."""
    sending = (*its(tx, letter_id), letter.c.state == State.SENDING.value)
    attempts = tx.db.execute(select(letter.c.attempts).where(*sending)).scalar_one_or_none()
    if attempts is None:
        return
    pause = timedelta(minutes=_PAUSES[min(attempts, len(_PAUSES)) - 1])
    values = {"state": State.PLANNED.value, "leased_until": None, "next_try": now + pause}
    tx.db.execute(update(letter).where(*sending).values(**values))
    _log.warning("letter_postponed", letter_id=letter_id, attempt=attempts, seconds=pause.total_seconds())


def compose(letter_id: str, words: Words, now: datetime) -> EmailMessage:
    """The message as the carriers take it; they add the sender."""
    message = EmailMessage(policy=SMTP)
    message["To"] = words.to
    message["Subject"] = words.subject
    message["Date"] = now
    # Ours and fixed: a carrier's log can be searched for a letter that is uncertain.
    message["Message-ID"] = f"<{letter_id}@heed>"
    # Keeps out-of-office replies away (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(words.body)
    for attachment in words.attachments:
        kind, _, subtype = attachment.type.partition("/")
        message.add_attachment(attachment.content, maintype=kind, subtype=subtype, filename=attachment.name)
    return message
