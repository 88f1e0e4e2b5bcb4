"""A busy process turns the surplus away quickly, and keeps whatever it took in."""

import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from werkzeug.test import Client

from shared.web.admission import Admission

AT_WORK, ROOM, WORK = 4, 4, 0.02


class Office:
    """Takes its time over each request, then writes it into the ledger."""

    def __init__(self, takes: float = WORK) -> None:
        self.takes = takes
        self.ledger: list[str] = []
        self.busy = self.most = 0
        self._lock = threading.Lock()

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        with self._lock:
            self.busy += 1
            self.most = max(self.most, self.busy)
        time.sleep(self.takes)
        with self._lock:
            self.busy -= 1
            self.ledger.append(environ["PATH_INFO"])
        start_response("201 Created", [("Content-Type", "text/plain")])
        yield b"kept"


def ask(app: Admission, path: str, **more: Any) -> tuple[str, int, float]:
    started = time.monotonic()
    status = Client(app).post(path, **more).status_code
    return path, status, time.monotonic() - started


def test_ten_times_the_rate_is_answered_quickly_and_what_was_accepted_is_kept():
    office = Office()
    app = Admission(office, AT_WORK, ROOM)
    capacity = AT_WORK / WORK
    with ThreadPoolExecutor(40) as crowd:
        found = []
        for number in range(600):
            found.append(crowd.submit(ask, app, f"/refer/{number}"))
            time.sleep(1 / (10 * capacity))
        answers = [one.result() for one in found]
    accepted = {path for path, status, _ in answers if status == 201}
    turned_away = sorted(seconds for _, status, seconds in answers if status == 503)
    assert {status for _, status, _ in answers} == {201, 503}
    assert sorted(office.ledger) == sorted(accepted), "Each accepted one once, none of the others."
    assert office.most <= AT_WORK
    assert turned_away[int(len(turned_away) * 0.95)] < 0.1
    assert ask(app, "/refer/later")[1] == 201


def test_a_few_who_come_at_once_are_all_served_though_each_takes_a_while():
    office = Office(takes=0.2)
    app = Admission(office, AT_WORK, ROOM)
    with ThreadPoolExecutor(AT_WORK + ROOM) as crowd:
        answers = list(crowd.map(lambda number: ask(app, f"/intake/{number}"), range(AT_WORK + ROOM)))
    assert [status for _, status, _ in answers] == [201] * (AT_WORK + ROOM)


def test_whoever_waits_is_served_before_somebody_who_asks_again_and_again():
    office = Office(takes=0.001)
    app = Admission(office, 1, 1)
    with ThreadPoolExecutor(2) as crowd:
        inside = crowd.submit(lambda: [ask(app, f"/again/{number}") for number in range(300)])
        while not office.busy:
            time.sleep(0)
        _, status, waited = ask(app, "/once")
        inside.result()
    assert status == 201
    before = office.ledger.index("/once")
    assert before < 100, f"{before} were served before who had waited since one of the first, {waited:.2f} s."


def full_house() -> Admission:
    """Nobody can be let in."""
    return Admission(Office(), 0, 0)


def test_whoever_is_turned_away_is_told_when_to_come_back_and_that_nothing_was_kept():
    app = full_house()
    answer = Client(app).post("/refer/dorset", data={"a": "b"})
    assert answer.status_code == 503 and answer.headers["Retry-After"] == "5"
    assert "Nothing of what you just sent was kept" in answer.text and "call 999" in answer.text


def test_a_program_is_told_in_its_own_format():
    app = full_house()
    answer = Client(app).get("/intake/api/contacts")
    assert answer.content_type == "application/problem+json"
    assert answer.get_json()["status"] == 503


def test_a_full_house_is_still_alive():
    app = full_house()
    assert Client(app).get("/intake/health").status_code == 201
