"""The command `heed`: runs the region, one process of one service, or an operation on them.

Services are loaded at run time, as plug-ins of a host: this is the one seam where the kernel meets them, and
no import says so. Every failure is one sentence on standard error; settings that cannot work end with exit
code 2.
"""

import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import click
from sqlalchemy.exc import OperationalError, ProgrammingError

from shared.errors import HeedError, Invalid, Misconfigured
from shared.service import Service


class Sentences(click.Group):
    """Turns what Heed knows to be wrong into one sentence and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except HeedError as problem:
            click.echo(f"heed: {_sentence(problem)}", err=True)
            ctx.exit(2 if isinstance(problem, Misconfigured) else 1)
        except (OperationalError, ProgrammingError):
            # A statement's own words name tables and values, so they stay out of the sentence.
            click.echo(
                "heed: A database does not answer or has no tables: run `heed migrate`, then `heed doctor`.",
                err=True,
            )
            ctx.exit(1)


class Heed(Sentences):
    """All commands, each module loaded only when its turn comes: a worker that was killed is started again
    with what a worker needs, and nothing else.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  the library's signature
        """Their names."""
        return sorted(one.name or "" for one in _offered())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The one of that name."""
        return next((one for one in _offered() if one.name == cmd_name), None)


# Those that processes are started with come first.
_MODULES = ("run", "operate", "demo", "trial", "chaos", "bench")


def _offered() -> Iterator[click.Command]:
    for name in _MODULES:
        yield from import_module(f"shared.cli.{name}").COMMANDS
    for service in load_services():
        yield from service.commands()


def _sentence(problem: HeedError) -> str:
    """The first thing that is wrong: a form would show the fields one by one."""
    fields = problem.fields if isinstance(problem, Invalid) else {}
    return next((f"{name}: {words[0]}" for name, words in fields.items()), str(problem))


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
    heed = Heed(
        "heed", help="The shared, regional system for allegations against adults who work with children."
    )
    heed(prog_name="heed", auto_envvar_prefix=None)
    sys.exit(0)
