"""Starting processes: the whole region embedded, or one web or worker of one service."""

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shared import fitness, logs, settings, working_days
from shared.cli import load_services, service_named
from shared.errors import Misconfigured, Unavailable
from shared.mail.carriers import open_carrier
from shared.messaging.open import open_log
from shared.parent import beget, keep_loaded
from shared.runtime import Runtime, assemble, with_kernel
from shared.settings import Settings
from shared.store.roles import Role

if TYPE_CHECKING:
    from shared.region import Region


@click.command("run")
@click.option(
    "--port", default=8000, show_default=True, help="Where the pages are served, on this machine only."
)
@click.option("--data", type=click.Path(path_type=Path), help="The folder of the databases; else HEED_DATA.")
@click.option("--empty", is_flag=True, help="No demo data: the authorities and their accounts only.")
@click.option("--scale", type=click.Choice(["small", "realistic"]), default="small", show_default=True)
def run(port: int, data: Path | None, empty: bool, scale: str) -> None:
    """All five services in one process, embedded: no server needed."""
    chosen = settings_for(data, port)
    if chosen.production:
        raise Misconfigured(
            "`heed run` is the embedded run; in production start `heed web` and `heed worker` each."
        )
    click.echo(f"Heed is starting on http://127.0.0.1:{port} with its data in {chosen.data}")
    _refuse_unfit_region(chosen)
    make = partial(_Embedded, chosen, None if empty else scale)
    serve_with_gunicorn(f"127.0.0.1:{port}", make, threads=8, workers=1)


@click.command("web")
@click.argument("service")
@click.option("--port", default=8000, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--threads", default=4, show_default=True, help="Requests at work at once in each process.")
@click.option("--workers", default=1, show_default=True)
def web(service: str, port: int, host: str, threads: int, workers: int) -> None:
    """The pages and the API of one service."""
    from shared.operations import open_web

    ready = one_runtime(service, Role.APPLICATION)
    # Made once for what it loads: each process that serves finds that there after its fork.
    open_web(ready)
    _refuse_unfit(ready)
    serve_with_gunicorn(f"{host}:{port}", lambda: _OneService(service), threads, workers)


@click.command("worker")
@click.argument("service")
@click.option("--member", default="", help="A name that stays the same over restarts (the pod's).")
def worker(service: str, member: str) -> None:
    """Relay, consumer and pumps of one service."""
    from shared.keeper import Keeper

    logs.configure()
    _refuse_unfit(one_runtime(service))
    first, runtime = beget(), one_runtime(service)
    # Its sign of life stands there, also where nothing else does.
    settings.make_folder(runtime.settings.data)
    running = Keeper(runtime, member or f"{service}-0")
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: running.stop())
    # Who follows another must be quick, and meets at its work whatever has changed.
    if first:
        _look_at_the_bus(runtime)
    running.run()


def _look_at_the_bus(runtime: Runtime) -> None:
    """Say at once what a person has to mend; wait for what comes back by itself. Raises Misconfigured."""
    from shared.messaging.uses import use_of

    try:
        runtime.log.check(use_of(runtime.service))
    except Unavailable as problem:
        click.echo(f"heed: {problem} Waiting for it.", err=True)


@click.command("rights")
@click.option("--format", "form", type=click.Choice(["commands", "json"]), default="commands")
@click.option(
    "--grant",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Make a user per service, with its password in FOLDER, as the user of HEED_BUS_URL.",
)
def rights(form: str, grant: Path | None) -> None:
    """Who may do what on the bus: each service writes its own topics, reads those it hears, in its group."""
    from shared.messaging.kafka.rights import grant as make
    from shared.messaging.kafka.rights import rights_of
    from shared.messaging.uses import use_of

    uses = [use_of(with_kernel(one)) for one in load_services()]
    if grant is not None:
        done = make(settings.from_environment().bus_url, uses, grant)
        click.echo(f"{len(uses)} users have {done} rights; their passwords are in {grant}")
    elif form == "json":
        click.echo(json.dumps([vars(one) for one in rights_of(uses)], indent=1))
    else:
        click.echo("\n".join(one.command() for one in rights_of(uses)))


@click.command("migrate")
@click.argument("service", required=False)
@click.option("--roles", is_flag=True, help="First make PostgreSQL's databases, logins and roles.")
def migrate(service: str | None, roles: bool) -> None:
    """Make or bring up to date the tables of one service or of all, and the topics."""
    from shared.contracts import all_topics
    from shared.files import blobs
    from shared.store.migrate import migrate as bring_up
    from shared.store.server import prepare

    chosen = settings.from_environment()
    wanted = [service_named(service)] if service else load_services()
    if roles:
        names = [one.name for one in wanted]
        for line in prepare([*names, blobs.DATABASE] if blobs.on_server(chosen) else names, chosen):
            click.echo(line)
    for one in wanted:
        click.echo(f"{one.name}: {bring_up(one, chosen)}")
    if blobs.on_server(chosen):
        click.echo(f"{blobs.DATABASE}: {blobs.migrate(chosen)}")
    log = open_log(chosen)
    log.ensure(all_topics())
    log.close()
    click.echo("topics: present")


