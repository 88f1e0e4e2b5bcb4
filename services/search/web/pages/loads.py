"""Loading a register of schools and homes: the file, how far it is, and what was wrong with which row."""

import flask
from flask.typing import ResponseReturnValue

from services.search.actions import loading
from services.search.store import loads
from services.search.web.pages.door import blueprint
from services.search.web.schemas import RegisterForm
from shared import replicas
from shared.errors import Invalid, NotFound
from shared.vocabulary import Role
from shared.web import paging
from shared.web.access import Restriction, allow
from shared.web.forms import Form
from shared.web.request import reading, transaction


@blueprint.get("/register")
@allow(Role.ADMINISTRATOR, restriction=Restriction.NONE)
def list_loads() -> ResponseReturnValue:
    """Files that were loaded, and the next one."""
    return _page(Form(RegisterForm))


@blueprint.post("/register")
@allow(Role.ADMINISTRATOR, restriction=Restriction.NONE)
def load_register() -> ResponseReturnValue:
    """Take a file in; it is entered in the background."""
    form = Form(RegisterForm)
    answers = form.submitted()
    if answers is None:
        return _page(form)
    try:
        with transaction() as tx:
            load_id = loading.take_in(tx, answers["file"][0].stream)
    except Invalid as problem:
        form.refuse(problem, "file")
        return _page(form)
    return flask.redirect(f"/search/register/{load_id}")


@blueprint.get("/register/<load_id>")
@allow(Role.ADMINISTRATOR, restriction=Restriction.NONE)
def show_load(load_id: str) -> ResponseReturnValue:
    """How far a file is, and what was wrong with it."""
    asked = paging.page_of(flask.request.args)
    with reading() as tx:
        one = loads.one(tx, load_id)
        if one is None:
            raise NotFound("There is no such load in your authority.")
        wrong, total = loads.problems(tx, load_id, asked.offset, asked.limit)
    return flask.render_template("search/load.html", load=one, page=asked.of(wrong, total))


def _page(form: Form) -> ResponseReturnValue:
    asked = paging.page_of(flask.request.args)
    with reading() as tx:
        found, total = loads.listed(tx, asked.offset, asked.limit)
        people = replicas.display_names(tx, {one.started_by for one in found})
    return form.page("search/loads.html", page=asked.of(found, total), people=people)
