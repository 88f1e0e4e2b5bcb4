"""Learning weights from judged pairs: little that was judged moves little, and a report comes first."""

from pathlib import Path

import pytest

from services.search.commands.records import read
from services.search.domain import weights
from services.search.domain.portrait import portray
from services.search.domain.scoring import Rarity, Scorer
from tests.search.adults import adult, bare
from tools.learn_weights import Learnt, report, rewritten, shipped_text

CASES = Path(__file__).with_name("cases") / "first.jsonl"
SHIPPED = weights.shipped()


def learnt(seen: float) -> weights.Weights:
    """The shipped weights after so many pairs that say a differing first name is worth −1 bit."""
    known = {("given", "different"): Learnt(0.25, 0.5, seen), ("given", "same"): Learnt(0.5, 0.001, seen)}
    return weights.read(rewritten(shipped_text(), SHIPPED, known))


def test_a_few_judged_pairs_move_a_weight_a_little_and_many_move_it_all_the_way():
    before = SHIPPED.levels["given"]["different"].bits
    few, many = (learnt(seen).levels["given"]["different"].bits for seen in (2, 100_000))
    assert before < few < many == pytest.approx(-1.0)


def test_what_is_weighed_by_rarity_learns_how_often_the_same_adult_shows_it():
    assert learnt(100_000).levels["given"]["same"].match == pytest.approx(0.5)
    assert learnt(100_000).levels["given"]["same"].most == SHIPPED.levels["given"]["same"].most


def test_learnt_weights_have_a_version_of_their_own_and_nothing_else_moves():
    made = learnt(50)
    assert made.version == f"{SHIPPED.version}-learnt"
    assert made.levels["birth"] == SHIPPED.levels["birth"] and made.relations == SHIPPED.relations


def test_levels_are_those_that_searches_compare_with():
    scorer = Scorer(SHIPPED, Rarity({}, 2_000))
    found = scorer.levels(portray(adult()), portray(bare("Roz", "Quillfeather", "1984-13-05")))
    assert found["given"] == "form" and found["surname"] == "same"


def test_the_report_says_which_answers_would_change():
    lines = list(report(list(read(CASES)), learnt(100_000)))
    assert "shipped" in lines[0] and "learnt" in lines[0]
    changed = next(line for line in lines if "answers change their band" in line)
    assert int(changed.split()[0]) > 0 and any(" becomes " in line for line in lines)
