"""The catalogue of facts is complete: what each means, who owns its topic, and that its words follow one
pattern."""

import ast
import inspect
import re

import pytest

import services
from shared.contracts import EVENTS, PUBLISHERS
from tests.architecture.source import python_files, tree

CASES = [pytest.param(kind, id=name) for name, kind in sorted(EVENTS.items())]


@pytest.mark.parametrize("kind", CASES)
def test_a_fact_says_what_it_means(kind):
    said = inspect.getdoc(kind) or ""
    assert len(said.split()) >= 6 and not said.startswith(f"{kind.__name__}("), (
        f"{kind.__name__} needs a docstring."
    )


@pytest.mark.parametrize("kind", CASES)
def test_a_fact_is_named_in_the_past_tense_of_a_thing(kind):
    assert re.fullmatch(r"[a-z]+(\.[a-z_]+)+", kind.name)
    assert kind.keyed_by in kind.__dataclass_fields__


@pytest.mark.parametrize("kind", CASES)
def test_a_fact_is_defined_by_the_service_that_owns_its_topic(kind):
    owner = kind.topic.split(".")[1]
    assert owner == "{service}" or kind.__module__.split(".")[:3] == ["shared", "contracts", owner], (
        f"{kind.topic} is not {kind.__module__}'s"
    )
    assert owner == "{service}" or owner in PUBLISHERS


def test_those_who_may_publish_are_the_services():
    assert set(PUBLISHERS) == set(services.NAMES)


@pytest.mark.parametrize("name", services.ORDER)
def test_a_service_publishes_only_facts_of_its_own_topics(name: str):
    strange = {
        f"{path}: {fact}"
        for path in python_files("services")
        if path.parts[1] == name
        for fact in _published(path)
        if EVENTS_BY_CLASS[fact].topic.split(".")[1] not in (name, "{service}")
    }
    assert not strange, f"{name} publishes facts of others: {strange}"


@pytest.mark.parametrize("name", services.ORDER)
def test_a_service_hears_only_facts_that_exist(name: str):
    assert services.load(name).subscriptions.heard <= set(EVENTS)


EVENTS_BY_CLASS = {kind.__name__: kind for kind in EVENTS.values()}


def _published(path) -> set[str]:
    calls = [node for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]
    publishing = [
        call.args[0]
        for call in calls
        if isinstance(call.func, ast.Attribute) and call.func.attr == "publish" and call.args
    ]
    made = [argument.func for argument in publishing if isinstance(argument, ast.Call)]
    names = {getattr(one, "id", getattr(one, "attr", "")) for one in made}
    return names & set(EVENTS_BY_CLASS)
