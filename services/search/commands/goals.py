"""What search is to reach, and how a measured evaluation stands to it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from shared.vocabulary import Band

ALERTS = frozenset({Band.STRONG.value, Band.LIKELY.value})
# Two adults of one name and one birth date, elsewhere: only a person can tell them apart.
UNSOLVABLE = frozenset({"namesake_same_dob"})
# From here on a file counts as a large region, whose goals are a little lower.
_LARGE = 10_000
_FEW = 10


class Goal(NamedTuple):
    """`most` is an upper bound when `is_most`, else a lower one; `large` holds for large files."""

    measure: str
    words: str
    bound: float
    large: float
    is_most: bool = False

    def met(self, value: float, people: int) -> bool:
        """Whether the value reaches it."""
        bound = self.at(people)
        return value <= bound if self.is_most else value >= bound

    def at(self, people: int) -> float:
        """The bound for so many people."""
        return self.large if people > _LARGE else self.bound


GOALS = (
    Goal("recall_at_1", "right adult first", 0.995, 0.99),
    Goal("recall_at_5", "right adult among five", 0.998, 0.997),
    Goal("alert_recall", "right adult told as likely", 0.95, 0.95),
    Goal("false_alert_rate", "false alerts, all", 0.06, 0.06, is_most=True),
    Goal("false_alert_rate_solvable", "false alerts, solvable", 0.02, 0.02, is_most=True),
    Goal("group_gap", "gap between name groups", 0.02, 0.02, is_most=True),
    Goal("cpu_p99_ms", "processor time of a search, 99 in 100 (ms)", 25.0, 25.0, is_most=True),
    Goal("p99_ms", "time of a search, 99 in 100 (ms)", 60.0, 60.0, is_most=True),
    Goal("people_a_second", "people indexed a second", 8_000.0, 8_000.0),
)


def recall(queries: Sequence[Mapping[str, Any]]) -> dict[str, float | None]:
    """The shares that the goals speak of; None where nothing was asked."""
    referrals = [one for one in queries if one["truth"]]
    negatives = [one for one in queries if not one["truth"]]
    solvable = [one for one in negatives if one["why"] not in UNSOLVABLE]
    return {
        "recall_at_1": _share([within(one, 1) for one in referrals]),
        "recall_at_5": _share([within(one, 5) for one in referrals]),
        "alert_recall": _share([alerts(one) and within(one, 1) for one in referrals]),
        "false_alert_rate": _share([alerts(one) for one in negatives]),
        "false_alert_rate_solvable": _share([alerts(one) for one in solvable]),
        "group_gap": _gap(groups(queries)),
    }


def groups(queries: Sequence[Mapping[str, Any]]) -> dict[str, tuple[int, float]]:
    """How many referrals each name group has, and its share among five."""
    found: dict[str, list[bool]] = {}
    for one in queries:
        if one["truth"] and one["group"]:
            found.setdefault(one["group"], []).append(within(one, 5))
    return {name: (len(among), sum(among) / len(among)) for name, among in sorted(found.items())}


def table(people: int, found: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The goals with what each engine's summary reaches."""
    yield f"{'measure':44}{'goal':>9}" + "".join(f"{one['engine']:>14}" for one in found)
    for goal in GOALS:
        told = "".join(_told(goal, one["summary"].get(goal.measure), people) for one in found)
        yield f"{goal.words:44}{'≤' if goal.is_most else '≥'}{goal.at(people):8g}{told}"


def _told(goal: Goal, value: float | None, people: int) -> str:
    if value is None:
        return f"{'–':>14}"
    return f"{value:11g} {'ok' if goal.met(value, people) else 'NO':>2}"


def within(query: Mapping[str, Any], place: int) -> bool:
    """Whether the right adult is among so many."""
    return query["truth"] in [hit["id"] for hit in query["hits"][:place]]


def alerts(query: Mapping[str, Any]) -> bool:
    """Whether the best hit would be told of."""
    return bool(query["hits"]) and query["hits"][0]["band"] in ALERTS


def _share(held: Sequence[bool]) -> float | None:
    return round(sum(held) / len(held), 4) if held else None


def _gap(each: Mapping[str, tuple[int, float]]) -> float | None:
    # A handful of referrals says nothing about a group.
    shares = [share for count, share in each.values() if count >= _FEW]
    return round(max(shares) - min(shares), 4) if len(shares) > 1 else None
