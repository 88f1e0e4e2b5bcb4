"""Before a web process that has its hands full, the gateway answers those who come too many: at once, in the
form that they asked for, and without a word of it in a log."""

import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests
from werkzeug.test import Client

from shared.web.admission import Admission
from tests.architecture.source import ROOT
from tests.bench.overload import require_kept
from tests.faults.crowd import Concerns, Crowd, intake_alone
from tests.faults.gateway import gateway, nginx
from tests.faults.storm import wait_until

pytestmark = [pytest.mark.gateway, pytest.mark.skipif(not nginx(), reason="no nginx on this machine")]

PLACES = 12
PAGES = ROOT / "deploy" / "gateway" / "turned-away"


class Office(ThreadingHTTPServer):
    """A web process that keeps everybody until it is let go."""

    daemon_threads = True

    def __init__(self) -> None:
        self.open, self.seen = threading.Event(), list[str]()
        office = self

        class Desk(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                office.seen.append(self.path)
                office.open.wait(30)
                self.rfile.read(int(self.headers["Content-Length"]))
                self.answer(201)

            def do_GET(self) -> None:
                self.answer(200)

            def answer(self, status: int) -> None:
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Desk)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


@contextmanager
def full_house(folder: Path) -> Iterator[tuple[str, Office]]:
    """The gateway before a process of intake that has as many as it takes; they are served afterwards."""
    with (
        Office() as office,
        gateway(folder, {"intake": office.url}) as url,
        ThreadPoolExecutor(PLACES) as crowd,
    ):
        threading.Thread(target=office.serve_forever, daemon=True).start()
        inside = [crowd.submit(send, f"{url}/refer/{number}") for number in range(PLACES)]
        try:
            assert wait_until(lambda: len(office.seen) == PLACES, 20)
            yield url, office
        finally:
            office.open.set()
        assert {one.result().status_code for one in inside} == {201}
        assert send(f"{url}/refer/later").status_code == 201
        office.shutdown()


def send(url: str, headers: Mapping[str, str] | None = None) -> requests.Response:
    return requests.post(url, data={"a": "b"}, headers=headers, timeout=40)


def test_whoever_comes_to_a_full_house_is_turned_away_before_anything_of_it_is_passed_on(tmp_path: Path):
    with full_house(tmp_path) as (url, office):
        page = send(f"{url}/refer/one-too-many", {"Accept": "text/html"})
        program = send(f"{url}/intake/api/contacts")
        assert len(office.seen) == PLACES
    assert {(one.status_code, one.headers["Retry-After"]) for one in (page, program)} == {(503, "5")}
    assert page.headers["Content-Type"] == "text/html; charset=utf-8" and "call 999" in page.text
    assert program.headers["Content-Type"] == "application/problem+json" and program.json()["status"] == 503
    assert {one.headers["Cache-Control"] for one in (page, program)} == {"no-store"}
    assert "one-too-many" not in (tmp_path / "gateway.log").read_text(encoding="utf-8")


def test_a_full_house_says_all_the_same_that_it_lives_and_is_ready(tmp_path: Path):
    with full_house(tmp_path) as (url, _):
        asked = [requests.get(f"{url}/intake/{one}", timeout=5) for one in ("health", "ready", "other")]
    assert [one.status_code for one in asked] == [200, 200, 503]


def test_who_asks_for_json_gets_json_whatever_the_address(tmp_path: Path):
    with full_house(tmp_path) as (url, _):
        assert (
            send(f"{url}/refer/dorset", {"Accept": "application/json"}).json()["title"] == "Heed is very busy"
        )


def test_a_process_that_is_away_is_not_called_busy_because_it_may_have_kept_what_was_sent(tmp_path: Path):
    with gateway(tmp_path, {}) as url:
        page, program = send(f"{url}/casework/cases"), send(f"{url}/casework/api/cases")
    assert {(one.status_code, one.headers["Retry-After"]) for one in (page, program)} == {(503, "30")}
    assert "It is not certain that what you just sent was kept" in page.text
    assert "It is not certain" in program.json()["detail"]
    assert (tmp_path / "gateway.log").read_text(encoding="utf-8") == ""


def test_the_gateway_turns_away_in_the_words_of_the_process_itself():
    for kind, path in (("html", "/refer/dorset"), ("json", "/intake/api/contacts")):
        answer = Client(Admission(lambda *_: [], 0, 0)).get(path)
        assert answer.data == (PAGES / f"busy.{kind}").read_bytes()


def test_of_more_than_can_be_served_each_is_answered_and_nothing_accepted_is_lost(tmp_path: Path):
    with (
        intake_alone(tmp_path, gateways=1) as (region, _, url),
        gateway(tmp_path / "gateway", {"intake": url}) as outside,
    ):
        found = Crowd(outside, Concerns(outside).take(1_500), 500).ask()
        require_kept(region, found)
    assert {one.status for one in found} == {201, 503}
