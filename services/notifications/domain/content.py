"""What a notice must say, item by item, and how complete it is."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.notifications.domain.items import ITEMS, Material, by_hand
from services.notifications.domain.rule import Rule
from services.notifications.domain.words import spelt


@dataclass(frozen=True)
class Line:
    """One item of the list. `by_hand` says that a person wrote it for this notice; empty text is missing."""

    item: str
    label: str
    text: str
    required: bool
    by_hand: bool

    @property
    def missing(self) -> bool:
        """Whether nothing is known."""
        return not self.text


@dataclass(frozen=True)
class Completeness:
    """How much of a content list is there."""

    lines: tuple[Line, ...]

    @property
    def missing(self) -> tuple[Line, ...]:
        """Required items without a word."""
        return tuple(one for one in self.lines if one.required and one.missing)

    @property
    def percent(self) -> int:
        """Of the whole list, rounded down, so that 100 means complete."""
        return 100 * sum(not one.missing for one in self.lines) // len(self.lines) if self.lines else 100


def complete(rule: Rule, material: Material, answers: Mapping[str, str]) -> Completeness:
    """Fill a rule's content list; what a person wrote for this notice goes before what the case says."""
    return Completeness(tuple(_line(item, rule, material, answers) for item in rule.content))


def _line(item: str, rule: Rule, material: Material, answers: Mapping[str, str]) -> Line:
    # An authority's own item, which no case can fill, is written by hand.
    label, find = ITEMS.get(item, (spelt(item).capitalize(), by_hand))
    written = answers.get(item, "")
    return Line(item, label, written or find(material), item in rule.required, bool(written))
