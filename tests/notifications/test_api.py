"""The API: the same acts with the version said in If-Match."""

import pytest

from shared.vocabulary import Role
from tests.notifications.bureau import Bureau
from tests.notifications.scenes import CASE, REFERENCE, facts, opened, received
from tests.page_client import PageClient

ALL = "/notifications/api/notices"


@pytest.fixture
def program(bureau: Bureau, browser: PageClient) -> PageClient:
    """A program that works for an officer, on a nursery's case."""
    bureau.say(received(), opened(), facts())
    return browser


def path(bureau: Bureau, rule: str, act: str = "") -> str:
    return f"{ALL}/{bureau.notice(rule).id}{act}"


def test_the_list_is_filtered_and_paged(bureau: Bureau, program: PageClient):
    found = program.send("GET", f"{ALL}?rule=N10").json
    assert (found["total"], found["page"], found["pages"]) == (1, 1, 1)
    (item,) = found["items"]
    assert (item["rule"], item["state"], item["due_on"], item["reference"]) == (
        "N10",
        "due",
        "2026-03-12",
        REFERENCE,
    )
    assert item["case_id"] == CASE
    assert "Marlowe" not in str(found)
    assert program.send("GET", f"{ALL}?page=0", status=422).json["status"] == 422


def test_one_notice_has_its_content_and_an_etag(bureau: Bureau, program: PageClient):
    found = program.send("GET", path(bureau, "N10"))
    assert found.headers["ETag"] == '"1"'
    content = {line["item"]: line["text"] for line in found.json["content"]}
    assert content["adult_name"] == "Odette Marlowe"
    assert found.json["because"]
    assert "Not known when this was written: Action taken by the provider." in found.json["letter"]


def test_an_act_without_a_version_is_asked_for_it_and_with_an_old_one_refused(
    bureau: Bureau, program: PageClient
):
    said = {"advice": "Told the provider."}
    assert (
        program.send("POST", path(bureau, "N10", "/advice"), said, 428).json["title"]
        == "Say which version you have changed"
    )
    done = program.send("POST", path(bureau, "N10", "/advice"), said, 201, If_Match='"1"')
    assert (done.json["state"], done.headers["ETag"]) == ("advised", '"2"')
    program.send("POST", path(bureau, "N10", "/decline"), {"reason": "No"}, 412, If_Match='"1"')
    program.send("POST", path(bureau, "N10", "/decline"), {"reason": "No"}, 412, If_Match='"nonsense"')


def test_sending_is_accepted_and_only_later_sent(bureau: Bureau, program: PageClient):
    bureau.vouch("ofsted_early_years")
    asked = program.send("POST", path(bureau, "N10", "/sending"), {}, 409, If_Match='"1"')
    assert "does not say yet" in asked.json["detail"]
    done = program.send(
        "POST", path(bureau, "N10", "/sending"), {"although_incomplete": True}, 202, If_Match='"1"'
    )
    assert done.json["state"] == "due"
    bureau.settle()
    assert program.send("GET", path(bureau, "N10")).json["state"] == "sent"


def test_a_sending_by_hand_and_its_acknowledgement(bureau: Bureau, program: PageClient):
    by_hand = {"method": "portal", "sent_at": "2026-03-02T09:00:00+00:00"}
    program.send("POST", path(bureau, "N10", "/sending"), by_hand, 422, If_Match='"1"')
    done = program.send(
        "POST", path(bureau, "N10", "/sending"), {**by_hand, "evidence": "Ref 3"}, 201, If_Match='"1"'
    )
    assert (done.json["state"], done.json["method"]) == ("sent", "portal")
    answer = {"acknowledgement": "Their mail", "acknowledged_at": "2026-03-02T09:10:00+00:00"}
    done = program.send("POST", path(bureau, "N10", "/acknowledgement"), answer, 201, If_Match='"2"')
    assert done.json["state"] == "acknowledged"


def test_a_decline_needs_a_manager_who_is_somebody_else(bureau: Bureau, program: PageClient):
    program.send("POST", path(bureau, "N10", "/decline"), {"reason": "Told already"}, 201, If_Match='"1"')
    program.send("POST", path(bureau, "N10", "/decline/approval"), None, 403, If_Match='"2"')
    program.as_(Role.MANAGER)
    done = program.send("POST", path(bureau, "N10", "/decline/approval"), None, 201, If_Match='"2"')
    assert done.json["state"] == "declined"


def test_unknown_fields_and_empty_words_are_refused(bureau: Bureau, program: PageClient):
    program.send("POST", path(bureau, "N10", "/advice"), {"advice": ""}, 422, If_Match='"1"')
    problem = program.send(
        "POST", path(bureau, "N10", "/advice"), {"advice": "x", "more": 1}, 422, If_Match='"1"'
    )
    assert "more" in str(problem.json["errors"])


def test_another_authority_and_other_roles_get_nothing(bureau: Bureau, program: PageClient):
    notice = path(bureau, "N10")
    program.as_(Role.ANALYST).send("GET", notice, status=403)
    program.as_(Role.OFFICER, "wiltshire").send("GET", notice, status=404)
    assert program.send("GET", ALL).json["total"] == 0
    program.send("POST", f"{notice}/advice", {"advice": "Told"}, 404, If_Match='"1"')
    program.as_(Role.AUDITOR).send("POST", f"{notice}/advice", {"advice": "Told"}, 403, If_Match='"1"')
