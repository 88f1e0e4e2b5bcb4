"""The public form: start, screener, tasks, questions. What is asked is data; here is how one asks."""

from typing import Any

import flask
from flask.typing import ResponseReturnValue

from services.intake.actions import drafts as actions
from services.intake.domain.answers import missing
from services.intake.domain.draft import item_of
from services.intake.web.drafting import Desk, desk, keep_cookie, known_id, remember
from services.intake.web.journey import JOURNEY, SCREENER, Page, Section
from shared import replicas
from shared.clock import new_id
from shared.errors import NotFound
from shared.web import request
from shared.web.access import public
from shared.web.host import visit

report = flask.Blueprint("report", __name__, url_prefix="//refer/<authority>", template_folder="templates")
report.after_request(keep_cookie)

STOPS = ("danger", "child", "not-work", "elsewhere")


@report.get("")
@public()
def start(**_: str) -> ResponseReturnValue:
    """What this is, what one needs, who will see it."""
    return flask.render_template("intake/report/start.html", going_on=known_id() is not None)


@report.post("/start")
@public()
def begin(**_: str) -> ResponseReturnValue:
    """An empty report."""
    with request.transaction() as tx:
        remember(actions.start_draft(tx))
    return flask.redirect(flask.url_for(".screen", page=SCREENER.pages[0].name))


@report.route("/before/<page>", methods=["GET", "POST"])
@public()
def screen(page: str, **_: str) -> ResponseReturnValue:
    """A question of the screener."""
    return _ask(SCREENER, page, "")


@report.get("/stop/<stop>")
@public()
def leave(stop: str, **_: str) -> ResponseReturnValue:
    """Where to turn instead."""
    if stop not in STOPS:
        raise NotFound("There is no such page. Go back to the start of the form.")
    with request.reading() as tx:
        others = [one for one in replicas.authorities(tx) if one.code != request.authority().code]
    return flask.render_template(f"intake/report/stop_{stop.replace('-', '_')}.html", others=others)


@report.get("/tasks")
@public()
def tasks(**_: str) -> ResponseReturnValue:
    """The list of tasks with how far each is."""
    with desk() as at:
        return flask.render_template(
            "intake/report/tasks.html", at=at, groups=JOURNEY.groups(), lacking=missing(at.draft.answers)
        )


@report.get("/form/<section>")
@public()
def listing(section: str, **_: str) -> ResponseReturnValue:
    """The adults, roles, children or events so far."""
    with desk() as at:
        chosen = _section(section)
        if not chosen.many or not chosen.items(at.draft.answers):
            return flask.redirect(first_page(chosen))
        return flask.render_template("intake/report/listing.html", at=at, section=chosen)


@report.route("/form/<section>/<page>", methods=["GET", "POST"])
@public()
def question(section: str, page: str, **_: str) -> ResponseReturnValue:
    """A page of a task that is done once."""
    return _ask(_section(section), page, "")


@report.route("/form/<section>/<item>/<page>", methods=["GET", "POST"])
@public()
def item_question(section: str, item: str, page: str, **_: str) -> ResponseReturnValue:
    """A page about one adult, role, child or event; `new` begins another one."""
    return _ask(_section(section), page, item)


@report.route("/form/<section>/<item>/remove", methods=["GET", "POST"])
@public()
def remove(section: str, item: str, **_: str) -> ResponseReturnValue:
    """Take one out, after asking."""
    chosen = _section(section)
    with desk() as at:
        found = item_of(at.draft, section, item)
        if found is None:
            return flask.redirect(flask.url_for(".listing", section=section))
        if flask.request.method == "POST":
            actions.remove_item(at.tx, at.draft.id, section, item)
            return flask.redirect(flask.url_for(".listing", section=section))
        return flask.render_template("intake/report/remove.html", at=at, section=chosen, item=found)


def first_page(section: Section) -> str:
    """Where a task begins."""
    page = section.pages[0].name
    if section.many:
        return flask.url_for(".item_question", section=section.name, item="new", page=page)
    return flask.url_for(".question", section=section.name, page=page)


def page_address(section: Section, page: Page, item: str) -> str:
    """The address of a page of a task."""
    if section is SCREENER:
        return flask.url_for(".screen", page=page.name)
    if section.many:
        return flask.url_for(".item_question", section=section.name, item=item, page=page.name)
    return flask.url_for(".question", section=section.name, page=page.name)


def _ask(section: Section, page_name: str, item_id: str) -> ResponseReturnValue:
    page = section.page(page_name)
    if page is None or bool(item_id) != section.many:
        raise NotFound("There is no such page. Go back to the list of tasks.")
    with desk() as at:
        item = _item(at, section, item_id)
        form = page.form(at.context, item)
        answers = page.read(form, at.context)
        if answers is not None:
            return flask.redirect(_save(at, (section, page, item_id), answers))
        back = _back(at, (section, page, item_id), item)
        return form.page("intake/report/question.html", at=at, section=section, page=page, back=back)


def _item(at: Desk, section: Section, item_id: str) -> Any:
    if not section.many:
        return at.draft.answers.get(section.name, {})
    found = {} if item_id == "new" else item_of(at.draft, section.name, item_id)
    if found is None:
        raise NotFound("That part of the report was removed. Go back to the list of tasks.")
    return found


def _save(at: Desk, here: tuple[Section, Page, str], answers: dict[str, Any]) -> str:
    section, page, item_id = here
    if section.many:
        # The id is given here and not when the page was opened: looking at a form adds nothing.
        item_id = new_id() if item_id == "new" else item_id
        draft = actions.save_item(at.tx, at.draft.id, section.name, {"id": item_id, **answers})
    else:
        draft = actions.save_answers(at.tx, at.draft.id, section.name, answers)
    if stop := page.stop(answers):
        return flask.url_for(".leave", stop=stop)
    return _next(at.after(draft), (section, page, item_id))


def _next(at: Desk, here: tuple[Section, Page, str]) -> str:
    section, page, item_id = here
    item = _item(at, section, item_id)
    following = section.after(page, at.context, item)
    if flask.request.args.get("back") == "check" and (
        following is None or section.complete(at.context, item)
    ):
        return flask.url_for(".check")
    if following:
        return page_address(section, following, item_id)
    if section.many:
        return flask.url_for(".listing", section=section.name)
    return flask.url_for(".tasks")


def _back(at: Desk, here: tuple[Section, Page, str], item: Any) -> str:
    section, page, item_id = here
    if flask.request.args.get("back") == "check":
        return flask.url_for(".check")
    before = section.before(page, at.context, item)
    if before:
        return page_address(section, before, item_id)
    if section is SCREENER:
        return flask.url_for(".start")
    if section.many and section.items(at.draft.answers):
        return flask.url_for(".listing", section=section.name)
    return flask.url_for(".tasks")


def _section(name: str) -> Section:
    found = JOURNEY.section(name)
    if found is None:
        raise NotFound("There is no such task. Go back to the list of tasks.")
    return found


def _here(_: str, values: dict[str, Any]) -> None:
    """Pages of the form lead to pages of the same authority."""
    if visit().authority:
        values.setdefault("authority", request.authority().code)


report.url_defaults(_here)


@report.context_processor
def _words() -> dict[str, Any]:
    return {"first_page": first_page, "page_address": page_address}
