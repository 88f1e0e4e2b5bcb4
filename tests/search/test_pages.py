"""The pages of search as their readers meet them."""

from datetime import timedelta

from services.search.actions import judging
from services.search.domain.judgement import Verdict
from shared.contracts.intake import ContactRestricted
from shared.contracts.platform import AccessRecorded
from shared.contracts.search import LinkConfirmed, LinkRejected, MatchFound, PointerShown
from shared.vocabulary import Role
from shared.web.wording import quoted
from tests.page_client import PageClient
from tests.search.adults import MONDAY, adult, bare, contact
from tests.search.desk import Desk

KNOWN = {
    "given": "Rosalind",
    "surname": "Quillfeather",
    "born-day": "13",
    "born-month": "5",
    "born-year": "1984",
}
REGION = {"reach": "region", "purpose": "NEW_CONCERN", "reason": "A new concern came in today."}


def test_a_search_in_the_own_authority_shows_the_record_in_full_with_its_evidence(
    desk: Desk, browser: PageClient
):
    desk.hear(contact("c-1"))
    browser.as_(Role.OFFICER).get("/search/people")
    page = browser.submit(KNOWN, "Search")
    assert page.heading == "Search results"
    assert "Strong match" in page.text and "birth date agrees" in page.text and "C-C-1" in page.text
    assert "/intake/contacts/c-1" in page.links.values()


def test_a_search_keeps_no_name_in_its_address(desk: Desk, browser: PageClient):
    desk.hear(contact("c-1"))
    browser.as_(Role.OFFICER).get("/search/people")
    assert "Quill" not in browser.submit(KNOWN, "Search").path


def test_beyond_the_own_authority_only_a_pointer_is_shown_and_the_holder_is_told(
    desk: Desk, browser: PageClient
):
    desk.hear(
        contact("w-1", adult(names=(*adult().names, *bare("Rosalind", "Zephyrine").names))),
        authority="wiltshire",
    )
    browser.as_(Role.OFFICER).get("/search/people")
    page = browser.submit({**KNOWN, **REGION}, "Search")
    assert (
        "Wiltshire" in page.text and "duty@wiltshire.example" in page.text and "name, birth date" in page.text
    )
    assert "Zephyrine" not in page.html and "Larkspur" not in page.html and "w-1" not in page.html
    (told,) = desk.published(PointerShown, "wiltshire")
    assert told.contact_id == "w-1" and told.asker == "dorset" and told.purpose == "NEW_CONCERN"
    assert quoted(told.reference) in page.text
    ask = page.links["Ask for disclosure"]
    assert ask == f"/notifications/disclosures/new?holder=wiltshire&reference={told.reference}"


def test_the_same_search_again_tells_the_holder_once(desk: Desk, browser: PageClient):
    desk.hear(contact("w-1"), authority="wiltshire")
    for _ in range(2):
        browser.as_(Role.OFFICER).get("/search/people")
        browser.submit({**KNOWN, **REGION}, "Search")
    assert len(desk.published(PointerShown)) == 1


def test_beyond_the_own_authority_purpose_reason_and_one_more_field_are_asked_for(
    desk: Desk, browser: PageClient
):
    browser.as_(Role.OFFICER).get("/search/people")
    asked = {"reach": "region", "surname": "Quillfeather", "given": "Rosalind"}
    page = browser.submit(asked, "Search", status=422)
    assert page.status == 422
    assert len(page.errors) == 3 and any("at least one more thing" in one for one in page.errors)
    assert not desk.published(PointerShown)


def test_an_empty_search_gets_a_sentence(browser: PageClient):
    browser.as_(Role.OFFICER).get("/search/people")
    page = browser.submit({}, "Search", status=422)
    assert page.status == 422 and page.errors == ["Enter a name or something else that is known."]


def test_a_reference_finds_the_own_contact(desk: Desk, browser: PageClient):
    desk.hear(contact("c-1"))
    browser.as_(Role.OFFICER).get("/search/people")
    assert "reference agrees" in browser.submit({"reference": "c-c-1"}, "Search").text


def test_a_search_is_in_the_access_register_with_purpose_reason_and_what_was_found(
    desk: Desk, browser: PageClient
):
    desk.hear(contact("c-1"))
    browser.as_(Role.OFFICER).get("/search/people")
    browser.submit({**KNOWN, **REGION}, "Search")
    (searched,) = [one for one in desk.published(AccessRecorded) if one.act == "searched"]
    assert searched.purpose == "NEW_CONCERN" and searched.reason == REGION["reason"]
    assert searched.result_ids == ("c-1",)


def test_results_belong_to_whoever_searched(desk: Desk, browser: PageClient):
    desk.hear(contact("c-1"))
    browser.as_(Role.OFFICER).get("/search/people")
    path = browser.submit(KNOWN, "Search").path
    assert browser.as_(Role.MANAGER).get(path, status=404).status == 404
    assert browser.as_(Role.OFFICER, "wiltshire").get(path, status=404).status == 404


def test_a_record_closed_to_the_reader_is_in_no_result_list_or_match(desk: Desk, browser: PageClient):
    desk.hear(contact("c-1"), contact("c-2"))
    (found,) = desk.published(MatchFound)
    desk.hear(ContactRestricted(contact_id="c-1", never=("dorset-officer",)))
    browser.as_(Role.OFFICER).get("/search/people")
    results = browser.submit(KNOWN, "Search")
    assert "C-C-2" in results.text and "C-C-1" not in results.text
    assert "C-C-1" not in browser.get("/search/matches").text
    assert "C-C-1" not in browser.get("/search/contacts/c-2").text
    assert browser.get(f"/search/matches/{found.match_id}", status=404).status == 404
    assert browser.get("/search/contacts/c-1", status=404).status == 404


