"""One contact: earlier concerns first, the words as they were given, the clocks, what was decided."""

from dataclasses import dataclass
from typing import Any

import flask
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields

from services.intake.actions import contacts as actions
from services.intake.actions import correcting
from services.intake.domain import codes, timescale
from services.intake.domain.advice import LABELS as DELIVERIES
from services.intake.domain.concern import PriorConcern
from services.intake.domain.contact import LABELS, OPEN, Contact
from services.intake.domain.permission import WHO_MAY, Act, may
from services.intake.domain.report import Report
from services.intake.domain.threshold import MOVES
from services.intake.store import concerns, contacts, corrections, judgements, patterns, rules, users
from services.intake.store.erasures import holding
from services.intake.web.inbox import COLOURS, READERS, clock_state, clock_words, inbox
from shared import replicas
from shared.code_words import code_words
from shared.contracts.people import Person
from shared.errors import Invalid, NotFound
from shared.store.transaction import Transaction
from shared.web import request
from shared.web.access import allow
from shared.web.downloads import attachment
from shared.web.forms import Form

_RESTRICTERS = tuple(sorted(WHO_MAY[Act.RESTRICT]))
_NAME_KINDS = {
    "known_as": "Known as",
    "previous": "Earlier name",
    "alias": "Also called",
    "native": "Own script",
}
_PATTERN_ABOUT = {
    "person": "concerns about an adult of this contact",
    "setting": "concerns at a setting of this contact",
    "provider": "concerns at settings that one body runs",
}
_WORDS: dict[str, Any] = {
    "pattern_about": _PATTERN_ABOUT,
    "name_kinds": _NAME_KINDS,
    "deliveries": DELIVERIES,
    "label": codes.label,
    "code_words": code_words,
}
_MOVED = "The rule or the calendar has changed since then; this date stays."


@dataclass(frozen=True)
class Clock:
    """A clock as the page shows it."""

    name: str
    due: str
    state: str
    words: str
    why: tuple[str, ...]


class VersionAnswers(Schema):
    """Which state of the contact the page showed."""

    version = fields.Integer(required=True)


class RestrictionAnswers(Schema):
    """Who may see the contact, or who may not."""

    allowed = fields.List(fields.String(), load_default=list)
    barred = fields.List(fields.String(), load_default=list)


@inbox.get("/contacts/<contact_id>")
@allow(*READERS)
def show(contact_id: str) -> ResponseReturnValue:
    """The contact's page. Looking at it is recorded."""
    with request.transaction() as tx:
        one, report = contacts.get(tx, contact_id), contacts.report_of(tx, contact_id)
        tx.accessed("viewed", "contact", contact_id)
        return flask.render_template("intake/officers/contact.html", **_shown(tx, one, report))


@inbox.get("/contacts/<contact_id>/files/<file_id>")
@allow(*READERS)
def download(contact_id: str, file_id: str) -> ResponseReturnValue:
    """A file that came with it. Opening it is recorded."""
    with request.transaction() as tx:
        # A file is reached through its contact only, so that closing the contact closes its files.
        if file_id not in {one.id for one in contacts.report_of(tx, contact_id).files}:
            raise NotFound("There is no such file with this contact.")
        found = tx.tools.files.open(tx, file_id)
        tx.accessed("viewed", "file", file_id)
    return attachment(found.content, found.name, found.ref.type)


@inbox.post("/contacts/<contact_id>/take")
@allow(*READERS)
def take(contact_id: str) -> ResponseReturnValue:
    """Answer for it from now on."""
    answers = _version()
    with request.transaction() as tx:
        actions.take_contact(tx, contact_id, answers)
    return flask.redirect(flask.url_for("inbox.show", contact_id=contact_id))


@inbox.post("/contacts/<contact_id>/close")
@allow(*READERS)
def close(contact_id: str) -> ResponseReturnValue:
    """End one that was handed over."""
    answers = _version()
    with request.transaction() as tx:
        actions.close_contact(tx, contact_id, answers)
    return flask.redirect(flask.url_for("inbox.show", contact_id=contact_id))


@inbox.route("/contacts/<contact_id>/restriction", methods=["GET", "POST"])
@allow(*_RESTRICTERS)
def restrict(contact_id: str) -> ResponseReturnValue:
    """Close it to some, for example after a conflict of interest."""
    with request.reading() as tx:
        contacts.get(tx, contact_id)
        now = replicas.seen_by(tx, contact_id)
    form = Form(RestrictionAnswers, {"allowed": now["only"], "barred": now["never"]})
    answers = form.submitted()
    try:
        if answers is not None:
            with request.transaction() as tx:
                actions.restrict_contact(tx, contact_id, answers["allowed"], answers["barred"])
            return flask.redirect(flask.url_for("inbox.listing"))
    except Invalid as problem:
        form.refuse(" ".join(problem.fields.get("only", [str(problem)])), "barred")
    with request.reading() as tx:
        one = contacts.get(tx, contact_id)
        # Whoever sees no record anyway need not be kept from this one.
        people = [
            (user.id, user.display_name)
            for user in users.list_users(tx, 0, 200, active=True)
            if may(user.roles, Act.READ)
        ]
        return form.page("intake/officers/restriction.html", contact=one, people=people)


