"""Letters: their words, their PDF, and their way out through a real mail server."""

import io
import os
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from services.notifications.actions import letters, sending
from services.notifications.actions import notices as actions
from services.notifications.actions.notices import Seen
from services.notifications.domain.content import complete
from services.notifications.domain.facts import ContactKnown
from services.notifications.domain.items import ITEMS, Material
from services.notifications.domain.letter import INVENTED, Letter, Sender, Stationery, as_text, write_letter
from services.notifications.domain.notice import State
from services.notifications.domain.rule import rules_from
from shared import mail
from shared.contracts.notifications import (
    NoticeBounced,
    NoticeDue,
    NoticeSent,
    NoticeUncertain,
    NoticeWithdrawn,
)
from shared.errors import Refused
from shared.mail.carriers import Letterhead, SmtpCarrier
from shared.settings import Settings
from shared.vocabulary import Decision
from tests.notifications.bureau import Bureau
from tests.notifications.scenes import (
    CONTACT,
    OPENED,
    REFERENCE,
    a_notice,
    adult,
    closed,
    facts,
    opened,
    received,
)
from tests.platform import SetClock
from tests.shared.mail.server import Post, listening

ROOT = Path(__file__).parents[2]
RULES = {rule.id: rule for rule in rules_from()}


@pytest.fixture
def post() -> Post:
    """A mail server that takes everything."""
    return Post()


@pytest.fixture
def bureau(settings: Settings, clock: SetClock, post: Post) -> Iterator[Bureau]:
    """The service with real mail, a nursery's case and confirmed recipients."""
    with listening(post) as where:
        carrier = Letterhead(
            SmtpCarrier(f"smtp://{where}", timeout=1.0), "heed@region.example", invented=True
        )
        made = Bureau(settings, clock, carrier)
        made.say(received(), opened(), facts())
        made.vouch("ofsted_early_years", "early-years@inspectorate.example")
        yield made
        made.close()


def send(bureau: Bureau, rule: str = "N10") -> None:
    with bureau.as_() as tx:
        notice = bureau.notice(rule)
        sending.send_notice(tx, Seen(notice.id, notice.version), although_incomplete=True)


def test_a_notice_is_sent_only_once_the_letter_has_left(bureau: Bureau, post: Post):
    send(bureau)
    assert bureau.notice("N10").state is State.DUE
    assert bureau.notice("N10").sending
    assert post.mails == []
    bureau.settle()
    sent = bureau.notice("N10")
    assert (sent.state, sent.sent_to, sent.sent_by) == (
        State.SENT,
        "early-years@inspectorate.example",
        "officer-1",
    )
    (fact,) = bureau.published(NoticeSent)
    assert (fact.method, fact.sent_at) == ("email", bureau.clock())
    assert len(post.mails) == 1


def test_the_mail_itself_names_nobody_and_the_pdf_says_it_all(bureau: Bureau, post: Post):
    send(bureau)
    bureau.settle()
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


def words_of(content: bytes) -> str:
    reader = PdfReader(io.BytesIO(content))
    return " ".join(" ".join(page.extract_text().split()) for page in reader.pages)


def test_the_pdf_is_tagged_titled_and_in_english(bureau: Bureau):
    with bureau.as_() as tx:
        made = letters.as_pdf(letters.draft(tx, bureau.notice("N10")).letter, tx.now)
        again = letters.as_pdf(letters.draft(tx, bureau.notice("N10")).letter, tx.now)
    assert made == again
    document = PdfReader(io.BytesIO(made))
    assert "'/Marked': True" in str(document.root_object["/MarkInfo"])
    assert str(document.root_object["/Lang"]) == "en-GB"
    assert document.metadata is not None
    assert document.metadata.title == RULES["N10"].title


