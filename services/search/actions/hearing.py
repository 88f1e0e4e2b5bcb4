"""Mentions heard in a rebuild: gathered over a transaction and filed together, a few statements for all."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from services.search.actions import indexing
from services.search.store import mentions
from services.search.store.mentions import Said
from shared.actor import Scope
from shared.contracts.message import Origin
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
                indexing.index_mentions(tx, list(page.said.values()))
                mentions.touch(tx, page.touched)


@dataclass
class _Page:
    scope: Scope
    said: dict[tuple[str, str], Said] = field(default_factory=dict)
    touched: dict[str, datetime] = field(default_factory=dict)

    def add(self, one: Said) -> None:
        """One adult may be told of by the contact and by its case: then what the case says stands."""
        before = self.said.get(one.who)
        if before is None:
            self.said[one.who] = one
        elif one.corrected or not before.corrected:
            self.said[one.who] = replace(one, seen_at=before.seen_at)


def gather(tx: Transaction[Any], said: Sequence[Said]) -> None:
    """They are filed before anything else is to see them, at the latest with the commit."""
    page = tx.held(Heard).page(tx)
    for one in said:
        page.add(one)


def touch(tx: Transaction[Any], contact_id: str, at: datetime) -> None:
    """Something happened about this contact; the latest moment counts."""
    if tx.scope.origin is not Origin.REBUILD:
        mentions.touch(tx, {contact_id: at})
        return
    touched = tx.held(Heard).page(tx).touched
    touched[contact_id] = max(at, touched.get(contact_id, at))
