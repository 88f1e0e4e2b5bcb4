"""The benchmarks: how fast it is, beside what it is measured against, on this machine."""

from importlib import import_module

import click

from shared.errors import Refused


@click.command("bench")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--size", default=1.0, show_default=True, help="Which part of the full counts is worked.")
@click.option("--rounds", default=3, show_default=True, help="Each figure is the median of so many.")
@click.option("--servers", is_flag=True, help="Also on Kafka and PostgreSQL, started for this run.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def bench(names: tuple[str, ...], size: float, rounds: int, servers: bool, form: str) -> None:
    """Measure; all benchmarks unless some are named."""
    try:
        run = import_module("tests.bench.run")
    except ModuleNotFoundError:
        raise Refused("`heed bench` needs a source checkout with its tests: run it from there.") from None
    named = run.chosen(names)
    with run.planned(size, rounds, servers=servers) as plan:
        run.perform(named, plan, form, click.echo)


COMMANDS = (bench,)
