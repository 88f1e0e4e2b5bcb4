"""The register of settings: the list, and who was named at one of them over a window."""

from datetime import timedelta

import flask
from flask.typing import ResponseReturnValue

from services.search.store import mentions, references, settings
from services.search.web.pages.door import READERS, blueprint
from services.search.web.schemas import SettingFilters, WindowFilters
from shared.errors import NotFound
from shared.web import paging
from shared.web.access import Restriction, allow
from shared.web.forms import Form
from shared.web.request import reading, transaction

_MONTH = timedelta(days=365.25 / 12)
_WINDOWS = (("12", "12 months"), ("36", "3 years"), ("60", "5 years"))


@blueprint.get("/settings")
@allow(*READERS, restriction=Restriction.NONE)
def list_settings() -> ResponseReturnValue:
    """Settings that were named, the latest first."""
    form = Form(SettingFilters)
    kind = form.filters().get("kind", "")
    asked = paging.page_of(flask.request.args)
    with reading() as tx:
        found, total = settings.listed(tx, kind, asked.offset, asked.limit)
        kinds = [(one, one.replace("_", " ").capitalize()) for one in settings.kinds(tx)]
    return form.page("search/settings.html", page=asked.of(found, total), kinds=kinds)


@blueprint.get("/settings/<setting_id>")
@allow(*READERS)
def show_setting(setting_id: str) -> ResponseReturnValue:
    """Everybody named at a setting within the window, whatever was decided."""
    form = Form(WindowFilters)
    months = form.filters().get("months") or 36
    asked = paging.page_of(flask.request.args)
    with transaction() as tx:
        one = settings.one(tx, setting_id)
        if one is None:
            raise NotFound("There is no such setting in your authority's register.")
        named, total = settings.people(tx, setting_id, tx.now - months * _MONTH, asked.offset, asked.limit)
        contact_ids = sorted({person.contact_id for person in named})
        tx.accessed("viewed", "setting", setting_id, found=tuple(contact_ids))
        return form.page(
            "search/setting.html",
            setting=one,
            months=months,
            windows=_WINDOWS,
            page=asked.of(named, total),
            seen=mentions.of_contacts(tx, contact_ids),
            names=references.of_contacts(tx, contact_ids),
        )
