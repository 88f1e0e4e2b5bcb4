"""When concerns about one adult, one setting or one body are a pattern, and how often chance alone would
bring as many.
"""

import math
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

from services.search.domain.clusters import Node
from shared.vocabulary import Outcome

MONTH = timedelta(days=365.25 / 12)
# An own past shorter than this says nothing about what is usual; of a longer one the latest years count.
SHORTEST_PAST, LONGEST_PAST = 12, 36
# A shown-to-be-untrue allegation is no mark against anybody, so it makes no pattern.
CLEARED = frozenset({Outcome.MALICIOUS.value, Outcome.FALSE.value})
_NEGLIGIBLE = 1e-12


class Kind(StrEnum):
    """What a pattern is about."""

    PERSON = "person"
    SETTING = "setting"
    PROVIDER = "provider"


class Finding(StrEnum):
    """What whoever looked at a pattern found."""

    ACTED = "acted"
    EXPLAINED = "explained"


class Limit(NamedTuple):
    """From when on a sign tells. `months` 0 is ever; `one_in` 0 compares with nothing; `largest` 0 is any
    size.
    """

    code: str
    months: int = 0
    least: int = 2
    adults: int = 1
    one_in: int = 0
    largest: int = 0
    on: bool = True

    @property
    def kind(self) -> Kind:
        """What it is a sign about."""
        return Kind(self.code.partition("_")[0])

    def since(self, now: datetime) -> datetime | None:
        """When its window begins; None for ever."""
        return now - self.months * MONTH if self.months else None


_ELSEWHERE = "person_authorities"


class Concern(NamedTuple):
    """One contact, with those of its adults that count here."""

    contact_id: str
    at: datetime
    adults: frozenset[Node]


@dataclass(frozen=True)
class Ground:
    """One sign that holds, as it was counted. Compared with `others` concerns elsewhere or earlier, `share`
    is the part of all children (or of all time) that is here; it is 0 when nothing was compared.
    """

    sign: str
    until: datetime
    since: datetime | None
    count: int
    adults: int = 0
    others: int = 0
    share: float = 0.0

    @property
    def expected(self) -> float:
        """How many there would be here if it were here as it is elsewhere or was earlier."""
        return self.others * self.share / (1 - self.share)

    @property
    def chance(self) -> float:
        """How likely chance alone brings as many here."""
        return chance(self.count, self.others, self.share) if self.share else 0.0

    def covers(self, at: datetime) -> bool:
        """Whether a concern of that moment is in its window."""
        return (self.since is None or at >= self.since) and at <= self.until

    def among(self, count: int) -> "Ground":
        """The same if only so many of its concerns were known."""
        return replace(self, count=min(self.count, count))


@dataclass(frozen=True)
class Found:
    """The grounds of a pattern, the records they rest on, and all records that count, however old; of an
    adult also how many authorities may hold one.
    """

    grounds: tuple[Ground, ...] = ()
    records: frozenset[Node] = frozenset()
    standing: frozenset[Node] = frozenset()
    authorities: int = 0


@dataclass(frozen=True)
class Elsewhere:
    """What a count is compared with."""

    others: int
    share: float


@dataclass(frozen=True)
class Compared:
    """Everything that a setting or body can be compared with, by sign; `heads` is None when not known."""

    heads: int | None = None
    by_sign: Mapping[str, Elsewhere] = field(default_factory=dict)


def chance(count: int, others: int, share: float) -> float:
    """How likely at least `count` of all these concerns fall here if each does with probability `share`.

    Exact for two rates of rare events (Przyborowski and Wilenski 1940): few concerns elsewhere make it less
    sure, which a comparison with a rate taken as known would hide.
    """
    whole = count + others
    if count <= 0:
        return 1.0
    if count > whole * share:
        return min(1.0, _tail(count, whole, share))
    # Counted from the thin end: the thick one would underflow to nothing.
    return max(0.0, 1.0 - _tail(others + 1, whole, 1 - share))


def _tail(count: int, whole: int, share: float) -> float:
    """How likely at least `count` of `whole`, where that is more than there should be."""
    log_term = math.lgamma(whole + 1) - math.lgamma(count + 1) - math.lgamma(whole - count + 1)
    term = math.exp(log_term + count * math.log(share) + (whole - count) * math.log1p(-share))
    total, odds = term, share / (1 - share)
    for k in range(count, whole):
        term *= (whole - k) / (k + 1) * odds
        total += term
        if term < total * _NEGLIGIBLE:
            break
    return total


