"""What is heard is gathered over a transaction and written together, a few statements for all: at the latest
with the commit, earlier where somebody is to see it.
"""

from collections.abc import Collection, Sequence
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
    """By authority and year, which is what filing depends on, and by origin."""

    def __init__(self) -> None:
        self._pages: dict[tuple[str, int, Origin], _Page] = {}

    def page(self, tx: Transaction[Any]) -> "_Page":
        """For what is heard in the scope of now."""
        return self._pages.setdefault((tx.authority, tx.now.year, tx.scope.origin), _Page(tx.scope))

    def write(self, tx: Transaction[Any]) -> None:
        """File all, in one order, so that two transactions take locks alike."""
        pages, self._pages = self._pages, {}
        for place in sorted(pages):
            page = pages[place]
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
    page = _page(tx)
    for one in said:
        page.add(one)


def touch(tx: Transaction[Any], contact_id: str, at: datetime) -> None:
    """Something happened about this contact; the latest moment counts."""
    touched = _page(tx).touched
    touched[contact_id] = max(at, touched.get(contact_id, at))


def refer(tx: Transaction[Any], reference: str, contact_id: str) -> None:
    """That reference means this contact."""
    _page(tx).references.setdefault(reference, contact_id)


def place(tx: Transaction[Any], contact_id: str, children: Collection[Child], *, anew: bool = False) -> None:
    """Who placed the children of this contact, as far as it is said; `anew` also takes back what was said."""
    placed_by = frozenset(filter(None, (one.placed_by.strip() for one in children)))
    if placed_by or anew:
        _page(tx).placed[contact_id] = placed_by


def note(tx: Transaction[Any], one: Happening) -> None:
    """It happened, or stands otherwise now."""
    _page(tx).happened.note(one)


def move(tx: Transaction[Any], happening_id: str, state: str) -> None:
    """It stands otherwise now."""
    _page(tx).happened.move(happening_id, state)


def settle(tx: Transaction[Any]) -> None:
    """Write what is gathered so far, because it is to be seen."""
    tx.held(Heard).write(tx)


def _page(tx: Transaction[Any]) -> _Page:
    return tx.held(Heard).page(tx)
