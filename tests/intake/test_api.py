"""The JSON side."""

from typing import Any

import pytest

from services.intake.store import rules
from shared import replicas
from shared.vocabulary import Role
from tests.intake.conftest import House, Open, Visitor

CONTACTS = "/intake/api/contacts"
LISTS = "/intake/api/code-lists"


def a_body(**differs: Any) -> dict[str, Any]:
    """A report as another system sends it."""
    given: dict[str, Any] = {
        "token": "their-1",
        "channel": "phone",
        "referrer": {"name": "Hester Quill", "email": "head@oakfield.example", "agency": "EDU_SCHOOL"},
        "adults": [
            {
                "id": "a",
                "names": [{"kind": "legal", "given": "Alma", "surname": "Finch"}],
                "born": "1985-03",
                "work": [
                    {"setting": {"name": "Oakfield School"}, "role": "TEACHER", "sector": "EDUCATION_ACADEMY"}
                ],
            }
        ],
        "children": [{"id": "b", "name": "Robin Ash"}],
        "allegations": [
            {"id": "c", "adult_id": "a", "child_ids": ["b"], "category": "PHYSICAL", "narrative": "Pushed."}
        ],
    }
    return {**given, **differs}


def with_role(role: str, **differs: Any) -> dict[str, Any]:
    """The same of somebody who does other work."""
    adult = {"id": "a", "work": [{"setting": {"name": "Oakfield School"}, "role": role}]}
    return a_body(adults=[adult], **differs)


@pytest.fixture
def officer(browser: Visitor) -> Visitor:
    """An officer's program."""
    browser.as_(Role.OFFICER)
    return browser


def test_a_report_becomes_a_contact_once(officer: Visitor, house: House):
    made = officer.send("POST", CONTACTS, a_body(), 201)
    again = officer.send("POST", CONTACTS, a_body(channel="post"), 201)
    assert made.json["id"] == again.json["id"]
    assert again.json["channel"] == "phone"
    assert made.headers["Location"].endswith(made.json["id"])
    assert len(house.events("contact.received")) == 1


def test_a_contact_is_read_back_with_its_report_and_tag(officer: Visitor, house: House):
    made = officer.send("POST", CONTACTS, a_body(), 201).json
    read = officer.send("GET", f"{CONTACTS}/{made['id']}")
    assert read.headers["ETag"] == '"1"'
    assert read.json["adults"][0]["names"][0]["surname"] == "Finch"
    assert read.json["allegations"][0]["adult_id"] == read.json["adults"][0]["id"]
    assert len(read.json["adults"][0]["id"]) == 36
    viewed: list[Any] = list(house.events("access.recorded"))
    assert [one.subject_id for one in viewed] == [made["id"]]


def test_the_list_has_no_names_and_pages(officer: Visitor):
    for number in range(3):
        officer.send("POST", CONTACTS, a_body(token=f"t-{number}"), 201)
    page = officer.send("GET", f"{CONTACTS}?state=new")
    assert (page.json["total"], page.json["page"], len(page.json["contacts"])) == (3, 1, 3)
    assert "Finch" not in page.html + page.body.decode()
    assert officer.send("GET", f"{CONTACTS}?page=2").json["contacts"] == []
    officer.send("GET", f"{CONTACTS}?moon=yes", status=422)


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"token": ""} | {"colour": "red"}, "colour"),
        (a_body(colour="red"), "colour"),
        (a_body(channel="pigeon"), "channel"),
        (a_body(adults=[{"id": "a", "born": "yesterday"}]), "adults"),
        (a_body(children=[{"id": "b", "account": "x" * 5_001}]), "children"),
        (a_body(referrer={"email": "nonsense"}), "referrer"),
        (a_body(allegations=[{"id": "c", "adult_id": "a", "narrative": "bell\x07"}]), "allegations"),
        (a_body(allegations=[{"id": "c", "adult_id": "nobody"}]), "allegations"),
        (a_body(known_to_employer_at="2030-01-01T00:00:00+00:00"), "known_to_employer_at"),
    ],
)
def test_what_does_not_hold_is_refused_with_its_place(officer: Visitor, body: dict[str, Any], where: str):
    problem = officer.send("POST", CONTACTS, body, 422)
    assert where in str(problem.json["errors"])
    assert "Finch" not in problem.body.decode()


