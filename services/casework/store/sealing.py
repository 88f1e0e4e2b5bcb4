"""How personal values go into and come out of a `body` column, and which rows a reader may see at all."""

from typing import Any, TypeVar

import msgspec
from sqlalchemy import ColumnElement, Join, Result, Select, Table, and_, bindparam, select

from services.casework.store.tables import case_file
from shared import replicas
from shared.store.transaction import Transaction

T = TypeVar("T")


def seal(tx: Transaction, table: str, key: str, value: object) -> bytes:
    """A value as JSON, encrypted for its row."""
    return tx.seal(f"{table}/{key}/body", msgspec.json.encode(value))


def unseal(tx: Transaction, table: str, key: str, kind: type[T], body: bytes) -> T:
    """The value that was sealed for that row."""
    return msgspec.json.decode(tx.open(f"{table}/{key}/body", body), type=kind)


def visible(tx: Transaction) -> ColumnElement[bool]:
    """A clause on `case_file`: the bound authority's cases that are open to whoever acts.

    Heed itself, hearing a fact or marking a clock, works on closed cases too.
    """
    own = case_file.c.authority == tx.authority
    # Facts and clocks go on for a case that is closed to people, and Heed shows them to nobody.
    if tx.scope.actor.is_system:
        return own
    return and_(own, replicas.open_to(case_file.c.id, tx), replicas.open_to(case_file.c.contact_id, tx))


class OfCases:
    """A query on `case_file` that is made once, as making one costs more than running it: the bound
    authority's cases for Heed itself, for people those of them that are open to whoever asks.
    """

    def __init__(self, query: Select[Any]) -> None:
        self._all = query.where(case_file.c.authority == bindparam("authority"))
        hidden = (case_file.c.id, case_file.c.contact_id)
        self._open = self._all.where(*map(replicas.open_to_reader, hidden))

    def run(self, tx: Transaction, **asked: Any) -> Result[Any]:
        """The rows; `asked` are the query's own parameters."""
        query = self._all if tx.scope.actor.is_system else self._open
        return tx.db.execute(query, {"authority": tx.authority, "reader": tx.scope.actor.id, **asked})


def of_case(table: Table, *order: ColumnElement[Any]) -> Select[Any]:
    """The rows of a table about one case, by `authority` and `case_id`; the case was found before."""
    own = table.c.authority == bindparam("authority")
    return select(table).where(own, table.c.case_id == bindparam("case_id")).order_by(*order)


def with_case(table: Table) -> Join:
    """The rows of a table about cases, each with its case."""
    same = and_(case_file.c.authority == table.c.authority, case_file.c.id == table.c.case_id)
    return table.join(case_file, same)
