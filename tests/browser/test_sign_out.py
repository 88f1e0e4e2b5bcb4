"""Signing out everywhere, from one of two devices, ends the session in all five services."""

import re
import time
from collections.abc import Callable

from tests.browser.test_officer import PATIENCE, sign_in
from tests.browser.visitor import Visitor

# A colleague's account, so that no other test of the lane is signed out.
COLLEAGUE = "Tom Ashdown"
PAGES = (
    "/intake/contacts",
    "/casework/cases",
    "/notifications/notices",
    "/search/people",
    "/reporting/dashboard",
)


def test_signing_out_everywhere_ends_the_session_in_every_service_on_every_device(
    visitor: Callable[..., Visitor],
):
    lost, mine = visitor(), visitor()
    for one in (lost, mine):
        sign_in(one, COLLEAGUE)
    for path in PAGES:
        lost.go(path)
        assert _is_in(lost), path
    mine.go("/intake/account")
    mine.press("Sign out everywhere")
    for one in (lost, mine):
        _wait_until_out(one)
    # Signing in again opens a session of its own; the lost device stays outside.
    sign_in(mine, COLLEAGUE)
    for path in PAGES:
        mine.go(path)
        assert _is_in(mine), path
        assert not _opens(lost, path), path


def _is_in(one: Visitor) -> bool:
    return bool(one.page.get_by_role("button", name="Sign out", exact=True).count())


def _opens(one: Visitor, path: str) -> bool:
    one.go(path)
    return not re.search(r"/intake/(sign-in|signed-out)", one.page.url)


def _wait_until_out(one: Visitor) -> None:
    """The other services hear of it over the bus."""
    until = time.monotonic() + PATIENCE
    while still := [path for path in PAGES if _opens(one, path)]:
        assert time.monotonic() < until, f"Still signed in after {PATIENCE} s: {still}"
        time.sleep(0.5)