def of_person(
    concerns: Collection[Concern], places: Mapping[str, frozenset[str]], authorities: int,
    limits: Iterable[Limit], now: datetime,
) -> Found:  # fmt: skip
    """Whether concerns about one adult are a pattern. `places` are the settings of each contact,
    `authorities` those that may hold a record, the own one included.
    """
    grounds, records = [], set[Node]()
    for limit in limits:
        within = _within(concerns, limit, now)
        counted = {
            "person_concerns": len(within),
            "person_settings": _apart([places.get(one.contact_id, frozenset()) for one in within]),
            _ELSEWHERE: authorities if within else 0,
        }[limit.code]
        if counted >= limit.least:
            grounds.append(Ground(limit.code, now, limit.since(now), counted, 1))
            records |= _records(within)
    return Found(tuple(grounds), frozenset(records), frozenset(_records(concerns)), authorities)


def known_elsewhere_no_more(fired: Iterable[Ground], authorities: int) -> bool:
    """Whether it rested on nothing but that so many authorities may know the adult, and fewer do now."""
    counts = {one.sign: one.count for one in fired}
    return counts.keys() == {_ELSEWHERE} and authorities < counts[_ELSEWHERE]


def of_place(
    concerns: Collection[Concern], one_adult: Mapping[Node, str], compared: Compared, limits: Iterable[Limit],
    now: datetime,
) -> Found:  # fmt: skip
    """Whether concerns at a setting, or at those that one body runs, are a pattern. `one_adult` names the
    person of records that are held to be of one.
    """
    grounds, records = [], set[Node]()
    for limit in limits:
        within = _within(concerns, limit, now)
        adults = len({one_adult.get(node, node) for one in within for node in one.adults})
        if len(within) < limit.least or adults < limit.adults:
            continue
        ground = _ground(limit, len(within), adults, compared, now)
        if ground is not None:
            grounds.append(ground)
            records |= _records(within)
    return Found(tuple(grounds), frozenset(records), frozenset(_records(concerns)))


def _ground(limit: Limit, count: int, adults: int, compared: Compared, now: datetime) -> Ground | None:
    made = Ground(limit.code, now, limit.since(now), count, adults)
    if not limit.one_in:
        is_small = not limit.largest or compared.heads is None or compared.heads <= limit.largest
        return made if is_small else None
    beside = compared.by_sign.get(limit.code)
    if beside is None or not 0 < beside.share < 1:
        return None
    made = replace(made, others=beside.others, share=beside.share)
    return made if made.chance * limit.one_in <= 1 else None


def _within(concerns: Collection[Concern], limit: Limit, now: datetime) -> list[Concern]:
    since = limit.since(now)
    return [one for one in concerns if since is None or one.at >= since]


def _records(concerns: Iterable[Concern]) -> set[Node]:
    return {node for one in concerns for node in one.adults}


def _apart(places: Iterable[frozenset[str]]) -> int:
    """At how many different settings, when one contact may name several: those that no earlier one named."""
    seen, number = frozenset[str](), 0
    for some in places:
        number += bool(some) and not some & seen
        seen |= some
    return number


@cache
def shipped() -> tuple[Limit, ...]:
    """The signs that Heed ships."""
    table = tomllib.loads(resources.files(__package__).joinpath("patterns.toml").read_text(encoding="utf-8"))
    return tuple(Limit(**one) for one in table["signs"])


def read(own: Any) -> tuple[Limit, ...]:
    """An authority's signs: the shipped ones with its own limits over them."""
    said = {one["code"]: one for one in own["signs"]} if isinstance(own, Mapping) else {}
    return tuple(
        one._replace(**{k: v for k, v in said.get(one.code, {}).items() if k not in ("code", "words")})
        for one in shipped()
    )


def with_change(own: Any, entry: Mapping[str, Any]) -> dict[str, Any]:
    """The authority's limits as written, with one sign as given."""
    said = {one["code"]: one for one in own["signs"]} if isinstance(own, Mapping) else {}
    return {"signs": list({**said, entry["code"]: dict(entry)}.values())}
