"""What people can do with a notice, and what it becomes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.actions import letters, recipients, sending
from services.notifications.actions import notices as actions
from services.notifications.actions.notices import Seen
from services.notifications.domain import notice as domain
from services.notifications.domain.notice import MOVES, UNSENT, Method, Notice, Standing, State
from shared.actor import Actor
from shared.contracts.message import Origin
from shared.contracts.notifications import (
    NoticeAcknowledged,
    NoticeAdvised,
    NoticeDeclined,
    NoticeOverdue,
    NoticeSent,
)
from shared.errors import Conflict, HeedError, Invalid, NotFound, Refused
from shared.vocabulary import Role
from tests.notifications.bureau import MANAGER, Bureau
from tests.notifications.scenes import OPENED, a_notice, adult, advised, closed, facts, opened, received


def seen(bureau: Bureau, rule: str) -> Seen:
    found = bureau.notice(rule)
    return Seen(found.id, found.version)


def test_advised_is_not_sent(nursery: Bureau):
    with nursery.as_() as tx:
        actions.advise(tx, seen(nursery, "N10"), "Told the manager to use the online form.")
    nursery.settle()
    notice = nursery.notice("N10")
    assert notice.state is State.ADVISED
    assert notice.sent_at is None
    assert (notice.advised_by, notice.advice) == ("officer-1", "Told the manager to use the online form.")
    assert len(nursery.published(NoticeAdvised)) == 1
    assert nursery.published(NoticeSent) == []
    assert nursery.letterbox.letters == []


def test_an_advised_notice_still_becomes_overdue(nursery: Bureau):
    with nursery.as_() as tx:
        actions.advise(tx, seen(nursery, "N10"), "Told them.")
    nursery.clock.set(OPENED + timedelta(days=11))
    nursery.settle()
    late = {one.rule: one.due_on for one in nursery.published(NoticeOverdue)}
    assert late == {"N10": date(2026, 3, 12), "N15": date(2026, 3, 3)}
    nursery.clock.forward(timedelta(days=1))
    nursery.settle()
    assert len(nursery.published(NoticeOverdue)) == 2


def test_the_officers_own_notice_cannot_be_advised_away(nursery: Bureau):
    with nursery.as_() as tx, pytest.raises(Refused, match="yours to send"):
        actions.advise(tx, seen(nursery, "N15"), "Told myself.")


def test_what_was_sent_by_hand_needs_its_evidence_and_a_time_that_has_passed(nursery: Bureau):
    with nursery.as_() as tx:
        with pytest.raises(Invalid, match="has passed"):
            actions.record_sent_by_hand(
                tx, seen(nursery, "N10"), Method.PORTAL, "Ref", tx.now + timedelta(minutes=1)
            )
        actions.record_sent_by_hand(tx, seen(nursery, "N10"), Method.PORTAL, "Their reference 7781", tx.now)
    sent = nursery.notice("N10")
    assert (sent.state, sent.method, sent.evidence) == (State.SENT, Method.PORTAL, "Their reference 7781")
    (fact,) = nursery.published(NoticeSent)
    assert (fact.method, fact.recipient, fact.rule) == ("portal", "ofsted_early_years", "N10")


def test_it_is_acknowledged_only_after_it_was_sent(nursery: Bureau):
    with nursery.as_() as tx:
        with pytest.raises(Refused, match="due cannot become acknowledged"):
            actions.acknowledge(tx, seen(nursery, "N10"), "They rang", tx.now)
        actions.record_sent_by_hand(tx, seen(nursery, "N10"), Method.PHONE, "Call at nine", tx.now)
    with nursery.as_() as tx:
        with pytest.raises(Refused, match="before it was sent"):
            actions.acknowledge(tx, seen(nursery, "N10"), "They rang", tx.now - timedelta(hours=1))
        actions.acknowledge(tx, seen(nursery, "N10"), "They rang", tx.now)
    assert nursery.notice("N10").state is State.ACKNOWLEDGED
    assert len(nursery.published(NoticeAcknowledged)) == 1


def test_what_is_acknowledged_within_the_minute_of_its_sending_is_taken(nursery: Bureau):
    nursery.clock.forward(timedelta(seconds=34))
    with nursery.as_() as tx:
        actions.record_sent_by_hand(tx, seen(nursery, "N10"), Method.PHONE, "Call at nine", tx.now)
    with nursery.as_() as tx:
        the_minute = tx.now.replace(second=0, microsecond=0)
        actions.acknowledge(tx, seen(nursery, "N10"), "They answered at once", the_minute)
    taken = nursery.notice("N10")
    assert taken.state is State.ACKNOWLEDGED
    (told,) = nursery.published(NoticeAcknowledged)
    assert taken.acknowledged_at == told.acknowledged_at == taken.sent_at, (
        "It never stands before the sending."
    )


def test_not_sending_needs_a_reason_and_another_person(nursery: Bureau):
    with nursery.as_(MANAGER) as tx, pytest.raises(Refused, match="Give the reason first"):
        actions.approve_decline(tx, seen(nursery, "N10"))
    with nursery.as_(MANAGER) as tx:
        actions.propose_decline(tx, seen(nursery, "N10"), "Ofsted opened the matter itself.")
    assert nursery.notice("N10").state is State.DUE
    with nursery.as_(MANAGER) as tx, pytest.raises(Refused, match="Another person"):
        actions.approve_decline(tx, seen(nursery, "N10"))
    with nursery.as_(Actor("manager-2", frozenset({Role.MANAGER}))) as tx:
        actions.approve_decline(tx, seen(nursery, "N10"))
    declined = nursery.notice("N10")
    assert (declined.state, declined.decline_asked_by, declined.declined_by) == (
        State.DECLINED, "manager-1", "manager-2",
    )  # fmt: skip
    assert len(nursery.published(NoticeDeclined)) == 1


def test_a_dropped_proposal_leaves_the_notice_standing(nursery: Bureau):
    with nursery.as_() as tx:
        actions.propose_decline(tx, seen(nursery, "N10"), "Perhaps not needed.")
    with nursery.as_(MANAGER) as tx:
        actions.drop_decline(tx, seen(nursery, "N10"))
    with nursery.as_(MANAGER) as tx, pytest.raises(Refused, match="no open proposal"):
        actions.drop_decline(tx, seen(nursery, "N10"))
    assert nursery.notice("N10").state is State.DUE


def test_who_decides_on_an_old_version_is_told_to_look_again(nursery: Bureau):
    old = seen(nursery, "N10")
    with nursery.as_() as tx:
        actions.advise(tx, old, "Told them.")
    with nursery.as_() as tx, pytest.raises(Conflict, match="changed since"):
        actions.record_sent_by_hand(tx, old, Method.POST, "Receipt", tx.now)


def test_another_authority_finds_no_such_notice(nursery: Bureau):
    with nursery.as_(authority="wiltshire") as tx, pytest.raises(NotFound):
        actions.advise(tx, seen(nursery, "N10"), "Told them.")


def test_the_content_takes_the_case_first_and_hands_words_over_it(nursery: Bureau):
    with nursery.as_() as tx:
        draft = letters.draft(tx, nursery.notice("N10"))
        found = {line.item: line.text for line in draft.content.lines}
        assert found["adult_name"] == "Odette Marlowe"
        assert found["setting_number"] == "OFSTED EY000001"
        assert found["provider_aware"] == "26 February 2026"
        assert found["allegation"] == "Said to have gripped a child by the arm."
        assert [line.item for line in draft.content.missing] == ["action_taken"]
        actions.write_content(tx, seen(nursery, "N10"), {"action_taken": "Moved to the kitchen.", "born": ""})
    with nursery.as_() as tx:
        draft = letters.draft(tx, nursery.notice("N10"))
        assert draft.content.missing == ()
        assert draft.content.percent < 100
    with nursery.as_() as tx, pytest.raises(Invalid):
        actions.write_content(tx, seen(nursery, "N10"), {"shoe_size": "9"})


def test_nothing_goes_to_an_address_that_nobody_confirmed(nursery: Bureau):
    with nursery.as_() as tx, pytest.raises(Refused, match="not confirmed"):
        sending.send_notice(tx, seen(nursery, "N15"), although_incomplete=True)
    nursery.vouch("ofsted_early_years")
    with nursery.as_() as tx:
        sending.send_notice(tx, seen(nursery, "N15"), although_incomplete=True)
    with nursery.as_(MANAGER) as tx:
        recipients.unconfirm_recipient(tx, "ofsted_early_years", 1)
    with nursery.as_() as tx, pytest.raises(Refused, match="not confirmed"):
        sending.send_notice(tx, seen(nursery, "N10"), although_incomplete=True)


def test_an_incomplete_letter_is_sent_only_by_somebody_who_accepts_that(nursery: Bureau):
    nursery.vouch("ofsted_early_years")
    with nursery.as_() as tx, pytest.raises(Refused, match="action taken by the provider"):
        sending.send_notice(tx, seen(nursery, "N10"))


def test_the_referrer_is_answered_at_the_address_they_gave(bureau: Bureau):
    bureau.say(received(), closed())
    with bureau.as_() as tx:
        actions.write_content(
            tx, seen(bureau, "N28"), {"advice": "Keep a record.", "reasons": "No harm is alleged."}
        )
    with bureau.as_() as tx:
        sending.send_notice(tx, seen(bureau, "N28"))
    bureau.settle()
    (letter,) = bureau.letterbox.letters
    assert letter["To"] == "imogen@otters.example"
    assert bureau.notice("N28").state is State.SENT
    bureau.say(advised(OPENED + timedelta(days=1)))
    assert bureau.notice("N28").method is Method.EMAIL


def test_a_history_plans_no_letter(nursery: Bureau):
    nursery.vouch("ofsted_early_years")
    with nursery.as_(origin=Origin.DEMO) as tx, pytest.raises(Refused, match="Nothing is sent"):
        sending.send_notice(tx, seen(nursery, "N15"), although_incomplete=True)
    nursery.settle()
    assert nursery.letterbox.letters == []


def test_a_demo_history_can_be_told_with_notices_sent_by_hand(bureau: Bureau):
    bureau.say(received(), opened(), facts(stage="closed", closed_at=OPENED), origin=Origin.DEMO)
    with bureau.as_(origin=Origin.DEMO) as tx:
        actions.record_sent_by_hand(tx, seen(bureau, "N10"), Method.PORTAL, "Reference 1", tx.now)
    with bureau.as_(origin=Origin.DEMO) as tx:
        actions.acknowledge(tx, seen(bureau, "N10"), "Reference 1", tx.now)
    assert bureau.notice("N10").state is State.ACKNOWLEDGED
    assert bureau.notice("N10").standing is Standing.HISTORIC


def test_whoever_acts_on_an_imported_notice_confirms_it(bureau: Bureau):
    bureau.say(received(), opened(), facts(), origin=Origin.IMPORT)
    with bureau.as_() as tx:
        actions.confirm(tx, seen(bureau, "N10"))
        actions.advise(tx, Seen(bureau.notice("N10").id, 2), "Told them.")
    assert bureau.notice("N10").standing is Standing.LIVE
    assert bureau.notice("N15").standing is Standing.TO_CONFIRM


ACTS: dict[str, Callable[[Notice], Notice]] = {
    "advise": lambda one: domain.advise(one, "officer-1", "Told them", OPENED),
    "send": lambda one: domain.start_sending(one, "letter-1"),
    "left": lambda one: domain.letter_left(one, OPENED),
    "by hand": lambda one: domain.sent_by_hand(one, "officer-1", Method.POST, "Receipt", OPENED),
    "uncertain": lambda one: domain.became_uncertain(one, OPENED),
    "it left": lambda one: domain.resolve(one, "officer-1", left=True, evidence="Rang", now=OPENED),
    "it did not": lambda one: domain.resolve(one, "officer-1", left=False, evidence="Rang", now=OPENED),
    "acknowledge": lambda one: domain.acknowledge(one, "Yes", OPENED),
    "ask decline": lambda one: domain.ask_decline(one, "officer-1", "Because"),
    "approve decline": lambda one: domain.approve_decline(one, "manager-1", OPENED),
    "withdraw": domain.withdraw,
    "again": lambda one: domain.raise_again(one, one.dates, (), OPENED),
    "advice": lambda one: domain.covered_by_advice(one, OPENED),
    "fell": lambda one: replace(one, fires=False),
}


@given(st.lists(st.sampled_from(sorted(ACTS)), max_size=12))
def test_whatever_people_and_facts_do_a_notice_only_moves_as_the_table_says(names: list[str]):
    notice = a_notice()
    for name in names:
        before = notice.state
        try:
            notice = ACTS[name](notice)
        except HeedError:
            continue
        assert notice.state is before or notice.state in MOVES[before]
        assert (notice.sent_at is not None) == (
            notice.state in {State.SENT, State.ACKNOWLEDGED}
        ) or before in UNSENT
        assert notice.state is not State.DECLINED or notice.decline_asked_by != notice.declined_by
        assert notice.state is not State.ADVISED or notice.sent_at is None


def test_a_letter_on_its_way_holds_everything_else_up():
    sending_now = domain.start_sending(a_notice(), "letter-1")
    assert sending_now.state is State.DUE
    for name in ("send", "by hand", "ask decline"):
        with pytest.raises(Refused, match="on its way"):
            ACTS[name](sending_now)


def test_a_letter_that_did_not_leave_gives_back_what_was_or_falls_with_its_rule():
    uncertain = domain.became_uncertain(domain.start_sending(a_notice(), "letter-1"), OPENED)
    assert ACTS["it did not"](uncertain).state is State.DUE
    advised_first = replace(uncertain, advised_at=OPENED)
    assert ACTS["it did not"](advised_first).state is State.ADVISED
    assert ACTS["it did not"](replace(uncertain, fires=False)).state is State.WITHDRAWN


def test_an_uncertain_notice_is_never_sent_again_before_somebody_looked():
    uncertain = domain.became_uncertain(domain.start_sending(a_notice(), "letter-1"), OPENED)
    with pytest.raises(Refused, match="may have left"):
        domain.start_sending(uncertain, "letter-2")


def test_two_adults_of_one_case_are_told_of_apart(bureau: Bureau):
    bureau.say(
        opened(), facts(adult(removed=True, harm_test=True), adult(adult_id="second", sectors=("SECURE",)))
    )
    assert [(one.rule, one.adult_id == "second") for one in bureau.all()] == [
        ("N03", False), ("N10", False), ("N15", False), ("N15", True),
    ]  # fmt: skip