@pytest.mark.servers
@pytest.mark.parametrize("profile", ["ua1", "2a"])
def test_an_independent_judge_passes_the_letter(bureau: Bureau, profile: str, tmp_path: Path):
    judge = Path(os.environ.get("HEED_LAB", ROOT.parent / "shared" / "lab")) / "verapdf"
    if not judge.exists():
        pytest.skip("no veraPDF on this machine (HEED_LAB)")
    paths = [tmp_path / f"{rule}.pdf" for rule in ("N10", "N15")]
    with bureau.as_() as tx:
        for path in paths:
            letter = letters.draft(tx, bureau.notice(path.stem)).letter
            path.write_bytes(letters.as_pdf(letter, tx.now))
    ran = subprocess.run([judge, "-f", profile, *paths], capture_output=True, text=True, check=False)
    assert ran.stdout.count("PASS") == len(paths), ran.stdout


def test_hostile_words_stay_words_in_the_pdf(bureau: Bureau):
    hostile = '#import "secrets.typ" \\ $x$ *b* <a> "quoted" ☂ Ωmega'
    with bureau.as_() as tx:
        notice = bureau.notice("N10")
        actions.write_content(tx, Seen(notice.id, notice.version), {"action_taken": hostile})
    with bureau.as_() as tx:
        text = words_of(letters.as_pdf(letters.draft(tx, bureau.notice("N10")).letter, tx.now))
    assert '#import "secrets.typ"' in text
    assert "*b* <a>" in text


def test_nothing_is_invented_on_real_paper():
    contact = ContactKnown(
        contact_id=CONTACT, reference=REFERENCE, received_at=OPENED, decision=Decision.TRANSFER
    )
    content = complete(
        RULES["N28"], Material("", contact=contact), {"advice": "Ring them.", "reasons": "It is theirs."}
    )
    notice = a_notice()

    def written(route: str, *, invented: bool) -> Letter:
        sender = Sender("Dorset", route, Stationery(invented))
        return write_letter(notice, RULES["N10"], content, sender, "Ofsted", OPENED.date())

    real = written("01632 960001", invented=False)
    assert real.invented == ""
    assert INVENTED not in as_text(real)
    assert INVENTED in as_text(written("", invented=True))
    assert "01632 960001" in real.cover


def test_the_letter_says_whose_duty_it_is_and_whether_they_were_advised(bureau: Bureau):
    with bureau.as_() as tx:
        before = as_text(letters.draft(tx, bureau.notice("N10")).letter)
        notice = bureau.notice("N10")
        actions.advise(tx, Seen(notice.id, notice.version), "Told them.")
    assert "lies with the registered provider" in before
    assert "has advised them" not in before
    with bureau.as_() as tx:
        after = as_text(letters.draft(tx, bureau.notice("N10")).letter)
        own = as_text(letters.draft(tx, bureau.notice("N15")).letter)
    assert "has advised them" in after
    assert "matter of good practice" in own
    assert "Not known when this was written: What keeps children safe now" in own


def test_the_referrers_letter_names_no_adult_and_says_decision_advice_and_reasons(bureau: Bureau, post: Post):
    bureau.say(closed(Decision.NOT_MET_LOW_LEVEL))
    with bureau.as_() as tx:
        notice = bureau.notice("N28")
        said = {"advice": "Keep a record and review it.", "reasons": "No child was harmed."}
        actions.write_content(tx, Seen(notice.id, notice.version), said)
    send(bureau, "N28")
    bureau.settle()
    (message,) = post.mails
    assert message["To"] == "imogen@otters.example"
    text = words_of(next(iter(message.iter_attachments())).get_content())
    assert "Imogen Thatch" in text
    assert "low-level concern" in text
    assert "Keep a record and review it." in text
    assert "Marlowe" not in text


def test_every_item_of_every_content_list_is_known_and_has_a_label():
    for rule in RULES.values():
        assert set(rule.content) <= set(ITEMS)
        assert all(ITEMS[item][0] for item in rule.content)


