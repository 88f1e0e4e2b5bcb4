"""The register of access: who looked at whose record, when and why. For managers and auditors."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import flask
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf

from services.reporting.domain.labels import label
from services.reporting.store import register
from services.reporting.store.register import Access, Wanted
from services.reporting.web import exports
from services.reporting.web.blueprint import pages
from services.reporting.web.choice import Tx
from shared import replicas
from shared.clock import LONDON
from shared.code_words import tidy
from shared.contracts import PUBLISHERS
from shared.errors import Invalid
from shared.vocabulary import Role
from shared.web import request
from shared.web.access import allow
from shared.web.forms import Form
from shared.web.paging import Page, page_of
from shared.web.sheets import csv_file

WATCHERS = (Role.MANAGER, Role.AUDITOR)
ACTS = {
    "viewed": "Viewed",
    "searched": "Searched",
    "exported": "Exported",
    "refused": "Was refused",
    "pointed": "Was shown a pointer",
}
_LONG = 36
MOST = 20_000
"""Lines in one file: above that the reader must narrow the dates."""

_PLACES = {"contact": "/intake/contacts/{}", "case": "/casework/cases/{}"}
# What these are called everywhere is made of their id.
_PREFIXES = {"pattern": "PT-", "lookback": "LB-", "lookback_record": "LB-"}
# Not one record: the kind says all.
_LISTS = frozenset(
    {"match_list", "profile_list", "pattern_list", "case_list", "search_list", "search_report", "notices",
     "shown_pointers", "access_register"}
)  # fmt: skip
_HEAD = ("When", "Who", "Did", "Where", "What", "Reference or id", "Purpose", "Reason", "Records shown")


class AccessFilters(Schema):
    """What to look for."""

    who = fields.String(validate=Length(max=80))
    whom = fields.String(validate=Length(max=80))
    since = fields.Date()
    until = fields.Date()
    act = fields.String(validate=OneOf(list(ACTS)))
    service = fields.String(validate=OneOf(list(PUBLISHERS)))
    purpose = fields.String(validate=Length(max=60))


@dataclass(frozen=True)
class Line:
    """A line of the register in words."""

    access: Access
    who: str
    subject: str
    href: str

    @property
    def kind(self) -> str:
        """What was looked at."""
        return label("record", self.access.subject_kind)

    @property
    def called(self) -> str:
        """Which one, as short as people say it; the file has the whole id."""
        one = self.access
        if one.subject_kind in _LISTS:
            return ""
        if self.subject != one.subject_id or len(one.subject_id) < _LONG:
            return self.subject
        return _PREFIXES.get(one.subject_kind, "…") + one.subject_id[-8:].upper()

    @property
    def purpose(self) -> str:
        """The code of the purpose in words."""
        return tidy(self.access.purpose)

    @property
    def cells(self) -> tuple[object, ...]:
        """As a file has it."""
        one = self.access
        at = one.at.astimezone(LONDON).strftime("%Y-%m-%d %H:%M:%S")
        act = ACTS.get(one.act, one.act)
        return (
            at,
            self.who,
            act,
            one.service,
            self.kind,
            self.subject,
            self.purpose,
            one.reason,
            one.found,
        )


@pages.get("/access")
@allow(*WATCHERS)
def show_access() -> ResponseReturnValue:
    """A page of the register; looking at it is an access too."""
    form = Form(AccessFilters)
    asked = page_of(flask.request.args)
    with request.transaction() as tx:
        wanted = wanted_of(tx, form.filters())
        found, total = register.find(tx, wanted, limit=asked.limit, offset=asked.offset)
        page: Page[Line] = asked.of(in_words(tx, found), total)
        people = _people(tx)
        tx.accessed("viewed", "access_register", tx.authority)
    return form.page("reporting/access.html", page=page, people=people, names=ACTS, files=_files())


@pages.get("/access.csv")
@allow(*WATCHERS)
def access_csv() -> ResponseReturnValue:
    """The lines that match, for a spreadsheet."""
    return csv_file("access-register", _HEAD, (line.cells for line in _exported()))


@pages.get("/access.jsonl")
@allow(*WATCHERS)
def access_jsonl() -> ResponseReturnValue:
    """The lines that match, one JSON document each."""
    return exports.json_lines("access-register", (exports.access_row(line.access) for line in _exported()))


def wanted_of(tx: Tx, chosen: Mapping[str, Any]) -> Wanted:
    """The filters as the store takes them; days are London's, and the last one is included."""
    whom = str(chosen.get("whom") or "").strip()
    last: date | None = chosen.get("until")
    return Wanted(
        who=str(chosen.get("who") or ""),
        whom=register.records_named(tx, whom) if whom else frozenset(),
        act=str(chosen.get("act") or ""),
        service=str(chosen.get("service") or ""),
        purpose=str(chosen.get("purpose") or ""),
        since=_midnight(chosen.get("since")),
        until=_midnight(last + timedelta(days=1)) if last else None,
    )


def in_words(tx: Tx, found: Sequence[Access]) -> list[Line]:
    """Lines with the names of people and the references of records, as far as they are known here."""
    names = _names(tx, {one.actor_id for one in found})
    references = register.references(tx, {one.subject_id for one in found})
    return [_line(one, names, references) for one in found]


def _line(one: Access, names: Mapping[str, str], references: Mapping[str, str]) -> Line:
    place = _PLACES.get(one.subject_kind)
    subject = references.get(one.subject_id, one.subject_id)
    return Line(
        one, names.get(one.actor_id, one.actor_id), subject, place.format(one.subject_id) if place else ""
    )


def _exported() -> Iterable[Line]:
    with request.transaction() as tx:
        wanted = wanted_of(tx, Form(AccessFilters).exact())
        found, total = register.find(tx, wanted, limit=MOST, offset=0)
        # Cutting the file off would look like an answer that is whole.
        if total > MOST:
            raise Invalid(f"A file holds {MOST:,} lines at most. Choose dates nearer to each other.")
        tx.accessed("exported", "access_register", tx.authority)
        return in_words(tx, found)


def _names(tx: Tx, ids: Collection[str]) -> dict[str, str]:
    # Of another authority's officer only the authority is known here, and no more may be.
    others = {f"authority:{one.code}": one.display_name for one in replicas.authorities(tx)}
    return others | replicas.display_names(tx, ids)


def _people(tx: Tx) -> list[tuple[str, str]]:
    ids = register.actors(tx)
    names = _names(tx, ids)
    return sorted(((one, names.get(one, one)) for one in ids), key=lambda pair: pair[1].casefold())


def _files() -> dict[str, str]:
    kept = {name: value for name, value in flask.request.args.items() if name != "page"}
    return {
        kind: flask.url_for(f"reporting_pages.access_{kind}", **kept)  # type: ignore[arg-type]
        for kind in ("csv", "jsonl")
    }


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), LONDON) if day else None
