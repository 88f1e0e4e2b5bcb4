"""Asking the index about an adult: the one path of live searches, of arriving mentions and of evaluation."""

from collections.abc import Sequence
from typing import Any

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


def ask(tx: Transaction[Index], question: Question, used: Weights | None = None) -> Answer:
    """Who was named before like this, by the shipped weights unless told otherwise. Raises Unavailable when
    the index does not answer."""
    used = used or weights.shipped()
    rarity = _rarity(tx, question.portrait)
    found = [one for one in _candidates(tx, question.portrait, rarity) if one.number not in question.later]
    numbers = [one.number for one in _worth_scoring(found)]
    return crossing.ask(tx, question, numbers, Scorer(used, rarity), used)


def candidates(tx: Transaction[Index], portrait: Portrait) -> Sequence[Candidate]:
    """What the index alone holds to be worth scoring, best first. Raises Unavailable."""
    return _candidates(tx, portrait, _rarity(tx, portrait))


def _candidates(tx: Transaction[Index], portrait: Portrait, rarity: Rarity) -> Sequence[Candidate]:
    hashed = sealing.key_hash(tx)
    found = {hashed(text) for text in keys.cut(portrait, wide=True)}
    return tx.gateway.candidates(tx, Query(found, rarity.people))


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
