"""Sessions of the front door. What the identity provider gave with one is sealed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from services.intake.domain.session import Session
from services.intake.store.bodies import seal, unseal
from services.intake.store.tables import session
from shared.errors import NotFound
from shared.store.transaction import Transaction

_PLAIN = ("user_id", "started_at", "seen_at", "step_up_at", "ended_at")


@dataclass(frozen=True)
class _Body:
    hint: str
    refresh: str


def add(tx: Transaction, one: Session) -> None:
    """Keep a new session."""
    hashed = _hash(tx, one.provider_session)
    tx.db.execute(insert(session).values(id=one.id, provider_session_hash=hashed, **_columns(tx, one)))


def save(tx: Transaction, one: Session) -> None:
    """Keep a changed session; one that has ended stays ended."""
    tx.db.execute(
        update(session)
        # A renewal that was under way must not bring a session back that was ended meanwhile.
        .where(session.c.authority == tx.authority, session.c.id == one.id, session.c.ended_at.is_(None))
        .values(**_columns(tx, one))
    )


def get(tx: Transaction, session_id: str) -> Session:
    """One session. Raises NotFound."""
    query = select(session).where(session.c.authority == tx.authority, session.c.id == session_id)
    row = tx.db.execute(query).one_or_none()
    if row is None:
        raise NotFound("This session is not known. Sign in again.")
    return _session(tx, row)


def take_turn(tx: Transaction, one: Session) -> bool:
    """Whether this request is the one to ask the provider: of several renewals at once, the first."""
    statement = update(session).where(
        session.c.authority == tx.authority, session.c.id == one.id, session.c.seen_at == one.seen_at
    )
    return tx.db.execute(statement.values(seen_at=tx.now)).rowcount == 1


def at_provider(tx: Transaction, provider_session: str) -> list[Session]:
    """The open sessions that belong to a session of the identity provider."""
    query = select(session).where(
        session.c.authority == tx.authority,
        session.c.provider_session_hash == _hash(tx, provider_session),
        session.c.ended_at.is_(None),
    )
    return [_session(tx, row) for row in tx.db.execute(query).all()]


def open_of(tx: Transaction, user_id: str) -> list[Session]:
    """The open sessions of somebody."""
    query = select(session).where(
        session.c.authority == tx.authority, session.c.user_id == user_id, session.c.ended_at.is_(None)
    )
    return [_session(tx, row) for row in tx.db.execute(query).all()]


def end_all(tx: Transaction, user_id: str) -> int:
    """End all open sessions of somebody. Returns how many there were."""
    statement = (
        update(session)
        .where(
            session.c.authority == tx.authority, session.c.user_id == user_id, session.c.ended_at.is_(None)
        )
        .values(ended_at=tx.now)
    )
    return tx.db.execute(statement).rowcount


def forget(tx: Transaction, before: datetime) -> int:
    """Drop sessions that began before a moment. Returns how many."""
    statement = delete(session).where(session.c.authority == tx.authority, session.c.started_at < before)
    return tx.db.execute(statement).rowcount


# Written once and only compared: it is never read back into a session.
def _hash(tx: Transaction, provider_session: str) -> str | None:
    return tx.tools.vault.fingerprint("provider-session", provider_session) if provider_session else None


def _columns(tx: Transaction, one: Session) -> dict[str, Any]:
    given = bool(one.hint or one.refresh)
    return {
        **{name: getattr(one, name) for name in _PLAIN},
        "body": seal(tx, "session", one.id, _Body(one.hint, one.refresh)) if given else None,
    }


def _session(tx: Transaction, row: Row[Any]) -> Session:
    body = unseal(tx, "session", row.id, row.body, _Body) if row.body else _Body("", "")
    plain: dict[str, Any] = {name: getattr(row, name) for name in _PLAIN}
    return Session(id=row.id, hint=body.hint, refresh=body.refresh, **plain)
