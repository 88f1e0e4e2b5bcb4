"""Patterns looked for anew whenever something happened about a contact, and what becomes of those found."""

from collections.abc import Collection, Container, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from services.search.actions import adults, comparing
from services.search.domain import patterns
from services.search.domain.clusters import Node
from services.search.domain.patterns import Found, Kind, Limit
from services.search.store import concerns, mentions, settings
from services.search.store import patterns as store
from services.search.store.patterns import OPEN, REVIEWED, WITHDRAWN, Pattern, Words
from shared import replicas
from shared.actor import Scope
from shared.clock import new_id
from shared.contracts.findings import PatternGround
from shared.contracts.message import Origin
from shared.contracts.search import PatternFound, PatternWithdrawn
from shared.store.transaction import Transaction

KIND = "pattern_signs"
# An imported history alerts nobody; its concerns count as soon as something happens.
_TELLING = frozenset({Origin.LIVE, Origin.DEMO})
# New concerns after a review before the same setting or body is told of again; an adult at the first.
_AGAIN = {Kind.PERSON: 1, Kind.SETTING: 3, Kind.PROVIDER: 3}


@dataclass(frozen=True)
class Touched:
    """Whose patterns may have changed."""

    records: frozenset[Node] = frozenset()
    settings: frozenset[str] = frozenset()
    bodies: frozenset[str] = frozenset()


class _Standing(NamedTuple):
    """A pattern that was not withdrawn, with its records and whether each came later."""

    pattern: Pattern
    records: dict[Node, bool]


def signs(tx: Transaction[Any]) -> tuple[Limit, ...]:
    """The signs in use, as the authority has set them."""
    return tuple(one for one in patterns.read(replicas.configuration(tx, KIND)) if one.on)


def touched(tx: Transaction[Any], contact_ids: Collection[str]) -> Touched:
    """The adults, settings and bodies of these contacts, and of the patterns that rest on them."""
    if tx.scope.origin not in _TELLING:
        return Touched()
    found = store.of_contacts(tx, contact_ids)
    rests_on = store.records(tx, [one.pattern_id for one in found if one.kind is Kind.PERSON])
    places = concerns.places(tx, contact_ids)
    ids = {setting_id for of in places.values() for setting_id in of}
    ids |= {one.subject for one in found if one.kind is Kind.SETTING}
    bodies = {one.provider_id for one in settings.sized(tx, ids).values()} if ids else set()
    bodies |= {one.subject for one in found if one.kind is Kind.PROVIDER}
    nodes = {node for of in rests_on.values() for node in of} | mentions.who(tx, contact_ids)
    return Touched(frozenset(nodes), frozenset(ids), frozenset(bodies - {""}))


class Looking:
    """Of which contacts something happened, by authority and origin. Looked at once, when all that a batch
    tells of them is written, in the scope of the last.
    """

    def __init__(self) -> None:
        self._scopes: dict[tuple[str, Origin], Scope] = {}
        self._contacts: dict[tuple[str, Origin], set[str]] = {}

    def note(self, scope: Scope, contact_ids: Collection[str]) -> None:
        """Something happened about these."""
        place = scope.authority, scope.origin
        self._scopes[place] = scope
        self._contacts.setdefault(place, set()).update(contact_ids)

    def write(self, tx: Transaction[Any]) -> None:
        """Look at all of them, in one order, so that two transactions take locks alike."""
        for place, scope in sorted(self._scopes.items()):
            with tx.within(scope):
                look_at(tx, touched(tx, self._contacts[place]))


def look(tx: Transaction[Any], *contact_ids: str) -> None:
    """Something happened about these contacts: their patterns are looked for before the commit."""
    if tx.scope.origin in _TELLING:
        tx.held(Looking).note(tx.scope, contact_ids)


