"""Users of the front door."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from services.intake.domain.session import User
from services.intake.store.bodies import seal, unseal
from services.intake.store.tables import app_user
from shared.errors import Conflict, NotFound
from shared.store.transaction import Transaction
from shared.vocabulary import Role


@dataclass(frozen=True)
class _Body:
    display_name: str
    email: str
    withdrawn: bool = False


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


def find_by_subject(tx: Transaction, subject: str) -> User | None:
    """Who the identity provider means by that."""
    query = select(app_user).where(app_user.c.authority == tx.authority)
    row = tx.db.execute(query.where(app_user.c.subject_hash == _subject(tx, subject))).one_or_none()
    return _user(tx, row) if row else None


def join_subject(tx: Transaction, user_id: str, subject: str) -> bool:
    """Let an account be that of a subject from now on; False when it is somebody else's already."""
    statement = update(app_user).where(
        app_user.c.authority == tx.authority, app_user.c.id == user_id, app_user.c.subject_hash.is_(None)
    )
    return tx.db.execute(statement.values(subject_hash=_subject(tx, subject))).rowcount == 1


def list_users(tx: Transaction, offset: int, limit: int, *, active: bool | None = None) -> list[User]:
    """A page of users in the order they were added."""
    query = select(app_user).where(app_user.c.authority == tx.authority)
    if active is not None:
        query = query.where(app_user.c.active == active)
    return [
        _user(tx, row)
        for row in tx.db.execute(query.order_by(app_user.c.id).offset(offset).limit(limit)).all()
    ]


def names(tx: Transaction, user_ids: Iterable[str]) -> dict[str, str]:
    """The display names of users, by id."""
    query = select(app_user).where(app_user.c.authority == tx.authority, app_user.c.id.in_(set(user_ids)))
    return {row.id: _user(tx, row).display_name for row in tx.db.execute(query).all()}


def count(tx: Transaction) -> int:
    """How many users there are."""
    query = select(func.count()).select_from(app_user).where(app_user.c.authority == tx.authority)
    return int(tx.db.execute(query).scalar_one())


def _hash(tx: Transaction, email: str) -> str:
    # Sealed values differ each time, so that equal addresses are found by a keyed hash.
    return tx.tools.vault.fingerprint("app-user-email", email.strip().casefold())


def _subject(tx: Transaction, subject: str) -> str:
    return tx.tools.vault.fingerprint("app-user-subject", subject)


def _columns(tx: Transaction, one: User) -> dict[str, Any]:
    return {
        "email_hash": _hash(tx, one.email),
        "roles": sorted(role.value for role in one.roles),
        "active": one.active,
        "body": seal(tx, "app_user", one.id, _Body(one.display_name, one.email, one.withdrawn)),
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
        withdrawn=body.withdrawn,
    )
