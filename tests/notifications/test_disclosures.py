"""Asking another authority for what is behind a pointer, and what each side gets to see of it."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from services.notifications.actions import disclosing
from services.notifications.domain import disclosure
from services.notifications.domain.disclosure import Answer, Asked, Side, State
from services.notifications.store import disclosures as store
from shared.contracts.intake import ContactErased, ContactRestricted
from shared.contracts.notifications import (
    DisclosureGiven,
    DisclosureOverdue,
    DisclosureRefused,
    DisclosureReminded,
    DisclosureRequested,
)
from shared.contracts.people import Pointer
from shared.contracts.search import MatchFound, MatchWithdrawn, PointerShown, PointerWithdrawn
from shared.errors import Conflict, Invalid, NotFound, Refused
from shared.vocabulary import Band, Recency, Role
from tests.notifications.bureau import MANAGER, Bureau
from tests.page_client import PageClient

REFERENCE = "9122a9a5-ff33-8b1b-a35e-4c1b9260e0fe"
ASK = f"/notifications/disclosures/new?holder=wiltshire&reference={REFERENCE}&contact_id=d-1"
ASKED = Asked("A strategy discussion", "A new concern came in.", "What was decided, and when.")
WANTED = {"purpose": ASKED.purpose, "reason": ASKED.reason, "extent": ASKED.extent}
DECISION = {
    "decision": "given",
    "function": "Section 47 enquiry",
    "detriment": "Distress of the witness",
    "words": "A concern in 2024 was substantiated.",
}


@pytest.fixture
def pointed(bureau: Bureau) -> Bureau:
    """A search of Dorset was shown that Wiltshire holds a record."""
    bureau.say(shown(bureau), authority="wiltshire")
    return bureau


def shown(bureau: Bureau) -> PointerShown:
    """What Wiltshire learns of that search."""
    return PointerShown(
        reference=REFERENCE, contact_id="w-1", person_id="p-1", asker="dorset", purpose="NEW_CONCERN",
        shown_at=bureau.clock(),
    )  # fmt: skip


def match(bureau: Bureau, match_id: str) -> MatchFound:
    """Wiltshire's side of a match with Dorset."""
    pointer = Pointer(
        holder="dorset", contact_route="", reference="theirs", band=Band.STRONG,
        recency=Recency.UNDER_1_YEAR, agrees=("name",),
    )  # fmt: skip
    return MatchFound(
        match_id=match_id, contact_id="w-1", person_id="p-1", found_at=bureau.clock(), pointer=pointer
    )


def ask(bureau: Bureau, reference: str = REFERENCE, holder: str = "wiltshire") -> str:
    """Dorset's officer asks."""
    with bureau.as_() as tx:
        return disclosing.request(tx, holder, reference, ASKED, "d-1")


def test_both_authorities_get_their_side_of_a_request(pointed: Bureau, browser: PageClient):
    browser.get(ASK)
    page = browser.submit(WANTED, "Send the request")
    assert "The other authority has not decided yet." in page.text
    asking, holding = pointed.published(DisclosureRequested)
    assert {(one.side, one.other, one.contact_id) for one in (asking, holding)} == {
        ("asking", "wiltshire", "d-1"),
        ("holding", "dorset", "w-1"),
    }
    page = browser.as_(Role.MANAGER, "wiltshire").get("/notifications/disclosures")
    assert page.rows()[0][1] == "A strategy discussion"
    page = browser.get(page.links[next(words for words in page.links if words.startswith("Dorset Council"))])
    assert "What was decided, and when." in page.text and "d-1" not in page.html


def test_a_manager_of_the_holder_decides_and_the_considerations_stay_there(
    pointed: Bureau, browser: PageClient
):
    path = f"/notifications/disclosures/{ask(pointed)}"
    assert "A manager decides on this." in browser.as_(Role.OFFICER, "wiltshire").get(path).text
    browser.as_(Role.MANAGER, "wiltshire").get(path)
    page = browser.submit(DECISION, "Send the decision")
    assert "Section 47 enquiry" in page.text and "Distress of the witness" in page.text
    page = browser.as_(Role.OFFICER).get(path)
    assert "A concern in 2024 was substantiated." in page.text
    assert "Section 47" not in page.html and "Distress" not in page.html and "w-1" not in page.html
    assert {one.side for one in pointed.published(DisclosureGiven)} == {"asking", "holding"}


def test_a_refusal_needs_its_reasons_and_is_recorded_on_both_sides(pointed: Bureau, browser: PageClient):
    path = f"/notifications/disclosures/{ask(pointed)}"
    browser.as_(Role.MANAGER, "wiltshire").get(path)
    page = browser.submit({"decision": "refused"}, "Send the decision", status=422)
    assert len(page.errors) == 3
    refusal = {**DECISION, "decision": "refused", "words": "It serves no function."}
    browser.submit(refusal, "Send the decision")
    assert len(pointed.published(DisclosureRefused)) == 2
    assert "It serves no function." in browser.as_(Role.OFFICER).get(path).text


