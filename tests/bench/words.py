"""The plain word search that SQLite brings, as what a search is measured against."""

import sqlite3
from collections.abc import Iterable

from services.search.domain.script import words
from shared.contracts.people import Person


class WordSearch:
    """SQLite's full text index over every word of a person, ranked by bm25."""

    def __init__(self, people: Iterable[Person]) -> None:
        self._db = sqlite3.connect(":memory:")
        self._db.execute("CREATE VIRTUAL TABLE person USING fts5(id UNINDEXED, body)")
        self._db.executemany(
            "INSERT INTO person VALUES (?, ?)", ((one.id, " ".join(_words(one))) for one in people)
        )

    def ask(self, person: Person, most: int = 5) -> list[str]:
        """The best ids."""
        query = " OR ".join(f'"{word}"' for word in _words(person))
        best = "SELECT id FROM person WHERE person MATCH ? ORDER BY rank LIMIT ?"
        return [row[0] for row in self._db.execute(best, (query, most))]


def _words(person: Person) -> list[str]:
    said = [f"{one.given} {one.middle} {one.surname} {one.full}" for one in person.names]
    said += [
        person.born,
        *(f"{one.line1} {one.postcode}" for one in person.addresses),
        *person.phones,
        *person.emails,
    ]
    said += [one.value for one in person.identifiers] + [one.setting.name for one in person.work]
    return [word for text in said for word in words(text)]
