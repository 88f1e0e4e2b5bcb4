"""What a web process says while about ten times as many ask as it can serve: those turned away hear so at
once, the others are served as before.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import msgspec

from shared.region import Region
from tests.bench.places import folder
from tests.bench.table import Plan, Row, p99
from tests.faults.crowd import Answer, Concerns, Crowd, intake_alone, kept
from tests.faults.gateway import gateway, nginx

Opened = tuple[Region, str]

# One process takes about a hundred concerns a second.
OFFERED, SECONDS, REFUSED_MS = 1_000, 10, 100.0


def rows(plan: Plan) -> Iterator[Row]:
    """One web of intake on SQLite, a client of bare sockets beside it; then the same through the gateway,
    where nginx is installed.
    """
    yield from _asked(plan, "straight to the process", _straight)
    if nginx():
        yield from _asked(plan, "through the gateway", _gated)


def _asked(plan: Plan, how: str, opened: Callable[[Path], AbstractContextManager[Opened]]) -> Iterator[Row]:
    with folder() as place, opened(place) as (region, url):
        concerns, count = Concerns(url), plan.count(OFFERED * SECONDS, 60)
        rounds = [Crowd(url, concerns.take(count), OFFERED).ask() for _ in range(plan.rounds)]
        require_kept(region, [one for found in rounds for one in found])
    late = max(p99([1_000 * one.late for one in found]) for found in rounds)
    yield Row(
        f"overload, {how}: turned away at {OFFERED:,} concerns a second, SQLite", "ms p99",
        [p99([1_000 * one.seconds for one in found if one.refused] or [0.0]) for found in rounds],
        most=REFUSED_MS, note=f"the client itself was late by {late:.1f} ms p99",
    )  # fmt: skip
    yield Row(
        f"overload, {how}: taken meanwhile", "concerns/s", [_taken_a_second(found) for found in rounds],
        note="each is exactly one contact",
    )  # fmt: skip


@contextmanager
def _straight(place: Path) -> Iterator[Opened]:
    with intake_alone(place) as (region, _, url):
        yield region, url


@contextmanager
def _gated(place: Path) -> Iterator[Opened]:
    with (
        intake_alone(place, gateways=1) as (region, _, url),
        gateway(place / "gateway", {"intake": url}) as outside,
    ):
        yield region, outside


def _taken_a_second(found: Sequence[Answer]) -> float:
    ended = max(one.number / OFFERED + one.late + one.seconds for one in found)
    return sum(one.status == 201 for one in found) / ended


def require_kept(region: Region, found: Sequence[Answer]) -> None:
    """Raises when an answer is neither 201 nor a refusal that says when to come back, or when what was
    accepted is not exactly what is there."""
    strange = {one.status for one in found if not (one.refused and one.retry_after) and one.status != 201}
    if strange:
        raise RuntimeError(f"Answers with {sorted(strange)} among them.")
    accepted = sorted(msgspec.json.decode(one.body)["id"] for one in found if one.status == 201)
    if accepted != kept(region):
        raise RuntimeError(f"{len(accepted)} concerns were accepted, {len(kept(region))} are kept.")
