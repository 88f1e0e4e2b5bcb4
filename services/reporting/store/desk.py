"""What a transaction has learned so far: each fact is read once and written once, with its figures, however
many of the transaction's records tell of it.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from sqlalchemy import Table

from services.reporting.domain.facts import Fact
from services.reporting.domain.tallies import Tally, difference
from services.reporting.store import facts, sums
from services.reporting.store.writing import Lines, Way, write
from shared.actor import Scope
from shared.store.transaction import Transaction

F = TypeVar("F", bound=Fact)
_Key = tuple[type[Fact], str]


@dataclass
class _Sheet:
    """One authority's part."""

    scope: Scope
    before: dict[_Key, Fact | None] = field(default_factory=dict)
    now: dict[_Key, Fact] = field(default_factory=dict)
    lines: dict[tuple[Table, Way], Lines] = field(default_factory=lambda: defaultdict(list))

    def write(self, tx: Transaction[Any]) -> None:
        """All of it, a few statements however much it is."""
        changed = [(self.before[key], new) for key, new in self.now.items() if self.before[key] != new]
        facts.save(tx, [new for _, new in changed])
        counted: Counter[Tally] = Counter()
        for old, new in changed:
            counted.update(difference(old, new))
        sums.add(tx, {tally: count for tally, count in counted.items() if count})
        for (table, way), lines in self.lines.items():
            write(tx, table, way, lines)


class Desk:
    """A sheet for each authority that the transaction has heard of."""

    def __init__(self) -> None:
        self._sheets: dict[str, _Sheet] = {}

    def sheet(self, scope: Scope) -> _Sheet:
        """That authority's."""
        return self._sheets.setdefault(scope.authority, _Sheet(scope))

    def write(self, tx: Transaction[Any]) -> None:
        """Everybody's, in one order, so that two transactions take locks alike."""
        for _, sheet in sorted(self._sheets.items()):
            with tx.within(sheet.scope):
                sheet.write(tx)


def find(tx: Transaction[Any], kind: type[F], fact_id: str) -> F | None:
    """What is known of one; None while nothing was heard."""
    sheet, key = _sheet(tx), (kind, fact_id)
    if key not in sheet.before:
        sheet.before[key] = facts.find(tx, kind, fact_id)
    return cast("F | None", sheet.now.get(key, sheet.before[key]))


def put(tx: Transaction[Any], fact: Fact) -> None:
    """It takes the place of what was known before, in every figure too."""
    find(tx, type(fact), fact.id)
    _sheet(tx).now[type(fact), fact.id] = fact


def among(tx: Transaction[Any], kind: type[F], owner: str) -> list[F]:
    """What is known of those that belong to one case or contact."""
    found: dict[str, Fact] = {one.id: one for one in facts.among(tx, kind, owner)}
    found |= {fact_id: one for (its, fact_id), one in _sheet(tx).now.items() if its is kind}
    place = facts.OWNER[kind]
    return [cast("F", one) for one in found.values() if getattr(one, place) == owner]


def note(tx: Transaction[Any], table: Table, way: Way, lines: Lines) -> None:
    """More lines for a table that is only added to."""
    _sheet(tx).lines[table, way] += lines


def _sheet(tx: Transaction[Any]) -> _Sheet:
    return tx.held(Desk).sheet(tx.scope)
