"""Sign-in by an identity provider: through real redirects, at a provider that checks."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from joserfc.jwk import RSAKey

from shared.vocabulary import Role
from tests.intake.doorstep import Scene
from tests.intake.issuer import challenge_of


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with ExitStack() as stack:
        yield Scene(tmp_path, stack)


def test_an_officer_signs_in_and_stands_before_the_inbox(scene: Scene):
    page = scene.sign_in()
    assert urlsplit(page.url).path == "/intake/"
    assert "Your day" in page.text
    (meera,) = scene.known()
    assert meera.display_name == "Meera Holloway"
    assert meera.roles == {Role.OFFICER}
    assert {one.actor for one in scene.house.envelopes("intake") if one.type == "user.changed"} == {
        "system:sign-in"
    }


def test_a_second_sign_in_is_the_same_account_and_changes_nothing(scene: Scene):
    scene.sign_in()
    scene.browser.cookies.clear()
    scene.sign_in()
    assert len(scene.house.events("user.changed")) == 1


def test_the_way_back_is_a_page_of_ours_or_the_first_one(scene: Scene):
    assert urlsplit(scene.sign_in("/intake/contacts?state=all").url).path == "/intake/contacts"
    scene.browser.cookies.clear()
    assert scene.sign_in("https://evil.example/").url == f"{scene.url}/intake/"


def test_the_provider_is_asked_with_pkce_state_and_nonce(scene: Scene):
    asked = scene.browser.get(f"{scene.url}/intake/sign-in/begin", allow_redirects=False, timeout=10)
    query = parse_qs(urlsplit(asked.headers["Location"]).query)
    assert query["code_challenge_method"] == ["S256"]
    assert query["code_challenge"] != [challenge_of("")]
    assert len(query["state"][0]) >= 40
    assert len(query["nonce"][0]) >= 40
    assert query["response_type"] == ["code"]


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"iss": "https://other.example"},
        {"aud": "another-client"},
        {"aud": ["heed", "another"], "azp": "another"},
        {"exp": int(time.time()) - 600},
        # Far ahead: the suite may come to this test long after it was collected.
        {"iat": int(time.time()) + 86_400},
        {"sub": None},
    ],
)
def test_a_token_that_is_not_for_us_or_not_of_now_is_refused(scene: Scene, claims: dict[str, Any]):
    scene.provider.state.faults["claims"] = claims
    page = scene.sign_in()
    assert page.status_code == 403
    assert "Sign in again from the start" in page.text
    assert scene.known() == []


def test_a_signature_of_somebody_else_is_refused(scene: Scene):
    scene.provider.state.faults["key"] = RSAKey.generate_key(2048)
    assert scene.sign_in().status_code == 403
    assert scene.known() == []


def test_a_new_key_of_the_provider_is_fetched(scene: Scene):
    scene.sign_in()
    scene.provider.rotate()
    scene.browser.cookies.clear()
    scene.clock.forward(timedelta(seconds=11))
    assert "Your day" in scene.sign_in().text


def test_clocks_that_differ_a_little_do_no_harm(scene: Scene):
    scene.clock.forward(timedelta(seconds=-40))
    assert "Your day" in scene.sign_in().text


def test_an_answer_to_another_browser_is_refused(scene: Scene):
    begun = scene.browser.get(f"{scene.url}/intake/sign-in/begin", allow_redirects=False, timeout=10)
    back = scene.browser.get(begun.headers["Location"], allow_redirects=False, timeout=10).headers["Location"]
    assert requests.get(back, timeout=10).status_code == 403
    scene.get("/intake/sign-in/begin")
    assert scene.browser.get(back, timeout=10).status_code == 403


def test_a_code_serves_once_and_only_with_its_verifier(scene: Scene):
    begun = scene.browser.get(f"{scene.url}/intake/sign-in/begin", allow_redirects=False, timeout=10)
    for one in scene.provider.state.codes.values():
        one.code_challenge = challenge_of("another")
    back = scene.browser.get(begun.headers["Location"], allow_redirects=False, timeout=10).headers["Location"]
    for one in scene.provider.state.codes.values():
        one.code_challenge = challenge_of("another")
    assert scene.browser.get(back, timeout=10).status_code == 403


def test_whom_the_provider_turns_away_gets_a_clear_page(scene: Scene):
    scene.provider.state.faults["denied"] = True
    page = scene.sign_in()
    assert page.status_code == 403
    assert "did not let you in" in page.text


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"heed_roles": []}, "no role in Heed"),
        ({"heed_roles": ["king"]}, "no role in Heed"),
        ({"heed_authority": ""}, "names no authority"),
        ({"heed_authority": ["dorset", "wiltshire"]}, "more than one authority"),
        ({"heed_authority": "devon"}, "an authority that is not open here"),
        ({"heed_roles": ["operator", "officer"]}, "operator stands alone"),
        ({"email": ""}, "does not fit"),
    ],
)
def test_who_has_no_business_here_is_told_why(scene: Scene, changed: dict[str, Any], words: str):
    scene.provider.state.users["s-1"].update(changed)
    page = scene.sign_in()
    assert page.status_code == 403
    assert words in page.text
    assert scene.known() == []


def test_a_provider_that_is_away_is_503_and_sessions_go_on(scene: Scene):
    scene.sign_in()
    scene.provider_up.close()
    scene.clock.forward(timedelta(minutes=6))
    assert scene.get("/intake/contacts").status_code == 200
    scene.clock.forward(timedelta(hours=2))
    scene.browser.cookies.clear()
    page = scene.get("/intake/sign-in/begin")
    assert page.status_code == 503
    assert "does not answer now" in page.text
