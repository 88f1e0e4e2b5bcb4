"""One setting over any window: every contact, case, outcome and notice, whatever was decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

import flask
from flask.typing import ResponseReturnValue

from services.search.actions import pointing
from services.search.actions.registering import setting_of
from services.search.domain.patterns import MONTH, Kind
from services.search.store import happenings, lookbacks, mentions, patterns, references, register, settings
from services.search.store.happenings import Happening, Window
from services.search.store.settings import Listed
from services.search.web import wording
from services.search.web.pages.door import READERS, SEARCHERS, WINDOWS, blueprint
from services.search.web.pages.patterns import Shown, shown
from services.search.web.schemas import WindowFilters
from shared import replicas
from shared.clock import LONDON
from shared.code_words import code_words
from shared.store.transaction import Transaction
from shared.web import paging
from shared.web.access import allow
from shared.web.forms import Form
from shared.web.request import actor, transaction
from shared.web.sheets import csv_file, day

_MONTHS = 36
_MOST_EXPORTED, _MOST_PRINTED = 5_000, 1_000
_HEAD = ("When", "What", "Reference", "Adult", "Role", "State")
_TILES = (("contact", "contacts"), ("case", "cases"), ("outcome", "outcomes"), ("notice", "notices"))
KINDS = tuple((one.value, words) for one, words in wording.HAPPENING_WORDS.items())


@dataclass(frozen=True)
class Line:
    """One row of the view, in words."""

    at: datetime
    what: str
    href: str
    reference: str
    adults: tuple[str, ...]
    roles: tuple[str, ...]
    state: str


@blueprint.get("/settings/<setting_id>")
@allow(*READERS)
def show_setting(setting_id: str) -> ResponseReturnValue:
    """The view of one setting; `print` puts all of it on one page."""
    form = Form(WindowFilters)
    chosen = form.filters()
    asked = paging.page_of(
        flask.request.args, _MOST_PRINTED if "print" in flask.request.args else paging.SIZE
    )
    with transaction() as tx:
        one = setting_of(tx, setting_id)
        if one.joined_to:
            return flask.redirect(f"/search/settings/{one.joined_to}")
        window = window_of(tx, one, chosen)
        found = happenings.at_settings(tx, window, asked.offset, asked.limit)
        counts = happenings.counted(tx, window)
        others = pointing.others_at(tx, one) if actor().has(*SEARCHERS) else None
        pointed = tuple(pointer.reference for pointer in others or ())
        tx.accessed("viewed", "setting", setting_id, found=(*contacts_of(found), *pointed))
        return form.page(
            "search/setting.html",
            setting=one,
            page=asked.of(lines_of(tx, window.setting_ids, found), sum(counts.values())),
            tiles=_tiles(counts),
            kinds=KINDS,
            windows=WINDOWS,
            lookbacks=lookbacks.of_setting(tx, window.setting_ids),
            may_look_back=actor().has(*SEARCHERS),
            query=flask.request.query_string.decode(),
            others=others,
            holders={each.code: each.display_name for each in replicas.authorities(tx)},
            patterns=_patterns(tx, one, window.setting_ids),
            **_around(tx, one),
        )


@blueprint.get("/settings/<setting_id>/export.csv")
@allow(*READERS)
def export_setting(setting_id: str) -> ResponseReturnValue:
    """The same view as a file, 5,000 rows at most."""
    chosen = Form(WindowFilters).exact()
    with transaction() as tx:
        one = setting_of(tx, setting_id)
        window = window_of(tx, one, chosen)
        found = happenings.at_settings(tx, window, 0, _MOST_EXPORTED)
        tx.accessed("exported", "setting", setting_id, found=contacts_of(found))
        rows = [cells_of(line) for line in lines_of(tx, window.setting_ids, found)]
    return csv_file("setting", _HEAD, rows)


def window_of(tx: Transaction[Any], one: Listed, chosen: Mapping[str, Any]) -> Window:
    """The settings and the time that the filters mean; a setting brings those that it followed."""
    until = chosen.get("until")
    end = (
        datetime.combine(until + timedelta(days=1), time.min, LONDON) if until else tx.now + timedelta(days=1)
    )
    since = chosen.get("since")
    begin = (
        datetime.combine(since, time.min, LONDON)
        if since
        else end - (chosen.get("months") or _MONTHS) * MONTH
    )
    whole = chosen.get("whole") == "group" and one.provider_id
    ids = settings.group(tx, one.provider_id) if whole else settings.line(tx, one.setting_id)
    return Window(ids, begin, end, chosen.get("kind") or "")


def lines_of(tx: Transaction[Any], setting_ids: Sequence[str], found: Sequence[Happening]) -> list[Line]:
    """Happenings with the adults who were named there."""
    contact_ids = list(contacts_of(found))
    seen = mentions.of_contacts(tx, contact_ids)
    there = happenings.employed(tx, setting_ids, contact_ids)
    called = references.of_contacts(tx, contact_ids)
    return [_line(one, there.get(one.contact_id, ()), seen, called) for one in found]


def contacts_of(found: Sequence[Happening]) -> tuple[str, ...]:
    """Whose contacts these are, each once."""
    return tuple(sorted({one.contact_id for one in found}))


def _line(
    one: Happening,
    there: Sequence[tuple[str, str]],
    seen: Mapping[Any, mentions.Kept],
    called: Mapping[str, str],
) -> Line:
    about = [(person, role) for person, role in there if one.person_id in ("", person)]
    kept = [seen[one.contact_id, person] for person, _ in about if (one.contact_id, person) in seen]
    return Line(
        one.at,
        wording.happening_words(one),
        wording.happening_page(one),
        called.get(one.contact_id, "Contact"),
        tuple(dict.fromkeys(wording.name_of(mention.person) for mention in kept)),
        tuple(dict.fromkeys(code_words("role", role) for _, role in about)),
        wording.happening_state(one),
    )


def cells_of(line: Line) -> tuple[object, ...]:
    """The line in a file."""
    return day(line.at), line.what, line.reference, "; ".join(line.adults), "; ".join(line.roles), line.state


def _tiles(counts: Mapping[tuple[str, str], int]) -> list[dict[str, object]]:
    return [
        {"figure": sum(n for (kind, _), n in counts.items() if kind == one), "label": words, "note": ""}
        for one, words in _TILES
    ]


def _patterns(tx: Transaction[Any], one: Listed, setting_ids: Sequence[str]) -> list[Shown]:
    bodies = [one.provider_id] if one.provider_id else []
    found = patterns.about(tx, Kind.SETTING, setting_ids) + patterns.about(tx, Kind.PROVIDER, bodies)
    return shown(tx, found)


def _around(tx: Transaction[Any], one: Listed) -> dict[str, Any]:
    return {
        "provider": register.provider_of(tx, one.provider_id) if one.provider_id else None,
        "followed": settings.predecessors(tx, one.setting_id),
        "followed_by": settings.successors(tx, one.setting_id),
    }
