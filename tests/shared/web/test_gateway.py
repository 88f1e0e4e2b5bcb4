"""Five services on one address, and lists a page at a time."""

import csv
import io
from datetime import UTC, date, datetime

import flask
import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import Client

from shared.web import paging, wording
from shared.web.gateway import compose
from tests.page_client import PageClient


def _app(name: str) -> flask.Flask:
    app = flask.Flask(name)
    app.add_url_rule("/", f"{name}_root", lambda: f"{name} root")
    app.add_url_rule(f"/{name}/x", f"{name}_x", lambda: f"{name} x")
    app.add_url_rule("/refer/<authority>", f"{name}_refer", lambda authority: f"{name} {authority}")
    return app


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/", "intake root"),
        ("/casework/x", "casework x"),
        ("/intake/x", "intake x"),
        ("/refer/dorset", "intake dorset"),
    ],
)
def test_the_first_part_of_the_path_says_who_answers(path: str, answer: str):
    client = Client(compose({"casework": _app("casework"), "intake": _app("intake")}))
    assert client.get(path).text == answer


def test_a_path_that_only_begins_alike_is_not_a_services():
    client = Client(compose({"casework": _app("casework"), "intake": _app("intake")}))
    assert client.get("/caseworkers/x").status_code == 404


def test_a_root_blueprint_stands_at_the_root(browser: PageClient):
    assert browser.get("/").json == {"here": "root"}


def test_pages_of_a_list_keep_the_filters(officer: PageClient):
    page = officer.get("/tiny/list?state=open&page=2")
    assert page.rows()[0] == ["row 51", "51"] and len(page.rows()) == 50
    assert "Showing 51 to 100 of 120" in page.text
    assert page.links["Next page"] == "/tiny/list?state=open&page=3"
    assert len(officer.click("Next page").rows()) == 20


@pytest.mark.parametrize(
    ("given_", "number"),
    [("", 1), ("3", 3), ("0", 1), ("-1", 1), ("x", 1), ("٣", 1), ("99999999", 1), ("999999", 10000)],
)
def test_anything_that_is_no_page_number_means_the_first(given_: str, number: int):
    assert paging.page_of({"page": given_}).number == number


@given(st.integers(0, 5000), st.integers(1, 120))
def test_the_numbers_of_a_page_add_up(total: int, number: int):
    asked = paging.Asked(number)
    items = range(total)[asked.offset : asked.offset + asked.limit]
    page = asked.of(items, total)
    near = [one for one in page.near() if one is not None]
    assert near == sorted(set(near)) and {1, page.pages} <= set(near)
    assert page.pages * paging.SIZE >= total
    if items:
        assert (page.first, page.last) == (items[0] + 1, items[-1] + 1)
    else:
        assert (page.first, page.last) == (0, 0)


def test_a_sheet_runs_nothing(officer: PageClient):
    page = officer.get("/tiny/list.csv")
    assert page.headers["Content-Disposition"] == "attachment; filename=list.csv"
    rows = list(csv.reader(io.StringIO(page.body.decode("utf-8-sig"))))
    assert rows == [["What", "How many"], ["'=HYPERLINK(1)", "2"], ["plain", "3"]]


def test_dates_and_numbers_are_written_for_people():
    assert wording.date_words(date(2026, 3, 7)) == "7 March 2026"
    assert wording.date_words(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == "1 July 2026"
    assert wording.moment_words(datetime(2026, 7, 1, 11, 5, tzinfo=UTC)) == "1 July 2026 at 12:05pm"
    assert wording.moment_words(datetime(2026, 1, 1, 0, 5, tzinfo=UTC)) == "1 January 2026 at 12:05am"
    assert wording.date_words(None) == wording.moment_words(None) == ""
    assert wording.number(1234567) == "1,234,567"
    assert str(wording.multiline("a\n<b>")) == "a<br>\n&lt;b&gt;"
