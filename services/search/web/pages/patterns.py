"""Patterns: the worklist, one with the records it rests on, and what whoever looked found."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import flask
from flask.typing import ResponseReturnValue

from services.search.actions import reviewing
from services.search.actions.registering import setting_of
from services.search.domain.clusters import Node
from services.search.domain.patterns import Finding, Ground, Kind
from services.search.store import matches, mentions, patterns, references, register, settings
from services.search.store.patterns import OPEN, Pattern
from services.search.web import pattern_words as said
from services.search.web import wording
from services.search.web.pages.door import READERS, SEARCHERS, blueprint
from services.search.web.pages.matches import faces
from services.search.web.schemas import PatternFilters, ReviewForm
from shared import replicas
from shared.errors import Invalid, Refused
from shared.store.transaction import Transaction
from shared.web import paging
from shared.web.access import allow
from shared.web.forms import Form
from shared.web.request import actor, transaction
from shared.web.sheets import csv_file, day

_HEAD = (
    "Reference",
    "About",
    "What",
    "Sign",
    "Concerns",
    "Expected",
    "Chance",
    "From",
    "To",
    "Found",
    "State",
)
_MOST_EXPORTED = 5_000


class Shown(NamedTuple):
    """A pattern as the reader may see it: only from the records that are open to them."""

    pattern: Pattern
    about: str
    fired: tuple[Ground, ...]
    now: tuple[Ground, ...]
    records: Mapping[Node, bool]


@blueprint.get("/patterns")
@allow(*READERS)
def list_patterns() -> ResponseReturnValue:
    """Those in a state, the latest first."""
    form = Form(PatternFilters)
    asked = paging.page_of(flask.request.args)
    with transaction() as tx:
        found, total = _chosen(tx, form.filters(), asked.offset, asked.limit)
        tx.accessed("viewed", "pattern_list", "patterns", found=_ids(found))
        return form.page(
            "search/patterns.html",
            page=asked.of(found, total),
            outcomes=_outcomes(patterns.reviewed(tx)),
            query=flask.request.query_string.decode(),
        )


@blueprint.get("/patterns/export.csv")
@allow(*READERS)
def export_patterns() -> ResponseReturnValue:
    """The same as a file, 5,000 at most, a line for each sign."""
    with transaction() as tx:
        found, _ = _chosen(tx, Form(PatternFilters).exact(), 0, _MOST_EXPORTED)
        tx.accessed("exported", "pattern_list", "patterns", found=_ids(found))
        rows = [_cells(one, ground) for one in found for ground in one.now]
    return csv_file("patterns", _HEAD, rows)


@blueprint.get("/patterns/<pattern_id>")
@allow(*READERS)
def show_pattern(pattern_id: str) -> ResponseReturnValue:
    """One, with its records."""
    return _page(pattern_id, Form(ReviewForm))


@blueprint.post("/patterns/<pattern_id>")
@allow(*SEARCHERS)
def review_pattern(pattern_id: str) -> ResponseReturnValue:
    """Say what came of it."""
    form = Form(ReviewForm)
    answers = form.submitted()
    if answers is None:
        return _page(pattern_id, form)
    try:
        with transaction() as tx:
            reviewing.review(tx, pattern_id, answers["finding"], answers["reason"])
    except (Invalid, Refused) as problem:
        form.refuse(problem if isinstance(problem, Invalid) else str(problem))
        return _page(pattern_id, form)
    return flask.redirect(f"/search/patterns/{pattern_id}")


def shown(tx: Transaction[Any], found: Sequence[Pattern]) -> list[Shown]:
    """Patterns with the name of what they are about, counted over the records open to the actor."""
    rests_on = patterns.open_records(tx, [one.pattern_id for one in found])
    seen = mentions.of_contacts(tx, sorted({node[0] for of in rests_on.values() for node in of}))
    names = settings.names(tx, {one.subject for one in found if one.kind is Kind.SETTING})
    return [_shown(tx, one, rests_on.get(one.pattern_id, {}), seen, names) for one in found]


def _shown(
    tx: Transaction[Any], one: Pattern, records: Mapping[Node, bool], seen: Mapping[Node, mentions.Kept],
    names: Mapping[str, str],
) -> Shown:  # fmt: skip
    kept = [seen[node] for node in sorted(records) if node in seen]
    first = [record for record in kept if not records[record.contact_id, record.person_id]]
    about = {
        Kind.PERSON: lambda: wording.name_of(kept[0].person) if kept else "Adult",
        Kind.SETTING: lambda: names.get(one.subject) or "Setting without a name",
        Kind.PROVIDER: lambda: _provider(tx, one.subject),
    }[one.kind]()
    return Shown(one, about, _counted(one.words.fired, first), _counted(one.words.now, kept), records)


def _counted(grounds: Sequence[Ground], kept: Collection[mentions.Kept]) -> tuple[Ground, ...]:
    return tuple(
        ground.among(len({one.contact_id for one in kept if ground.covers(one.seen_at)}))
        if ground.adults and ground.sign not in said.NOT_OF_CONCERNS
        else ground
        for ground in grounds
    )


def _provider(tx: Transaction[Any], provider_id: str) -> str:
    one = register.provider_of(tx, provider_id)
    return (one.name or one.company) if one else "Body that runs settings"


def _chosen(tx: Transaction[Any], chosen: Mapping[str, Any], skip: int, most: int) -> tuple[list[Shown], int]:
    found, total = patterns.listed(tx, chosen.get("state") or OPEN, chosen.get("kind") or "", skip, most)
    return shown(tx, found), total


def _ids(found: Sequence[Shown]) -> tuple[str, ...]:
    return tuple(one.pattern.pattern_id for one in found)


def _page(pattern_id: str, form: Form) -> ResponseReturnValue:
    with transaction() as tx:
        (one,) = shown(tx, [reviewing.pattern_of(tx, pattern_id)])
        contact_ids = sorted({contact_id for contact_id, _ in one.records})
        tx.accessed("viewed", "pattern", pattern_id, found=tuple(contact_ids))
        seen = mentions.of_contacts(tx, contact_ids)
        return form.page(
            "search/pattern.html",
            shown=one,
            records=sorted(
                ((seen[node], later) for node, later in one.records.items() if node in seen),
                key=lambda record: record[0].seen_at,
                reverse=True,
            ),
            names=references.of_contacts(tx, contact_ids),
            people=replicas.display_names(tx, {one.pattern.reviewed_by}),
            may_review=one.pattern.state == OPEN and actor().has(*SEARCHERS),
            **_beside(tx, one),
        )


def _beside(tx: Transaction[Any], one: Shown) -> dict[str, Any]:
    """Pointers to other authorities, and pairs that are only possible, which are counted apart."""
    if one.pattern.kind is not Kind.PERSON:
        setting = setting_of(tx, one.pattern.subject) if one.pattern.kind is Kind.SETTING else None
        return {"pointed": (), "possible": (), "setting": setting, "holders": {}}
    pairs = {
        pair.match_id: pair
        for contact_id in sorted({contact_id for contact_id, _ in one.records})
        for pair in matches.of_contact(tx, contact_id)
        if {(pair.contact_id, pair.person_id), (pair.other_contact_id, pair.other_person_id)}
        & one.records.keys()
    }
    pointed = [pair for pair in pairs.values() if pair.holder and pair.state.value in ("open", "confirmed")]
    possible = [pair for pair in pairs.values() if not pair.holder and said.is_possible(pair)]
    called = faces(tx, pointed)
    return {"pointed": pointed, "possible": possible, "setting": None, "holders": called["holders"]}


def _outcomes(counts: Mapping[tuple[Kind, str], int]) -> list[tuple[str, int, int, int, str]]:
    """For each kind how many wait, were acted upon or explained, and how often that was a false alarm."""
    rows = []
    for kind in Kind:
        waiting, acted, explained = (
            counts.get((kind, one), 0) for one in ("", Finding.ACTED, Finding.EXPLAINED)
        )
        rate = wording.rate_words(explained, acted + explained)
        rows.append((said.PATTERN_WORDS[kind], waiting, acted, explained, rate))
    return rows


def _cells(one: Shown, ground: Ground) -> tuple[object, ...]:
    return (
        one.pattern.reference, one.about, said.PATTERN_WORDS[one.pattern.kind],
        said.sign_words(ground), ground.count, said.expected_words(ground), said.chance_words(ground),
        day(ground.since), day(ground.until), day(one.pattern.found_at),
        said.PATTERN_STATES[one.pattern.state],
    )  # fmt: skip
