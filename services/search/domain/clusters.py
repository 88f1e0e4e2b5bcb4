"""Records joined into people: which hang together, and where a join is weak enough for another look."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

Node = tuple[str, str]
# Records that are this many links apart were never like each other.
_FAR = 3
# A person of very many records is looked at as a whole anyway.
_MOST_TRIED = 50


class Link(NamedTuple):
    """Two records that are held to be one adult (`joins`), or found to be like each other. `sure`: the
    evidence alone is strong; `reopened`: what was judged is not what the records say now."""

    one: Node
    other: Node
    match_id: str
    joins: bool
    sure: bool
    reopened: bool = False
    rejected: bool = False


class Weakness(NamedTuple):
    """Why a join needs another look: judged_different, reopened, weak_link or far_apart, and between which
    records. `match_id` is empty when no match is between them."""

    flag: str
    one: Node
    other: Node
    match_id: str = ""


def parts(nodes: Collection[Node], links: Iterable[Link]) -> list[frozenset[Node]]:
    """The records that hang together by their joins, largest part first."""
    near = _neighbours(link for link in links if link.joins)
    left, found = set(nodes), []
    while left:
        part = frozenset(_reached(min(left), near)) & left
        found.append(part)
        left -= part
    return sorted(found, key=lambda part: (-len(part), min(part)))


def weaknesses(nodes: Collection[Node], links: Sequence[Link]) -> list[Weakness]:
    """What speaks against holding these records to be one adult, most telling first."""
    within = [link for link in links if link.one in nodes and link.other in nodes]
    said = [Weakness("judged_different", *link[:3]) for link in within if link.rejected]
    said += [Weakness("reopened", *link[:3]) for link in within if link.reopened]
    like = [link for link in within if not link.rejected]
    if len(nodes) > 2:
        said += _weak_links(like)
    return said + list(_far_apart(nodes, like))


def _weak_links(like: Sequence[Link]) -> Iterator[Weakness]:
    """Joins of little evidence that alone hold two parts together."""
    unsure = [link for link in like if link.joins and not link.sure]
    for link in unsure[:_MOST_TRIED]:
        near = _neighbours(other for other in like if other is not link)
        if link.other not in _reached(link.one, near):
            yield Weakness("weak_link", *link[:3])


def _far_apart(nodes: Collection[Node], like: Sequence[Link]) -> Iterator[Weakness]:
    near = _neighbours(like)
    for node in sorted(nodes)[:_MOST_TRIED]:
        steps = _reached(node, near)
        far = [other for other, count in steps.items() if count >= _FAR and other > node]
        if far:
            # One pair says it; every pair of a long chain would only repeat it.
            yield Weakness("far_apart", node, max(far, key=lambda other: (steps[other], other)))
            return


def _neighbours(links: Iterable[Link]) -> dict[Node, list[Node]]:
    near: dict[Node, list[Node]] = defaultdict(list)
    for link in links:
        near[link.one].append(link.other)
        near[link.other].append(link.one)
    return near


def _reached(start: Node, near: dict[Node, list[Node]]) -> dict[Node, int]:
    """Every record that hangs together with the first, with how many links lie between."""
    steps, edge = {start: 0}, [start]
    while edge:
        edge = [other for node in edge for other in near.get(node, ()) if other not in steps]
        far = max(steps.values()) + 1
        steps.update((node, far) for node in edge)
        edge = list(dict.fromkeys(edge))
    return steps
