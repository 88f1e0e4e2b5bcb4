# mypy: disable-error-code="untyped-decorator"
"""Requests for disclosure for other programs: asked, listed, decided."""

from typing import Any

import flask_smorest

from services.notifications.actions import disclosing
from services.notifications.domain.disclosure import Answer, Asked, Disclosure, Side, State
from services.notifications.store import disclosures as store
from services.notifications.web import schemas
from services.notifications.web.blueprint import APPROVERS, DECIDERS, READERS
from shared.web import access, paging, request

blueprint = flask_smorest.Blueprint(
    "disclosures", __name__, url_prefix="/api", description="What another authority is asked to disclose."
)


@blueprint.get("/disclosures")
@access.allow(*READERS)
@blueprint.arguments(schemas.DisclosureQuery(), location="query")
@blueprint.response(200, schemas.DisclosureList)
def list_disclosures(query: dict[str, Any]) -> paging.Page[dict[str, Any]]:
    """What others ask of us, or we of others; unanswered ones first, fifty a page."""
    asked = paging.Asked(query["page"])
    with request.transaction() as tx:
        found, total = store.listed(tx, Side(query["side"]), asked.offset, asked.limit)
        tx.accessed("viewed", "disclosure_list", query["side"], found=tuple(one.id for one in found))
        return asked.of([_document(one) for one in found], total)


@blueprint.get("/disclosures/<disclosure_id>")
@access.allow(*READERS)
@blueprint.response(200, schemas.DisclosureOut)
def get_disclosure(disclosure_id: str) -> dict[str, Any]:
    """One request as the own side sees it, with its answer."""
    with request.transaction() as tx:
        one = store.get(tx, disclosure_id)
        tx.accessed("viewed", "disclosure", disclosure_id, found=tuple(filter(None, (one.contact_id,))))
        return _document(one)


@blueprint.post("/disclosures")
@access.allow(*DECIDERS)
@blueprint.arguments(schemas.DisclosureIn())
@blueprint.response(201, schemas.DisclosureOut)
def ask_disclosure(said: dict[str, Any]) -> dict[str, Any]:
    """Ask for what is behind a pointer; what was asked already and waits is returned, not repeated."""
    asked = Asked(said["purpose"], said["reason"], said["extent"])
    with request.transaction() as tx:
        made = disclosing.request(tx, said["holder"], said["reference"], asked, said["contact_id"])
        return _document(store.get(tx, made))


@blueprint.post("/disclosures/<disclosure_id>/decision")
@access.allow(*APPROVERS)
@blueprint.arguments(schemas.DisclosureDecisionIn())
@blueprint.response(201, schemas.DisclosureOut)
def decide_on_disclosure(said: dict[str, Any], disclosure_id: str) -> dict[str, Any]:
    """The holder gives or refuses, once."""
    with request.transaction() as tx:
        answer = Answer(said["words"], said["function"], said["detriment"])
        disclosing.decide(tx, disclosure_id, State(said["decision"]), answer)
        return _document(store.get(tx, disclosure_id))


def _document(one: Disclosure) -> dict[str, Any]:
    return {**vars(one), **vars(one.asked), "answer": one.answer.words, "side": one.side, "state": one.state}
