"""Invented data for a region on real servers: the trial before an authority's own people are let in."""

import time
from collections.abc import Callable

import click

from shared import settings
from shared.cli import load_services
from shared.cli.operate import opened
from shared.errors import Refused, Unavailable
from shared.region import Region
from shared.rehearsal import BACKLOG, Rehearsal

# A worker that runs moves one fact at least within this time, whatever else the machine does.
_PATIENCE = 120.0


@click.command("demo-data")
@click.option("--empty", is_flag=True, help="The invented authorities and their accounts only, no history.")
@click.option("--scale", type=click.Choice(["small", "realistic"]), default="small", show_default=True)
def demo_data(empty: bool, scale: str) -> None:
    """Fill a trial region with invented data; its tables are made, and for a history its workers run."""
    chosen = settings.from_environment()
    if not chosen.demo:
        raise Refused(
            "Invented data belong into a region of demo accounts only: HEED_ENVIRONMENT=embedded, no issuer."
        )
    with opened(load_services()) as runtimes:
        region = Region(chosen, runtimes[0].log, {one.name: one for one in runtimes})
        rehearsal = Rehearsal(region, None if empty else scale)
        rehearsal.turn(contacts=0)
        click.echo("The authorities and their accounts are there.")
        if not empty:
            rehearsal.play(patience_with(rehearsal))
            click.echo("The history is complete.")


COMMANDS = (demo_data,)


def patience_with(
    rehearsal: Rehearsal, patience: float = _PATIENCE, clock: Callable[[], float] = time.monotonic
) -> Callable[[], None]:
    """Called while the play waits. Raises Unavailable when the backlog has not changed for too long."""
    before, since = -1, clock()

    def waiting() -> None:
        nonlocal before, since
        now = rehearsal.backlog()
        if now != before or now <= BACKLOG:
            before, since = now, clock()
        elif clock() - since > patience:
            raise Unavailable(
                "Facts do not travel: start `heed worker` for each service, then run this again."
            )

    return waiting
