"""What the front door keeps of an authority: how people reach it, how it looks, which words it uses."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from shared.errors import Invalid

# The code stands in addresses, folders and topics, so it is plain and never changes.
_CODE = re.compile(r"^[a-z][a-z0-9-]{1,39}$")
_WORD = re.compile(r"^[a-z0-9-]{0,40}$")


@dataclass(frozen=True, kw_only=True)
class AuthorityRecord:
    """The whole value of the configuration `authority`. `terms` are its own words for canonical codes."""

    display_name: str
    contact_route: str = ""
    pooled: bool = False
    theme: str = ""
    phone: str = ""
    child_referral_phone: str = ""
    terms: dict[str, str] = field(default_factory=dict)


def check_authority(code: str, record: AuthorityRecord) -> AuthorityRecord:
    """The same, when it is complete. Raises Invalid."""
    problems: dict[str, list[str]] = {}
    if not _CODE.match(code):
        problems["code"] = ["Use 2 to 40 small letters, figures and dashes, starting with a letter."]
    if not record.display_name.strip():
        problems["display_name"] = ["Enter the name of the authority."]
    if not _WORD.match(record.theme):
        problems["theme"] = ["Use the name of a theme."]
    if problems:
        raise Invalid("The record of the authority is not complete. Correct the parts named.", problems)
    return record


_WRITTEN = ("%d %B %Y", "%d %b %Y", "%d/%m/%Y", "%d %m %Y", "%Y-%m-%d")
_LONGEST = timedelta(days=60)


def closures_from(lines: Iterable[str]) -> list[str]:
    """Closure days as sorted ISO dates; a line is a day, or the first and the last of several. Raises
    Invalid.
    """
    return sorted({day.isoformat() for line in lines if line.strip() for day in _days(line)})


def _days(line: str) -> list[date]:
    first, _, last = (part.strip() for part in line.partition(" to "))
    since, until = _day(first), _day(last or first)
    if not timedelta(0) <= until - since <= _LONGEST:
        words = "Write the earlier day first, and no more than 60 days in one line."
        raise Invalid("A closure does not end.", {"closures": [words]})
    return [since + timedelta(days=number) for number in range((until - since).days + 1)]


def _day(text: str) -> date:
    for written in _WRITTEN:
        try:
            return datetime.strptime(text, written).date()  # noqa: DTZ007  a day of the calendar has no zone
        except ValueError:
            continue
    words = "Write each day on its own line, like 29 December 2026, or the first and the last of several."
    raise Invalid("A closure is not a date.", {"closures": [words]})
