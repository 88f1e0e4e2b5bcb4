"""The ledger of a kill run: what callers were told against what every service holds, line by line."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from email import message_from_bytes
from typing import Any

from sqlalchemy import Column, func, select

from services.casework.store.tables import case_file, duty
from services.intake.store.tables import contact
from services.notifications.store.tables import notice
from services.reporting.store import tables as figures
from services.search.store.tables import mention
from shared import audit
from shared.contracts import EVENTS
from shared.mail.tables import letter
from shared.messaging.deferred import Shelf
from shared.messaging.relay import Relay
from shared.messaging.worker import topics_of
from shared.region import Region
from shared.runtime import Runtime
from shared.store.tables import inbox, journal, sequence_in
from tests.faults.callers import Notebook


@dataclass(frozen=True)
class Line:
    """Two numbers that must be equal, or one that must be nought."""

    what: str
    expected: int
    found: int

    @property
    def balances(self) -> bool:
        """Whether they are."""
        return self.expected == self.found


def draw(region: Region, notebook: Notebook, mail: Sequence[bytes]) -> list[Line]:
    """All lines. The region is at rest."""
    return [
        Line("broken promises seen by callers", 0, len(notebook.wrong)),
        *_concerns(region, notebook),
        *_duties(region),
        *_facts(region),
        *_rest(region),
        *_letters(region, mail),
    ]


def rows(runtime: Runtime, *columns: Column[Any]) -> list[Any]:
    """Of a tenants' table, of all authorities."""
    found: list[Any] = []
    table = columns[0].table
    for authority in runtime.authorities():
        with runtime.database.reading(runtime.system(authority)) as tx:
            found += tx.db.execute(select(*columns).where(table.c.authority == authority)).all()
    return found


def _concerns(region: Region, notebook: Notebook) -> Iterator[Line]:
    kept = rows(region["intake"], contact.c.token, contact.c.id, contact.c.reference, contact.c.decision)
    by_token = {one.token: one for one in kept}
    told = {(one.token, one.contact_id, one.reference) for one in notebook.accepted}
    as_told = sum((one.token, one.id, one.reference) in told for one in kept)
    yield Line("accepted concerns with exactly their contact", len(told), as_told)
    yield Line("contacts that nobody sent, or twice", 0, len(kept) - len(set(by_token) & notebook.tokens))
    decided = [one for one in notebook.accepted if one.decision]
    right = sum(by_token[one.token].decision == one.decision for one in decided if one.token in by_token)
    yield Line("decisions as they were answered", len(decided), right)
    met = {one.id for one in kept if one.decision == "MET"}
    cases = [one.contact_id for one in rows(region["casework"], case_file.c.contact_id)]
    yield Line("contacts whose threshold is met with exactly one case", len(met), len(met & set(cases)))
    yield Line("cases that should not be there, or twice", 0, len(cases) - len(met & set(cases)))
    named = rows(region["search"], mention.c.contact_id, mention.c.person_id)
    yield Line(
        "contacts in the index with their adult, once", len(kept), _once(named, {one.id for one in kept})
    )
    told_of = rows(
        region["reporting"], figures.contact.c.id, figures.contact.c.decision, figures.contact.c.case_id
    )
    matching = {(one.id, one.decision or "") for one in kept} & {
        (one.id, one.decision or "") for one in told_of
    }
    yield Line("contacts in reporting with their decision", len(kept), len(matching))
    yield Line("cases in reporting under their contact", len(met), sum(bool(one.case_id) for one in told_of))


def _once(named: Sequence[Any], wanted: set[str]) -> int:
    counted = Counter(one.contact_id for one in named)
    return sum(counted[one] == 1 for one in wanted) - len(set(counted) - wanted)


def _duties(region: Region) -> Iterator[Line]:
    of = notice.c
    raised = rows(region["notifications"], of.id, of.contact_id, of.case_id, of.rule, of.duty_of, of.adult_id)
    again = Counter(tuple(one)[1:] for one in raised)
    yield Line("duties raised twice for one cause", 0, sum(count - 1 for count in again.values()))
    # A duty may follow from a contact that became no case; casework hears of it and has nowhere to put it.
    for service, column, due in (
        ("casework", duty.c.id, [one for one in raised if one.case_id]),
        ("reporting", figures.notice.c.id, raised),
    ):
        known = Counter(one.id for one in rows(region[service], column))
        yield Line(f"duties known to {service}", len(due), sum(known[one.id] == 1 for one in due))


@dataclass(frozen=True)
class Fact:
    """A line of a journal."""

    id: str
    type: str
    topic: str
    key: str
    sequence: int
    authority: str


def journals(region: Region) -> dict[str, list[Fact]]:
    """What each service published."""
    found: dict[str, list[Fact]] = {}
    names = (
        journal.c.event_id,
        journal.c.type,
        journal.c.topic,
        journal.c.key,
        journal.c.sequence,
        journal.c.authority,
    )
    for name, runtime in region.runtimes.items():
        with runtime.database.plumbing(writing=False) as db:
            found[name] = [
                Fact(*row)
                for row in db.execute(
                    select(*names).order_by(journal.c.topic, journal.c.key, journal.c.sequence)
                )
            ]
    return found


