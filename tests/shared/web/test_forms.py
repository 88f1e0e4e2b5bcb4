"""Forms: every kind of answer, the sentences, and what is kept when something has to be put right."""

import io
from datetime import UTC, date, datetime
from typing import Any

import flask
import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import Schema, ValidationError, fields

from shared.errors import Invalid
from shared.web import answers
from shared.web.forms import Form, Moment
from shared.web.host import Visit
from tests.conftest import MONDAY_MORNING
from tests.page_client import PageClient
from tests.shared.web.tiny import Answers

APP = flask.Flask("forms")


def _form(data: dict[str, Any], schema: type[Schema] = Answers) -> tuple[Form, dict[str, Any] | None]:
    with APP.test_request_context(method="POST", data=data):
        flask.g.visit = Visit(MONDAY_MORNING, "thread-1")
        form = Form(schema)
        return form, form.submitted()


def _loaded(**data: Any) -> dict[str, Any]:
    form, found = _form({"name": "Robin", **{key.replace("__", "-"): value for key, value in data.items()}})
    assert found is not None, form.errors
    return found


def _refused(about: str, **data: Any) -> str:
    form, found = _form({"name": "Robin", **{key.replace("__", "-"): value for key, value in data.items()}})
    assert found is None
    return form.error(about)


def test_a_page_that_was_only_fetched_has_no_answers_and_no_errors():
    with APP.test_request_context():
        form = Form(Answers, {"name": "Robin"})
        assert form.submitted() is None and form.errors == {} and form.status == 200
        assert form.value("name") == "Robin"


def test_a_question_left_blank_is_absent():
    assert _loaded(story="  ", kind="", wants=[""], on__day="") == {"name": "Robin"}


def test_every_kind_of_answer_is_understood():
    plain = {
        "story": "a\r\nb",
        "email": "a@b.example",
        "count": "3",
        "kind": "A",
        "wants": ["X", "Y"],
        "agreed": "no",
    }
    dates = _boxes("on", "27", "March", "2026") | _boxes("born", "", "", "1980")
    found = _loaded(**plain, **dates, **_boxes("starts", "1", "7", "2026", time="2pm"))
    assert found["story"] == "a\nb" and found["count"] == 3
    assert found["wants"] == ["X", "Y"] and found["agreed"] is False
    assert found["on"] == date(2026, 3, 27) and found["born"] == "1980"
    assert found["starts"] == datetime(2026, 7, 1, 13, 0, tzinfo=UTC)


NO_DATE, NO_TIME = "Enter a real date, like 27 3 2026.", "Enter a time, like 9:30am or 14:00."
UNSHOWN = "This has characters in it that cannot be shown. Delete it and type it again."


def _boxes(name: str, day: str = "", month: str = "", year: str = "", **more: str) -> dict[str, str]:
    given = {"day": day, "month": month, "year": year, **more}
    return {f"{name}__{box}": typed for box, typed in given.items()}


@pytest.mark.parametrize(
    ("about", "data", "sentence"),
    [
        ("name", {"name": ""}, "Enter a name."),
        ("name", {"name": "x" * 21}, "Use 20 characters or fewer."),
        ("email", {"email": "nobody"}, "Enter an e-mail address, like name@school.example."),
        ("count", {"count": "three"}, "Enter a number."),
        ("kind", {"kind": "C"}, "Choose from the answers listed."),
        ("wants", {"wants": ["X", "Z"]}, "Choose from the answers listed."),
        ("agreed", {"agreed": "perhaps"}, "Choose yes or no."),
        ("story", {"story": "x" * 20_001}, "Use 20,000 characters or fewer."),
        ("story", {"story": "a\x00b"}, UNSHOWN),
        ("story", {"story": "a\ufffdb"}, UNSHOWN),
        ("name", {"name": "Ann \u202ereversed"}, UNSHOWN),
        ("born", _boxes("born", "", "", "2090"), "The date must be today or in the past."),
        ("on", _boxes("on", "30", "2", "2026"), NO_DATE),
        ("on", _boxes("on", "3"), "The date must include a month and year."),
        ("on", _boxes("on", "3", "4", "26"), "The year must have 4 numbers, like 2026."),
        ("on", _boxes("on", "x", "4", "2026"), NO_DATE),
        ("on", _boxes("on", "3", "Brumaire", "2026"), NO_DATE),
        ("born", _boxes("born", "3", "", "1980"), "Enter at least the year; the day needs its month."),
        ("starts", _boxes("starts", "1", "2", "2026", time="25:00"), NO_TIME),
        ("starts", _boxes("starts", "1", "2", "2026", time="13pm"), NO_TIME),
        ("starts", _boxes("starts", "1", "2", "2026"), NO_TIME),
    ],
)
def test_each_fault_has_a_sentence_that_says_what_to_do(about: str, data: dict[str, Any], sentence: str):
    assert _refused(about, **data) == sentence


@pytest.mark.parametrize(
    ("day", "month", "year", "expected"),
    [
        ("", "", "1980", "1980"),
        ("", "3", "1980", "1980-03"),
        ("9", "sep", "1980", "1980-09-09"),
        ("31", "12", "1999", "1999-12-31"),
    ],
)
def test_a_date_may_be_known_in_part(day: str, month: str, year: str, expected: str):
    assert _loaded(born__day=day, born__month=month, born__year=year)["born"] == expected


@pytest.mark.parametrize(
    ("typed", "hour"),
    [("9", 9), ("9.30am", 9), ("12am", 0), ("12pm", 12), ("1:15 PM", 13), ("0900", 9), ("23:59", 23)],
)
def test_a_time_is_read_as_people_write_it(typed: str, hour: int):
    found = _loaded(starts__day="1", starts__month="2", starts__year="2026", starts__time=typed)
    assert found["starts"].hour == hour


