"""What every service keeps of the front door's facts: authorities, users, ended sessions, configuration,
restrictions.

Filled from the bus by subscriptions that every service gets; the deciding service applies its own change at
once as well. Rows are whole states with the moment they were true, so a repeated or late fact changes
nothing.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Index,
    LargeBinary,
    MetaData,
    Select,
    String,
    Table,
    and_,
    delete,
    exists,
    insert,
    or_,
    select,
)

from shared.actor import Actor
from shared.contracts.casework import CaseRestricted, CaseUnrestricted
from shared.contracts.intake import ContactRestricted, ContactUnrestricted, SessionEnded, UserChanged
from shared.contracts.platform import ConfigurationChanged
from shared.errors import NotFound
from shared.service import Subscriptions
from shared.store.dialect import upsert
from shared.store.guard import authority_column
from shared.store.tables import EXEMPT
from shared.store.transaction import Transaction
from shared.store.types import UtcDateTime
from shared.vocabulary import Role

metadata = MetaData()
subscriptions = Subscriptions()

# An authority is the tenant itself, and a session is looked up before any authority is bound.
_authority = Table(
    "authority",
    metadata,
    Column("code", String(40), primary_key=True),
    Column("value", JSON, nullable=False),
    Column("effective_from", UtcDateTime, nullable=False),
    info=EXEMPT,
)

_user = Table(
    "known_user",
    metadata,
    Column("user_id", String(36), primary_key=True),
    Column("authority", String(40), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("roles", JSON, nullable=False),
    Column("body", LargeBinary, nullable=False),
    info=EXEMPT,
)

_ended = Table(
    "ended_session",
    metadata,
    Column("user_id", String(36), primary_key=True),
    Column("session_id", String(36), primary_key=True),
    Column("ended_at", UtcDateTime, nullable=False),
    info=EXEMPT,
)

_configuration = Table(
    "configuration",
    metadata,
    authority_column(primary_key=True),
    Column("kind", String(60), primary_key=True),
    Column("effective_from", UtcDateTime, primary_key=True),
    Column("value", JSON, nullable=False),
)

_restriction = Table(
    "restriction",
    metadata,
    authority_column(primary_key=True),
    Column("record_id", String(36), primary_key=True),
    Column("effect", String(5), primary_key=True),
    Column("user_id", String(80), primary_key=True),
    Index("restriction_user", "authority", "user_id", "effect"),
)

ANY = "*"


@dataclass(frozen=True)
class Authority:
    """A local authority as everyone may know it. `terms` are its own words for canonical codes;
    `contact_route` is how another authority's officer reaches its officers; `pooled` says whether its
    mentions take part in regional search.
    """

    code: str
    display_name: str
    contact_route: str = ""
    pooled: bool = False
    theme: str = ""
    phone: str = ""
    child_referral_phone: str = ""
    terms: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class User:
    """Somebody who may sign in."""

    id: str
    authority: str
    display_name: str
    email: str
    roles: frozenset[Role]
    active: bool

    @property
    def actor(self) -> Actor:
        """Them, acting."""
        return Actor(self.id, self.roles, self.display_name)


def authorities(tx: Transaction) -> tuple[Authority, ...]:
    """All of the region, by display name."""
    rows = tx.db.execute(select(_authority.c.code, _authority.c.value)).all()
    return tuple(
        sorted((Authority(code=code, **value) for code, value in rows), key=lambda one: one.display_name)
    )


def authority(tx: Transaction, code: str) -> Authority:
    """One of the region. Raises NotFound."""
    value = tx.db.execute(select(_authority.c.value).where(_authority.c.code == code)).scalar_one_or_none()
    if value is None:
        raise NotFound("There is no such authority here. Choose yours from the list on the first page.")
    return Authority(code=code, **value)


def user(tx: Transaction, user_id: str) -> User | None:
    """Who that is now; None when this service has not heard of them."""
    row = tx.db.execute(select(_user).where(_user.c.user_id == user_id)).one_or_none()
    if row is None:
        return None
    body = json.loads(tx.tools.vault.open(row.authority, f"{tx.tools.service}/user/{user_id}", row.body))
    roles = frozenset(Role(role) for role in row.roles)
    return User(user_id, row.authority, body["display_name"], body["email"], roles, row.active)


def display_names(tx: Transaction, user_ids: Collection[str]) -> dict[str, str]:
    """What these users are called now, in one query; those this service has not heard of are left out."""
    rows = tx.db.execute(
        select(_user.c.user_id, _user.c.authority, _user.c.body).where(_user.c.user_id.in_(list(user_ids)))
    )
    return {
        row.user_id: json.loads(
            tx.tools.vault.open(row.authority, f"{tx.tools.service}/user/{row.user_id}", row.body)
        )["display_name"]
        for row in rows
    }


def colleagues(tx: Transaction) -> tuple[User, ...]:
    """Everybody who may sign in to the bound authority, by display name."""
    query = select(_user.c.user_id).where(_user.c.authority == tx.authority, _user.c.active.is_(True))
    found = (user(tx, user_id) for user_id in tx.db.execute(query).scalars().all())
    return tuple(sorted((one for one in found if one), key=lambda one: one.display_name))


def session_ended(tx: Transaction, user_id: str, session_id: str, issued_at: datetime) -> bool:
    """Whether a cookie issued then for that session may no longer be used."""
    query = select(_ended.c.session_id).where(
        _ended.c.user_id == user_id,
        _ended.c.session_id.in_([session_id, ANY]),
        _ended.c.ended_at >= issued_at,
    )
    return tx.db.execute(query.limit(1)).first() is not None


def configuration(tx: Transaction, kind: str) -> Any | None:
    """The bound authority's rule set of that kind as it stands at `tx.now`; None when it has none."""
    query = (
        select(_configuration.c.value)
        .where(_configuration.c.authority == tx.authority, _configuration.c.kind == kind)
        .where(_configuration.c.effective_from <= tx.now)
        .order_by(_configuration.c.effective_from.desc())
        .limit(1)
    )
    return tx.db.execute(query).scalar_one_or_none()


