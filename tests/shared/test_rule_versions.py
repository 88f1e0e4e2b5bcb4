"""Versions of a rule set: which one holds when, who made it, and who may make one."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from marshmallow import fields

from shared import replicas
from shared.actor import Actor, Scope
from shared.contracts.message import Origin
from shared.errors import NotAllowed
from shared.store.database import Database
from shared.vocabulary import Role
from shared.web.navigation import TITLES, configured
from shared.web.rulebook.sets import Question, asked
from tests.conftest import MONDAY_MORNING

KIND = "figures"
ADMINISTRATOR = Actor("admin-1", frozenset({Role.ADMINISTRATOR}))
OFFICER = Actor("officer-1", frozenset({Role.OFFICER}))
SYSTEM = Actor("system:reporting")


@pytest.fixture
def store(database: Callable[[str], Database]) -> Database:
    """A service's database alone."""
    return database("reporting")


def scope(actor: Actor = ADMINISTRATOR, authority: str = "dorset", origin: Origin = Origin.LIVE) -> Scope:
    """Who acts."""
    return Scope(authority, actor, "thread", origin)


def test_a_version_holds_from_its_moment_until_the_next(store: Database):
    with store.transaction(scope()) as tx:
        replicas.change_configuration(tx, KIND, {"limit": 1}, reason="The first")
        later = tx.now + timedelta(days=7)
        replicas.change_configuration(tx, KIND, {"limit": 2}, since=later, reason="The second")
        assert replicas.configuration(tx, KIND) == {"limit": 1}
        assert replicas.configuration(tx, KIND, tx.now - timedelta(seconds=1)) is None
        assert replicas.configuration(tx, KIND, later - timedelta(seconds=1)) == {"limit": 1}
        assert replicas.configuration(tx, KIND, later) == {"limit": 2}
        assert replicas.configuration_begins(tx, KIND) == later


def test_versions_are_told_newest_first_with_author_and_reason(store: Database):
    for number, reason in enumerate(("The first", "The second")):
        with store.transaction(scope()) as tx:
            replicas.change_configuration(tx, KIND, {"limit": number}, reason=reason)
    with store.reading(scope()) as tx:
        found = replicas.configuration_versions(tx, KIND)
        assert [(one.changed_by, one.reason) for one in found] == [
            ("admin-1", "The second"),
            ("admin-1", "The first"),
        ]
        assert {one.recorded_at for one in found} == {MONDAY_MORNING}


def test_versions_of_another_authority_or_kind_are_not_told(store: Database):
    with store.transaction(scope()) as tx:
        replicas.change_configuration(tx, KIND, {"limit": 1})
    with store.reading(scope()) as tx:
        assert replicas.configuration_versions(tx, "other") == ()
        assert replicas.configuration_begins(tx, "other") is None
    with store.reading(scope(authority="wiltshire")) as tx:
        assert replicas.configuration_versions(tx, KIND) == ()
        assert replicas.configuration(tx, KIND) is None


def test_an_officer_changes_no_rule_and_a_refused_change_leaves_nothing(store: Database):
    with pytest.raises(NotAllowed), store.transaction(scope(OFFICER)) as tx:
        replicas.change_configuration(tx, KIND, {"limit": 0})
    with store.reading(scope()) as tx:
        assert replicas.configuration_versions(tx, KIND) == ()


@pytest.mark.parametrize(
    ("actor", "origin"),
    [(SYSTEM, Origin.LIVE), (OFFICER, Origin.IMPORT), (OFFICER, Origin.DEMO)],
)
def test_heed_itself_and_a_history_need_no_role(store: Database, actor: Actor, origin: Origin):
    with store.transaction(scope(actor, origin=origin)) as tx:
        replicas.change_configuration(tx, KIND, {"limit": 4})
        assert replicas.configuration(tx, KIND) == {"limit": 4}


def test_each_kind_of_answer_reads_in_words():
    words = {"a": "First", "b": "Second"}
    question = Question.of("x", fields.String(metadata=asked("X", words=words)))
    assert question.kind == "select"
    assert [question.said(one) for one in ("a", "unknown", None, "", ["a", "b"], [])] == [
        "First", "unknown", "Not set", "Not set", "First, Second", "None",
    ]  # fmt: skip
    assert [question.said(one) for one in (True, False, 0, date(2026, 3, 2))] == [
        "Yes", "No", "0", "2 March 2026",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        (fields.Boolean(metadata=asked("X")), "radios"),
        (fields.Integer(metadata=asked("X")), "number"),
        (fields.Date(metadata=asked("X")), "date"),
        (fields.List(fields.String(), metadata=asked("X")), "checkboxes"),
        (fields.String(metadata=asked("X", long=True)), "textarea"),
        (fields.String(metadata=asked("X")), "text"),
    ],
)
def test_each_kind_of_field_is_asked_by_its_own_component(field: fields.Field[object], kind: str):
    assert Question.of("x", field).kind == kind


def test_the_tabs_lead_to_the_rules_of_every_service_and_mark_this_one():
    tabs = configured("/search/configuration/search_purposes")
    assert [href for _, href, _ in tabs] == [f"/{service}/configuration" for service in TITLES]
    assert [words for words, _, here in tabs if here] == ["Search"]
