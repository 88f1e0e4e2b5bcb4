"""Dates of which only a part may be known, as sources give them: `2026-02-25`, `2026-02` or `2026`."""

from datetime import date


def said_day(text: str) -> str:
    """In words: "25 February 2026", "February 2026"; a year, or anything else, as it is."""
    whole = text.count("-") == 2
    try:
        day = date.fromisoformat(text if whole else f"{text}-01")
    except ValueError:
        return text
    return f"{day.day} {day:%B %Y}" if whole else f"{day:%B %Y}"
