"""How dates and numbers are written for people, in Europe/London."""

from datetime import date, datetime

from markupsafe import Markup, escape

from shared.clock import LONDON


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


def multiline(text: str) -> Markup:
    """Plain text with its line breaks."""
    return Markup("<br>\n").join(escape(line) for line in text.splitlines())