@inbox.post("/contacts/<contact_id>/restriction/end")
@allow(*_RESTRICTERS)
def unrestrict(contact_id: str) -> ResponseReturnValue:
    """Open it again."""
    with request.transaction() as tx:
        actions.unrestrict_contact(tx, contact_id)
    return flask.redirect(flask.url_for("inbox.show", contact_id=contact_id))


def _version() -> int:
    # Acts by button carry the version too: "take it over" must mean what the officer saw.
    form = Form(VersionAnswers)
    answers = form.submitted()
    if answers is None:
        raise Invalid("The page did not say which version it showed. Open the contact again.")
    return int(answers["version"])


def _shown(tx: Transaction, one: Contact, report: Report) -> dict[str, Any]:
    found = concerns.of_contact(tx, one.id)
    decisions, given = judgements.decisions_of(tx, one.id), judgements.advice_of(tx, one.id)
    put_right, hold = corrections.of_contact(tx, one.id), holding.find(tx, one.id)
    people = {
        one.owner,
        hold.held_by if hold else "",
        *(each.corrected_by for each in put_right),
        *(each.judgement.decided_by for each in decisions),
        *(each.written_by for each in given),
    }
    return {
        "contact": one,
        "report": report,
        "corrections": put_right,
        "adults": correcting.adults_of(tx, one.id),
        "children": correcting.children_of(tx, one.id),
        "adult_name": _adult_name,
        "into": contacts.find(tx, one.merged_into) if one.merged_into else None,
        "joined": contacts.merged_into(tx, one.id),
        "files": tx.tools.files.named(tx, [file.id for file in report.files]),
        "state": LABELS[one.state],
        "colour": COLOURS.get(one.state, ""),
        "clocks": _clocks(tx, one),
        "own": [each for each in found if each.own],
        "pointers": [each for each in found if each.pointer],
        "patterns": patterns.of_contact(tx, one.id),
        **_WORDS,
        "references": contacts.references(tx, {_other(each) for each in found}),
        "decisions": decisions,
        "advice": given,
        "names": users.names(tx, people),
        "lists": rules.lists(tx),
        "holders": {each.code: each.display_name for each in replicas.authorities(tx)},
        "closed": replicas.restricted_among(tx, {one.id, one.case_id, one.merged_into} - {""}),
        "hold": hold if hold and hold.stands else None,
        "may": _may(tx, one),
    }


def _adult_name(person: Person) -> str:
    said = (one.full or " ".join(filter(None, (one.given, one.middle, one.surname))) for one in person.names)
    return next(filter(None, said), "")


def _other(concern: PriorConcern) -> str:
    return concern.own.contact_id if concern.own else ""


def _may(tx: Transaction, one: Contact) -> dict[str, bool]:
    roles = tx.scope.actor.roles
    return {
        "take": may(roles, Act.TAKE) and one.state in OPEN and one.owner != tx.scope.actor.id,
        "decide": may(roles, Act.DECIDE) and bool(MOVES[one.state]),
        "advise": may(roles, Act.ADVISE),
        "restrict": may(roles, Act.RESTRICT),
        "unrestrict": may(roles, Act.UNRESTRICT),
        "close": may(roles, Act.CLOSE) and one.state == "transferring",
        "correct": may(roles, Act.CORRECT) and (bool(one.case_id) or one.state != "met"),
        "merge": may(roles, Act.MERGE),
        "erase": may(roles, Act.ASK_ERASURE) and one.state == "closed" and not one.merged_into,
        "hold": may(roles, Act.HOLD) and not (one.case_id or one.merged_into) and one.state != "met",
    }


def _clocks(tx: Transaction, one: Contact) -> list[Clock]:
    answer = rules.clock(tx, "answer", one.received_at)
    # The moment was promised when the contact arrived; a closure proclaimed since does not move it.
    moved = () if answer.at == one.respond_by else (_MOVED,)
    clocks = [
        Clock(
            "Our answer",
            f"Due by {timescale.deadline_words(one.respond_by)}.",
            clock_state(tx, one),
            clock_words(tx, one),
            (*answer.why, *moved),
        )
    ]
    if one.known_to_employer_at:
        clocks.append(_employer_clock(tx, one))
    return clocks


def _employer_clock(tx: Transaction, one: Contact) -> Clock:
    assert one.known_to_employer_at is not None  # noqa: S101  the caller has looked
    told = rules.clock(tx, "employer", one.known_to_employer_at)
    late = one.received_at > told.at
    return Clock(
        "Employer tells us",
        f"Was due by {timescale.deadline_words(told.at)}.",
        "overdue" if late else "met",
        "The employer told us late" if late else "The employer told us in time",
        told.why,
    )