def test_what_waits_for_an_answer_is_not_asked_again(pointed: Bureau):
    assert ask(pointed) == ask(pointed) and len(pointed.published(DisclosureRequested)) == 2


def test_a_match_can_be_asked_about_until_it_is_withdrawn(bureau: Bureau):
    bureau.say(match(bureau, "m-1"), match(bureau, "m-2"), authority="wiltshire")
    assert ask(bureau, "m-1")
    bureau.say(MatchWithdrawn(match_id="m-2", contact_id="w-1"), authority="wiltshire")
    with pytest.raises(Refused):
        ask(bureau, "m-2")


def test_an_erased_contact_cannot_be_asked_about(pointed: Bureau):
    gone = ContactErased(contact_id="w-1", erased_at=pointed.clock())
    pointed.say(gone, authority="wiltshire")
    with pytest.raises(Refused):
        ask(pointed)


def test_a_pointer_that_was_withdrawn_cannot_be_asked_about_until_it_is_shown_again(pointed: Bureau):
    pointed.say(PointerWithdrawn(reference=REFERENCE, withdrawn_at=pointed.clock()), authority="wiltshire")
    with pytest.raises(Refused):
        ask(pointed)
    pointed.say(shown(pointed), authority="wiltshire")
    assert ask(pointed)


def test_a_pointer_that_was_on_its_way_when_its_contact_was_erased_leaves_nothing(bureau: Bureau):
    gone = ContactErased(contact_id="w-1", erased_at=bureau.clock())
    withdrawn = PointerWithdrawn(reference=REFERENCE, withdrawn_at=bureau.clock())
    bureau.say(gone, shown(bureau), withdrawn, authority="wiltshire")
    with bureau.as_(authority="wiltshire") as tx:
        assert store.contact_behind(tx, "dorset", REFERENCE) is None


def test_a_reference_is_good_for_nobody_but_whom_it_was_shown(pointed: Bureau):
    pointed.configure("authority", {"display_name": "Hampshire"}, "hampshire")
    with pointed.as_(authority="hampshire") as tx, pytest.raises(Refused):
        disclosing.request(tx, "wiltshire", REFERENCE, ASKED)
    with pytest.raises(Invalid):
        ask(pointed, holder="dorset")
    with pytest.raises(NotFound):
        ask(pointed, holder="nowhere")


def test_only_the_holder_decides_and_only_once(pointed: Bureau):
    made = ask(pointed)
    with pointed.as_() as tx, pytest.raises(Refused):
        disclosing.decide(tx, made, State.GIVEN, store.get(tx, made).answer)
    with pointed.as_(authority="wiltshire") as tx:
        disclosing.decide(tx, made, State.GIVEN, store.get(tx, made).answer)
    with pointed.as_(authority="wiltshire") as tx, pytest.raises(Conflict):
        disclosing.decide(tx, made, State.REFUSED, store.get(tx, made).answer)


def test_a_request_about_a_closed_contact_is_hidden_from_whom_it_is_closed_to(
    pointed: Bureau, browser: PageClient
):
    made = ask(pointed)
    pointed.say(ContactRestricted(contact_id="w-1", never=("wiltshire-officer",)), authority="wiltshire")
    browser.as_(Role.OFFICER, "wiltshire").get(f"/notifications/disclosures/{made}", status=404)
    assert browser.get("/notifications/disclosures").rows() == [["Nothing was asked."]]
    with pointed.as_(authority="wiltshire") as tx:
        assert store.listed(tx, Side.HOLDING, 0, 9)[1] == 1


@pytest.mark.parametrize("wrong", [{"purpose": ""}, {"reason": "x" * 2_001}, {"extent": ""}])
def test_a_request_with_a_gap_gets_one_sentence(pointed: Bureau, browser: PageClient, wrong: dict[str, str]):
    browser.get(ASK)
    assert len(browser.submit({**WANTED, **wrong}, "Send the request", status=422).errors) == 1


def test_silence_is_told_once_to_both_sides_after_the_holders_own_days(pointed: Bureau, browser: PageClient):
    made = ask(pointed)
    with pointed.as_(authority="wiltshire") as tx:
        due_on = store.get(tx, made).due_on
    assert due_on is not None
    pointed.clock.set(datetime.combine(due_on, time(12), UTC))
    pointed.settle()
    assert not pointed.published(DisclosureOverdue)
    pointed.clock.forward(timedelta(days=1))
    pointed.settle()
    pointed.settle()
    told = pointed.published(DisclosureOverdue)
    assert sorted(one.side for one in told) == ["asking", "holding"] and {one.due_on for one in told} == {
        due_on
    }
    assert "Overdue" in browser.get(f"/notifications/disclosures/{made}").text


