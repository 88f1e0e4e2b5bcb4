"""The form as data: what is asked of whom, in which order, and how answers are kept and read back."""

from datetime import UTC, date, datetime, time
from itertools import pairwise
from typing import Any
from unicodedata import normalize

import flask
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain import codes
from services.intake.web.journey import JOURNEY, SCREENER, Context, Page, Question, Section
from services.intake.web.journey.conditions import CONDITIONS
from services.intake.web.journey.questions import date_words
from services.intake.web.journey.reading import read
from shared.web.host import Visit

TODAY = date(2026, 3, 2)
SECTIONS = (SCREENER, *JOURNEY.sections)
APP = flask.Flask(__name__)


def a_context(**answers: Any) -> Context:
    """What a form knows so far."""
    return Context(codes.shipped(), TODAY, answers)


def ask(
    page: Page, typed: dict[str, Any], **answers: Any
) -> tuple[dict[str, Any] | None, dict[str, list[str]]]:
    """The answers that a page makes of what was typed, and what it refuses."""
    context = a_context(**answers)
    with APP.test_request_context(method="POST", data=typed):
        flask.g.visit = Visit(datetime.combine(TODAY, time(9), UTC), "thread-1")
        form = page.form(context, {})
        return page.read(form, context), form.errors


def page(section: str, name: str) -> Page:
    """One page of the form."""
    found = next(one for one in SECTIONS if one.name == section).page(name)
    assert found
    return found


def path(section: str, item: dict[str, Any], **answers: Any) -> list[str]:
    """The pages that somebody is asked."""
    chosen = next(one for one in SECTIONS if one.name == section)
    return [one.name for one in chosen.path(a_context(**answers), item)]


def test_the_form_reads_the_same_each_time():
    screener, journey = read()
    assert [section.name for section in journey.sections] == [section.name for section in JOURNEY.sections]
    assert screener.name == "screener"


def test_the_screener_asks_for_nothing_personal():
    kinds = {one.kind for each in SCREENER.pages for one in each.questions}
    assert kinds <= {"radios", "checkboxes"}
    assert SCREENER.pages[0].name == "danger"


@pytest.mark.parametrize("name", [each.name for each in SCREENER.pages])
def test_being_unsure_never_leads_out_of_the_form(name: str):
    assert page("screener", name).stop({name: "not_sure"}) == ""


@pytest.mark.parametrize("agency", list(codes.shipped()["referrer_agency"]))
def test_professionals_say_where_they_work_and_others_may_stay_unnamed(agency: str):
    asked = path("you", {"agency": agency})
    assert ("work" in asked) != ("identity" in asked)
    if "identity" in asked:
        assert "name" not in path("you", {"agency": agency, "identity": "anonymous"})
        assert "name" in path("you", {"agency": agency, "identity": "named"})


def test_who_was_involved_is_asked_only_when_there_is_a_choice():
    one, two = [{"id": "1", "given": "A"}], [{"id": "1", "given": "A"}, {"id": "2"}]
    assert "who" not in path("events", {}, adults=one)
    assert "who" in path("events", {}, adults=two)
    assert "who" in path("events", {}, adults=one, children=[{"id": "3"}])


def test_choices_made_of_earlier_answers_have_names():
    context = a_context(
        adults=[{"id": "1", "given": "Alma", "surname": "Finch"}, {"id": "2"}], children=[{"id": "3"}]
    )
    first, second = page("events", "who").questions
    assert first.options(context) == [("1", "Alma Finch"), ("2", "Adult 2")]
    assert second.options(context) == [("3", "Child 1")]


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.name)
def test_going_on_and_back_are_each_other_s_opposite(section: Section):
    context = a_context(adults=[{"id": "1"}, {"id": "2"}])
    for item in ({}, {"agency": "PUBLIC", "identity": "named"}, {"agency": "POLICE"}):
        asked = section.path(context, item)
        for before, after in pairwise(asked):
            assert section.after(before, context, item) == after
            assert section.before(after, context, item) == before
        assert section.before(asked[0], context, item) is None
        assert section.after(asked[-1], context, item) is None


