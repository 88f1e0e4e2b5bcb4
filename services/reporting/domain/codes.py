"""Codes as they may be kept in the open."""

import re

from services.reporting.domain.facts import UNKNOWN
from shared.contracts.people import Person

# Publishers send codes; should words come in a code's place, they may name somebody.
_CODE = re.compile(r"[A-Za-z0-9_.-]{1,60}")


def code(text: str) -> str:
    """A code; what is no code is kept as OTHER, so that no words slip in."""
    if not text:
        return UNKNOWN
    return text if _CODE.fullmatch(text) else "OTHER"


def work_of(adult: Person | None) -> dict[str, str]:
    """Sector and role of the first thing that an adult does."""
    if adult is None or not adult.work:
        return {"sector": UNKNOWN, "role": UNKNOWN}
    return {"sector": code(adult.work[0].sector), "role": code(adult.work[0].role)}
