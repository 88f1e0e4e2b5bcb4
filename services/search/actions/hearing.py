"""What is heard: written at once, and in a rebuild gathered over a transaction and written together, a few
statements for all.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from services.search.actions import indexing
from services.search.store import erasing, mentions, placings, references
from services.search.store.happenings import Happened, Happening
from services.search.store.mentions import Said
from shared.actor import Scope
from shared.contracts.message import Origin
from shared.contracts.people import Child
from shared.store.transaction import Transaction


class Heard:
    """By authority and year, which is what filing depends on."""

    def __init__(self) -> None:
        self._pages: dict[tuple[str, int], _Page] = {}

    def page(self, tx: Transaction[Any]) -> "_Page":
        """For what is heard in the scope of now."""
        return self._pages.setdefault((tx.authority, tx.now.year), _Page(tx.scope))

    def write(self, tx: Transaction[Any]) -> None:
        """File all, in one order, so that two transactions take locks alike."""
        for _, page in sorted(self._pages.items()):
            with tx.within(page.scope):
                # Asked once for all: an erased contact is heard of late, and seldom.
                page.forget(erasing.erased_among(tx, page.contacts))
                page.write(tx)


@dataclass
class _Page:
    scope: Scope
    said: dict[tuple[str, str], Said] = field(default_factory=dict)
    touched: dict[str, datetime] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)
    placed: dict[str, frozenset[str]] = field(default_factory=dict)
    happened: Happened = field(default_factory=Happened)

    def add(self, one: Said) -> None:
        """One adult may be told of by the contact and by its case: then what the case says stands."""
        before = self.said.get(one.who)
        if before is None:
            self.said[one.who] = one
        elif one.corrected or not before.corrected:
            self.said[one.who] = replace(one, seen_at=before.seen_at)

    @property
    def contacts(self) -> set[str]:
        """Of which something is to be written anew."""
        noted = (one.contact_id for one in self.happened.notes.values())
        return {*(who[0] for who in self.said), *self.references.values(), *self.placed, *noted}

    def forget(self, gone: set[str]) -> None:
        """What is said of these contacts is not written."""
        self.said = {who: one for who, one in self.said.items() if who[0] not in gone}
        self.references = {ref: one for ref, one in self.references.items() if one not in gone}
        self.placed = {one: names for one, names in self.placed.items() if one not in gone}
        self.happened.forget(gone)

    def write(self, tx: Transaction[Any]) -> None:
        indexing.index_mentions(tx, list(self.said.values()))
        mentions.touch(tx, self.touched)
        references.know(tx, self.references)
        placings.know(tx, self.placed)
        self.happened.write(tx)


def gather(tx: Transaction[Any], said: Sequence[Said]) -> None:
    """They are filed before anything else is to see them, at the latest with the commit."""
    page = tx.held(Heard).page(tx)
    for one in said:
        page.add(one)


def touch(tx: Transaction[Any], contact_id: str, at: datetime) -> None:
    """Something happened about this contact; the latest moment counts."""
    with _page(tx) as page:
        page.touched[contact_id] = max(at, page.touched.get(contact_id, at))


def refer(tx: Transaction[Any], reference: str, contact_id: str) -> None:
    """That reference means this contact."""
    with _page(tx) as page:
        page.references.setdefault(reference, contact_id)


def place(tx: Transaction[Any], contact_id: str, children: Collection[Child]) -> None:
    """Who placed the children of this contact, as far as it is said."""
    placed_by = frozenset(filter(None, (one.placed_by.strip() for one in children)))
    if placed_by:
        with _page(tx) as page:
            page.placed[contact_id] = placed_by


def note(tx: Transaction[Any], one: Happening) -> None:
    """It happened, or stands otherwise now."""
    with _page(tx) as page:
        page.happened.note(one)


def move(tx: Transaction[Any], happening_id: str, state: str) -> None:
    """It stands otherwise now."""
    with _page(tx) as page:
        page.happened.move(happening_id, state)


@contextmanager
def _page(tx: Transaction[Any]) -> Iterator[_Page]:
    """What a rebuild gathers; else one that is written at once."""
    if tx.scope.origin is Origin.REBUILD:
        yield tx.held(Heard).page(tx)
        return
    page = _Page(tx.scope)
    yield page
    page.write(tx)
