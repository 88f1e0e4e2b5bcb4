"""Facts in and out of their tables, and what is found by them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import Row, Select, Table, bindparam, select

from services.reporting.domain.facts import Allegation, Fact, Match
from services.reporting.store import tables
from services.reporting.store.writing import write
from shared.store.membership import one_of
from shared.store.transaction import Transaction

F = TypeVar("F", bound=Fact)
# By what these belong to.
OWNER: dict[type[Fact], str] = {Allegation: "case_id", Match: "contact_id"}


def _by(table: Table, column: str) -> Select[Any]:
    of_these = one_of(table.c[column], "wanted")
    return select(table).where(table.c.authority == bindparam("of"), of_these)


# Made once: making a statement costs as much as running it. The whole row, because naming its columns one by
# one costs more than reading them.
_SOME = {kind: _by(table, "id") for kind, table in tables.OF_KIND.items()}
_AMONG = {kind: _by(tables.OF_KIND[kind], owner) for kind, owner in OWNER.items()}


def some(tx: Transaction[Any], kind: type[F], ids: Collection[str]) -> list[F]:
    """What is known of these."""
    return _read(tx, kind, _SOME[kind], ids)


def save(tx: Transaction[Any], facts: Sequence[Fact]) -> None:
    """Put them in the place of what was known before."""
    by_kind: dict[type[Fact], list[dict[str, Any]]] = defaultdict(list)
    for one in facts:
        by_kind[type(one)].append({**vars(one)})
    # In one order of ids, so that two transactions take the rows' locks alike.
    for kind, found in sorted(by_kind.items(), key=lambda one: one[0].__name__):
        write(tx, tables.OF_KIND[kind], "replace", sorted(found, key=itemgetter("id")))


def among(tx: Transaction[Any], kind: type[F], owners: Collection[str]) -> list[F]:
    """Those of these cases or contacts as they are written."""
    return _read(tx, kind, _AMONG[kind], owners)


def _read(tx: Transaction[Any], kind: type[F], query: Select[Any], wanted: Collection[str]) -> list[F]:
    rows = tx.db.execute(query, {"of": tx.authority, "wanted": sorted(wanted)}).all() if wanted else ()
    return [_fact(kind, row) for row in rows]


def _fact(kind: type[F], row: Row[Any]) -> F:
    return kind(**{name: value for name, value in row._mapping.items() if name != "authority"})
