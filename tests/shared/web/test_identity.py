"""The cookie: five minutes, bound to its keys, useless once the session has ended."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import flask
import pytest

from shared.settings import Settings, from_environment
from shared.vocabulary import Role
from shared.web import identity
from tests.page_client import PageClient
from tests.platform import SetClock
from tests.shared.web.tiny import Host, Tiny


def _cookie(tiny: Tiny, step_up_at: datetime | None = None) -> str:
    with tiny.app.test_request_context():
        response = flask.Response()
        identity.issue(response, "session-1", "user-1", "dorset", tiny.clock(), step_up_at)
        return response.headers["Set-Cookie"]


def _read(tiny: Tiny, cookie: str) -> identity.Identity | None:
    with tiny.app.test_request_context(headers={"Cookie": cookie.partition(";")[0]}):
        return identity.read(flask.request, tiny.clock())


def test_what_was_issued_is_read_back(tiny: Tiny):
    found = _read(tiny, _cookie(tiny, step_up_at=tiny.clock()))
    assert found == identity.Identity("session-1", "user-1", "dorset", tiny.clock(), tiny.clock())


def test_scripts_and_other_sites_do_not_get_it(tiny: Tiny):
    cookie = _cookie(tiny)
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie
    assert "Secure" not in cookie and "Expires" not in cookie and "Domain" not in cookie


def test_over_tls_it_is_bound_to_the_host(tiny: Tiny):
    secure = from_environment(
        {"HEED_DATA": str(tiny.host.settings.data), "HEED_PUBLIC_URL": "https://heed.example"}
    )
    tiny.host.settings = secure
    cookie = _cookie(tiny)
    assert cookie.startswith("__Host-heed-session=") and "Secure" in cookie


@pytest.mark.parametrize(("age", "read"), [(0, True), (300, True), (301, False), (-59, True), (-61, False)])
def test_it_is_believed_for_five_minutes(tiny: Tiny, clock: SetClock, age: int, read: bool):
    cookie = _cookie(tiny)
    clock.forward(timedelta(seconds=age))
    assert (_read(tiny, cookie) is not None) is read


def test_the_front_door_may_look_at_a_stale_one_until_the_absolute_end(tiny: Tiny, clock: SetClock):
    cookie = _cookie(tiny).split(";")[0]
    for step, known in ((timedelta(hours=9), True), (timedelta(hours=2), False)):
        clock.forward(step)
        with tiny.app.test_request_context(headers={"Cookie": cookie}):
            assert (identity.presented(flask.request, clock()) is not None) is known


@pytest.mark.parametrize(
    "change",
    [
        lambda one: one[:-1],
        lambda one: one.replace("=", "=x", 1),
        lambda _: "heed-session=",
        lambda _: "heed-session=WzFd.x",
    ],
)
def test_an_altered_cookie_says_nothing(tiny: Tiny, change: Callable[[str], str]):
    assert _read(tiny, change(_cookie(tiny).split(";")[0])) is None


def test_other_keys_do_not_read_it(tiny: Tiny, tmp_path: Path, clock: SetClock):
    cookie = _cookie(tiny)
    other = Tiny(from_environment({"HEED_DATA": f"{tmp_path}/other"}), clock)
    assert _read(other, cookie) is None
    other.host.database.close()


def test_an_older_key_still_reads_after_a_new_one_came(tiny: Tiny, clock: SetClock):
    cookie, old = _cookie(tiny), tiny.host.settings.secret_keys[0].hex()
    new = "0f1e2d3c4b5a69788796a5b4c3d2e1f00123456789abcdef0123456789abcdef"
    both = from_environment({"HEED_DATA": str(tiny.host.settings.data), "HEED_SECRET_KEYS": f"{new},{old}"})
    rotated = Tiny(both, clock)
    assert _read(rotated, cookie) is not None
    assert _cookie(rotated) != cookie
    rotated.host.database.close()


def test_a_session_that_ended_is_out_at_once(tiny: Tiny, browser: PageClient):
    officer = browser.as_(Role.OFFICER)
    officer.get("/tiny/work")
    tiny.end("dorset-officer", officer.session_id)
    officer.grow_old().get("/tiny/work", 302, follow=False)


def test_signing_out_everywhere_ends_other_sessions_too(tiny: Tiny, browser: PageClient):
    officer = browser.as_(Role.OFFICER).grow_old()
    tiny.end("dorset-officer", "another-session", everywhere=True)
    officer.get("/tiny/work", 302, follow=False)


def test_a_later_session_is_not_touched_by_an_earlier_end(tiny: Tiny, browser: PageClient, clock: SetClock):
    tiny.end("dorset-officer", "another-session", everywhere=True)
    clock.forward(timedelta(seconds=1))
    browser.as_(Role.OFFICER).get("/tiny/work")


def test_sign_out_takes_the_cookie_away(tiny: Tiny):
    with tiny.app.test_request_context():
        response = flask.Response()
        identity.clear(response)
    assert (
        "heed-session=;" in response.headers["Set-Cookie"] and "Max-Age=0" in response.headers["Set-Cookie"]
    )


def test_a_host_needs_no_more_than_the_protocol_says(settings: Settings, clock: SetClock):
    assert {"service", "settings", "database", "clock"} <= set(dir(Host(settings, clock)))
