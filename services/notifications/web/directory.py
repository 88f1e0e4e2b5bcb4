"""The directory of recipients, the rules in plain words, and what the rules say of one case."""

from datetime import date
from typing import Any

import flask
from flask.typing import ResponseReturnValue

from services.notifications.actions import recipients as actions
from services.notifications.actions.rules import rules_of
from services.notifications.domain.duty import verdicts
from services.notifications.domain.facts import CaseKnown
from services.notifications.domain.items import full_name
from services.notifications.domain.notice import Notice
from services.notifications.store import known, recipients
from services.notifications.store import notices as store
from services.notifications.web import particulars, shown
from services.notifications.web.blueprint import KEEPERS, READERS, blueprint
from services.notifications.web.schemas import RecipientAnswers, Version
from shared import replicas
from shared.clock import LONDON
from shared.errors import Conflict, Invalid
from shared.store.transaction import Transaction
from shared.vocabulary import Role
from shared.web import access, request
from shared.web.forms import Form


@blueprint.get("/recipients")
@access.allow(*READERS, Role.ADMINISTRATOR, restriction=access.Restriction.NONE)
def directory() -> str:
    """Who can be told, and which addresses somebody has vouched for."""
    with request.reading() as tx:
        found = recipients.list_all(tx)
        people = replicas.display_names(tx, {one.confirmed_by for one in found})
        may_change = tx.scope.actor.has(*KEEPERS)
    return flask.render_template(
        "notifications/recipients.html", recipients=found, people=people, may_change=may_change
    )


@blueprint.route("/recipients/<kind>", methods=["GET", "POST"])
@access.allow(*KEEPERS, restriction=access.Restriction.NONE)
@access.step_up()
def recipient(kind: str) -> ResponseReturnValue:
    """Vouch for an address."""
    with request.reading() as tx:
        entry = recipients.get(tx, kind)
    form = Form(RecipientAnswers, {"name": entry.name, "email": entry.email, "version": entry.version})
    answers = form.submitted()
    if answers is not None and _confirmed(form, kind, answers):
        return flask.redirect(flask.url_for("notifications_pages.directory"), 303)
    return form.page("notifications/recipient.html", entry=entry)


def _confirmed(form: Form, kind: str, answers: dict[str, Any]) -> bool:
    try:
        with request.transaction() as tx:
            actions.confirm_recipient(
                tx, kind, answers["version"], answers["name"], answers["email"], answers["taken_from"]
            )
    except (Conflict, Invalid) as problem:
        form.refuse(problem if isinstance(problem, Invalid) else str(problem))
        return False
    return True


@blueprint.post("/recipients/<kind>/unconfirm")
@access.allow(*KEEPERS, restriction=access.Restriction.NONE)
def unconfirm(kind: str) -> ResponseReturnValue:
    """Take the confirmation back."""
    answers = Form(Version).submitted()
    if answers is None:
        raise Invalid("Load the directory again, then decide.")
    with request.transaction() as tx:
        actions.unconfirm_recipient(tx, kind, answers["version"])
    return flask.redirect(flask.url_for("notifications_pages.directory"), 303)


@blueprint.get("/rules")
@access.allow(*READERS, Role.ADMINISTRATOR, restriction=access.Restriction.NONE)
def rules() -> str:
    """Every rule with its basis and source, also those that are off."""
    with request.reading() as tx:
        found, day = rules_of(tx), tx.now.astimezone(LONDON).date()
    in_force = {rule.id for rule in found if rule.in_force(day)}
    return flask.render_template(
        "notifications/rules.html", rules=found, in_force=in_force, bases=shown.BASES
    )


@blueprint.get("/by-case/<case_id>")
@access.allow(*READERS)
def by_case(case_id: str) -> str:
    """The notices of one case, and what each rule says about each adult."""
    with request.transaction() as tx:
        case = known.get_case(tx, case_id)
        tx.accessed("viewed", "case", case_id)
        context = _case_context(tx, case)
    return flask.render_template("notifications/by_case.html", case=case, head=shown.HEAD, **context)


def _case_context(tx: Transaction, case: CaseKnown) -> dict[str, Any]:
    day, found = tx.now.astimezone(LONDON).date(), rules_of(tx)
    of_case = store.of_case(tx, case.case_id).values()
    # One name each, to tell them apart; the others are on the case's own page.
    names = {one.id: full_name(one.names[0]) if one.names else "Name not known" for one in case.adults}
    judged = verdicts(case.facts, found, day) if case.facts else ()
    return {
        "rows": shown.rows(sorted(of_case, key=_pressing), shown.by_id(found), day),
        "judged": particulars.judged(judged, names),
    }


def _pressing(notice: Notice) -> date:
    return notice.dates.late_after
