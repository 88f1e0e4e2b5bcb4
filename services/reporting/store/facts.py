"""Facts in and out of their tables, and what is found by them."""

from collections import defaultdict
from collections.abc import Sequence
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import Row, bindparam, select

from services.reporting.domain.facts import Allegation, Fact, Match
from services.reporting.store import tables
from services.reporting.store.writing import write
from shared.store.transaction import Transaction

F = TypeVar("F", bound=Fact)
# Made once: making a statement costs as much as running it. The whole row, because naming its columns one by
# one costs more than reading them.
_FIND = {
    kind: select(table).where(table.c.authority == bindparam("of"), table.c.id == bindparam("wanted"))
    for kind, table in tables.OF_KIND.items()
}
# By what these belong to.
OWNER: dict[type[Fact], str] = {Allegation: "case_id", Match: "contact_id"}
_AMONG = {
    kind: select(table).where(table.c.authority == bindparam("of"), table.c[owner] == bindparam("owner"))
    for kind, owner in OWNER.items()
    for table in [tables.OF_KIND[kind]]
}


def find(tx: Transaction[Any], kind: type[F], fact_id: str) -> F | None:
    """What is known of one; None while nothing was heard."""
    row = tx.db.execute(_FIND[kind], {"of": tx.authority, "wanted": fact_id}).one_or_none()
    return _fact(kind, row) if row else None


def save(tx: Transaction[Any], facts: Sequence[Fact]) -> None:
    """Put them in the place of what was known before."""
    by_kind: dict[type[Fact], list[dict[str, Any]]] = defaultdict(list)
    for one in facts:
        by_kind[type(one)].append({**vars(one)})
    # In one order of ids, so that two transactions take the rows' locks alike.
    for kind, found in sorted(by_kind.items(), key=lambda one: one[0].__name__):
        write(tx, tables.OF_KIND[kind], "replace", sorted(found, key=itemgetter("id")))


def among(tx: Transaction[Any], kind: type[F], owner: str) -> list[F]:
    """Those of a case or contact as they are written."""
    return [_fact(kind, row) for row in tx.db.execute(_AMONG[kind], {"of": tx.authority, "owner": owner})]


def _fact(kind: type[F], row: Row[Any]) -> F:
    return kind(**{name: value for name, value in row._mapping.items() if name != "authority"})
