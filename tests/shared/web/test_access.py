"""Who may come in: roles, tenants, sessions, and views that forgot to say."""

from datetime import timedelta

import pytest

from shared.contracts.platform import AccessRecorded
from shared.vocabulary import Role
from shared.web import access
from tests.page_client import PageClient
from tests.shared.web.tiny import Tiny


def test_a_page_opens_for_its_role_in_the_actors_authority(officer: PageClient):
    page = officer.get("/tiny/work")
    assert "dorset dorset-officer" in page.text
    assert page.title == "Work - Tiny - Dorset Council"


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.OFFICER}))
def test_a_page_stays_shut_for_every_other_role(browser: PageClient, role: Role):
    assert browser.as_(role).get("/tiny/work", 403).heading == "You cannot do this"


def test_nobody_is_sent_to_the_front_door_and_back(browser: PageClient):
    page = browser.get("/tiny/work?of=1", 302, follow=False)
    assert page.headers["Location"] == "/intake/session/renew?next=/tiny/work%3Fof%3D1"


def test_a_view_that_does_not_say_who_may_come_in_is_shut(officer: PageClient, tiny: Tiny):
    tiny.app.config["PROPAGATE_EXCEPTIONS"] = False
    assert officer.get("/tiny/forgotten", 500).heading == "Sorry, there is a problem with Heed"


def test_every_route_of_the_kernel_states_its_rule(tiny: Tiny):
    silent = [
        f"{method} {rule}"
        for rule in tiny.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}
        if access.rule_of(tiny.app.view_functions[rule.endpoint], method) is None
    ]
    assert silent == ["GET /tiny/forgotten"]


def test_the_methods_of_one_address_have_rules_of_their_own(tiny: Tiny):
    view = tiny.app.view_functions["tiny.Work"]
    assert access.rule_of(view, "HEAD") == access.rule_of(view, "GET")
    assert access.rule_of(view, "PUT") == access.Rule(
        frozenset({Role.OFFICER}), access.Tenant.ACTOR, access.Restriction.RECORD
    )
    assert access.rule_of(view, "DELETE") is None


def test_an_audience_of_nobody_is_refused_when_written():
    with pytest.raises(ValueError, match="roles"):
        access.allow()


def test_another_authoritys_address_is_not_found(officer: PageClient):
    assert officer.get("/tiny/of/dorset").json == {"authority": "dorset"}
    assert officer.get("/tiny/of/wiltshire", 404).heading == "Page not found"


def test_a_public_page_works_for_the_authority_of_its_path(browser: PageClient):
    browser.get("/tell/dorset")
    answer = browser.submit({"name": "Robin"}, "Send").json
    assert answer["authority"] == "dorset" and answer["actor"] == "referrer:anonymous"


def test_a_public_page_of_an_unknown_authority_is_not_found(browser: PageClient):
    assert "no such authority" in browser.get("/tell/atlantis", 404).text


def test_a_closed_account_is_told_so(tiny: Tiny, browser: PageClient):
    tiny.user("gone", Role.OFFICER, active=False)
    assert "closed" in browser.as_("gone").get("/tiny/work", 403).text


def test_a_user_who_moved_authority_does_not_pass_with_the_old_one(tiny: Tiny, browser: PageClient):
    tiny.user("mover", Role.OFFICER, authority="wiltshire")
    browser.as_("mover", "dorset").get("/tiny/work", 403)


def test_a_user_not_heard_of_yet_is_asked_to_wait(browser: PageClient):
    page = browser.as_("stranger").get("/tiny/work", 503)
    assert "not arrived" in page.text and page.headers["Retry-After"] == "30"


def test_viewing_is_a_fact(officer: PageClient, tiny: Tiny):
    officer.get("/tiny/work")
    with tiny.host.database.plumbing(writing=False) as db:
        kinds = db.exec_driver_sql("SELECT type FROM journal").scalars().all()
    assert kinds == [AccessRecorded.name]


def test_a_grave_act_needs_a_fresh_proof(officer: PageClient):
    page = officer.get("/tiny/grave", 302, follow=False)
    assert page.headers["Location"] == "/intake/session/step-up?next=/tiny/grave"
    assert (
        officer.post("/tiny/grave", status=307, follow=False)
        .headers["Location"]
        .startswith("/intake/session/step-up")
    )


def test_a_fresh_proof_lasts_ten_minutes(tiny: Tiny, browser: PageClient):
    officer = browser.as_(Role.OFFICER, stepped_up=True)
    officer.post("/tiny/grave", status=302, follow=False)
    tiny.clock.forward(timedelta(minutes=11))
    officer.post("/tiny/grave", status=307, follow=False)
