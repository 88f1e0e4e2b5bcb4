"""Writing down a call: one page, few questions, earlier concerns on hand before it is kept."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import flask
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from services.intake.actions import contacts as acts
from services.intake.domain import codes
from services.intake.domain.permission import WHO_MAY, Act
from services.intake.domain.report import Passage, Report
from services.intake.domain.timescale import moment_words
from services.intake.store import contacts, rules
from services.intake.web.inbox import inbox
from services.intake.web.journey.questions import EMAIL
from shared.clock import new_id
from shared.contracts.people import Allegation, Child, Name, Person, Referrer, Setting, Work
from shared.errors import Invalid
from shared.store.transaction import Transaction
from shared.web import request
from shared.web.access import Restriction, allow
from shared.web.forms import Form, Moment, PartialDate

_ENTERERS = tuple(sorted(WHO_MAY[Act.ENTER]))
_TOKEN = 60
_SHORT = validate.Length(max=120)
_CHANNELS = ("phone", "in_person", "post", "email")
_LISTS = {
    "role": "role",
    "sector": "employment_sector",
    "category": "harm_category",
    "agency": "referrer_agency",
}
_UNKNOWN = {"channel": "phone", "role": "OTHER", "sector": "UNKNOWN", "category": "OTHER", "agency": "OTHER"}


class CallAnswers(Schema):
    """What was said in a call. The names of the adult's boxes are those of search, so that the same answers
    can be looked up there.
    """

    token = fields.String(required=True, validate=validate.Length(max=_TOKEN))
    channel = fields.String(validate=validate.OneOf(_CHANNELS), load_default="phone")
    given = fields.String(validate=_SHORT, load_default="")
    surname = fields.String(validate=_SHORT, load_default="")
    previous = fields.String(validate=_SHORT, load_default="")
    born = PartialDate(load_default="")
    setting = fields.String(validate=_SHORT, load_default="")
    setting_town = fields.String(validate=_SHORT, load_default="")
    role = fields.String(validate=validate.Length(max=40), load_default="OTHER")
    sector = fields.String(validate=validate.Length(max=40), load_default="UNKNOWN")
    child = fields.String(validate=_SHORT, load_default="")
    category = fields.String(validate=validate.Length(max=40), load_default="OTHER")
    narrative = fields.String(
        required=True,
        validate=validate.Length(max=10_000),
        error_messages={"required": "Write down what was said."},
    )
    happened_on = PartialDate(load_default="")
    known_to_employer_at = Moment(load_default=None)
    referrer_name = fields.String(validate=_SHORT, load_default="")
    agency = fields.String(validate=validate.Length(max=40), load_default="OTHER")
    organisation = fields.String(validate=_SHORT, load_default="")
    referrer_phone = fields.String(validate=validate.Length(max=30), load_default="")
    referrer_email = fields.String(validate=[_SHORT, EMAIL], load_default="")


@inbox.route("/contacts/new", methods=["GET", "POST"])
@allow(*_ENTERERS, restriction=Restriction.NONE)
def enter() -> ResponseReturnValue:
    """The page of a call. Its token stands in the address: sent twice it is one contact, and whoever goes
    back to it afterwards comes to that contact.
    """
    token = flask.request.args.get("call", "")[:_TOKEN]
    if flask.request.method == "GET":
        if not token:
            return flask.redirect(flask.url_for(".enter", call=new_id()))
        with request.reading() as tx:
            kept = contacts.find_by_token(tx, f"call:{token}")
        if kept:
            return flask.redirect(flask.url_for(".show", contact_id=kept.id))
    form = Form(CallAnswers, {"token": token, **_UNKNOWN})
    answers = form.submitted()
    if answers is not None:
        try:
            with request.transaction() as tx:
                report = _report(answers, rules.lists(tx))
                one = acts.enter_contact(tx, report, f"call:{answers['token']}")
            return flask.redirect(flask.url_for(".show", contact_id=one.id), 303)
        except Invalid as problem:
            form.refuse(problem)
    with request.reading() as tx:
        return form.page("intake/officers/call.html", **_choices(tx))


def _choices(tx: Transaction[Any]) -> dict[str, list[tuple[str, str]]]:
    lists, today = rules.lists(tx), rules.today(tx)
    names = {"roles": "role", "sectors": "employment_sector", "categories": "harm_category"}
    found = {shown: codes.choices(lists, name, today) for shown, name in names.items()}
    agencies = codes.choices(lists, "referrer_agency", today)
    channels = [one for one in codes.choices(lists, "channel", today) if one[0] in _CHANNELS]
    return {**found, "agencies": agencies, "channels": channels}


def _report(said: dict[str, Any], lists: codes.Lists) -> Report:
    codes.check(lists, {box: (name, said[box]) for box, name in _LISTS.items()})
    adults, children = _adults(said), _children(said)
    allegation = Allegation(
        id=new_id(),
        adult_id=adults[0].id if adults else "",
        child_ids=tuple(one.id for one in children),
        category=said["category"],
        narrative=said["narrative"],
        happened_on=said["happened_on"],
    )
    return Report(
        channel=said["channel"],
        contact_type="REFERRAL" if adults else "ADVICE",
        known_to_employer_at=said["known_to_employer_at"],
        referrer=_referrer(said),
        adults=adults,
        children=children,
        allegations=(allegation,),
        passages=tuple(_passages(said, lists)),
    )


_PARTS = {
    "The adult": {
        "given": "First names", "surname": "Surname", "previous": "Previous or other name",
        "born": "Date of birth", "setting": "Setting", "setting_town": "Town of the setting",
        "sector": "Where they work", "role": "What they do there",
    },
    "What happened": {
        "narrative": "What was said", "category": "Kind of concern", "happened_on": "When it happened",
        "child": "Name of the child", "known_to_employer_at": "When the employer knew",
    },
    "Who told us": {
        "referrer_name": "Name", "agency": "Who they are", "organisation": "Organisation",
        "referrer_phone": "Telephone number", "referrer_email": "E-mail address",
    },
}  # fmt: skip


def _passages(said: dict[str, Any], lists: codes.Lists) -> Iterator[Passage]:
    """What was written down, as its reader sees it; what was left open is left out."""
    for heading, labels in _PARTS.items():
        given = {box: _words(box, said[box], lists) for box in labels if said[box] != _UNKNOWN.get(box)}
        rows = tuple((labels[box], words) for box, words in given.items() if words)
        if rows:
            yield Passage(heading=heading, rows=rows)


def _words(box: str, value: Any, lists: codes.Lists) -> str:
    if isinstance(value, datetime):
        return moment_words(value)
    return codes.label(lists, _LISTS[box], value) if box in _LISTS else str(value or "")


def _adults(said: dict[str, Any]) -> tuple[Person, ...]:
    legal = Name(given=said["given"], surname=said["surname"])
    names = [legal] if said["given"] or said["surname"] else []
    names += [Name(kind="previous", full=said["previous"])] if said["previous"] else []
    setting = Setting(name=said["setting"], town=said["setting_town"])
    work = (Work(setting=setting, role=said["role"], sector=said["sector"]),) if said["setting"] else ()
    # Nobody named is advice about a situation; a workplace alone still says where the adult is to be found.
    if not (names or work or said["born"]):
        return ()
    return (Person(id=new_id(), names=tuple(names), born=said["born"], work=work),)


def _children(said: dict[str, Any]) -> tuple[Child, ...]:
    return (Child(id=new_id(), name=said["child"]),) if said["child"] else ()


def _referrer(said: dict[str, Any]) -> Referrer:
    return Referrer(
        name=said["referrer_name"],
        email=said["referrer_email"],
        phone=said["referrer_phone"],
        organisation=said["organisation"],
        agency=said["agency"],
    )
