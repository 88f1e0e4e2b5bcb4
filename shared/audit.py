"""The tamper-evident record of every fact: one hash chain per authority in each service's database.

A link holds ids, codes and a keyed hash of the fact's content, no names, so that the chain stays whole after
an erasure. `digest = SHA-256(previous digest | every other column)`; the first link follows sixty-four zeros.
"""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Executable, Result, bindparam, insert, select, update

from shared.contracts.message import Envelope
from shared.crypto import Vault
from shared.store.dialect import Insert, spelled
from shared.store.engine import bind
from shared.store.guard import BOUND
from shared.store.tables import audit_entry, audit_head

START = "0" * 64
_LINKED = (
    "authority", "number", "event_id", "action", "subject", "actor", "correlation_id", "at", "content",
)  # fmt: skip
_COLUMNS = [audit_entry.c[name] for name in (*_LINKED, "digest")]
_linked = itemgetter(*_LINKED)
_ENTRIES = insert(audit_entry)
_HEAD = update(audit_head).where(audit_head.c.authority == bindparam("whose"))


@spelled
def _locking(make: Insert) -> Executable:
    new = make(audit_head)
    # A no-op update, because only a written row is both locked and returned by both databases.
    return new.on_conflict_do_update(
        index_elements=["authority"], set_={"authority": new.excluded.authority}
    ).returning(audit_head.c.number, audit_head.c.digest)


def extend(db: Connection, vault: Vault, envelopes: Sequence[Envelope]) -> None:
    """Add a link per fact, each to its authority's chain, the chain's head locked until the commit."""
    by_authority: dict[str, list[Envelope]] = defaultdict(list)
    for envelope in envelopes:
        by_authority[envelope.authority].append(envelope)
    bound = db.info.get(BOUND, "")
    # Sorted: two transactions that touch two chains lock the heads in one order.
    for authority in sorted(by_authority):
        bind(db, authority)
        _extend_one(db, vault, authority, by_authority[authority])
    bind(db, bound)


def _extend_one(db: Connection, vault: Vault, authority: str, envelopes: Sequence[Envelope]) -> None:
    number, previous = _lock_head(db, authority)
    rows = []
    for envelope in envelopes:
        number += 1
        row = _row(vault, envelope, number)
        previous = row["digest"] = link(previous, _linked(row))
        rows.append(row)
    db.execute(_ENTRIES, rows)
    db.execute(_HEAD, {"whose": authority, "number": number, "digest": previous})


def _lock_head(db: Connection, authority: str) -> tuple[int, str]:
    first = {"authority": authority, "number": 0, "digest": START}
    number, digest = db.execute(_locking(db), first).one()
    return number, digest


def _row(vault: Vault, envelope: Envelope, number: int) -> dict[str, Any]:
    return {
        "authority": envelope.authority,
        "number": number,
        "event_id": envelope.id,
        "action": envelope.type,
        "subject": envelope.key,
        "actor": envelope.actor,
        "correlation_id": envelope.correlation_id,
        "at": envelope.occurred_at,
        # Keyed: a plain hash of few possible contents could be guessed back into the content.
        "content": vault.fingerprint("audit", bytes(envelope.data)),
    }


def link(previous: str, linked: Sequence[Any]) -> str:
    """The digest of a link that follows `previous`; `linked` are its columns in the order of the table."""
    authority, number, event_id, action, subject, actor, correlation_id, at, content = linked
    moment = at.astimezone(UTC).isoformat()
    parts = (
        previous, authority, str(number), event_id, action, subject, actor, correlation_id, moment, content,
    )  # fmt: skip
    # A separator that no column holds: otherwise "ab" + "c" and "a" + "bc" would be one link.
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


@dataclass(frozen=True)
class Verdict:
    """What a check of one chain found. `broken_at` is the number of the first bad link, None when the chain
    is whole.
    """

    authority: str
    links: int
    broken_at: int | None


def verify(db: Connection, authority: str, *, last: int | None = None) -> Verdict:
    """Recompute a whole chain (or its `last` links) and compare it with its head. The authority must be
    bound.
    """
    head = db.execute(select(audit_head).where(audit_head.c.authority == authority)).mappings().one_or_none()
    first = max(0, head["number"] - last) if head and last else 0
    previous, number, checked = START, first, 0
    linked: list[Any]
    for *linked, digest in _links(db, authority, first):
        if first and not checked:
            # A partial check has to take its first link on trust; only a whole one starts from the zeros.
            previous = digest if linked[1] == first else previous
        elif linked[1] != number + 1 or link(previous, linked) != digest:
            return Verdict(authority, checked, number + 1)
        else:
            number, previous = linked[1], digest
        checked += 1
    known, digest = (head["number"], head["digest"]) if head else (0, START)
    whole = (number, previous) == (known, digest)
    return Verdict(authority, checked, None if whole else min(number, known) + 1)


def _links(db: Connection, authority: str, first: int) -> Result[Any]:
    query = select(*_COLUMNS).where(audit_entry.c.authority == authority, audit_entry.c.number >= first)
    # In parts, on the server's side too: a chain of millions is more than a process has room for.
    return db.execute(query.order_by(audit_entry.c.number), execution_options={"yield_per": 5_000})
