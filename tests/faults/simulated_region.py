"""A region of two services whose processes act by turns: one thread, a set clock, all chance from a seed.

Real relays, consumers and transactions run on SQLite in memory; only the bus, the post and the clock are
simulated. While a process waits for the bus or the post no transaction of its own is open, so others take
turns inside its call: that is how zombies, rebalances and two relays at once come about.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from sqlalchemy import bindparam, func, select, update

from shared.actor import Actor, Scope
from shared.contracts.casework import CaseClosed
from shared.contracts.intake import ContactClosed
from shared.contracts.message import Event
from shared.errors import HeedError
from shared.messaging.deferred import Deferred, Shelf
from shared.messaging.ports import Fenced, Message
from shared.messaging.relay import TERM, Relay
from shared.runtime import Runtime
from shared.store.database import Database
from shared.store.tables import outbox
from shared.store.transaction import Tools
from tests.faults.simulated_faults import BusFaults, Chance, Crash, Post
from tests.faults.simulated_log import Broker, SimulatedLog
from tests.faults.simulated_processes import SETTINGS, SOUND, VAULT, Clock, Hand, Kernel, RelayedLog, Sending
from tests.faults.simulated_services import (
    ANSWERS,
    LETTER,
    LISTENER,
    PLAIN,
    POISON,
    TALKER,
    TOPICS,
    Stores,
    a_listener,
)

ACTS = 24
CONTACTS = ("contact-1", "contact-2", "contact-3")
QUIET, SLOW = "dorset", "kent"
_NOTHING = b"these bytes are no record"
_PLACED = (
    update(outbox)
    .where(outbox.c.position == select(func.max(outbox.c.position)).scalar_subquery())
    .values(position=bindparam("place"))
)


@dataclass
class Said:
    """A transaction of the talker: how many facts, and whether it was told that they are kept."""

    thread: str
    facts: int
    accepted: bool = False


class SimulatedRegion:
    """One run: `live` through turns of chance, then `drain` to rest."""

    def __init__(self, stores: Stores, chance: Chance, kernel: Kernel = SOUND) -> None:
        stores.empty()
        stores.point = chance.point
        self.stores, self.chance, self.kernel = stores, chance, kernel
        self.clock, self.broker = Clock(), Broker(wait=lambda _seen, _timeout: None)
        self.later: list[Message] = []
        self.mended = False
        self.said: list[Said] = []
        self.violations: list[str] = []
        self.unreadable = 0
        self.post = Post(chance, self._meanwhile)
        self.service = a_listener(lambda: self.mended, chance.point)
        self.webs = {name: self._database(TALKER) for name in ("web-1", "web-2", "slow web")}
        self.office = self._database(LISTENER)
        self.desk = kernel.consumer(self.service, self.office)
        self.relays: dict[str, Relay] = {}
        self.hands: dict[str, Hand] = {}
        self._busy: list[str] = []
        self._reserved: int | None = None
        self._sending = {name: Sending(self.clock, self.violations.append) for name in (TALKER, LISTENER)}
        SimulatedLog(self.broker).ensure([*TOPICS, ANSWERS])
        for name in ("relay-1", "relay-2", "hand-1", "hand-2"):
            self.restart(name)

    def _database(self, name: str) -> Database:
        return self.kernel.database(self.stores.engines[name], Tools(name, VAULT, self.clock))

    def _log(self, name: str) -> RelayedLog:
        log = RelayedLog(self.broker, BusFaults(self.chance, self._meanwhile, self.later))
        log.sending = self._sending[name]
        return log

    def restart(self, name: str) -> None:
        """A supervisor starts it anew; its memory is gone."""
        if name.startswith("relay"):
            self.relays[name] = self.kernel.relay(self._database(TALKER), self._log(TALKER))
        elif "web" in name:
            self.webs[name] = self._database(TALKER)
        elif name.startswith("hand"):
            database, log = self._database(LISTENER), self._log(LISTENER)
            runtime = Runtime(self.service, SETTINGS, database, log, self.clock, self.post)
            self.hands[name] = self.kernel.hand_of(runtime, name)

    def live(self, acts: int = ACTS) -> None:
        """Turns of chance."""
        for _ in range(acts):
            self.turn()

    def turn(self) -> None:
        """Somebody does something, unless they are in the middle of something else."""
        acts = (
            ("web-1", 3, partial(self.say, "web-1")),
            ("web-2", 2, partial(self.say, "web-2")),
            ("slow web", 4, self.say_slowly),
            ("relay-1", 3, self.relays["relay-1"].run_once),
            ("relay-2", 2, self.relays["relay-2"].run_once),
            ("hand-1", 4, self.hands["hand-1"].consume),
            ("hand-2", 3, self.hands["hand-2"].consume),
            ("hand-1", 2, self.hands["hand-1"].relay.run_once),
            ("hand-2", 1, self.hands["hand-2"].relay.run_once),
            ("hand-2", 2, lambda: self.hands["hand-2"].post(QUIET)),
            ("hand-1", 1, self.hands["hand-1"].tidy),
            ("person", 1, self.try_refused),
            ("world", 4, self.happen),
        )
        name, _, act = self.chance.random.choices(acts, [weight for _, weight, _ in acts])[0]
        if name not in self._busy:
            self.act(name, act)

    def walk(self) -> None:
        """The whole way of some facts, without chance: told, relayed, heard, answered, a letter sent; twice,
        so that the second time meets what the first left behind.
        """
        for number in ("1", "2"):
            web, relay, hand = f"web-{number}", f"relay-{number}", f"hand-{number}"
            self.act(web, partial(self.tell_each_kind, web))
            self.act(relay, self.relays[relay].run_once)
            for name in self.hands:
                self.act(name, self.hands[name].consume)
            self.act(hand, self.hands[hand].relay.run_once)
            self.act(hand, partial(self.hands[hand].post, QUIET))
            self.clock.forward(2 * TERM)

    def act(self, name: str, turn: Callable[[], object]) -> None:
        """One turn of one process; whatever ends it, a supervisor starts it again."""
        self._busy.append(name)
        try:
            turn()
        except Crash:
            self.chance.buried()
            self.restart(name)
        except (HeedError, Fenced):
            self.restart(name)
        except Exception as problem:  # noqa: BLE001  whatever it is, no fault of the simulation explains it
            self.violations.append(f"{name} failed: {type(problem).__name__}")
            self.restart(name)
        finally:
            self._busy.pop()

    def _meanwhile(self) -> None:
        """Others act while a call is under way."""
        if len(self._busy) < 3 and not self.chance.calm:
            # A transaction that took its number early is likely to end while somebody waits.
            if self._reserved is not None and self.chance.random.random() < 0.7:
                self.act("slow web", self.say_slowly)
            self.live(self.chance.random.randint(1, 4))

    def say(self, web: str) -> None:
        """A contact is closed (again), a case that speaks of one, or both, in one transaction."""
        random = self.chance.random
        facts: list[Event] = []
        for _ in range(random.randint(1, 3)):
            contact = random.choice(CONTACTS)
            decision = random.choice((PLAIN, PLAIN, PLAIN, LETTER, LETTER, POISON))
            if random.random() < 0.7:
                facts.append(ContactClosed(contact_id=contact, decision=decision, closed_at=self.clock()))
            else:
                facts.append(
                    CaseClosed(case_id=f"case-of-{contact}", contact_id=contact, closed_at=self.clock())
                )
        self._publish(web, QUIET, facts)

    def tell_each_kind(self, web: str) -> None:
        """A case ahead of its contact, and a contact with each decision."""
        now = self.clock()
        facts: list[Event] = [CaseClosed(case_id="case-1", contact_id=CONTACTS[0], closed_at=now)]
        for contact, decision in zip(CONTACTS, (LETTER, POISON, PLAIN), strict=True):
            facts.append(ContactClosed(contact_id=contact, decision=decision, closed_at=now))
        self._publish(web, QUIET, facts)

    def say_slowly(self) -> None:
        """As on PostgreSQL, where a transaction may take its numbers early and commit late; what it locks is
        its authority's.
        """
        if self._reserved is None:
            query = "UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'outbox' RETURNING seq"
            found = self.stores.rows(TALKER, query)
            self._reserved = found[0][0] if found else None
        else:
            # Its number is spent, whether or not it lives to commit.
            place, self._reserved = self._reserved, None
            fact = ContactClosed(contact_id="contact-slow", decision=PLAIN, closed_at=self.clock())
            self._publish("slow web", SLOW, [fact], place)

    def _publish(self, web: str, authority: str, facts: Sequence[Event], place: int | None = None) -> None:
        said = Said(f"say-{len(self.said)}", len(facts))
        self.said.append(said)
        with self.webs[web].transaction(Scope(authority, Actor("officer-1"), said.thread)) as tx:
            for fact in facts:
                tx.publish(fact)
            if place is not None:
                tx.flush()
                tx.db.execute(_PLACED, {"place": place})
        said.accepted = True

    def speak_of_everything(self) -> None:
        """What parked records wait for is said at last, and the slow transaction ends."""
        closed = [ContactClosed(contact_id=one, decision=PLAIN, closed_at=self.clock()) for one in CONTACTS]
        self._publish("web-1", QUIET, closed)
        if self._reserved is not None:
            self.say_slowly()

    def happen(self) -> None:
        """Time, clocks, late copies, rebalances, kills, foreign bytes."""
        random = self.chance.random
        kind = random.choice(("time", "time", "time", "late", "late", "rebalance", "kill", "jump", "bytes"))
        if kind == "time":
            self.clock.forward(timedelta(seconds=random.uniform(0.1, 4)))
        elif kind == "late":
            self.land_late()
        elif kind == "rebalance":
            self.broker.rebalance(LISTENER)
        elif kind == "kill":
            self._kill(random.choice(("relay-1", "relay-2", "hand-1", "hand-2")))
        elif kind == "jump" and not self.chance.calm:
            self.clock.forward(timedelta(minutes=random.choice((-60, 1, 11, 60))))
        elif kind == "bytes" and random.random() < 0.2:
            self.unreadable += 1
            self.broker.land([Message(TOPICS[0], "contact-foreign", _NOTHING)])

    def _kill(self, name: str) -> None:
        if name not in self._busy:
            self.restart(name)

    def land_late(self) -> None:
        """What was under way arrives behind what came after it."""
        self.broker.land(self.later)
        self.later.clear()

    def try_refused(self) -> None:
        """A person replays before the cause is mended: nothing may come of it."""
        for one in self.waiting()[:1]:
            if one.type:
                self.desk.replay(one.position)

    def waiting(self, state: str = "refused") -> Sequence[Deferred]:
        """Deferred records, oldest first."""
        with self.office.plumbing(writing=False) as db:
            return Shelf(db, VAULT, LISTENER).listed(state, limit=500)
