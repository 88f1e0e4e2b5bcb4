"""What must be true of a simulated region once it has come to rest, whatever happened before."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from shared import audit
from shared.actor import Actor, Scope
from shared.contracts.message import Undecodable, decode
from tests.faults.simulated_region import QUIET, SimulatedRegion
from tests.faults.simulated_services import LISTENER, POISON, TALKER, TOPICS

_ROUNDS = 40
_OUTBOX = "SELECT 1 FROM outbox LIMIT 1"
_REFUSED = "SELECT 1 FROM deferred WHERE state = 'refused' LIMIT 1"
_LETTERS = "SELECT 1 FROM letter WHERE state IN ('planned', 'sending') LIMIT 1"


def come_to_rest(region: SimulatedRegion) -> None:
    """Faults end; everything on its way arrives. Then a person mends the cause of refusals and replays."""
    region.chance.calm = True
    region.act("web-1", region.speak_of_everything)
    region.land_late()
    for name in (*region.relays, *region.hands):
        region.restart(name)
    _drain(region)
    region.violations += _refused_what_was_no_poison(region)
    region.mended = True
    region.act("person", lambda: _deal_with_refused(region))
    _drain(region)


def _drain(region: SimulatedRegion) -> None:
    for _ in range(_ROUNDS):
        # Who has nothing to do is left alone: an idle turn shows nothing and takes time.
        due = [*_due(region)]
        if not due:
            return
        # Longer than a relay's lease and than a letter's.
        region.clock.forward(timedelta(hours=2))
        for name, turn in due:
            region.act(name, turn)
    region.violations.append("It does not come to rest.")


def _due(region: SimulatedRegion) -> Iterator[tuple[str, Callable[[], object]]]:
    if _any(region, TALKER, _OUTBOX):
        yield from ((name, relay.run_once) for name, relay in region.relays.items())
    if any(one.behind for one in region.hands["hand-1"].runtime.log.standing(LISTENER, TOPICS)):
        yield from ((name, hand.consume) for name, hand in region.hands.items())
    if _any(region, LISTENER, _OUTBOX):
        yield from ((name, hand.relay.run_once) for name, hand in region.hands.items())
    if _any(region, LISTENER, _LETTERS):
        yield "hand-1", lambda: region.hands["hand-1"].post(QUIET)


def _any(region: SimulatedRegion, name: str, query: str) -> bool:
    return bool(region.stores.rows(name, query))


def _deal_with_refused(region: SimulatedRegion) -> None:
    for _ in range(_ROUNDS):
        if not _any(region, LISTENER, _REFUSED):
            return
        found = region.waiting()
        before = len(region.waiting(""))
        # The first of a key lets the others of that key go.
        first = {(one.topic, one.key): one for one in sorted(found, key=lambda one: -one.sequence)}
        for one in first.values():
            if one.type:
                region.desk.replay(one.position)
            else:
                region.desk.skip(one.position)
        if len(region.waiting("")) == before:
            return


def _refused_what_was_no_poison(region: SimulatedRegion) -> Iterator[str]:
    if not _any(region, LISTENER, _REFUSED):
        return
    poison = {one.id for one in _on_the_log(region) if POISON.value.encode() in bytes(one.data)}
    for one in region.waiting():
        # Two hours were longer than anybody's patience with what is parked.
        if one.type and one.event_id not in poison and "ten minutes" not in one.reason:
            yield f"{one.type} {one.sequence} of {one.key} was refused without a cause."


def _on_the_log(region: SimulatedRegion) -> Iterator[Any]:
    for records in region.broker.records.values():
        for record in records:
            try:
                yield decode(record.value)
            except Undecodable:
                continue


def violations(region: SimulatedRegion) -> Sequence[str]:
    """Every promise that this run broke, in words; none when it kept them all."""
    checks = (
        _ledger,
        _effects,
        _order,
        _answers,
        _journals,
        _chains,
        _on_the_bus,
        _nothing_waits,
        _letters,
    )
    found = list(region.violations)
    for check in checks:
        found += check(region)
    return found


def _journal(region: SimulatedRegion, name: str) -> list[Any]:
    return region.stores.rows(
        name, "SELECT event_id, topic, key, sequence, authority FROM journal ORDER BY position"
    )


def _ledger(region: SimulatedRegion) -> Iterator[str]:
    """What was accepted is there, whole; what was not is there whole or not at all."""
    query = "SELECT correlation_id, count(*) FROM audit_entry GROUP BY correlation_id"
    kept = dict(region.stores.rows(TALKER, query))
    for said in region.said:
        count = kept.pop(said.thread, 0)
        if count != said.facts and (said.accepted or count):
            yield f"{said.thread}: {count} of {said.facts} facts are kept."
    if kept:
        yield f"Nobody said {sorted(kept)}."


def _compare(what: str, wanted: Counter[str], found: Counter[str]) -> Iterator[str]:
    lost = sum((wanted - found).values())
    invented = sum(count for one, count in found.items() if one not in wanted)
    doubled = sum((found - wanted).values()) - invented
    for count, word in ((lost, "lost"), (doubled, "doubled"), (invented, "invented")):
        if count:
            yield f"{count} {what} {word}."


def _effects(region: SimulatedRegion) -> Iterator[str]:
    wanted = Counter(row[0] for row in _journal(region, TALKER))
    found = Counter(row[0] for row in region.stores.rows(LISTENER, "SELECT event_id FROM heard"))
    return _compare("effects", wanted, found)


def _order(region: SimulatedRegion) -> Iterator[str]:
    query = "SELECT topic, key, sequence FROM heard ORDER BY number"
    return _contiguous("effects", region.stores.rows(LISTENER, query))


def _contiguous(what: str, rows: Sequence[Any]) -> Iterator[str]:
    by_key: dict[tuple[str, str], list[int]] = defaultdict(list)
    for topic, key, sequence in rows:
        by_key[topic, key].append(sequence)
    for (_, key), found in sorted(by_key.items()):
        if found != list(range(1, len(found) + 1)):
            yield f"The {what} of {key} are out of order: {found}."


def _answers(region: SimulatedRegion) -> Iterator[str]:
    """The listener's own facts: one for each effect."""
    wanted = Counter(row[0] for row in region.stores.rows(LISTENER, "SELECT event_id FROM heard"))
    mine = {row[0] for row in _journal(region, LISTENER)}
    once = {one.id: one for one in _on_the_log(region) if one.id in mine}
    found = Counter(one.event().subject_id for one in once.values())
    return _compare("answers", wanted, found)


