"""How dates and numbers are written for people, in Europe/London."""

from datetime import date, datetime

from markupsafe import Markup, escape

from shared.clock import LONDON
from shared.contracts.files import CLEAN, NOT_SCANNED


def date_words(value: date | datetime | None) -> str:
    """`27 March 2026`; empty for None."""
    if value is None:
        return ""
    day = value.astimezone(LONDON).date() if isinstance(value, datetime) else value
    return f"{day.day} {day:%B %Y}"


def moment_words(value: datetime | None) -> str:
    """`27 March 2026 at 2:30pm`; empty for None."""
    if value is None:
        return ""
    local = value.astimezone(LONDON)
    return f"{date_words(local)} at {local.hour % 12 or 12}:{local:%M}{'am' if local.hour < 12 else 'pm'}"


def number(value: float) -> str:
    """With a comma per thousand."""
    return f"{value:,}"


def quoted(reference: str) -> str:
    """What people of two authorities tell each other for the reference of a pointer: `PR-9260E0FE`."""
    return f"PR-{reference[-8:].upper()}"


def size_words(size: int) -> str:
    """Bytes as `12 KB` or `3.4 MB`, rounded up, so that nothing has no size."""
    if size < 1_000_000:
        return f"{-(-size // 1000)} KB"
    return f"{-(-size // 100_000) / 10} MB"


def scan_words(state: str) -> str:
    """What is known of malware in a file."""
    known = {NOT_SCANNED: "Not checked for malware", CLEAN: "No malware found"}
    return known.get(state, "Held back: it may hold malware")


def multiline(text: str) -> Markup:
    """Plain text with its line breaks."""
    return Markup("<br>\n").join(escape(line) for line in text.splitlines())
