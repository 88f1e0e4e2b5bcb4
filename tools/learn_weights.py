"""Learns weights anew from judged pairs:
`python -m tools.learn_weights --data JUDGED --held HELD --out NEW.toml`.

Both files are evaluation files; a referral and its truth are a pair judged to be one adult. Splink counts how
often the same adult and strangers show each level, through the very functions that searches compare with.
Nothing is taken by itself: the report says what would change on pairs that were held back. Splink comes with
`pip install -e .[learn]`.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from importlib import resources
from math import log2
from pathlib import Path
from typing import Any, NamedTuple

import click

from services.search.commands import goals
from services.search.commands.evaluate import measured
from services.search.commands.records import Entry, read
from services.search.domain import weights
from services.search.domain.portrait import portray
from services.search.domain.scoring import Rarity, Scorer
from services.search.domain.weights import Weights

# Whether a middle name was known is no matter of judgement; registration numbers are too few to learn from.
FIELDS = ("given", "surname", "birth", "address", "town", "phone", "email", "workplace", "job")
# So many judged pairs count as much as what is shipped.
_DOUBT = 20
_LEAST, _MOST = -8.0, 20.0
_SECTION = re.compile(r"\[levels\.(\w+)\]")
_LINE = re.compile(r"(\w+) = (.*)")


class Learnt(NamedTuple):
    """How often the same adult and strangers show a level; `seen` is how many judged pairs showed it."""

    match: float
    stranger: float
    seen: float


@click.command()
@click.option("--data", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--held", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--out", type=click.Path(path_type=Path), required=True)
def main(data: Path, held: Path, out: Path) -> None:
    """Learn from one file, report on another, write the weights to a third."""
    text = shipped_text()
    learnt = learn(list(read(data)), weights.shipped())
    out.write_text(rewritten(text, weights.shipped(), learnt), encoding="utf-8")
    for line in report(list(read(held)), weights.read(out.read_text(encoding="utf-8"))):
        sys.stdout.write(f"{line}\n")


def shipped_text() -> str:
    """The weights that come with Heed, as they are written."""
    return resources.files("services.search.domain").joinpath("weights.toml").read_text(encoding="utf-8")


def learn(entries: Sequence[Entry], used: Weights) -> dict[tuple[str, str], Learnt]:
    """What each field's levels are worth by the judged pairs."""
    from duckdb import connect
    from splink import DuckDBAPI, Linker

    database = connect()
    _know_levels(database, entries, used)
    people = [one for one in entries if one.kind == "person"]
    judged = [one for one in entries if one.truth]
    engine = DuckDBAPI(connection=database)
    for name, of in (("people", people), ("judged", judged)):
        _filled(database, name, ("unique_id",), [(one.id,) for one in of])
    _labels(database, judged)
    tables = [engine.register(name, dataset_display_name=name) for name in ("people", "judged")]
    comparisons = [_comparison(field, used) for field in FIELDS]
    linker = Linker(tables, {"link_type": "link_only", "comparisons": comparisons}, log_level="ERROR")
    linker.training.estimate_u_using_random_sampling(max_pairs=1e5, seed=7, min_count_per_level=None)
    from_labels: Any = linker.training.estimate_m_from_pairwise_labels
    from_labels("labels")
    return dict(_read(linker.misc.save_model_to_json(), len(judged)))


def _know_levels(database: Any, entries: Sequence[Entry], used: Weights) -> None:
    portraits = {one.id: portray(one.person) for one in entries}
    scorer = Scorer(used, Rarity({}, len(portraits)))

    @lru_cache(maxsize=200_000)
    def levels(mine: str, theirs: str) -> dict[str, str]:
        return scorer.levels(portraits[mine], portraits[theirs])

    def level(field: str, mine: str, theirs: str) -> str:
        return levels(mine, theirs).get(field, "")

    database.create_function("heed_level", level, ["VARCHAR", "VARCHAR", "VARCHAR"], "VARCHAR")


def _labels(database: Any, judged: Sequence[Entry]) -> None:
    columns = ("source_dataset_l", "unique_id_l", "source_dataset_r", "unique_id_r")
    rows = [("judged", one.id, "people", str(one.truth)) for one in judged]
    _filled(database, "labels", columns, rows)


def _filled(database: Any, name: str, columns: Sequence[str], rows: Sequence[tuple[str, ...]]) -> None:
    database.execute(f"CREATE TABLE {name} ({', '.join(f'{one} VARCHAR' for one in columns)})")
    marks = ", ".join("?" for _ in columns)
    database.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)  # noqa: S608  our own names


def _comparison(field: str, used: Weights) -> dict[str, Any]:
    asked = f"heed_level('{field}', unique_id_l, unique_id_r)"
    first = {"sql_condition": f"{asked} = ''", "label_for_charts": "missing", "is_null_level": True}
    *named, last = used.levels[field]
    told = [{"sql_condition": f"{asked} = '{level}'", "label_for_charts": level} for level in named]
    return {
        "output_column_name": field,
        "comparison_levels": [first, *told, {"sql_condition": "ELSE", "label_for_charts": last}],
    }


def _read(model: Mapping[str, Any], judged: int) -> Iterator[tuple[tuple[str, str], Learnt]]:
    for comparison in model["comparisons"]:
        for level in comparison["comparison_levels"]:
            match, stranger = level.get("m_probability"), level.get("u_probability")
            if isinstance(match, float) and isinstance(stranger, float) and stranger > 0:
                who = comparison["output_column_name"], level["label_for_charts"]
                yield who, Learnt(match, stranger, match * judged)


def rewritten(text: str, used: Weights, learnt: Mapping[tuple[str, str], Learnt]) -> str:
    """The text of the weights with what was learnt, under a version of its own."""
    field, lines = "", []
    for line in text.splitlines():
        section = _SECTION.fullmatch(line)
        field = section[1] if section else "" if line.startswith("[") else field
        named = _LINE.fullmatch(line)
        known = learnt.get((field, named[1])) if named else None
        lines.append(_said(line, named[1], used, field, known) if named and known else line)
    return (
        "\n".join(lines).replace(f'version = "{used.version}"', f'version = "{used.version}-learnt"') + "\n"
    )


def _said(line: str, level: str, used: Weights, field: str, known: Learnt) -> str:
    before, trust = used.levels[field][level], known.seen / (known.seen + _DOUBT)
    if before.match:
        match = trust * known.match + (1 - trust) * before.match
        return re.sub(r"match = [\d.]+", f"match = {match:.3f}", line)
    bits = trust * log2(max(known.match, 1e-6) / known.stranger) + (1 - trust) * before.bits
    return f"{level} = {min(_MOST, max(_LEAST, bits)):.1f}"


def report(entries: list[Entry], new: Weights) -> Iterator[str]:
    """What would change on pairs that were held back."""
    old, tried = (measured(entries, 5, "embedded", used) for used in (weights.shipped(), new))
    yield from goals.table(old["people"], [{**old, "engine": "shipped"}, {**tried, "engine": "learnt"}])
    moved = [
        f"{one['id']}: {_band(one)} becomes {_band(other)}"
        for one, other in zip(old["queries"], tried["queries"], strict=True)
        if _band(one) != _band(other)
    ]
    yield f"{len(moved)} of {len(old['queries'])} answers change their band"
    yield from moved[:20]


def _band(query: Mapping[str, Any]) -> str:
    return json.dumps(query["hits"][0]["band"] if query["hits"] else "nothing")


if __name__ == "__main__":
    main()
