"""Patterns looked for anew whenever something happened about a contact."""

from collections.abc import Collection, Container, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from services.search.actions import adults, comparing, settling
from services.search.domain import patterns
from services.search.domain.clusters import Node
from services.search.domain.patterns import Found, Kind, Limit
from services.search.store import concerns, mentions, settings
from services.search.store import patterns as store
from services.search.store.patterns import Pattern
from shared import replicas
from shared.actor import Scope
from shared.contracts.message import Origin
from shared.store.transaction import Transaction

KIND = "pattern_signs"
# An imported history alerts nobody; its concerns count as soon as something happens.
_TELLING = frozenset({Origin.LIVE, Origin.DEMO})


@dataclass(frozen=True)
class Touched:
    """Whose patterns may have changed; `adults` are the patterns there are of such."""

    records: frozenset[Node] = frozenset()
    settings: frozenset[str] = frozenset()
    bodies: frozenset[str] = frozenset()
    adults: frozenset[str] = frozenset()


class _Resting(NamedTuple):
    """A pattern about an adult, and the records that it rests on."""

    pattern: Pattern
    records: frozenset[Node]


def signs(tx: Transaction[Any]) -> tuple[Limit, ...]:
    """The signs in use, as the authority has set them."""
    return tuple(one for one in patterns.read(replicas.configuration(tx, KIND)) if one.on)


def touched(tx: Transaction[Any], contact_ids: Collection[str]) -> Touched:
    """The adults, settings and bodies of these contacts, and of the patterns that rest on them."""
    if tx.scope.origin not in _TELLING:
        return Touched()
    found = store.of_contacts(tx, contact_ids)
    about_adults = frozenset(one.pattern_id for one in found if one.kind is Kind.PERSON)
    rests_on = store.records(tx, about_adults)
    places = concerns.places(tx, contact_ids)
    ids = {setting_id for of in places.values() for setting_id in of}
    ids |= {one.subject for one in found if one.kind is Kind.SETTING}
    bodies = {one.provider_id for one in settings.sized(tx, ids).values()} if ids else set()
    bodies |= {one.subject for one in found if one.kind is Kind.PROVIDER}
    nodes = {node for of in rests_on.values() for node in of} | mentions.who(tx, contact_ids)
    return Touched(frozenset(nodes), frozenset(ids), frozenset(bodies - {""}), about_adults)


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
    settling.take_back_bare(tx, about.adults)
    standing = store.of_subjects(tx, Kind.SETTING, about.settings)
    found = places(tx, about.settings, limits, whole=standing)
    for subject in sorted(about.settings):
        settling.settle(tx, Kind.SETTING, subject, standing.get(subject, []), found[subject], limits)
    standing = store.of_subjects(tx, Kind.PROVIDER, about.bodies)
    for subject in sorted(about.bodies):
        of = standing.get(subject, [])
        now = body(tx, subject, limits, whole=bool(of))
        settling.settle(tx, Kind.PROVIDER, subject, of, now, limits)


def _look_at_adults(tx: Transaction[Any], records: Collection[Node], limits: Sequence[Limit]) -> None:
    found = adults.behind(tx, records)
    standing, settled = _resting_on(tx, {node for one in found for node in one.records}), set[str]()
    # No pattern rests on most adults, who were named once.
    left = [one for one in found if not one.is_unremarkable or _those(standing, one.records)]
    amounts = adults.amount(tx, left, _of(limits, Kind.PERSON))
    for one, amount in zip(left, amounts, strict=True):
        known = _those(standing, one.records)
        # What was one adult and is two now: the first of them may have changed what it rests on.
        if settled & {each.pattern_id for each in known}:
            known = _those(_resting_on(tx, one.records), one.records)
        settled |= {each.pattern_id for each in known}
        settling.settle(tx, Kind.PERSON, "", known, amount, limits)


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


def _resting_on(tx: Transaction[Any], records: Collection[Node]) -> list[_Resting]:
    found = store.of_contacts(tx, {node[0] for node in records}) if records else []
    people = [one for one in found if one.kind is Kind.PERSON]
    rests_on = store.records(tx, [one.pattern_id for one in people])
    return [_Resting(one, frozenset(rests_on.get(one.pattern_id, ()))) for one in people]


def _those(resting: Iterable[_Resting], records: Collection[Node]) -> list[Pattern]:
    return [one.pattern for one in resting if not one.records.isdisjoint(records)]
