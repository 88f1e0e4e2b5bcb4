"""What goes wrong in a run, drawn from its seed: nothing else in a simulation is left to chance."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from typing import Any

from shared.errors import Refused, Unavailable
from shared.mail import Uncertain
from shared.messaging.ports import Fenced, Message

# Where a process may end, all kinds of it; the enumeration of crashes has to meet each.
KINDS = frozenset(
    {
        "talker: before a statement", "talker: before a commit",
        "listener: before a statement", "listener: before a commit", "listener: in a handler",
        "bus: before an append", "bus: after an append", "bus: before a poll",
        "bus: before a commit", "bus: after a commit",
        "mail: before it leaves", "mail: after it left",
    }
)  # fmt: skip


class Crash(BaseException):
    """The process ends here and now: no handler of ours may see it."""


class Chance:
    """Draws faults and counts them; after `calm` nothing goes wrong any more.

    A run with `crash_at` has one fault alone: the crash at that numbered point.
    """

    def __init__(self, seed: int, crash_at: int | None = None) -> None:
        self.random = random.Random(seed)
        self.crash_at = crash_at
        self.calm = False
        self.points = 0
        self.crashed_at = ""
        self.faults: Counter[str] = Counter()
        # Some runs are rough, some nearly smooth: both find things.
        self._crashing = self.random.choice((0.0, 0.004, 0.012))
        self._failing = self.random.choice((0.05, 0.2, 0.4))
        self._dying = False

    def point(self, name: str) -> None:
        """A numbered point where the process may end."""
        # On its way down a process passes here again, to roll back.
        if self._dying or self.calm:
            return
        self.points += 1
        drawn = self.crash_at is None and self.random.random() < self._crashing
        if drawn or self.points == self.crash_at:
            self._dying = True
            self.crashed_at = name
            self.faults["crash"] += 1
            raise Crash(name)
        if name.endswith("handler") and self.happens("away in a handler", 0.02):
            raise Unavailable("A part that the handler needs is away.")

    def buried(self) -> None:
        """The process is gone; the others live on."""
        self._dying = False

    def fault(self, *kinds: str) -> str:
        """One of these, or none."""
        if self.calm or self.crash_at is not None or self.random.random() >= self._failing:
            return ""
        kind = self.random.choice(kinds)
        self.faults[kind] += 1
        return kind

    def happens(self, kind: str, share: float) -> bool:
        """Whether this happens, so often in a smooth run and in a rough one."""
        drawn = not self.calm and self.crash_at is None and self.random.random() < share
        self.faults[kind] += drawn
        return drawn


class BusFaults:
    """The faults that one process meets at the bus.

    `meanwhile` lets others act while the call is under way, `later` keeps messages that land behind others.
    """

    def __init__(self, chance: Chance, meanwhile: Callable[[], None], later: list[Message]) -> None:
        self._chance, self._meanwhile, self._later = chance, meanwhile, later

    def appending(self, messages: Sequence[Message], land: Callable[[Sequence[Message]], None]) -> None:
        """The six ways in which an append goes wrong; all of them may be slow."""
        self._chance.point("bus: before an append")
        self._others_act(0.6)
        kind = self._chance.fault("lost", "unacknowledged", "in part", "twice", "delayed", "copied later")
        self._land(kind, messages, land)
        self._chance.point("bus: after an append")
        if kind in {"lost", "unacknowledged", "in part"}:
            raise Unavailable("The bus did not answer.")

    def _land(
        self, kind: str, messages: Sequence[Message], land: Callable[[Sequence[Message]], None]
    ) -> None:
        if kind == "in part":
            land([one for one in messages if self._chance.random.random() < 0.5])
        elif kind == "delayed":
            self._later += messages
        elif kind != "lost":
            land(messages)
        if kind == "twice":
            land(messages)
        if kind == "copied later":
            self._later += messages

    def polling(self) -> None:
        """The bus may be away."""
        self._chance.point("bus: before a poll")
        if self._chance.happens("away at a poll", 0.03):
            raise Unavailable("The bus did not answer.")

    def committing(self, move: Callable[[], None]) -> None:
        """Refused, lost, or moved without an answer; others may act between the database and this."""
        self._chance.point("bus: before a commit")
        self._others_act(0.3)
        kind = self._chance.fault("fenced", "commit refused", "commit unanswered")
        if kind == "fenced":
            raise Fenced
        if kind != "commit refused":
            move()
        self._chance.point("bus: after a commit")
        if kind.startswith("commit"):
            raise Unavailable("The bus did not answer.")

    def _others_act(self, share: float) -> None:
        if self._chance.happens("others act meanwhile", share):
            self._meanwhile()


class Post:
    """A carrier that counts what leaves, per letter."""

    def __init__(self, chance: Chance, meanwhile: Callable[[], None]) -> None:
        self._chance, self._meanwhile = chance, meanwhile
        self.left: Counter[str] = Counter()

    def carry(self, message: EmailMessage) -> str:
        """Unavailable only where nothing left; Uncertain either way."""
        self._chance.point("mail: before it leaves")
        kind = self._chance.fault("mail away", "mail unsure", "mail unsure, gone", "mail refused")
        if self._chance.happens("others act meanwhile", 0.2):
            self._meanwhile()
        if kind == "mail away":
            raise Unavailable("The mail server did not answer.")
        if kind == "mail refused":
            raise Refused("The mail server does not know that address.")
        if kind != "mail unsure":
            self.left[str(message["Message-ID"]).strip("<>").partition("@")[0]] += 1
        self._chance.point("mail: after it left")
        if kind.startswith("mail unsure"):
            raise Uncertain("The line broke while the letter was handed over.")
        return "taken"

    def check(self) -> Any:
        """It always says yes."""
        return "a simulated post"
