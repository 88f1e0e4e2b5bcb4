"""The front door: first page, sign-in, sessions, administration."""

import json
import re
from datetime import timedelta

from services.intake.actions import contacts as acts
from services.intake.domain.session import User
from services.intake.store import users
from shared.vocabulary import Role
from tests.intake.builders import a_report
from tests.intake.conftest import House, Open, Visitor
from tests.page import filled
from tests.platform import SetClock

KEPT = re.compile(r'name="kept_answers" value="([^"]+)"')


def sign_in(browser: Visitor, name: str = "Officer Person, Dorset Council") -> None:
    """Choose one of the invented accounts."""
    browser.get("/intake/sign-in")
    browser.submit(button=f"Sign in as {name}")


def test_the_first_page_leads_to_every_authority(browser: Visitor):
    page = browser.get("/")
    assert page.links["Dorset Council"] == "/refer/dorset"
    assert page.links["Wiltshire Council"] == "/refer/wiltshire"
    assert browser.click("Help").heading == "Help"


def test_a_region_without_authorities_says_what_to_do(bare: Visitor):
    assert "No council uses this form yet." in bare.get("/").text
    assert "The accounts are being made." in bare.get("/intake/sign-in").text


def test_somebody_signs_in_and_out(browser: Visitor, house: House, people: dict[Role, str]):
    sign_in(browser)
    assert browser.here.heading == "Your day"
    browser.post("/intake/session/end")
    assert browser.here.heading == "You are signed out"
    assert browser.get("/intake/").heading == "Sign in"
    assert len(house.events("session.ended")) == 1


def test_each_role_begins_where_its_work_is(browser: Visitor, people: dict[Role, str]):
    sign_in(browser, "Administrator Person, Dorset Council")
    assert browser.here.heading == "Administration"


def test_a_closed_account_does_not_sign_in(browser: Visitor, opened: Open, people: dict[Role, str]):
    browser.get("/intake/sign-in")
    form = {"authority": "dorset", "user_id": people[Role.ANALYST], "after": ""}
    with opened() as tx:
        user = users.get(tx, people[Role.ANALYST])
        users.save(tx, User(**{**vars(user), "active": False}))
    browser.post("/intake/sign-in", form, 403)
    browser.post("/intake/sign-in", {**form, "user_id": "nobody"}, 404)


def test_a_session_is_renewed_while_it_is_used(browser: Visitor, clock: SetClock, people: dict[Role, str]):
    sign_in(browser)
    for _ in range(4):
        clock.forward(timedelta(minutes=6))
        assert browser.get("/intake/contacts").heading == "Contacts"


def test_an_idle_session_ends_and_leads_back_after_signing_in(
    browser: Visitor, clock: SetClock, people: dict[Role, str]
):
    sign_in(browser)
    clock.forward(timedelta(minutes=16))
    assert browser.get("/intake/contacts?state=all").heading == "Sign in"
    browser.submit(button="Sign in as Officer Person, Dorset Council")
    assert browser.here.heading == "Contacts"


def test_what_somebody_sends_who_signed_out_meanwhile_is_not_lost_without_a_word(
    browser: Visitor, opened: Open, people: dict[Role, str]
):
    with opened() as tx:
        one = acts.receive_contact(tx, a_report())
    sign_in(browser)
    browser.get(f"/intake/contacts/{one.id}/decision")
    typed = {"decision": "MORE_INFO", "reasons": "I weighed it."}
    said = dict(filled(browser.here.form("Continue"), typed, "Continue"))
    browser.leave()
    page = browser.post(f"/intake/contacts/{one.id}/decision", said, 401)
    assert page.heading == "You are signed out, and what you sent was not taken"
    sent_to = page.path
    # In another tab; then this one is loaded again.
    sign_in(browser)
    assert "I weighed it." in browser.post(sent_to, said).text


def test_a_session_ends_after_ten_hours_in_any_case(
    browser: Visitor, clock: SetClock, people: dict[Role, str]
):
    sign_in(browser)
    for _ in range(60):
        clock.forward(timedelta(minutes=10))
        assert browser.get("/intake/help").heading == "Help"
        assert browser.get("/intake/account").heading == "Your account"
    clock.forward(timedelta(minutes=10))
    assert browser.get("/intake/account").heading == "Sign in"


