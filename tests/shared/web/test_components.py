"""The macros: whole pages that hold to the checker, and what each must not forget."""

import pytest
from markupsafe import Markup
from marshmallow import Schema

from shared.web import charts, components
from shared.web.forms import Form
from tests.conftest import MONDAY_MORNING
from tests.page_client import PageClient
from tests.shared.web.tiny import Tiny


def _render(tiny: Tiny, text: str, **context: object) -> str:
    with tiny.app.test_request_context("/tiny/work"):
        return tiny.app.jinja_env.from_string(text).render(**context)


def test_every_macro_makes_a_sound_page(browser: PageClient):
    page = browser.get("/tiny/parts")
    assert page.title == "Parts - Tiny - Heed"
    assert "Aside <b>" in page.text
    assert page.rows("Figures") == [["2025", "3"], ["2026", "4"]]
    assert page.rows("Nothing") == [["Nothing to show."]]
    assert "1,200" in page.text and "2 March 2026 at 9:30am" in page.text


def test_the_links_of_a_list_lead_on(browser: PageClient):
    page = browser.get("/tiny/parts")
    assert page.links["Next page"] == "/tiny/parts?page=3"


@pytest.mark.parametrize(
    "macro",
    [
        'heading("")',
        'button("")',
        'tag("")',
        'data_table("", [], [])',
        'bar_chart("t", "", [])',
        'clock("", "")',
    ],
)
def test_a_macro_without_its_words_is_a_fault_not_an_empty_bar(tiny: Tiny, macro: str):
    name = macro.partition("(")[0]
    with pytest.raises(ValueError, match="A template gives no"):
        _render(tiny, f'{{% from "shared/components.html" import {name} %}}{{{{ {macro} }}}}')


@pytest.mark.parametrize(
    ("cell", "stops"), [("Words alone", 1), (Markup('<a class="govuk-link" href="/">A link</a>'), 0)]
)
def test_the_frame_of_a_table_is_a_stop_for_the_keyboard_only_where_nothing_in_it_is(
    tiny: Tiny, cell: str, stops: int
):
    page = _render(
        tiny,
        '{% from "shared/components.html" import data_table %}{{ data_table("All", ["Thing"], [[cell]]) }}',
        cell=cell,
    )
    assert page.count('tabindex="0"') == stops


@pytest.mark.parametrize(
    "macro",
    [
        'summary_list([("Why", words)])',
        'data_table("All", ["Thing", "Why"], [["One", words]])',
        "inset(words)",
        'timeline([{"at": now, "title": "Told", "body": words}])',
    ],
)
def test_what_somebody_wrote_keeps_its_lines_wherever_it_is_shown(tiny: Tiny, macro: str):
    name = macro.partition("(")[0]
    text = f'{{% from "shared/components.html" import {name} %}}{{{{ {macro} }}}}'
    assert "One <br>\nline &lt;b&gt;" in _render(tiny, text, words="One \nline <b>", now=MONDAY_MORNING)


def test_a_page_without_a_title_is_a_fault(tiny: Tiny):
    with pytest.raises(ValueError, match="title"):
        _render(tiny, '{% extends "shared/layout.html" %}')


def test_a_count_of_characters_has_its_comma_before_any_script_has_run(tiny: Tiny):
    page = _render(
        tiny,
        '{% from "shared/components.html" import textarea %}{{ textarea(form, "say", "Say", limit=10000) }}',
        form=Form(Schema),
    )
    assert "You can enter up to 10,000 characters" in page


def test_text_is_escaped_and_markup_is_not():
    assert components.summary_rows([("k", "<b>")])[0]["value"] == {"text": "<b>"}
    assert components.one_line("a\r\n<b>") == Markup("a&#10;&lt;b&gt;")


def test_the_longest_bar_fills_the_room_and_nothing_is_drawn_below_zero():
    drawing = charts.bars([("a", 5), ("b", 10), ("c", 0)])
    assert [group.bars[0].share for group in drawing.groups] == [40.0, 80.0, 0.0]


def test_a_chart_of_nothing_can_be_drawn():
    assert charts.bars([]).groups == ()
    assert charts.bars([("a", 0)]).groups[0].bars[0].share == 0


def test_two_charts_of_a_page_have_different_ids():
    assert charts.bars([]).key != charts.bars([]).key


def test_series_have_their_colours_in_the_order_that_contrasts():
    drawing = charts.bars([("a", [1, 2])], ["one", "two"])
    assert [colour for _, colour in drawing.series] == ["#12436D", "#F46A25"]
    assert [bar.colour for bar in drawing.groups[0].bars] == ["#12436D", "#F46A25"]