def _journals(region: SimulatedRegion) -> Iterator[str]:
    for name in (TALKER, LISTENER):
        yield from _contiguous(f"facts in the {name}'s journal", [row[1:4] for row in _journal(region, name)])


def _chains(region: SimulatedRegion) -> Iterator[str]:
    """Whole, and a link for each fact."""
    for name, database in ((TALKER, region.webs["web-1"]), (LISTENER, region.office)):
        for authority in sorted({row[4] for row in _journal(region, name)}):
            with database.reading(Scope(authority, Actor("auditor"), "check")) as tx:
                if audit.verify(tx.db, authority).broken_at is not None:
                    yield f"The {name}'s chain of {authority} is broken."
        links = Counter(row[0] for row in region.stores.rows(name, "SELECT event_id FROM audit_entry"))
        yield from _compare(f"links of the {name}", Counter(row[0] for row in _journal(region, name)), links)


def _on_the_bus(region: SimulatedRegion) -> Iterator[str]:
    ids = {one.id for one in _on_the_log(region)}
    for name in (TALKER, LISTENER):
        missing = [row for row in _journal(region, name) if row[0] not in ids]
        if missing:
            yield f"{len(missing)} facts of the {name} never reached the bus."


def _nothing_waits(region: SimulatedRegion) -> Iterator[str]:
    for name, table in ((TALKER, "outbox"), (LISTENER, "outbox"), (LISTENER, "deferred")):
        count = region.stores.rows(name, f"SELECT count(*) FROM {table}")[0][0]
        if count:
            yield f"{count} rows are left in the {name}'s {table}."


def _letters(region: SimulatedRegion) -> Iterator[str]:
    """Each left once, or nobody can say and a person is asked, or never did."""
    allowed = {"sent": {1}, "uncertain": {0, 1}, "refused": {0}}
    for letter, state in region.stores.rows(LISTENER, "SELECT id, state FROM letter ORDER BY created_at"):
        left = region.post.left.pop(letter, 0)
        if left not in allowed.get(state, set()):
            yield f"A letter that is {state} left {left} times."
    if region.post.left:
        yield f"{len(region.post.left)} letters left that were undone."
