"""The record of searches: what people of the authority searched, and what others were shown of it."""

import flask
from flask.typing import ResponseReturnValue

from services.search.actions import vetting
from services.search.domain.purposes import AT_SETTING
from services.search.store import mentions, references, searches
from services.search.web import wording
from services.search.web.pages.door import MONTH, READERS, REVIEWERS, WINDOWS, blueprint
from services.search.web.schemas import SearchFilters, WindowFilters
from shared import replicas
from shared.web import paging
from shared.web.access import Restriction, allow
from shared.web.forms import Form
from shared.web.request import transaction


@blueprint.get("/searches")
@allow(*REVIEWERS, restriction=Restriction.NONE)
def list_searches() -> ResponseReturnValue:
    """Who searched, when and why; not what was typed."""
    form = Form(SearchFilters)
    show = form.filters().get("show", "")
    asked = paging.page_of(flask.request.args)
    with transaction() as tx:
        found, total = searches.listed(
            tx,
            flagged=show == "flagged",
            without_contact=show == "without_contact",
            asked=(asked.offset, asked.limit),
        )
        tx.accessed("viewed", "search_list", "searches", found=tuple(one.search_id for one in found))
        people = replicas.display_names(tx, {one.actor_id for one in found})
        return form.page(
            "search/searches.html",
            page=asked.of(found, total),
            people=people,
            purposes=vetting.purposes_of(tx),
            names=references.of_contacts(tx, [one.contact_id for one in found if one.contact_id]),
        )


@blueprint.get("/searches/report")
@allow(*REVIEWERS, restriction=Restriction.NONE)
def report_searches() -> ResponseReturnValue:
    """How many searches each person made, and how many of them for no contact."""
    form = Form(WindowFilters)
    months = form.filters().get("months") or 36
    with transaction() as tx:
        counts = searches.counts(tx, tx.now - months * MONTH)
        tx.accessed("viewed", "search_report", "searches")
        people = replicas.display_names(tx, [one.actor_id for one in counts])
        return form.page("search/report.html", counts=counts, people=people, months=months, windows=WINDOWS)


@blueprint.get("/shown")
@allow(*READERS)
def list_shown() -> ResponseReturnValue:
    """Which records another authority's search was pointed at."""
    asked = paging.page_of(flask.request.args)
    with transaction() as tx:
        found, total = searches.shown_listed(tx, asked.offset, asked.limit)
        contact_ids = sorted({one.contact_id for one in found})
        tx.accessed("viewed", "shown_pointers", "shown", found=tuple(contact_ids))
        return flask.render_template(
            "search/shown.html",
            page=asked.of(found, total),
            seen=mentions.of_contacts(tx, contact_ids),
            names=references.of_contacts(tx, contact_ids),
            holders={one.code: one.display_name for one in replicas.authorities(tx)},
            purposes={AT_SETTING: wording.AT_SETTING_WORDS, **vetting.purposes_of(tx)},
        )
