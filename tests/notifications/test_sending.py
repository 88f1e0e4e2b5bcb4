"""Letters on their way through a real mail server, whatever it answers."""

from datetime import timedelta

import pytest

from services.notifications.actions import notices as actions
from services.notifications.actions import sending
from services.notifications.actions.notices import Seen
from services.notifications.domain.letter import INVENTED
from services.notifications.domain.notice import Method, State
from shared import mail
from shared.contracts.notifications import (
    NoticeBounced,
    NoticeDue,
    NoticeSent,
    NoticeUncertain,
    NoticeWithdrawn,
)
from shared.errors import Conflict, Refused
from shared.vocabulary import Decision
from tests.notifications.bureau import Bureau, words_of
from tests.notifications.scenes import REFERENCE, adult, closed, facts
from tests.shared.mail.server import Post


def send(posting: Bureau, rule: str = "N10") -> None:
    with posting.as_() as tx:
        notice = posting.notice(rule)
        sending.send_notice(tx, Seen(notice.id, notice.version), although_incomplete=True)


def test_a_notice_is_sent_only_once_the_letter_has_left(posting: Bureau, post: Post):
    send(posting)
    assert posting.notice("N10").state is State.DUE
    assert posting.notice("N10").sending
    assert post.mails == []
    posting.settle()
    sent = posting.notice("N10")
    assert (sent.state, sent.sent_to, sent.sent_by) == (
        State.SENT,
        "early-years@inspectorate.example",
        "officer-1",
    )
    (fact,) = posting.published(NoticeSent)
    assert (fact.method, fact.sent_at) == ("email", posting.clock())
    assert len(post.mails) == 1


def test_the_mail_itself_names_nobody_and_the_pdf_says_it_all(posting: Bureau, post: Post):
    send(posting)
    posting.settle()
    (message,) = post.mails
    body = message.get_body(("plain",))
    assert body is not None
    open_words = f"{message['Subject']} {body.get_content()}"
    assert f"{REFERENCE}-N10" in open_words
    for secret in ("Odette", "Marlowe", "Robin", "Ashdown", "Otters", "gripped", "1984"):
        assert secret not in open_words
    (attached,) = list(message.iter_attachments())
    assert attached.get_filename() == f"notice-{REFERENCE}-N10.pdf"
    text = words_of(attached.get_content())
    expected = (
        "Odette Marlowe",
        "Little Otters Nursery",
        "OFSTED EY000001",
        "26 February 2026",
        "Dorset Council",
        INVENTED,
        "Said to have gripped a child by the arm.",
        "OFFICIAL-SENSITIVE",
        "Action taken by the provider",
    )
    assert [one for one in expected if one not in text] == []


def test_the_referrers_letter_names_no_adult_and_says_decision_advice_and_reasons(
    posting: Bureau, post: Post
):
    posting.say(closed(Decision.NOT_MET_LOW_LEVEL))
    with posting.as_() as tx:
        notice = posting.notice("N28")
        said = {"advice": "Keep a record and review it.", "reasons": "No child was harmed."}
        actions.write_content(tx, Seen(notice.id, notice.version), said)
    send(posting, "N28")
    posting.settle()
    (message,) = post.mails
    assert message["To"] == "imogen@otters.example"
    text = words_of(next(iter(message.iter_attachments())).get_content())
    assert "Imogen Thatch" in text
    assert "low-level concern" in text
    assert "Keep a record and review it." in text
    assert "Marlowe" not in text


def test_an_interrupted_letter_is_uncertain_and_waits_for_a_person(posting: Bureau, post: Post):
    post.data = "kept-drop"
    send(posting)
    posting.settle()
    assert posting.notice("N10").state is State.UNCERTAIN
    assert len(posting.published(NoticeUncertain)) == 1
    posting.clock.forward(timedelta(days=2))
    posting.settle()
    assert len(post.mails) == 1
    with pytest.raises(Refused, match="may have left"):
        send(posting)


def test_a_person_who_finds_that_it_arrived_makes_it_sent(posting: Bureau, post: Post):
    post.data = "kept-drop"
    send(posting)
    posting.settle()
    resolve(posting, left=True)
    sent = posting.notice("N10")
    assert (sent.state, sent.sent_at, sent.evidence) == (State.SENT, posting.clock(), "They have it.")
    with posting.as_() as tx:
        (letter,) = mail.about(tx, sent.id)
    assert letter.state is mail.State.SENT


