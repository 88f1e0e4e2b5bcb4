"""Bad input on the pages of casework: clear sentences, answers kept, nothing run and nothing leaked."""

import pytest

from services.casework.store import cases
from shared.vocabulary import Role
from tests.casework.builders import a_contact, an_adult, an_allegation, open_a_case, system
from tests.casework.conftest import Desk, case_id_of
from tests.casework.test_pages import seen
from tests.page_client import PageClient

NASTY = '<script>alert("x")</script> ${7 * 7} \'; DROP TABLE case_file; --'
SCRIPTS = ("Зоя Ильина", "محمد علي", "李小龍", "Zoë Ærøskøbing", "👩‍🏫 teacher", "e\u0301")
WORDS = {
    "/notes/new": ("words", "Add to the chronology"),
    "/meetings/not-needed": ("reason", "Save"),
    "/people/adult-1/support": ("support", "Save"),
    "/child": ("voice", "Save"),
}


@pytest.mark.parametrize("path", WORDS)
def test_what_is_typed_is_shown_as_typed_and_never_run(case: str, browser: PageClient, path: str):
    name, button = WORDS[path]
    browser.get(case + path)
    browser.submit({name: NASTY}, button)
    page = browser.get(f"{case}/chronology") if path == "/notes/new" else browser.page
    assert page is not None
    assert "<script>alert" not in page.html
    shown = browser.get(f"{case}/people").text + browser.get(f"{case}/chronology").text
    assert "DROP TABLE case_file" in shown


@pytest.mark.parametrize("text", SCRIPTS)
def test_names_and_words_of_any_script_come_back_whole(desk: Desk, browser: PageClient, text: str):
    import unicodedata

    adult = an_adult(names=(a_contact().adults[0].names[0].__class__(full=text),))
    case_id = open_a_case(desk.database, adults=(adult,), allegations=(an_allegation(narrative=text),))
    page = browser.as_(Role.OFFICER).get(f"/casework/cases/{case_id}")
    assert text in page.text
    browser.get(f"/casework/cases/{case_id}/notes/new")
    kept = browser.submit({"words": text}, "Add to the chronology")
    assert unicodedata.normalize("NFC", text) in kept.text


@pytest.mark.parametrize("path", WORDS)
def test_too_much_is_said_and_kept_on_the_page(case: str, browser: PageClient, path: str):
    name, button = WORDS[path]
    browser.get(case + path)
    page = browser.submit({name: "x" * 10_001}, button, 422)
    (said,) = page.errors
    assert said.casefold().endswith("use 10,000 characters or fewer.") and said.index(
        ":" if ":" in said else "?"
    )
    assert "x" * 10_001 in page.html


@pytest.mark.parametrize("path", WORDS)
def test_characters_that_nobody_can_read_are_said(case: str, browser: PageClient, path: str):
    name, button = WORDS[path]
    browser.get(case + path)
    assert "cannot be shown" in browser.submit({name: "a\x07b"}, button, 422).errors[0]


@pytest.mark.parametrize(
    ("path", "missing"),
    [
        ("/meetings/new", {"kind", "starts_at-day"}),
        ("/facts", {"serious_harm", "police_involved"}),
        ("/people/adult-1/facts", {"regulated_activity"}),
        ("/allegations/allegation-1/outcome", {"proved", "disproved", "basis", "outcome", "reasons"}),
        ("/people/adult-1/safeguards/new", {"code", "step", "at-day", "reason"}),
        ("/review", {"reason"}),
    ],
)
def test_every_question_left_out_is_named_with_a_link_to_it(
    case: str, browser: PageClient, path: str, missing: set[str]
):
    page = browser.post(case + path, {}, 422)
    assert page.title.startswith("Error: ")
    linked = {link.removeprefix("#") for link in page.links.values() if link.startswith("#")}
    assert missing <= linked
    assert len(set(page.errors)) == len(page.errors)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ({"day": "31", "month": "2", "year": "2026", "time": "10:00"}, "real date"),
        ({"day": "1", "month": "3", "year": "", "time": "10:00"}, "must include a year"),
        ({"day": "1", "month": "3", "year": "26", "time": "10:00"}, "4 numbers"),
        ({"day": "1", "month": "3", "year": "2026", "time": "25:00"}, "time"),
        ({"day": "x", "month": "3", "year": "2026", "time": "10:00"}, "real date"),
    ],
)
def test_a_moment_that_is_none_is_said(case: str, browser: PageClient, day: dict[str, str], words: str):
    browser.get(f"{case}/meetings/new?kind=MEETING_INITIAL")
    page = browser.submit({f"starts_at-{box}": text for box, text in day.items()}, "Save", 422)
    assert words in page.errors[0]


