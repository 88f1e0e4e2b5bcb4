"""Look-backs: the list, the worklist of one, the answer about one record, and the signature."""

from typing import Any

import flask
from flask.typing import ResponseReturnValue

from services.search.actions import lookbacks as acts
from services.search.actions.registering import setting_of
from services.search.store import lookbacks as store
from services.search.store import settings
from services.search.store.happenings import Happening
from services.search.store.lookbacks import Lookback, Mark
from services.search.web import wording
from services.search.web.pages.door import READERS, SEARCHERS, blueprint
from services.search.web.pages.establishment import cells_of, contacts_of, lines_of
from services.search.web.schemas import ItemFilters, LookbackFilters, MarkForm, OpenLookbackForm, SignForm
from shared import replicas
from shared.errors import Conflict, HeedError, Invalid, Refused
from shared.store.transaction import Transaction
from shared.vocabulary import Role
from shared.web import paging
from shared.web.access import Restriction, allow
from shared.web.forms import Form
from shared.web.request import actor, reading, transaction
from shared.web.sheets import csv_file, day

_HEAD = ("When", "What", "Reference", "Adult", "Role", "State", "Found", "Reason", "By", "On")


@blueprint.get("/look-backs")
@allow(*READERS, restriction=Restriction.NONE)
def list_lookbacks() -> ResponseReturnValue:
    """Look-backs in a state, the latest first."""
    form = Form(LookbackFilters)
    asked = paging.page_of(flask.request.args)
    with reading() as tx:
        found, total = store.listed(tx, form.filters().get("state", ""), asked.offset, asked.limit)
        names = settings.names(tx, {one.setting_id for one in found})
        people = replicas.display_names(
            tx, {one.opened_by for one in found} | {one.signed_by for one in found}
        )
    return form.page("search/lookbacks.html", page=asked.of(found, total), names=names, people=people)


@blueprint.get("/settings/<setting_id>/look-back")
@allow(*SEARCHERS, restriction=Restriction.NONE)
def ask_lookback(setting_id: str) -> ResponseReturnValue:
    """Why somebody looks back."""
    return _opening(setting_id, Form(OpenLookbackForm))


@blueprint.post("/settings/<setting_id>/look-back")
@allow(*SEARCHERS)
def open_lookback(setting_id: str) -> ResponseReturnValue:
    """Open it."""
    form = Form(OpenLookbackForm)
    answers = form.submitted()
    if answers is None:
        return _opening(setting_id, form)
    try:
        with transaction() as tx:
            lookback_id = acts.open_lookback(tx, setting_id, answers["reason"])
    except (Invalid, Conflict) as problem:
        _refused(form, problem)
        return _opening(setting_id, form)
    return flask.redirect(f"/search/look-backs/{lookback_id}")


@blueprint.get("/look-backs/<lookback_id>")
@allow(*READERS)
def show_lookback(lookback_id: str) -> ResponseReturnValue:
    """The worklist."""
    return _worklist(lookback_id, Form(SignForm))


@blueprint.post("/look-backs/<lookback_id>")
@allow(Role.MANAGER)
def sign_lookback(lookback_id: str) -> ResponseReturnValue:
    """Sign it."""
    form = Form(SignForm)
    answers = form.submitted()
    if answers is None:
        return _worklist(lookback_id, form)
    try:
        with transaction() as tx:
            acts.sign(tx, lookback_id, answers["closing"])
    except Refused as problem:
        _refused(form, problem)
        return _worklist(lookback_id, form)
    return flask.redirect(f"/search/look-backs/{lookback_id}")


@blueprint.get("/look-backs/<lookback_id>/export.csv")
@allow(*READERS)
def export_lookback(lookback_id: str) -> ResponseReturnValue:
    """Every record with what was found about it."""
    with transaction() as tx:
        one = acts.lookback_of(tx, lookback_id)
        window = acts.window_of(tx, one)
        found = store.worklist(tx, one, window, todo=False, asked=(0, acts.MOST))
        items = [item for item, _ in found]
        tx.accessed("exported", "lookback", lookback_id, found=contacts_of(items))
        people = replicas.display_names(tx, {mark.marked_by for _, mark in found if mark})
        lines = lines_of(tx, window.setting_ids, items)
        rows = [
            (*cells_of(line), *_found(item, mark, people))
            for line, (item, mark) in zip(lines, found, strict=True)
        ]
    return csv_file(one.reference, _HEAD, rows)