def _facts(region: Region) -> Iterator[Line]:
    told = [fact for found in journals(region).values() for fact in found]
    gaps = sum(len(found) != max(found) for found in _sequences(told).values())
    yield Line("keys whose journal has a gap", 0, gaps)
    for name, runtime in region.runtimes.items():
        heard = _Heard(runtime, told)
        yield Line(f"facts for {name} that took effect, once", len(heard.due), heard.effects)
        yield Line(f"keys that {name} has not followed to the end", 0, heard.behind)
        yield Line(f"effects in {name} out of their order", 0, heard.disorder())
    counted = sum(one.count for one in rows(region["reporting"], figures.heard.c.count))
    yield Line("facts counted by reporting", len([one for one in told if one.type in EVENTS]), counted)


def _sequences(facts: Sequence[Fact]) -> dict[tuple[str, str], list[int]]:
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for one in facts:
        found[one.topic, one.key].append(one.sequence)
    return found


class _Heard:
    """What one service made of all facts that are for it."""

    def __init__(self, runtime: Runtime, told: Sequence[Fact]) -> None:
        topics, listens = topics_of(runtime), runtime.service.subscriptions
        mine = [one for one in told if one.topic in topics]
        self.due = [one for one in mine if listens.handlers(one.type)]
        with runtime.database.plumbing(writing=False) as db:
            self._claims: dict[str, Any] = dict(
                db.execute(select(inbox.c.event_id, inbox.c.claimed_at)).all()
            )
            last = {(row.topic, row.key): row.last for row in db.execute(select(sequence_in))}
        self.effects = sum(one.id in self._claims for one in self.due)
        self.effects += len(set(self._claims) - {one.id for one in self.due})
        self.behind = sum(last.get(key) != max(found) for key, found in _sequences(mine).items())

    def disorder(self) -> int:
        """How often a later fact of a key took effect before an earlier one."""
        found, before = 0, None
        for one in self.due:
            at = self._claims.get(one.id)
            if before is not None and at is not None and (one.topic, one.key) == before[0] and at < before[1]:
                found += 1
            before = ((one.topic, one.key), at) if at is not None else before
        return found


def waiting(region: Region) -> int:
    """Facts in an outbox."""
    return sum(Relay(one.database, region.log).waiting()[0] for one in region.runtimes.values())


def _rest(region: Region) -> Iterator[Line]:
    yield Line("facts left in an outbox", 0, waiting(region))
    broken = 0
    shelved: Counter[str] = Counter()
    for runtime in region.runtimes.values():
        with runtime.database.plumbing(writing=False) as db:
            shelved.update(Shelf(db, runtime.database.tools.vault, runtime.name).counts())
        for authority in runtime.authorities():
            with runtime.database.reading(runtime.system(authority)) as tx:
                broken += audit.verify(tx.db, authority).broken_at is not None
    for state in ("held", "parked", "refused"):
        yield Line(f"records that wait: {state}", 0, shelved[state])
    yield Line("audit chains that are not whole", 0, broken)


def letter_states(region: Region) -> dict[str, str]:
    """Of each letter of every service."""
    return {
        one.id: one.state
        for runtime in region.runtimes.values()
        for one in rows(runtime, letter.c.id, letter.c.state)
    }


def _letters(region: Region, mail: Sequence[bytes]) -> Iterator[Line]:
    states = letter_states(region)
    arrived = Counter(
        str(message_from_bytes(one)["Message-ID"]).strip("<>").partition("@")[0] for one in mail
    )
    sent = {one for one, state in states.items() if state == "sent"}
    unsure = {one for one, state in states.items() if state in {"uncertain", "sending"}}
    yield Line("letters that arrived twice", 0, sum(count > 1 for count in arrived.values()))
    yield Line("letters marked sent that arrived", len(sent), len(sent & set(arrived)))
    yield Line("letters that arrived, neither sent nor uncertain", 0, len(set(arrived) - sent - unsure))
    yield Line("letters neither sent nor uncertain", 0, len(states) - len(sent) - len(unsure))


def facts_so_far(region: Region) -> int:
    """How many facts the journals hold."""
    total = 0
    for runtime in region.runtimes.values():
        with runtime.database.plumbing(writing=False) as db:
            total += int(db.execute(select(func.count()).select_from(journal)).scalar_one())
    return total


def at_rest(region: Region) -> bool:
    """Whether nothing moves any more: outboxes empty, everything heard, no letter waiting."""
    if waiting(region):
        return False
    behind = (
        one.behind
        for runtime in region.runtimes.values()
        for one in region.log.standing(runtime.name, topics_of(runtime))
    )
    return not any(behind) and "planned" not in letter_states(region).values()


def table(
    lines: Sequence[Line],
    say: Callable[[Line], str] = lambda one: "" if one.balances else "  <- does not balance",
) -> list[str]:
    """For people."""
    return [f"{one.expected:>8} {one.found:>8}  {one.what}{say(one)}" for one in lines]
