"""Figures as CSV and JSON: one table, what is held back marked, and nothing that a spreadsheet would run."""

import csv
import io
from dataclasses import replace
from datetime import date

import flask

from services.reporting.domain import periods
from services.reporting.domain.groupings import GROUPINGS
from services.reporting.domain.rules import rules_of
from services.reporting.domain.table import Material, Shape, build
from services.reporting.web import chart, exports
from services.reporting.web.activity import Activity

YEAR = periods.year_of(date(2026, 2, 1))


def an_activity(
    now: dict[str, int], by: str = "sector", name: str = "", referrals: dict[str, int] | None = None
) -> Activity:
    """The table of these counts, as a page would have it; every line is called `name` where one is given."""
    part = referrals or {}
    material = Material(
        now, sum(now.values()), now, sum(now.values()), part, sum(part.values()), part, sum(part.values())
    )
    rules = rules_of("bcp")
    table = build(material, Shape(lambda code: name or code), rules)
    return Activity(YEAR, YEAR.before(), GROUPINGS[by], rules, 0, table, date(2026, 3, 2))


def lines(response: flask.Response) -> list[list[str]]:
    """The cells of a CSV answer."""
    return list(csv.reader(io.StringIO(response.get_data().decode("utf-8-sig"))))


def test_the_csv_begins_with_the_mark_that_spreadsheets_need():
    assert exports.activity_csv(an_activity({"A": 10})).get_data().startswith(b"\xef\xbb\xbf")


def test_a_table_without_referrals_has_no_columns_for_them():
    head = lines(exports.activity_csv(an_activity({"A": 10}, "outcome")))[0]
    assert head == [
        "Outcome",
        "Allegations concluded",
        "Share %",
        "Before: Financial year 2024 to 2025",
        "Change %",
    ]


def test_what_is_held_back_is_marked_in_the_csv_and_null_in_the_json():
    activity = an_activity({"A": 3, "B": 40, "C": 9}, referrals={"B": 20})
    cells = {row[0]: row for row in lines(exports.activity_csv(activity))[1:]}
    assert cells["A"][1:3] == ["[c]", ""]
    assert cells["B"][1:5] == ["40", "76.9", "20", "50.0"]
    rows = {row["code"]: row for row in exports.activity_document(activity)["rows"]}
    assert (rows["A"]["count"], rows["A"]["held_back"], rows["A"]["share"]) == (None, True, None)
    assert (rows["B"]["count"], rows["B"]["conversion"]) == (40, 50.0)


def test_the_json_states_how_its_numbers_were_made():
    document = exports.activity_document(an_activity({"A": 10}))
    assert document["period"] == {
        "code": "fy2025", "label": "Financial year 2025 to 2026", "first": "2025-04-01", "last": "2026-03-31",
    }  # fmt: skip
    assert (document["rounding"], document["places"], document["suppression"]) == ("half-up", 1, 5)


def test_an_authority_s_label_cannot_become_a_formula():
    cells = lines(exports.activity_csv(an_activity({"A": 10}, name="=1+1")))
    assert cells[1][0] == "'=1+1"


def test_a_file_is_named_after_period_and_grouping_without_dots_that_hide_its_end():
    activity = an_activity({"A": 10})
    assert (
        "filename=activity-fy2025-sector.csv" in exports.activity_csv(activity).headers["Content-Disposition"]
    )
    other = replace(activity, period=periods.parse("2025-05..2026-03"))
    assert (
        "filename=activity-2025-05-to-2026-03-sector.csv"
        in exports.activity_csv(other).headers["Content-Disposition"]
    )


def test_a_chart_has_no_bar_for_what_is_held_back():
    shown = chart.of_table(an_activity({"A": 3, "B": 40, "C": 9}).table, "Words")
    assert shown.bars == [("B", 40)]


def test_a_second_bar_is_left_out_where_only_the_referrals_are_held_back():
    activity = an_activity({"A": 30, "B": 40}, referrals={"A": 3, "B": 20})
    assert dict(chart.of_table(activity.table, "Words", "Contacts").bars) == {"B": (40,), "A": (30,)}


def test_the_sentence_of_a_chart_gives_no_hidden_total_away():
    assert chart.changed("Contacts", an_activity({"A": 3}).table.total) == "Contacts: the total is held back."
    total = an_activity({"A": 30, "B": 12}).table
    assert chart.changed("Contacts", total.total, total.rows) == (
        "Contacts: 42, 0.0 % more than in the period before. Most: A (30)."
    )
