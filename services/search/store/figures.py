"""What judgements say of the matches that were told: counts, nobody's name."""

from typing import Any

from sqlalchemy import func, select

from services.search.domain import thresholds
from services.search.domain.judgement import State
from services.search.domain.thresholds import Thresholds
from services.search.store.tables import match
from shared import replicas
from shared.store.transaction import Transaction
from shared.vocabulary import Band

KIND = "match_thresholds"


def limits(tx: Transaction[Any]) -> Thresholds:
    """The bound authority's thresholds as they stand now."""
    return thresholds.read(replicas.configuration(tx, KIND))


def by_percent(tx: Transaction[Any]) -> dict[tuple[int, State], int]:
    """How many matches inside the authority were that sure and stand there; withdrawn ones are left out."""
    query = (
        select(match.c.percent, match.c.state, func.count())
        .where(match.c.authority == tx.authority, match.c.percent.is_not(None))
        .where(match.c.state != State.WITHDRAWN.value)
        .group_by(match.c.percent, match.c.state)
    )
    return {(sure, State(state)): count for sure, state, count in tx.db.execute(query).all()}


def of_pointers(tx: Transaction[Any]) -> dict[tuple[Band, State], int]:
    """How many pointers to other authorities came in each band and stand there."""
    query = (
        select(match.c.band, match.c.state, func.count())
        .where(match.c.authority == tx.authority, match.c.holder != "")
        .where(match.c.state != State.WITHDRAWN.value)
        .group_by(match.c.band, match.c.state)
    )
    return {(Band(band), State(state)): count for band, state, count in tx.db.execute(query).all()}
