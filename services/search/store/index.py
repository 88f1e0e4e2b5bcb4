"""The key table of the embedded index, and how often terms are met in the region."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import Connection, bindparam, delete, func, select

from services.search.store.tables import match_key, term
from shared.store.dialect import upsert

_COUNTS = (
    select(match_key.c.k, func.count())
    .where(match_key.c.k.in_(bindparam("ks", expanding=True)))
    .group_by(match_key.c.k)
)
_FILED = select(match_key.c.k, match_key.c.number).where(match_key.c.k.in_(bindparam("ks", expanding=True)))
_AMONG = _FILED.where(match_key.c.number.in_(bindparam("numbers", expanding=True)))
_TERMS = select(term.c.term, term.c.mentions).where(term.c.term.in_(bindparam("terms", expanding=True)))


class KeyTable:
    """Rows of key and mention number."""

    def add(self, db: Connection, rows: Iterable[tuple[int, int]]) -> None:
        """File mentions under keys; a pair that is there already stays."""
        statement = upsert(db, match_key).on_conflict_do_nothing()
        wanted = [{"k": k, "number": number} for k, number in rows]
        if wanted:
            db.execute(statement, wanted)

    def drop(self, db: Connection, rows: Iterable[tuple[int, int]]) -> None:
        """Take mentions out from under keys."""
        wanted = [{"old_k": k, "old_number": number} for k, number in rows]
        if wanted:
            here = match_key.c.k == bindparam("old_k"), match_key.c.number == bindparam("old_number")
            db.execute(delete(match_key).where(*here), wanted)

    def counts(self, db: Connection, keys: Collection[int]) -> dict[int, int]:
        """How many mentions are filed under each key; absent ones are left out."""
        return dict(db.execute(_COUNTS, {"ks": list(keys)}).all()) if keys else {}

    def filed(self, db: Connection, keys: Collection[int]) -> Sequence[tuple[int, int]]:
        """Everything under these keys, as (key, number)."""
        return [(k, number) for k, number in db.execute(_FILED, {"ks": list(keys)})] if keys else []

    def among(
        self, db: Connection, keys: Collection[int], numbers: Collection[int]
    ) -> Sequence[tuple[int, int]]:
        """Which of these mentions are under these keys."""
        if not keys or not numbers:
            return []
        found = db.execute(_AMONG, {"ks": list(keys), "numbers": list(numbers)})
        return [(k, number) for k, number in found]


def count_terms(db: Connection, changes: Mapping[int, int]) -> None:
    """Add to (or take from) how many mentions have each term. Sorted, so that writers take locks in one
    order."""
    rows = [{"term": one, "mentions": by} for one, by in sorted(changes.items()) if by]
    if rows:
        statement = upsert(db, term)
        added = {"mentions": term.c.mentions + statement.excluded.mentions}
        db.execute(statement.on_conflict_do_update(index_elements=["term"], set_=added), rows)


def term_counts(db: Connection, terms: Collection[int]) -> dict[int, int]:
    """How many mentions have each of these terms."""
    return dict(db.execute(_TERMS, {"terms": list(terms)}).all())
