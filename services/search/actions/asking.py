"""Asking the index about an adult: the one path of live searches, of arriving mentions and of evaluation."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from services.search.domain import keys, weights
from services.search.domain.portrait import Portrait, terms
from services.search.domain.scoring import Rarity, Scorer
from services.search.domain.weights import Weights
from services.search.gateways.port import Candidate, Index, Query
from services.search.store import crossing, index, sealing
from services.search.store.crossing import Answer, Question
from shared.store.transaction import Transaction

ALL = "all"
_FIRST, _NEARLY = 20, 0.5


class Found(NamedTuple):
    """What the index alone says of a portrait: how rare what it holds is, and who is worth scoring, best
    first."""

    rarity: Rarity
    candidates: Sequence[Candidate]


def ask(
    tx: Transaction[Index], question: Question, used: Weights | None = None, found: Found | None = None
) -> Answer:
    """Who was named before like this, by the shipped weights unless told otherwise; `found` when the index
    was asked already. Raises Unavailable when it does not answer."""
    used, found = used or weights.shipped(), found or look_up(tx, [question.portrait])[0]
    left = [one for one in found.candidates if one.number not in question.later]
    numbers = [one.number for one in _worth_scoring(left)]
    return crossing.ask(tx, question, numbers, Scorer(used, found.rarity), used)


def look_up(tx: Transaction[Index], portraits: Sequence[Portrait]) -> list[Found]:
    """What the index holds for each of them, asked together. Raises Unavailable."""
    rarities, hashed = _rarities(tx, portraits), sealing.key_hash(tx)
    queries = [
        Query({hashed(text) for text in keys.cut(portrait, wide=True)}, rarity.people)
        for portrait, rarity in zip(portraits, rarities, strict=True)
    ]
    return [*map(Found, rarities, tx.gateway.candidates(tx, queries))]


def _worth_scoring(ranked: Sequence[Candidate]) -> Sequence[Candidate]:
    """The first ones, and as many more as share keys nearly as rare: a whole name shared by many, say."""
    # A fixed cut would drop the right one of thirty people who share a whole name.
    least = ranked[0].rarity * _NEARLY if ranked else 0.0
    return [one for place, one in enumerate(ranked) if place < _FIRST or one.rarity >= least]


def _rarities(tx: Transaction[Any], portraits: Sequence[Portrait]) -> list[Rarity]:
    hashed = sealing.term_hash(tx)
    known = [{one: hashed(one) for one in (*terms(portrait), ALL)} for portrait in portraits]
    counts = index.term_counts(tx.db, {code for one in known for code in one.values()})
    # Each its own terms and no others', so that nobody's score depends on who else is asked about.
    return [
        Rarity({text: counts[code] for text, code in one.items() if code in counts}, counts.get(one[ALL], 0))
        for one in known
    ]
