"""A visit over HTTP: forms are filled in as a page offers them, and every failure is one sentence."""

import threading
from collections.abc import Iterator

import flask
import pytest
from werkzeug.serving import make_server

from shared.cli.private import free_port
from shared.cli.visitor import Visitor
from shared.errors import Refused, Unavailable

FORM = """<!doctype html><title>t</title><h1>About <em>the</em> adult</h1>
<form method="post" action="/out"><button>Sign out</button></form>
<form method="post" action="save">
  <input type="hidden" name="token" value="t-1">
  <input name="name" value="kept"><textarea name="words">as
they are</textarea>
  <input type="radio" name="known" value="yes"><input type="radio" name="known" value="unknown">
  <input type="radio" name="bare" value="yes"><input type="radio" name="bare" value="no">
  <input type="radio" name="chosen" value="yes" checked><input type="radio" name="chosen" value="unknown">
  <input type="checkbox" name="ticks" value="a"><input type="checkbox" name="ticks" value="b">
  <select name="month"><option value="">-</option><option value="3" selected>March</option></select>
  <button>Save and continue</button>
</form><p>See <a href="/more">more words</a></p>"""


def make_app() -> flask.Flask:
    """What is visited."""
    app = flask.Flask(__name__)

    @app.get("/form")
    def form() -> flask.Response:
        answer = flask.Response(FORM)
        answer.set_cookie("heed-form", "1")
        return answer

    @app.get("/form-elsewhere")
    def elsewhere() -> flask.typing.ResponseReturnValue:
        return flask.redirect("/form")

    @app.post("/save")
    def save() -> flask.typing.ResponseReturnValue:
        if flask.request.form.get("name") == "wrong":
            return "<h1>There is a problem</h1><p>Enter a name</p>", 422
        kept = flask.request.form.to_dict(flat=False)
        return {
            "form": kept,
            "origin": flask.request.headers["Origin"],
            "cookies": list(flask.request.cookies),
        }

    @app.post("/api/things")
    def thing() -> flask.typing.ResponseReturnValue:
        if flask.request.headers.get("If-Match") != "v1":
            return {"title": "Conflict", "detail": "Read it again first."}, 412
        return {"said": flask.request.json}, 201

    @app.get("/broken")
    def broken() -> flask.typing.ResponseReturnValue:
        return "<h1>Sorry, there is a problem</h1>", 500

    return app


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = make_server("127.0.0.1", 0, make_app())
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def visitor(address: str) -> Visitor:
    return Visitor(f"{address}/")


def test_a_page_is_read_as_words_heading_and_links(visitor: Visitor):
    page = visitor.get("/form")
    assert page.heading == "About the adult"
    assert page.links == {"more words": "/more"}
    assert "Save and continue" in page.text


def test_a_redirect_is_followed_to_the_page_it_leads_to(visitor: Visitor):
    assert visitor.get("/form-elsewhere").path == "/form"


def test_boxes_are_found_with_their_kinds_choices_and_values(visitor: Visitor):
    boxes = visitor.get("/form").form("Save and continue").boxes
    assert (boxes["token"].kind, boxes["token"].value) == ("hidden", "t-1")
    assert boxes["known"].choices == ["yes", "unknown"]
    assert (boxes["month"].choices, boxes["month"].value) == (["", "3"], "3")
    assert boxes["words"].value == "as\nthey are"


def test_without_a_button_the_form_that_asks_something_is_meant(visitor: Visitor):
    assert visitor.get("/form").form().buttons == ["Save and continue"]


def test_what_is_not_answered_keeps_what_it_holds_and_radios_take_unknown(visitor: Visitor):
    sent = visitor.submit(visitor.get("/form")).json["form"]
    assert sent == {
        "token": ["t-1"],
        "name": ["kept"],
        "words": ["as\nthey are"],
        "known": ["unknown"],
        "chosen": ["yes"],
        "month": ["3"],
    }


def test_answers_go_where_the_page_has_boxes_for_them(visitor: Visitor):
    answers = {"name": "any section", "adult.name": "this section", "ticks": ["a", "b"], "nowhere": "x"}
    sent = visitor.submit(visitor.get("/form"), answers, section="adult").json["form"]
    assert sent["name"] == ["this section"]
    assert sent["ticks"] == ["a", "b"]
    assert "nowhere" not in sent


def test_a_form_is_sent_as_this_sites_own_with_its_cookies(visitor: Visitor, address: str):
    sent = visitor.submit(visitor.get("/form")).json
    assert sent["origin"] == address
    assert sent["cookies"] == visitor.cookies == ["heed-form"]


def test_a_page_that_does_not_take_the_answers_is_refused_with_its_words(visitor: Visitor):
    with pytest.raises(Refused, match="Enter a name"):
        visitor.submit(visitor.get("/form"), {"name": "wrong"})


def test_a_button_that_is_not_there_is_named(visitor: Visitor):
    with pytest.raises(Refused, match="Send it"):
        visitor.submit(visitor.get("/form"), button="Send it")


def test_an_api_is_called_with_a_document_and_headers(visitor: Visitor):
    answer = visitor.call("POST", "/api/things", {"a": 1}, If_Match="v1")
    assert answer.json == {"said": {"a": 1}}


def test_what_an_api_refuses_is_said_in_its_own_words(visitor: Visitor):
    with pytest.raises(Refused, match=r"answered 412: Read it again first\."):
        visitor.call("POST", "/api/things", {"a": 1})


def test_a_page_that_fails_is_named_by_its_heading(visitor: Visitor):
    with pytest.raises(Refused, match="answered 500: Sorry, there is a problem"):
        visitor.get("/broken")


def test_an_answer_that_is_expected_is_no_failure(visitor: Visitor):
    assert visitor.get("/broken", expect=(200, 500)).response.status_code == 500


def test_where_nobody_answers_the_sentence_says_how_to_start_it():
    with pytest.raises(Unavailable, match="heed run"):
        Visitor(f"http://127.0.0.1:{free_port()}").get("/")
