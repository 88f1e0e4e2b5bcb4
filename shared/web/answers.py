"""How the parts of a question are read: cleaned text, dates in three boxes, moments, files."""

import re
import unicodedata
from datetime import UTC, date, datetime
from typing import Any

from marshmallow import ValidationError, fields
from werkzeug.datastructures import MultiDict

from shared.clock import LONDON
from shared.web.host import visit

LONGEST = 20_000
# What stood where nothing could be read, and marks that turn the order of what is read after them.
_MISLEADING = frozenset("\ufffd\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TIME = re.compile(r"(\d{1,2})(?:[:.]?(\d{2}))?\s*(am|pm)?", re.ASCII | re.IGNORECASE)
_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_DATE_PARTS, _MOMENT_PARTS = ("day", "month", "year"), ("day", "month", "year", "time")


class General(str):
    """A sentence that fits any question, so it is said with the question that it is about."""


class PartialDate(fields.String):
    """A past date of which only the year, or year and month, may be known: `YYYY`, `YYYY-MM` or
    `YYYY-MM-DD`; empty when nothing is.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(metadata={"pattern": f"^({_PARTIAL.pattern})?$"}, **kwargs)

    def _deserialize(self, value: Any, *rest: Any, **more: Any) -> str:
        text = str(super()._deserialize(value, *rest, **more))
        found = _PARTIAL.fullmatch(text)
        if text and not found:
            raise ValidationError(General("Write YYYY, YYYY-MM or YYYY-MM-DD."))
        # A program may send a day that no calendar has, or one to come, as well as a person.
        return _past(_partial(*found.groups("")[::-1])) if found else ""


class Moment(fields.Field[datetime]):
    """A date in three boxes and a time of day in Europe/London; loads as an aware UTC moment."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> datetime:
        return datetime.fromisoformat(value).replace(tzinfo=LONDON).astimezone(UTC)


class Upload(fields.Field[Any]):
    """The files somebody chose, as a list; `most` limits how many."""

    def __init__(self, *, most: int = 1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most = most

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        if len(value) > self.most:
            raise ValidationError(
                General(f"Choose {self.most} files or fewer." if self.most > 1 else "Choose one file.")
            )
        return value


def parts_of(field: fields.Field[Any]) -> tuple[str, ...]:
    """The suffixes of the boxes that make up one answer; empty for an ordinary one."""
    if isinstance(field, Moment):
        return _MOMENT_PARTS
    return _DATE_PARTS if isinstance(field, (PartialDate, fields.Date)) else ()


def gather(name: str, field: fields.Field[Any], form: MultiDict[str, str], files: MultiDict[str, Any]) -> Any:
    """What was answered, ready for the field; None when nothing was. Raises ValidationError."""
    if isinstance(field, Upload):
        return [one for one in files.getlist(name) if one.filename] or None
    if isinstance(field, fields.List):
        return [text for text in map(clean, form.getlist(name)) if text] or None
    boxes = parts_of(field)
    if not boxes:
        return clean(form.get(name, "")) or None
    given = [clean(form.get(f"{name}-{box}", "")) for box in boxes]
    if not any(given):
        return None
    return _joined(field, given)


def _joined(field: fields.Field[Any], given: list[str]) -> str:
    if isinstance(field, PartialDate):
        return _partial(*given)
    day = _whole(*given[:3]).isoformat()
    return f"{day}T{_clock_time(given[3])}" if isinstance(field, Moment) else day


def clean(text: str) -> str:
    """Composed Unicode without surrounding space. Raises ValidationError for what nobody can read or nobody
    needs."""
    # Word processors paste a vertical tab for a line break within a paragraph.
    text = unicodedata.normalize(
        "NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n")
    ).strip()
    if len(text) > LONGEST:
        raise ValidationError(General(f"Use {LONGEST:,} characters or fewer."))
    if any(map(_is_unseen, text)):
        raise ValidationError(
            General("This has characters in it that cannot be shown. Delete it and type it again.")
        )
    return text


def legible(text: str) -> str:
    """The same with a mark for each character that no page may hold."""
    return "".join("\ufffd" if _is_unseen(one) else one for one in text)


def _is_unseen(character: str) -> bool:
    unseen = unicodedata.category(character) in {"Cc", "Cs", "Cn"} and character not in "\r\n\t"
    return unseen or character in _MISLEADING


def _whole(day: str, month: str, year: str) -> date:
    absent = [what for what, part in (("day", day), ("month", month), ("year", year)) if not part]
    if absent:
        raise ValidationError(General(f"The date must include a {' and '.join(absent)}."))
    try:
        return date(_year(year), _month(month), int(day))
    except ValueError:
        raise ValidationError(General("Enter a real date, like 27 3 2026.")) from None


def _partial(day: str, month: str, year: str) -> str:
    if not year or (day and not month):
        raise ValidationError(General("Enter at least the year; the day needs its month."))
    if day:
        return _whole(day, month, year).isoformat()
    try:
        return f"{_year(year):04}-{_month(month):02}" if month else f"{_year(year):04}"
    except ValueError:
        raise ValidationError(General("Enter a real date, like 27 3 2026.")) from None


def _past(partial: str) -> str:
    """The date or part of one. Raises ValidationError when it has not begun yet."""
    today = visit().now.astimezone(LONDON).date().isoformat()
    if partial > today[: len(partial)]:
        raise ValidationError(General("The date must be today or in the past."))
    return partial


def _year(text: str) -> int:
    if not (len(text) == 4 and text.isascii() and text.isdigit()):
        raise ValidationError(General("The year must have 4 numbers, like 2026."))
    if int(text) < 1900:
        raise ValidationError(General("The year must be 1900 or later."))
    return int(text)


def _month(text: str) -> int:
    # People write months as words too.
    short = text[:3].casefold()
    number = _MONTHS.index(short) + 1 if short in _MONTHS else int(text)
    if not 1 <= number <= 12:
        raise ValueError(text)
    return number


def _clock_time(text: str) -> str:
    found = _TIME.fullmatch(text)
    if not found:
        raise ValidationError(General("Enter a time, like 9:30am or 14:00."))
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            raise ValidationError(General("Enter a time, like 9:30am or 14:00."))
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour > 23 or minute > 59:
        raise ValidationError(General("Enter a time, like 9:30am or 14:00."))
    return f"{hour:02}:{minute:02}"
