"""A database of search that lasts for one command: indexed and asked by the very code of live work."""

import secrets
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from services.search.actions import asking
from services.search.actions.indexing import YOUNGEST, index_mentions, send_waiting
from services.search.commands.records import Entry
from services.search.domain.portrait import portray
from services.search.domain.weights import Weights
from services.search.gateways.port import Index
from services.search.store.crossing import Answer, Question
from services.search.store.mentions import Said
from services.search.store.tables import metadata
from shared.actor import Actor, Scope
from shared.clock import new_id, wall_clock
from shared.contracts.message import Origin
from shared.contracts.people import Person
from shared.crypto import Vault
from shared.errors import Refused
from shared.garbage import sought_seldom
from shared.store.database import Database
from shared.store.engine import open_engine
from shared.store.schema import create
from shared.store.transaction import Tools, Transaction

_BATCH = 5_000
# Filled like a rebuild: nothing is published and nobody is matched.
_SCOPE = Scope("scratch", Actor("system:search"), new_id(), Origin.REBUILD)


class Scratch:
    """Index first, then ask."""

    authority = _SCOPE.authority

    def __init__(self, database: Database, used: Weights | None = None) -> None:
        self.database = database
        self._used = used

    @property
    def now(self) -> datetime:
        """The wall clock."""
        return self.database.tools.clock()

    def transaction(self) -> AbstractContextManager[Transaction[Any]]:
        """As search itself."""
        return self.database.transaction(_SCOPE)

    def carry(self, _message: Any) -> str:
        """No letter is ever written here."""
        raise Refused("A scratch database sends no letters.")

    def index(self, entries: Iterable[Entry]) -> None:
        """File people, five thousand in a commit, as a rebuild does."""
        waiting = iter(entries)
        with sought_seldom():
            while batch := list(islice(waiting, _BATCH)):
                with self.transaction() as tx:
                    index_mentions(tx, [Said(one.id, one.person, tx.now) for one in batch])
        while send_waiting(self):
            pass

    def ask(self, person: Person) -> Answer:
        """The own records that may be this person, surest first."""
        with self.database.reading(_SCOPE) as tx:
            made = portray(person, latest_year=tx.now.year - YOUNGEST)
            return asking.ask(tx, Question(made, reach=False), self._used)

    def candidates(self, person: Person) -> list[int]:
        """The numbers that the index gives to be scored, best first; the first person indexed is 1."""
        with self.database.reading(_SCOPE) as tx:
            made = portray(person, latest_year=tx.now.year - YOUNGEST)
            return [one.number for one in asking.look_up(tx, [made])[0].candidates]


@contextmanager
def open_scratch(index: Index, used: Weights | None = None) -> Iterator[Scratch]:
    """An empty one; gone at the end. `used` are other weights than the shipped ones."""
    with TemporaryDirectory(prefix="heed-search-") as folder:
        tools = Tools("search", Vault((secrets.token_bytes(32),)), wall_clock, gateway=index)
        database = Database(open_engine(f"sqlite:///{Path(folder) / 'scratch.db'}"), tools)
        create(database.engine, metadata)
        try:
            yield Scratch(database, used)
        finally:
            with database.reading(_SCOPE) as tx:
                index.discard(tx)
            database.close()


def hits_of(answer: Answer, most: int) -> list[dict[str, Any]]:
    """The answer as the evaluation prints it."""
    return [
        {
            "id": hit.person_id,
            "probability": round(hit.grounds.probability, 6),
            "bits": round(hit.grounds.bits, 4),
            "band": hit.band.value,
            "flags": list(hit.grounds.flags),
            "waterfall": [
                {"field": line.field, "level": line.level, "bits": round(line.bits, 4)}
                for line in hit.grounds.lines
            ],
        }
        for hit in answer.own[:most]
    ]
