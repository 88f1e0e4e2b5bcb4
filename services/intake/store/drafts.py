"""Unfinished reports and the codes that lead back to them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Row, bindparam, delete, insert, select, update

from services.intake.domain.draft import Draft, DraftState, ReturnCode
from services.intake.store.bodies import seal, unseal
from services.intake.store.tables import draft, return_code
from shared.errors import Conflict, NotFound
from shared.store.dialect import upsert
from shared.store.transaction import Transaction


@dataclass(frozen=True)
class _Body:
    answers: Mapping[str, Any] = field(default_factory=dict)
    email: str = ""


_CODE = ("code_hash", "sent_at", "lasting", "tries", "tried_at")
_PLAIN = ("reference", "state", "started_at", "saved_at", "expires_at", "contact_id")
# Asked for each new contact, so made once.
_REFERENCE = select(draft.c.id).where(
    draft.c.authority == bindparam("authority"), draft.c.reference == bindparam("reference")
)


def add(tx: Transaction, one: Draft) -> None:
    """Keep a new draft."""
    tx.db.execute(insert(draft).values(id=one.id, version=one.version, **_columns(tx, one)))


def save(tx: Transaction, one: Draft) -> Draft:
    """Keep a changed draft under the next version. Raises Conflict when somebody was faster."""
    statement = (
        update(draft)
        .where(draft.c.authority == tx.authority, draft.c.id == one.id, draft.c.version == one.version)
        .values(version=one.version + 1, **_columns(tx, one))
    )
    if tx.db.execute(statement).rowcount != 1:
        raise Conflict("This report was changed in another window. Look again, then repeat your change.")
    return replace(one, version=one.version + 1)


def get(tx: Transaction, draft_id: str) -> Draft:
    """One draft. Raises NotFound, also for one that has expired and is about to go."""
    found = _one(tx, draft.c.id == draft_id)
    if found is None:
        raise NotFound("This report is no longer here. Start again, or telephone us.")
    return found


def find_by_reference(tx: Transaction, reference: str) -> Draft | None:
    """The draft, or what a sent one left behind, by its reference."""
    return _one(tx, draft.c.reference == reference)


def reference_taken(tx: Transaction, reference: str) -> bool:
    """Whether a draft has this reference already."""
    asked = {"authority": tx.authority, "reference": reference}
    return tx.db.execute(_REFERENCE, asked).first() is not None


def expired(tx: Transaction, limit: int) -> list[Draft]:
    """Drafts whose day has passed and that were never sent."""
    query = (
        select(draft)
        .where(draft.c.authority == tx.authority, draft.c.state == DraftState.OPEN.value)
        .where(draft.c.expires_at < tx.now)
        .limit(limit)
    )
    return [_draft(tx, row) for row in tx.db.execute(query).all()]


def remove(tx: Transaction, draft_ids: list[str]) -> None:
    """Forget drafts and their codes."""
    if draft_ids:
        for table, column in ((return_code, return_code.c.draft_id), (draft, draft.c.id)):
            tx.db.execute(delete(table).where(table.c.authority == tx.authority, column.in_(draft_ids)))


def keep_code(tx: Transaction, code: ReturnCode) -> None:
    """Put a code in place of the one before."""
    values = {name: getattr(code, name) for name in _CODE}
    # One row per draft, so that asking for a new code ends the old one in the same statement.
    row = {"authority": tx.authority, "draft_id": code.draft_id, **values}
    statement = upsert(tx.db, return_code, [row])
    tx.db.execute(statement.on_conflict_do_update(index_elements=["authority", "draft_id"], set_=values))


def find_code(tx: Transaction, draft_id: str) -> ReturnCode | None:
    """The code last sent for a draft."""
    query = select(return_code).where(
        return_code.c.authority == tx.authority, return_code.c.draft_id == draft_id
    )
    row = tx.db.execute(query).one_or_none()
    if row is None:
        return None
    plain: dict[str, Any] = {name: getattr(row, name) for name in _CODE}
    return ReturnCode(draft_id=draft_id, **plain)


def drop_code(tx: Transaction, draft_id: str) -> None:
    """A code is good for one return."""
    tx.db.execute(
        delete(return_code).where(return_code.c.authority == tx.authority, return_code.c.draft_id == draft_id)
    )


def _one(tx: Transaction, condition: Any) -> Draft | None:
    query = select(draft).where(draft.c.authority == tx.authority, condition)
    row = tx.db.execute(query).one_or_none()
    # A draft past its day is gone for everybody, whenever the pump comes to delete it.
    fits = row is not None and (row.state == DraftState.SENT.value or row.expires_at >= tx.now)
    return _draft(tx, row) if row is not None and fits else None


def _columns(tx: Transaction, one: Draft) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(one, name) for name in _PLAIN}
    return {
        **values,
        "state": one.state.value,
        "body": seal(tx, "draft", one.id, _Body(one.answers, one.email)),
    }


def _draft(tx: Transaction, row: Row[Any]) -> Draft:
    body = unseal(tx, "draft", row.id, row.body, _Body)
    plain: dict[str, Any] = {name: getattr(row, name) for name in _PLAIN}
    state = DraftState(plain.pop("state"))
    return Draft(id=row.id, version=row.version, state=state, answers=body.answers, email=body.email, **plain)
