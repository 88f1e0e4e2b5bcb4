"""Dashboard, activity and definitions."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import flask
from flask.typing import ResponseReturnValue

from services.reporting.domain import periods
from services.reporting.domain.groupings import GROUPINGS
from services.reporting.domain.periods import Grain
from services.reporting.domain.rounding import Rounding
from services.reporting.domain.suppression import DEFAULT_LIMIT
from services.reporting.web import exports
from services.reporting.web.activity import Activity, activity
from services.reporting.web.blueprint import READERS, pages
from services.reporting.web.choice import ActivityChoice, PeriodChoice, Tx, least_limit, own_rules, period_of
from services.reporting.web.dashboard import dashboard, now
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
    context: dict[str, Any] = {"board": board, "offered": _with(offered, board.period), "shown": shown}
    return shown.page("reporting/dashboard.html", **context)


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
        "reporting/activity.html", found=found, offered=offered, shown=shown, choices=_choices(found)
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
    return flask.render_template("reporting/definitions.html", figures=_figures(), rules=rules)


def export_of(chosen: dict[str, Any]) -> Activity:
    """The activity table, its export entered in the access register."""
    with request.transaction() as tx:
        found = activity(tx, chosen, request.authority().terms)
        tx.accessed("exported", "figures", found.subject)
    return found


def _exported() -> Activity:
    return export_of(Form(ActivityChoice).filters())


def _offered(tx: Tx) -> list[tuple[str, str]]:
    return list(periods.offered(periods.day_of(tx.now)))


def _with(offered: list[tuple[str, str]], period: periods.Period) -> list[tuple[str, str]]:
    known = {code for code, _ in offered}
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