def look_at(tx: Transaction[Any], about: Touched) -> None:
    """Find what is a pattern now, and withdraw what no longer rests on anything."""
    if about == Touched():
        return
    limits = signs(tx)
    _look_at_adults(tx, about.records, limits)
    standing = store.of_subjects(tx, Kind.SETTING, about.settings)
    found = places(tx, about.settings, limits, whole=standing)
    for subject in sorted(about.settings):
        _settle(tx, Kind.SETTING, subject, _with_records(tx, standing.get(subject, [])), found[subject])
    standing = store.of_subjects(tx, Kind.PROVIDER, about.bodies)
    for subject in sorted(about.bodies):
        of = standing.get(subject, [])
        amount = body(tx, subject, limits, whole=bool(of))
        _settle(tx, Kind.PROVIDER, subject, _with_records(tx, of), amount)


def _look_at_adults(tx: Transaction[Any], records: Collection[Node], limits: Sequence[Limit]) -> None:
    found = adults.behind(tx, records)
    every = {node for one in found for node in one.records}
    standing, settled = _resting_on(tx, every), set[str]()
    # No pattern rests on most adults, who were named once.
    left = [one for one in found if not one.is_unremarkable or _those(standing, one.records)]
    amounts = adults.amount(tx, left, _of(limits, Kind.PERSON))
    for one, amount in zip(left, amounts, strict=True):
        mine = _those(standing, one.records)
        # What was one adult and is two now: the first of them may have changed it.
        if settled & {each.pattern_id for each, _ in mine}:
            mine = _those(_resting_on(tx, one.records), one.records)
        settled |= {each.pattern_id for each, _ in mine}
        _settle(tx, Kind.PERSON, "", mine, amount)


def places(
    tx: Transaction[Any], setting_ids: Collection[str], limits: Sequence[Limit], *, whole: Container[str] = ()
) -> dict[str, Found]:
    """What concerns at each of these settings, and at those it followed, amount to; `whole`: where it is no
    pattern too, which records count.
    """
    sizes, lines = settings.sized(tx, setting_ids), settings.lines(tx, setting_ids)
    mine = _of(limits, Kind.SETTING)
    found = {}
    for one in setting_ids:
        size, line = sizes.get(one), lines[one]
        # Concerns are never more than the adults named, which the register counts.
        few = size is not None and one not in whole and len(line) == 1 and size.concerns < _least(mine)
        found[one] = Found() if size is None or size.joined_to or few else _amount(tx, [size], line, mine)
    return found


def body(tx: Transaction[Any], provider_id: str, limits: Sequence[Limit], *, whole: bool = False) -> Found:
    """The same of the settings of one body."""
    group, mine = comparing.main_kind(settings.group_sized(tx, provider_id)), _of(limits, Kind.PROVIDER)
    # One setting alone is told of as itself.
    if len(group) < 2 or (not whole and sum(one.concerns for one in group) < _least(mine)):
        return Found()
    return _amount(tx, group, [one.setting_id for one in group], mine)


def _amount(
    tx: Transaction[Any], here: Sequence[settings.Sized], setting_ids: Sequence[str], limits: Sequence[Limit]
) -> Found:
    found = concerns.at_settings(tx, setting_ids)
    # Most settings have too few to be asked about further.
    if len(found) < _least(limits):
        return Found(standing=frozenset(node for one in found for node in one.adults))
    compared = comparing.compare(tx, here, found, limits)
    return patterns.of_place(found, concerns.one_adult(tx, setting_ids), compared, limits, tx.now)


def _of(limits: Iterable[Limit], kind: Kind) -> list[Limit]:
    return [one for one in limits if one.kind is kind]


def _least(limits: Iterable[Limit]) -> int:
    return min((one.least for one in limits), default=0)


def _resting_on(tx: Transaction[Any], records: Collection[Node]) -> list[_Standing]:
    found = store.of_contacts(tx, {node[0] for node in records}) if records else []
    return _with_records(tx, [one for one in found if one.kind is Kind.PERSON])


