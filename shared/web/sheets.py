"""Lists as CSV: the twin of a page, safe to open in a spreadsheet."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import flask

from shared.clock import LONDON
from shared.web.downloads import attachment

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)


def csv_file(name: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> flask.Response:
    """A download with a byte order mark, so that spreadsheets read it as UTF-8; `name` without its ending.

    Days and moments are given as such and written in an order that can be sorted, moments in London's time
    to the minute; None is an empty cell.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([cell(one) for one in head])
    writer.writerows([cell(one) for one in row] for row in rows)
    # Without the mark Excel takes it for Windows-1252.
    return attachment("\ufeff" + text.getvalue(), f"{name}.csv", "text/csv; charset=utf-8")


def cell(value: object) -> str:
    """A value as a cell; text that a spreadsheet would run as a formula gets an apostrophe in front."""
    if isinstance(value, datetime):
        return f"{value.astimezone(LONDON):%Y-%m-%d %H:%M}"
    if value is None or isinstance(value, date):
        return value.isoformat() if value else ""
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text) else text


def day(moment: datetime | None) -> date | None:
    """London's day of a moment."""
    return moment.astimezone(LONDON).date() if moment else None
