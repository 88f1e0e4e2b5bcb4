"""The index in the service's own database: a key table, ranked here."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Protocol

from services.search.gateways.port import Candidate, Query, Wanted, Worths, best, gather
from shared.store.transaction import Transaction

# The numbers of the mentions under each key.
Lists = Mapping[int, Sequence[int]]


class Keys(Protocol):
    """The rows it stands on; `db` is the connection of the transaction."""

    def add(self, db: Any, rows: Iterable[tuple[int, int]]) -> None:
        """File (key, number) pairs; one that is there stays."""

    def drop(self, db: Any, rows: Iterable[tuple[int, int]]) -> None:
        """Remove (key, number) pairs."""

    def counts(self, db: Any, keys: Collection[int]) -> dict[int, int]:
        """Mentions per key; absent ones are left out."""

    def filed(self, db: Any, keys: Collection[int]) -> Lists:
        """The numbers under each of these keys."""

    def among(self, db: Any, keys: Collection[int], numbers: Collection[int]) -> Lists:
        """The same, as far as these numbers are among them."""


class TableShelf:
    """The key table in one transaction."""

    def __init__(self, table: Keys, db: Any) -> None:
        self._table, self._db = table, db

    def weighed(self, asked: Sequence[Wanted]) -> list[dict[int, float]]:
        """Whole lists are read to find, and only what is asked of the others."""
        lists = self._table.filed(self._db, {k for one in asked for k in one.finding})
        return [self._of(one, lists) for one in asked]

    def _of(self, one: Wanted, lists: Lists) -> dict[int, float]:
        found: dict[int, float] = defaultdict(float)
        _add(found, one.finding, lists)
        if one.adding and found:
            numbers = [number for number, _ in best(found, one.most)]
            _add(found, one.adding, self._table.among(self._db, one.adding, numbers))
        return found


def _add(found: dict[int, float], worths: Worths, lists: Lists) -> None:
    for k, worth in worths.items():
        for number in lists.get(k, ()):
            found[number] += worth


class EmbeddedIndex:
    """Needs nothing but the database of the transaction."""

    def __init__(self, table: Keys) -> None:
        self._table = table

    def check(self) -> str:
        """It is in the service's own database."""
        return "in its database"

    def put(self, tx: Transaction[Any], filed: Iterable[tuple[int, Sequence[int]]]) -> None:
        """File mentions."""
        self._table.add(tx.db, pairs(filed))

    def change(self, tx: Transaction[Any], number: int, before: Sequence[int], after: Sequence[int]) -> None:
        """File a mention under other keys."""
        self._table.drop(tx.db, ((k, number) for k in sorted(set(before) - set(after))))
        self._table.add(tx.db, ((k, number) for k in after))

    def remove(self, tx: Transaction[Any], filed: Iterable[tuple[int, Sequence[int]]]) -> None:
        """Take mentions out."""
        self._table.drop(tx.db, pairs(filed))

    def candidates(self, tx: Transaction[Any], queries: Sequence[Query]) -> list[list[Candidate]]:
        """The best of each first."""
        counts = self._table.counts(tx.db, {k for one in queries for k in one.keys})
        return gather([TableShelf(self._table, tx.db)], queries, counts)

    def outgoing(self, _tx: Transaction[Any]) -> None:
        """Nothing ever waits."""

    def send(self, _waiting: Any) -> None:
        """There is no server."""

    def sent(self, _tx: Transaction[Any], _waiting: Any) -> int:
        """Nothing was."""
        return 0

    def discard(self, _tx: Transaction[Any]) -> None:
        """The tables hold everything."""


def pairs(filed: Iterable[tuple[int, Sequence[int]]]) -> Iterable[tuple[int, int]]:
    """(key, number) of each."""
    return ((k, number) for number, keys in filed for k in keys)
