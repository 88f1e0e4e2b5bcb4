"""Who may sign in, and which of their sessions have ended."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, select

from shared.actor import Actor
from shared.contracts.intake import SessionEnded, UserChanged
from shared.replicas import tables
from shared.store.dialect import upsert
from shared.store.transaction import Transaction
from shared.vocabulary import Role

ANY = "*"
_ended = tables.ended_session.c
# Asked for each request, so made once.
_ONE = select(tables.known_user).where(tables.known_user.c.user_id == bindparam("user_id"))
_ENDED = (
    select(_ended.session_id)
    .where(_ended.user_id == bindparam("user_id"), _ended.ended_at >= bindparam("issued_at"))
    .where(_ended.session_id.in_([bindparam("session_id"), ANY]))
    .limit(1)
)


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


def user(tx: Transaction, user_id: str) -> User | None:
    """Who that is now; None when this service has not heard of them."""
    row = tx.db.execute(_ONE, {"user_id": user_id}).one_or_none()
    return None if row is None else _user(tx, row)


def _user(tx: Transaction, row: Any) -> User:
    body = json.loads(tx.tools.vault.open(row.authority, f"{tx.tools.service}/user/{row.user_id}", row.body))
    roles = frozenset(Role(role) for role in row.roles)
    return User(row.user_id, row.authority, body["display_name"], body["email"], roles, row.active)


def display_names(tx: Transaction, user_ids: Collection[str]) -> dict[str, str]:
    """What these users are called now, in one query; those this service has not heard of are left out."""
    rows = tx.db.execute(
        select(tables.known_user.c.user_id, tables.known_user.c.authority, tables.known_user.c.body).where(
            tables.known_user.c.user_id.in_(list(user_ids))
        )
    )
    return {
        row.user_id: json.loads(
            tx.tools.vault.open(row.authority, f"{tx.tools.service}/user/{row.user_id}", row.body)
        )["display_name"]
        for row in rows
    }


def colleagues(tx: Transaction) -> tuple[User, ...]:
    """Everybody who may sign in to the bound authority, by display name."""
    query = select(tables.known_user).where(
        tables.known_user.c.authority == tx.authority, tables.known_user.c.active.is_(True)
    )
    found = [_user(tx, row) for row in tx.db.execute(query).all()]
    return tuple(sorted(found, key=lambda one: one.display_name))


def session_ended(tx: Transaction, user_id: str, session_id: str, issued_at: datetime) -> bool:
    """Whether a cookie issued then for that session may no longer be used."""
    asked = {"user_id": user_id, "session_id": session_id, "issued_at": issued_at}
    return tx.db.execute(_ENDED, asked).first() is not None


@tables.heard(UserChanged)
def apply_user(tx: Transaction, event: UserChanged) -> None:
    """Keep who somebody is now."""
    body = json.dumps({"display_name": event.display_name, "email": event.email}).encode()
    row = {
        "user_id": event.user_id,
        # Who moved to another authority is sealed with that authority's key from now on.
        "authority": tx.authority,
        "active": event.active,
        "roles": list(event.roles),
        "body": tx.seal(f"user/{event.user_id}", body),
    }
    statement = upsert(tx.db, tables.known_user, [row])
    tx.db.execute(
        statement.on_conflict_do_update(
            index_elements=["user_id"],
            set_={name: statement.excluded[name] for name in row if name != "user_id"},
        )
    )


@tables.heard(SessionEnded)
def apply_session_end(tx: Transaction, event: SessionEnded) -> None:
    """Cut every cookie of that session, or of all sessions of that person, issued before."""
    session = ANY if event.everywhere else event.session_id
    statement = upsert(
        tx.db,
        tables.ended_session,
        [{"user_id": event.user_id, "session_id": session, "ended_at": event.ended_at}],
    )
    tx.db.execute(
        statement.on_conflict_do_update(
            index_elements=["user_id", "session_id"],
            set_={"ended_at": statement.excluded.ended_at},
            # An earlier end that is heard late must not bring later cookies back.
            where=tables.ended_session.c.ended_at < statement.excluded.ended_at,
        )
    )


def forget_ended_sessions(tx: Transaction, age: timedelta) -> int:
    """Drop ends that are older than any cookie can be. Returns how many."""
    return tx.db.execute(
        delete(tables.ended_session).where(tables.ended_session.c.ended_at < tx.now - age)
    ).rowcount
