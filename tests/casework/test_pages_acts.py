"""What people do on the pages of a case, and what they are told when it does not hold."""

from datetime import timedelta

from shared import replicas
from shared.vocabulary import Role
from tests.casework.builders import CONTACT, system
from tests.casework.conftest import Desk
from tests.page_client import PageClient


def test_a_meeting_is_scheduled_held_and_stands_in_the_chronology(desk: Desk, case: str, browser: PageClient):
    browser.get(f"{case}/meetings").links["Schedule: IEM"]
    browser.click("Schedule: IEM")
    browser.submit({**moment("starts_at", "4 3 2026 10:00"), "place": "By video"}, "Save")
    assert "By video" in browser.page.text  # type: ignore[union-attr]
    desk.clock.forward(timedelta(days=3))
    browser.get(next(link for link in browser.page.links.values() if link.endswith("/held")))  # type: ignore[union-attr]
    browser.submit({}, "Save", 422)
    assert len(browser.page.errors) == 3  # type: ignore[union-attr]
    answers = {
        **moment("held_at", "4 3 2026 10:00"),
        "attended": ["POLICE", "HR"],
        "record": "Agreed the next steps.",
    }
    page = browser.submit(answers, "Save")
    assert "Human resources" in page.text
    text = browser.get(f"{case}/chronology").text
    assert "IEM held" in text
    assert "Agreed the next steps." in text
    assert "Enquiries under way" in browser.get(case).text


def test_a_meeting_that_will_not_take_place_is_cancelled(case: str, browser: PageClient):
    browser.get(f"{case}/meetings/new?kind=MEETING_INITIAL")
    page = browser.submit(moment("starts_at", "4 3 2026 10:00"), "Save")
    browser.get(next(link for link in page.links.values() if link.endswith("/cancel")))
    cancelled = browser.submit({"reason": "The police could not come."}, "Cancel the meeting")
    assert "Cancelled" in cancelled.text
    assert not any(link.endswith("/held") for link in cancelled.links.values())


def moment(name: str, text: str) -> dict[str, str]:
    day, month, year, hour = text.split()
    return {f"{name}-day": day, f"{name}-month": month, f"{name}-year": year, f"{name}-time": hour}


def answers_of(**differ: str) -> dict[str, str]:
    given = {
        "proved": "yes",
        "disproved": "no",
        "basis": "yes",
        "outcome": "SUBSTANTIATED",
        "reasons": "Two saw it.",
    }
    return {**given, **differ}


def test_an_outcome_that_the_evidence_does_not_point_to_is_challenged_then_stands(
    case: str, browser: PageClient
):
    browser.get(f"{case}/allegations/allegation-1/outcome")
    doubted = browser.submit(answers_of(outcome="FALSE"), "Record the outcome", 422)
    assert "points to “Substantiated”, not to “False”" in doubted.errors[0]
    done = browser.submit({"because": "The second witness withdrew."}, "Record the outcome")
    assert "False" in done.text
    assert "The second witness withdrew." in done.text
    assert "needs help" in done.text


def test_answers_that_contradict_each_other_stay_on_the_page(case: str, browser: PageClient):
    browser.get(f"{case}/allegations/allegation-1/outcome")
    page = browser.submit(answers_of(disproved="yes"), "Record the outcome", 422)
    assert page.errors == ["Say yes to one of the two, or no to both."]
    assert "Two saw it." in page.text


def test_all_five_definitions_stand_beside_the_choice(case: str, browser: PageClient):
    text = browser.get(f"{case}/allegations/allegation-1/outcome").text
    for words in (
        "Substantiated",
        "Malicious",
        "meant to deceive",
        "Unsubstantiated",
        "Unfounded",
        "misread",
    ):
        assert words in text


def test_a_recorded_outcome_is_put_right_with_a_reason(case: str, browser: PageClient):
    browser.get(f"{case}/allegations/allegation-1/outcome")
    browser.submit(answers_of(), "Record the outcome")
    browser.get(f"{case}/allegations/allegation-1/correction")
    wrong = answers_of(proved="no", outcome="UNSUBSTANTIATED", reasons="It was somebody else.")
    assert "Unsubstantiated" in browser.submit(wrong, "Correct the outcome").text


def test_what_somebody_else_changed_meanwhile_is_said_and_the_answers_are_kept(
    case: str, browser: PageClient
):
    browser.get(f"{case}/facts")
    first = browser.page
    browser.submit({"serious_harm": "yes", "police_involved": "no"}, "Save")
    browser.page = first
    page = browser.submit({"serious_harm": "no", "police_involved": "yes"}, "Save", 422)
    assert "Somebody else changed this case" in page.errors[0]
    assert browser.submit({}, "Save").path == case
    assert "Police involved" in browser.page.text  # type: ignore[union-attr]