def test_a_person_who_finds_that_it_did_not_leave_may_send_it_again(posting: Bureau, post: Post):
    post.data = "drop"
    send(posting)
    posting.settle()
    resolve(posting, left=False)
    assert posting.notice("N10").state is State.DUE
    assert [one.rule for one in posting.published(NoticeDue)][-1] == "N10"
    post.data = "250 OK queued as 77"
    send(posting)
    posting.settle()
    assert posting.notice("N10").state is State.SENT


def resolve(posting: Bureau, *, left: bool) -> None:
    with posting.as_() as tx:
        notice = posting.notice("N10")
        said = "They have it." if left else "They do not."
        sending.resolve_uncertain(tx, Seen(notice.id, notice.version), left=left, evidence=said)


def test_an_address_that_the_server_refuses_bounces_and_the_notice_stands(posting: Bureau, post: Post):
    post.rcpt = "550 no such mailbox"
    send(posting)
    posting.settle()
    notice = posting.notice("N10")
    assert (notice.state, notice.letter_id) == (State.DUE, "")
    assert "refuses this letter" in notice.evidence
    assert len(posting.published(NoticeBounced)) == 1


def test_a_server_that_is_away_delays_the_letter_and_changes_nothing_else(posting: Bureau, post: Post):
    post.rcpt = "451 later"
    send(posting)
    posting.settle()
    assert posting.notice("N10").sending
    post.rcpt = "250 OK"
    posting.clock.forward(timedelta(minutes=2))
    posting.settle()
    assert posting.notice("N10").state is State.SENT


def test_facts_that_fall_while_a_letter_is_on_its_way_do_not_unsend_it(posting: Bureau, post: Post):
    post.rcpt = "451 later"
    send(posting)
    posting.say(facts(adult(roles=(), sectors=("SPORT_LEISURE",))))
    assert not posting.notice("N10").fires
    post.rcpt = "250 OK"
    posting.clock.forward(timedelta(minutes=2))
    posting.settle()
    assert posting.notice("N10").state is State.SENT
    assert [one.notice_id for one in posting.published(NoticeWithdrawn)] == [posting.notice("N15").id]


def test_a_refused_letter_of_a_fallen_rule_ends_as_withdrawn(posting: Bureau, post: Post):
    post.rcpt = "451 later"
    send(posting)
    posting.say(facts(adult(roles=(), sectors=("SPORT_LEISURE",))))
    post.rcpt = "550 no such mailbox"
    posting.clock.forward(timedelta(minutes=2))
    posting.settle()
    assert posting.notice("N10").state is State.WITHDRAWN


def test_a_letter_given_up_for_lost_that_left_after_all_counts_as_sent(posting: Bureau, post: Post):
    post.data = "drop"
    send(posting)
    posting.settle()
    resolve(posting, left=False)
    with posting.as_() as tx:
        (letter,) = mail.about(tx, posting.notice("N10").id)
        sending.letter_left(tx, letter)
    assert posting.notice("N10").state is State.SENT


def test_the_end_of_an_old_letter_does_not_disturb_what_was_sent_another_way(posting: Bureau, post: Post):
    post.data = "kept-drop"
    send(posting)
    posting.settle()
    with posting.as_() as tx:
        notice = posting.notice("N10")
        actions.record_sent_by_hand(tx, Seen(notice.id, notice.version), Method.PHONE, "Rang them", tx.now)
        letter = mail.about(tx, notice.id)[0]
    with posting.as_() as tx:
        for told in (sending.letter_left, sending.letter_uncertain, sending.letter_refused):
            told(tx, letter)
    assert posting.notice("N10").method is Method.PHONE
    assert len(posting.published(NoticeSent)) == 1


def test_two_people_who_send_at_once_send_one_letter(posting: Bureau, post: Post):
    notice = posting.notice("N10")
    seen = Seen(notice.id, notice.version)
    with posting.as_() as tx:
        sending.send_notice(tx, seen, although_incomplete=True)
    with posting.as_() as tx, pytest.raises(Conflict):
        sending.send_notice(tx, seen, although_incomplete=True)
    posting.settle()
    assert len(post.mails) == 1
