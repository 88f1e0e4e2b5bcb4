"""People: records that were judged to be of one adult, together, with what speaks against it."""

from collections import Counter
from typing import Any

import flask
from flask.typing import ResponseReturnValue

from services.search.actions import profiling
from services.search.domain import clusters
from services.search.domain.clusters import Node
from services.search.domain.judgement import State
from services.search.store import matches, mentions, patterns, profiles, references
from services.search.store.matches import Match
from services.search.store.mentions import Kept
from services.search.store.profiles import Profile
from services.search.web import wording
from services.search.web.pages.door import READERS, blueprint
from services.search.web.pages.patterns import shown
from services.search.web.schemas import ProfileFilters
from shared import replicas
from shared.errors import NotFound
from shared.store.transaction import Transaction
from shared.web import paging
from shared.web.access import allow
from shared.web.forms import Form
from shared.web.request import transaction


@blueprint.get("/profiles")
@allow(*READERS)
def list_profiles() -> ResponseReturnValue:
    """Adults of whom several records were joined, those that changed last first."""
    form = Form(ProfileFilters)
    flagged = form.filters().get("show") == "flagged"
    asked = paging.page_of(flask.request.args)
    with transaction() as tx:
        found, total = profiles.listed(tx, flagged=flagged, asked=(asked.offset, asked.limit))
        of = profiles.members_of(tx, [one.profile_id for one in found])
        seen = mentions.of_contacts(tx, sorted({node[0] for nodes in of.values() for node in nodes}))
        tx.accessed("viewed", "profile_list", "profiles", found=tuple(one.profile_id for one in found))
        records = {at: [seen[node] for node in nodes if node in seen] for at, nodes in of.items()}
        return form.page("search/profiles.html", page=asked.of(found, total), records=records)


@blueprint.get("/profiles/<profile_id>")
@allow(*READERS)
def show_profile(profile_id: str) -> ResponseReturnValue:
    """One adult: what the records say, how they were joined, and what should be looked at again."""
    with transaction() as tx:
        one = profiles.one(tx, profile_id)
        if one is None:
            raise NotFound(
                "There is no such person any more. The records were parted or joined with others; "
                "open one of them to see where they are."
            )
        nodes = profiles.members(tx, profile_id)
        seen = mentions.of_contacts(tx, sorted({contact_id for contact_id, _ in nodes}))
        kept = {node: seen[node] for node in nodes if node in seen}
        tx.accessed("viewed", "profile", profile_id, found=tuple(sorted({node[0] for node in kept})))
        return flask.render_template("search/profile.html", profile=one, **_page(tx, one, kept))


def _page(tx: Transaction[Any], one: Profile, kept: dict[Node, Kept]) -> dict[str, Any]:
    contact_ids = sorted({node[0] for node in kept})
    links = profiling.links_of(tx, set(kept))
    pairs = {pair.match_id: pair for pair in matches.among(tx, set(kept))}
    others = [pair for pair in matches.of_contacts(tx, contact_ids) if _may_be_the_same(pair, kept)]
    changes = profiles.history(tx, one.profile_id, set(kept))
    beside = {contact_id for pair in others for contact_id in (pair.contact_id, pair.other_contact_id)}
    named = sorted({*contact_ids, *beside, *(change.contact_id for change in changes)})
    names = references.of_contacts(tx, named)
    who = {change.by for change in changes} | {pair.judged_by for pair in pairs.values()}
    called = {node: names.get(node[0], "Contact") for node in kept}
    called_how = Counter(wording.name_of(each.person) for each in kept.values())
    return {
        "usual_name": called_how.most_common(1)[0][0] if called_how else "Adult",
        "records": sorted(kept.values(), key=lambda record: record.seen_at, reverse=True),
        "doubts": clusters.weaknesses(set(kept), links),
        "others": others,
        "pairs": sorted(pairs.values(), key=lambda pair: pair.found_at, reverse=True),
        "changes": changes,
        "called": called,
        "names": names,
        "people": replicas.display_names(tx, who),
        "together": list(wording.together({called[node]: each.person for node, each in kept.items()})),
        "patterns": shown(tx, patterns.about_adult(tx, set(kept))),
        "works": {node: wording.works_of(each.person) for node, each in kept.items()},
    }


def _may_be_the_same(pair: Match, kept: dict[Node, Kept]) -> bool:
    """Whether it leads to somebody else's record, and nobody has said that it is somebody else."""
    inside = [
        (pair.contact_id, pair.person_id) in kept,
        (pair.other_contact_id, pair.other_person_id) in kept,
    ]
    return not pair.holder and sum(inside) == 1 and pair.state in (State.OPEN, State.UNSURE)
