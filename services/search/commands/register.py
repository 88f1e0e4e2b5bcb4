"""`heed search register`: a file of schools and homes becomes the authority's register of settings."""

import json
from dataclasses import asdict
from pathlib import Path
from time import monotonic

import click

from services.search.actions import loading
from services.search.store.loads import Load
from shared.cli import service_named
from shared.cli.operate import as_json, by_command, opened

_MOST_SHOWN = 1_000


@click.command("register")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--authority", "code", required=True, help="Whose register it is.")
@as_json
def register(file: Path, code: str, form: str) -> None:
    """Load FILE (CSV with headings) into the register of settings; the same file again changes nothing."""
    started, scope = monotonic(), by_command(code)
    with opened([service_named("search")]) as (runtime,):
        with file.open("rb") as lines, runtime.database.transaction(scope) as tx:
            load_id = loading.take_in(tx, lines)
            rows = loading.rows_of(tx, load_id)
        with click.progressbar(length=rows, label="loading settings", hidden=form == "json") as bar:
            done = loading.enter_all(
                lambda: runtime.database.transaction(scope),
                load_id,
                lambda one: bar.update(one.done - bar.pos),
            )
        with runtime.database.reading(scope) as tx:
            wrong = loading.first_problems(tx, load_id, _MOST_SHOWN)
    _say(form, done, [one._asdict() for one in wrong], monotonic() - started)


def _say(form: str, done: Load, wrong: list[dict[str, object]], seconds: float) -> None:
    told = {"rows": done.rows, **asdict(done.tally), "seconds": round(seconds, 1)}
    if form == "json":
        click.echo(json.dumps({**told, "problems": wrong}))
        return
    click.echo(", ".join(f"{name} {value}" for name, value in told.items()))
    for one in wrong:
        click.echo(f"row {one['row']}, {one['column']}: {one['words']}")
