"""Two whole people side by side, and one answer about all that was found between them."""

from typing import Any

from flask.typing import ResponseReturnValue

from services.search.actions import judging
from services.search.actions.judging import Sides
from services.search.store import matches, profiles, references
from services.search.store.matches import Match
from services.search.web import whole, wording
from services.search.web.pages.door import READERS, SEARCHERS, blueprint
from services.search.web.pages.matches import judged
from services.search.web.schemas import JudgeForm
from shared import replicas
from shared.errors import NotFound
from shared.store.transaction import Transaction
from shared.web.access import allow
from shared.web.forms import Form
from shared.web.request import actor, transaction


@blueprint.get("/matches/<match_id>/people")
@allow(*READERS)
def compare_people(match_id: str) -> ResponseReturnValue:
    """Everything that is known of both."""
    return _page(match_id, Form(JudgeForm))


@blueprint.post("/matches/<match_id>/people")
@allow(*SEARCHERS)
def judge_people(match_id: str) -> ResponseReturnValue:
    """The same adult, different adults, or unsure: about every pair between them."""
    return judged(match_id, judging.judge_people, _page)


def _page(match_id: str, form: Form) -> ResponseReturnValue:
    with transaction() as tx:
        one = matches.visible(tx, match_id)
        sides = judging.people_of(tx, one) if one and not one.holder else None
        if one is None or sides is None or not (sides.mine and sides.theirs):
            raise NotFound("There are no two people of your authority to compare here.")
        tx.accessed("viewed", "match", match_id, found=_contacts(sides))
        return form.page(
            "search/whole.html",
            match=one,
            sides=sides,
            may_judge=actor().has(*SEARCHERS),
            **_words(tx, one, sides),
        )


def _words(tx: Transaction[Any], one: Match, sides: Sides) -> dict[str, Any]:
    called = references.of_contacts(tx, list(_contacts(sides)))
    mine, theirs = (
        {called.get(node[0], "Contact"): kept.person for node, kept in side.items()}
        for side in (sides.mine, sides.theirs)
    )
    at = profiles.of(tx, sides.mine.keys() | sides.theirs.keys())
    return {
        "rows": list(whole.compare(mine, theirs)),
        "called": called,
        "heads": [wording.name_of(next(iter(side.values())).person) for side in (sides.mine, sides.theirs)],
        "is_one": set(sides.mine) == set(sides.theirs),
        "profile_id": at.get((one.contact_id, one.person_id), ""),
        "judges": replicas.display_names(tx, {pair.judged_by for pair in sides.pairs}),
    }


def _contacts(sides: Sides) -> tuple[str, ...]:
    return tuple(sorted({node[0] for node in (*sides.mine, *sides.theirs)}))
