"""What the front door keeps of an authority: how people reach it, how it looks, which words it uses."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

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


def closures_from(lines: Iterable[str]) -> list[str]:
    """Closure days as sorted ISO dates. Raises Invalid."""
    days = []
    for line in filter(str.strip, lines):
        try:
            days.append(date.fromisoformat(line.strip()).isoformat())
        except ValueError:
            words = "Write each closure on its own line as year, month and day, like 2026-12-29."
            raise Invalid("A closure is not a date.", {"closures": [words]}) from None
    return sorted(set(days))
