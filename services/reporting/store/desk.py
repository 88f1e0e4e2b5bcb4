"""What a transaction has learned so far: each fact is read once and written once, with its figures, however
many of the transaction's records tell of it. Those that a batch tells of are read together.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from sqlalchemy import Table

from services.reporting.domain import facts as known
from services.reporting.domain.facts import Fact
from services.reporting.domain.tallies import Tally, difference
from services.reporting.store import facts, sums
from services.reporting.store.writing import Lines, Way, write
from shared.actor import Scope
from shared.contracts.message import Event
from shared.store.transaction import Transaction

F = TypeVar("F", bound=Fact)
_Key = tuple[type[Fact], str]
# Where an event says of which one it tells.
_NAMED: dict[type[Fact], str] = {
    known.Contact: "contact_id", known.Case: "case_id", known.Allegation: "allegation_id",
    known.Meeting: "meeting_id", known.Notice: "notice_id", known.Match: "match_id",
    known.Pattern: "pattern_id",
}  # fmt: skip
_TURNS = "SELECT pg_advisory_xact_lock(hashtextextended(turn, 0)) FROM unnest(%s::text[]) AS turn"


@dataclass
class _Sheet:
    """One authority's part."""

    scope: Scope
    before: dict[_Key, Fact | None] = field(default_factory=dict)
    now: dict[_Key, Fact] = field(default_factory=dict)
    # The ids of what belongs to one case or contact; of those in `whole` nothing is missing here.
    families: dict[_Key, set[str]] = field(default_factory=lambda: defaultdict(set))
    whole: set[_Key] = field(default_factory=set)
    ahead: set[type[Fact]] = field(default_factory=set)
    lines: dict[tuple[Table, Way], Lines] = field(default_factory=lambda: defaultdict(list))

    def find(self, tx: Transaction[Any], kind: type[Fact], fact_id: str) -> Fact | None:
        """What is known of one."""
        key = kind, fact_id
        if key not in self.before:
            self._read(tx, kind, fact_id)
        return self.now.get(key, self.before[key])

    def put(self, fact: Fact) -> None:
        """It takes the place of what was known."""
        self.now[type(fact), fact.id] = fact
        self._enrol(fact)

    def among(self, tx: Transaction[Any], kind: type[Fact], owner: str) -> Iterator[Fact]:
        """Those that belong to one case or contact."""
        if (kind, owner) not in self.whole:
            self._read_families(tx, kind, owner)
        for fact_id in self.families[kind, owner]:
            one = self.find(tx, kind, fact_id)
            if one and getattr(one, facts.OWNER[kind]) == owner:
                yield one

    def _read(self, tx: Transaction[Any], kind: type[Fact], fact_id: str) -> None:
        wanted = {fact_id}
        if kind not in self.ahead:
            self.ahead.add(kind)
            wanted |= {one for event in self._coming(tx) for one in _ids(kind, event)}
        new = {(kind, one) for one in wanted} - self.before.keys()
        self.before |= dict.fromkeys(new)
        self.before |= {(kind, one.id): one for one in facts.some(tx, kind, {one for _, one in new})}

    def _read_families(self, tx: Transaction[Any], kind: type[Fact], owner: str) -> None:
        told = (event for event in self._coming(tx) if hasattr(event, _NAMED[kind]))
        owners = {owner} | {getattr(event, facts.OWNER[kind], owner) for event in told}
        new = {(kind, one) for one in owners} - self.whole
        self.whole |= new
        for one in facts.among(tx, kind, {one for _, one in new}):
            self.before.setdefault((kind, one.id), one)
            self._enrol(one)

    def _coming(self, tx: Transaction[Any]) -> Sequence[Event]:
        return tx.coming.get(self.scope.authority, ())

    def _enrol(self, fact: Fact) -> None:
        if place := facts.OWNER.get(type(fact)):
            self.families[type(fact), getattr(fact, place)].add(fact.id)

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
        found = self._sheets.get(scope.authority)
        if found is None:
            found = self._sheets[scope.authority] = _Sheet(scope)
        return found

    def write(self, tx: Transaction[Any]) -> None:
        """Everybody's, in one order, so that two transactions take locks alike."""
        for _, sheet in sorted(self._sheets.items()):
            with tx.within(sheet.scope):
                sheet.write(tx)


def find(tx: Transaction[Any], kind: type[F], fact_id: str) -> F | None:
    """What is known of one; None while nothing was heard."""
    return cast("F | None", _sheet(tx).find(tx, kind, fact_id))


def put(tx: Transaction[Any], fact: Fact) -> None:
    """It takes the place of what was known before, in every figure too."""
    find(tx, type(fact), fact.id)
    _sheet(tx).put(fact)


def among(tx: Transaction[Any], kind: type[F], owner: str) -> list[F]:
    """What is known of those that belong to one case or contact."""
    return cast("list[F]", list(_sheet(tx).among(tx, kind, owner)))


def lines(tx: Transaction[Any], table: Table, way: Way) -> Lines:
    """The lines that wait for a table that is only added to; more may be put among them."""
    return _sheet(tx).lines[table, way]


def _sheet(tx: Transaction[Any]) -> _Sheet:
    _take_turn(tx)
    return tx.held(Desk).sheet(tx.scope)


def _take_turn(tx: Transaction[Any]) -> None:
    """One transaction at a time counts for an authority: what is known is read, changed and counted by the
    difference, and of what is not known yet there is no row to lock.
    """
    if tx.authority in tx.remembered.setdefault(_take_turn, set()):
        return
    # Those of the whole batch in one order, so that two do not wait for each other.
    codes = sorted({tx.authority, *tx.coming})
    tx.remembered[_take_turn].update(codes)
    # SQLite has one writer anyway.
    if tx.db.dialect.name == "postgresql":
        tx.db.exec_driver_sql(_TURNS, ([f"reporting/{code}" for code in codes],))


def _ids(kind: type[Fact], event: Event) -> Iterator[str]:
    if found := getattr(event, _NAMED[kind], ""):
        yield found
    if kind is known.Allegation:
        yield from (one.id for one in getattr(event, "allegations", ()))
