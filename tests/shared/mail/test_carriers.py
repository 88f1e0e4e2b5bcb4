"""Carriers against a real SMTP server: every answer it can give ends in the right word."""

import ssl
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from shared.errors import Refused, Unavailable
from shared.mail import Attachment, Uncertain, Words
from shared.mail.carriers import INVENTED, FolderCarrier, Letterhead, SmtpCarrier, open_carrier
from shared.mail.sending import compose
from shared.settings import from_environment
from tests.conftest import MONDAY_MORNING
from tests.shared.mail.server import Post, certificate, listening

PAGE = Attachment("letter.pdf", b"%PDF-1.7\n" + bytes(range(256)))


def letter(
    body: str = "Dear colleague,\n.\nÜmlauts and a lone dot above.\n", subject: str = "Your reference 7Q"
) -> EmailMessage:
    message = compose("0190-a", Words("head@school.example", subject, body, (PAGE,)), MONDAY_MORNING)
    message["From"] = "heed@region.example"
    return message


def carry(
    url: str, message: EmailMessage | None = None, timeout: float = 5, tls: ssl.SSLContext | None = None
) -> str:
    return SmtpCarrier(url, tls, timeout).carry(message or letter())


def answering(step: str, answer: str) -> Post:
    return Post(rcpt=answer) if step == "rcpt" else Post(data=answer)


def test_a_letter_arrives_whole_and_is_proved_by_the_servers_queue_id() -> None:
    post = Post()
    with listening(post) as where:
        proof = carry(f"smtp://{where}")
    (mail,) = post.mails
    assert proof == "<0190-a@heed> 250 4F2A"
    assert post.envelopes == [("heed@region.example", ["head@school.example"])]
    assert mail["Subject"] == "Your reference 7Q"
    assert mail["Auto-Submitted"] == "auto-generated"
    text = mail.get_body(("plain",))
    assert text is not None
    assert text.get_content().replace("\r\n", "\n") == "Dear colleague,\n.\nÜmlauts and a lone dot above.\n"
    (attached,) = mail.iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == ("letter.pdf", PAGE.content)


@pytest.mark.parametrize(
    ("step", "answer"), [("rcpt", "550 no such user"), ("data", "554 spam"), ("rcpt", "553 bad")]
)
def test_a_permanent_no_is_refused(step: str, answer: str) -> None:
    with listening(answering(step, answer)) as where, pytest.raises(Refused, match="for good"):
        carry(f"smtp://{where}")


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ("rcpt", "451 greylisted"),
        ("rcpt", "421 busy"),
        ("rcpt", "drop"),
        ("rcpt", "hang"),
        ("data", "452 full"),
    ],
)
def test_nothing_left_so_later_is_right(step: str, answer: str) -> None:
    with listening(answering(step, answer)) as where, pytest.raises(Unavailable):
        carry(f"smtp://{where}", timeout=0.4)


@pytest.mark.parametrize("answer", ["kept-hang", "kept-drop", "drop", "hang"])
def test_no_answer_to_the_whole_letter_is_uncertain(answer: str) -> None:
    with listening(Post(data=answer)) as where, pytest.raises(Uncertain):
        carry(f"smtp://{where}", timeout=0.4)


def test_a_no_to_the_sender_is_no_judgement_on_the_letter() -> None:
    post = Post()
    with listening(post, auth_required=True, auth_require_tls=False) as where, pytest.raises(Unavailable):
        carry(f"smtp://{where}")
    assert post.mails == []


def test_no_server_is_unavailable() -> None:
    with listening(Post()) as where:
        closed = where
    with pytest.raises(Unavailable):
        carry(f"smtp://{closed}")


def test_the_sign_in_of_the_address_is_used() -> None:
    post = Post()
    with listening(
        post, authenticator=post.authenticate, auth_require_tls=False, auth_required=True
    ) as where:
        carry(f"smtp://heed%40region:s3cret%2F@{where}")
        with pytest.raises(Unavailable, match="sign-in"):
            carry(f"smtp://heed%40region:wrong@{where}", timeout=0.5)
    assert len(post.mails) == 1
    assert post.logins[0] == b"heed@region"


