"""Lists as CSV: the twin of a page, safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

import flask

from shared.web.downloads import attachment

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_file(name: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> flask.Response:
    """A download with a byte order mark, so that spreadsheets read it as UTF-8; `name` without its ending."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([_harmless(value) for value in row] for row in rows)
    # Without the mark Excel takes it for Windows-1252.
    return attachment("\ufeff" + text.getvalue(), f"{name}.csv", "text/csv; charset=utf-8")


def _harmless(value: Any) -> Any:
    # A spreadsheet would run text that begins like a formula.
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
