"""`heed search evaluate`: how well, and how fast, a file of people is found again."""

import json
import time
from pathlib import Path
from statistics import quantiles
from typing import Any

import click

from services.search.actions.opening import open_index
from services.search.commands.records import Entry, read
from services.search.commands.scratch import Scratch, hits_of, open_scratch
from services.search.gateways.port import Index
from shared.errors import Invalid
from shared.settings import from_environment
from shared.vocabulary import Band

ALERTS = frozenset({Band.STRONG.value, Band.LIKELY.value})
ENGINES = ("embedded", "opensearch")


@click.group("search")
def search() -> None:
    """Finding the same adult and the same setting again."""


@search.command("evaluate")
@click.option(
    "--data",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="Lines of people, referrals and negatives (JSON).",
)
@click.option(
    "--top", type=click.IntRange(1, 150), default=5, show_default=True, help="Hits to print for each query."
)
@click.option("--engine", type=click.Choice(ENGINES), default="embedded", show_default=True)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def evaluate(data: Path, top: int, engine: str, form: str) -> None:
    """Index the people of a file in a scratch index and ask for every other line as a live search does."""
    entries = list(read(data))
    found = measured(entries, max(top, 5), engine)
    for query in found["queries"]:
        query["hits"] = query["hits"][:top]
    if form == "json":
        click.echo(json.dumps(found))
        return
    for name, value in found["summary"].items():
        click.echo(f"{name:18} {value}")


def measured(entries: list[Entry], top: int, engine: str) -> dict[str, Any]:
    """The whole document of an evaluation."""
    people = [one for one in entries if one.kind == "person"]
    if not people:
        raise Invalid("The file names nobody to index: it needs lines of kind person.")
    with open_scratch(_open(engine)) as scratch:
        started = time.perf_counter()
        scratch.index(people)
        index_seconds = time.perf_counter() - started
        queries = [_asked(scratch, one, top) for one in entries if one.kind != "person"]
    timings = [query.pop("seconds") for query in queries]
    summary = {**_recall(queries), **_speed(timings), "index_seconds": round(index_seconds, 3)}
    return {"people": len(people), "engine": engine, "queries": queries, "summary": summary}


def _open(engine: str) -> Index:
    url = from_environment().index_url if engine == "opensearch" else "embedded://"
    if engine == "opensearch" and url.startswith("embedded"):
        raise Invalid("Say where OpenSearch is: set HEED_INDEX_URL to its http:// or https:// address.")
    return open_index(url)


def _asked(scratch: Scratch, one: Entry, top: int) -> dict[str, Any]:
    wall, cpu = time.perf_counter(), time.process_time()
    answer = scratch.ask(one.person)
    spent = time.perf_counter() - wall, time.process_time() - cpu
    return {
        "id": one.id,
        "kind": one.kind,
        "truth": one.truth,
        "hits": hits_of(answer, top),
        "seconds": spent,
    }


def _recall(queries: list[dict[str, Any]]) -> dict[str, float | None]:
    referrals = [one for one in queries if one["truth"]]
    negatives = [one for one in queries if not one["truth"]]
    return {
        "recall_at_1": _share(referrals, lambda one: one["truth"] in [hit["id"] for hit in one["hits"][:1]]),
        "recall_at_5": _share(referrals, lambda one: one["truth"] in [hit["id"] for hit in one["hits"][:5]]),
        "alert_recall": _share(referrals, lambda one: _alerts(one) and one["hits"][0]["id"] == one["truth"]),
        "false_alert_rate": _share(negatives, _alerts),
    }


def _alerts(query: dict[str, Any]) -> bool:
    return bool(query["hits"]) and query["hits"][0]["band"] in ALERTS


def _share(queries: list[dict[str, Any]], holds: Any) -> float | None:
    return round(sum(map(bool, map(holds, queries))) / len(queries), 4) if queries else None


def _speed(timings: list[tuple[float, float]]) -> dict[str, float | None]:
    walls, cpus = ([1_000 * one[kind] for one in timings] for kind in (0, 1))
    return {"p50_ms": _quantile(walls, 50), "p99_ms": _quantile(walls, 99), "cpu_p99_ms": _quantile(cpus, 99)}


def _quantile(values: list[float], percent: int) -> float | None:
    if len(values) < 2:
        return round(values[0], 3) if values else None
    return round(quantiles(values, n=100, method="inclusive")[percent - 1], 3)
