"""Mentions: what each source said about an adult, and the portrait that is filed in the region's index."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, delete, select, update

from services.search.domain.portrait import Portrait
from services.search.store import sealing
from services.search.store.tables import mention, portrait
from services.search.store.visibility import open_to
from shared.contracts.people import Person
from shared.store.membership import one_of
from shared.store.rows import Rows
from shared.store.transaction import Transaction


@dataclass(frozen=True)
class Kept:
    """A mention as it stands. `corrected` once casework has said more than the contact did."""

    number: int
    contact_id: str
    person_id: str
    corrected: bool
    seen_at: datetime
    person: Person


@dataclass(frozen=True)
class Filing:
    """A portrait to be put beside its number; `who` is contact and person."""

    number: int
    who: tuple[str, str]
    made: Portrait
    active_at: datetime
    closed: bool


@dataclass(frozen=True)
class Said:
    """What a source says about one adult, to be kept."""

    contact_id: str
    person: Person
    seen_at: datetime
    corrected: bool = False

    @property
    def who(self) -> tuple[str, str]:
        """Contact and person."""
        return self.contact_id, self.person.id


# Asked at every contact, so they are made once.
_OF_CONTACTS = select(mention).where(
    mention.c.authority == bindparam("here"), one_of(mention.c.contact_id, "ids")
)
_NUMBERS = select(mention.c.number).where(
    mention.c.authority == bindparam("here"), mention.c.contact_id == bindparam("this")
)
_TOUCH = (
    update(portrait)
    .where(
        portrait.c.authority == bindparam("here"),
        portrait.c.number.in_(_NUMBERS),
        portrait.c.active_at < bindparam("moment"),
    )
    .values(active_at=bindparam("moment"))
)
_MENTIONS = Rows(mention, "contact_id", "person_id", "corrected", "seen_at", "body")
_PORTRAITS = Rows(portrait, "number", "contact_id", "person_id", "active_at", "closed", "body")
_NUMBERED = _OF_CONTACTS.with_only_columns(mention.c.number, mention.c.contact_id, mention.c.person_id)
_WHO = _OF_CONTACTS.with_only_columns(mention.c.contact_id, mention.c.person_id)


def find(tx: Transaction[Any], contact_ids: Collection[str]) -> dict[tuple[str, str], Kept]:
    """Every mention of these contacts, whoever acts."""
    rows = tx.db.execute(_OF_CONTACTS, {"here": tx.authority, "ids": sorted(contact_ids)})
    return {(row.contact_id, row.person_id): _kept(tx, row) for row in rows}


def who(tx: Transaction[Any], contact_ids: Collection[str]) -> set[tuple[str, str]]:
    """Contact and person of every mention of these contacts, whoever acts."""
    found = tx.db.execute(_WHO, {"here": tx.authority, "ids": sorted(contact_ids)})
    return {(contact_id, person_id) for contact_id, person_id in found}


def visible(tx: Transaction[Any], contact_id: str, person_id: str) -> Kept | None:
    """The same, only when the contact is open to the actor."""
    query = select(mention).where(_this(tx, contact_id), mention.c.person_id == person_id)
    row = tx.db.execute(query.where(open_to(mention.c.contact_id, tx))).one_or_none()
    return None if row is None else _kept(tx, row)


def of_contacts(tx: Transaction[Any], contact_ids: Sequence[str]) -> dict[tuple[str, str], Kept]:
    """Mentions by contact and person, those that are open to the actor."""
    query = select(mention).where(mention.c.authority == tx.authority, mention.c.contact_id.in_(contact_ids))
    rows = tx.db.execute(query.where(open_to(mention.c.contact_id, tx)))
    return {(row.contact_id, row.person_id): _kept(tx, row) for row in rows}


def add(tx: Transaction[Any], said: Sequence[Said]) -> list[int]:
    """Keep new mentions; returns their numbers in that order."""
    rows = [
        (*one.who, one.corrected, one.seen_at, sealing.seal(tx, _place(*one.who), one.person)) for one in said
    ]
    _MENTIONS.add(tx.db, rows)
    asked = {"here": tx.authority, "ids": sorted({one.contact_id for one in said})}
    # Read back: a database that is to return the new numbers takes row by row.
    numbers = {
        (contact_id, person_id): n for n, contact_id, person_id in tx.db.execute(_NUMBERED, asked).all()
    }
    return [numbers[one.who] for one in said]


_CHANGE = (
    update(mention)
    .where(
        mention.c.authority == bindparam("here"),
        mention.c.contact_id == bindparam("this"),
        mention.c.person_id == bindparam("who"),
    )
    .values(body=bindparam("body"), corrected=bindparam("corrected"))
)
_FILED = select(portrait.c.body).where(
    portrait.c.authority == bindparam("here"), portrait.c.number == bindparam("this")
)


def change(tx: Transaction[Any], said: Said) -> None:
    """What the source says now."""
    body = sealing.seal(tx, _place(*said.who), said.person)
    values = {"here": tx.authority, "this": said.contact_id, "who": said.person.id}
    tx.db.execute(_CHANGE, {**values, "body": body, "corrected": said.corrected})


def file(tx: Transaction[Any], filings: Sequence[Filing]) -> None:
    """Put portraits beside their numbers."""
    rows = [
        (one.number, *one.who, one.active_at, one.closed, sealing.seal_portrait(tx, one.number, one.made))
        for one in filings
    ]
    _PORTRAITS.add(tx.db, rows)


def refile(tx: Transaction[Any], number: int, made: Portrait) -> None:
    """Replace a portrait."""
    here = and_(portrait.c.number == number, portrait.c.authority == tx.authority)
    tx.db.execute(update(portrait).where(here).values(body=sealing.seal_portrait(tx, number, made)))


def filed(tx: Transaction[Any], number: int) -> Portrait:
    """The own portrait of that number."""
    found = tx.db.execute(_FILED, {"here": tx.authority, "this": number}).scalar_one()
    return sealing.open_portrait(tx, tx.authority, number, found)


def latest(tx: Transaction[Any], count: int) -> list[Filing]:
    """The adults named last, as they are filed."""
    query = (
        select(portrait)
        .join(mention, and_(mention.c.number == portrait.c.number, mention.c.authority == tx.authority))
        .where(portrait.c.authority == tx.authority)
        .order_by(mention.c.seen_at.desc())
        .limit(count)
    )
    return [
        Filing(
            row.number,
            (row.contact_id, row.person_id),
            sealing.open_portrait(tx, tx.authority, row.number, row.body),
            row.active_at,
            row.closed,
        )
        for row in tx.db.execute(query).all()
    ]


def touch(tx: Transaction[Any], moments: Mapping[str, datetime]) -> None:
    """Something happened about these contacts; the latest moment counts."""
    values = [
        {"here": tx.authority, "this": contact_id, "moment": at} for contact_id, at in sorted(moments.items())
    ]
    if values:
        tx.db.execute(_TOUCH, values)


def close(tx: Transaction[Any], contact_id: str, *, closed: bool) -> None:
    """Whether the contact is closed to anybody; a closed one is never pointed at from outside."""
    tx.db.execute(update(portrait).where(_portraits(tx, contact_id)).values(closed=closed))


def unfile(tx: Transaction[Any], contact_id: str) -> None:
    """Delete the portraits of a contact."""
    tx.db.execute(delete(portrait).where(_portraits(tx, contact_id)))


def state(tx: Transaction[Any], contact_id: str) -> tuple[datetime, bool] | None:
    """Last activity of a contact's mentions and whether they are closed; None when it has none."""
    query = select(portrait.c.active_at, portrait.c.closed).where(_portraits(tx, contact_id))
    row = tx.db.execute(query.limit(1)).one_or_none()
    return None if row is None else (row.active_at, row.closed)


def _portraits(tx: Transaction[Any], contact_id: str) -> ColumnElement[bool]:
    numbers = select(mention.c.number).where(_this(tx, contact_id))
    return and_(portrait.c.authority == tx.authority, portrait.c.number.in_(numbers))


def _this(tx: Transaction[Any], contact_id: str) -> ColumnElement[bool]:
    return and_(mention.c.authority == tx.authority, mention.c.contact_id == contact_id)


def _kept(tx: Transaction[Any], row: Any) -> Kept:
    person = sealing.unseal(tx, _place(row.contact_id, row.person_id), Person, row.body)
    return Kept(row.number, row.contact_id, row.person_id, row.corrected, row.seen_at, person)


def _place(contact_id: str, person_id: str) -> str:
    return f"mention/{contact_id}/{person_id}"