@blueprint.get("/look-backs/<lookback_id>/records/<path:happening_id>")
@allow(*SEARCHERS)
def show_item(lookback_id: str, happening_id: str) -> ResponseReturnValue:
    """One record, to be marked."""
    return _item(lookback_id, happening_id, Form(MarkForm))


@blueprint.post("/look-backs/<lookback_id>/records/<path:happening_id>")
@allow(*SEARCHERS)
def mark_item(lookback_id: str, happening_id: str) -> ResponseReturnValue:
    """Mark it, and go on to the next that is unmarked."""
    form = Form(MarkForm)
    answers = form.submitted()
    if answers is None:
        return _item(lookback_id, happening_id, form)
    try:
        with transaction() as tx:
            acts.mark(
                tx,
                lookback_id,
                happening_id,
                actioned=answers["found"] == "actioned",
                reason=answers["reason"],
            )
            one = acts.lookback_of(tx, lookback_id)
            after = store.worklist(tx, one, acts.window_of(tx, one), todo=True, asked=(0, 1))
    except (Invalid, Refused) as problem:
        _refused(form, problem)
        return _item(lookback_id, happening_id, form)
    here = f"/search/look-backs/{lookback_id}"
    return flask.redirect(f"{here}/records/{after[0][0].happening_id}" if after else here)


def _refused(form: Form, problem: HeedError) -> None:
    form.refuse(problem if isinstance(problem, Invalid) else str(problem))


def _opening(setting_id: str, form: Form) -> ResponseReturnValue:
    with reading() as tx:
        return form.page("search/open_lookback.html", setting=setting_of(tx, setting_id))


def _worklist(lookback_id: str, form: Form) -> ResponseReturnValue:
    filters = Form(ItemFilters)
    todo = filters.filters().get("show") == "todo"
    asked = paging.page_of(flask.request.args)
    with transaction() as tx:
        one = acts.lookback_of(tx, lookback_id)
        window = acts.window_of(tx, one)
        tally = store.tally(tx, one, window)
        found = store.worklist(tx, one, window, todo=todo, asked=(asked.offset, asked.limit))
        items = [item for item, _ in found]
        tx.accessed("viewed", "lookback", lookback_id, found=contacts_of(items))
        lines = lines_of(tx, window.setting_ids, items)
        return form.page(
            "search/lookback.html",
            lookback=one,
            filters=filters,
            tally=tally,
            closed=store.closed_to_reader(tx, window),
            page=asked.of(
                list(zip(found, lines, strict=True)), tally["todo"] if todo else sum(tally.values())
            ),
            placing=acts.placing_authorities(tx, window),
            may_mark=one.state == store.OPEN and actor().has(*SEARCHERS),
            may_sign=one.state == store.OPEN and actor().has(Role.MANAGER),
            **_named(tx, one, [mark for _, mark in found]),
        )


def _item(lookback_id: str, happening_id: str, form: Form) -> ResponseReturnValue:
    with transaction() as tx:
        one = acts.lookback_of(tx, lookback_id)
        item = acts.item_of(tx, one, happening_id)
        window = acts.window_of(tx, one)
        tx.accessed("viewed", "lookback_record", lookback_id, found=(item.contact_id,))
        (line,) = lines_of(tx, window.setting_ids, [item])
        before = store.mark_of(tx, lookback_id, happening_id)
        return form.page(
            "search/lookback_item.html", lookback=one, line=line, mark=before, **_named(tx, one, [before])
        )


def _named(tx: Transaction[Any], one: Lookback, marks: list[Mark | None]) -> dict[str, Any]:
    users = {one.opened_by, one.signed_by, *(mark.marked_by for mark in marks if mark)}
    return {"setting": setting_of(tx, one.setting_id), "people": replicas.display_names(tx, users)}


def _found(item: Happening, mark: Mark | None, people: dict[str, str]) -> tuple[object, ...]:
    if mark is None:
        return "", "", "", ""
    by = people.get(mark.marked_by, "a former user")
    return wording.mark_words(item, mark), mark.reason, by, day(mark.marked_at)
