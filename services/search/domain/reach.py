"""Telephone numbers and e-mail addresses in one form; what belongs to an office is no evidence of a
person."""

import re
from functools import lru_cache

import phonenumbers

from services.search.domain.lists import listed
from services.search.domain.script import LONGEST

_MAILBOXES = listed("mailboxes")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_BETWEEN = re.compile(r"[\s().-]+")
_BRITISH = re.compile(r"(?:0|0044|\+44)[1-9]\d{9}")
_DIGITS = re.compile(r"\d")


@lru_cache(maxsize=65_536)
def phone(text: str) -> str:
    """E.164 of a possible number, read as British without a country code; empty for anything else."""
    digits = _BETWEEN.sub("", text[:40])
    # Most are plain British numbers, for which the library of all countries is slow.
    if _BRITISH.fullmatch(digits):
        return f"+44{digits[-10:]}" if len(set(digits[-10:])) > 2 else ""
    try:
        number = phonenumbers.parse(text[:40], "GB")
    except phonenumbers.NumberParseException:
        return ""
    # Fewer than three different digits: 00000, 11111 and their like are placeholders.
    if not phonenumbers.is_possible_number(number) or len(set(str(number.national_number))) < 3:
        return ""
    return f"+{number.country_code}{number.national_number}"


def is_mobile(number: str) -> bool:
    """A British mobile number is mostly one person's; a landline is a household's."""
    return number.startswith("+447")


@lru_cache(maxsize=65_536)
def email(text: str) -> str:
    """A personal address in lower case without a tag; empty for role mailboxes and what is no address."""
    address = text.strip().lower()[:LONGEST]
    if not _ADDRESS.fullmatch(address):
        return ""
    box, _, domain = address.partition("@")
    # What follows a plus only sorts the owner's mail; the box is the same.
    box = box.partition("+")[0]
    return "" if not box or _DIGITS.sub("", box) in _MAILBOXES else f"{box}@{domain}"
