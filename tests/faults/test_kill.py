"""Workers are killed at any point while concerns flow; at the end the ledger balances in all services."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import func, select

import services
from services.casework.store.tables import case_file
from services.intake.actions.advice import Wording, send_advice
from services.intake.actions.contacts import receive_contact
from services.intake.actions.threshold import decide_threshold
from services.intake.commands.rehearsal import user_id
from services.intake.commands.world import World
from services.intake.domain.report import Report
from services.intake.domain.threshold import Judgement
from services.search.store.tables import mention
from shared import audit
from shared.actor import Actor, Scope
from shared.clock import new_id
from shared.mail.carriers import open_carrier
from shared.mail.tables import letter
from shared.messaging.deferred import Shelf
from shared.messaging.relay import Relay
from shared.region import Region, open_region
from shared.rehearsal import Rehearsal
from shared.settings import from_environment
from shared.vocabulary import Decision, Role

CONCERNS = 60
KILLS = 20
SEED = 7
PATIENCE = 120.0


@dataclass
class Crew:
    """The five worker processes; each killed one is started again, as a supervisor would."""

    folder: Path
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str) -> None:
        command = [sys.executable, "-m", "shared.cli", "worker", name]
        environment = {**os.environ, "HEED_DATA": str(self.folder)}
        log = (self.folder / f"{name}.log").open("ab")
        self.running[name] = subprocess.Popen(command, env=environment, stderr=log, stdout=log)

    def kill(self, name: str) -> None:
        self.running[name].send_signal(signal.SIGKILL)
        self.running[name].wait()
        self.start(name)

    def stop(self) -> None:
        for one in self.running.values():
            one.terminate()
        for one in self.running.values():
            one.wait(20)


@contextmanager
def crew_of(folder: Path) -> Iterator[Crew]:
    crew = Crew(folder)
    try:
        for name in services.NAMES:
            crew.start(name)
        yield crew
    finally:
        crew.stop()


def concern(region: Region, number: int) -> str:
    """A live contact whose threshold is met, with advice by mail. Returns its id."""
    story = World(seed=SEED + number).story(0)
    officer = Actor(user_id(story.authority, story.officers[0]), frozenset({Role.OFFICER}))
    report = Report(referrer=story.referrer, adults=(story.adult,), children=(story.child,),
                    allegations=(story.allegation,))  # fmt: skip
    database = region["intake"].database
    with database.transaction(Scope(story.authority, officer, new_id())) as tx:
        one = receive_contact(tx, report, token=new_id())
    judgement = Judgement(
        decision=Decision.MET, criteria=("HARM",), tier="T4", reasons="It may be.", decided_by=""
    )
    with database.transaction(Scope(story.authority, officer, new_id())) as tx:
        decide_threshold(tx, one.id, judgement)
        send_advice(tx, one.id, Wording(text="Keep your records safe.", kind="CASE"))
    return one.id


def count(region: Region, service: str, column: object, authority: str) -> int:
    database = region[service].database
    with database.reading(Scope(authority, Actor("test"), "t")) as tx:
        table = column.table  # type: ignore[attr-defined]
        query = select(func.count(column.distinct()), func.count()).select_from(table)  # type: ignore[attr-defined]
        distinct, rows = tx.db.execute(query.where(table.c.authority == authority)).one()
    assert distinct == rows, f"{service} holds something twice"
    return int(rows)


def letters(region: Region, authorities: list[str]) -> Counter[str]:
    """Intake's letters by state."""
    found: Counter[str] = Counter()
    for authority in authorities:
        with region["intake"].database.reading(Scope(authority, Actor("test"), "t")) as tx:
            query = select(letter.c.state).where(letter.c.authority == authority)
            found.update(tx.db.execute(query).scalars())
    return found


def letters_settled(region: Region) -> bool:
    """Whether no letter waits; one whose sender was killed becomes uncertain when its lease ends."""
    return "planned" not in letters(region, region["intake"].authorities())


def at_rest(region: Region) -> bool:
    for runtime in region.runtimes.values():
        waiting, _ = Relay(runtime.database, region.log).waiting()
        topics = {topic.replace("{service}", name) for topic in runtime.service.subscriptions.topics
                  for name in services.NAMES}  # fmt: skip
        if waiting or any(one.behind for one in region.log.standing(runtime.name, topics)):
            return False
    return True


def wait_for(state: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if state():
            return
        time.sleep(0.5)
    raise AssertionError("The region did not come to rest.")


def check_letters(region: Region, authorities: list[str], folder: Path) -> None:
    left = letters(region, authorities)
    filed = len(list((folder / "mail").glob("*.eml")))
    assert left["planned"] == left["refused"] == 0
    unsure = left["uncertain"] + left["sending"]
    assert left["sent"] <= filed <= left["sent"] + unsure == CONCERNS


def test_killed_workers_lose_double_and_reorder_nothing(tmp_path: Path):
    settings = from_environment({"HEED_DATA": str(tmp_path)})
    region = open_region(settings, [services.load(name) for name in services.NAMES], open_carrier(settings))
    Rehearsal(region, None).turn()
    chance = random.Random(SEED)
    with crew_of(tmp_path) as crew:
        contacts = []
        for number in range(CONCERNS):
            contacts.append(concern(region, number))
            if number % (CONCERNS // KILLS) == 0:
                time.sleep(chance.random() * 0.5)
                crew.kill(chance.choice(services.NAMES))
        wait_for(lambda: at_rest(region) and letters_settled(region))
        time.sleep(1.5)
        wait_for(lambda: at_rest(region))
    authorities = region["intake"].authorities()
    assert sum(count(region, "casework", case_file.c.contact_id, one) for one in authorities) == CONCERNS
    assert sum(count(region, "search", mention.c.contact_id, one) for one in authorities) == CONCERNS
    for runtime in region.runtimes.values():
        with runtime.database.plumbing(writing=False) as db:
            assert Shelf(db, runtime.database.tools.vault, runtime.name).counts() == {}, runtime.name
        for authority in authorities:
            with runtime.database.reading(runtime.system(authority)) as tx:
                assert audit.verify(tx.db, authority).broken_at is None
    check_letters(region, authorities, tmp_path)
    region.close()
