"""Dashboard, activity and definitions."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import flask
from flask.typing import ResponseReturnValue

from services.reporting.domain import labels, periods
from services.reporting.domain.groupings import GROUPINGS
from services.reporting.domain.periods import Grain
from services.reporting.domain.rounding import Rounding
from services.reporting.domain.suppression import DEFAULT_LIMIT
from services.reporting.domain.tallies import CONTACT_DIMENSIONS
from services.reporting.web import chart, exports
from services.reporting.web.activity import Activity, activity
from services.reporting.web.blueprint import READERS, RECORD_READERS, REGION_READERS, pages
from services.reporting.web.chart import Chart
from services.reporting.web.choice import ActivityChoice, PeriodChoice, Tx, least_limit, own_rules, period_of
from services.reporting.web.dashboard import Dashboard, dashboard, now
from shared.web import request
from shared.web.access import Restriction, allow
from shared.web.forms import Form


@pages.get("/")
@allow(*READERS, restriction=Restriction.NONE)
def front() -> ResponseReturnValue:
    """The front page of reporting is its dashboard."""
    return flask.redirect(flask.url_for("reporting_pages.show_dashboard"))


@pages.get("/dashboard")
@allow(*READERS, restriction=Restriction.NONE)
def show_dashboard() -> ResponseReturnValue:
    """The work of the authority at a glance."""
    form = Form(PeriodChoice)
    chosen = form.filters()
    with request.reading() as tx:
        board = dashboard(tx, chosen, request.authority().terms)
        offered = [one for one in _offered(tx) if periods.parse(one[0]).grain is Grain.MONTH]
    shown = Form(PeriodChoice, {"period": board.period.code})
    shown.errors = form.errors
    return shown.page(
        "reporting/dashboard.html",
        board=board,
        offered=_with(offered, board.period),
        shown=shown,
        charts=_charts(board),
        sees_region=request.actor().has(*REGION_READERS),
    )


@pages.get("/dashboard/now")
@allow(*READERS, restriction=Restriction.NONE)
def dashboard_now() -> ResponseReturnValue:
    """The live line of the dashboard, for its script."""
    with request.reading() as tx:
        line = now(tx, least_limit(tx, period_of(None, periods.day_of(tx.now)))).sentence
    response = flask.jsonify(sentence=line)
    response.headers["Cache-Control"] = "no-store"
    return response


@pages.get("/activity")
@allow(*READERS, restriction=Restriction.NONE)
def show_activity() -> ResponseReturnValue:
    """Figures by what the reader chose, with their chart."""
    form = Form(ActivityChoice)
    chosen = form.filters()
    with request.reading() as tx:
        found = activity(tx, chosen, request.authority().terms)
        offered = _with(_offered(tx), found.period)
    shown = Form(ActivityChoice, found.chosen)
    shown.errors = form.errors
    return shown.page(
        "reporting/activity.html",
        found=found,
        offered=offered,
        shown=shown,
        choices=_choices(found),
        chart=chart.of_table(found.table, _sentence(found), found.grouping.counted),
        files=_files(found),
        links=_links(found),
    )


@pages.get("/activity.csv")
@allow(*READERS, restriction=Restriction.NONE)
def activity_csv() -> ResponseReturnValue:
    """The same table as a spreadsheet reads it."""
    return exports.activity_csv(_exported())


@pages.get("/activity.json")
@allow(*READERS, restriction=Restriction.NONE)
def activity_json() -> ResponseReturnValue:
    """The same table as data."""
    return flask.jsonify(exports.activity_document(_exported()))


@pages.get("/definitions")
@allow(*READERS, restriction=Restriction.NONE)
def show_definitions() -> ResponseReturnValue:
    """What each figure means."""
    with request.reading() as tx:
        rules = own_rules(tx)
    referral = labels.label("referral", rules.referral)
    return flask.render_template(
        "reporting/definitions.html", figures=_figures(), rules=rules, referral=referral
    )


def export_of(chosen: dict[str, Any]) -> Activity:
    """The activity table, its export entered in the access register."""
    with request.transaction() as tx:
        found = activity(tx, chosen, request.authority().terms)
        tx.accessed("exported", "figures", found.subject)
    return found


def _exported() -> Activity:
    return export_of(Form(ActivityChoice).exact())


def _charts(board: Dashboard) -> dict[str, Chart]:
    outcomes = chart.changed("Allegations concluded", board.outcomes.total, board.outcomes.rows)
    return {
        "months": chart.of_table(board.months, chart.changed("Contacts", board.months.total), "Contacts"),
        "outcomes": chart.of_table(board.outcomes, outcomes),
        "ages": chart.of_ages(board.now.open_cases),
    }


def _sentence(found: Activity) -> str:
    largest = () if found.grouping.is_series else found.table.rows
    return chart.changed(found.grouping.counted, found.table.total, largest)


def _files(found: Activity) -> dict[str, str]:
    return {
        kind: flask.url_for(f"reporting_pages.activity_{kind}", **found.chosen)  # type: ignore[arg-type]
        for kind in ("csv", "json")
    }


def _links(found: Activity) -> list[tuple[str, str]]:
    """The records behind each line, for who may see records; only lines whose number is shown."""
    if found.grouping.code not in CONTACT_DIMENSIONS or not request.actor().has(*RECORD_READERS):
        return []
    place = {"period": found.period.code, "by": found.grouping.code}
    return [
        (row.label, flask.url_for("reporting_pages.show_records", **place, code=row.code))  # type: ignore[arg-type]
        for row in found.table.rows
        if row.count
    ]


def _offered(tx: Tx) -> list[tuple[str, str]]:
    return list(periods.offered(periods.day_of(tx.now)))


def _with(offered: list[tuple[str, str]], period: periods.Period) -> list[tuple[str, str]]:
    known = {code for code, _ in offered}
    # A period that somebody typed into the address stays chosen in the list.
    return offered if period.code in known else [(period.code, period.label), *offered]


def _choices(found: Activity) -> dict[str, list[tuple[str, str]]]:
    limits = [(str(DEFAULT_LIMIT), "1 to 5"), ("10", "1 to 10")]
    return {
        "by": [(one.code, f"{one.counted} by {one.head.lower()}") for one in GROUPINGS.values()],
        "rounding": [(Rounding.HALF_UP, "Round half up"), (Rounding.TRUNCATE, "Cut off")],
        "places": [("0", "Whole numbers"), ("1", "One decimal")],
        "suppress": limits if found.least else [("0", "Hold nothing back"), *limits],
    }


@cache
def _figures() -> list[dict[str, str]]:
    found: list[dict[str, str]] = tomllib.loads(
        files(__package__).joinpath("definitions.toml").read_text(encoding="utf-8")
    )["figure"]
    return found
