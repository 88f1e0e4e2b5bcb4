"""The pages of casework, by what they are about."""

from services.casework.web.pages import (
    case,
    chronology,
    closing,
    erasing,
    facts,
    front,
    listing,
    meetings,
    outcome,
)
from services.casework.web.pages.door import blueprint

__all__ = [
    "blueprint",
    "case",
    "chronology",
    "closing",
    "erasing",
    "facts",
    "front",
    "listing",
    "meetings",
    "outcome",
]
