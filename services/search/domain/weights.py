"""The weights of the scorer as data: `weights.toml` beside this file, with a version that every score
carries."""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import resources
from typing import Any, NamedTuple


class Level(NamedTuple):
    """What a level of agreement is worth against a stranger, in bits.

    With `match` (how often the same adult shows this level) the worth is log2(match / share of the term in
    the index),
    kept between `least` and `most`.
    """

    bits: float = 0.0
    match: float = 0.0
    least: float = 0.0
    most: float = 0.0

    def worth(self, share: float) -> float:
        """Bits, given the share of people who have the value."""
        if not self.match:
            return self.bits
        return min(self.most, max(self.least, math.log2(self.match / share)))


@dataclass(frozen=True)
class Relation:
    """A way of being near somebody without being them.

    `expected` is how many such people an index holds for one query. `shared` is the probability that a
    field's value
    is common to both for that reason; `met` says how much more (or less) often than a stranger such a
    person shows a level.
    """

    name: str
    expected: float
    words: str
    flag: str
    shared: Mapping[str, float] = field(default_factory=dict)
    met: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """What one and the same adult changes at once, such as all first names and the title with them.

    `expected` is the share of adults of whom another source says so. `shown` is what each level is worth
    then.
    """

    name: str
    expected: float
    words: str
    shown: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Weights:
    """Everything that is fitted. Cut-offs of bands are probabilities; `population` is the least size
    assumed."""

    version: str
    expected: float
    population: int
    bands: Mapping[str, float]
    levels: Mapping[str, Mapping[str, Level]]
    words: Mapping[str, str]
    relations: tuple[Relation, ...]
    changes: tuple[Change, ...]
    smoothing: Mapping[str, tuple[float, float]]
    usual: Mapping[str, float]
    agrees: Mapping[str, str]
    publish: Mapping[str, float]

    def said(self, field: str, level: str) -> str:
        """A line's words for a practitioner."""
        if field == "near":
            return next(one.words for one in self.relations if one.name == level)
        if field == "change":
            return next(one.words for one in self.changes if one.name == level)
        return self.words[f"{field}.{level}"]

    def flag(self, near: str) -> str:
        """What to call somebody who is near in this way."""
        return next(one.flag for one in self.relations if one.name == near)


@cache
def shipped() -> Weights:
    """The weights that come with Heed."""
    return read(resources.files(__package__).joinpath("weights.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=8)
def read(text: str) -> Weights:
    """Weights from TOML. Raises ValueError when a part is missing or unknown."""
    try:
        return _made(tomllib.loads(text))
    except (KeyError, TypeError) as problem:
        raise ValueError(f"The weights lack or misname {problem}.") from None


def _made(table: dict[str, Any]) -> Weights:
    levels = {
        name: {level: Level(**_level(said)) for level, said in of.items()}
        for name, of in table["levels"].items()
    }
    words = {f"{name}.{level}": said for name, of in table["words"].items() for level, said in of.items()}
    relations = tuple(Relation(name=name, **of) for name, of in table["relations"].items())
    smoothing = {kind: (of["share"], of["strength"]) for kind, of in table["rarity"].items()}
    return Weights(
        version=table["version"],
        expected=table["prior"]["expected"],
        population=table["prior"]["population"],
        bands=table["bands"],
        levels=levels,
        words=words,
        relations=relations,
        changes=tuple(Change(name=name, **of) for name, of in table["changes"].items()),
        smoothing=smoothing,
        usual={f"n:{name}": share / 1000 for name, share in table["usual"].items()},
        agrees=table["agrees"],
        publish=table["publish"],
    )


def _level(said: float | dict[str, float]) -> dict[str, float]:
    return said if isinstance(said, dict) else {"bits": float(said)}