def open_to(record_id: ColumnElement[str], tx: Transaction) -> ColumnElement[bool]:
    """A clause that hides records closed to the actor: named in `never`, or left out of `only`."""
    mine, me = _restriction.alias(), tx.scope.actor.id
    here = and_(mine.c.authority == tx.authority, mine.c.record_id == record_id)
    barred = exists().where(here, mine.c.effect == "never", mine.c.user_id == me)
    closed = exists().where(here, mine.c.effect == "only")
    named = exists().where(here, mine.c.effect == "only", mine.c.user_id == me)
    return and_(~barred, or_(~closed, named))


def restricted(tx: Transaction) -> Select[Any]:
    """The ids of all records of the authority that are closed to anybody: a short list to query by."""
    return select(_restriction.c.record_id).where(_restriction.c.authority == tx.authority)


def is_restricted(tx: Transaction, record_id: str) -> bool:
    """Whether the record is closed to anybody."""
    query = select(_restriction.c.record_id).where(
        _restriction.c.authority == tx.authority, _restriction.c.record_id == record_id
    )
    return tx.db.execute(query.limit(1)).first() is not None


def restricted_among(tx: Transaction, record_ids: Collection[str]) -> set[str]:
    """Those of these records that are closed to anybody."""
    query = select(_restriction.c.record_id).where(
        _restriction.c.authority == tx.authority, _restriction.c.record_id.in_(record_ids)
    )
    return set(tx.db.execute(query.distinct()).scalars())


@subscriptions.on(ConfigurationChanged)
def apply_configuration(tx: Transaction, event: ConfigurationChanged) -> None:
    """Keep a rule set; one of kind `authority` opens or changes the authority itself."""
    value = json.loads(event.value)
    if event.kind == "authority":
        row = {"code": tx.authority, "value": value, "effective_from": event.effective_from}
        statement = upsert(tx.db, _authority, [row])
        tx.db.execute(
            statement.on_conflict_do_update(
                index_elements=["code"],
                set_={"value": statement.excluded.value},
                where=_authority.c.effective_from <= event.effective_from,
            )
        )
        return
    row = {
        "authority": tx.authority,
        "kind": event.kind,
        "effective_from": event.effective_from,
        "value": value,
    }
    statement = upsert(tx.db, _configuration, [row])
    tx.db.execute(
        statement.on_conflict_do_update(
            index_elements=["authority", "kind", "effective_from"], set_={"value": statement.excluded.value}
        )
    )


@subscriptions.on(UserChanged)
def apply_user(tx: Transaction, event: UserChanged) -> None:
    """Keep who somebody is now."""
    body = json.dumps({"display_name": event.display_name, "email": event.email}).encode()
    row = {
        "user_id": event.user_id,
        "authority": tx.authority,
        "active": event.active,
        "roles": list(event.roles),
        "body": tx.seal(f"user/{event.user_id}", body),
    }
    statement = upsert(tx.db, _user, [row])
    tx.db.execute(
        statement.on_conflict_do_update(
            index_elements=["user_id"],
            set_={name: statement.excluded[name] for name in row if name != "user_id"},
        )
    )


@subscriptions.on(SessionEnded)
def apply_session_end(tx: Transaction, event: SessionEnded) -> None:
    """Cut every cookie of that session, or of all sessions of that person, issued before."""
    session = ANY if event.everywhere else event.session_id
    statement = upsert(
        tx.db, _ended, [{"user_id": event.user_id, "session_id": session, "ended_at": event.ended_at}]
    )
    tx.db.execute(
        statement.on_conflict_do_update(
            index_elements=["user_id", "session_id"], set_={"ended_at": statement.excluded.ended_at}
        )
    )


def forget_ended_sessions(tx: Transaction, age: timedelta) -> int:
    """Drop ends that are older than any cookie can be. Returns how many."""
    return tx.db.execute(delete(_ended).where(_ended.c.ended_at < tx.now - age)).rowcount


@subscriptions.on(ContactRestricted)
def _restrict_contact(tx: Transaction, event: ContactRestricted) -> None:
    restrict(tx, event.contact_id, only=event.only, never=event.never)


@subscriptions.on(CaseRestricted)
def _restrict_case(tx: Transaction, event: CaseRestricted) -> None:
    restrict(tx, event.case_id, only=event.only, never=event.never)


@subscriptions.on(ContactUnrestricted)
def _open_contact(tx: Transaction, event: ContactUnrestricted) -> None:
    restrict(tx, event.contact_id)


@subscriptions.on(CaseUnrestricted)
def _open_case(tx: Transaction, event: CaseUnrestricted) -> None:
    restrict(tx, event.case_id)


def restrict(
    tx: Transaction, record_id: str, *, only: tuple[str, ...] = (), never: tuple[str, ...] = ()
) -> None:
    """Replace what is said about who may see a record; nothing named opens it again."""
    tx.db.execute(
        delete(_restriction).where(
            _restriction.c.authority == tx.authority, _restriction.c.record_id == record_id
        )
    )
    rows = [{"record_id": record_id, "effect": "only", "user_id": one} for one in only]
    rows += [{"record_id": record_id, "effect": "never", "user_id": one} for one in never]
    if rows:
        tx.db.execute(insert(_restriction), rows)
