"""The register of settings: the list, and the settings that one body runs."""

from typing import Any

import flask
from flask.typing import ResponseReturnValue

from services.search.domain.workplaces import asked_words
from services.search.store import register, settings
from services.search.store.resolving import hashed_words
from services.search.store.settings import Wanted
from services.search.web.pages.door import READERS, blueprint
from services.search.web.schemas import SettingFilters
from shared.code_words import code_words
from shared.errors import NotFound
from shared.store.transaction import Transaction
from shared.web import paging
from shared.web.access import Restriction, allow
from shared.web.forms import Form
from shared.web.request import reading


@blueprint.get("/settings")
@allow(*READERS, restriction=Restriction.NONE)
def list_settings() -> ResponseReturnValue:
    """Settings that were named, the latest first, or any of the register by a word of its name or place."""
    form = Form(SettingFilters)
    chosen = form.filters()
    with reading() as tx:
        words = asked_words(chosen.get("words", ""))
        named = chosen.get("show") != "all" and not words
        wanted = Wanted(chosen.get("kind", ""), named, words=frozenset(hashed_words(tx, words)))
        return form.page("search/settings.html", kinds=_kinds(tx), **_page(tx, wanted))


@blueprint.get("/providers/<provider_id>")
@allow(*READERS, restriction=Restriction.NONE)
def show_provider(provider_id: str) -> ResponseReturnValue:
    """Every setting that a trust, company or charity runs."""
    with reading() as tx:
        one = register.provider_of(tx, provider_id)
        if one is None:
            raise NotFound("No body with that number runs settings in your authority's register.")
        wanted = Wanted(named=False, provider_id=provider_id)
        return flask.render_template("search/provider.html", provider=one, **_page(tx, wanted))


def _page(tx: Transaction[Any], wanted: Wanted) -> dict[str, Any]:
    asked = paging.page_of(flask.request.args)
    return {"page": asked.of(*settings.listed(tx, wanted, asked.offset, asked.limit))}


def _kinds(tx: Transaction[Any]) -> list[tuple[str, str]]:
    return [(one, code_words("sector", one)) for one in settings.kinds(tx)]
