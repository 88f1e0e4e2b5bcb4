"""Lists, charts and sheets: pages that add up, bars that compare, cells that run nothing."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import flask
import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.exceptions import HTTPException

from shared.clock import LONDON, new_id, wall_clock
from shared.web import charts, paging, sheets, wording
from shared.web.sheets import csv_file


@pytest.mark.parametrize("text", ["", "0", "-1", "two", "1.5", "²", "9999999", " 2"])
def test_what_is_no_page_number_means_the_first(text: str):
    assert paging.page_of({"page": text}).number == 1


def test_a_page_beyond_the_last_leads_to_the_last():
    with flask.Flask("lists").test_request_context("/list?state=open&page=9"):
        with pytest.raises(HTTPException) as led:
            paging.page_of(flask.request.args).of([], 53)
        assert led.value.response is not None
        assert led.value.response.headers["Location"] == "/list?state=open&page=2"
        assert paging.page_of({"page": "1"}).of([], 0).pages == 1


def test_a_reference_that_somebody_quotes_is_short():
    assert wording.quoted("9122a9a5-ff33-8b1b-a35e-4c1b9260e0fe") == "PR-9260E0FE"


def test_no_list_is_read_further_than_anybody_reads():
    assert paging.page_of({"page": "999999"}).number == 10_000


@given(st.integers(0, 2_000), st.integers(1, 60), st.integers(1, 100))
def test_the_pages_of_a_list_show_each_row_once(total: int, size: int, number: int):
    rows = list(range(total))
    asked = paging.Asked(number, size)
    shown = rows[asked.offset : asked.offset + asked.limit]
    page = asked.of(shown, total)
    assert page.pages == max(1, (total + size - 1) // size)
    if shown:
        assert (page.first, page.last) == (shown[0] + 1, shown[-1] + 1)
    else:
        assert (page.first, page.last) == (0, 0)


@given(st.integers(1, 400), st.integers(1, 400))
def test_the_pages_offered_are_the_ends_and_those_beside(pages: int, number: int):
    page: paging.Page[object] = paging.Page((), pages, min(number, pages), 1)
    offered = page.near()
    numbers = [one for one in offered if one is not None]
    assert {1, pages, page.number} <= set(numbers)
    assert numbers == sorted(set(numbers))
    assert len(offered) <= 7
    for before, gap, after in zip(offered, offered[1:], offered[2:], strict=False):
        if gap is None:
            assert before is not None
            assert after is not None
            assert after - before > 1


def test_the_address_of_another_page_keeps_the_filters():
    app = flask.Flask(__name__)
    with app.test_request_context("/search/matches?state=open&kind=a&kind=b&page=3"):
        address = paging.Page((), 200, 3).address(4)
    assert address == "/search/matches?state=open&kind=a&kind=b&page=4"


def test_bars_are_in_proportion_to_the_longest():
    drawing = charts.bars([("Police", 20), ("Health", 5), ("Faith", 0)])
    assert [one.bars[0].share for one in drawing.groups] == [80.0, 20.0, 0.0]
    assert [one.label for one in drawing.groups] == ["Police", "Health", "Faith"]


def test_groups_do_not_overlap_and_the_drawing_holds_them_all():
    drawing = charts.bars([("2024", (3, 1)), ("2025", (2, 4))], ("Met", "Not met"))
    places = [bar.y for group in drawing.groups for bar in group.bars]
    assert places == sorted(places)
    assert all(second - first >= drawing.thick for first, second in pairwise(places))
    assert drawing.height >= places[-1] + drawing.thick
    assert [name for name, _ in drawing.series] == ["Met", "Not met"]


def test_each_series_has_one_colour_in_every_group():
    drawing = charts.bars([("2024", (3, 1)), ("2025", (2, 4))], ("Met", "Not met"))
    for group in drawing.groups:
        assert [bar.colour for bar in group.bars] == [colour for _, colour in drawing.series]


@pytest.mark.parametrize("rows", [[], [("None", 0)], [("Corrected", -2)]])
def test_a_chart_without_anything_to_show_is_drawn_all_the_same(rows: list[tuple[str, float]]):
    drawing = charts.bars(rows)
    assert all(bar.share == 0.0 for group in drawing.groups for bar in group.bars)


def test_two_charts_of_a_page_have_different_ids():
    assert charts.bars([("a", 1)]).key != charts.bars([("a", 1)]).key


def sheet(*rows: tuple[object, ...]) -> list[list[str]]:
    response = csv_file("figures", ("Label", "Value"), rows)
    text = response.get_data(as_text=True)
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))[1:]


@pytest.mark.parametrize("text", ["=1+1", "+44", "-A1", "@SUM(A1)", "\tx", "=HYPERLINK('//x.example')"])
def test_a_cell_that_begins_like_a_formula_is_only_text(text: str):
    assert sheet((text, 1))[0][0] == f"'{text}"


def test_numbers_and_plain_words_stay_as_they_are():
    assert sheet(("St Mary’s, upper", -3), ('say "so"', 0.5)) == [
        ["St Mary’s, upper", "-3"],
        ['say "so"', "0.5"],
    ]


def test_a_figure_that_was_written_out_stays_a_figure():
    assert sheet(("-27.3", "-1 day")) == [["-27.3", "'-1 day"]]


def test_days_and_moments_are_londons_and_in_an_order_that_a_spreadsheet_can_sort():
    late = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    assert sheet((late, late.date()), (None, sheets.day(late))) == [
        ["2026-07-01 00:30", "2026-06-30"],
        ["", "2026-07-01"],
    ]


@given(st.text())
def test_no_cell_begins_like_a_formula_whatever_the_text(text: str):
    shown = sheets.cell(text)
    assert not shown.startswith(("=", "+", "@", "\t", "\r"))
    assert not shown.startswith("-") or shown.removeprefix("-").replace(".", "", 1).isdigit()
    assert shown.removeprefix("'") == text.removeprefix("'")


def test_a_sheet_is_a_download_with_a_name():
    response = csv_file("figures", ("Label",), ())
    assert response.headers["Content-Disposition"] == "attachment; filename=figures.csv"
    assert response.mimetype == "text/csv"


def test_a_moment_is_told_in_londons_time_and_day():
    late = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    assert wording.moment_words(late) == "1 July 2026 at 12:30am"
    assert wording.date_words(late) == "1 July 2026"


@pytest.mark.parametrize(
    ("hour", "words"), [(0, "12:05am"), (9, "9:05am"), (12, "12:05pm"), (13, "1:05pm"), (23, "11:05pm")]
)
def test_hours_are_written_as_people_say_them(hour: int, words: str):
    assert wording.moment_words(datetime(2026, 1, 5, hour, 5, tzinfo=LONDON)).endswith(f"at {words}")


def test_what_is_not_known_is_written_as_nothing():
    assert (wording.date_words(None), wording.moment_words(None)) == ("", "")
    assert wording.date_words(date(2026, 3, 7)) == "7 March 2026"


def test_lines_of_a_text_stay_lines_and_its_marks_stay_text():
    assert wording.multiline("a <b>\nc & d") == "a &lt;b&gt;<br>\nc &amp; d"
    assert wording.number(1234567) == "1,234,567"


def test_ids_differ_and_sort_by_the_time_they_were_made():
    made = [new_id() for _ in range(500)]
    assert len(set(made)) == 500
    assert [one[:13] for one in made] == sorted(one[:13] for one in made)
    assert {one[14] for one in made} == {"7"}
    assert {one[19] for one in made} <= set("89ab")


def test_an_id_says_when_it_was_made():
    before = wall_clock() - timedelta(milliseconds=2)
    moment = datetime.fromtimestamp(int(new_id().replace("-", "")[:12], 16) / 1000, UTC)
    assert before <= moment <= wall_clock()
