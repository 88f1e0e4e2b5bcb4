"""Requests for disclosure: asking, the list of both sides, and the holder's decision."""

from typing import Any

import flask
from flask.typing import ResponseReturnValue

from services.notifications.actions import disclosing
from services.notifications.domain.disclosure import Answer, Asked, Disclosure, Side, State
from services.notifications.store import disclosures as store
from services.notifications.store import known
from services.notifications.web import shown
from services.notifications.web.blueprint import APPROVERS, DECIDERS, READERS, blueprint
from services.notifications.web.schemas import AskAnswers, DecisionAnswers
from shared import replicas
from shared.errors import Conflict, Invalid, NotFound, Refused
from shared.store.transaction import Transaction
from shared.web import access, paging, request
from shared.web.forms import Form


@blueprint.get("/disclosures")
@access.allow(*READERS)
def disclosures() -> ResponseReturnValue:
    """What others ask of us, or we of others; unanswered ones first."""
    asked, wanted = paging.page_of(flask.request.args), flask.request.args.get("side") or Side.HOLDING
    if wanted not in set(Side):
        raise NotFound("There is no such list. Requests are asked of us or by us: choose one of the two.")
    side = Side(wanted)
    with request.transaction() as tx:
        found, total = store.listed(tx, side, asked.offset, asked.limit)
        tx.accessed("viewed", "disclosure_list", side.value, found=tuple(one.id for one in found))
        names, today = _authorities(tx), shown.today(tx)
    page = asked.of([(one, shown.disclosure_words(one, today)) for one in found], total)
    return flask.render_template("notifications/disclosures.html", page=page, side=side, names=names)


@blueprint.route("/disclosures/new", methods=["GET", "POST"])
@access.allow(*DECIDERS)
def ask() -> ResponseReturnValue:
    """Ask another authority for what is behind a pointer."""
    given = {name: flask.request.args.get(name, "") for name in ("holder", "reference", "contact_id")}
    form = Form(AskAnswers, given)
    answers = form.submitted()
    made = _asked(form, answers) if answers is not None else ""
    if made:
        return flask.redirect(flask.url_for("notifications_pages.disclosure", disclosure_id=made), 303)
    with request.reading() as tx:
        holder = replicas.authority(tx, form.value("holder"))
    if not form.value("reference"):
        raise NotFound("Open the pointer that you want to ask about, and start the request from there.")
    return form.page("notifications/ask_disclosure.html", holder=holder)


def _asked(form: Form, answers: dict[str, Any]) -> str:
    asked = Asked(answers["purpose"], answers["reason"], answers["extent"])
    try:
        with request.transaction() as tx:
            return disclosing.request(
                tx, answers["holder"], answers["reference"], asked, answers["contact_id"]
            )
    except (Invalid, Refused) as problem:
        form.refuse(problem)
        return ""


@blueprint.get("/disclosures/<disclosure_id>")
@access.allow(*READERS)
def disclosure(disclosure_id: str) -> ResponseReturnValue:
    """One request with its answer, as the own side sees it."""
    return _page(disclosure_id, Form(DecisionAnswers))


@blueprint.post("/disclosures/<disclosure_id>")
@access.allow(*APPROVERS)
def decide_disclosure(disclosure_id: str) -> ResponseReturnValue:
    """A manager of the holder gives or refuses."""
    form = Form(DecisionAnswers)
    answers = form.submitted()
    if answers is None or not _decided(form, disclosure_id, answers):
        return _page(disclosure_id, form)
    return flask.redirect(flask.url_for("notifications_pages.disclosure", disclosure_id=disclosure_id), 303)


def _page(disclosure_id: str, form: Form) -> ResponseReturnValue:
    with request.transaction() as tx:
        one = store.get(tx, disclosure_id)
        tx.accessed("viewed", "disclosure", disclosure_id, found=tuple(filter(None, (one.contact_id,))))
        context = _context(tx, one)
    return form.page("notifications/disclosure.html", one=one, **context)


def _decided(form: Form, disclosure_id: str, answers: dict[str, Any]) -> bool:
    try:
        with request.transaction() as tx:
            state, answer = State(answers.pop("decision")), Answer(**answers)
            disclosing.decide(tx, disclosure_id, state, answer)
    except (Conflict, Refused) as problem:
        form.refuse(problem)
        return False
    return True


def _context(tx: Transaction, one: Disclosure) -> dict[str, Any]:
    contact = known.find_contact(tx, one.contact_id) if one.contact_id else None
    return {
        "names": _authorities(tx),
        "people": replicas.display_names(tx, {one.asked_by, one.decided_by} - {""}),
        "contact": contact,
        "route": replicas.authority(tx, one.other).contact_route,
        "words": shown.disclosure_words(one, shown.today(tx)),
        "may_decide": one.side is Side.HOLDING
        and one.state is State.REQUESTED
        and tx.scope.actor.has(*APPROVERS),
    }


def _authorities(tx: Transaction) -> dict[str, str]:
    return {one.code: one.display_name for one in replicas.authorities(tx)}
