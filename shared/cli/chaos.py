"""The kill run: the five services under load while their processes, broker and databases are killed."""

from importlib import import_module
from typing import Any

import click

from shared.errors import Refused


@click.command("chaos")
@click.option("--events", default=20_000, show_default=True, help="How many facts the run brings about.")
@click.option("--faults", default=200, show_default=True, help="How many faults are made meanwhile.")
@click.option("--seed", default=7, show_default=True, help="Chooses the faults and the concerns.")
@click.option("--bus", type=click.Choice(["sqlite", "kafka"]), default="sqlite", show_default=True)
@click.option("--together", default=0, show_default=True, help="Then this many kills of one `heed run`.")
@click.option("--seconds", default=300, show_default=True, help="How long load and faults go on at most.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def chaos(form: str, **asked: Any) -> None:
    """Kill and pause processes while concerns flow, then balance the ledger; fails when a line does not."""
    try:
        run = import_module("tests.faults.chaos")
    except ModuleNotFoundError:
        raise Refused("`heed chaos` needs a source checkout with its tests: run it from there.") from None
    result = run.perform(run.Plan(**asked))
    click.echo(run.told(result, form))
    run.require_balance(result)


COMMANDS = (chaos,)