def test_two_records_stand_side_by_side_and_the_answer_is_kept(desk: Desk, browser: PageClient):
    desk.hear(contact("c-1"), contact("c-2", adult(born="1984-05-31")))
    (found,) = desk.published(MatchFound)
    page = browser.as_(Role.OFFICER).get(f"/search/matches/{found.match_id}")
    assert ["Birth date", "31 May 1984", "13 May 1984", "Differs"] in page.rows("The two records")
    answer = {"verdict": "same", "reason": "Same registration number and address."}
    page = browser.submit(answer, "Save the decision")
    assert "The same adult" in page.text and "Same registration number" in page.text
    (confirmed,) = desk.published(LinkConfirmed)
    assert confirmed.match_id == found.match_id and confirmed.judged_by == "dorset-officer"


def test_an_answer_without_a_reason_is_refused_with_the_page_kept(desk: Desk, browser: PageClient):
    desk.hear(contact("c-1"), contact("c-2"))
    (found,) = desk.published(MatchFound)
    browser.as_(Role.OFFICER).get(f"/search/matches/{found.match_id}")
    assert browser.submit({}, "Save the decision", status=422).errors == [
        "Choose your decision.", "Enter the reason for your answer.",
    ]  # fmt: skip
    page = browser.submit({"verdict": "different"}, "Save the decision", status=422)
    assert page.status == 422 and page.heading == "Is this the same adult?"
    assert not desk.published(LinkRejected)


def test_somebody_who_was_slower_does_not_answer_over_another_and_keeps_the_reason(
    desk: Desk, browser: PageClient
):
    desk.hear(contact("c-1"), contact("c-2"))
    (found,) = desk.published(MatchFound)
    browser.as_(Role.OFFICER).get(f"/search/matches/{found.match_id}")
    with desk.transaction(user="officer-2") as tx:
        judging.judge(tx, found.match_id, Verdict.DIFFERENT, "Another birth date.")
    mine = {"verdict": "same", "reason": "One registration number."}
    page = browser.submit(mine, "Save the decision", status=422)
    assert "somebody decided" in page.errors[0] and "One registration number." in page.text
    assert "Another birth date." in page.text and not desk.published(LinkConfirmed)
    # Having read it, they may say otherwise.
    browser.submit(button="Save the decision")
    assert len(desk.published(LinkConfirmed)) == 1


def test_of_a_pointer_the_match_page_shows_nothing_more(desk: Desk, browser: PageClient):
    desk.hear(contact("w-1", adult(emails=("other@post.example",))), authority="wiltshire")
    desk.hear(contact("d-1"))
    (found,) = desk.published(MatchFound, "dorset")
    page = browser.as_(Role.OFFICER).get(f"/search/matches/{found.match_id}")
    assert "Wiltshire" in page.text and "other@post.example" not in page.html and "w-1" not in page.html


def test_the_matches_of_a_contact_are_listed_for_each_adult(desk: Desk, browser: PageClient):
    desk.hear(contact("c-1"), contact("c-2"))
    page = browser.as_(Role.COORDINATOR).get("/search/contacts/c-2")
    assert page.rows("Rosalind Maud Quillfeather")[0][0] == "C-C-1"


def test_a_setting_shows_who_was_named_there_within_the_window(desk: Desk, browser: PageClient):
    desk.hear(
        contact("c-1", at=MONDAY - timedelta(days=400)),
        contact("c-2", bare("Ada", "Finch", work=adult().work)),
    )
    page = browser.as_(Role.OFFICER).get("/search/settings")
    assert page.rows()[0][:1] + page.rows()[0][3:4] == ["St Osyth's Invented Primary School", "2"]
    page = browser.get(page.links["St Osyth's Invented Primary School"])
    assert len(page.rows("What happened")) == 2
    (row,) = browser.get(f"{page.path}?months=12").rows("What happened")
    assert row[3] == "Ada Finch"


def test_reviewers_see_who_searched_and_why_and_what_is_odd(desk: Desk, browser: PageClient):
    desk.hear(contact("c-1"))
    for day in ("13", "14", "15"):
        browser.as_(Role.OFFICER).get("/search/people")
        browser.submit({**KNOWN, "born-day": day, **REGION}, "Search")
    page = browser.as_(Role.AUDITOR).get("/search/searches?show=flagged")
    (row,) = page.rows()
    assert row[2] == "Region" and row[4] == REGION["reason"] and "one field varied" in row[-1]
    assert "Quillfeather" not in page.text


def test_the_holder_sees_which_of_its_records_others_were_pointed_at(desk: Desk, browser: PageClient):
    desk.hear(contact("w-1"), authority="wiltshire")
    browser.as_(Role.OFFICER).get("/search/people")
    browser.submit({**KNOWN, **REGION}, "Search")
    row = browser.as_(Role.OFFICER, "wiltshire").get("/search/shown").rows()[0]
    assert row[:4] == ["C-W-1", "Rosalind Maud Quillfeather", "Dorset", "A new concern about this adult"]


def test_pages_without_anything_to_show_say_so(browser: PageClient):
    browser.as_(Role.MANAGER)
    assert "There is no match in this state." in browser.get("/search/matches").text
    assert "No setting has been named yet." in browser.get("/search/settings").text
    assert "No search matches these filters." in browser.get("/search/searches").text
    assert "No other authority was pointed at your records." in browser.get("/search/shown").text