def test_answers_typed_into_a_stale_page_are_kept(browser: Visitor, clock: SetClock, people: dict[Role, str]):
    sign_in(browser, "Administrator Person, Dorset Council")
    typed = {"display_name": "Dorset Council", "pooled": "yes", "phone": "01632 960 111"}
    clock.forward(timedelta(minutes=6))
    browser.post("/intake/administration/authority", typed)
    assert browser.here.heading == "Administration"
    clock.forward(timedelta(minutes=16))
    page = browser.post("/intake/administration/authority", typed | {"phone": "01632 960 222"}, 401)
    assert page.heading == "Sign in again to send your answers"
    kept = KEPT.search(page.html)
    assert kept
    sign_in(browser, "Administrator Person, Dorset Council")
    browser.post("/intake/administration/authority", {"kept_answers": kept.group(1)})
    assert "01632 960 222" in browser.get("/intake/administration/authority").html


def test_signing_out_everywhere_ends_other_devices(
    browser: Visitor, house: House, clock: SetClock, people: dict[Role, str]
):
    other = Visitor(house)
    for device in (browser, other):
        sign_in(device)
    clock.forward(timedelta(seconds=5))
    browser.get("/intake/account")
    browser.submit(button="Sign out everywhere")
    assert other.get("/intake/contacts").heading == "Sign in"


def test_a_grave_step_asks_again(browser: Visitor, people: dict[Role, str]):
    sign_in(browser)
    browser.get("/intake/session/step-up?next=/intake/contacts")
    assert browser.here.heading == "Confirm that it is you"
    browser.submit(button="It is me")
    assert browser.here.heading == "Contacts"
    page = browser.post("/intake/session/step-up?next=/intake/contacts", {"reasons": "typed"}, 401)
    assert "sign in afresh" in page.text
    browser.leave().post("/intake/session/step-up?next=/intake/contacts")


def test_nobody_is_led_to_another_site(browser: Visitor, people: dict[Role, str]):
    browser.get("/intake/sign-in?next=https://elsewhere.example/")
    browser.submit(button="Sign in as Officer Person, Dorset Council")
    assert browser.here.heading == "Your day"


def test_an_administrator_keeps_the_accounts(browser: Visitor, house: House, people: dict[Role, str]):
    browser.as_(people[Role.ADMINISTRATOR]).get("/intake/administration/users")
    browser.click("Add an account")
    browser.submit({"display_name": "New Person", "email": "nonsense"}, status=422)
    assert len(browser.here.errors) == 2
    browser.submit({"email": "new.person@dorset.example", "roles": ["officer"]})
    assert "New Person" in browser.here.text
    browser.click("New Person")
    browser.submit({"active": "no"})
    row = next(row for row in browser.here.rows() if row[0] == "New Person")
    assert row[3] == "Closed"
    browser.click("Add an account")
    browser.submit(
        {"display_name": "Twin", "email": "new.person@dorset.example", "roles": ["officer"]}, status=422
    )
    assert browser.here.errors == ["Somebody else in your authority has this e-mail address."]
    changed = house.events("user.changed")
    assert len(changed) == len(people) + 2


def test_a_changed_authority_shows_at_once(browser: Visitor, house: House, people: dict[Role, str]):
    browser.as_(people[Role.ADMINISTRATOR]).get("/intake/administration/authority")
    browser.submit({"display_name": "", "pooled": "yes"}, status=422)
    browser.submit({"display_name": "Dorset County", "child_referral_phone": "01632 960 200"})
    assert "Dorset County" in browser.get("/").text
    assert "01632 960 200" in browser.get("/refer/dorset").text
    change = house.events("configuration.changed")[-1]
    assert json.loads(change.value)["display_name"] == "Dorset County"


def test_only_an_administrator_administers(browser: Visitor, people: dict[Role, str]):
    for role in set(Role) - {Role.ADMINISTRATOR}:
        browser.as_(people[role])
        for page in ("", "/users", "/users/new", "/authority"):
            browser.get(f"/intake/administration{page}", 403)
