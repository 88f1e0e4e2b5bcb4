"""What people do in the demo, each act over HTTP and in the version of the thing that they have seen."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

from shared.cli.story import EARLIER, OUTCOME, REASONS
from shared.cli.visitor import Page, Visitor
from shared.errors import Refused

T = TypeVar("T")
_LONGEST = 30.0
_PAUSE = 0.1


def report(visitor: Visitor, authority: str, story: dict[str, Any]) -> str:
    """Fill in the public form page by page and send it. Returns the reference."""
    page = visitor.get(f"/refer/{authority}")
    page = visitor.submit(page, button="Start now")
    while "/before/" in page.path:
        page = visitor.submit(page, story, section="screener")
    for section in story["sections"]:
        page = visitor.get(f"/refer/{authority}/form/{section}")
        while f"/form/{section}/" in page.path:
            page = visitor.submit(page, story, section=section)
    page = visitor.get(f"/refer/{authority}/declaration")
    page = visitor.submit(page, {"accurate": ["yes"]})
    return _reference(page)


def _reference(page: Page) -> str:
    marker = "Your reference is "
    if marker not in page.text:
        raise Refused(f"The report was not taken in; the last page was “{page.heading}”.")
    return page.text.split(marker, 1)[1].split()[0].rstrip(".")


def signed_in(visitor: Visitor, authority: str, role: str) -> Visitor:
    """With a demo account of that authority and role. Raises Refused when none is offered."""
    page = visitor.get("/intake/sign-in")
    for found in page.forms:
        words = " ".join(found.buttons)
        if authority in words and role in _role_of(page, found.boxes["user_id"].value):
            visitor.post("/intake/sign-in", [(box.name, box.value) for box in found.boxes.values()])
            return visitor
    raise Refused(
        "No demo account is offered; this address runs without them, so `heed demo` cannot sign in."
    )


def _role_of(page: Page, user_id: str) -> str:
    before = page.response.text.split(f'value="{user_id}"', 1)[0]
    return before.rsplit('data-column="Role"', 1)[-1].split(">", 1)[-1].split("</td>", 1)[0]


def _api(visitor: Visitor, method: str, path: str, body: Any = None, **headers: str) -> Any:
    return visitor.call(method, path, body, expect=(200, 201, 202), **headers).json


def _act(visitor: Visitor, thing: str, path: str, body: Any) -> Any:
    """An act on a thing in the version that it has now."""
    tag = visitor.call("GET", thing).response.headers["ETag"]
    return _api(visitor, "POST", f"{thing}/{path}", body, If_Match=tag)


def contacts(officer: Visitor) -> int:
    """How many contacts the officer's authority has had in the figures' period; signs in first."""
    if "heed-session" not in " ".join(officer.cookies):
        signed_in(officer, "Dorset", "Officer")
        until(
            lambda: officer.get("/reporting/dashboard", expect=(200, 503)).response.ok,
            "Reporting knows nobody yet.",
        )
    found = _api(officer, "GET", "/reporting/api/activity?by=month&suppress=0")
    return int(found["total"]["count"] or 0)


def more_than(now: int, before: int) -> int | None:
    """The number when it has grown."""
    return now if now > before else None


def find_contact(officer: Visitor, reference: str) -> str:
    """The id of the contact with that reference, once the officer's inbox has it."""

    def look() -> str | None:
        found = _api(officer, "GET", f"/intake/api/contacts?reference={reference}")["contacts"]
        return str(found[0]["id"]) if found else None

    return until(look, "The contact did not appear in the inbox.")


def pointer(officer: Visitor, contact: str) -> str:
    """What the pointer to another authority's record says; checks that the page shows no more of it."""

    def look() -> str | None:
        found = _api(officer, "GET", f"/search/api/contacts/{contact}/matches")["matches"]
        pointers = [one["pointer"] for one in found if one.get("pointer")]
        return (
            f"{pointers[0]['holder']}, {pointers[0]['band']}, {pointers[0]['recency']}" if pointers else None
        )

    def read() -> str | None:
        words = officer.get(f"/intake/contacts/{contact}").text
        return words if "Wiltshire" in words else None

    seen = until(look, "No pointer to the earlier record came.")
    if EARLIER["work.setting"] in until(read, "The contact's page does not show the pointer."):
        raise Refused("The contact's page shows more of another authority's record than a pointer.")
    return seen