def test_tls_from_the_start_and_by_starttls(tmp_path: Path) -> None:
    server, client = certificate(tmp_path)
    post = Post()
    with listening(post, tls=server) as where:
        carry(f"smtps://{where}", tls=client)
    with listening(post, tls_context=server, require_starttls=True) as where:
        carry(f"smtp+starttls://{where}", tls=client)
        with pytest.raises(Unavailable):
            carry(f"smtp://{where}")
    assert len(post.mails) == 2


def test_a_server_that_is_not_who_it_says_gets_nothing(tmp_path: Path) -> None:
    server, _ = certificate(tmp_path)
    post = Post()
    with listening(post, tls_context=server) as where, pytest.raises(Unavailable):
        carry(f"smtp+starttls://{where}")
    assert post.mails == []


def test_starttls_that_is_not_offered_is_not_done_without() -> None:
    post = Post()
    with listening(post) as where, pytest.raises(Unavailable):
        carry(f"smtp+starttls://{where}")
    assert post.mails == []


def test_the_folder_keeps_one_file_per_letter(tmp_path: Path) -> None:
    carrier = FolderCarrier(tmp_path / "mail")
    proofs = {carrier.carry(letter()) for _ in range(2)}
    (path,) = (tmp_path / "mail").iterdir()
    assert proofs == {f"filed as {path.name}"}
    filed = message_from_bytes(path.read_bytes(), policy=policy.SMTP)
    assert filed["To"] == "head@school.example"


def test_a_folder_that_cannot_be_written_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("no folder")
    with pytest.raises(Unavailable):
        FolderCarrier(tmp_path / "mail").carry(letter())


class Tray:
    """Keeps what is carried."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []

    def carry(self, message: EmailMessage) -> str:
        """Keep it."""
        self.messages.append(message)
        return "kept"

    def check(self) -> str:
        """It is always there."""
        return "a tray"


@pytest.mark.parametrize("attachments", [(), (PAGE,)])
def test_invented_letters_say_so_first(attachments: tuple[Attachment, ...]) -> None:
    tray = Tray()
    message = compose(
        "0190-a", Words("head@school.example", "Note", "Dear colleague", attachments), MONDAY_MORNING
    )
    Letterhead(tray, "heed@dorset.example", invented=True).carry(message)
    (carried,) = tray.messages
    text = carried.get_body(("plain",))
    assert text is not None
    assert text.get_content().startswith(f"{INVENTED}\n\nDear colleague")
    assert carried["From"] == "heed@dorset.example"
    assert carried["Message-ID"] == "<0190-a@dorset.example>"
    assert len(list(carried.iter_attachments())) == len(attachments)


def test_real_letters_do_not(tmp_path: Path) -> None:
    tray = Tray()
    message = compose("0190-a", Words("head@school.example", "Note", "Dear colleague"), MONDAY_MORNING)
    Letterhead(tray, "heed@dorset.example", invented=False).carry(message)
    assert tray.messages[0].get_content() == "Dear colleague\n"


def test_the_settings_choose_the_carrier(tmp_path: Path) -> None:
    message = compose("0190-a", Words("head@school.example", "Note", "Dear colleague"), MONDAY_MORNING)
    proof = open_carrier(from_environment({"HEED_DATA": str(tmp_path)})).carry(message)
    assert proof == "filed as 0190-a.eml"
    filed = (tmp_path / "mail" / "0190-a.eml").read_text()
    assert INVENTED in filed
    post = Post()
    with listening(post) as where:
        settings = from_environment({"HEED_DATA": str(tmp_path), "HEED_MAIL_URL": f"smtp://{where}"})
        open_carrier(settings).carry(compose("0190-b", Words("a@b.example", "Note", "Text"), MONDAY_MORNING))
    assert post.mails[0]["From"] == "heed@region.example"
