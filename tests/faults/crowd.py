"""More who ask than can be served: one thread, bare sockets, requests made beforehand, so that asking costs a
small part of what answering does.
"""

import re
import selectors
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import requests

from services.intake.commands.world import World
from services.intake.store.tables import contact
from shared.cli.private import free_port
from shared.region import Region
from tests.faults.callers import concern_of, sign_in
from tests.faults.chaos import STARTING, opened
from tests.faults.crew import Crew, post
from tests.faults.ledger import rows
from tests.faults.storm import wait_until

_PATIENCE = 20.0
_AUTHORITY = "dorset"
_HEAD = re.compile(rb"HTTP/1\.1 (\d+) .*?\r\n\r\n", re.DOTALL)
_FIELD = re.compile(rb"(?im)^(content-length|retry-after): *(\d+)\r$")


@dataclass(frozen=True)
class Answer:
    """What became of one request: `seconds` from the first step of connecting to the last byte, `late` how
    much the client was behind its own plan. Status 0: no whole answer came.
    """

    number: int
    status: int
    seconds: float
    late: float
    retry_after: int
    body: bytes

    @property
    def refused(self) -> bool:
        """Told to come again."""
        return self.status in {429, 503}


class _Line:
    """One request on its way."""

    def __init__(self, number: int, address: tuple[str, int], request: bytes, late: float) -> None:
        self.number, self.late, self.began = number, late, time.perf_counter()
        self.socket = socket.socket()
        self.socket.setblocking(False)
        self.socket.connect_ex(address)
        self._unsent, self._heard = memoryview(request), b""

    def send(self) -> bool:
        """As much as goes; whether that was all."""
        self._unsent = self._unsent[self.socket.send(self._unsent) :]
        return self.sent

    @property
    def sent(self) -> bool:
        """Whether all is on its way."""
        return not self._unsent

    def hear(self) -> Answer | None:
        """The answer once it is whole, or once no more can come."""
        part = self.socket.recv(65_536)
        self._heard += part
        found = _HEAD.match(self._heard)
        fields = {name.lower(): int(value) for name, value in _FIELD.findall(found[0])} if found else {}
        if found and len(self._heard) - found.end() >= fields.get(b"content-length", 0):
            return self.ended(int(found[1]), fields.get(b"retry-after", 0), self._heard[found.end() :])
        return None if part else self.ended()

    def ended(self, status: int = 0, retry_after: int = 0, body: bytes = b"") -> Answer:
        """This is the end of it."""
        seconds = time.perf_counter() - self.began
        return Answer(self.number, status, seconds, self.late, retry_after, body)


class Crowd:
    """Asks each request at its own moment, whether or not those before it were answered."""

    def __init__(self, url: str, asked: Sequence[bytes], a_second: float) -> None:
        place = urlsplit(url)
        self._address = str(place.hostname), int(place.port or 80)
        self._asked, self._a_second = asked, a_second
        self._answers: list[Answer] = []
        self._lines = selectors.DefaultSelector()
        self._next = 0

    def ask(self) -> list[Answer]:
        """All answers; of those who heard nothing in time too."""
        start = time.perf_counter()
        last = len(self._asked) / self._a_second + _PATIENCE
        with self._lines:
            while len(self._answers) < len(self._asked) and time.perf_counter() - start < last:
                self._begin(time.perf_counter() - start)
                for key, _ in self._lines.select(0.002):
                    self._move(key.data)
            for key in list(self._lines.get_map().values()):
                self._end(key.data, key.data.ended())
        return self._answers

    def _begin(self, now: float) -> None:
        while self._next < len(self._asked) and (due := self._next / self._a_second) <= now:
            one = _Line(self._next, self._address, self._asked[self._next], now - due)
            self._lines.register(one.socket, selectors.EVENT_WRITE, one)
            self._next += 1

    def _move(self, one: _Line) -> None:
        try:
            if one.sent:
                answer = one.hear()
            else:
                answer = None
                if one.send():
                    self._lines.modify(one.socket, selectors.EVENT_READ, one)
        except OSError:
            answer = one.ended()
        if answer is not None:
            self._end(one, answer)

    def _end(self, one: _Line, answer: Answer) -> None:
        self._lines.unregister(one.socket)
        one.socket.close()
        self._answers.append(answer)


class Concerns:
    """Requests of one signed-in officer's program, each with a concern of its own."""

    def __init__(self, url: str) -> None:
        session, self._url, self._world, self._next = sign_in(url, _AUTHORITY), url, World(7), 0
        self._cookies = "; ".join(f"{one.name}={one.value}" for one in session.cookies)

    def take(self, count: int) -> list[bytes]:
        """The next so many."""
        first, self._next = self._next, self._next + count
        return [self._request(number) for number in range(first, self._next)]

    def _request(self, number: int) -> bytes:
        body = msgspec.json.encode(concern_of(self._world.story(number), f"crowd-{number}"))
        head = (
            "POST /intake/api/contacts HTTP/1.1", f"Host: {urlsplit(self._url).netloc}",
            f"Origin: {self._url}", "Accept: application/json", "Content-Type: application/json",
            f"Cookie: {self._cookies}", f"Content-Length: {len(body)}", "Connection: close", "", "",
        )  # fmt: skip
        return "\r\n".join(head).encode() + body


@contextmanager
def intake_alone(folder: Path, pace: int = 0, gateways: int = 0) -> Iterator[tuple[Region, Crew, str]]:
    """Intake's web as it is started in production, seen from outside; one program may ask `pace` a minute."""
    environment = {"HEED_DATA": str(folder), "HEED_PACE_API": str(pace), "HEED_GATEWAYS": str(gateways)}
    port = str(free_port())
    url = f"http://127.0.0.1:{port}"
    web = post("web", "intake", "web", "intake", "--port", port)
    with opened(environment) as region, Crew([web], environment, folder) as crew:
        if not wait_until(lambda: _answers(url), STARTING):
            raise RuntimeError("The web did not start: is the machine too busy?")
        yield region, crew, url


def _answers(url: str) -> bool:
    with suppress(requests.ConnectionError):
        return requests.get(f"{url}/intake/health", timeout=_PATIENCE).ok
    return False


def kept(region: Region) -> list[str]:
    """The ids of all contacts that there are."""
    return sorted(row.id for row in rows(region["intake"], contact.c.id))
