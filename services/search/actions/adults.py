"""The adults behind records, and what is told of each of them."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from services.search.domain import clusters, patterns
from services.search.domain.clusters import Link, Node
from services.search.domain.patterns import Found, Limit
from services.search.store import concerns, settings
from shared.store.transaction import Transaction

# Nobody has more records; a chain of wrong links must not be walked for ever.
_LARGEST = 300


class Adult(NamedTuple):
    """The records that are held to be of one adult, or likely are, and the other authorities that may hold
    one.
    """

    records: frozenset[Node]
    holders: frozenset[str]

    @property
    def is_unremarkable(self) -> bool:
        """Named once and nowhere else, as most are."""
        return len(self.records) == 1 and not self.holders


def behind(tx: Transaction[Any], nodes: Collection[Node]) -> list[Adult]:
    """The adults of these records, each once, in the order of their ids: every record is with those that are
    held to be of the same adult, or likely are.
    """
    joined: list[Link] = []
    holders: dict[Node, set[str]] = {}
    known, edge = set(nodes), set(nodes)
    found = list[frozenset[Node]]()
    while edge:
        near = concerns.links(tx, edge)
        joined += near.found
        holders |= near.holders
        reached = {node for link in near.found for node in link[:2]}
        edge, known = reached - known, known | reached
        found = clusters.parts(known, joined)
        edge = {node for part in found if len(part) < _LARGEST for node in part & edge}
    made = (Adult(part, frozenset(one for node in part for one in holders.get(node, ()))) for part in found)
    return sorted(made, key=lambda one: min(one.records))


def amount(tx: Transaction[Any], adults: Sequence[Adult], limits: Sequence[Limit]) -> list[Found]:
    """What concerns about each of these adults amount to by these limits, which are those of people."""
    several = {one: n for n, one in enumerate(one for one in adults if not one.is_unremarkable)}
    about = concerns.of_adults(tx, [one.records for one in several])
    there = concerns.places(tx, {one.contact_id for of in about if len(of) > 1 for one in of})
    lines = settings.lines(tx, {at for of in there.values() for at in of})
    return [
        patterns.of_person(
            about[several[one]],
            {
                each.contact_id: frozenset(
                    before for node in each.adults for at in there.get(node, ()) for before in lines[at]
                )
                for each in about[several[one]]
            },
            1 + len(one.holders),
            limits,
            tx.now,
        )
        if one in several
        else Found(standing=one.records, authorities=1)
        for one in adults
    ]
