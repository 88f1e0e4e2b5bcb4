"""How often a match was a false alarm, by threshold, as people judged."""

from typing import NamedTuple

import flask
from flask.typing import ResponseReturnValue

from services.search.domain import thresholds
from services.search.domain.judgement import State
from services.search.store import figures
from services.search.web.pages.door import READERS, blueprint
from services.search.web.wording import rate_words
from shared.vocabulary import Band
from shared.web.access import Restriction, allow
from shared.web.request import reading

_STEPS = (5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 99)


class Row(NamedTuple):
    """One threshold, or one band of pointers."""

    label: str
    told: int
    same: int
    different: int
    rate: str
    missed: int = 0


@blueprint.get("/matches/figures")
@allow(*READERS, restriction=Restriction.NONE)
def show_figures() -> ResponseReturnValue:
    """Matches by threshold and what was judged of them."""
    with reading() as tx:
        limits, counts = figures.limits(tx), figures.by_percent(tx)
        pointed = figures.of_pointers(tx)
    steps = sorted({*(step for step in _STEPS if step > limits.own), limits.own})
    return flask.render_template(
        "search/figures.html",
        limits=limits,
        steps=[_step(counts, step, limits.own) for step in steps],
        bands=[_band(pointed, band) for band in Band],
    )


def _step(counts: dict[tuple[int, State], int], step: int, now: int) -> Row:
    made = thresholds.alarms(counts, step)
    label = f"{step} % (now)" if step == now else f"{step} %"
    rate = rate_words(made.different, made.judged)
    return Row(label, made.told, made.same, made.different, rate, made.missed)


def _band(counts: dict[tuple[Band, State], int], band: Band) -> Row:
    of = {state: counts.get((band, state), 0) for state in State}
    same, different = of[State.CONFIRMED], of[State.REJECTED]
    rate = rate_words(different, same + different)
    return Row(band.value.capitalize(), sum(of.values()), same, different, rate)