@pytest.mark.parametrize("name", ["kind", "starts_at-day"])
def test_a_choice_nobody_offered_is_refused(case: str, browser: PageClient, name: str):
    answers = {
        "kind": "MEETING_INITIAL",
        "starts_at-day": "4",
        "starts_at-month": "3",
        "starts_at-year": "2026",
    }
    page = browser.post(
        f"{case}/meetings/new", {**answers, "starts_at-time": "10:00", name: "TEA_PARTY"}, 422
    )
    assert len(page.errors) == 1


def test_a_version_that_is_no_number_is_refused(case: str, browser: PageClient):
    for version in ("latest", "-1", "²"):
        answers = {"serious_harm": "yes", "police_involved": "no", "version": version}
        assert "Somebody else" in browser.post(f"{case}/facts", answers, 422).errors[0]


def test_an_act_from_another_site_is_refused(desk: Desk, case: str, browser: PageClient):
    answers = {"serious_harm": "yes", "police_involved": "no"}
    browser._go(  # the client itself always says where it comes from
        "POST",
        f"{case}/facts",
        {"data": answers, "headers": {"Origin": "https://elsewhere.example"}},
        403,
        True,
    )
    with desk.database.reading(system()) as tx:
        assert cases.get(tx, case_id_of(case)).case.serious_harm is None


@pytest.mark.parametrize(
    "address", ["/casework/cases/nothing", "/casework/cases/%00", "/casework/cases/" + "9" * 400]
)
def test_an_address_that_leads_nowhere_helps_and_tells_nothing(browser: PageClient, address: str, case: str):
    page = browser.get(address, 404)
    assert "Morag" not in page.html
    assert "Traceback" not in page.html


def test_a_spreadsheet_never_runs_what_somebody_typed(desk: Desk, browser: PageClient):
    formula = a_contact().adults[0].names[0].__class__(full='=HYPERLINK("http://elsewhere.example")')
    open_a_case(desk.database, adults=(an_adult(names=(formula,)),))
    lines = browser.as_(Role.OFFICER).get("/casework/cases.csv").html
    assert "'=HYPERLINK" in lines


def test_nothing_is_saved_when_a_filter_makes_no_sense(desk: Desk, browser: PageClient, case: str):
    page = browser.as_(Role.OFFICER).get("/casework/cases.csv?due=soonish", 422)
    assert "Nothing was saved: a filter in the address makes no sense." in page.text
    assert "exported" not in {one.act for one in seen(desk)}


def test_the_list_goes_on_over_pages(desk: Desk, browser: PageClient):
    from tests.casework.builders import open_within, prepare

    prepare(desk.database)
    with desk.database.transaction(system()) as tx:
        for number in range(53):
            open_within(tx, contact_id=f"contact-{number}", reference=f"DOR-2026-{number:04}")
    first = browser.as_(Role.OFFICER).get("/casework/cases?stage=open")
    assert len(first.rows("Cases")) == 50
    assert "Showing 1 to 50 of 53" in first.text
    second = browser.get("/casework/cases?stage=open&page=2")
    assert len(second.rows("Cases")) == 3
    assert browser.get("/casework/cases?stage=open&page=99").path == "/casework/cases?stage=open&page=2"
    assert browser.get("/casework/cases.csv").html.count("DOR-2026-") == 53
