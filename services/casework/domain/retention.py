"""How long the records of a closed case are kept, and what keeps them longer."""

import tomllib
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from services.casework.domain.closing import Dossier
from services.casework.domain.subject import Subject
from shared.clock import LONDON
from shared.errors import Refused
from shared.keeping.erasure import Ground
from shared.vocabulary import Outcome

REMAINING, DISMISSED = "remaining", "dismissed"
ENDED_WORDS = {
    REMAINING: "Substantiated or unsubstantiated",
    DISMISSED: "Unfounded, false or malicious",
}
_DISMISSED = frozenset({Outcome.UNFOUNDED, Outcome.FALSE, Outcome.MALICIOUS})


@dataclass(frozen=True, kw_only=True)
class Term:
    """So many years from closing, or until the adult is so old (0: no age counts), whichever is later."""

    years: int
    age: int


Terms = Mapping[str, Term]


@cache
def _shipped() -> list[dict[str, Any]]:
    text = files("services.casework.domain").joinpath("retention.toml").read_text(encoding="utf-8")
    rules: list[dict[str, Any]] = tomllib.loads(text)["default"]
    return sorted(rules, key=lambda one: one["effective_from"])


def terms_of(own: Any, day: date) -> Terms:
    """The terms in force on a day: the last shipped ones by then, changed by what the authority says."""
    in_force = {one["ended"]: one for one in _shipped() if one["effective_from"] <= day} | (own or {})
    return {ended: Term(years=one["years"], age=one["age"]) for ended, one in in_force.items()}


def kept_until(dossier: Dossier, terms: Terms) -> date | None:
    """The day after which a closed case may be erased; None while it is open, or while an age counts that
    nobody knows."""
    closed_at = dossier.case.closed_at
    if closed_at is None:
        return None
    closed = closed_at.astimezone(LONDON).date()
    days = [_until(dossier, one, closed, terms) for one in dossier.subjects] or [
        _later(closed, terms[REMAINING].years)
    ]
    return None if None in days else max(day for day in days if day)


def _until(dossier: Dossier, adult: Subject, closed: date, terms: Terms) -> date | None:
    outcomes = [one.outcome for one in dossier.allegations if one.adult_id == adult.id]
    dismissed = bool(outcomes) and all(one in _DISMISSED for one in outcomes)
    term = terms[DISMISSED if dismissed else REMAINING]
    day = _later(closed, term.years)
    if not term.age:
        return day
    born = _latest_birth(adult.person.born)
    return max(day, _later(born, term.age)) if born else None


def check_ask(dossier: Dossier, ground: Ground, terms: Terms, today: date, *, held: bool) -> None:
    """Raises Refused while the case must be kept."""
    if held:
        raise Refused("This case is under a legal hold: it is kept until a manager lifts the hold.")
    if not dossier.case.is_closed:
        raise Refused("This case is still open. Close it first.")
    if ground is Ground.RETENTION:
        _check_term(dossier, kept_until(dossier, terms), today)


def _check_term(dossier: Dossier, until: date | None, today: date) -> None:
    # Inquiries asked all bodies to keep whatever touches the sexual abuse of children.
    if any("SEXUAL" in one.category for one in dossier.allegations):
        raise Refused("What touches child sexual abuse is kept, however long ago it was.")
    if until is None:
        raise Refused("No date follows from the rule, because the adult’s date of birth is not known.")
    if until >= today:
        raise Refused(f"This case is kept until {until.day} {until:%B %Y}.")


def _latest_birth(born: str) -> date | None:
    """The last day that a date of which a part may be missing can mean."""
    parts = born.split("-")
    if not all(part.isdecimal() for part in parts):
        return None
    year, month, day = (*map(int, parts), 0, 0)[:3]
    month = month or 12
    try:
        return date(year, month, day or monthrange(year, month)[1])
    except ValueError:
        return None


def _later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        # 29 February in a year without one.
        return date(day.year + years, 3, 1)
