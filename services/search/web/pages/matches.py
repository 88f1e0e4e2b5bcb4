"""Matches: the list, two records side by side, and the answer."""

from collections.abc import Callable
from typing import Any, Protocol

import flask
from flask.typing import ResponseReturnValue

from services.search.actions import judging
from services.search.domain.judgement import State, Verdict
from services.search.store import crossing, matches, mentions, profiles, references
from services.search.store.matches import Match
from services.search.web import wording
from services.search.web.pages.door import READERS, SEARCHERS, blueprint
from services.search.web.schemas import JudgeForm, MatchFilters
from shared import replicas
from shared.errors import Conflict, Invalid, NotFound, Refused
from shared.store.transaction import Transaction
from shared.web import paging
from shared.web.access import allow
from shared.web.forms import Form
from shared.web.request import actor, transaction

Page = Callable[[str, Form], ResponseReturnValue]


class Judge(Protocol):
    """What remembers an answer."""

    def __call__(
        self, tx: Transaction[Any], match_id: str, verdict: Verdict, reason: str, *, seen: str
    ) -> None:
        """As `judging.judge`."""


@blueprint.get("/matches")
@allow(*READERS)
def list_matches() -> ResponseReturnValue:
    """Matches in a state, latest first."""
    form = Form(MatchFilters)
    state = form.filters().get("state") or State.OPEN
    asked = paging.page_of(flask.request.args)
    with transaction() as tx:
        found, total = matches.listed(tx, state, asked.offset, asked.limit)
        tx.accessed("viewed", "match_list", "matches", found=tuple(one.match_id for one in found))
        return form.page(
            "search/matches.html",
            page=asked.of(found, total),
            state=state,
            states=_states(),
            **faces(tx, found),
        )


@blueprint.get("/matches/<match_id>")
@allow(*READERS)
def show_match(match_id: str) -> ResponseReturnValue:
    """Both records side by side; of another authority's record, only the pointer."""
    return _page(match_id, Form(JudgeForm))


@blueprint.post("/matches/<match_id>")
@allow(*SEARCHERS)
def judge_match(match_id: str) -> ResponseReturnValue:
    """The same adult, different adults, or unsure."""
    return judged(match_id, judging.judge, _page)


def judged(match_id: str, judge: Judge, page: Page) -> ResponseReturnValue:
    """Give the answer that was sent, or say on the page what is wrong with it."""
    form = Form(JudgeForm)
    answers = form.submitted()
    if answers is None:
        return page(match_id, form)
    try:
        with transaction() as tx:
            judge(tx, match_id, answers["verdict"], answers["reason"], seen=answers["seen"])
    except (Invalid, Conflict, Refused) as problem:
        form.refuse(problem if isinstance(problem, Invalid) else str(problem))
        return page(match_id, form)
    return flask.redirect(f"/search/matches/{match_id}")


def _page(match_id: str, form: Form) -> ResponseReturnValue:
    with transaction() as tx:
        one = matches.visible(tx, match_id)
        if one is None:
            raise NotFound(
                "There is no such match in your authority. It may have been withdrawn or closed to you."
            )
        tx.accessed(
            "viewed", "match", match_id, found=tuple(filter(None, (one.contact_id, one.other_contact_id)))
        )
        return form.page("search/match.html", match=one, may_judge=actor().has(*SEARCHERS), **_sides(tx, one))


def _sides(tx: Transaction[Any], one: Match) -> dict[str, Any]:
    mine = mentions.visible(tx, one.contact_id, one.person_id)
    if mine is None:
        raise NotFound("The record of this match is not there any more.")
    called = faces(tx, [one])
    if one.holder:
        return {**called, "mine": mine, "theirs": None, "pointer": crossing.pointer_of(tx, one), "rows": ()}
    theirs = mentions.visible(tx, one.other_contact_id, one.other_person_id)
    if theirs is None:
        raise NotFound("The record of this match is not there any more.")
    rows = list(wording.side_by_side(mine.person, theirs.person))
    pair = {(kept.contact_id, kept.person_id) for kept in (mine, theirs)}
    called["profile_ids"] = sorted(set(profiles.of(tx, pair).values()))
    return {**called, "mine": mine, "theirs": theirs, "pointer": None, "rows": rows}


def faces(tx: Transaction[Any], found: list[Match]) -> dict[str, Any]:
    """What lists of matches call contacts, adults, holders and those who judged."""
    contact_ids = [
        contact_id for one in found for contact_id in (one.contact_id, one.other_contact_id) if contact_id
    ]
    judges = {one.judged_by for one in found} | {
        one.grounds.earlier.by for one in found if one.grounds.earlier
    }
    return {
        "seen": mentions.of_contacts(tx, contact_ids),
        "names": references.of_contacts(tx, contact_ids),
        "holders": {one.code: one.display_name for one in replicas.authorities(tx)},
        "judges": replicas.display_names(tx, judges),
    }


def _states() -> list[tuple[str, str]]:
    return [(state.value, words) for state, words in wording.STATE_WORDS.items()]
