"""The JSON side of casework: lists, one case with its ETag, and the acts."""

from datetime import timedelta

import pytest

from shared.vocabulary import Role
from tests.casework.builders import MONDAY, open_a_case
from tests.casework.conftest import Desk
from tests.page_client import PageClient

OUTCOME = {"outcome": "SUBSTANTIATED", "proved": True, "disproved": False, "reasons": "Two saw it."}
FACTS = {"provider_aware_at": None, "serious_harm": True, "police_involved": None}
ADULT = {"regulated_activity": True, "removed": True, "removed_on": "2026-03-02", "harm_test": True}


@pytest.fixture
def case(desk: Desk, browser: PageClient) -> str:
    """The address of an open case, an officer calling."""
    case_id = open_a_case(desk.database)
    browser.as_(Role.OFFICER)
    return f"/casework/api/cases/{case_id}"


def test_cases_are_listed_and_narrowed(case: str, browser: PageClient):
    found = browser.send("GET", "/casework/api/cases").json
    assert (found["total"], found["cases"][0]["reference"]) == (1, "DOR-2026-0001")
    assert found["cases"][0]["adults"] == [{"id": "adult-1", "name": "Morag Testwick"}]
    assert browser.send("GET", "/casework/api/cases?stage=closed").json["total"] == 0
    assert browser.send("GET", "/casework/api/cases?stage=asleep", status=422).json["errors"]


def test_a_case_comes_with_its_clocks_and_its_version_as_etag(case: str, browser: PageClient):
    answer = browser.send("GET", case)
    assert answer.headers["ETag"] == '"1"'
    first = next(clock for clock in answer.json["clocks"] if clock["rule"] == "first-meeting")
    assert (first["due_on"], first["state"]) == ("2026-03-09", "running")
    assert first["why"][-1] == "So it is due on Monday 9 March 2026."
    assert answer.json["adults"][0]["regulated_activity"] is True


def test_an_outcome_is_recorded_for_the_version_that_was_seen(case: str, browser: PageClient):
    path = f"{case}/allegations/allegation-1/outcome"
    assert browser.send("POST", path, OUTCOME, 428).json["title"].startswith("Say which version")
    found = browser.send("POST", path, OUTCOME, 201, If_Match='"1"').json
    assert (found["stage"], found["allegations"][0]["outcome"]) == ("outcome_recorded", "SUBSTANTIATED")
    browser.send("POST", path, OUTCOME, 412, If_Match='"1"')
    assert (
        "Correct" in browser.send("POST", path, OUTCOME, 409, If_Match=f'"{found["version"]}"').json["detail"]
    )


def test_a_choice_the_evidence_does_not_point_to_is_challenged(case: str, browser: PageClient):
    path = f"{case}/allegations/allegation-1/outcome"
    doubted = browser.send("POST", path, {**OUTCOME, "outcome": "FALSE"}, 422, If_Match='"1"').json
    assert "because" in doubted["errors"]
    told = {**OUTCOME, "outcome": "FALSE", "because": "The witness withdrew."}
    browser.send("POST", path, told, 201, If_Match='"1"')


def test_meetings_are_scheduled_and_held(desk: Desk, case: str, browser: PageClient):
    starts = (MONDAY + timedelta(days=1)).isoformat()
    made = browser.send(
        "POST", f"{case}/meetings", {"kind": "MEETING_INITIAL", "starts_at": starts}, 201
    ).json
    assert made["held_at"] is None
    desk.clock.forward(timedelta(days=2))
    held = {"held_at": starts, "attended": ["POLICE"], "record": "Agreed."}
    done = browser.send("POST", f"{case}/meetings/{made['id']}/held", held, 201).json
    assert done["held_at"].startswith("2026-03-03")
    assert browser.send("GET", case).json["stage"] == "enquiring"


def test_facts_are_recorded_whole(case: str, browser: PageClient):
    browser.send("POST", f"{case}/facts", {"serious_harm": True}, 422, If_Match='"1"')
    assert browser.send("POST", f"{case}/facts", FACTS, 201, If_Match='"1"').json["version"] == 2
    browser.send("POST", f"{case}/adults/adult-1/facts", ADULT, 201, If_Match='"2"')
    found = browser.send("GET", case).json
    assert (found["serious_harm"], found["adults"][0]["removed_on"]) == (True, "2026-03-02")


def test_a_case_is_closed_only_when_every_check_holds(case: str, browser: PageClient):
    checks = browser.send("GET", f"{case}/checks").json["checks"]
    assert not any(check["met"] for check in checks)
    assert (
        "closing checks" in browser.send("POST", f"{case}/closure", None, 409, If_Match='"1"').json["detail"]
    )


def test_a_field_nobody_knows_is_refused(case: str, browser: PageClient):
    told = {**FACTS, "serious_hram": True}
    assert "serious_hram" in str(
        browser.send("POST", f"{case}/facts", told, 422, If_Match='"1"').json["errors"]
    )


def test_another_authority_finds_nothing_by_any_address(case: str, browser: PageClient):
    browser.as_(Role.OFFICER, "wiltshire")
    assert browser.send("GET", "/casework/api/cases").json["total"] == 0
    browser.send("GET", case, status=404)
    browser.send("GET", f"{case}/checks", status=404)
    meeting = {"kind": "MEETING_INITIAL", "starts_at": MONDAY.isoformat()}
    held = {"held_at": MONDAY.isoformat(), "attended": ["POLICE"], "record": "x"}
    for path, body in (
        ("/allegations/allegation-1/outcome", OUTCOME),
        ("/meetings", meeting),
        ("/meetings/any/held", held),
        ("/facts", FACTS),
        ("/adults/adult-1/facts", ADULT),
        ("/closure", None),
    ):
        browser.send("POST", case + path, body, 404, If_Match='"1"')


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.AUDITOR, Role.ANALYST])
def test_only_who_decides_records_an_outcome(case: str, browser: PageClient, role: Role):
    browser.as_(role).send("POST", f"{case}/allegations/allegation-1/outcome", OUTCOME, 403, If_Match='"1"')
