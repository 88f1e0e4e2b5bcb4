"""Deciding and advising: write, check, then it stays as it is."""

from typing import Any

import flask
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from services.intake.actions import advice as advising
from services.intake.actions import threshold as deciding
from services.intake.domain import codes
from services.intake.domain import threshold as domain
from services.intake.domain.advice import LONGEST
from services.intake.domain.contact import Contact
from services.intake.domain.permission import WHO_MAY, Act
from services.intake.domain.threshold import REASONS_LONGEST, Judgement
from services.intake.store import contacts, judgements, rules
from services.intake.web.inbox import inbox
from services.intake.web.righting import done
from shared.errors import Invalid, Refused
from shared.store.transaction import Transaction
from shared.vocabulary import Decision
from shared.web import request
from shared.web.access import allow
from shared.web.forms import Form

_DECIDERS = tuple(sorted(WHO_MAY[Act.DECIDE]))
_STEPS = ("write", "check", "confirm")


class DecisionAnswers(Schema):
    """The decision page. `step` says which button was pressed."""

    decision = fields.String(
        required=True,
        validate=validate.OneOf([one.value for one in Decision]),
        error_messages={"required": "Choose what you decide."},
    )
    criteria = fields.List(fields.String(), load_default=list)
    tier = fields.String(load_default="")
    reasons = fields.String(
        required=True,
        validate=validate.Length(max=REASONS_LONGEST),
        error_messages={"required": "Write down the reasons for the decision."},
    )
    version = fields.Integer(required=True)
    step = fields.String(validate=validate.OneOf(_STEPS), load_default="check")


class AdviceAnswers(Schema):
    """The advice page."""

    kind = fields.String(required=True, error_messages={"required": "Choose what kind of advice this is."})
    method = fields.String(required=True, error_messages={"required": "Choose how you give the advice."})
    text = fields.String(
        required=True,
        validate=validate.Length(max=LONGEST),
        error_messages={"required": "Write the advice."},
    )
    corrects = fields.String(load_default="")
    step = fields.String(validate=validate.OneOf(_STEPS), load_default="check")


@inbox.route("/contacts/<contact_id>/decision", methods=["GET", "POST"])
@allow(*_DECIDERS)
def decide(contact_id: str) -> ResponseReturnValue:
    """Decide on the threshold: write it, check it, record it."""
    with request.reading() as tx:
        one, choices = contacts.get(tx, contact_id), _decision_choices(tx)
        # The version of the page that was opened, not of this moment, goes with the decision.
        form = Form(DecisionAnswers, {"version": one.version})
        answers = form.submitted()
        if answers is None and not form.errors:
            _must_be_open(one)
        if answers is None or answers["step"] == "write":
            return _decision_page(tx, form, one, choices)
        judgement, tests = _judgement(answers), [code for code, _ in choices["criteria"]]
        if answers["step"] == "check" and done(form, lambda: domain.decide(one, judgement, tests, tx.now)):
            shown = {"contact": one, "judgement": judgement, "lists": rules.lists(tx), "label": codes.label}
            return form.page("intake/officers/decision_check.html", **shown)
    confirmed = answers["step"] == "confirm"
    if confirmed and done(form, lambda: _record(contact_id, judgement, answers["version"])):
        return flask.redirect(flask.url_for("inbox.show", contact_id=contact_id))
    # With what stands now and all that was written.
    with request.reading() as tx:
        return _decision_page(tx, form, contacts.get(tx, contact_id), choices, slower=confirmed)


@inbox.route("/contacts/<contact_id>/advice", methods=["GET", "POST"])
@allow(*_DECIDERS)
def advise(contact_id: str) -> ResponseReturnValue:
    """Give advice: write it, check it, send it."""
    with request.transaction() as tx:
        one, email = contacts.get(tx, contact_id), contacts.report_of(tx, contact_id).referrer.email
        form = Form(AdviceAnswers, {"method": "email" if email else "phone", **_asked(tx, one)})
        answers = form.submitted()
        tx.accessed("viewed", "contact", contact_id, purpose="advice")
        shown = {"contact": one, "email": email, "label": codes.label, **_advice_choices(tx)}
        if answers is None or answers.pop("step") == "write":
            return form.page("intake/officers/advice.html", **shown)
        try:
            if flask.request.form.get("step") == "confirm":
                advising.send_advice(tx, contact_id, advising.Wording(**answers))
                return flask.redirect(flask.url_for("inbox.show", contact_id=contact_id))
        except Invalid as problem:
            form.refuse(problem)
            return form.page("intake/officers/advice.html", **shown)
        return form.page("intake/officers/advice_check.html", wording=answers, **shown)


def _judgement(answers: dict[str, Any]) -> Judgement:
    return Judgement(
        decision=Decision(answers["decision"]),
        criteria=tuple(answers["criteria"]),
        tier=answers["tier"],
        reasons=answers["reasons"],
        decided_by=request.actor().id,
    )


def _decision_choices(tx: Transaction) -> dict[str, list[tuple[str, str]]]:
    lists, today = rules.lists(tx), rules.today(tx)
    return {
        "criteria": rules.criteria(tx),
        "decisions": codes.choices(lists, "decision", today),
        "tiers": codes.choices(lists, "tier", today),
    }


def _advice_choices(tx: Transaction) -> dict[str, Any]:
    lists, today = rules.lists(tx), rules.today(tx)
    return {
        "lists": lists,
        "kinds": codes.choices(lists, "advice_kind", today),
        "methods": codes.choices(lists, "advice_method", today),
    }


def _record(contact_id: str, judgement: Judgement, version: int) -> None:
    with request.transaction() as tx:
        deciding.decide_threshold(tx, contact_id, judgement, version)


def _must_be_open(one: Contact) -> None:
    if not domain.MOVES[one.state]:
        raise Refused(
            "This contact has been decided, and a decision does not change. You can still add advice."
        )


def _decision_page(
    tx: Transaction, form: Form, one: Contact, choices: dict[str, Any], *, slower: bool = False
) -> ResponseReturnValue:
    shown = {
        "contact": one,
        # Who was told that somebody was faster goes on from there.
        "version": one.version if slower else form.value("version"),
        "longest": REASONS_LONGEST,
        "earlier": judgements.decisions_of(tx, one.id),
        **choices,
    }
    return form.page("intake/officers/decision.html", **shown, lists=rules.lists(tx), label=codes.label)


def _asked(tx: Transaction, one: Contact) -> dict[str, str]:
    corrects = flask.request.args.get("corrects", "")
    known = {earlier.id for earlier in judgements.advice_of(tx, one.id)}
    return {"corrects": corrects} if corrects in known else {}