def test_everything_is_put_right_in_the_order_of_the_page():
    form, _ = _form({"name": "", "starts-day": "1", "email": "x", "count": "x"})
    assert list(form.errors) == ["name", "email", "count", "starts"]
    assert [anchor for anchor, _ in form.summary()] == ["name", "email", "count", "starts-day"]


def test_what_was_typed_is_kept(officer: PageClient):
    officer.get("/tiny/ask")
    typed = {
        "name": "",
        "story": "first\n\n  second <b>",
        "kind": "B",
        "wants": ["Y"],
        "on-day": "31",
        "on-month": "2",
        "on-year": "2026",
    }
    page = officer.submit(typed, "Send", 422)
    assert page.title.startswith("Error: Ask - ")
    assert page.errors == ["Enter a name.", "On which day: enter a real date, like 27 3 2026."]
    again = officer.submit({"name": "Robin", "on-day": "1"}, "Send").json
    assert again["story"] == "first\n\n  second <b>" and again["kind"] == "B" and again["on"] == "2026-02-01"


def test_what_no_page_may_hold_comes_back_as_a_mark(officer: PageClient):
    officer.get("/tiny/ask")
    page = officer.submit({"name": "a\x00b\x1fc", "story": "\x07", "kind": "\x00"}, "Send", 422)
    assert "a\ufffdb\ufffdc" in page.html and len(page.errors) == 3


def test_initial_values_of_every_kind_fill_their_boxes():
    with APP.test_request_context():
        form = Form(
            Answers,
            {"on": date(2026, 3, 1), "born": "1980-02", "starts": datetime(2026, 7, 1, 13, 5, tzinfo=UTC),
             "agreed": True, "wants": ["X", "Y"], "count": 3, "story": None},
        )  # fmt: skip
    assert [form.value(f"on-{part}") for part in ("day", "month", "year")] == ["1", "3", "2026"]
    assert [form.value(f"born-{part}") for part in ("day", "month", "year")] == ["", "02", "1980"]
    assert (
        form.value("starts-time") == "14:05" and form.value("agreed") == "yes" and form.value("count") == "3"
    )
    assert form.values("wants") == ["X", "Y"] and form.value("story") == ""


def test_what_an_action_refuses_stands_under_its_question():
    form, _ = _form({"name": "Robin"})
    form.refuse(Invalid("Look again.", {"name": ["That name is taken."]}))
    form.refuse("The whole page is wrong.")
    assert form.status == 422
    assert form.summary() == [("name", "That name is taken."), ("", "The whole page is wrong.")]


def test_files_are_counted(officer: PageClient):
    officer.get("/tiny/ask")
    several = [(io.BytesIO(b"x"), f"{number}.txt") for number in range(3)]
    assert officer.submit({"name": "Robin", "evidence": several}, "Send", 422).errors == [
        "Evidence: choose 2 files or fewer."
    ]


def test_a_file_arrives_with_its_name():
    found = _loaded(evidence=(io.BytesIO(b"content"), "note.txt"))
    assert [one.filename for one in found["evidence"]] == ["note.txt"]


class Filters(Schema):
    """Filters of a list."""

    state = fields.String(load_default="open")
    since = fields.Date()
    most = fields.Integer(load_default=10)


def test_filters_that_make_no_sense_are_named_and_left_out():
    with APP.test_request_context("/list?state=closed&most=lots&since-day=1&page=2"):
        form = Form(Filters)
        assert form.filters() == {"state": "closed", "most": 10}
        assert set(form.errors) == {"most", "since"}
        assert form.value("most") == "lots"


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("How many", "How many: enter a number."),
        ("How many are there?", "How many are there? Enter a number."),
    ],
)
def test_a_sentence_that_fits_any_question_is_said_with_its_own(question: str, words: str):
    form, _ = _form({"name": "Robin", "count": "lots"})
    assert form.error("count") == "Enter a number."
    assert form.error("count", question) == words
    assert form.summary() == [("count", words)]


def test_the_summary_is_in_the_order_in_which_the_page_asks():
    form, _ = _form({"name": "", "count": "lots"})
    form.refuse("Nobody may do this.")
    for name, question in (("count", "How many"), ("name", "Name")):
        form.error(name, question)
    assert [anchor for anchor, _ in form.summary()] == ["count", "name", ""]


def test_a_sentence_of_the_schemas_own_stands_alone():
    form, _ = _form({"name": ""})
    said = form.error("name")
    assert form.error("name", "Name") == said and form.summary() == [("name", said)]


def test_a_file_is_not_made_with_filters_that_make_no_sense():
    with APP.test_request_context("/list?most=lots"), pytest.raises(Invalid) as refused:
        Form(Filters).exact()
    assert list(refused.value.fields) == ["most"]


def test_filters_may_be_all_absent():
    with APP.test_request_context("/list"):
        assert Form(Filters).filters() == {"state": "open", "most": 10}


@given(st.text(max_size=300))
def test_no_text_breaks_the_reading(text: str):
    try:
        found = answers.clean(text)
    except ValidationError:
        return
    assert "\r" not in found and "\x00" not in found and found == found.strip()
    assert answers.clean(found) == found


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2040, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_moment_survives_the_page(moment: datetime):
    class One(Schema):
        at = Moment()

    moment = moment.replace(second=0, microsecond=0)
    with APP.test_request_context():
        shown = Form(One, {"at": moment})
        data = {f"at-{part}": shown.value(f"at-{part}") for part in ("day", "month", "year", "time")}
    _, found = _form(data, One)
    assert found is not None
    # The hour that is there twice in October reads as its first.
    assert (found["at"] - moment).total_seconds() in {0, -3600}
