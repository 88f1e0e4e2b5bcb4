"""One pair of portraits weighed: lines in bits that sum to the score, and who else would explain the
agreement."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from services.search.domain import birth, likeness, places, reach, registrations, workplaces
from services.search.domain.portrait import Portrait
from services.search.domain.weights import Change, Relation, Weights
from shared.vocabulary import Band

NAME_FIELDS = frozenset({"given", "middle", "surname", "order"})
_UNLIKE = frozenset({"different", "close"})
# Below what is worth showing.
_HOPELESS, _SLIGHT = -6.7, -0.005


class Line(NamedTuple):
    """One line of the waterfall. `field` and `level` name words in the weights."""

    field: str
    level: str
    bits: float


@dataclass(frozen=True)
class Rarity:
    """How many of the people indexed have a term; smoothed, so that a young index does not call everything
    rare."""

    counts: Mapping[str, int]
    people: int

    def share(self, term: str, weights: Weights) -> float:
        """The share of people who have it, never 0."""
        usual, strength = weights.smoothing[term[0]]
        usual = weights.usual.get(term, usual)
        return (self.counts.get(term, 0) + usual * strength) / (self.people + strength)


class Score(NamedTuple):
    """`lines` sum to `bits`, the log2 odds that both are one adult; `near` names the relation that explains
    it as well."""

    bits: float
    lines: tuple[Line, ...]
    near: str = ""

    @property
    def probability(self) -> float:
        """Between 0 and 1."""
        return 1.0 / (1.0 + math.exp2(-max(-60.0, min(60.0, self.bits))))


class Scorer:
    """Weighs candidates for one query: the rarity of the query's own values is looked up once."""

    def __init__(self, weights: Weights, rarity: Rarity) -> None:
        self._weights = weights
        self._rarity = rarity
        self._people = max(weights.population, rarity.people)
        self._lines: dict[tuple[str, str, str], Line] = {}
        self._bands = [(math.log2(weights.bands[band] / (1 - weights.bands[band])), band) for band in Band]

    def score(self, mine: Portrait, theirs: Portrait) -> Score:
        """Weigh one pair. A hopeless one is returned without looking for who else would explain it."""
        lines = self._compared(mine, theirs)
        # Before anything agrees: how likely any one record of the region is the adult asked for.
        start = math.log2(self._weights.expected / self._people)
        if change := self._changed(lines):
            lines.append(change)
        bits = start + sum(line.bits for line in lines)
        lines.append(Line("start", "population", start))
        # Most candidates end here; explaining them away would cost more than all the rest.
        if bits < _HOPELESS:
            return Score(bits, tuple(lines))
        near, cost = self._explained(lines)
        # Not below where nobody is asked who else it may be: more evidence would make a pair less likely.
        cost = max(cost, _HOPELESS - bits)
        if cost > _SLIGHT:
            return Score(bits, tuple(lines))
        lines.append(Line("near", near, cost))
        bits += cost
        is_doubtful = cost < -1.0 and bits < self._bands[0][0]
        return Score(bits, tuple(lines), near if is_doubtful else "")

    def levels(self, mine: Portrait, theirs: Portrait) -> dict[str, str]:
        """The level of each field that both sides fill in, which is what weights are learnt from."""
        return {line.field: line.level for line in self._compared(mine, theirs)}

    def band(self, score: Score) -> Band | None:
        """None below what is worth showing."""
        return next((band for least, band in self._bands if score.bits >= least), None)

    def agrees(self, score: Score) -> tuple[str, ...]:
        """The kinds of field that agree, named without a value."""
        said = (self._weights.agrees.get(f"{line.field}.{line.level}") for line in score.lines)
        named = {
            line.field: line.level not in _UNLIKE
            for line in score.lines
            if line.field in {"given", "surname"}
        }
        name = (
            "name" if named and all(named.values()) else "part of the name" if any(named.values()) else None
        )
        return tuple(dict.fromkeys(one for one in (name, *said) if one))

    def _line(self, field: str, level: str, term: str = "") -> Line:
        key = field, level, term
        known = self._lines.get(key)
        if known is None:
            measure = self._weights.levels[field][level]
            worth = measure.worth(self._rarity.share(term, self._weights) if term else 1.0)
            known = self._lines[key] = Line(field, level, worth)
        return known

    def _compared(self, mine: Portrait, theirs: Portrait) -> list[Line]:
        lines = self._names(mine, theirs)
        level = birth.compare(mine.birth, theirs.birth)
        if level:
            lines.append(self._line("birth", level))
        if mine.registrations and theirs.registrations:
            level, _ = registrations.compare(mine.registrations, theirs.registrations)
            if level:
                lines.append(self._line("registration", level))
        if mine.places and theirs.places:
            lines.extend(self._places(mine, theirs))
        lines.extend(self._reached(mine, theirs))
        lines.extend(self._worked(mine, theirs))
        if mine.sex and theirs.sex:
            lines.append(self._line("title", _title(mine, theirs, lines)))
        return lines

    def _names(self, mine: Portrait, theirs: Portrait) -> list[Line]:
        best: list[Line] = []
        most = -math.inf
        for one in mine.names:
            for other in theirs.names:
                lines = self._aligned(likeness.align(one, other))
                bits = sum(line.bits for line in lines)
                if bits > most:
                    best, most = lines, bits
        extra = len(mine.names) * len(theirs.names) - 1
        if extra > 0:
            several = self._weights.levels["order"]["several"].bits
            # With many names on both sides the best pair looks good by chance: that is taken off again.
            best = [*best, Line("order", "several", several * min(extra, 3))]
        return best

    def _aligned(self, way: likeness.Alignment) -> list[Line]:
        lines = []
        if way.given.level:
            lines.append(self._line("given", *way.given))
        if way.middle.level:
            lines.append(self._line("middle", *way.middle))
        if way.surname.level:
            lines.append(self._line("surname", *way.surname))
        if way.order:
            lines.append(self._line("order", way.order))
        return lines

    def _places(self, mine: Portrait, theirs: Portrait) -> Iterator[Line]:
        found = []
        for one in mine.places:
            for other in theirs.places:
                level = places.compare(one, other)
                if level:
                    found.append(
                        self._line("address", level, f"o:{one.district}" if level == "district" else "")
                    )
        if found:
            yield max(found, key=lambda line: line.bits)
        town = places.compare_towns(mine.places, theirs.places)
        if town:
            yield self._line("town", town)

    def _reached(self, mine: Portrait, theirs: Portrait) -> Iterator[Line]:
        if mine.phones and theirs.phones:
            common = set(mine.phones) & set(theirs.phones)
            if common:
                # One number is evidence once: a second one in common mostly belongs to the same household.
                number = max(common, key=reach.is_mobile)
                yield self._line("phone", "mobile" if reach.is_mobile(number) else "landline", f"p:{number}")
            else:
                yield self._line("phone", "different")
        if mine.emails and theirs.emails:
            yield self._mailed(set(mine.emails), set(theirs.emails))

    def _mailed(self, mine: set[str], theirs: set[str]) -> Line:
        common = mine & theirs
        if common:
            return self._line("email", "same", f"e:{min(common)}")
        # The part before the @ often moves with a person from one provider to the next.
        boxes = {one.partition("@")[0] for one in mine} & {one.partition("@")[0] for one in theirs}
        return self._line("email", "box" if any(len(box) > 5 for box in boxes) else "different")

    def _worked(self, mine: Portrait, theirs: Portrait) -> Iterator[Line]:
        level, found = workplaces.best(mine.workplaces, theirs.workplaces)
        if level:
            yield self._line("workplace", level, found.term if found and level == "same" else "")
        if mine.jobs and theirs.jobs:
            common = set(mine.jobs) & set(theirs.jobs)
            yield self._line("job", "same", f"r:{min(common)}") if common else self._line("job", "different")

    def _changed(self, lines: list[Line]) -> Line | None:
        """What is given back because one change explains several differences, which were weighed each on
        its own."""
        found = [(one.expected * math.exp2(_forgiven(one, lines)), one.name) for one in self._weights.changes]
        most, name = max(found, default=(0.0, ""))
        rest = 1.0 - sum(one.expected for one in self._weights.changes)
        back = math.log2(rest + sum(weight for weight, _ in found))
        return Line("change", name, back) if back > -_SLIGHT and most > 0 else None

    def _explained(self, lines: list[Line]) -> tuple[str, float]:
        """The relation that explains the agreement best beside strangers, and what that takes off the
        score."""
        found = [
            # Beyond that a float overflows, and nothing changes any more.
            (math.exp2(min(900.0, _agreement(relation, lines))) * relation.expected, relation.name)
            for relation in self._weights.relations
        ]
        total = self._people + sum(weight for weight, _ in found)
        return max(found, default=(0.0, ""))[1], math.log2(self._people / total)


def _title(mine: Portrait, theirs: Portrait, lines: Sequence[Line]) -> str:
    if mine.sex == theirs.sex:
        return "same"
    # Whoever lives as another sex changes both: the first name has said it already.
    return "with_name" if any(line[:2] == ("given", "different") for line in lines) else "different"


def _forgiven(change: Change, lines: list[Line]) -> float:
    """How many bits the differences cost more than they do after such a change."""
    shown = change.shown
    return sum(
        shown[line.field][line.level] - line.bits
        for line in lines
        if line.field in shown and line.level in shown[line.field]
    )


def _agreement(relation: Relation, lines: list[Line]) -> float:
    """log2 of how much more often this relation shows these levels than a stranger."""
    bits = 0.0
    for line in lines:
        field = line.level if line.field == "phone" else line.field
        share = relation.shared.get(field)
        if share is not None:
            bits += math.log2(share * math.exp2(line.bits) + 1.0 - share)
        elif field in relation.met:
            bits += math.log2(relation.met[field].get(line.level, 1.0))
    return bits
