"""What goes wrong becomes an answer that helps, in one shape for people and one for programs, and gives
nothing away."""

import io
import json
import re

import flask
import pytest

from shared.web import access
from tests.outage import without_database
from tests.page_client import PageClient
from tests.shared.web.tiny import SECRET, Tiny

STATUS = {"refused": 409, "missing": 404, "conflict": 412, "away": 503, "heed": 500}


@pytest.mark.parametrize(("kind", "status"), STATUS.items())
def test_our_own_errors_say_what_to_do(browser: PageClient, kind: str, status: int):
    page = browser.get(f"/tiny/fail/{kind}", status)
    assert page.heading and "quote this" in page.text
    assert page.headers["X-Request-ID"] in page.text


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 410, 413, 415, 422, 428, 429, 500, 503])
def test_every_status_has_its_page(browser: PageClient, status: int):
    assert len(browser.get(f"/tiny/fail/{status}", status).text) > 80


@pytest.mark.parametrize(("kind", "status"), STATUS.items())
def test_programs_get_problem_details(browser: PageClient, kind: str, status: int):
    page = browser.get(f"/tiny/fail/{kind}", status, Accept="application/json")
    assert page.headers["Content-Type"] == "application/problem+json"
    assert page.json["status"] == status and page.json["type"] == "about:blank" and page.json["title"]
    assert page.json["correlation_id"] == page.headers["X-Request-ID"]


def test_the_unexpected_shows_and_logs_no_value(
    browser: PageClient, tiny: Tiny, capsys: pytest.CaptureFixture[str]
):
    tiny.app.config["PROPAGATE_EXCEPTIONS"] = False
    page = browser.get("/tiny/fail/secret", 500)
    said = capsys.readouterr()
    assert SECRET not in page.html and "Traceback" not in page.html
    assert SECRET not in said.err + said.out
    assert page.headers["X-Request-ID"] in said.err and "ValueError" in said.err


def test_who_is_not_signed_in_finds_the_way_in(browser: PageClient):
    assert browser.get("/tiny/fail/401", 401).links["Sign in"] == "/intake/sign-in"


def test_every_answer_is_written_down_without_its_address(
    browser: PageClient, capsys: pytest.CaptureFixture[str]
):
    page = browser.get("/tiny/nowhere/private-thing", 404)
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines() if line.startswith("{")]
    mine = [line for line in lines if line.get("correlation_id") == page.headers["X-Request-ID"]]
    assert [line["event"] for line in mine] == ["request_answered"]
    assert mine[0]["status"] == 404 and mine[0]["route"] == "none" and "private-thing" not in str(mine)


def test_trying_later_has_a_time(browser: PageClient):
    assert browser.get("/tiny/fail/429", 429).headers["Retry-After"] == "60"
    assert browser.get("/tiny/fail/away", 503).headers["Retry-After"] == "30"


def test_an_unknown_address_is_a_page(browser: PageClient):
    assert browser.get("/tiny/nowhere", 404).heading == "Page not found"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE"])
def test_a_wrong_method_says_which_are_right(tiny: Tiny, method: str):
    response = tiny.app.test_client().open("/tiny/work", method=method)
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_head_is_answered_like_get(tiny: Tiny):
    response = tiny.app.test_client().head("/tiny/health")
    assert response.status_code == 200 and response.data == b""


def test_a_file_that_is_too_large_is_said_so(browser: PageClient):
    browser.get("/tell/dorset")
    large = (io.BytesIO(b"x" * (22 * 1024 * 1024)), "large.pdf")
    page = browser.submit({"name": "Robin", "evidence": large}, "Send", 413)
    assert page.heading == "The file is too large" and "20 MB" in page.text


@pytest.mark.parametrize("given", ["0123456789abcdef", "01a2-05bb_59ABCDEF"])
def test_a_harmless_thread_is_taken_up(browser: PageClient, given: str):
    assert browser.get("/tiny/health", X_Request_ID=given).headers["X-Request-ID"] == given


@pytest.mark.parametrize(
    "given", ["short", "x" * 65, "with space here", "<script>alert</script>", "-12345678"]
)
def test_any_other_is_replaced(browser: PageClient, given: str):
    found = browser.get("/tiny/health", X_Request_ID=given).headers["X-Request-ID"]
    assert found != given and re.fullmatch(r"[0-9a-f-]{36}", found)


def test_the_thread_reaches_the_fact(browser: PageClient):
    browser.get("/tell/dorset")
    page = browser.submit({"name": "Robin"}, "Send")
    assert page.json["thread"] == page.headers["X-Request-ID"]


def test_a_fault_in_a_template_is_logged_by_its_name(tiny: Tiny, capsys: pytest.CaptureFixture[str]):
    tiny.app.config["PROPAGATE_EXCEPTIONS"] = False
    tiny.app.view_functions["tiny_pages.fail"] = access.public(access.Tenant.NONE)(
        lambda kind: flask.render_template("tiny/list.html", page=None, kind=kind)
    )
    assert tiny.app.test_client().get("/tiny/fail/x").status_code == 500
    said = capsys.readouterr().err
    assert "shared.lists.html:" in said and "tiny.list.html:" in said and "/templates/" not in said


def test_a_database_that_is_away_is_said_and_nothing_is_taken_for_kept(officer: PageClient, tiny: Tiny):
    with without_database(tiny.host.database):
        page = officer.get("/tiny/work", 503)
        assert page.heading == "This part of Heed is not available now"
        assert "Nothing that was kept is lost" in page.text and "call 999" in page.text
        assert page.headers["Retry-After"] == "30"
        sent = officer.post("/tiny/ask", {"name": "A name"}, 503)
        assert "not certain that what you just sent was kept" in sent.text
        assert officer.get("/tiny/work", 503, Accept="application/json").json["status"] == 503
    assert officer.get("/tiny/work").status == 200