def decide(officer: Visitor, contact: str) -> None:
    """The threshold is met."""
    _act(officer, f"/intake/api/contacts/{contact}", "decision", REASONS)


def case_of(officer: Visitor, contact: str) -> Any:
    """The case that a contact became, once it is there."""

    def look() -> str | None:
        page = officer.get(f"/casework/by-contact/{contact}", expect=(200, 202, 503))
        found = page.path.rsplit("/", 1)[-1]
        return found if "/cases/" in page.path else None

    case_id = until(look, "The case did not open.")
    return _api(officer, "GET", f"/casework/api/cases/{case_id}")


def meet(officer: Visitor, case_id: str) -> None:
    """The first meeting is scheduled and held."""
    now = datetime.now(UTC).isoformat()  # noqa: TID251  the demo is at the edge: it says when it acts
    thing = f"/casework/api/cases/{case_id}"
    meeting = _act(
        officer, thing, "meetings", {"kind": "MEETING_INITIAL", "starts_at": now, "place": "By video"}
    )
    held = {
        "held_at": now,
        "attended": ["CHAIR_LADO", "DSM_EMPLOYER", "POLICE"],
        "record": "What is known was shared.",
    }
    _act(officer, thing, f"meetings/{meeting['id']}/held", held)


def facts(officer: Visitor, case_id: str) -> None:
    """The adult was removed and the harm test is met: what rule N03 asks."""
    thing = f"/casework/api/cases/{case_id}"
    case = _api(officer, "GET", thing)
    answers = {"regulated_activity": True, "removed": True, "removed_on": None, "harm_test": True}
    _act(officer, thing, f"adults/{case['adults'][0]['id']}/facts", answers)


def duty(officer: Visitor, case_id: str, rule: str) -> Any:
    """The notice of a rule on a case, once it is raised."""

    def look() -> Any:
        found = _api(officer, "GET", f"/notifications/api/notices?rule={rule}")["items"]
        return next((one for one in found if one["case_id"] == case_id), None)

    return until(look, f"No duty under rule {rule} appeared.")


def conclude(officer: Visitor, case_id: str) -> None:
    """Every allegation gets its outcome."""
    thing = f"/casework/api/cases/{case_id}"
    for allegation in _api(officer, "GET", thing)["allegations"]:
        _act(officer, thing, f"allegations/{allegation['id']}/outcome", OUTCOME)


def send(officer: Visitor, notice_id: str) -> None:
    """Advised, sent by hand with evidence, acknowledged."""
    now = datetime.now(UTC).isoformat()  # noqa: TID251
    thing = f"/notifications/api/notices/{notice_id}"
    _act(officer, thing, "advice", {"advice": "You have a legal duty to refer; please do so today."})
    proof = {"method": "portal", "sent_at": now, "evidence": "Receipt number of their portal."}
    _act(officer, thing, "sending", proof)
    _act(officer, thing, "acknowledgement", {"acknowledgement": "They confirmed it.", "acknowledged_at": now})


def close(officer: Visitor, case_id: str) -> None:
    """The child's part and the adult's support are recorded, and the case is closed."""
    case = officer.get(f"/casework/cases/{case_id}/child")
    officer.submit(
        case, {"voice": "The child told their teacher.", "not_told_reason": "The parents will tell them."}
    )
    adult = _api(officer, "GET", f"/casework/api/cases/{case_id}")["adults"][0]["id"]
    people = officer.get(f"/casework/cases/{case_id}/people/{adult}/support")
    officer.submit(people, {"support": "Their union", "no_support_reason": ""})
    _act(officer, f"/casework/api/cases/{case_id}", "closure", {})


def until(look: Callable[[], T | None], otherwise: str) -> T:
    """What `look` finds, asked again until it comes. Raises Refused with the sentence."""
    until = time.monotonic() + _LONGEST
    while time.monotonic() < until:
        found = look()
        if found:
            return found
        time.sleep(_PAUSE)
    raise Refused(otherwise)