def _those(standing: Iterable[_Standing], records: Collection[Node]) -> list[_Standing]:
    return [one for one in standing if not one.records.keys().isdisjoint(records)]


def _with_records(tx: Transaction[Any], found: Sequence[Pattern]) -> list[_Standing]:
    records = store.records(tx, [one.pattern_id for one in found])
    return [_Standing(one, records.get(one.pattern_id, {})) for one in found]


def _settle(
    tx: Transaction[Any], kind: Kind, subject: str, standing: Sequence[_Standing], found: Found
) -> None:
    now_open = [each for each in standing if each.pattern.state == OPEN]
    if not found.grounds:
        for one, records in now_open:
            fired = {node for node, later in records.items() if not later}
            # Time that passed does not take it back; records that are gone, or are of somebody else, do.
            if len(fired & found.standing) < one.words.records:
                _withdraw(tx, one)
        return
    if now_open:
        _go_on(tx, *now_open[0], found)
        # Two adults turned out to be one.
        for one, _ in now_open[1:]:
            _withdraw(tx, one)
        return
    seen = {node[0] for one, records in standing if one.state == REVIEWED for node in records}
    fresh = {node[0] for node in found.records} - seen
    if not seen or len(fresh) >= _AGAIN[kind]:
        _find(tx, kind, subject, found)


def _find(tx: Transaction[Any], kind: Kind, subject: str, found: Found) -> None:
    words = Words(found.grounds, found.grounds, len(found.records))
    one = Pattern(new_id(), kind, subject, OPEN, _needs(tx, kind, found), tx.now, words)
    store.put(tx, one)
    store.add_records(tx, one.pattern_id, found.records, later=False)
    _tell(tx, one, found.records, found.records)


def _go_on(tx: Transaction[Any], one: Pattern, rests_on: dict[Node, bool], found: Found) -> None:
    """It is not told anew while it is open; what it rests on now is kept beside what fired it."""
    gone = rests_on.keys() - found.standing
    fresh = found.records - rests_on.keys()
    counted = [(ground.sign, ground.count) for ground in found.grounds]
    if not gone and not fresh and counted == [(ground.sign, ground.count) for ground in one.words.now]:
        return
    store.drop_records(tx, one.pattern_id, gone)
    store.add_records(tx, one.pattern_id, fresh, later=True)
    grown = replace(one, needs=_needs(tx, one.kind, found), words=replace(one.words, now=found.grounds))
    store.put(tx, grown)
    _tell(tx, grown, (rests_on.keys() - gone) | fresh, fresh)


def _needs(tx: Transaction[Any], kind: Kind, found: Found) -> int:
    """How many of its records somebody must see to learn of it: fewer would tell of closed ones."""
    if kind is Kind.PERSON:
        return 1 if any(one.sign == "person_authorities" for one in found.grounds) else 2
    least = {one.code: one.least for one in signs(tx)}
    return min(least[one.sign] for one in found.grounds)


def _withdraw(tx: Transaction[Any], one: Pattern) -> None:
    store.put(tx, replace(one, state=WITHDRAWN))
    tx.publish(PatternWithdrawn(pattern_id=one.pattern_id))


def _tell(tx: Transaction[Any], one: Pattern, nodes: Collection[Node], fresh: Collection[Node]) -> None:
    tx.publish(
        PatternFound(
            pattern_id=one.pattern_id,
            reference=one.reference,
            kind=one.kind.value,
            setting_id=one.subject if one.kind is Kind.SETTING else "",
            contact_ids=tuple(sorted({contact_id for contact_id, _ in nodes})),
            added=tuple(sorted({contact_id for contact_id, _ in fresh})),
            needs=one.needs,
            grounds=tuple(
                PatternGround(
                    sign=each.sign, since=each.since, until=each.until, count=each.count, adults=each.adults,
                    expected=round(each.expected, 2), chance=round(each.chance, 6),
                )
                for each in one.words.now
            ),
            found_at=one.found_at,
        )
    )  # fmt: skip