def test_without_a_case_every_item_is_missing_and_none_is_made_up():
    for rule in RULES.values():
        content = complete(rule, Material("nobody"), {})
        assert {line.item for line in content.missing} == rule.required
        assert content.percent == 0


def test_an_interrupted_letter_is_uncertain_and_waits_for_a_person(bureau: Bureau, post: Post):
    post.data = "kept-drop"
    send(bureau)
    bureau.settle()
    assert bureau.notice("N10").state is State.UNCERTAIN
    assert len(bureau.published(NoticeUncertain)) == 1
    bureau.clock.forward(timedelta(days=2))
    bureau.settle()
    assert len(post.mails) == 1
    with pytest.raises(Refused, match="may have left"):
        send(bureau)


def test_a_person_who_finds_that_it_arrived_makes_it_sent(bureau: Bureau, post: Post):
    post.data = "kept-drop"
    send(bureau)
    bureau.settle()
    resolve(bureau, left=True)
    sent = bureau.notice("N10")
    assert (sent.state, sent.sent_at, sent.evidence) == (State.SENT, bureau.clock(), "They have it.")
    with bureau.as_() as tx:
        (letter,) = mail.about(tx, sent.id)
    assert letter.state is mail.State.SENT


def test_a_person_who_finds_that_it_did_not_leave_may_send_it_again(bureau: Bureau, post: Post):
    post.data = "drop"
    send(bureau)
    bureau.settle()
    resolve(bureau, left=False)
    assert bureau.notice("N10").state is State.DUE
    assert [one.rule for one in bureau.published(NoticeDue)][-1] == "N10"
    post.data = "250 OK queued as 77"
    send(bureau)
    bureau.settle()
    assert bureau.notice("N10").state is State.SENT


def resolve(bureau: Bureau, *, left: bool) -> None:
    with bureau.as_() as tx:
        notice = bureau.notice("N10")
        said = "They have it." if left else "They do not."
        sending.resolve_uncertain(tx, Seen(notice.id, notice.version), left=left, evidence=said)


def test_an_address_that_the_server_refuses_bounces_and_the_notice_stands(bureau: Bureau, post: Post):
    post.rcpt = "550 no such mailbox"
    send(bureau)
    bureau.settle()
    notice = bureau.notice("N10")
    assert (notice.state, notice.letter_id) == (State.DUE, "")
    assert "refuses this letter" in notice.evidence
    assert len(bureau.published(NoticeBounced)) == 1


def test_a_server_that_is_away_delays_the_letter_and_changes_nothing_else(bureau: Bureau, post: Post):
    post.rcpt = "451 later"
    send(bureau)
    bureau.settle()
    assert bureau.notice("N10").sending
    post.rcpt = "250 OK"
    bureau.clock.forward(timedelta(minutes=2))
    bureau.settle()
    assert bureau.notice("N10").state is State.SENT


def test_facts_that_fall_while_a_letter_is_on_its_way_do_not_unsend_it(bureau: Bureau, post: Post):
    post.rcpt = "451 later"
    send(bureau)
    bureau.say(facts(adult(roles=(), sectors=("SPORT_LEISURE",))))
    assert not bureau.notice("N10").fires
    post.rcpt = "250 OK"
    bureau.clock.forward(timedelta(minutes=2))
    bureau.settle()
    assert bureau.notice("N10").state is State.SENT
    assert [one.notice_id for one in bureau.published(NoticeWithdrawn)] == [bureau.notice("N15").id]


def test_a_refused_letter_of_a_fallen_rule_ends_as_withdrawn(bureau: Bureau, post: Post):
    post.rcpt = "451 later"
    send(bureau)
    bureau.say(facts(adult(roles=(), sectors=("SPORT_LEISURE",))))
    post.rcpt = "550 no such mailbox"
    bureau.clock.forward(timedelta(minutes=2))
    bureau.settle()
    assert bureau.notice("N10").state is State.WITHDRAWN
