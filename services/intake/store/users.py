"""Users and sessions of the front door."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

from services.intake.domain.session import Session, User
from services.intake.store.bodies import seal, unseal
from services.intake.store.tables import app_user, session
from shared.errors import Conflict, NotFound
from shared.store.transaction import Transaction
from shared.vocabulary import Role


@dataclass(frozen=True)
class _Body:
    display_name: str
    email: str


_SESSION = ("user_id", "started_at", "seen_at", "step_up_at", "ended_at")


def add(tx: Transaction, one: User) -> None:
    """Keep a new user."""
    tx.db.execute(insert(app_user).values(id=one.id, version=one.version, **_columns(tx, one)))


def save(tx: Transaction, one: User) -> User:
    """Keep a changed user under the next version. Raises Conflict when somebody was faster."""
    statement = (
        update(app_user)
        .where(
            app_user.c.authority == tx.authority, app_user.c.id == one.id, app_user.c.version == one.version
        )
        .values(version=one.version + 1, **_columns(tx, one))
    )
    if tx.db.execute(statement).rowcount != 1:
        raise Conflict("Somebody else changed this account. Look at it again, then repeat your change.")
    return replace(one, version=one.version + 1)


def get(tx: Transaction, user_id: str) -> User:
    """One user. Raises NotFound."""
    query = select(app_user).where(app_user.c.authority == tx.authority, app_user.c.id == user_id)
    row = tx.db.execute(query).one_or_none()
    if row is None:
        raise NotFound("There is no such account in your authority.")
    return _user(tx, row)


def find_by_email(tx: Transaction, email: str) -> User | None:
    """Who has that address, whatever its case."""
    query = select(app_user).where(app_user.c.authority == tx.authority)
    row = tx.db.execute(query.where(app_user.c.email_hash == _hash(tx, email))).one_or_none()
    return _user(tx, row) if row else None


def list_users(tx: Transaction, offset: int, limit: int, *, active: bool | None = None) -> list[User]:
    """A page of users in the order they were added."""
    query = select(app_user).where(app_user.c.authority == tx.authority)
    if active is not None:
        query = query.where(app_user.c.active == active)
    return [
        _user(tx, row) for row in tx.db.execute(query.order_by(app_user.c.id).offset(offset).limit(limit))
    ]


def names(tx: Transaction, user_ids: Iterable[str]) -> dict[str, str]:
    """The display names of users, by id."""
    query = select(app_user).where(app_user.c.authority == tx.authority, app_user.c.id.in_(set(user_ids)))
    return {row.id: _user(tx, row).display_name for row in tx.db.execute(query)}


def count(tx: Transaction) -> int:
    """How many users there are."""
    query = select(func.count()).select_from(app_user).where(app_user.c.authority == tx.authority)
    return int(tx.db.execute(query).scalar_one())


def add_session(tx: Transaction, one: Session) -> None:
    """Keep a new session."""
    values: dict[str, Any] = {name: getattr(one, name) for name in _SESSION}
    tx.db.execute(insert(session).values(id=one.id, **values))


def save_session(tx: Transaction, one: Session) -> None:
    """Keep a changed session; one that has ended stays ended."""
    values: dict[str, Any] = {name: getattr(one, name) for name in _SESSION}
    tx.db.execute(
        update(session)
        # A renewal that was under way must not bring a session back that was ended meanwhile.
        .where(session.c.authority == tx.authority, session.c.id == one.id, session.c.ended_at.is_(None))
        .values(**values)
    )


def get_session(tx: Transaction, session_id: str) -> Session:
    """One session. Raises NotFound."""
    query = select(session).where(session.c.authority == tx.authority, session.c.id == session_id)
    row = tx.db.execute(query).one_or_none()
    if row is None:
        raise NotFound("This session is not known. Sign in again.")
    values: dict[str, Any] = {name: getattr(row, name) for name in _SESSION}
    return Session(id=row.id, **values)


def end_sessions(tx: Transaction, user_id: str) -> int:
    """End all open sessions of somebody. Returns how many there were."""
    statement = (
        update(session)
        .where(
            session.c.authority == tx.authority, session.c.user_id == user_id, session.c.ended_at.is_(None)
        )
        .values(ended_at=tx.now)
    )
    return tx.db.execute(statement).rowcount


def forget_sessions(tx: Transaction, before: datetime) -> int:
    """Drop sessions that began before a moment. Returns how many."""
    statement = delete(session).where(session.c.authority == tx.authority, session.c.started_at < before)
    return tx.db.execute(statement).rowcount


def _hash(tx: Transaction, email: str) -> str:
    # Sealed values differ each time, so that equal addresses are found by a keyed hash.
    return tx.tools.vault.fingerprint("app-user-email", email.strip().casefold())


def _columns(tx: Transaction, one: User) -> dict[str, Any]:
    return {
        "email_hash": _hash(tx, one.email),
        "roles": sorted(role.value for role in one.roles),
        "active": one.active,
        "body": seal(tx, "app_user", one.id, _Body(one.display_name, one.email)),
    }


def _user(tx: Transaction, row: Row[Any]) -> User:
    body = unseal(tx, "app_user", row.id, row.body, _Body)
    roles = frozenset(Role(role) for role in row.roles)
    return User(
        id=row.id,
        display_name=body.display_name,
        email=body.email,
        roles=roles,
        active=row.active,
        version=row.version,
    )