def noon(day: date) -> datetime:
    """Of a day in March."""
    return datetime.combine(day, time(12), UTC)


def test_the_holder_alone_is_reminded_once_before_the_day(pointed: Bureau, browser: PageClient):
    made, soon = ask(pointed), "1 to be answered soon"
    with pointed.as_(authority="wiltshire") as tx:
        one = store.get(tx, made)
    # Asked on a Monday: five working days are the next Monday, two before that is the Thursday.
    assert one.due_on and one.remind_on == one.due_on - timedelta(days=4)
    pointed.clock.set(noon(one.remind_on) - timedelta(days=1))
    pointed.settle()
    assert not pointed.published(DisclosureReminded)
    text = browser.as_(Role.OFFICER, "wiltshire").get("/notifications/").text
    assert "1 Requests for disclosure to answer" in text and soon not in text
    pointed.clock.set(noon(one.remind_on))
    pointed.settle()
    pointed.settle()
    (told,) = pointed.published(DisclosureReminded)
    assert (told.side, told.contact_id, told.due_on) == ("holding", "w-1", one.due_on)
    assert soon in browser.get("/notifications/").text
    assert browser.get("/notifications/disclosures").rows()[0][4] == "Answer soon"
    text = browser.as_(Role.OFFICER).get("/notifications/").text
    assert "0 Requests for disclosure to answer" in text and soon not in text
    pointed.clock.set(noon(one.due_on) + timedelta(days=1))
    pointed.settle()
    text = browser.as_(Role.OFFICER, "wiltshire").get("/notifications/").text
    assert "0 Requests for disclosure to answer" in text and soon not in text


def test_what_is_answered_before_its_reminder_brings_none(pointed: Bureau):
    made = ask(pointed)
    with pointed.as_(MANAGER, "wiltshire") as tx:
        disclosing.decide(tx, made, State.GIVEN, Answer(words="What we have."))
    pointed.clock.forward(timedelta(days=30))
    pointed.settle()
    assert not pointed.published(DisclosureReminded)


def test_the_holders_own_days_count_from_their_day_on(pointed: Bureau):
    first = ask(pointed)
    pointed.configure("disclosure_clock", {"days": 10, "remind": 3}, "wiltshire")
    pointed.say(match(pointed, "m-1"), authority="wiltshire")
    second = ask(pointed, "m-1")
    with pointed.as_(authority="wiltshire") as tx:
        before, after = store.get(tx, first), store.get(tx, second)
    # A request keeps the days it was made under.
    assert before.due_on == date(2026, 3, 9) and after.due_on == date(2026, 3, 16)
    assert before.remind_on == date(2026, 3, 5) and after.remind_on == date(2026, 3, 11)


@pytest.mark.parametrize(("own", "days"), [(7, (7, 2)), (2, (2, 1)), (1, (1, 0))])
def test_a_rule_from_before_there_were_reminders_still_holds(own: int, days: tuple[int, int]):
    assert disclosure.pace_of(own) == disclosure.Pace(*days)


def test_what_is_answered_in_time_is_never_overdue(pointed: Bureau):
    made = ask(pointed)
    with pointed.as_(MANAGER, "wiltshire") as tx:
        disclosing.decide(tx, made, State.REFUSED, Answer(words="Nothing that serves it."))
    pointed.clock.forward(timedelta(days=30))
    pointed.settle()
    assert not pointed.published(DisclosureOverdue)


def test_after_an_answer_the_same_pointer_can_be_asked_about_again(pointed: Bureau):
    first = ask(pointed)
    assert ask(pointed) == first
    with pointed.as_(MANAGER, "wiltshire") as tx:
        disclosing.decide(tx, first, State.REFUSED, Answer(words="Not for this."))
    assert ask(pointed) != first


def test_programs_ask_list_and_decide(pointed: Bureau, browser: PageClient):
    body = {"holder": "wiltshire", "reference": REFERENCE, **WANTED}
    made = browser.send("POST", "/notifications/api/disclosures", body, status=201).json
    assert made["state"] == "requested" and made["due_on"]
    again = browser.send("POST", "/notifications/api/disclosures", body, status=201).json
    assert again["id"] == made["id"]
    here = f"/notifications/api/disclosures/{made['id']}"
    browser.as_(Role.MANAGER, "wiltshire")
    (listed,) = browser.get("/notifications/api/disclosures").json["items"]
    assert (listed["side"], listed["other"], listed["contact_id"]) == ("holding", "dorset", "w-1")
    browser.send("POST", f"{here}/decision", DECISION, status=201)
    said = browser.as_(Role.OFFICER).get(here).json
    assert (said["state"], said["answer"]) == ("given", DECISION["words"]) and "detriment" not in said
    browser.as_(Role.OFFICER, "hampshire").get(here, status=404)
