"""Asking the index about an adult: the one path of live searches, of arriving mentions and of evaluation."""

from collections.abc import Sequence
from typing import Any

from services.search.domain import keys, weights
from services.search.domain.portrait import Portrait, terms
from services.search.domain.scoring import Rarity, Scorer
from services.search.gateways.port import Candidate, Index, Query
from services.search.store import crossing, index, sealing
from services.search.store.crossing import Answer, Question
from shared.store.transaction import Transaction

ALL = "all"
_FIRST, _NEARLY = 20, 0.5


def ask(tx: Transaction[Index], question: Question) -> Answer:
    """Who was named before like this. Raises Unavailable when the index does not answer."""
    used = weights.shipped()
    rarity = _rarity(tx, question.portrait)
    hashed = sealing.key_hash(tx)
    query = Query(
        {hashed(text): kind for text, kind in keys.cut(question.portrait, wide=True).items()}, rarity.people
    )
    numbers = [one.number for one in _worth_scoring(tx.gateway.candidates(tx, query))]
    return crossing.ask(tx, question, numbers, Scorer(used, rarity), used)


def _worth_scoring(ranked: Sequence[Candidate]) -> Sequence[Candidate]:
    """The first ones, and as many more as share keys nearly as rare: a whole name shared by many, say."""
    # A fixed cut would drop the right one of thirty people who share a whole name.
    least = ranked[0].rarity * _NEARLY if ranked else 0.0
    return [one for place, one in enumerate(ranked) if place < _FIRST or one.rarity >= least]


def _rarity(tx: Transaction[Any], portrait: Portrait) -> Rarity:
    hashed = sealing.term_hash(tx)
    known = {hashed(one): one for one in (*terms(portrait), ALL)}
    counts = {known[code]: count for code, count in index.term_counts(tx.db, known).items()}
    return Rarity(counts, counts.get(ALL, 0))
