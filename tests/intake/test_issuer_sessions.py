"""What the provider says later: roles, sign-out, proof afresh; and roles that are given in Heed."""

import re
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from services.intake.actions.users import add_user, change_user
from services.intake.store import users
from shared.vocabulary import Role
from tests.intake.builders import a_user
from tests.intake.doorstep import MEERA, Scene


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with ExitStack() as stack:
        yield Scene(tmp_path, stack)


@pytest.fixture
def by_account(tmp_path: Path) -> Iterator[Scene]:
    """Roles are given in Heed; the provider only says who somebody is."""
    with ExitStack() as stack:
        yield Scene(tmp_path, stack, HEED_OIDC_ROLES_CLAIM="none")


def test_a_role_that_the_provider_changes_is_changed_at_the_next_renewal(scene: Scene):
    scene.sign_in()
    scene.provider.state.users["s-1"]["heed_roles"] = ["auditor"]
    scene.clock.forward(timedelta(minutes=6))
    scene.get("/intake/contacts")
    assert [one.roles for one in scene.known()] == [{Role.AUDITOR}]


def test_a_role_that_the_provider_takes_away_ends_everything_and_may_come_back(scene: Scene):
    scene.sign_in()
    scene.provider.state.users["s-1"]["heed_roles"] = []
    scene.clock.forward(timedelta(minutes=6))
    assert urlsplit(scene.get("/intake/contacts").url).path == "/intake/sign-in"
    assert scene.known() == []
    assert [one.everywhere for one in scene.house.events("session.ended")] == [True]
    scene.provider.state.users["s-1"]["heed_roles"] = ["officer"]
    scene.clock.forward(timedelta(seconds=1))
    assert "Your day" in scene.sign_in().text


def test_somebody_removed_at_the_provider_is_out_at_the_next_renewal(scene: Scene):
    scene.sign_in()
    del scene.provider.state.users["s-1"]
    scene.clock.forward(timedelta(minutes=6))
    assert urlsplit(scene.get("/intake/contacts").url).path == "/intake/sign-in"


def test_somebody_who_moves_leaves_the_authority_they_came_from(scene: Scene):
    scene.sign_in()
    scene.provider.state.users["s-1"]["heed_authority"] = "wiltshire"
    scene.browser.cookies.clear()
    scene.sign_in()
    assert scene.known("dorset") == []
    assert len(scene.known("wiltshire")) == 1


@pytest.mark.parametrize("by", ["subject", "session"])
def test_a_sign_out_at_the_provider_ends_ours(scene: Scene, by: str):
    scene.sign_in()
    named = {"subject": "s-1"} if by == "subject" else {"session": "session-of-s-1"}
    address = f"{scene.url}/intake/session/ended-elsewhere"
    scene.clock.forward(timedelta(seconds=2))
    assert scene.provider.notify(address, **named) == 200
    assert len(scene.house.events("session.ended")) == 1
    assert urlsplit(scene.get("/intake/contacts").url).path == "/intake/sign-in"


@pytest.mark.parametrize(
    "changed",
    [
        {"events": {}},
        {"nonce": "x"},
        {"aud": "another"},
        {"iss": "https://other.example"},
        {"iat": int(time.time()) - 3600},
        {"sub": None},
    ],
)
def test_a_notice_that_is_not_genuine_ends_nothing(scene: Scene, changed: dict[str, Any]):
    scene.sign_in()
    address = f"{scene.url}/intake/session/ended-elsewhere"
    assert scene.provider.notify(address, subject="s-1", **changed) == 400
    assert scene.house.events("session.ended") == []


def test_signing_out_offers_to_sign_out_of_the_provider_too(scene: Scene):
    scene.sign_in()
    page = scene.post("/intake/session/end", everywhere="yes")
    assert "Signed in as" not in page.text and "/intake/contacts" not in page.text
    assert f"form-action 'self' {scene.provider.url}" in page.headers["Content-Security-Policy"]
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]+)">', page.text))
    assert "id_token_hint" not in page.url
    left = scene.browser.post(f"{scene.provider.url}/leave", fields, timeout=10)
    assert left.url == f"{scene.url}/intake/signed-out"
    assert scene.provider.state.farewells == [fields["id_token_hint"]]
    assert urlsplit(scene.get("/intake/contacts").url).path == "/intake/sign-in"


def test_a_grave_step_asks_afresh_and_leads_back(scene: Scene):
    scene.sign_in()
    page = scene.get("/intake/session/step-up?next=/intake/contacts")
    link = re.search(r'href="(/intake/sign-in/begin[^"]*)"', page.text)
    assert link
    assert urlsplit(scene.get(link.group(1).replace("&amp;", "&")).url).path == "/intake/contacts"


AFRESH = "/intake/sign-in/begin?afresh=yes&next=/intake/contacts"


def test_a_provider_that_did_not_ask_afresh_is_not_believed(scene: Scene):
    scene.sign_in()
    scene.provider.state.faults["lazy"] = True
    scene.provider.state.signed_in_at -= 3600
    page = scene.get(AFRESH)
    assert page.status_code == 403
    assert "did not ask you afresh" in page.text


def test_somebody_else_cannot_prove_it_for_them(scene: Scene):
    scene.sign_in()
    scene.provider.state.users["s-2"] = {**MEERA, "email": "tom@dorset.example", "name": "Tom Ashdown"}
    scene.provider.state.sits_there = "s-2"
    page = scene.get(AFRESH)
    assert page.status_code == 403
    assert "Somebody else" in page.text


def test_with_roles_given_here_an_account_is_joined_by_its_verified_address(by_account: Scene):
    page = by_account.sign_in()
    assert (page.status_code, "no account here" in page.text) == (403, True)
    with by_account.as_system() as tx:
        add_user(tx, a_user(Role.MANAGER, id="", email="Meera@dorset.example"))
    by_account.provider.state.users["s-1"]["email_verified"] = False
    assert by_account.sign_in().status_code == 403
    by_account.provider.state.users["s-1"]["email_verified"] = True
    assert "Your day" in by_account.sign_in().text
    assert [one.roles for one in by_account.known()] == [{Role.MANAGER}]


def test_an_address_cannot_be_joined_by_a_second_person(by_account: Scene):
    with by_account.as_system() as tx:
        add_user(tx, a_user(id="", email="meera@dorset.example"))
    by_account.sign_in()
    by_account.browser.cookies.clear()
    by_account.provider.state.users["s-2"] = dict(MEERA)
    by_account.provider.state.sits_there = "s-2"
    page = by_account.sign_in()
    assert page.status_code == 403
    assert "somebody else" in page.text


def test_an_account_that_an_administrator_closed_stays_closed(scene: Scene):
    scene.sign_in()
    (meera,) = scene.known()
    with scene.as_system() as tx:
        change_user(tx, replace(users.get(tx, meera.id), active=False))
    scene.browser.cookies.clear()
    assert "This account is closed" in scene.sign_in().text


def test_metadata_that_names_another_issuer_is_not_used(scene: Scene):
    scene.provider.state.faults["metadata"] = {"issuer": "https://other.example"}
    page = scene.get("/intake/sign-in/begin")
    assert page.status_code == 503
    assert "set up wrongly" in page.text
