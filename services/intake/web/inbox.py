"""What an officer sees first: the numbers, the day's work, the inbox."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import flask
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from services.intake.domain import codes
from services.intake.domain.concern import Badge
from services.intake.domain.contact import LABELS, OPEN, Contact, State
from services.intake.domain.permission import WHO_MAY, Act, may
from services.intake.domain.reference import tidy
from services.intake.domain.timescale import deadline_words
from services.intake.store import concerns, contacts, rules, users
from services.intake.store.contacts import Filter
from shared import working_days
from shared.store.transaction import Transaction
from shared.vocabulary import Role
from shared.web import paging, request
from shared.web.access import allow
from shared.web.forms import Form
from shared.web.sheets import csv_file

inbox = flask.Blueprint("inbox", __name__, template_folder="templates")

READERS: Sequence[Role] = tuple(sorted(WHO_MAY[Act.READ]))
STATES = {"open": "Open", **{state.value: words for state, words in LABELS.items()}, "all": "All"}
COLOURS = {State.NEW: "blue", State.TAKEN: "light-blue", State.WAITING: "yellow", State.MET: "purple"}
_MOST_EXPORTED = 5_000
_UNCHECKED = "not yet checked"
_SOON = timedelta(hours=4)
_HEAD = [
    "Reference",
    "State",
    "Received",
    "Answer due",
    "Clock",
    "Sector",
    "Channel",
    "Officer",
    "Earlier concerns",
]


@dataclass(frozen=True)
class Row:
    """A contact as lists show it, in words. Nobody's name is in it."""

    contact: Contact
    state: str
    colour: str
    due: str
    clock: str
    sector: str
    channel: str
    owner: str
    badge: str
    unchecked: bool


class InboxFilter(Schema):
    """The filters of the list, as they stand in its address."""

    state = fields.String(validate=validate.OneOf(list(STATES)), load_default="open")
    owner = fields.String(validate=validate.OneOf(["", "mine", "nobody"]))
    channel = fields.String(validate=validate.Length(max=12))
    sector = fields.String(validate=validate.Length(max=40))
    overdue = fields.List(fields.String(validate=validate.OneOf(["yes"])))
    reference = fields.String(validate=validate.Length(max=40))


@inbox.get("/")
@allow(*READERS)
def home() -> ResponseReturnValue:
    """The numbers, then what is mine and what is nobody's, by deadline."""
    with request.reading() as tx:
        day_ends = working_days.end_of(rules.today(tx))
        mine = contacts.list_contacts(tx, Filter(owner=tx.scope.actor.id), 0, 20)
        free = contacts.list_contacts(tx, Filter(owner="nobody"), 0, 10)
        return flask.render_template(
            "intake/officers/home.html",
            numbers=contacts.numbers(tx, day_ends),
            mine=rows_of(tx, mine),
            free=rows_of(tx, free),
        )


@inbox.get("/contacts")
@allow(*READERS)
def listing() -> ResponseReturnValue:
    """The inbox: open contacts, the one whose time ends first at the top."""
    form = Form(InboxFilter)
    wanted, asked = _filter(form.filters()), paging.page_of(flask.request.args)
    with request.reading() as tx:
        found = contacts.list_contacts(tx, wanted, asked.offset, asked.limit)
        page = asked.of(rows_of(tx, found), contacts.count(tx, wanted))
        return form.page(
            "intake/officers/contacts.html",
            page=page,
            states=STATES,
            lists=_lists(tx),
            may_enter=may(tx.scope.actor.roles, Act.ENTER),
        )


@inbox.get("/contacts.csv")
@allow(*READERS)
def listing_csv() -> ResponseReturnValue:
    """The same list as a file, up to 5,000 rows."""
    wanted = _filter(Form(InboxFilter).exact())
    with request.transaction() as tx:
        rows = rows_of(tx, contacts.list_contacts(tx, wanted, 0, _MOST_EXPORTED))
        # An export leaves the building: the register names every row of it.
        shown = tuple(row.contact.id for row in rows)
        tx.accessed("exported", "contact_list", wanted.state, found=shown)
    return csv_file("contacts", _HEAD, [_csv_row(row) for row in rows])


def rows_of(tx: Transaction, found: Sequence[Contact]) -> list[Row]:
    """Contacts in words, with their badges and officers, in three more queries however many they are."""
    badges = concerns.badges(tx, [one.id for one in found])
    names = users.names(tx, {one.owner for one in found if one.owner})
    lists = rules.lists(tx)
    return [_row(tx, one, badges.get(one.id, Badge()), names.get(one.owner, ""), lists) for one in found]


def clock_state(tx: Transaction, one: Contact) -> str:
    """Where the officers' clock stands: running, soon, overdue, met, or missed."""
    if one.decided_at:
        return "met" if one.answered_in_time else "overdue"
    if one.overdue(tx.now):
        return "overdue"
    return "soon" if one.respond_by - tx.now <= _SOON else "running"


def clock_words(tx: Transaction, one: Contact) -> str:
    """The same in words."""
    if one.decided_at:
        first = "First answer" if one.state is State.WAITING else "Decided"
        return f"{first} in time" if one.answered_in_time else f"{first} late"
    left = one.respond_by - tx.now
    return f"Overdue by {_span(-left)}" if one.overdue(tx.now) else f"{_span(left)} left"


def _span(length: timedelta) -> str:
    hours = int(length.total_seconds() // 3600)
    number, noun = (hours // 24, "day") if hours >= 48 else (hours, "hour")
    if hours == 0:
        number, noun = int(length.total_seconds() // 60), "minute"
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _row(tx: Transaction, one: Contact, badge: Badge, owner: str, lists: codes.Lists) -> Row:
    return Row(
        contact=one,
        state=LABELS[one.state],
        colour=COLOURS.get(one.state, ""),
        due=deadline_words(one.respond_by),
        clock=clock_words(tx, one) if one.state in OPEN or one.decided_at else "",
        sector=codes.label(lists, "employment_sector", one.sector),
        channel=codes.label(lists, "channel", one.channel),
        owner=owner,
        badge=badge.words,
        unchecked=one.checked_at is None and one.state in OPEN,
    )


def _filter(given: Mapping[str, Any]) -> Filter:
    owner = request.actor().id if given.get("owner") == "mine" else given.get("owner", "")
    reference = given.get("reference", "")
    plain = {name: given[name] for name in ("state", "channel", "sector") if given.get(name)}
    # A reference is looked for everywhere: who types one wants that contact, whatever the other filters say.
    if reference:
        plain = {"state": "all", "reference": tidy(reference) or "none"}
    return Filter(**plain, owner="" if reference else owner, overdue=bool(given.get("overdue")))


def _lists(tx: Transaction) -> dict[str, Any]:
    lists, today = rules.lists(tx), rules.today(tx)
    return {
        "channels": codes.choices(lists, "channel", today),
        "sectors": codes.choices(lists, "employment_sector", today),
    }


def _csv_row(row: Row) -> list[object]:
    one = row.contact
    return [
        one.reference, row.state, one.received_at, one.respond_by, row.clock, row.sector, row.channel,
        row.owner, row.badge or (_UNCHECKED if row.unchecked else ""),
    ]  # fmt: skip
