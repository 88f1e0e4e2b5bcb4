"""`heed authority` and `heed user`: how a region begins, from the command line of whoever runs it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import click

from services.intake.actions import opening
from services.intake.domain.region import AuthorityRecord
from services.intake.domain.session import User, roles_of
from shared import replicas
from shared.cli import service_named
from shared.cli.operate import as_json, by_command, opened
from shared.store.transaction import Transaction
from shared.vocabulary import Role

_code = click.option("--authority", "code", required=True, help="The code of an authority that is open.")
_email = click.option("--email", required=True, help="Their address at work.")


@click.group("authority")
def authority() -> None:
    """The local authorities of this region."""


@authority.command("add")
@click.argument("code")
@click.argument("name")
@click.option("--phone", default="", help="The officers' telephone number, shown to referrers.")
@click.option("--child-referral-phone", default="", help="Where a child at risk is reported.")
@click.option("--contact-route", default="", help="How officers of other authorities reach its officers.")
@click.option("--theme", default="", help="How its pages look.")
@click.option("--pooled", is_flag=True, help="Its records take part in the search of the region.")
@as_json
def add_authority(code: str, name: str, form: str, **given: Any) -> None:
    """Open an authority: CODE stands in its addresses for ever, NAME is what people read."""
    record = AuthorityRecord(display_name=name.strip(), **given)
    with _acting(code) as tx:
        changed = opening.admit_authority(tx, record)
    _say(form, {"code": code, "name": record.display_name}, changed, f"{code}: open")


@authority.command("list")
@as_json
def list_authorities(form: str) -> None:
    """The authorities that are open here."""
    with opened([service_named("intake")]) as (runtime,), runtime.database.reading(runtime.system("")) as tx:
        found = replicas.authorities(tx)
    if form == "json":
        click.echo(json.dumps([asdict(one) for one in found]))
        return
    for one in found:
        click.echo(f"{one.code:20} {one.display_name}")
    click.echo(f"{len(found)} open")


@click.group("user")
def user() -> None:
    """Accounts; an authority's administrators open all but the first on their pages."""


@user.command("add")
@_code
@_email
@click.option("--name", required=True, help="What colleagues call them.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice([one.value for one in Role]),
    help="May be repeated.",
)
@as_json
def add_user(code: str, email: str, name: str, roles: tuple[str, ...], form: str) -> None:
    """Open an account, such as an authority's first administrator."""
    one = User(id="", display_name=name.strip(), email=email.strip(), roles=roles_of(roles))
    with _acting(code) as tx:
        found, changed = opening.admit_user(tx, one)
    _say(form, _shown(code, found), changed, f"{code}: account {found.id} is open")


@user.command("close")
@_code
@_email
@as_json
def close_user(code: str, email: str, form: str) -> None:
    """Close an account and end its sessions everywhere, also an administrator's."""
    with _acting(code) as tx:
        found, changed = opening.close_user(tx, email.strip())
    _say(form, _shown(code, found), changed, f"{code}: account {found.id} is closed")


COMMANDS = (authority, user)


@contextmanager
def _acting(code: str) -> Iterator[Transaction[Any]]:
    with (
        opened([service_named("intake")]) as (runtime,),
        runtime.database.transaction(by_command(code)) as tx,
    ):
        yield tx


def _shown(code: str, one: User) -> dict[str, Any]:
    return {"id": one.id, "authority": code, "roles": sorted(one.roles), "active": one.active}


def _say(form: str, what: dict[str, Any], changed: bool, words: str) -> None:
    if form == "json":
        click.echo(json.dumps({**what, "changed": changed}))
    else:
        click.echo(words if changed else f"{words} already; nothing changed")
