"""Contacts put right: details of an adult or a child, and reports of one concern joined."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import flask
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from services.intake.actions import correcting
from services.intake.domain.contact import Contact
from services.intake.domain.permission import WHO_MAY, Act
from services.intake.domain.reference import tidy
from services.intake.store import contacts
from services.intake.web.inbox import inbox
from shared.contracts.people import Address, Name, Person
from shared.errors import Conflict, Invalid, NotAllowed, Refused
from shared.store.transaction import Transaction
from shared.web import request
from shared.web.access import allow
from shared.web.forms import Form, PartialDate

_CORRECTERS = tuple(sorted(WHO_MAY[Act.CORRECT]))
_MERGERS = tuple(sorted(WHO_MAY[Act.MERGE]))
_LONG, _SHORT = validate.Length(max=200), validate.Length(max=60)
_REASON = validate.Length(max=2_000)


class AdultAnswers(Schema):
    """An adult as they stand; further names, addresses and numbers stay as they are."""

    given = fields.String(load_default="", validate=_LONG)
    middle = fields.String(load_default="", validate=_LONG)
    surname = fields.String(load_default="", validate=_LONG)
    previous = fields.String(load_default="", validate=_LONG)
    known_as = fields.String(load_default="", validate=_LONG)
    born = PartialDate(load_default="")
    line1 = fields.String(load_default="", validate=_LONG)
    town = fields.String(load_default="", validate=_LONG)
    postcode = fields.String(load_default="", validate=validate.Length(max=10))
    phone = fields.String(load_default="", validate=_SHORT)
    email = fields.String(load_default="", validate=_LONG)
    reason = fields.String(
        required=True, validate=_REASON, error_messages={"required": "Enter why this has to be put right."}
    )


class ChildAnswers(Schema):
    """A child as they stand; the child's own account stays in the words it was given in."""

    name = fields.String(load_default="", validate=_LONG)
    born = PartialDate(load_default="")
    placed_by = fields.String(load_default="", validate=_LONG)
    reason = fields.String(
        required=True, validate=_REASON, error_messages={"required": "Enter why this has to be put right."}
    )


class MergeAnswers(Schema):
    """Of which contact this one is another report."""

    reference = fields.String(
        required=True,
        validate=validate.Length(max=40),
        error_messages={"required": "Enter the reference of the other contact."},
    )
    version = fields.Integer(required=True)


class UnmergeAnswers(Schema):
    """Which state of the contact the page showed."""

    version = fields.Integer(required=True)


@inbox.route("/contacts/<contact_id>/adults/<person_id>", methods=["GET", "POST"])
@allow(*_CORRECTERS)
def correct(contact_id: str, person_id: str) -> ResponseReturnValue:
    """Put right what is known of an adult."""
    with request.transaction() as tx:
        one = contacts.get(tx, contact_id)
        person = correcting.adult_of(tx, contact_id, person_id)
        tx.accessed("viewed", "contact", contact_id)

    def act(tx: Transaction[Any], answers: dict[str, Any]) -> None:
        correcting.correct_adult(tx, contact_id, _changed(person, answers), answers["reason"])

    return _put_right(one, Form(AdultAnswers, _said(person)), act, "intake/officers/correct.html")


@inbox.route("/contacts/<contact_id>/children/<child_id>", methods=["GET", "POST"])
@allow(*_CORRECTERS)
def correct_child(contact_id: str, child_id: str) -> ResponseReturnValue:
    """Put right what is known of a child."""
    with request.transaction() as tx:
        one = contacts.get(tx, contact_id)
        child = correcting.child_of(tx, contact_id, child_id)
        tx.accessed("viewed", "contact", contact_id)
    known = {name: getattr(child, name) for name in ("name", "born", "placed_by")}

    def act(tx: Transaction[Any], answers: dict[str, Any]) -> None:
        changed = replace(child, **{name: answers[name] for name in known})
        correcting.correct_child(tx, contact_id, changed, answers["reason"])

    return _put_right(one, Form(ChildAnswers, known), act, "intake/officers/correct_child.html")


