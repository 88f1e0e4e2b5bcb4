"""The kill run: five services, each web and worker a process of its own, under load while they are killed.

At the end the ledger must balance: nothing that was accepted is lost, doubled or out of order.
"""

import json
import os
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

import services
from shared.cli.private import free_port
from shared.errors import Refused
from shared.mail.carriers import open_carrier
from shared.region import Region, open_region
from shared.rehearsal import Rehearsal
from shared.settings import from_environment
from shared.store.migrate import migrate
from tests.faults import ledger, recovery
from tests.faults.callers import Caller, Notebook, Stories, officers
from tests.faults.crew import Crew, Post, post
from tests.faults.lab import Lab, own_servers
from tests.faults.recovery import Fault, Felt
from tests.faults.sink import Sink
from tests.faults.storm import Storm, order_of, still_since, wait_until

# All five services in one process take as much longer to start.
_HEAVY = 2
STARTING, _FINISHING, _SETTLING = 90.0, 60.0, 180.0
# Shares of the time: for faults; until callers begin nothing new, after which all comes to rest.
_STORMY, _BUSY = 0.85, 0.92


@dataclass(frozen=True)
class Plan:
    """What is asked of a run. `together` of the faults strike one `heed run` that serves everything."""

    events: int = 20_000
    faults: int = 200
    seed: int = 7
    bus: str = "sqlite"
    together: int = 0
    seconds: float = 300.0


@dataclass
class Result:
    """What came of it."""

    plan: Plan
    facts: int = 0
    seconds: float = 0.0
    faults: list[Fault] = field(default_factory=list)
    notebook: Notebook = field(default_factory=Notebook)
    exits: int = 0
    lines: list[ledger.Line] = field(default_factory=list)
    felt: list[Felt] = field(default_factory=list)
    settled: bool = True


@dataclass
class Stage:
    """Where a run takes place."""

    plan: Plan
    region: Region
    environment: dict[str, str]
    folder: Path
    lab: Lab | None
    stories: Stories
    chance: random.Random


def perform(plan: Plan) -> Result:
    """The whole run in a folder, and on servers, of its own."""
    result = Result(plan)
    with Sink() as sink, _stage(plan, sink.port) as stage:
        apart = plan.faults - plan.together
        weight = apart + _HEAVY * plan.together
        share = plan.seconds * (apart / weight if weight else 1)
        _play(
            stage, result, posts_apart(), order_of(apart, stage.chance, servers=stage.lab is not None), share
        )
        if plan.together:
            # Its parent dies with it every fourth time: the others show what a fork is worth.
            four = [*["kill together"] * 3, "container"]
            kinds = [four[number % 4] for number in range(plan.together)]
            _play(stage, result, _together(stage), kinds, plan.seconds - share)
        result.facts = ledger.facts_so_far(stage.region)
        result.lines = ledger.draw(stage.region, result.notebook, sink.letters)
        result.felt = recovery.measured(stage.region, result.faults, result.notebook.answered)
    return result


@contextmanager
def _stage(plan: Plan, mail_port: int) -> Iterator[Stage]:
    with tempfile.TemporaryDirectory(prefix="heed-chaos-") as name, _servers(plan.bus) as lab:
        environment = {"HEED_DATA": name, "HEED_MAIL_URL": f"smtp://127.0.0.1:{mail_port}"}
        environment |= lab.environment if lab else {}
        with opened(environment) as region:
            stories, chance = Stories(plan.seed), random.Random(plan.seed)
            yield Stage(plan, region, environment, Path(name), lab, stories, chance)


@contextmanager
def opened(environment: dict[str, str]) -> Iterator[Region]:
    """A region with its authorities and accounts and nothing else, looked at from outside its processes."""
    settings = from_environment(environment)
    known = [services.load(one) for one in services.NAMES]
    for one in known:
        migrate(one, settings)
    region = open_region(settings, known, open_carrier(settings))
    Rehearsal(region, None).turn()
    yield region
    region.close()


@contextmanager
def _servers(bus: str) -> Iterator[Lab | None]:
    if bus == "sqlite":
        yield None
        return
    with own_servers() as lab:
        yield lab


Posts = tuple[list[Post], dict[str, str]]


def posts_apart() -> Posts:
    """Each web and worker its own process, and where each web answers."""
    posts, urls = [], {}
    for name in services.NAMES:
        port = free_port()
        urls[name] = f"http://127.0.0.1:{port}"
        posts += [post("worker", name, "worker", name), post("web", name, "web", name, "--port", str(port))]
    return posts, urls


def _together(stage: Stage) -> Posts:
    port = free_port()
    one = post("together", "", "run", "--empty", "--port", str(port), "--data", str(stage.folder))
    return [one], dict.fromkeys(services.NAMES, f"http://127.0.0.1:{port}")


def _play(stage: Stage, result: Result, cast: Posts, kinds: list[str], seconds: float) -> None:
    posts, urls = cast
    with Crew(posts, stage.environment, stage.folder) as crew:
        if not wait_until(lambda: rests(stage.region), STARTING):
            raise Refused("The region did not come to rest before the first fault: is the machine too busy?")
        began = time.monotonic()
        storm = Storm(crew, kinds, seconds * _STORMY, stage.chance, stage.lab)
        callers = officers(urls, stage.stories, result.notebook)
        for one in (storm, *callers):
            one.start()
        _last(stage, storm, seconds * _BUSY)
        _finish(callers, storm, crew)
        still = still_since(lambda: rests(stage.region), lambda: _facts(stage.region), _SETTLING)
        result.settled &= still is not None
        result.seconds += (still or time.monotonic()) - began
        result.faults += storm.faults
        result.exits += crew.exits


