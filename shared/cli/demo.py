"""The main job, played over HTTP as people and programs would: one concern from the form to the figures.

Every hop is observed, never assumed: it prints what came back, with ids and the time it took, and the command
fails at the first one that does not come.
"""

import json
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

import click

from shared.cli.acts import (
    case_of,
    close,
    conclude,
    contacts,
    decide,
    duty,
    facts,
    find_contact,
    meet,
    more_than,
    pointer,
    report,
    send,
    until,
)
from shared.cli.story import ADULT_FORM, EARLIER, OUTCOME, REASONS
from shared.cli.visitor import Visitor


@dataclass
class Hop:
    """One observed step."""

    number: int
    what: str
    seen: str
    seconds: float


@dataclass
class Play:
    """The course of the demo against one address."""

    url: str
    tell: Callable[[Hop], None]
    hops: list[Hop] = field(default_factory=list)
    clock: float = field(default_factory=time.monotonic)

    def hop(self, what: str, seen: str) -> None:
        """Note what was observed since the last hop."""
        now = time.monotonic()
        found = Hop(len(self.hops) + 1, what, seen, round(now - self.clock, 2))
        self.clock = now
        self.hops.append(found)
        self.tell(found)


@click.command("demo")
@click.option("--url", default="", help="A running Heed with demo accounts; else a private one is started.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def demo(url: str, form: str) -> None:
    """Play the main job from the form to the figures; succeeds only when every hop was seen."""
    tell = _print_hop if form == "text" else _keep_quiet
    if url:
        play = Play(url, tell)
        perform(play)
    else:
        with _private_instance() as address:
            play = Play(address, tell)
            perform(play)
    if form == "json":
        click.echo(json.dumps({"hops": [asdict(one) for one in play.hops]}))
    else:
        click.echo(f"{len(play.hops)} hops, all seen")


COMMANDS = (demo,)


def _print_hop(hop: Hop) -> None:
    click.echo(f"{hop.number:2}. {hop.what}: {hop.seen} ({hop.seconds:.2f} s)")


def _keep_quiet(_: Hop) -> None:
    return


def perform(play: Play) -> None:
    """All hops in their order. Raises Refused or Unavailable at the first that is not seen."""
    officer = Visitor(play.url)
    before, contact = _first_half(play, officer)
    case = case_of(officer, contact)
    play.hop("A case opens", f"case {case['id']}, first meeting due {case['first_meeting_due']}")
    _second_half(play, officer, case["id"])
    grown = until(lambda: more_than(contacts(officer), before), "The figures did not follow.")
    play.hop("The figures have followed", f"contacts this year {before} before, {grown} now")


def _first_half(play: Play, officer: Visitor) -> tuple[int, str]:
    referrer = Visitor(play.url)
    until(lambda: "Dorset" in referrer.get("/").text, "The authorities did not appear.")
    play.hop("Wiltshire takes in an earlier concern", f"reference {report(referrer, 'wiltshire', EARLIER)}")
    before = contacts(officer)
    reference = report(Visitor(play.url), "dorset", ADULT_FORM)
    play.hop("A head teacher reports through the form", f"reference {reference}")
    contact = find_contact(officer, reference)
    play.hop("The officer sees the contact in the inbox", f"contact {contact}")
    play.hop("Another authority holds an earlier record", pointer(officer, contact))
    decide(officer, contact)
    play.hop("The officer decides that the threshold is met", f"criteria {', '.join(REASONS['criteria'])}")
    return before, contact


def _second_half(play: Play, officer: Visitor, case_id: str) -> None:
    meet(officer, case_id)
    play.hop("The first meeting is held", "recorded with who came")
    facts(officer, case_id)
    notice = duty(officer, case_id, "N03")
    what = f"notice {notice['id']}, rule {notice['rule']} to {notice['recipient']}"
    play.hop("A duty appears with its reason", what)
    conclude(officer, case_id)
    play.hop("The outcome is recorded for the allegation", OUTCOME["outcome"])
    send(officer, notice["id"])
    play.hop("The notice is advised, sent and acknowledged", f"notice {notice['id']} acknowledged")
    close(officer, case_id)
    play.hop("The case is closed", f"case {case_id}")


@contextmanager
def _private_instance() -> Iterator[str]:
    """A region of its own in a folder that goes away, served on a free port of this machine."""
    from shared.cli.private import serve_privately

    with tempfile.TemporaryDirectory(prefix="heed-demo-") as folder, serve_privately(Path(folder)) as address:
        yield address
