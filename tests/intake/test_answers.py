"""From the form's answers to a report."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from services.intake.domain import answers as content
from services.intake.domain.report import Passage, Report, check
from services.intake.web.journey import JOURNEY, SCREENER, Page
from shared.clock import new_id
from shared.contracts.people import Name

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def some_answers(**differs: Any) -> dict[str, Any]:
    """A complete form with two adults."""
    one, two = new_id(), new_id()
    given: dict[str, Any] = {
        "you": {
            "agency": "EDU_SCHOOL",
            "given": "Hester",
            "surname": "Quill",
            "email": "head@oakfield.example",
        },
        "adults": [
            {"id": one, "given": "Alma", "surname": "Finch", "previous": "Alma Reed\nAlma Stone", "age": 40},
            {"id": two, "known_as": "Coach Ben", "born": "1990-05"},
        ],
        "work": [
            {
                "id": new_id(),
                "adult": one,
                "setting": "Oakfield School",
                "sector": "EDUCATION_ACADEMY",
                "urn": "9001",
            },
            {"id": new_id(), "adult": two, "setting": "Oak Rovers", "unsupervised": "yes"},
        ],
        "children": [{"id": new_id(), "given": "Robin"}, {"id": new_id(), "no_name": []}],
        "events": [{"id": new_id(), "adults": [one, two], "narrative": "Pushed.", "category": "PHYSICAL"}],
        "done": {"known": "2026-03-01T08:00:00+00:00"},
    }
    return {**given, **differs}


def made(**differs: Any) -> Report:
    """The report of these answers."""
    return content.report(some_answers(**differs), [Passage(heading="You", rows=(("Name", "Hester"),))], NOW)


def test_names_keep_their_kinds():
    adult = made().adults[0]
    assert adult.names == (
        Name(kind="legal", given="Alma", surname="Finch"),
        Name(kind="previous", full="Alma Reed"),
        Name(kind="previous", full="Alma Stone"),
    )


def test_an_age_becomes_a_year_that_says_so():
    first, second = made().adults
    assert (first.born, first.born_from_age) == ("1986", True)
    assert (second.born, second.born_from_age) == ("1990-05", False)


def test_each_adult_has_their_own_work():
    first, second = made().adults
    assert [work.setting.name for work in first.work] == ["Oakfield School"]
    assert first.work[0].setting.identifiers[0].value == "9001"
    assert second.work[0].regulated_activity is True


def test_an_event_about_two_adults_is_two_allegations():
    report = check(made(), NOW)
    assert {one.adult_id for one in report.allegations} == {adult.id for adult in report.adults}
    assert len({one.id for one in report.allegations}) == 2
    assert all(len(one.id) == 36 for one in report.allegations)


def test_a_child_of_whom_nothing_is_known_is_left_out():
    assert [child.name for child in made().children] == ["Robin"]


def test_one_adult_needs_not_be_chosen():
    only = {"id": new_id(), "surname": "Finch"}
    report = made(
        adults=[only],
        work=[{"id": new_id(), "setting": "Oakfield"}],
        events=[
            {
                "id": new_id(),
                "narrative": "Pushed.",
                "category": "PHYSICAL",
                "concern_time": "NON_RECENT_CHILD",
            }
        ],
    )
    assert report.allegations[0].adult_id == only["id"]
    assert report.adults[0].work[0].setting.name == "Oakfield"
    assert report.concern_time == "NON_RECENT_CHILD"


def test_somebody_who_stays_unnamed_leaves_no_trace():
    report = made(
        you={"agency": "PUBLIC", "identity": "anonymous", "surname": "Quill", "email": "a@b.example"}
    )
    assert report.referrer.agency == "PUBLIC"
    assert not (report.referrer.name or report.referrer.email)


def test_only_what_is_needed_is_asked_for():
    assert content.missing(some_answers()) == {}
    assert set(content.missing({})) == {"you", "adults", "work", "events"}
    anonymous = some_answers(you={"agency": "PUBLIC", "identity": "anonymous"})
    assert content.missing(anonymous) == {}
    unsaid = some_answers(events=[{"id": "1", "narrative": "", "category": "PHYSICAL"}])
    assert set(content.missing(unsaid)) == {"events"}


def test_a_report_survives_being_written_down():
    report = made()
    assert msgspec.json.decode(msgspec.json.encode(report), type=Report) == report


def _pages() -> list[Page]:
    return [page for section in (SCREENER, *JOURNEY.sections) for page in section.pages]


def test_every_question_has_its_own_name_and_no_page_asks_too_much():
    for page in _pages():
        names = [one.name for one in page.questions]
        assert len(names) == len(set(names))
        assert len(names) <= 6


def test_the_form_never_calls_the_adult_a_culprit():
    words = " ".join(
        f"{one.label} {one.hint} {page.title} {page.intro}" for page in _pages() for one in page.questions
    ).lower()
    for word in ("perpetrator", "abuser", "offender", "accused", "victim"):
        assert word not in words