COMMANDS = (run, web, worker, migrate, rights)


def settings_for(data: Path | None, port: int = 8000) -> Settings:
    """From the environment, with what the command line says instead."""
    chosen = settings.from_environment(None, **({"HEED_DATA": str(data)} if data else {}))
    return replace(chosen, public_url=f"http://127.0.0.1:{port}") if not chosen.production else chosen


def one_runtime(service: str, role: Role = Role.WORKER) -> Runtime:
    """A service in this process, from the environment; connects to no server yet."""
    chosen = settings.from_environment()
    return assemble(service_named(service), chosen, open_log(chosen), open_carrier(chosen), role=role)


def _refuse_unfit(runtime: Runtime) -> None:
    """Before the fork, after which one sentence would become a traceback; nothing stays open. What is only
    away is waited for.
    """
    working_days.load_ahead()
    try:
        fitness.check(runtime)
    except Unavailable as problem:
        click.echo(f"heed: {problem} Waiting for it.", err=True)
    finally:
        runtime.database.close()
        runtime.log.close()


def _refuse_unfit_region(chosen: Settings) -> None:
    """The same for all five at once: tables are made or brought up here, and what cannot be is said."""
    from shared.operations import open_web
    from shared.region import open_region

    region = open_region(chosen, load_services(), open_carrier(chosen))
    for runtime in region.runtimes.values():
        open_web(runtime)
    region.close()
    working_days.load_ahead()


class _OneService:
    """What a web process of one service serves."""

    def __init__(self, service: str) -> None:
        from shared.operations import open_web

        runtime = one_runtime(service, Role.APPLICATION)
        self.app = open_web(runtime)
        threading.Thread(target=_leave_if_unfit, args=(runtime,), name="fitness", daemon=True).start()

    def stop(self) -> None:
        """Nothing runs beside the pages."""


def _leave_if_unfit(runtime: Runtime) -> None:
    """Its database may have been away at the start: then pages say so, and its tables are looked at later."""
    try:
        while not _is_fit(runtime):
            time.sleep(1.0)
    except Misconfigured as problem:
        click.echo(f"heed: {problem}", err=True)
        os.kill(os.getppid(), signal.SIGTERM)


def _is_fit(runtime: Runtime) -> bool:
    """False while nobody can know. Raises Misconfigured."""
    try:
        fitness.check(runtime)
    except Unavailable:
        return False
    return True


class _Embedded:
    """What `heed run` serves: five services' pages, their workers, and the demo that fills in beside them."""

    def __init__(self, chosen: Settings, scale: str | None) -> None:
        from shared.operations import open_web
        from shared.region import Supervisor, open_region
        from shared.rehearsal import Rehearsal
        from shared.web.gateway import compose
        from shared.web.pages import FILLING

        # Pages share the interpreter with fifteen busy threads: hand it over more often than every 5 ms.
        sys.setswitchinterval(0.001)
        self.region: Region = open_region(chosen, load_services(), open_carrier(chosen))
        apps = {name: open_web(one) for name, one in self.region.runtimes.items()}
        self.app = compose(apps)
        self._workers = Supervisor(self.region)
        self._workers.start()
        self._rehearsal = Rehearsal(self.region, scale)
        # With an issuer the people are real, so nothing invented stands among them.
        if chosen.demo:
            self._rehearsal.start()
        for app in apps.values():
            app.extensions[FILLING] = lambda: self._rehearsal.playing

    def stop(self) -> None:
        """Let everything finish what it has in hand."""
        self._rehearsal.stop()
        self._workers.stop()


def serve_with_gunicorn(address: str, make: Callable[[], Any], threads: int, workers: int) -> None:
    """Serve what `make` builds, in each worker process after the fork: neither engines nor the Kafka client
    survive one.
    """
    from gunicorn.app.base import BaseApplication
    from gunicorn.glogging import Logger

    from shared.web.admission import Admission

    served: list[Any] = []
    # The parent speaks of its processes; they have read what people sent, and are not believed.
    logs.configure(trusted=("gunicorn.error",))

    class Said(Logger):
        def setup(self, cfg: Any) -> None:
            super().setup(cfg)
            self.error_log.handlers, self.error_log.propagate = [], True

    class Server(BaseApplication):
        def load_config(self) -> None:
            options = {
                "bind": address,
                "workers": workers,
                # The others wait for a moment or tell the surplus that the house is full.
                "threads": threads * 3 + 2,
                "worker_class": "gthread",
                "accesslog": None,
                "graceful_timeout": 30,
                "timeout": 60,
                "keepalive": 5,
                "loglevel": "warning",
                "logger_class": Said,
                "limit_request_line": 4094,
                "worker_exit": lambda _server, _worker: [one.stop() for one in served],
                "control_socket_disable": True,
            }
            for name, value in options.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Any:
            logs.configure()
            served.append(make())
            return Admission(served[-1].app, at_work=threads, room=threads * 2)

    keep_loaded()
    Server(prog="heed").run()
