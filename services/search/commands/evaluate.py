"""`heed search evaluate`: how well, and how fast, a file of people is found again."""

import json
import time
from dataclasses import replace
from pathlib import Path
from statistics import quantiles
from typing import Any

import click

from services.search.actions.opening import open_index
from services.search.commands import goals
from services.search.commands.records import Entry, read
from services.search.commands.scratch import Scratch, hits_of, open_scratch
from services.search.domain import weights
from services.search.domain.weights import Weights
from services.search.gateways.port import Index
from shared.errors import Invalid
from shared.settings import from_environment

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
@click.option("--engine", type=click.Choice([*ENGINES, "both"]), default="embedded", show_default=True)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option(
    "--weights",
    "weights_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Other weights than those that come with Heed, to be looked at before they are taken.",
)
@click.option("--alone", is_flag=True, help="Leave out who else would explain an agreement.")
def evaluate(data: Path, top: int, engine: str, form: str, weights_file: Path | None, alone: bool) -> None:
    """Index the people of a file in a scratch index and ask for every other line as a live search does.

    Text is the table of goals; JSON has every query with its hits."""
    entries = list(read(data))
    used = _weights(weights_file, alone=alone)
    engines = ENGINES if engine == "both" else (engine,)
    found = [measured(entries, max(top, 5), name, used) for name in engines]
    if form == "json":
        for document in found:
            for query in document["queries"]:
                query["hits"] = query["hits"][:top]
        click.echo(json.dumps(found if engine == "both" else found[0]))
        return
    click.echo(f"{found[0]['people']:,} people, weights {used.version}")
    if engine == "both":
        click.echo(f"{agreement(entries):.2%} of the candidates are the same on both engines")
    for line in goals.table(found[0]["people"], found):
        click.echo(line)
    for name, (count, share) in goals.groups(found[0]["queries"]).items():
        click.echo(f"  {name:42}{count:9} {share:13.4f}")


def measured(entries: list[Entry], top: int, engine: str, used: Weights | None = None) -> dict[str, Any]:
    """The whole document of an evaluation."""
    people = [one for one in entries if one.kind == "person"]
    if not people:
        raise Invalid("The file names nobody to index: it needs lines of kind person.")
    with open_scratch(_open(engine), used) as scratch:
        started = time.perf_counter()
        scratch.index(people)
        spent = time.perf_counter() - started
        queries = [_asked(scratch, one, top) for one in entries if one.kind != "person"]
    timings = [query.pop("seconds") for query in queries]
    speed = {"index_seconds": round(spent, 3), "people_a_second": round(len(people) / spent, 1)}
    summary = {**goals.recall(queries), **_speed(timings), **speed}
    return {"people": len(people), "engine": engine, "queries": queries, "summary": summary}


def agreement(entries: list[Entry]) -> float:
    """The share of candidates, over all queries, that both engines bring; 1 when each brings the same."""
    people = [one for one in entries if one.kind == "person"]
    both = every = 0
    with open_scratch(_open("embedded")) as one, open_scratch(_open("opensearch")) as other:
        one.index(people)
        other.index(people)
        for query in entries:
            if query.kind != "person":
                left, right = set(one.candidates(query.person)), set(other.candidates(query.person))
                both, every = both + len(left & right), every + len(left | right)
    return both / every if every else 1.0


def _weights(file: Path | None, *, alone: bool) -> Weights:
    try:
        used = weights.read(file.read_text(encoding="utf-8")) if file else weights.shipped()
    except ValueError as problem:
        raise Invalid(str(problem)) from None
    return replace(used, relations=()) if alone else used


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
        "group": one.group,
        "why": one.why,
        "hits": hits_of(answer, top),
        "seconds": spent,
    }


def _speed(timings: list[tuple[float, float]]) -> dict[str, float | None]:
    walls, cpus = ([1_000 * one[kind] for one in timings] for kind in (0, 1))
    return {"p50_ms": _quantile(walls, 50), "p99_ms": _quantile(walls, 99), "cpu_p99_ms": _quantile(cpus, 99)}


def _quantile(values: list[float], percent: int) -> float | None:
    if len(values) < 2:
        return round(values[0], 3) if values else None
    return round(quantiles(values, n=100, method="inclusive")[percent - 1], 3)
