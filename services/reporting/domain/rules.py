"""How an authority's figures are made: rounding, suppression, and what it calls a referral."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from services.reporting.domain.rounding import Rounding, change, percent
from services.reporting.domain.suppression import is_small
from services.reporting.domain.tallies import Definition
from shared.errors import Invalid


@dataclass(frozen=True)
class Rules:
    """`places` are decimals of a percentage, 0 or 1; counts from 1 to `limit` are held back, 0 holds nothing
    back.
    """

    rounding: Rounding
    places: int
    limit: int
    referral: Definition

    def percent(self, count: int | None, base: int | None) -> str:
        """A share as printed; '' when a part is held back or there is no base."""
        return "" if count is None or not base else percent(count, base, self.rounding, self.places)

    def rate(self, count: int, base: int) -> str:
        """The same of a count that its base gives away: '' as well when count or remainder is small."""
        if is_small(count, self.limit) or is_small(base - count, self.limit) or is_small(base, self.limit):
            return ""
        return self.percent(count, base)

    def change(self, now: int | None, before: int | None) -> str:
        """The difference to the time before, in per cent of it, with its sign."""
        return "" if now is None or not before else change(now, before, self.rounding, self.places)

    @property
    def sentence(self) -> str:
        """What a reader must know beside every table."""
        how = "cut off" if self.rounding is Rounding.TRUNCATE else "rounded half up"
        decimals = "to one decimal" if self.places else "to whole numbers"
        small = f"Counts from 1 to {self.limit} are held back, and others that would give them away."
        return f"Percentages are {how} {decimals}. {small if self.limit else 'No count is held back.'}"


def rules_of(authority: str, own: Mapping[str, Any] | None = None) -> Rules:
    """The shipped rules of an authority, changed by its own configuration of kind `figures`.

    Raises Invalid.
    """
    shipped = _shipped()
    return _read({**shipped["default"], **shipped.get(authority, {}), **(own or {})})


def asked(rules: Rules, rounding: str, places: str, suppress: str, least: int) -> Rules:
    """The rules with what a reader chose in the URL; nobody gets below the limit `least`. Raises Invalid."""
    try:
        mode = Rounding(rounding) if rounding else rules.rounding
        digits = int(places) if places else rules.places
        limit = int(suppress) if suppress else rules.limit
    except ValueError:
        raise Invalid("Choose rounding, decimals and suppression from the lists.") from None
    # The limit an authority set for its readers is a floor here: an address can only ask for more.
    if digits not in {0, 1} or not 0 <= limit <= 100:
        raise Invalid("Choose no or one decimal, and a suppression limit from 0 to 100.")
    return replace(rules, rounding=mode, places=digits, limit=max(limit, least))


def _read(value: Mapping[str, Any]) -> Rules:
    try:
        return Rules(
            Rounding(value["rounding"]),
            int(value["places"]),
            int(value["limit"]),
            Definition(value["referral"]),
        )
    except (KeyError, ValueError):
        raise Invalid(
            "The configuration of the figures does not read. Ask an administrator to correct it."
        ) from None


@cache
def _shipped() -> dict[str, dict[str, Any]]:
    return tomllib.loads(files(__package__).joinpath("figures.toml").read_text(encoding="utf-8"))
