"""Overview, list, form and preview of the rules of one service."""

from typing import Any

import flask
from flask.typing import ResponseReturnValue
from flask.views import MethodView

from shared import replicas
from shared.errors import Conflict, Invalid, NotFound, Refused
from shared.store.transaction import Transaction
from shared.vocabulary import Role
from shared.web import navigation, request
from shared.web.access import Restriction, allow, step_up
from shared.web.csrf import FIELD as TOKEN
from shared.web.forms import Form
from shared.web.rulebook import changing
from shared.web.rulebook.sets import RuleSet

_keeps = allow(Role.ADMINISTRATOR, restriction=Restriction.NONE)
_PATH = "/configuration"


def pages_of(*sets: RuleSet) -> flask.Blueprint:
    """The pages for these rule sets, to be mounted by the service that owns them."""
    blueprint = flask.Blueprint("configuration", __name__)
    book = {one.kind: one for one in sets}
    for rule, name, view in (
        (_PATH, "overview", _Overview),
        (f"{_PATH}/<kind>", "listed", _Listed),
        (f"{_PATH}/<kind>/new", "new", _New),
        (f"{_PATH}/<kind>/rule/<key>", "rule", _One),
    ):
        blueprint.add_url_rule(rule, view_func=view.as_view(name, book))
    return blueprint


class _Page(MethodView):
    def __init__(self, book: dict[str, RuleSet]) -> None:
        self.book = book

    def rules(self, kind: str) -> RuleSet:
        if kind not in self.book:
            raise NotFound("There is no such list of rules here. Go back to the configuration.")
        return self.book[kind]


class _Overview(_Page):
    @_keeps
    def get(self) -> ResponseReturnValue:
        """The rule sets of this service."""
        return flask.render_template(
            "shared/rulebook/overview.html",
            sets=self.book.values(),
            places=navigation.configured(flask.request.path),
        )


class _Listed(_Page):
    @_keeps
    def get(self, kind: str) -> ResponseReturnValue:
        """The rules as they stand today, and every version with its day, its author and its reason."""
        rules = self.rules(kind)
        with request.reading() as tx:
            versions = replicas.configuration_versions(tx, kind)
            people = replicas.display_names(tx, {one.changed_by for one in versions})
            rows = changing.rows_on(tx, rules, changing.today(tx))
            now = tx.now
        terms = request.authority().terms
        words = {one.name: one for one in rules.questions(adding=True)}
        groups = list(dict.fromkeys(row[rules.group] for row in rows.values())) if rules.group else []
        asked = flask.request.args.get("group", "")
        group = asked if asked in groups else groups[0] if groups else ""
        return flask.render_template(
            "shared/rulebook/rules.html",
            rules=rules, versions=versions, people=people, now=now, groups=groups, group=group, words=words,
            rows=[
                (key, rules.read(row, terms))
                for key, row in rows.items()
                if group in {"", row.get(rules.group)}
            ],
        )  # fmt: skip


class _Asking(_Page):
    """The form of one rule: asks, shows what would change, changes it."""

    def ask(self, rules: RuleSet, key: str | None) -> ResponseReturnValue:
        form = Form(rules.schema, self.initial(rules, key))
        answers = form.submitted()
        if answers is not None and flask.request.form.get("act") != "edit":
            try:
                return self.answered(rules, key, form, answers)
            except (Invalid, Conflict, Refused) as problem:
                form.refuse(problem)
        return form.page(
            "shared/rulebook/rule.html", rules=rules, asked=rules.questions(adding=key is None), key=key
        )

    def initial(self, rules: RuleSet, key: str | None) -> dict[str, Any]:
        with request.reading() as tx:
            day = changing.first_day(tx, rules)
            rows = changing.rows_on(tx, rules, day)
            seen = len(replicas.configuration_versions(tx, rules.kind))
        if key is not None and key not in rows:
            raise NotFound("There is no such rule in your authority.")
        return {**(rows[key] if key else {}), "starts": day, "seen": seen}

    def answered(
        self, rules: RuleSet, key: str | None, form: Form, answers: dict[str, Any]
    ) -> ResponseReturnValue:
        with request.transaction() as tx:
            change = changing.draft(tx, rules, key, answers)
            if flask.request.form.get("act") == "confirm":
                changing.make(tx, rules, change)
                return flask.redirect(flask.url_for(".listed", kind=rules.kind), 303)
            return _preview(tx, rules, form, change)


class _New(_Asking):
    @_keeps
    @step_up()
    def get(self, kind: str) -> ResponseReturnValue:
        """Ask for a new rule."""
        return self.post(kind)

    @_keeps
    @step_up()
    def post(self, kind: str) -> ResponseReturnValue:
        """Preview or add it."""
        rules = self.rules(kind)
        if not rules.adds:
            raise NotFound("Nothing can be added to this list.")
        return self.ask(rules, None)


class _One(_Asking):
    @_keeps
    @step_up()
    def get(self, kind: str, key: str) -> ResponseReturnValue:
        """Show a rule with its answers."""
        return self.post(kind, key)

    @_keeps
    @step_up()
    def post(self, kind: str, key: str) -> ResponseReturnValue:
        """Preview or make its change."""
        return self.ask(self.rules(kind), key)


def _preview(tx: Transaction, rules: RuleSet, form: Form, change: changing.Draft) -> str:
    sent = [(name, text) for name, text in form.sent() if name not in {TOKEN, "act"}]
    return flask.render_template(
        "shared/rulebook/preview.html",
        rules=rules,
        change=change,
        sent=sent,
        differences=changing.differences(rules, change),
        examples=changing.examples(tx, rules, change),
    )
