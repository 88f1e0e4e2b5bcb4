"""How each name group fares, with as many referrals each as an interval of two points needs: invented people
of seven groups in one index, each told of once more with the name respelt the way that group's names are.

Run `python -m tests.bench.bench_groups [PEOPLE OF A GROUP]`.
"""

import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from services.search.commands import goals
from services.search.commands.evaluate import measured
from services.search.commands.records import Entry
from services.search.domain.forms import _listed as listed_forms
from services.search.domain.thresholds import interval
from shared.contracts.people import Name, Person
from tests.bench.bench_cases import OTHERS
from tests.bench.populace import Populace

EACH = 400
NAMES = Path(__file__).with_name("name_groups.toml")


class Group(Populace):
    """People of one group; another source knows less of them and writes their names by ear."""

    def __init__(self, seed: int, said: Mapping[str, Any]) -> None:
        listed = (base for heading, base, _ in listed_forms() if re.search(said["headings"] or "^$", heading))
        given = sorted({one.title() for one in (*listed, *said["given"].split())})
        super().__init__(seed, given, [one.title() for one in said["surnames"].split()])
        self._habits = [one.split(":") for one in said["respelt"]]

    def again(self, person: Person) -> Person:
        """Often without the address, and with a name by ear in three of four."""
        told_of = super().again(person)
        if self._chance.random() < 0.5:
            told_of = replace(told_of, addresses=())
        if self._chance.random() < 0.75:
            told_of = replace(told_of, names=(self._by_ear(told_of.names[0]),))
        return told_of

    def _by_ear(self, name: Name) -> Name:
        part = self._chance.choice(["given", "surname"])
        word = getattr(name, part).lower()
        able = [(old, new) for old, new in self._habits if old in word]
        old, new = self._chance.choice(able) if able else ("", "")
        by_ear = replace(name, **{part: word.replace(old, new, 1).title()})
        # The surname first, as half of the world writes it.
        if self._chance.random() < 0.1:
            return Name(full=f"{by_ear.surname} {by_ear.given}")
        return by_ear


def entries(each: int) -> Iterator[Entry]:
    """Everybody, with the group they are of, and a referral of each."""
    for number, (name, said) in enumerate(tomllib.loads(NAMES.read_text(encoding="utf-8")).items()):
        group = Group(100 + number, said)
        for one in group.people(each):
            known_as = replace(one, id=f"{name}-{one.id}")
            yield Entry(known_as.id, "person", None, known_as, group=name)
            yield Entry(f"again-{known_as.id}", "referral", known_as.id, group.again(known_as), group=name)


def shares(document: Mapping[str, Any]) -> Iterator[str]:
    """How many of each group are first, among five and told as likely, in per cent, with the interval that
    holds 95 times in 100.
    """
    of: dict[str, list[tuple[bool, bool, bool]]] = {}
    for one in document["queries"]:
        first = goals.within(one, 1)
        of.setdefault(one["group"], []).append((first, goals.within(one, 5), first and goals.alerts(one)))
    yield f"{'group':22}{'asked':>7}" + "".join(f"{name:>22}" for name in ("first", "among five", "told"))
    for name, found in sorted(of.items()):
        yield f"{name:22}{len(found):7}" + "".join(_share([one[at] for one in found]) for at in range(3))


def _share(held: list[bool]) -> str:
    low, high = interval(sum(held), len(held))
    return f"{100 * sum(held) / len(held):12.1f} ({low} to {high})"


def main(each: int) -> None:
    """The table."""
    others = (Entry(one.id, "person", None, one) for one in Populace(11).people(OTHERS))
    for line in shares(measured([*others, *entries(each)], 5, "embedded")):
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else EACH)
