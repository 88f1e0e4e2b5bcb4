"""Operations: waiting records, audit chains, the doctor, keys, backup."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from shared import audit, doctor, settings
from shared.actor import Scope, system_scope
from shared.cli import load_services, service_named
from shared.clock import new_id
from shared.errors import Refused
from shared.mail.carriers import open_carrier
from shared.messaging.deferred import Shelf
from shared.messaging.open import open_log
from shared.runtime import Runtime, assemble
from shared.service import Service
from shared.store.roles import Role

as_json = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)


@contextmanager
def opened(services: list[Service]) -> Iterator[list[Runtime]]:
    """Runtimes of these services, closed at the end."""
    chosen = settings.from_environment()
    log, carrier = open_log(chosen), open_carrier(chosen)
    runtimes = [assemble(one, chosen, log, carrier, role=Role.WORKER) for one in services]
    try:
        yield runtimes
    finally:
        for runtime in runtimes:
            runtime.database.close()
        log.close()


def by_command(authority: str) -> Scope:
    """Whoever runs the machines acts; the audit says so."""
    return system_scope("command-line", authority, new_id())


@click.command("dead-letters")
@click.option("--service", help="Only this service's.")
@click.option("--state", type=click.Choice(["refused", "parked", "held"]), help="Only in this state.")
@as_json
def dead_letters(service: str | None, state: str | None, form: str) -> None:
    """List the records that wait: refused (the dead letters), parked or held back."""
    rows = []
    with opened([service_named(service)] if service else load_services()) as runtimes:
        for runtime in runtimes:
            with runtime.database.plumbing(writing=False) as db:
                shelf = Shelf(db, runtime.database.tools.vault, runtime.name)
                rows += [(runtime.name, one) for one in shelf.listed(state or "", limit=500)]
    if form == "json":
        click.echo(
            json.dumps([{"service": name, **vars(one), "since": one.since.isoformat()} for name, one in rows])
        )
        return
    for name, one in rows:
        what = one.type or "unreadable"
        click.echo(f"{name} {one.position}  {one.state:8} {what}  {one.since:%Y-%m-%d %H:%M}  {one.reason}")
    click.echo(f"{len(rows)} waiting")


@click.command("replay")
@click.argument("service")
@click.argument("position", type=int)
@click.option("--reason", required=True, help="What was mended, or why it shall have no effect; audited.")
@click.option("--skip", is_flag=True, help="Go on without it: it shall have no effect here.")
def replay(service: str, position: int, reason: str, skip: bool) -> None:
    """Take a waiting record up again after its cause was mended, or skip it."""
    from shared.operations.dealing import deal, find

    with opened([service_named(service)]) as (runtime,):
        row = find(runtime, position)
        # Bytes that nobody could read belong to no authority; the act still needs a chain to stand in.
        authority = row.authority or next(iter(runtime.authorities()), "")
        deal(runtime, by_command(authority), row, "skip" if skip else "replay", reason)
    click.echo("skipped; what it held back goes on" if skip else "done; what it held back goes on")


@click.group("audit")
def audit_group() -> None:
    """The tamper-evident record."""


@audit_group.command("verify")
@click.option("--service", help="Only this service's chains.")
@as_json
def verify(service: str | None, form: str) -> None:
    """Recompute every chain; names the first bad link and fails if there is one."""
    found = []
    with opened([service_named(service)] if service else load_services()) as runtimes:
        for runtime in runtimes:
            for authority in runtime.authorities():
                with runtime.database.reading(runtime.system(authority)) as tx:
                    found.append((runtime.name, audit.verify(tx.db, authority)))
    if form == "json":
        click.echo(json.dumps([{"service": name, **vars(one)} for name, one in found]))
    else:
        for name, one in found:
            state = "whole" if one.broken_at is None else f"BROKEN at link {one.broken_at}"
            click.echo(f"{name} {one.authority}: {one.links} links, {state}")
    if any(one.broken_at is not None for _, one in found):
        raise Refused("A chain is broken: keep the database as it is and follow docs/operate/audit.md.")


@click.command("rebuild")
@click.argument("service", type=click.Choice(["search", "reporting"]))
def rebuild(service: str) -> None:
    """Fill a read model anew from the owners' journals and swap it in; its pages stay up meanwhile.

    One that was interrupted goes on where it was when it is started again, after a minute at the latest."""
    from shared.messaging.rebuild import rebuild as fill

    with opened(load_services()) as runtimes:
        target = next(one for one in runtimes if one.name == service)
        with click.progressbar(length=1, label=f"rebuilding {service}") as bar:

            def progress(done: int, total: int) -> None:
                bar.length = total
                bar.update(done - bar.pos)

            found = fill(target, runtimes, progress)
    went_on = f", of which {found.before} had been applied before it was interrupted" if found.before else ""
    click.echo(f"{service}: {found.rows} rows from {found.facts} facts{went_on}")


@click.group("keys")
def keys() -> None:
    """The root keys."""


@keys.command("rotate")
def rotate_keys() -> None:
    """Bring everything that is sealed under the first root key; the others then open nothing any more."""
    from shared.rotation import rotate

    with opened(load_services()) as runtimes:
        for runtime in runtimes:
            click.echo(f"{runtime.name}: {rotate(runtime)} values rewrapped")


@click.command("doctor")
@as_json
def doctor_command(form: str) -> None:
    """Say what is wrong with this installation, and what to do about it."""
    findings = doctor.examine(load_services())
    if form == "json":
        click.echo(json.dumps([vars(one) for one in findings]))
    else:
        for one in findings:
            click.echo(f"{'ok  ' if one.well else 'FAIL'}  {one.what}: {one.says}")
    if not all(one.well for one in findings):
        raise Refused("Something needs attention; the lines marked FAIL say what to do.")


@click.command("backup")
@click.argument("folder", type=click.Path(path_type=Path))
def backup(folder: Path) -> None:
    """Copy the embedded databases into a folder while they are in use; keys go into a folder of their own
    beside it.
    """
    from shared.store.backup import backup as copy

    for line in copy(settings.from_environment(), folder):
        click.echo(line)


@click.command("restore")
@click.argument("folder", type=click.Path(path_type=Path, exists=True))
def restore(folder: Path) -> None:
    """Bring a backup into an empty data folder and verify it."""
    from shared.store.backup import restore as bring_back

    for line in bring_back(settings.from_environment(), folder):
        click.echo(line)


COMMANDS = (dead_letters, replay, rebuild, keys, audit_group, doctor_command, backup, restore)
