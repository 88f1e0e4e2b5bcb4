"""The command `heed`: runs the region, one process of one service, or an operation on them.

Services are loaded at run time, as plug-ins of a host: this is the one seam where the kernel meets them, and
no import says so. Every failure is one sentence on standard error; settings that cannot work end with exit
code 2.
"""

import sys
from importlib import import_module
from typing import Any

import click

from shared.errors import HeedError, Misconfigured
from shared.service import Service


class Sentences(click.Group):
    """Turns what Heed knows to be wrong into one sentence and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except Misconfigured as problem:
            click.echo(f"heed: {problem}", err=True)
            ctx.exit(2)
        except HeedError as problem:
            click.echo(f"heed: {problem}", err=True)
            ctx.exit(1)


def load_services() -> list[Service]:
    """The services of this installation; an image may hold one of them."""
    catalogue = import_module("services")
    return [catalogue.load(name) for name in catalogue.NAMES]


def service_named(name: str) -> Service:
    """One of them. Raises Misconfigured."""
    catalogue = import_module("services")
    if name not in catalogue.NAMES:
        raise Misconfigured(
            f"There is no service of that name here; choose one of {', '.join(catalogue.NAMES)}."
        )
    service: Service = catalogue.load(name)
    return service


def main() -> None:
    """The entry point."""
    from shared.cli import demo, operate, run

    heed = Sentences(
        "heed", help="The shared, regional system for allegations against adults who work with children."
    )
    for command in (*run.COMMANDS, *operate.COMMANDS, *demo.COMMANDS):
        heed.add_command(command)
    for service in load_services():
        for own in service.commands():
            heed.add_command(own)
    heed(prog_name="heed", auto_envvar_prefix=None)
    sys.exit(0)
