"""How well the hand-made cases are found that were kept apart, beside what other programs find of them, and
how each name group fares over all sets.

Run `python -m tests.bench.bench_cases [MORE.jsonl …]`: more files are evaluation files of their own, such as
the development set.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from services.search.commands import goals
from services.search.commands.evaluate import measured
from services.search.commands.records import Entry, read
from services.search.domain.thresholds import interval
from tests.bench import rivals
from tests.bench.populace import Populace

CASES = Path(__file__).parents[1] / "search" / "cases"
OTHERS = 2_000
# Fewer referrals than that say little about a group.
ENOUGH = 300


def among_others(files: Iterable[Path]) -> list[Entry]:
    """Cases among invented others, so that rarity is what it is in a region."""
    others = (Entry(one.id, "person", None, one) for one in Populace(11).people(OTHERS))
    return [*others, *chain.from_iterable(map(read, files))]


def beside(name: str, entries: Sequence[Entry], mine: dict[str, Any]) -> Iterator[str]:
    """What Heed and every other program that is installed finds of one set."""
    columns = [{**mine, "engine": "heed"}, *rivals.evaluations(entries)]
    yield f"{name}: {mine['people']:,} people, {len(mine['queries']):,} queries"
    yield f"{'':28}" + "".join(f"{label:>12}" for label in _MEASURES.values())
    for one in columns:
        values = (one["summary"][measure] for measure in _MEASURES)
        yield f"{one['engine']:28}" + "".join("           –" if v is None else f"{v:12.4f}" for v in values)
    yield ""


_MEASURES = {
    "recall_at_1": "first", "recall_at_5": "among five", "alert_recall": "told",
    "false_alert_rate": "false, all", "false_alert_rate_solvable": "solvable",
}  # fmt: skip


def pooled(documents: Iterable[dict[str, Any]]) -> Iterator[str]:
    """How many referrals of each group are among five, with the interval that holds 95 times in 100."""
    asked, right = Counter[str](), Counter[str]()
    for document in documents:
        for name, (count, share) in goals.groups(document["queries"]).items():
            asked[name] += count
            right[name] += round(count * share)
    for name, count in asked.most_common():
        low, high = interval(right[name], count)
        few = "" if count >= ENOUGH else "  (few)"
        yield f"{name:22} {right[name]:5} of {count:5}  {low} to {high} %{few}"


def main(more: list[Path]) -> None:
    """A table for each set, then the groups."""
    # Together: of one file alone Splink learns that all pairs or none are of one adult, and stops.
    sets = {"kept apart": among_others(sorted((CASES / "unseen").glob("*.jsonl")))}
    sets["seen"] = among_others(sorted(CASES.glob("*.jsonl")))
    sets |= {file.name: list(read(file)) for file in more}
    documents = {name: measured(entries, 5, "embedded") for name, entries in sets.items()}
    tables = (beside(name, entries, documents[name]) for name, entries in sets.items())
    for line in chain(chain.from_iterable(tables), pooled(documents.values())):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main([Path(one) for one in sys.argv[1:]])
