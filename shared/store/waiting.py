"""Rows that a transaction writes together at its end, or earlier when something is to see them."""

from abc import ABC, abstractmethod
from typing import Any

from sqlalchemy import Connection, Executable

from shared.actor import Scope
from shared.store.transaction import Transaction


class Waiting(ABC):
    """The rows of one statement, in the order in which they came. Each kind is a class of its own: the
    transaction holds it under that.
    """

    def __init__(self) -> None:
        self._rows: dict[str, tuple[Scope, list[dict[str, Any]]]] = {}

    @abstractmethod
    def statement(self, db: Connection) -> Executable:
        """What writes one of them."""

    @classmethod
    def put(cls, tx: Transaction[Any], row: dict[str, Any]) -> None:
        """One more of the bound authority."""
        tx.held(cls)._rows.setdefault(tx.authority, (tx.scope, []))[1].append(row)

    @classmethod
    def settle(cls, tx: Transaction[Any]) -> None:
        """Write those that wait, because somebody is to see them."""
        tx.held(cls).write(tx)

    def write(self, tx: Transaction[Any]) -> None:
        """Every authority's, in one order, so that two transactions take locks alike."""
        rows, self._rows = self._rows, {}
        for _, (scope, some) in sorted(rows.items()):
            with tx.within(scope):
                tx.db.execute(self.statement(tx.db), some)
