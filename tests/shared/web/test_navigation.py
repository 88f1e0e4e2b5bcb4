"""The band of links: everybody is offered what they may open, and nothing else."""

from collections import defaultdict

import pytest
from werkzeug.routing import Map

from shared.actor import Actor
from shared.vocabulary import Role
from shared.web import access, navigation
from tests.platform import Platform


def test_everybody_sees_the_links_they_may_open():
    shown = {
        role: [item["text"] for item in navigation.items(Actor("x", frozenset({role})), "/")] for role in Role
    }
    assert "Contacts" in shown[Role.OFFICER] and "Search" in shown[Role.OFFICER]
    assert shown[Role.ANALYST] == ["Figures"]
    assert navigation.items(None, "/") == []


def test_the_link_one_is_under_is_marked():
    officer = Actor("x", frozenset({Role.OFFICER}))
    marked = [
        item["text"] for item in navigation.items(officer, "/casework/cases/1/meetings") if item["active"]
    ]
    assert marked == ["Cases"]


def test_the_first_page_is_marked_only_on_itself():
    officer = Actor("x", frozenset({Role.OFFICER}))
    for path, label in (("/intake/", "Your day"), ("/intake/contacts/1", "Contacts")):
        assert [item["text"] for item in navigation.items(officer, path) if item["active"]] == [label]


@pytest.mark.parametrize(
    ("role", "path", "marked"),
    [
        (Role.OFFICER, "/casework/", ["Cases"]),
        (Role.OFFICER, "/notifications/disclosures", ["Notices"]),
        (Role.OFFICER, "/search/profiles/1", ["Search"]),
        (Role.MANAGER, "/reporting/region", ["Figures"]),
        (Role.OFFICER, "/intake/account", []),
        (Role.ADMINISTRATOR, "/reporting/configuration/figures", ["Rules"]),
    ],
)
def test_what_has_no_link_of_its_own_is_under_that_of_its_service(role: Role, path: str, marked: list[str]):
    someone = Actor("x", frozenset({role}))
    assert [item["text"] for item in navigation.items(someone, path) if item["active"]] == marked


def test_each_link_leads_to_a_page_that_opens_for_its_roles(platform: Platform):
    wrong: dict[str, object] = defaultdict(list)
    for item in navigation.ITEMS:
        app = platform.apps[item.href.split("/")[1]]
        routes: Map = app.url_map
        endpoint, _ = routes.bind("localhost").match(item.href, method="GET")
        rule = access.rule_of(app.view_functions[endpoint], "GET")
        if rule is None or not item.roles <= rule.roles:
            wrong[item.href] = rule
    assert not wrong


@pytest.mark.parametrize("role", Role)
def test_nobody_is_without_a_link(role: Role):
    assert navigation.items(Actor("x", frozenset({role})), "/")
