"""The pump that sends: the intention is committed first, so a crash can leave a letter uncertain and never
sent twice."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from sqlalchemy import bindparam, select, update

from shared import logs
from shared.errors import HeedError, Refused, Unavailable
from shared.mail.letters import ITS, Letter, State, Words, letter_from, words_of
from shared.mail.tables import letter
from shared.service import Office, Pump
from shared.store.transaction import Transaction

Told = Callable[[Transaction[Any], Letter], None]

LEASE = timedelta(minutes=10)
_BATCH = 20
# Minutes. A server that is back is found soon, also after a long night without it.
_PAUSES = (1, 2, 5, 10)
_log = logs.get("mail")

_OURS = letter.c.authority == bindparam("whose")
_SENDING = letter.c.state == State.SENDING.value
_EXPIRED = select(letter.c.id).where(_OURS, _SENDING, letter.c.leased_until < bindparam("now")).limit(_BATCH)
_DUE = (
    select(letter.c.id)
    .where(_OURS, letter.c.state == State.PLANNED.value, letter.c.next_try <= bindparam("now"))
    .order_by(letter.c.next_try, letter.c.id)
    .limit(_BATCH)
)
_LEASE = (
    update(letter)
    .where(*ITS, letter.c.state == State.PLANNED.value)
    .values(state=State.SENDING.value, attempts=letter.c.attempts + 1)
)
_MARK = update(letter).where(*ITS, letter.c.state.in_(bindparam("open", expanding=True))).returning(letter)
_ATTEMPTS = select(letter.c.attempts).where(*ITS, _SENDING)
_POSTPONE = update(letter).where(*ITS, _SENDING).values(state=State.PLANNED.value, leased_until=None)


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
    ids = tx.db.execute(_EXPIRED, {"whose": tx.authority, "now": now}).scalars().all()
    for letter_id in ids:
        _mark(tx, letter_id, told, State.UNCERTAIN, now)
    return len(ids)


def _due(tx: Transaction[Any], now: datetime) -> list[str]:
    return list(tx.db.execute(_DUE, {"whose": tx.authority, "now": now}).scalars())


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
    with office.transaction() as tx:
        its = {"whose": tx.authority, "which": letter_id}
        # Another process took it between the list and here.
        if tx.db.execute(_LEASE, its | {"leased_until": office.now + LEASE}).rowcount == 0:
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
    # A sender that outlived its lease still knows best: its answer replaces `uncertain`. That nobody knows
    # is told once, also when two find it out at the same time.
    replaced = {State.SENDING.value, State.UNCERTAIN.value} - {state.value}
    values = {
        "state": state.value,
        "proof": proof,
        "leased_until": None,
        "sent_at": now if state is State.SENT else None,
    }
    its = {"whose": tx.authority, "which": letter_id, "open": sorted(replaced)}
    row = tx.db.execute(_MARK, its | values).one_or_none()
    if row is None:
        return
    _log.info("letter_settled", letter_id=letter_id, state=state.value, attempt=row.attempts)
    with tx.within(replace(tx.scope, correlation_id=row.correlation_id)):
        told[state](tx, letter_from(row))


def _postpone(tx: Transaction[Any], letter_id: str, now: datetime) -> None:
    """Nothing left: try again later, at growing distances up to ten minutes."""
    its = {"whose": tx.authority, "which": letter_id}
    attempts = tx.db.execute(_ATTEMPTS, its).scalar_one_or_none()
    if attempts is None:
        return
    pause = timedelta(minutes=_PAUSES[min(attempts, len(_PAUSES)) - 1])
    tx.db.execute(_POSTPONE, its | {"next_try": now + pause})
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
