"""What takes letters to the outside: an SMTP server, or a folder of files for the embedded run."""

import contextlib
import os
import re
import secrets
import smtplib
import ssl
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from shared.errors import Refused, Unavailable
from shared.mail.sending import Uncertain
from shared.runtime import Carrier
from shared.settings import Settings

INVENTED = "Invented data: a demonstration of Heed wrote this. Nobody in it exists."
_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
_QUEUED = re.compile(rb"(?:queued as|id=)\s*<?([\w.-]{1,60})", re.IGNORECASE)


class FolderCarrier:
    """Files each letter as `<id>.eml`, to be opened with any mail program."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def carry(self, message: EmailMessage) -> str:
        """Durable when this returns. The same letter again replaces its file."""
        name = f"{re.sub(r'[^A-Za-z0-9-]', '', message['Message-ID'].partition('@')[0])}.eml"
        fresh = self._folder / f".{secrets.token_hex(8)}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(message.as_bytes(policy=SMTP))
                file.flush()
                os.fsync(file.fileno())
            os.replace(fresh, self._folder / name)
        except OSError:
            raise Unavailable("The mail folder cannot be written to.") from None
        return f"filed as {name}"

    def check(self) -> str:
        """That the folder can be written to, in words. Raises Unavailable."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            probe = self._folder / f".{secrets.token_hex(8)}"
            probe.touch(mode=0o600)
            probe.unlink()
        except OSError:
            raise Unavailable(
                "The mail folder cannot be written to: check HEED_MAIL_URL and its rights."
            ) from None
        return "letters are filed in a folder"


class SmtpCarrier:
    """Speaks to one server; a new connection per letter. `context` verifies its certificate."""

    def __init__(self, url: str, context: ssl.SSLContext | None = None, timeout: float = 30.0) -> None:
        self._url = urlsplit(url)
        self._context = context
        self._timeout = timeout

    def carry(self, message: EmailMessage) -> str:
        """Raises Unavailable while nothing can have left, Refused when the server will never take it,
        Uncertain when the answer to the whole message did not come."""
        with self._connected() as server:
            self._address(server, message)
            return _handed_over(server, message)

    def check(self) -> str:
        """That the server answers and lets Heed in, in words. Raises Unavailable."""
        with self._connected() as server:
            server.noop()
        return "the server answers"

    @contextlib.contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        try:
            server = self._greeted()
        except (OSError, smtplib.SMTPException):
            raise Unavailable("The mail server does not answer, or does not accept Heed's sign-in.") from None
        try:
            yield server
        finally:
            # What became of the letter is known by now; a rude goodbye does not change it.
            with contextlib.suppress(OSError, smtplib.SMTPException):
                server.quit()

    def _greeted(self) -> smtplib.SMTP:
        url, context = self._url, self._context or ssl.create_default_context()
        where = (url.hostname or "", url.port or _PORTS[url.scheme])
        if url.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(*where, timeout=self._timeout, context=context)
        else:
            server = smtplib.SMTP(*where, timeout=self._timeout)
        try:
            _sign_in(server, url, context)
        except BaseException:
            server.close()
            raise
        return server

    def _address(self, server: smtplib.SMTP, message: EmailMessage) -> None:
        """The envelope: until it is taken, nothing of the letter itself has left."""
        try:
            sender, _ = server.mail(message["From"].addresses[0].addr_spec)
            recipient, _ = server.rcpt(message["To"]) if sender == 250 else (451, b"")
        except (OSError, smtplib.SMTPException):
            raise Unavailable("The mail server broke off before it took the letter.") from None
        # A no to the sender is about Heed's settings and no judgement on this letter.
        _judge(recipient)


def _sign_in(server: smtplib.SMTP, url: SplitResult, context: ssl.SSLContext) -> None:
    if url.scheme == "smtp+starttls":
        server.starttls(context=context)
    server.ehlo_or_helo_if_needed()
    if url.username:
        server.login(unquote(url.username), unquote(url.password or ""))


def _handed_over(server: smtplib.SMTP, message: EmailMessage) -> str:
    try:
        # One call gives the whole letter away and waits: without an answer it may have left.
        code, answer = server.data(message.as_bytes(policy=SMTP))
    except smtplib.SMTPDataError as refusal:
        _judge(refusal.smtp_code)
        raise Unavailable("The mail server does not take letters now.") from None
    except (OSError, smtplib.SMTPException):
        raise Uncertain("The mail server broke off before it said whether it took the letter.") from None
    _judge(code)
    queued = _QUEUED.search(answer)
    return f"{message['Message-ID']} {code}{f' {queued[1].decode()}' if queued else ''}"


def _judge(code: int) -> None:
    if 500 <= code <= 599:
        raise Refused(f"The mail server refuses this letter for good (code {code}). Check the address.")
    if not 200 <= code <= 299:
        raise Unavailable("The mail server asks to try again later.")


class Letterhead:
    """Puts the sender on each letter, and on invented ones says so, before another carrier takes it."""

    def __init__(self, inner: Carrier, sender: str, *, invented: bool) -> None:
        self._inner = inner
        self._sender = sender
        self._invented = invented

    def carry(self, message: EmailMessage) -> str:
        """See Carrier."""
        message["From"] = self._sender
        domain = self._sender.rpartition("@")[2]
        message.replace_header("Message-ID", message["Message-ID"].replace("@heed>", f"@{domain}>"))
        text = message.get_body(("plain",))
        if self._invented and text is not None:
            text.set_content(f"{INVENTED}\n\n{text.get_content()}")
        return self._inner.carry(message)

    def check(self) -> str:
        """See Carrier."""
        return self._inner.check()


def open_carrier(settings: Settings) -> Letterhead:
    """The adapter for `HEED_MAIL_URL`; connects to nothing yet."""
    url = urlsplit(settings.mail_url)
    inner: Carrier = (
        FolderCarrier(Path(unquote(url.path))) if url.scheme == "file" else SmtpCarrier(settings.mail_url)
    )
    return Letterhead(inner, settings.mail_from, invented=settings.demo)
