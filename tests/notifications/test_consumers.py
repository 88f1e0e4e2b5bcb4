"""What happens when other services speak, over the bus."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.notifications.actions.notices import Seen, advise, record_sent_by_hand
from services.notifications.domain.notice import Method, Standing, State
from services.notifications.store import known as known_store
from services.notifications.store import notices as store
from shared.contracts.casework import CaseErased
from shared.contracts.intake import ContactCorrected, ContactErased
from shared.contracts.message import Origin
from shared.contracts.notifications import AboutNotice, NoticeDue, NoticeOverdue, NoticeSent, NoticeWithdrawn
from shared.contracts.people import Name, Person, Referrer
from shared.messaging.deferred import Shelf
from shared.vocabulary import Basis, Decision
from tests.notifications.bureau import Bureau
from tests.notifications.scenes import (
    ADULT,
    AWARE,
    CASE,
    CHILD,
    CONTACT,
    OPENED,
    REFERENCE,
    adult,
    advised,
    case_closed,
    closed,
    facts,
    opened,
    outcome,
    received,
)


def test_a_case_in_a_nursery_raises_the_providers_duty_with_its_day_and_the_officers_own(bureau: Bureau):
    bureau.say(received(), opened(), facts())
    (due, told) = bureau.all()
    assert (due.rule, due.basis, due.duty_of, due.recipient) == (
        "N10",
        Basis.DUTY,
        "provider",
        "ofsted_early_years",
    )
    assert due.dates.due_on == date(2026, 3, 12)
    assert (due.case_id, due.contact_id, due.reference, due.adult_id) == (CASE, CONTACT, REFERENCE, ADULT)
    assert "abuse" in " ".join(due.because)
    assert (told.rule, told.basis, told.duty_of, told.recipient) == (
        "N15",
        Basis.PRACTICE,
        "lado",
        "ofsted_early_years",
    )
    assert [(one.rule, one.due_on) for one in bureau.published(NoticeDue)] == [
        ("N10", date(2026, 3, 12)), ("N15", None),
    ]  # fmt: skip


def test_the_same_facts_again_raise_nothing_again(bureau: Bureau):
    bureau.say(opened(), facts(), facts(), facts(stage="enquiring"))
    assert len(bureau.all()) == 2
    assert len(bureau.published(NoticeDue)) == 2


def test_a_duty_whose_facts_fall_is_withdrawn_and_comes_back_as_the_same_notice(bureau: Bureau):
    bureau.say(opened(), facts(adult(sectors=(), removed=True, harm_test=True)))
    first = bureau.notice("N03")
    bureau.say(facts(adult(sectors=(), removed=True, harm_test=False)))
    assert bureau.notice("N03").state is State.WITHDRAWN
    assert len(bureau.published(NoticeWithdrawn)) == 1
    bureau.say(facts(adult(sectors=(), removed=True, harm_test=False)))
    assert len(bureau.published(NoticeWithdrawn)) == 1
    bureau.clock.forward(timedelta(days=3))
    bureau.say(facts(adult(sectors=(), removed=True, harm_test=True)))
    again = bureau.notice("N03")
    assert (again.id, again.state) == (first.id, State.DUE)
    assert again.raised_at == first.raised_at + timedelta(days=3)
    assert [one.notice_id for one in bureau.published(NoticeDue) if one.rule == "N03"] == [
        first.id,
        first.id,
    ]


def test_a_later_closing_or_leaving_takes_no_barring_referral_back(bureau: Bureau):
    bureau.say(received(), opened(), facts(adult(removed=True, harm_test=True)))
    left = adult(removed=True, harm_test=True, regulated_activity=False)
    bureau.say(facts(left, stage="closed", closed_at=OPENED), case_closed())
    assert bureau.notice("N03").state is State.DUE


def test_learning_when_the_provider_knew_moves_the_day_and_says_so_once(bureau: Bureau):
    bureau.say(opened(), facts(provider_aware_at=None))
    assert bureau.notice("N10").dates.due_on is None
    bureau.say(facts(), facts(stage="enquiring"))
    assert bureau.notice("N10").dates.due_on == date(2026, 3, 12)
    assert [one.due_on for one in bureau.published(NoticeDue) if one.rule == "N10"] == [
        None,
        date(2026, 3, 12),
    ]


def test_a_day_that_moves_under_given_advice_says_the_advice_again(bureau: Bureau):
    bureau.say(opened(), facts(provider_aware_at=None))
    with bureau.as_() as tx:
        advise(tx, Seen(bureau.notice("N10").id, 1), "Told the manager.")
    bureau.say(facts())
    moved = bureau.notice("N10")
    assert (moved.state, moved.dates.due_on) == (State.ADVISED, date(2026, 3, 12))
    said = [one for one in bureau.published(AboutNotice) if one.notice_id == moved.id]
    assert [one.name for one in said] == ["notice.due", "notice.advised", "notice.due", "notice.advised"]


def test_a_corrected_sector_moves_the_recipient(bureau: Bureau):
    bureau.say(opened(), facts(adult(roles=())))
    bureau.say(facts(adult(roles=(), sectors=("CHILDRENS_HOME_LA",))))
    assert bureau.notice("N15").recipient == "ofsted_social_care"
    assert bureau.notice("N10").state is State.WITHDRAWN
    assert bureau.notice("N11").state is State.DUE


def test_what_was_sent_or_declined_is_left_alone_by_later_facts(bureau: Bureau):
    bureau.say(opened(), facts())
    with bureau.as_() as tx:
        seen = Seen(bureau.notice("N10").id, 1)
        sent = record_sent_by_hand(tx, seen, Method.PORTAL, "Ref 77", tx.now)
    bureau.say(facts(outcomes=(outcome("BOUNDARIES"),), serious_harm=False))
    assert bureau.notice("N10").state is State.SENT
    assert bureau.notice("N10").version == sent.version


def test_facts_before_the_opening_are_kept_and_the_people_come_later(bureau: Bureau):
    bureau.say(facts())
    bureau.say(opened())
    assert len(bureau.all()) == 2
    bureau.say(facts(stage="enquiring"))
    assert len(bureau.all()) == 2


def test_a_closed_contact_owes_its_referrer_an_answer_at_once(bureau: Bureau):
    bureau.say(received(), closed())
    owed = bureau.notice("N28")
    assert (owed.recipient, owed.duty_of, owed.case_id, owed.state) == ("referrer", "lado", "", State.DUE)
    assert owed.dates.act_on == date(2026, 3, 2)


def test_advice_that_went_before_or_after_the_closing_is_the_answer(bureau: Bureau):
    bureau.say(received(), advised(), closed())
    assert bureau.notice("N28").state is State.SENT
    (sent,) = bureau.published(NoticeSent)
    assert (sent.method, sent.sent_at, sent.recipient) == ("advice", OPENED, "referrer")


def test_advice_after_the_closing_settles_what_is_owed(bureau: Bureau):
    bureau.say(received(), closed())
    bureau.say(advised(OPENED + timedelta(hours=1)))
    assert bureau.notice("N28").state is State.SENT
    bureau.say(advised(OPENED + timedelta(hours=2)))
    assert len(bureau.published(NoticeSent)) == 1


def test_a_met_contact_owes_its_answer_only_when_the_case_closes_and_old_advice_does_not_count(
    bureau: Bureau,
):
    bureau.say(received(), advised(), opened(), closed(Decision.MET))
    assert bureau.all() == []
    bureau.say(case_closed(OPENED + timedelta(days=30)))
    owed = bureau.notice("N28")
    assert (owed.state, owed.case_id) == (State.DUE, CASE)


def test_both_closings_owe_one_answer(bureau: Bureau):
    bureau.say(received(), opened(), closed(Decision.NOT_MET_SIGNPOST), case_closed(), case_closed())
    assert len(bureau.all()) == 1


def test_nobody_is_owed_an_answer_who_stayed_anonymous(bureau: Bureau):
    bureau.say(received(referrer=Referrer(agency="PUBLIC")), closed())
    assert bureau.all() == []


def test_a_case_closing_waits_for_a_contact_that_has_not_arrived(bureau: Bureau):
    bureau.say(opened(), case_closed())
    assert waiting(bureau) == 1
    bureau.say(received())
    bureau.clock.forward(timedelta(minutes=1))
    bureau.settle()
    assert waiting(bureau) == 0
    assert bureau.notice("N28").state is State.DUE


def waiting(bureau: Bureau) -> int:
    database = bureau.region["notifications"].database
    with database.plumbing(writing=False) as db:
        counts = Shelf(db, database.tools.vault, "notifications").counts()
    return sum(counts.values())


@pytest.mark.parametrize("origin", [Origin.IMPORT, Origin.DEMO])
def test_an_open_history_raises_what_a_person_must_confirm_and_no_alarm(bureau: Bureau, origin: Origin):
    bureau.say(received(), opened(), facts(provider_aware_at=AWARE - timedelta(days=60)), origin=origin)
    assert {one.standing for one in bureau.all()} == {Standing.TO_CONFIRM}
    bureau.clock.forward(timedelta(days=30))
    bureau.settle()
    assert bureau.published(NoticeOverdue) == []
    assert bureau.letterbox.letters == []


def test_a_closed_history_is_historic_and_on_nobodys_list(bureau: Bureau):
    done = facts(stage="closed", closed_at=OPENED)
    bureau.say(received(), opened(), done, case_closed(), origin=Origin.IMPORT)
    assert {one.standing for one in bureau.all()} == {Standing.HISTORIC}
    with bureau.as_() as tx:
        assert store.list_due(tx, date(2026, 3, 2), 50) == []
        assert store.list_overdue(tx, date(2027, 3, 2), 50) == []


def test_a_live_fact_makes_an_imported_duty_count(bureau: Bureau):
    bureau.say(received(), opened(), facts(), origin=Origin.IMPORT)
    bureau.say(facts(stage="enquiring"))
    assert {one.standing for one in bureau.all()} == {Standing.LIVE}


def test_an_authoritys_own_rules_are_asked_from_their_day_on(bureau: Bureau):
    bureau.configure("notification_rules", {"rule": {"N15": {"on": False}}})
    bureau.say(opened(), facts())
    assert [one.rule for one in bureau.all()] == ["N10"]


def test_each_authority_keeps_its_own(bureau: Bureau):
    bureau.say(opened(), facts())
    assert bureau.all("wiltshire") == []


def test_letters_name_the_adult_as_they_stand_since_they_were_put_right(bureau: Bureau):
    known = Person(id=ADULT, names=(Name(full="Alma Finch-Ray"),))
    right = ContactCorrected(
        contact_id=CONTACT, adults=(known,), corrected_by="u", corrected_at=bureau.clock(), case_id=CASE
    )
    bureau.say(received(), opened(), right)
    assert _adults(bureau) == (known,)
    bureau.say(opened())
    assert _adults(bureau) == (known,)


def test_letters_name_the_child_as_they_stand_since_they_were_put_right(bureau: Bureau):
    adults, child = received().adults, replace(CHILD, name="Robin Ashdowne")
    right = ContactCorrected(
        contact_id=CONTACT, adults=adults, children=(child,), corrected_by="u", corrected_at=bureau.clock(),
        case_id=CASE,
    )  # fmt: skip
    bureau.say(received(), opened(), right, replace(right, children=()), opened())
    with bureau.as_() as tx:
        case = known_store.find_case(tx, CASE)
    assert case is not None and case.children == (child,)


def _adults(bureau: Bureau) -> tuple[Person, ...]:
    with bureau.as_() as tx:
        case = known_store.find_case(tx, CASE)
    assert case is not None
    return case.adults


def test_nothing_is_left_of_an_erased_case(bureau: Bureau):
    bureau.say(received(), opened(), facts(), closed(Decision.MET), case_closed())
    assert len(bureau.all()) > 1
    bureau.say(CaseErased(case_id=CASE, contact_id=CONTACT, erased_at=bureau.clock()))
    bureau.say(ContactErased(contact_id=CONTACT, erased_at=bureau.clock()))
    with bureau.as_() as tx:
        assert known_store.find_case(tx, CASE) is None and known_store.find_contact(tx, CONTACT) is None
    assert bureau.all() == []
