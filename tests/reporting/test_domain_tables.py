"""Tables as they may be shown: what is held back, and what that must not give away."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from services.reporting.domain.rules import asked, rules_of
from services.reporting.domain.suppression import Column, suppress
from services.reporting.domain.table import Material, Shape, build

COUNTS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 30), min_size=1, max_size=6)


def _possible(column: Column, limit: int) -> dict[str, set[int]]:
    """What a reader who knows the rules can still think each hidden cell to be."""
    hidden = sorted(column.hidden)
    known = sum(count for count in column.cells.values() if count is not None)
    most = 40 if column.total is None else column.total - known
    wanted = None if column.total is None else most
    found: dict[str, set[int]] = {code: set() for code in hidden}
    for guess in product(range(1, min(most, 40) + 1), repeat=len(hidden)) if len(hidden) <= 3 else ():
        if wanted is None or sum(guess) == wanted:
            for code, value in zip(hidden, guess, strict=True):
                found[code].add(value)
    return found


@given(COUNTS, st.sampled_from([5, 10]))
def test_a_total_never_gives_a_small_number_away(counts: dict[str, int], limit: int):
    column = suppress(counts, limit)
    assert all(count is None or count == 0 or count > limit for count in column.cells.values())
    assert column.total is None or column.total == 0 or column.total > limit
    if 0 < len(column.hidden) <= 3:
        assert all(len(values) > 1 for values in _possible(column, limit).values())
    if len(column.hidden) > 3 and column.total is not None:
        known = sum(count for count in column.cells.values() if count is not None)
        assert column.total - known > len(column.hidden)


@given(COUNTS)
def test_what_is_shown_is_true(counts: dict[str, int]):
    column = suppress(counts)
    assert all(count is None or count == counts[code] for code, count in column.cells.items())
    assert column.total in (None, sum(counts.values()))


def test_one_small_number_takes_the_next_smallest_with_it():
    column = suppress({"a": 3, "b": 40, "c": 12, "d": 0})
    assert column.cells == {"a": None, "b": 40, "c": None, "d": 0}
    assert column.total == 55


def test_when_nothing_else_can_hide_it_the_total_goes():
    assert suppress({"a": 1, "b": 1, "c": 1, "d": 1, "e": 1, "f": 1}).total is None
    assert suppress({"a": 4, "b": 0}) == Column({"a": None, "b": 0}, None)


def test_limit_nought_shows_everything():
    assert suppress({"a": 1, "b": 2}, 0) == Column({"a": 1, "b": 2}, 3)


def test_parts_that_overlap_are_held_back_one_by_one():
    assert suppress({"a": 3, "b": 40}, total=41) == Column({"a": None, "b": 40}, 41)


def test_a_rate_is_held_back_when_the_rest_is_small():
    rules = rules_of("bcp")
    assert rules.rate(18, 20) == ""
    assert rules.rate(3, 20) == ""
    assert rules.rate(140, 163) == "85.9"
    assert rules.rate(20, 20) == "100.0"


def _material(now: dict[str, int], converted: dict[str, int] | None = None) -> Material:
    part = converted or {}
    return Material(now, sum(now.values()), {}, 0, part, sum(part.values()), part, sum(part.values()))


def test_a_table_states_share_and_conversion_of_each_line():
    table = build(_material({"A": 60, "B": 40}, {"A": 30, "B": 10}), Shape(str.lower), rules_of("bcp"))
    assert [(row.label, row.count, row.share, row.conversion) for row in table.rows] == [
        ("a", 60, "60.0", "50.0"),
        ("b", 40, "40.0", "25.0"),
    ]
    assert (table.total.count, table.total.conversion, table.missing) == (100, "40.0", 0)


def test_parts_that_do_not_make_the_whole_are_reported():
    material = Material({"A": 60}, 61, {}, 0, {}, 0, {}, 0)
    assert build(material, Shape(str), rules_of("bcp")).missing == 1


def test_a_line_that_is_held_back_stands_last_and_shows_no_percentage():
    table = build(_material({"A": 2, "B": 40, "C": 30}, {"B": 20}), Shape(str), rules_of("bcp"))
    assert [(row.code, row.count, row.share) for row in table.rows] == [
        ("B", 40, "55.6"),
        ("A", None, ""),
        ("C", None, ""),
    ]
    assert table.holds_back


@given(COUNTS, st.sampled_from([0, 5]))
def test_without_holding_back_the_shares_of_a_table_make_a_hundred(counts: dict[str, int], limit: int):
    rules = asked(rules_of("bcp"), "", "1", str(limit), least=0)
    table = build(_material(counts), Shape(str), rules)
    shares = [float(row.share) for row in table.rows if row.share]
    if limit == 0 and any(counts.values()):
        assert abs(sum(shares) - 100) <= 0.05 * len(shares) + 1e-9
    assert table.missing == 0


PARTS = st.dictionaries(st.sampled_from("abcde"), st.integers(0, 60), min_size=1, max_size=5)


@given(PARTS, PARTS, st.data())
def test_no_cell_of_a_suppressed_table_is_small_and_no_share_betrays_a_hidden_one(
    now: dict[str, int], before: dict[str, int], data: st.DataObject
):
    converted = {code: data.draw(st.integers(0, count)) for code, count in now.items()}
    material = Material(
        now, sum(now.values()), before, sum(before.values()), converted, sum(converted.values()), converted,
        sum(converted.values()),
    )  # fmt: skip
    table = build(material, Shape(str), asked(rules_of("bcp"), "", "", "5", least=5))
    for row in (*table.rows, table.total):
        for count in (row.count, row.before, row.referrals):
            assert count is None or count == 0 or count > 5
        assert row.count is not None or not (row.share or row.change or row.conversion)
        assert row.before is not None or not row.change
    for row in table.rows:
        if row.conversion:
            became, stayed = converted.get(row.code, 0), now.get(row.code, 0) - converted.get(row.code, 0)
            assert (became == 0 or became > 5) and (stayed == 0 or stayed > 5)


def test_a_hidden_line_does_not_stand_where_its_size_would_put_it():
    counts = {"A": 20, "B": 6, "C": 6, "D": 3}
    table = build(_material(counts), Shape(str), rules_of("bcp"))
    assert [row.code for row in table.rows if row.count is None] == ["B", "D"]
    assert [row.code for row in table.rows][-2:] == ["B", "D"]


def test_months_keep_their_order_and_their_noughts():
    months = {"2026-01-01": 7, "2026-02-01": 0, "2026-03-01": 9}
    table = build(_material(months), Shape(str, tuple(months)), rules_of("bcp"))
    assert [(row.code, row.count) for row in table.rows] == list(months.items())


def test_a_code_that_only_the_period_before_has_is_a_line_with_nought():
    material = Material({"A": 10}, 10, {"A": 8, "B": 9}, 17, {}, 0, {}, 0)
    table = build(material, Shape(str), rules_of("bcp"))
    assert [(row.code, row.count, row.before, row.change) for row in table.rows] == [
        ("A", 10, 8, "+25.0"), ("B", 0, 9, "-100.0"),
    ]  # fmt: skip


def test_the_sentence_beside_a_table_states_rounding_and_limit():
    assert "cut off to whole numbers" in asked(rules_of("bcp"), "truncate", "0", "", least=0).sentence
    assert "from 1 to 10 are held back" in asked(rules_of("bcp"), "", "", "10", least=0).sentence
    assert "No count is held back" in asked(rules_of("bcp"), "", "", "0", least=0).sentence
