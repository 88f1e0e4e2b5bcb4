"""How well the hand-made cases are found that were kept apart, and how each name group fares over all sets.

Run `python -m tests.bench.bench_cases [MORE.jsonl …]`: more files are evaluation files of their own, such as
the development set, and only count towards the groups.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from services.search.commands import goals
from services.search.commands.evaluate import measured
from services.search.commands.records import Entry, read
from services.search.domain.thresholds import interval
from tests.bench.populace import Populace

CASES = Path(__file__).parents[1] / "search" / "cases"
OTHERS = 2_000
# Fewer referrals than that say little about a group.
ENOUGH = 300


def found(files: Iterable[Path]) -> dict[str, Any]:
    """The evaluation of cases among invented others, so that rarity is what it is in a region."""
    others = (Entry(one.id, "person", None, one) for one in Populace(11).people(OTHERS))
    return measured([*others, *chain.from_iterable(map(read, files))], 5, "embedded")


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
    """Both tables."""
    unseen = found(sorted((CASES / "unseen").glob("*.jsonl")))
    seen = found(sorted(CASES.glob("*.jsonl")))
    documents = [unseen, seen, *(measured(list(read(file)), 5, "embedded") for file in more)]
    lines = chain(
        goals.table(OTHERS, [{**unseen, "engine": "kept apart"}, {**seen, "engine": "seen"}]),
        pooled(documents),
    )
    for line in lines:
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main([Path(one) for one in sys.argv[1:]])
