# mypy: disable-error-code="untyped-decorator"
"""The JSON side: searches, the matches of a contact, judgements."""

from typing import Any

from flask_smorest import Blueprint

from services.search.actions import judging, searching
from services.search.actions.vetting import Wish
from services.search.store import crossing, matches, mentions, searches
from services.search.store.matches import Match
from services.search.web import people
from services.search.web.pages.door import READERS, SEARCHERS
from services.search.web.schemas import JudgementIn, MatchesOut, MatchOut, SearchIn, SearchOut
from shared.errors import NotFound, Refused
from shared.store.transaction import Transaction
from shared.web.access import allow
from shared.web.request import actor, transaction

blueprint = Blueprint("search", __name__, url_prefix="/api", description="Finding the same adult again")


@blueprint.route("/searches", methods=["POST"])
@allow(*SEARCHERS)
@blueprint.arguments(SearchIn)
@blueprint.response(201, SearchOut)
def make_search(said: dict[str, Any]) -> dict[str, Any]:
    """Search; own records in full, other authorities' as pointers only."""
    asked = people.from_document(said.pop("person"))
    with transaction() as tx:
        made = searching.run_search(tx, Wish(asked, **said))
    # Refused only after the commit: that somebody tried is kept.
    if made.refusal:
        raise Refused(made.refusal)
    with transaction() as tx:
        return _document(tx, made.search_id)


@blueprint.route("/searches/<search_id>")
@allow(*SEARCHERS)
@blueprint.response(200, SearchOut)
def get_search(search_id: str) -> dict[str, Any]:
    """What one's own search was shown."""
    with transaction() as tx:
        tx.accessed("viewed", "search", search_id)
        return _document(tx, search_id)


@blueprint.route("/contacts/<contact_id>/matches")
@allow(*READERS)
@blueprint.response(200, MatchesOut)
def list_contact_matches(contact_id: str) -> dict[str, Any]:
    """Who was named before, surest first."""
    with transaction() as tx:
        found = matches.of_contact(tx, contact_id)
        tx.accessed("viewed", "contact_matches", contact_id, found=tuple(one.match_id for one in found))
        return {"matches": [_match(tx, one) for one in found]}


@blueprint.route("/matches/<match_id>/judgement", methods=["POST"])
@allow(*SEARCHERS)
@blueprint.arguments(JudgementIn)
@blueprint.response(201, MatchOut)
def judge(said: dict[str, Any], match_id: str) -> dict[str, Any]:
    """The same adult, different adults, or unsure; remembered until the data of either record change."""
    with transaction() as tx:
        judging.judge(tx, match_id, said["verdict"], said["reason"], seen=said["seen"])
        one = matches.visible(tx, match_id)
        if one is None:
            raise NotFound("There is no such match in your authority.")
        return _match(tx, one)


def _document(tx: Transaction[Any], search_id: str) -> dict[str, Any]:
    made = searches.one(tx, search_id)
    if made is None or made.actor_id != actor().id:
        raise NotFound("There is no such search of yours. Search again.")
    seen = mentions.of_contacts(tx, [hit.contact_id for hit in made.result.own])
    own = [
        {
            **vars(hit),
            "waterfall": [dict(zip(("field", "words", "bits"), line, strict=True)) for line in hit.lines],
        }
        for hit in made.result.own
        if (hit.contact_id, hit.person_id) in seen
    ]
    return {"search_id": search_id, "at": made.at, "own": own, "pointers": made.result.pointers}


def _match(tx: Transaction[Any], one: Match) -> dict[str, Any]:
    plain = {
        "match_id": one.match_id,
        "person_id": one.person_id,
        "state": one.state.value,
        "band": one.band.value,
    }
    if one.holder:
        return {
            **plain,
            "found_at": one.found_at,
            "other_contact_id": None,
            "pointer": crossing.pointer_of(tx, one),
        }
    return {**plain, "found_at": one.found_at, "other_contact_id": one.other_contact_id, "pointer": None}
