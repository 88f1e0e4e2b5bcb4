"""What is heard is gathered over a transaction and written together, a few statements for all: at the latest
with the commit, earlier where somebody is to see it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from services.search.actions import indexing, matching, registering, telling, watching
from services.search.actions.indexing import Indexed
from services.search.store import erasing, mentions, placings, references, settings
from services.search.store.happenings import Happened, Happening
from services.search.store.mentions import Said
from shared.actor import Scope
from shared.contracts.message import Origin
from shared.contracts.people import Child
from shared.contracts.search import ContactChecked
from shared.store.transaction import Transaction


class Heard:
    """By authority and year, which is what filing depends on, and by origin."""

    def __init__(self) -> None:
        self._pages: dict[tuple[str, int, Origin], _Page] = {}

    def page(self, tx: Transaction[Any]) -> "_Page":
        """For what is heard in the scope of now."""
        place = tx.authority, tx.now.year, tx.scope.origin
        if place not in self._pages:
            self._pages[place] = _Page(tx.scope)
        return self._pages[place]

    def write(self, tx: Transaction[Any]) -> None:
        """File all, in one order, so that two transactions take locks alike; then look who was named before:
        how lately something happened about those who are found is part of what is told of them.
        """
        filed = []
        for page in (self._pages[place] for place in sorted(self._pages)):
            with tx.within(page.scope):
                # Asked once for all: an erased contact is heard of late, and seldom.
                page.forget(erasing.erased_among(tx, page.contacts))
                filed.append((page, page.write(tx)))
        # While the index is rebuilt nothing follows: matches and patterns are kept, and all was told.
        told = [(page, found) for page, found in filed if page.scope.origin is not Origin.REBUILD]
        later = {one.number for _, found in told for one in found if one.is_new}
        for page, found in told:
            page.follow_up(tx, found, later)


@dataclass
class _Page:
    scope: Scope
    said: dict[tuple[str, str], Said] = field(default_factory=dict)
    touched: dict[str, datetime] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)
    placed: dict[str, frozenset[str]] = field(default_factory=dict)
    happened: Happened = field(default_factory=Happened)
    # Contacts with the scope of whoever told of them, in which what follows is done.
    sought: dict[str, Scope] = field(default_factory=dict)
    unchecked: dict[str, Scope] = field(default_factory=dict)
    cleared: dict[str, Scope] = field(default_factory=dict)
    watched: dict[str, Scope] = field(default_factory=dict)

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
        told = (one for scopes in self._followed for one in scopes)
        return {*(who[0] for who in self.said), *self.references.values(), *self.placed, *noted, *told}

    @property
    def _followed(self) -> tuple[dict[str, Scope], ...]:
        return self.sought, self.unchecked, self.cleared, self.watched

    def forget(self, gone: set[str]) -> None:
        """What is said of these contacts is not written."""
        self.said = {who: one for who, one in self.said.items() if who[0] not in gone}
        self.references = {ref: one for ref, one in self.references.items() if one not in gone}
        self.placed = {one: names for one, names in self.placed.items() if one not in gone}
        self.happened.forget(gone)
        for scopes in self._followed:
            for one in gone & scopes.keys():
                del scopes[one]

    def write(self, tx: Transaction[Any]) -> list[Indexed]:
        """All of it; returns what became of the mentions."""
        indexed = indexing.index_mentions(tx, list(self.said.values()))
        mentions.touch(tx, self.touched)
        references.know(tx, self.references)
        placings.know(tx, self.placed)
        self.happened.write(tx)
        return indexed

    def follow_up(self, tx: Transaction[Any], indexed: Sequence[Indexed], later: set[int]) -> None:
        """Look who was named before, in the order of hearing, and tell. Those heard of in the same breath are
        in the index already: `later` are the numbers of those that are not looked for yet.
        """
        # While the index is rebuilt nothing is looked for.
        changed = [one for one in indexed if one.changed and one.contact_id in self.sought]
        found = matching.look_up(tx, () if self.scope.origin is Origin.REBUILD else changed)
        with tx.within(self.scope):
            listed = settings.some(tx, {each for one in indexed for each in one.listed})
        for about in indexed:
            later.discard(about.number)
            if scope := self.sought.get(about.contact_id):
                with tx.within(scope):
                    for setting_id in about.listed:
                        registering.tell(tx, listed[setting_id])
                    if about.changed:
                        matching.find_matches(tx, about, later, next(found, None))
        for contact_id, scope in self.unchecked.items():
            with tx.within(scope):
                tx.publish(ContactChecked(contact_id=contact_id, checked_at=tx.now))
        for contact_id, scope in self.cleared.items():
            with tx.within(scope):
                telling.withdraw_cleared(tx, contact_id)
        for contact_id, scope in self.watched.items():
            with tx.within(scope):
                watching.look(tx, contact_id)


def hear(tx: Transaction[Any], said: Sequence[Said]) -> None:
    """They are filed before anything else is to see them, at the latest with the commit, and it is looked who
    was named before.
    """
    page = _page(tx)
    for one in said:
        page.add(one)
        page.sought.setdefault(one.contact_id, tx.scope)


def check(tx: Transaction[Any], contact_id: str) -> None:
    """Everybody is told when it was looked who of this contact was named before."""
    _page(tx).unchecked[contact_id] = tx.scope


def clear(tx: Transaction[Any], contact_id: str) -> None:
    """One of its adults was cleared; of the last of them, what was shown at settings goes."""
    _page(tx).cleared[contact_id] = tx.scope


def watch(tx: Transaction[Any], *contact_ids: str) -> None:
    """Something happened about these contacts: their patterns are looked for when it is written."""
    _page(tx).watched |= dict.fromkeys(contact_ids, tx.scope)


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


def _page(tx: Transaction[Any]) -> _Page:
    return tx.held(Heard).page(tx)