def _put_right(
    one: Contact, form: Form, act: Callable[[Transaction[Any], dict[str, Any]], None], page: str
) -> ResponseReturnValue:
    answers = form.submitted()
    if answers is not None:

        def acted() -> None:
            with request.transaction() as tx:
                act(tx, answers)

        if done(form, acted):
            return flask.redirect(flask.url_for("inbox.show", contact_id=one.id))
    return form.page(page, contact=one)


@inbox.route("/contacts/<contact_id>/merge", methods=["GET", "POST"])
@allow(*_MERGERS)
def merge(contact_id: str) -> ResponseReturnValue:
    """Join it to another report of the same concern."""
    with request.reading() as tx:
        one = contacts.get(tx, contact_id)
    form = Form(MergeAnswers, {"version": one.version})
    answers = form.submitted()
    if answers is not None:
        reference, version = tidy(answers["reference"]) or "none", answers["version"]

        def act() -> None:
            with request.transaction() as tx:
                correcting.merge_contact(tx, contact_id, reference, version)

        if done(form, act):
            return flask.redirect(flask.url_for("inbox.show", contact_id=contact_id))
    return form.page("intake/officers/merge.html", contact=one)


@inbox.post("/contacts/<contact_id>/merge/end")
@allow(*_MERGERS)
def unmerge(contact_id: str) -> ResponseReturnValue:
    """Part it from the other report."""
    answers = Form(UnmergeAnswers).submitted()
    if answers is None:
        raise Invalid("The page did not say which version it showed. Open the contact again.")
    with request.transaction() as tx:
        correcting.unmerge_contact(tx, contact_id, answers["version"])
    return flask.redirect(flask.url_for("inbox.show", contact_id=contact_id))


def done(form: Form, act: Callable[[], object]) -> bool:
    """Act; a refusal stands on the form."""
    try:
        act()
    except (Invalid, Conflict, NotAllowed, Refused) as problem:
        form.refuse(problem if isinstance(problem, Invalid) else str(problem))
        return False
    return True


def _shown(person: Person) -> dict[str, Name]:
    """The names that the form shows: the first of each kind."""
    return {
        kind: next((one for one in person.names if one.kind == kind), Name(kind=kind))
        for kind in ("legal", "previous", "known_as")
    }


def _said(person: Person) -> dict[str, Any]:
    names, at = _shown(person), person.addresses[0] if person.addresses else Address()
    legal = names["legal"]
    return {
        "given": legal.given, "middle": legal.middle, "surname": legal.surname or legal.full,
        "previous": _full(names["previous"]), "known_as": _full(names["known_as"]), "born": person.born,
        "line1": at.line1, "town": at.town, "postcode": at.postcode,
        "phone": next(iter(person.phones), ""), "email": next(iter(person.emails), ""),
    }  # fmt: skip


def _full(one: Name) -> str:
    return one.full or " ".join(filter(None, (one.given, one.middle, one.surname)))


def _changed(person: Person, said: dict[str, Any]) -> Person:
    """The person with the first of each detail as given; one left blank is taken away."""
    address = Address(line1=said["line1"], town=said["town"], postcode=said["postcode"])
    before = person.addresses[0] if person.addresses else Address()
    same = (before.line1, before.town, before.postcode) == (address.line1, address.town, address.postcode)
    first = [before if same else address]
    return replace(
        person,
        names=tuple(_names(person, said)),
        born=said["born"],
        born_from_age=person.born_from_age and said["born"] == person.born,
        addresses=(*(one for one in first if one != Address()), *person.addresses[1:]),
        phones=(*filter(None, [said["phone"]]), *person.phones[1:]),
        emails=(*filter(None, [said["email"]]), *person.emails[1:]),
    )


def _names(person: Person, said: dict[str, Any]) -> list[Name]:
    before, shown = _said(person), _shown(person)
    parts = {name: said[name] for name in ("given", "middle", "surname")}
    # A name that was only known whole stays so until somebody gives its parts.
    same = all(parts[name] == before[name] for name in parts)
    legal = shown["legal"] if same else replace(shown["legal"], **parts, full="")
    others = [
        shown[kind] if said[kind] == before[kind] else Name(kind=kind, full=said[kind])
        for kind in ("previous", "known_as")
    ]
    kept = [one for one in person.names if one not in shown.values()]
    return [one for one in (legal, *others) if _full(one)] + kept
