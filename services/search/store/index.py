"""The key table of the embedded index, and how often terms are met in the region."""

from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, String, cast, delete, func, insert, select

from services.search.store.tables import index_name, key_count, match_key, term, unsent
from shared.clock import new_id
from shared.store.membership import one_of
from shared.store.rows import Rows

_COUNTS = select(match_key.c.k, func.count()).where(one_of(match_key.c.k, "ks")).group_by(match_key.c.k)
# A list comes as one text: thousands of rows cost more than all that is done with them.
_FILED = (
    select(match_key.c.k, func.aggregate_strings(cast(match_key.c.number, String), ","))
    .where(one_of(match_key.c.k, "ks"))
    .group_by(match_key.c.k)
)
_AMONG = _FILED.where(one_of(match_key.c.number, "numbers"))
_UNSENT = Rows(
    unsent,
    "number",
    "stamp",
    "keys",
    settled="(number) DO UPDATE SET stamp = excluded.stamp, keys = excluded.keys",
)
_TERMS = select(term.c.term, term.c.mentions).where(one_of(term.c.term, "terms"))
_MORE = "({}) DO UPDATE SET mentions = here.mentions + excluded.mentions"
_KEYS = Rows(match_key, "k", "number", settled="DO NOTHING")
_KEY_COUNTS = Rows(key_count, "k", "mentions", settled=_MORE.format("k"))
_TERM_COUNTS = Rows(term, "term", "mentions", settled=_MORE.format("term"))


class KeyTable:
    """Rows of key and mention number."""

    def add(self, db: Connection, rows: Iterable[tuple[int, int]]) -> None:
        """File mentions under keys; a pair that is there already stays."""
        # In the order of the table: a page is then written once for all its rows.
        _KEYS.add(db, sorted(rows, key=itemgetter(0)))

    def drop(self, db: Connection, rows: Iterable[tuple[int, int]]) -> None:
        """Take mentions out from under keys."""
        _KEYS.drop(db, sorted(rows, key=itemgetter(0)))

    def counts(self, db: Connection, keys: Collection[int]) -> dict[int, int]:
        """How many mentions are filed under each key; absent ones are left out."""
        return dict(db.execute(_COUNTS, {"ks": list(keys)}).all()) if keys else {}

    def filed(self, db: Connection, keys: Collection[int]) -> dict[int, list[int]]:
        """The numbers under each of these keys."""
        return _lists(db.execute(_FILED, {"ks": list(keys)}).all()) if keys else {}

    def among(self, db: Connection, keys: Collection[int], numbers: Collection[int]) -> dict[int, list[int]]:
        """The same, as far as these numbers are among them."""
        if not keys or not numbers:
            return {}
        return _lists(db.execute(_AMONG, {"ks": list(keys), "numbers": list(numbers)}).all())


def _lists(found: Sequence[Any]) -> dict[int, list[int]]:
    return {k: [int(number) for number in numbers.split(",")] for k, numbers in found}


class OutgoingTable:
    """What a server must still be sent, and the counts that are kept for it."""

    def note(self, db: Connection, changes: Iterable[tuple[int, Sequence[int] | None]], stamp: int) -> None:
        """To be sent: a mention's keys, or None when it was removed."""
        _UNSENT.add(db, [(number, stamp, _packed(keys)) for number, keys in changes])

    def batch(self, db: Connection, most: int) -> list[tuple[int, int, tuple[int, ...] | None]]:
        """The oldest that wait."""
        rows = db.execute(select(unsent).order_by(unsent.c.stamp, unsent.c.number).limit(most)).mappings()
        return [(row["number"], row["stamp"], _unpacked(row["keys"])) for row in rows]

    def forget(self, db: Connection, sent: Sequence[tuple[int, int]]) -> list[int]:
        """These were sent with these stamps; returns the numbers that did not change since."""
        stamps = dict(sent)
        query = select(unsent.c.number, unsent.c.stamp).where(unsent.c.number.in_(stamps))
        # A mention that changed while it was under way has a later stamp and must be sent again.
        done = [number for number, stamp in db.execute(query).all() if stamp == stamps[number]]
        db.execute(delete(unsent).where(unsent.c.number.in_(done)))
        return done

    def waiting(self, db: Connection, numbers: Collection[int]) -> set[int]:
        """Which of these mentions wait to be sent."""
        query = select(unsent.c.number).where(unsent.c.number.in_(list(numbers)))
        return set(db.execute(query).scalars().all()) if numbers else set()

    def clear(self, db: Connection) -> None:
        """Take out from under all keys what does not wait to be sent."""
        db.execute(delete(match_key).where(match_key.c.number.not_in(select(unsent.c.number))))

    def count(self, db: Connection, changes: Counter[int]) -> None:
        """Add to how many mentions are under each key."""
        _KEY_COUNTS.add(db, _changed(changes))

    def counts(self, db: Connection, keys: Collection[int]) -> dict[int, int]:
        """How many mentions are under each key."""
        query = select(key_count.c.k, key_count.c.mentions).where(key_count.c.k.in_(list(keys)))
        return {k: count for k, count in db.execute(query).all() if count > 0} if keys else {}

    def name(self, db: Connection) -> str:
        """The index in use; empty before anything was sent."""
        found: str | None = db.execute(select(index_name.c.name).limit(1)).scalar_one_or_none()
        return found or ""

    def give_name(self, db: Connection, prefix: str) -> str:
        """The index in use, named when it has no name yet."""
        found = self.name(db)
        if not found:
            found = f"{prefix}{new_id()}"
            db.execute(insert(index_name).values(name=found))
        return found


def _packed(keys: Sequence[int] | None) -> bytes | None:
    return None if keys is None else array("q", keys).tobytes()


def _unpacked(keys: bytes | None) -> tuple[int, ...] | None:
    return None if keys is None else tuple(array("q", keys))


def _changed(changes: Mapping[int, int]) -> list[tuple[int, int]]:
    """Sorted, so that writers take locks in one order."""
    return [(one, by) for one, by in sorted(changes.items()) if by]


def count_terms(db: Connection, changes: Mapping[int, int]) -> None:
    """Add to (or take from) how many mentions have each term."""
    _TERM_COUNTS.add(db, _changed(changes))


def term_counts(db: Connection, terms: Collection[int]) -> dict[int, int]:
    """How many mentions have each of these terms."""
    return dict(db.execute(_TERMS, {"terms": list(terms)}).all())