def _last(stage: Stage, storm: Storm, seconds: float) -> None:
    """Until faults and facts are as many as asked, or the time is over."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        time.sleep(1.0)
        if not storm.is_alive() and _facts(stage.region) >= stage.plan.events:
            return


def _facts(region: Region) -> int:
    try:
        return ledger.facts_so_far(region)
    except Exception:  # noqa: BLE001  the database is away just now, as it shall be
        return 0


def rests(region: Region) -> bool:
    """Whether nothing moves any more; not while a server is away."""
    try:
        return ledger.at_rest(region)
    except Exception:  # noqa: BLE001  the bus or the database has not come back yet
        return False


def _finish(callers: list[Caller], storm: Storm, crew: Crew) -> None:
    """No more faults; callers finish what they began."""
    storm.calm.set()
    storm.join()
    crew.thaw()
    for one in callers:
        one.enough.set()
    until = time.monotonic() + _FINISHING
    for one in callers:
        one.join(max(0.0, until - time.monotonic()))
    for one in callers:
        one.ending.set()
        one.join()


@dataclass(frozen=True)
class Gate:
    """A number that must be reached, or one that must not be passed."""

    what: str
    wanted: float
    found: float
    least: bool = False

    @property
    def holds(self) -> bool:
        """Whether it is so."""
        return self.found >= self.wanted if self.least else self.found <= self.wanted

    def __str__(self) -> str:
        sign, verdict = ">=" if self.least else "<=", "pass" if self.holds else "FAIL"
        return f"{self.what:36}{sign} {self.wanted:>6g}{self.found:>9g}  {verdict}"


def gates(result: Result) -> list[Gate]:
    """What was asked of the run, and what the design promises, beside what came of it."""
    plan = result.plan
    return [
        Gate("lines that do not balance", 0, sum(not one.balances for one in result.lines)),
        Gate("concerns", 1, len(result.notebook.accepted), least=True),
        Gate("facts", plan.events, result.facts, least=True),
        Gate("faults", plan.faults, len(result.faults), least=True),
        Gate("seconds until all was at rest", plan.seconds, round(result.seconds)),
        *(
            Gate(f"seconds until recovery: {one.what}", one.within, round(one.longest, 1))
            for one in result.felt
            if one.within is not None
        ),
    ]


def told(result: Result, form: str) -> str:
    """For people or for programs."""
    made = dict(Counter(f"{one.kind} {one.target.partition(' ')[0]}" for one in result.faults))
    summary = {
        "plan": asdict(result.plan), "facts": result.facts, "faults": len(result.faults), "by_kind": made,
        "seconds": round(result.seconds), "concerns": len(result.notebook.accepted),
        "requests": result.notebook.requests, "repeats": result.notebook.repeats, "own_exits": result.exits,
        "settled": result.settled, "wrong": result.notebook.wrong,
        "ledger": [{**asdict(one), "balances": one.balances} for one in result.lines],
        "recovery": [asdict(one) for one in result.felt],
        "gates": [{**asdict(one), "holds": one.holds} for one in gates(result)],
        "load": os.getloadavg(),
    }  # fmt: skip
    return json.dumps(summary) if form == "json" else _in_words(result, made)


def _in_words(result: Result, made: dict[str, int]) -> str:
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(made.items()))
    lines = [
        f"{result.facts} facts of {len(result.notebook.accepted)} concerns, {len(result.faults)} faults "
        f"({kinds}) in {result.seconds:.0f} s; {result.notebook.requests} answers, "
        f"{result.notebook.repeats} repeats",
        *sorted(set(result.notebook.wrong)),
        "expected    found",
        *ledger.table(result.lines),
        "",
        "recovery                          times   p50 s  p100 s   goal",
    ]
    for one in result.felt:
        goal = f"{one.within:>6.0f}" if one.within else "      "
        lines.append(f"{one.what:34}{one.times:5}{one.middle:8.2f}{one.longest:8.2f} {goal}")
    lines += ["", "the slowest of those that have a goal"]
    lines += [f"{one.what:10}{slow}" for one in result.felt if one.within for slow in one.slowest]
    lines += ["", f"{'gate':36}{'goal':>8}{'found':>9}"]
    lines += [str(one) for one in gates(result)]
    lines.append(f"load of the machine at the end: {', '.join(f'{one:.1f}' for one in os.getloadavg())}")
    return "\n".join(lines)


def require_balance(result: Result) -> None:
    """Raises Refused, which names the first line that does not balance."""
    if not result.settled:
        raise Refused("The region did not come to rest after the last fault: see the lines of the ledger.")
    for one in result.lines:
        if not one.balances:
            raise Refused(
                f"The ledger does not balance: {one.what}, {one.expected} expected, {one.found} found."
            )
    missed = [f"{one.what} {one.found:g} instead of {one.wanted:g}" for one in gates(result) if not one.holds]
    if missed:
        raise Refused(f"The ledger balances, but not all came about in time: {', '.join(missed)}.")
