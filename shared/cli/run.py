"""Starting processes: the whole region embedded, or one web or worker of one service."""

import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shared import logs, settings
from shared.cli import load_services, service_named
from shared.errors import Misconfigured
from shared.mail.carriers import open_carrier
from shared.messaging.open import open_log
from shared.runtime import Runtime, assemble
from shared.settings import Settings

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
    _serve(port, lambda: _Embedded(chosen, None if empty else scale))


@click.command("web")
@click.argument("service")
@click.option("--port", default=8000, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--threads", default=4, show_default=True)
@click.option("--workers", default=1, show_default=True)
def web(service: str, port: int, host: str, threads: int, workers: int) -> None:
    """The pages and the API of one service."""
    chosen = service_named(service)
    serve_with_gunicorn(
        f"{host}:{port}", lambda: _OneService(chosen, settings.from_environment()), threads, workers
    )


@click.command("worker")
@click.argument("service")
@click.option("--member", default="", help="A name that stays the same over restarts (the pod's).")
def worker(service: str, member: str) -> None:
    """Relay, consumer and pumps of one service."""
    from shared.messaging.worker import Worker

    logs.configure()
    runtime = one_runtime(service)
    running = Worker(runtime, member or f"{service}-0")
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: running.stop())
    running.run()


@click.command("migrate")
@click.argument("service", required=False)
def migrate(service: str | None) -> None:
    """Make or bring up to date the tables of one service or of all, and the topics."""
    from shared.contracts import all_topics
    from shared.store.migrate import migrate as bring_up

    chosen = settings.from_environment()
    for one in [service_named(service)] if service else load_services():
        click.echo(f"{one.name}: {bring_up(one, chosen)}")
    log = open_log(chosen)
    log.ensure(all_topics())
    log.close()
    click.echo("topics: present")


COMMANDS = (run, web, worker, migrate)


def settings_for(data: Path | None, port: int = 8000) -> Settings:
    """From the environment, with what the command line says instead."""
    chosen = settings.from_environment(None, **({"HEED_DATA": str(data)} if data else {}))
    return replace(chosen, public_url=f"http://127.0.0.1:{port}") if not chosen.production else chosen


def one_runtime(service: str) -> Runtime:
    """A service in this process, from the environment."""
    chosen = settings.from_environment()
    return assemble(service_named(service), chosen, open_log(chosen), open_carrier(chosen))


class _OneService:
    """What a web process of one service serves."""

    def __init__(self, service: Any, chosen: Settings) -> None:
        from shared.operations import open_web

        self.app = open_web(assemble(service, chosen, open_log(chosen), open_carrier(chosen)))

    def stop(self) -> None:
        """Nothing runs beside the pages."""


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
        self._rehearsal.start()
        for app in apps.values():
            app.extensions[FILLING] = lambda: self._rehearsal.playing

    def stop(self) -> None:
        """Let everything finish what it has in hand."""
        self._rehearsal.stop()
        self._workers.stop()


def _serve(port: int, make: Callable[[], Any]) -> None:
    serve_with_gunicorn(f"127.0.0.1:{port}", make, threads=8, workers=1)


def serve_with_gunicorn(address: str, make: Callable[[], Any], threads: int, workers: int) -> None:
    """Serve what `make` builds, in each worker process after the fork: neither engines nor the Kafka client
    survive one.
    """
    from gunicorn.app.base import BaseApplication

    served: list[Any] = []

    class Server(BaseApplication):
        def load_config(self) -> None:
            options = {
                "bind": address,
                "workers": workers,
                "threads": threads,
                "worker_class": "gthread",
                "accesslog": None,
                "graceful_timeout": 30,
                "timeout": 60,
                "keepalive": 5,
                "loglevel": "warning",
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
            return served[-1].app

    Server(prog="heed").run()
