"""My work: what is due, what is late, what waits, in one page."""

from datetime import datetime, time, timedelta

import flask
from flask.typing import ResponseReturnValue

from services.casework.domain.clocks import Clock, day_of
from services.casework.domain.meetings import term
from services.casework.store import clocks, duties, listing
from services.casework.store.listing import Filters
from services.casework.web import casefile
from services.casework.web.pages.door import READERS, address, blueprint
from shared.clock import LONDON
from shared.store.transaction import Transaction
from shared.web.access import allow
from shared.web.request import actor, authority, reading

UNTOUCHED = timedelta(days=14)
_SHOWN = 50


@blueprint.get("/")
@allow(*READERS)
def my_work() -> ResponseReturnValue:
    """The reader's own cases, or everybody's with `whose=all`; references and dates only, no names."""
    everybody = flask.request.args.get("whose") == "all"
    owner = "" if everybody else actor().id
    # References and dates only, so no entry in the access register.
    with reading() as tx:
        return flask.render_template(
            "casework/work.html",
            everybody=everybody,
            figures=_tiles(tx, owner),
            due=_rows(tx, clocks.list_due(tx, _midnight(tx.now, 7), owner, _SHOWN)),
            paused=_rows(tx, clocks.list_paused(tx, owner, _SHOWN)),
            meetings=_meetings(tx, owner),
        )


def _tiles(tx: Transaction, owner: str) -> list[dict[str, object]]:
    late = clocks.count_due(tx, owner, datetime.min.replace(tzinfo=tx.now.tzinfo), tx.now)
    # A clock by days ends with the first moment of the next day.
    today = clocks.count_due(tx, owner, tx.now, _midnight(tx.now, 1) + timedelta(microseconds=1))
    at_work = listing.count_cases(tx, Filters(stage="at_work", owner=owner))
    untouched = Filters(stage="at_work", owner=owner, untouched_before=tx.now - UNTOUCHED)
    mine = "&owner=me" if owner else ""
    return [
        _tile(late, "Overdue", f"/casework/cases?due=overdue{mine}", "overdue" if late else ""),
        _tile(today, "Due today", "#due"),
        _tile(duties.count_open(tx, owner), "Duties to tell still open", "/notifications/notices"),
        _tile(at_work, "Cases at work", f"/casework/cases?stage=at_work{mine}"),
        _tile(
            listing.count_cases(tx, untouched),
            "Untouched for 14 days",
            f"/casework/cases?untouched=yes{mine}",
        ),
    ]


def _tile(figure: int, words: str, href: str, state: str = "") -> dict[str, object]:
    return {"figure": figure, "label": words, "href": href, "state": state}


def _rows(tx: Transaction, found: tuple[Clock, ...]) -> list[dict[str, object]]:
    references = listing.references(tx, [clock.case_id for clock in found])
    return [
        {"face": face, "reference": references[clock.case_id], "href": address(clock.case_id)}
        for clock, face in zip(found, casefile.faces(tx, found), strict=True)
    ]


def _meetings(tx: Transaction, owner: str) -> list[dict[str, object]]:
    terms = authority().terms
    return [
        {
            "name": term(row.kind, terms),
            "starts_at": row.starts_at,
            "reference": row.reference,
            "href": address(row.case_id, "meetings"),
        }
        for row in listing.meetings_to_come(tx, owner, _SHOWN)
    ]


def _midnight(now: datetime, days: int) -> datetime:
    return datetime.combine(day_of(now) + timedelta(days=days), time(), LONDON)
