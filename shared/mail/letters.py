"""The letters of a service: planned in the transaction of their cause, kept with their state and proof."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy import Row, bindparam, delete, func, insert, select, update

from shared.clock import new_id
from shared.errors import Conflict, Invalid, NotFound
from shared.mail.tables import letter
from shared.store.transaction import Transaction

# Narrower than the standard: nothing here needs quoting in a header, where a quote could end it.
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")
_BREAKS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\x85\u2028\u2029]")

# The tests for one letter of the bound authority.
ITS = (letter.c.authority == bindparam("whose"), letter.c.id == bindparam("which"))
_PLAN = insert(letter)
_BODY = select(letter.c.body).where(*ITS)


class State(StrEnum):
    """Where a letter stands. From `uncertain` only a person leads on: nobody knows whether it left."""

    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    REFUSED = "refused"


class NotLive(Exception):
    """A letter was planned in a history that is imported, invented or rebuilt: a fault in our code."""


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a letter; `type` is its media type."""

    name: str
    content: bytes
    type: str = "application/pdf"


@dataclass(frozen=True)
class Words:
    """Everything of a letter that may be personal: sealed as one value."""

    to: str
    subject: str
    body: str
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True)
class Letter:
    """A letter without its words. `about` is the caller's id for its cause, `proof` what the carrier
    answered."""

    id: str
    about: str
    correlation_id: str
    state: State
    attempts: int
    created_at: datetime
    sent_at: datetime | None
    proof: str


def plan(
    tx: Transaction[Any],
    *,
    to: str,
    subject: str,
    body: str,
    about: str,
    attachments: Sequence[Attachment] = (),
) -> str:
    """Queue a letter with this transaction; returns its id. Callers ask `tx.live` first.

    Raises Invalid for an address or heading that no mail can have, NotLive where nothing may leave.
    """
    if not tx.live:
        raise NotLive(f"A letter about {about} was planned in a history of origin {tx.scope.origin.value}.")
    words = Words(_address(to), _heading(subject), body, tuple(attachments))
    for attachment in attachments:
        _heading(attachment.name)
    letter_id = new_id()
    sealed = tx.seal(_place(letter_id), msgspec.msgpack.encode(words))
    row = {
        "id": letter_id, "about": about, "correlation_id": tx.scope.correlation_id, "body": sealed,
        "state": State.PLANNED.value, "attempts": 0, "created_at": tx.recorded_at, "next_try": tx.recorded_at,
        "proof": "",
    }  # fmt: skip
    tx.db.execute(_PLAN, row)
    return letter_id


def words_of(tx: Transaction[Any], letter_id: str) -> Words:
    """What a letter says. Raises NotFound."""
    sealed = tx.db.execute(_BODY, {"whose": tx.authority, "which": letter_id}).scalar_one_or_none()
    if sealed is None:
        raise NotFound("There is no such letter.")
    return msgspec.msgpack.decode(tx.open(_place(letter_id), sealed), type=Words)


def about(tx: Transaction[Any], subject: str) -> list[Letter]:
    """The letters of one cause, the newest first, 50 at most."""
    query = select(letter).where(letter.c.authority == tx.authority, letter.c.about == subject)
    rows = tx.db.execute(query.order_by(letter.c.created_at.desc(), letter.c.id.desc()).limit(50))
    return [letter_from(row) for row in rows]


def forget(tx: Transaction[Any], subjects: Sequence[str]) -> None:
    """Delete the letters of these causes, sent or not: what they were about is erased."""
    tx.db.execute(delete(letter).where(letter.c.authority == tx.authority, letter.c.about.in_(subjects)))


def unsettled(tx: Transaction[Any], limit: int = 50) -> list[Letter]:
    """The letters a person must look at: uncertain or refused, the oldest first."""
    states = [State.UNCERTAIN.value, State.REFUSED.value]
    query = select(letter).where(letter.c.authority == tx.authority, letter.c.state.in_(states))
    return [letter_from(row) for row in tx.db.execute(query.order_by(letter.c.next_try).limit(limit))]


def held_up(tx: Transaction[Any]) -> tuple[int, datetime | None]:
    """How many letters wait that the mail server did not take so far, and since when the oldest does."""
    tried = (letter.c.state == State.PLANNED.value, letter.c.attempts > 0)
    query = select(func.count(), func.min(letter.c.created_at)).where(
        letter.c.authority == tx.authority, *tried
    )
    count, since = tx.db.execute(query).one()
    return count, since


def confirm_arrived(tx: Transaction[Any], letter_id: str) -> Letter:
    """A person found out that an uncertain letter did arrive. Raises Conflict when it is not uncertain."""
    return _settle(tx, letter_id, state=State.SENT.value, sent_at=tx.now, proof="confirmed by a person")


def send_again(tx: Transaction[Any], letter_id: str) -> Letter:
    """A person decided that an uncertain letter goes out once more. Raises Conflict when it is not
    uncertain."""
    return _settle(tx, letter_id, state=State.PLANNED.value, next_try=tx.now)


def letter_from(row: Row[Any]) -> Letter:
    """A row as a value."""
    return Letter(
        row.id,
        row.about,
        row.correlation_id,
        State(row.state),
        row.attempts,
        row.created_at,
        row.sent_at,
        row.proof,
    )


def _settle(tx: Transaction[Any], letter_id: str, **values: Any) -> Letter:
    uncertain = update(letter).where(*ITS, letter.c.state == State.UNCERTAIN.value).returning(letter)
    row = tx.db.execute(uncertain, {"whose": tx.authority, "which": letter_id} | values).one_or_none()
    if row is None:
        raise Conflict("This letter is no longer uncertain. Look at its present state.")
    return letter_from(row)


def _address(value: str) -> str:
    if len(value) > 254 or not _ADDRESS.fullmatch(value):
        raise Invalid(
            "This is no e-mail address that mail can be sent to. Write it like name@school.example."
        )
    return value


def _heading(value: str) -> str:
    if _BREAKS.search(value) or len(value) > 200:
        raise Invalid("A subject or file name is one line of at most 200 characters.")
    return value


def _place(letter_id: str) -> str:
    return f"letter/{letter_id}/body"
