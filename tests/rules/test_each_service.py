"""What a changed rule does in the service that owns it."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from services.casework.domain.rules import current, in_force, rules_of, with_change
from services.casework.store import clocks
from services.intake.domain import codes, timescale
from services.notifications.domain.rule import rules_from, shipped
from services.search.domain import purposes
from shared.actor import Actor, Scope
from shared.clock import new_id
from shared.errors import Invalid
from shared.replicas import configuration
from shared.vocabulary import Role
from tests.casework.builders import open_a_case
from tests.page_client import PageClient
from tests.platform import Platform
from tests.rules.test_every_rule import change, from_day, preview

MONDAY = date(2026, 3, 2)
CLOCK = "/casework/configuration/case_clocks/rule"
RULE = {
    "label": "Ours", "start": "CONTACT_RECEIVED", "stop": "FIRST_MEETING_HELD", "unit": "WORKING_DAY",
    "source": "Agreed here",
}  # fmt: skip


@pytest.fixture
def administrator(platform: Platform) -> PageClient:
    """One of Dorset who has just proved themselves afresh."""
    return PageClient(platform).as_(Role.ADMINISTRATOR, stepped_up=True)


steps = some.lists(
    some.tuples(
        some.sampled_from(["first-meeting", "conclusion", "employer-referral", "panel"]),
        some.integers(0, 400),
        some.integers(0, 60),
        some.booleans(),
    ),
    min_size=1,
    max_size=8,
)


def _shape(rules: Any, day: date) -> set[tuple[str, int]]:
    return {(rule.id, rule.amount) for rule in in_force(rules, day)}


@settings(deadline=None)
@given(steps, some.sampled_from(["dorset", "hampshire", "nowhere"]))
def test_a_changed_clock_never_changes_a_day_before_it(
    steps: list[tuple[str, int, int, bool]], authority: str
):
    own: list[dict[str, Any]] | None = None
    for rule_id, offset, amount, on in sorted(steps, key=lambda one: one[1]):
        day = MONDAY + timedelta(days=offset)
        before = rules_of(authority, own)
        own = with_change(authority, own, {**RULE, "id": rule_id, "amount": amount}, day, on=on)
        after = rules_of(authority, own)
        for earlier in (MONDAY - timedelta(days=3000), MONDAY, day - timedelta(days=1)):
            if earlier < day:
                assert _shape(after, earlier) == _shape(before, earlier)
        now = _shape(after, day)
        assert ((rule_id, amount) in now) is on
        assert on or rule_id not in {one for one, _ in now}
        others = {one for one in _shape(before, day) if one[0] != rule_id}
        assert others == {one for one in now if one[0] != rule_id}


def test_a_clock_switched_off_is_still_listed_and_can_come_back():
    off = with_change("dorset", None, {**RULE, "id": "first-meeting", "amount": 5}, MONDAY, on=False)
    assert current("dorset", off, MONDAY)["first-meeting"][1] is False
    again = with_change("dorset", off, {**RULE, "id": "first-meeting", "amount": 4}, MONDAY, on=True)
    rule, on = current("dorset", again, MONDAY)["first-meeting"]
    assert (on, rule.amount) == (True, 4)


def test_the_preview_of_a_clock_shows_the_due_day_before_and_after(administrator: PageClient):
    page = preview(administrator, f"{CLOCK}/first-meeting", amount="3")
    assert page.rows("An example") == [["At 10:00am: due on", "9 March 2026", "5 March 2026"]]
    page = preview(administrator, f"{CLOCK}/first-meeting", on="no")
    assert page.rows("An example") == [["At 10:00am: due on", "9 March 2026", "No such clock"]]


def test_a_clock_is_added_under_a_name_that_nobody_has(administrator: PageClient):
    new = {
        "id": "panel", "label": "Panel", "on": "yes", "start": "CONTACT_RECEIVED", "amount": "2",
        "stop": "FIRST_MEETING_HELD", "unit": "WEEK", "source": "Agreed here",
    }  # fmt: skip
    page = change(administrator, "/casework/configuration/case_clocks/new", **new)
    assert ["Panel", "Yes", "2", "Weeks"] in [row[:4] for row in page.rows("As it stands today")]
    page = preview(administrator, "/casework/configuration/case_clocks/new", status=422, **new)
    assert page.errors == ["There is a rule of this name already."]
    wrong = preview(
        administrator, "/casework/configuration/case_clocks/new", 422, **{**new, "id": "A panel!"}
    )
    assert wrong.errors == ["Use small letters, figures and dashes."]


def test_a_case_follows_the_clock_of_the_day_its_contact_came(administrator: PageClient, platform: Platform):
    change(administrator, f"{CLOCK}/first-meeting", amount="2", **from_day(MONDAY + timedelta(days=7)))
    received = platform.clock()
    assert _first_meeting(platform, received) == 5
    platform.clock.forward(timedelta(days=8))
    assert _first_meeting(platform, received) == 5
    assert _first_meeting(platform, platform.clock()) == 2


def _first_meeting(platform: Platform, received: datetime) -> int:
    database = platform["casework"].database
    case_id = open_a_case(database, contact_id=new_id(), received_at=received)
    with database.reading(Scope("dorset", Actor("system:test"), "t")) as tx:
        [clock] = [one for one in clocks.of_case(tx, case_id) if one.rule.id == "first-meeting"]
    return clock.amount


def test_a_rule_that_ships_off_needs_its_own_source_to_be_switched_on(administrator: PageClient):
    path = "/notifications/configuration/notification_rules/rule/N03a"
    page = preview(administrator, path, status=422, on="yes")
    assert page.errors == [
        "Heed ships this rule off because it is not confirmed. Name the source that confirms it."
    ]
    page = change(administrator, path, on="yes", source="Section 36, read on 1 March 2026")
    rows = {row[0]: row[2] for row in page.rows("As it stands today")}
    assert rows["N03a"] == "Yes"
    rules = PageClient(administrator._stage).as_(Role.OFFICER).get("/notifications/rules").text
    assert "Section 36, read on 1 March 2026" in rules


def test_what_ships_off_carries_its_citation():
    off = {key: one for key, one in shipped()["rule"].items() if not one["on"]}
    assert off
    assert all(one["source"] and one["law"] for one in off.values())
    assert not any(rule.in_force(MONDAY) for rule in rules_from() if rule.id in off)


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"deadline_unit": "NO_NUMBER"}, "Leave this empty: this time has no number."),
        ({"deadline_amount": "0"}, "Enter how many days there are."),
        ({"recipient": "somebody"}, "Choose from the answers listed."),
        ({"source": ""}, "Enter an answer."),
        ({"plain": "x" * 2001}, "Use 2,000 characters or fewer."),
    ],
)
def test_a_notification_rule_that_does_not_hold_together_is_refused(
    administrator: PageClient, answers: dict[str, str], sentence: str
):
    path = "/notifications/configuration/notification_rules/rule/N10"
    (said,) = preview(administrator, path, status=422, **answers).errors
    assert said.casefold().endswith(sentence.casefold())


def test_people_are_reminded_of_an_answer_before_its_last_day(administrator: PageClient):
    path = "/notifications/configuration/disclosure_clock/rule/all"
    page = preview(administrator, path, status=422, days="3", remind="3")
    assert page.errors == ["Enter fewer days than there are for an answer."]
    page = change(administrator, path, days="10", remind="3")
    assert page.rows("As it stands today")[0][:2] == ["10", "3"]


def test_an_entry_of_a_list_is_reworded_added_and_retired(administrator: PageClient, platform: Platform):
    page = change(administrator, "/intake/configuration/code-lists/rule/role.TEACHER", label="Class teacher")
    page = administrator.get("/intake/configuration/code-lists?group=role")
    assert page.rows("As it stands today")[0][0] == "Class teacher"
    change(administrator, "/intake/configuration/code-lists/new", list="role", code="MENTOR", label="Mentor")
    until = {"until-day": "2", "until-month": "3", "until-year": "2026"}
    change(administrator, "/intake/configuration/code-lists/rule/role.NURSE", **until)
    lists = codes.with_changes(_own(platform, "code-lists"))
    offered = dict(codes.choices(lists, "role", MONDAY))
    assert (offered["TEACHER"], offered["MENTOR"]) == ("Class teacher", "Mentor")
    assert "NURSE" not in offered
    assert codes.label(lists, "role", "NURSE") == "Nurse"


def _own(platform: Platform, kind: str) -> Any:
    with platform["intake"].database.reading(Scope("dorset", Actor("system:test"), "t")) as tx:
        return configuration(tx, kind)


def test_a_list_that_the_work_hangs_on_keeps_its_codes(administrator: PageClient):
    new = "/intake/configuration/code-lists/new"
    page = preview(administrator, new, status=422, list="decision", code="PERHAPS", label="Perhaps")
    assert page.errors[0].startswith("Choose one of: referrer_agency")
    until = {"until-day": "2", "until-month": "4", "until-year": "2026"}
    page = preview(administrator, "/intake/configuration/code-lists/rule/decision.MET", status=422, **until)
    assert page.errors == ["Heed works with this entry. You can change its words, not retire it."]


def test_a_list_cannot_run_empty():
    own: Any = None
    first, *rest = codes.shipped()["work_status"].values()
    for one in rest:
        own = codes.with_change(own, "work_status", codes.Code(one.code, one.label, until=MONDAY))
    with pytest.raises(Invalid):
        codes.with_change(own, "work_status", codes.Code(first.code, first.label, until=MONDAY))
    with pytest.raises(Invalid):
        codes.with_change(None, "role", codes.Code("X", "x", since=MONDAY, until=MONDAY))


def test_the_time_to_answer_changes_from_a_day_on():
    changed = timescale.with_change(None, _clock(2), MONDAY)
    rules = (*timescale.shipped_rules(), *timescale.own_rules("dorset", changed))
    found = [
        timescale.rule_for(rules, "answer", "dorset", day).words
        for day in (MONDAY - timedelta(days=1), MONDAY)
    ]
    assert found == ["24 hours", "2 working days"]
    again = timescale.with_change(changed, _clock(3), MONDAY)
    assert [one["amount"] for one in again] == [3]


def _clock(amount: int) -> dict[str, Any]:
    return {"id": "answer", "amount": amount, "unit": "WORKING_DAY", "roll": False, "source": "Ours"}


def test_the_preview_of_the_time_to_answer_shows_when_it_ends(administrator: PageClient):
    path = "/intake/configuration/answer-clocks/rule/answer"
    page = preview(administrator, path, amount="2", unit="WORKING_DAY", roll="no")
    [row] = page.rows("An example")
    assert row[1] == "4pm on Tuesday 3 March 2026"
    assert row[2] == "the end of Wednesday 4 March 2026"


def test_letters_day_and_harm_tests_are_checked(administrator: PageClient, platform: Platform):
    path = "/intake/configuration/{}/rule/all"
    assert preview(administrator, path.format("reference-prefix"), 422, prefix="dc").errors
    assert preview(administrator, path.format("cutoff"), 422, cutoff="25:00").errors
    assert preview(administrator, path.format("cutoff"), 422, cutoff="08:00").errors
    assert preview(administrator, path.format("criteria"), 422, criteria=[]).errors
    change(administrator, path.format("reference-prefix"), prefix="DC")
    change(administrator, path.format("cutoff"), cutoff="16:30")
    change(administrator, path.format("criteria"), criteria=["HARM", "RISK"])
    assert [_own(platform, one) for one in ("reference-prefix", "cutoff", "criteria")] == [
        "DC", "16:30", ["HARM", "RISK"],
    ]  # fmt: skip


def test_a_purpose_that_is_switched_off_can_be_chosen_no_more_and_comes_back():
    off = purposes.with_change(None, {"code": "OPEN_CASE", "words": "A case", "on": False})
    assert "OPEN_CASE" not in purposes.read(off)
    assert purposes.entries(off)["OPEN_CASE"]["on"] is False
    on = purposes.with_change(off, {"code": "OPEN_CASE", "words": "A case", "on": True})
    assert purposes.read(on)["OPEN_CASE"] == "A case"
    own: Any = None
    for code in list(purposes.shipped())[1:]:
        own = purposes.with_change(own, {"code": code, "words": "x", "on": False})
    with pytest.raises(Invalid):
        purposes.with_change(own, {"code": next(iter(purposes.shipped())), "words": "x", "on": False})


def test_a_new_purpose_stands_in_the_search_form(administrator: PageClient):
    path = "/search/configuration/search_purposes/new"
    change(administrator, path, code="PANEL", words="A panel asks", on="yes")
    assert "A panel asks" in PageClient(administrator._stage).as_(Role.OFFICER).get("/search/people").text


def test_changed_figures_are_printed_by_the_new_rule(administrator: PageClient):
    path = "/reporting/configuration/figures/rule/all"
    page = preview(administrator, path, rounding="truncate", places="0", limit="0")
    assert page.rows("An example") == [
        ["140 of 163", "85.9", "85"], ["12 of 40", "30.0", "30"], ["3 of 47", "Held back", "6"],
    ]  # fmt: skip
    administrator.submit(button="Make this change")
    shown = PageClient(administrator._stage).as_(Role.OFFICER).get("/reporting/activity").text
    assert "Percentages are cut off to whole numbers." in shown
