"""Figures and the register as files."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import flask

from services.reporting.domain.table import Row
from services.reporting.store.register import Access
from services.reporting.web.activity import Activity
from shared.web.downloads import attachment
from shared.web.sheets import csv_file

# The sign that government statistics use for confidential.
HELD_BACK = "[c]"


def json_lines(name: str, rows: Iterable[dict[str, Any]]) -> flask.Response:
    """A file with one JSON document per line."""
    text = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
    return attachment(text, f"{name}.jsonl", "application/x-ndjson; charset=utf-8")


def activity_csv(activity: Activity) -> flask.Response:
    """The activity table as CSV; `[c]` stands for a number that is held back."""
    referrals = activity.table.with_referrals
    head = [activity.grouping.head, activity.grouping.counted, "Share %"]
    head += ["Referrals", "Became a referral %"] if referrals else []
    head += [f"Before: {activity.before.label}", "Change %"]
    rows = [_cells(row, referrals) for row in (*activity.table.rows, activity.table.total)]
    # Two dots would hide where the name of the file ends.
    period = activity.period.code.replace("..", "-to-")
    return csv_file(f"activity-{period}-{activity.grouping.code}", head, rows)


def activity_document(activity: Activity) -> dict[str, Any]:
    """The activity table as data; a number that is held back is null and its line says `held_back`."""
    table = activity.table
    return {
        "period": {
            "code": activity.period.code,
            "label": activity.period.label,
            "first": activity.period.first.isoformat(),
            "last": activity.period.last.isoformat(),
        },
        "before": {"code": activity.before.code, "label": activity.before.label},
        "by": activity.grouping.code,
        "counted": activity.grouping.counted,
        "rounding": activity.rules.rounding.value,
        "places": activity.rules.places,
        "suppression": activity.rules.limit,
        "referral_definition": activity.rules.referral.value,
        "rows": [_row(row, table.with_referrals) for row in table.rows],
        "total": _row(table.total, table.with_referrals),
        "missing": table.missing,
    }


def access_row(access: Access) -> dict[str, Any]:
    """A line of the register as data."""
    return {**asdict(access), "at": access.at.isoformat()}


def _row(row: Row, referrals: bool) -> dict[str, Any]:
    found: dict[str, Any] = {
        "code": row.code,
        "label": row.label,
        "count": row.count,
        "held_back": row.count is None,
        "share": _number(row.share),
        "before": row.before,
        "change": _number(row.change),
    }
    return found | {"referrals": row.referrals, "conversion": _number(row.conversion)} if referrals else found


def _cells(row: Row, referrals: bool) -> list[object]:
    found: list[object] = [row.label, _count(row.count), row.share]
    found += [_count(row.referrals), row.conversion] if referrals else []
    return [*found, _count(row.before), row.change.removeprefix("+")]


def _count(value: int | None) -> object:
    return HELD_BACK if value is None else value


def _number(text: str) -> float | None:
    return float(text) if text else None