@pytest.mark.parametrize("section", JOURNEY.sections, ids=lambda section: section.name)
def test_a_task_is_new_then_started_then_done(section: Section):
    assert section.status(a_context()) == "new"
    first = {"id": "1", **{one.name: "" for one in section.pages[0].questions}}
    item: dict[str, Any] = {"id": "1", "agency": "POLICE"}
    for each in section.pages:
        item |= {one.name: "" for one in each.questions if one.name != "agency"}
    started, done = ([first], [item]) if section.many else (first, item)
    if len(section.pages) > 1:
        assert section.status(a_context(**{section.name: started})) == "started"
    assert section.status(a_context(**{section.name: done})) == "done"


@pytest.mark.parametrize("section", JOURNEY.sections, ids=lambda section: section.name)
def test_every_question_that_needs_an_answer_says_so_in_its_own_words(section: Section):
    for each in section.pages:
        for one in each.questions:
            if one.required:
                _, errors = ask(each, {}, adults=[{"id": "1"}, {"id": "2"}], children=[{"id": "3"}])
                assert errors[one.name] == [one.required]


def _texts() -> list[tuple[Page, Question]]:
    return [
        (each, one)
        for section in JOURNEY.sections
        for each in section.pages
        for one in each.questions
        if one.kind in {"text", "long"}
    ]


@pytest.mark.parametrize(("each", "one"), _texts(), ids=lambda given: given.name)
def test_every_text_has_a_limit_that_holds(each: Page, one: Question):
    _, errors = ask(each, {one.name: "x" * (one.limit + 1)})
    assert one.name in errors
    _, errors = ask(each, {one.name: "é" * one.limit})
    assert one.name not in errors


@pytest.mark.parametrize(("each", "one"), _texts()[:6], ids=lambda given: given.name)
def test_signs_that_cannot_be_shown_are_refused(each: Page, one: Question):
    for sign in ("\x00", "\x1b", "\ud800"):
        _, errors = ask(each, {one.name: f"a{sign}b"} if sign != "\ud800" else {one.name: "a\x07b"})
        assert "cannot be shown" in errors[one.name][0]


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), min_size=1, max_size=200))
def test_any_script_is_kept_as_it_was_typed(text: str):
    typed, errors = ask(page("adults", "name"), {"given": text, "no_name": "yes"})
    assert not errors
    assert typed is not None
    assert typed["given"].split() == normalize("NFC", text).split()


@pytest.mark.parametrize(
    ("email", "accepted"),
    [
        ("head@oakfield.example", True),
        ("first.last+news@mail.oakfield.example", True),
        ("head@oakfield", False),
        ("head at oakfield.example", False),
        ("héad@oakfield.example", False),
        ("a@b.example, c@d.example", False),
    ],
)
def test_an_address_is_one_that_a_letter_can_be_sent_to(email: str, accepted: bool):
    _, errors = ask(page("you", "reach"), {"email": email})
    assert ("email" not in errors) is accepted


@pytest.mark.parametrize(
    ("phone", "accepted"), [("01632 960 001", True), ("+44 (0)1632-960001", True), ("ring me", False)]
)
def test_a_telephone_number_has_figures(phone: str, accepted: bool):
    _, errors = ask(page("you", "reach"), {"phone": phone})
    assert ("phone" not in errors) is accepted


@pytest.mark.parametrize(
    ("age", "accepted"), [("1", True), ("120", True), ("0", False), ("121", False), ("forty", False)]
)
def test_an_age_is_a_person_s(age: str, accepted: bool):
    _, errors = ask(page("adults", "born"), {"age": age})
    assert ("age" not in errors) is accepted


