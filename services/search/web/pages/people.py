"""Searching for an adult, and what was found."""

from typing import Any

import flask
from flask.typing import ResponseReturnValue

from services.search.actions import searching, vetting
from services.search.actions.vetting import Wish
from services.search.store import mentions, profiles, references, searches
from services.search.web import people, wording
from services.search.web.pages.door import ASKERS, SEARCHERS, blueprint
from services.search.web.schemas import SearchForm
from shared import replicas
from shared.errors import Invalid, NotFound, Unavailable
from shared.store.transaction import Transaction
from shared.web.access import Restriction, allow
from shared.web.forms import Form
from shared.web.request import actor, reading, transaction


@blueprint.get("/people")
@allow(*ASKERS, restriction=Restriction.NONE)
def search_form() -> ResponseReturnValue:
    """One form for any mix of what is known; `contact` says for which contact the search is made."""
    return _form(Form(SearchForm, {"reach": "own", "contact_id": flask.request.args.get("contact", "")}))


@blueprint.post("/people")
@allow(*ASKERS)
def search_people() -> ResponseReturnValue:
    """Search; the results have a page of their own, so that no name is ever in an address."""
    form = Form(SearchForm)
    answers = form.submitted()
    if answers is None:
        return _form(form)
    try:
        with transaction() as tx:
            made = searching.run_search(tx, _wish(answers))
    except (Invalid, Unavailable) as problem:
        form.refuse(problem)
        return _form(form)
    if made.refusal:
        form.refuse(made.refusal)
        return _form(form)
    return flask.redirect(f"/search/searches/{made.search_id}")


@blueprint.get("/searches/<search_id>")
@allow(*ASKERS)
def search_results(search_id: str) -> ResponseReturnValue:
    """What one's own search was shown; records that were closed since are left out."""
    with transaction() as tx:
        made = searches.one(tx, search_id)
        # Not even colleagues: a result page holds what somebody was shown for their own reason.
        if made is None or made.actor_id != actor().id:
            raise NotFound("There is no such search of yours. Search again.")
        tx.accessed("viewed", "search", search_id, purpose=made.purpose)
        return flask.render_template("search/results.html", made=made, **_shown(tx, made))


def _form(form: Form) -> ResponseReturnValue:
    with reading() as tx:
        listed = list(vetting.purposes_of(tx).items())
    return form.page(
        "search/people.html", beyond=actor().has(*SEARCHERS), purposes=listed, schemes=wording.SCHEMES
    )


def _wish(answers: dict[str, Any]) -> Wish:
    kept = {name: answers[name] for name in ("reach", "purpose", "reason", "contact_id")}
    asked, reference = people.from_form(answers)
    return Wish(asked, reference=reference, **kept)


def _shown(tx: Transaction[Any], made: searches.Search) -> dict[str, Any]:
    contact_ids = [hit.contact_id for hit in made.result.own]
    seen = mentions.of_contacts(tx, contact_ids)
    # The result was kept, its records may have been closed to the reader since.
    own = [(hit, seen[who]) for hit in made.result.own if (who := (hit.contact_id, hit.person_id)) in seen]
    history = sorted({(kept.seen_at, kept.contact_id) for _, kept in own}, reverse=True)
    return {
        "own": own,
        "history": history,
        "works": {who: wording.works_of(kept.person) for who, kept in seen.items()},
        "known": dict(made.result.known),
        "profiles": profiles.of(tx, set(seen)),
        "names": references.of_contacts(tx, contact_ids),
        "holders": {one.code: one.display_name for one in replicas.authorities(tx)},
        "purpose_words": vetting.purposes_of(tx).get(made.purpose, ""),
        "asked": [
            (key, ", ".join(values)) for key, values in wording.facts_of(made.result.asked).items() if values
        ],
    }