def test_the_acts_need_the_tag_of_what_was_seen(officer: Visitor):
    made = officer.send("POST", CONTACTS, a_body(), 201).json
    address = f"{CONTACTS}/{made['id']}"
    judgement = {"decision": "MET", "criteria": ["HARM"], "tier": "T4", "reasons": "He was hurt."}
    officer.send("POST", f"{address}/decision", judgement, 428)
    taken = officer.send("PUT", f"{address}/owner", None, 200, If_Match='"1"')
    assert taken.json["owner"] == "dorset-officer"
    officer.send("POST", f"{address}/decision", judgement, 412, If_Match='"1"')
    decided = officer.send("POST", f"{address}/decision", judgement, 201, If_Match='"2"')
    assert (decided.json["decision"], decided.json["version"]) == ("MET", 3)
    officer.send("POST", f"{address}/decision", judgement, 409, If_Match='"3"')
    advice = officer.send("POST", f"{address}/advice", {"kind": "CASE", "text": "Keep notes."}, 201).json
    assert (advice["method"], advice["delivery"]) == ("email", "queued")


def test_each_role_may_do_what_it_may(browser: Visitor):
    browser.as_(Role.OFFICER)
    made = browser.send("POST", CONTACTS, a_body(), 201).json
    for role in (Role.ANALYST, Role.ADMINISTRATOR, Role.OPERATOR):
        browser.as_(role)
        browser.send("GET", f"{CONTACTS}/{made['id']}", status=403)
        browser.send("POST", CONTACTS, a_body(token="2"), 403)
    browser.as_(Role.AUDITOR)
    browser.send("GET", f"{CONTACTS}/{made['id']}")
    browser.send("POST", CONTACTS, a_body(token="2"), 403)
    browser.as_(Role.COORDINATOR)
    browser.send("POST", CONTACTS, a_body(token="2"), 201)
    browser.send("PUT", f"{CONTACTS}/{made['id']}/owner", None, 403, If_Match='"1"')


def test_another_authority_s_contact_is_not_there(browser: Visitor):
    browser.as_(Role.OFFICER)
    made = browser.send("POST", CONTACTS, a_body(), 201).json
    browser.as_(Role.OFFICER, "wiltshire")
    browser.send("GET", f"{CONTACTS}/{made['id']}", status=404)
    assert browser.send("GET", CONTACTS).json["total"] == 0
    browser.leave()
    browser.send("GET", f"{CONTACTS}/{made['id']}", status=401)


def test_a_code_that_the_authority_added_is_accepted_and_one_of_nobody_is_refused(
    officer: Visitor, opened: Open, house: House
):
    with opened(Role.ADMINISTRATOR) as tx:
        replicas.change_configuration(
            tx, rules.CODES, {"role": {"MENTOR": "Mentor"}}, since=tx.now, reason=""
        )
    house.settle()
    assert {"code": "MENTOR", "label": "Mentor"} in officer.send("GET", LISTS).json["lists"]["role"]
    made = officer.send("POST", CONTACTS, with_role("MENTOR"), 201)
    read = officer.send("GET", f"{CONTACTS}/{made.json['id']}")
    assert read.json["adults"][0]["work"][0]["role"] == "MENTOR"
    refused = officer.send("POST", CONTACTS, with_role("MAGICIAN", token="2"), 422)
    assert refused.json["errors"] == {"adults.0.work.0.role": ["Choose from the answers listed."]}
    officer.as_(Role.OFFICER, "wiltshire").send("POST", CONTACTS, with_role("MENTOR", token="3"), 422)


def test_a_filter_by_a_sector_of_nobody_is_refused(officer: Visitor):
    officer.send("GET", f"{CONTACTS}?sector=EDUCATION_ACADEMY")
    assert "sector" in officer.send("GET", f"{CONTACTS}?sector=MOON", status=422).json["errors"]


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("2031-05", "The date must be today or in the past."),
        ("1985-02-31", "Enter a real date, like 27 3 2026."),
        ("1985-13", "Enter a real date, like 27 3 2026."),
        ("1850", "The year must be 1900 or later."),
        ("1985-2-3", "Write YYYY, YYYY-MM or YYYY-MM-DD."),
    ],
)
def test_a_date_that_cannot_be_is_refused_with_the_sentence_of_the_form(
    officer: Visitor, written: str, sentence: str
):
    about: dict[str, Any] = {
        "adults": [{"id": "a", "names": [{"full": "Alma Finch"}], "born": written}],
        "children": [{"id": "b", "born": written}],
        "allegations": [{"id": "c", "adult_id": "a", "happened_on": written}],
    }
    for place, items in about.items():
        answer = officer.send("POST", CONTACTS, a_body(**{"adults": [{"id": "a"}], place: items}), 422)
        assert str(answer.json["errors"]).count(sentence) == 1 and place in str(answer.json["errors"])