def test_part_of_a_date_is_enough():
    for typed, kept in (
        ({"born-year": "1985"}, "1985"),
        ({"born-month": "3", "born-year": "1985"}, "1985-03"),
        ({"born-day": "7", "born-month": "march", "born-year": "1985"}, "1985-03-07"),
    ):
        answers, errors = ask(page("adults", "born"), typed)
        assert not errors
        assert answers
        assert answers["born"] == kept
    _, errors = ask(page("adults", "born"), {"born-day": "31", "born-month": "2", "born-year": "1985"})
    assert errors["born"] == ["Enter a real date, like 27 3 2026."]
    _, errors = ask(page("adults", "born"), {"born-year": str(TODAY.year + 1)})
    assert errors["born"] == ["The date must be today or in the past."]


def test_what_is_left_blank_is_kept_as_blank():
    answers, _ = ask(page("adults", "name"), {"surname": "Finch"})
    assert answers == {
        "given": "",
        "surname": "Finch",
        "middle": "",
        "known_as": "",
        "previous": "",
        "no_name": [],
    }


def test_an_answer_that_hangs_on_a_choice_is_kept_with_it():
    answers, _ = ask(page("adults", "knows"), {"knows": "yes", "knows_how": "The head told her."})
    assert answers == {"knows": "yes", "knows_how": "The head told her."}
    assert page("adults", "knows").rows(a_context(), {"knows": "no"}) == [
        ("Does the adult know that a concern has been raised?", "No")
    ]


def test_a_moment_is_kept_and_shown_again():
    one = page("done", "known").questions[0]
    typed = {"known-day": "1", "known-month": "7", "known-year": "2026", "known-time": "9:30am"}
    answers, errors = ask(page("done", "known"), typed)
    assert not errors
    assert answers
    assert answers["known"] == "2026-07-01T08:30:00+00:00"
    assert one.shown(answers["known"]) == datetime(2026, 7, 1, 8, 30, tzinfo=UTC)
    assert one.words(answers["known"], a_context()) == "9:30am on Wednesday 1 July 2026"
    assert one.shown("") is None


@pytest.mark.parametrize(
    ("kept", "words"), [("1985", "1985"), ("1985-03", "March 1985"), ("1985-03-07", "7 March 1985")]
)
def test_dates_are_read_back_as_far_as_they_are_known(kept: str, words: str):
    assert date_words(kept) == words


def test_choices_are_read_back_in_words():
    one = page("done", "safe").questions[0]
    assert one.words(["SUPERVISED", "LEAVE"], a_context()) == "The adult is supervised\nThe adult is on leave"
    assert one.words([], a_context()) == ""
    assert one.words(["GONE"], a_context()) == "GONE"


def test_check_answers_names_what_was_left_blank_once():
    item = {
        "id": "1",
        "given": "Alma",
        "surname": "Finch",
        **dict.fromkeys(("middle", "known_as", "previous"), ""),
    }
    (card,) = JOURNEY.cards(a_context(adults=[item]))
    assert card.heading == "The adult: Alma Finch"
    assert card.rows[0] == ("First name", "Alma", "name")
    assert card.rows[-1][0] == "Left blank"
    assert "If you do not know" not in card.rows[-1][1]


def test_the_passages_kept_for_ever_are_what_was_shown():
    context = a_context(you={"agency": "POLICE", "surname": "Quill"})
    (passage,) = JOURNEY.passages(context)
    assert ("Which of these describes you best?", "Police") in passage.rows
    assert ("Last name", "Quill") in passage.rows


def test_every_condition_is_used_and_answers_for_an_empty_form():
    for condition in CONDITIONS.values():
        assert condition(a_context(), {}) in {True, False}


@given(
    st.dictionaries(
        st.sampled_from([section.name for section in JOURNEY.sections if section.many]),
        st.lists(st.fixed_dictionaries({"id": st.uuids().map(str)}), max_size=3),
    )
)
def test_whatever_was_begun_the_form_can_be_looked_over(answers: dict[str, Any]):
    context = a_context(**answers)
    cards = JOURNEY.cards(context)
    assert len(cards) == sum(len(items) for items in answers.values())
    assert all(section.status(context) in {"new", "started", "done"} for section in JOURNEY.sections)
