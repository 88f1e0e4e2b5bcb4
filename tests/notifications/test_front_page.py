"""What the front page says of requests for disclosure, on either side."""

from datetime import timedelta

from services.notifications.actions import disclosing
from services.notifications.domain.disclosure import Answer, State
from shared.contracts.intake import ContactRestricted
from shared.vocabulary import Role
from tests.notifications.bureau import MANAGER, Bureau
from tests.notifications.test_disclosures import ask, shown
from tests.page_client import PageClient


def asked(bureau: Bureau) -> str:
    """A request of Dorset about what Wiltshire holds."""
    bureau.say(shown(bureau), authority="wiltshire")
    return ask(bureau)


def test_the_front_page_counts_the_answers_that_are_late_on_each_side(bureau: Bureau, browser: PageClient):
    asked(bureau)
    bureau.clock.forward(timedelta(days=30))
    owed, unanswered = (
        "Requests for disclosure that others answer late",
        "Requests for disclosure that we answer late",
    )
    text = browser.as_(Role.OFFICER).get("/notifications/").text
    assert f"1 {owed}" in text and f"0 {unanswered}" in text
    assert f"1 {unanswered}" in browser.as_(Role.OFFICER, "wiltshire").get("/notifications/").text
    bureau.say(ContactRestricted(contact_id="w-1", never=("wiltshire-officer",)), authority="wiltshire")
    assert f"0 {unanswered}" in browser.get("/notifications/").text


def test_the_front_page_says_for_two_weeks_that_others_have_answered(bureau: Bureau, browser: PageClient):
    made, answered = asked(bureau), "Requests of ours that others answered in the last 14 days"
    assert f"0 {answered}" in browser.as_(Role.OFFICER).get("/notifications/").text
    with bureau.as_(MANAGER, authority="wiltshire") as tx:
        disclosing.decide(tx, made, State.REFUSED, Answer("Not ours to say.", "None", "None"))
    bureau.settle()
    page = browser.get("/notifications/")
    assert f"1 {answered}" in page.text
    assert page.links[answered] == "/notifications/disclosures?side=asking"
    bureau.clock.forward(timedelta(days=15))
    assert f"0 {answered}" in browser.as_(Role.OFFICER).get("/notifications/").text