def test_facts_support_safeguards_and_the_childs_part_are_recorded(case: str, browser: PageClient):
    facts = {
        "serious_harm": "yes",
        "police_involved": "unknown",
        **moment("provider_aware_at", "1 3 2026 8:00"),
    }
    browser.get(f"{case}/facts")
    assert "1 March 2026 at 8:00am" in browser.submit(facts, "Save").text
    browser.get(f"{case}/people/adult-1/facts")
    answers = {"regulated_activity": "yes", "removed": "yes", "harm_test": "yes"}
    removed = {**answers, "removed_on-day": "2", "removed_on-month": "3", "removed_on-year": "2026"}
    assert "Yes, on 2 March 2026" in browser.submit(removed, "Save").text
    browser.get(f"{case}/people/adult-1/support")
    assert "Her union" in browser.submit({"support": "Her union"}, "Save").text
    browser.get(f"{case}/people/adult-1/safeguards/new")
    step = {"code": "SUSPENDED", "step": "made", "reason": "No other post.", **moment("at", "2 3 2026 9:00")}
    assert "alternative" in browser.submit(step, "Save", 422).errors[0]
    assert "No other post." in browser.submit({"alternatives": ["SUPERVISED"]}, "Save").text
    browser.get(f"{case}/child")
    assert "I was scared." in browser.submit({"voice": "I was scared."}, "Save").text
    assert "I was scared." in browser.get(f"{case}/child").html


def test_closing_lists_what_is_missing_with_links_and_then_closes(case: str, browser: PageClient):
    page = browser.get(f"{case}/close")
    assert page.text.count("To do") == 5
    assert f"{case}/child" in page.links.values()
    browser.get(f"{case}/meetings/not-needed")
    browser.submit({"reason": "Clear at once."}, "Save")
    browser.get(f"{case}/allegations/allegation-1/outcome")
    browser.submit(answers_of(), "Record the outcome")
    browser.get(f"{case}/child")
    browser.submit({"no_voice_reason": "Too young.", "not_told_reason": "Too young."}, "Save")
    browser.get(f"{case}/people/adult-1/support")
    browser.submit({"no_support_reason": "She declined."}, "Save")
    browser.get(f"{case}/close")
    closed = browser.submit({}, "Close the case")
    assert "Closed" in closed.text
    assert browser.get(f"{case}/facts").status == 200
    refused = browser.submit({"serious_harm": "yes", "police_involved": "yes"}, "Save", 422)
    assert "Reopen it" in refused.errors[0]
    browser.get(f"{case}/reopen")
    assert "Reopened" in browser.submit({"reason": "A new witness."}, "Reopen the case").text


def test_a_case_that_is_not_finished_cannot_be_closed_by_force(case: str, browser: PageClient):
    assert "closing checks" in browser.post(f"{case}/close", {"version": "1"}, 422).errors[0]


def test_a_note_is_added_once_and_corrected_by_another(case: str, browser: PageClient):
    browser.get(f"{case}/notes/new")
    form = browser.page
    browser.submit({"words": "Rang the school."}, "Add to the chronology")
    browser.page = form
    page = browser.submit({"words": "Rang the school."}, "Add to the chronology")
    assert page.text.count("Rang the school.") == 1
    browser.get(next(link for link in page.links.values() if "corrects=" in link))
    corrected = browser.submit({"words": "It was the nursery."}, "Add to the chronology")
    assert "Corrects an earlier note" in corrected.text


def test_a_clock_is_paused_with_a_reason_and_resumed(desk: Desk, case: str, browser: PageClient):
    page = browser.get(case)
    browser.get(page.links["Pause IEM"])
    assert browser.submit({}, "Pause the clock", 422).errors
    paused = browser.submit({"reason": "POLICE_ENQUIRY", "words": "Interview next week."}, "Pause the clock")
    assert "Resume IEM" in paused.links
    desk.clock.forward(timedelta(days=3))
    browser.get(paused.links["Resume IEM"])
    resumed = browser.submit({}, "Resume the clock")
    assert "Running for 3 days; 0 hours without pauses." in resumed.text
    assert "It was paused from Monday 2 March 2026" in resumed.text


def test_whoever_goes_back_to_a_note_that_was_kept_comes_to_the_chronology(case: str, browser: PageClient):
    note = browser.get(f"{case}/notes/new").path
    page = browser.submit({"words": "She rang."}, "Add to the chronology")
    assert browser.get(note).heading == "Chronology"
    assert page.text.count("She rang.") == browser.get(f"{case}/chronology").text.count("She rang.") == 1


def test_a_review_is_recorded(case: str, browser: PageClient):
    browser.get(f"{case}/review")
    assert "Reviewed" in browser.submit({"reason": "COURT", "words": "Trial in May."}, "Save").text


def test_a_manager_closes_the_case_to_an_officer(desk: Desk, case: str, browser: PageClient):
    browser.as_(Role.MANAGER).get(f"{case}/access")
    said = {"way": "never", "reason": "They are related."}
    assert "at least one person" in browser.submit(said, "Change who may see it", 422).errors[0]
    browser.submit({"people": ["dorset-officer"]}, "Change who may see it")
    browser.as_(Role.OFFICER).get(case, 404)
    page = browser.as_(Role.MANAGER).get(f"{case}/access")
    boxes = [one for one in page.form().iter("input") if one.get("checked") is not None]
    assert [one.get("value") for one in boxes] == ["never", "dorset-officer"]
    browser.submit({"way": "open", "reason": "A mistake."}, "Change who may see it")
    browser.as_(Role.OFFICER).get(case)


def test_who_opens_a_case_learns_that_its_contact_is_closed_too(desk: Desk, case: str, browser: PageClient):
    with desk.database.transaction(system()) as tx:
        replicas.restrict(tx, CONTACT, never=("dorset-officer",))
    page = browser.as_(Role.MANAGER).get(f"{case}/access")
    assert "takes opening the contact too" in page.text
    assert page.links["The contact as it came in"] == f"/intake/contacts/{CONTACT}"
