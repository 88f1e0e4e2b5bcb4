"""A broker and a database of the run's own, which it may crash: real servers through the lab."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

import services
from shared.errors import Unavailable

_PATIENCE = 240
_ROOT = Path(__file__).parents[2]


def command() -> Path:
    """The lab's servers; `HEED_LAB` names its folder."""
    return (_ROOT / os.environ.get("HEED_LAB", "../shared/lab") / "servers").resolve()


class Lab:
    """Kafka and PostgreSQL with a home of their own."""

    def __init__(self, home: Path) -> None:
        self._home = home
        _share_jars(home)
        given = dict(
            line.removeprefix("export ").split("=", 1)
            for line in self._do("start", "kafka", "postgres").splitlines()
            if line.startswith("export ")
        )
        self._postgres = given["POSTGRES_URL"]
        self._engine = create_engine(self._postgres, isolation_level="AUTOCOMMIT")
        with self._engine.connect() as db:
            for name in services.NAMES:
                db.execute(text(f"CREATE DATABASE heed_{name}"))
        self.environment = {
            "HEED_BUS_URL": f"kafka://{given['KAFKA_BOOTSTRAP_SERVERS']}",
            "HEED_DATABASE_URL": f"{self._postgres.rpartition('/')[0]}/heed_{{service}}",
        }

    def crash(self, server: str) -> None:
        """SIGKILL, then the same data on the same port. Returns when it answers again."""
        self._do("stop", server, "--kill")
        self._do("start", server, "--keep")

    def cut(self, service: str) -> None:
        """The database ends every connection of one service; one that is down just now has none."""
        with suppress(OperationalError), self._engine.connect() as db:
            db.execute(
                text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"),
                {"name": f"heed_{service}"},
            )

    def stop(self) -> None:
        """Nothing is left running."""
        self._engine.dispose()
        self._do("stop")

    def _do(self, *words: str) -> str:
        done = subprocess.run(
            [command(), *words], env={**os.environ, "LAB_HOME": str(self._home)}, capture_output=True,
            text=True, timeout=_PATIENCE, check=False,
        )  # fmt: skip
        if done.returncode:
            raise Unavailable(f"The lab could not {words[0]} its servers: {done.stderr.strip()[-300:]}")
        return done.stdout


def _share_jars(home: Path) -> None:
    """Fetched once for this machine, not once for each run."""
    common = Path(os.environ.get("LAB_HOME") or Path.home() / ".cache" / "lab") / "jars"
    common.mkdir(parents=True, exist_ok=True)
    (home / "jars").symlink_to(common.resolve())


@contextmanager
def own_servers() -> Iterator[Lab]:
    """Started for the block. Raises Unavailable without a lab."""
    if not command().exists():
        raise Unavailable("The kill run on Kafka needs the lab to crash servers of its own: set HEED_LAB.")
    with tempfile.TemporaryDirectory(prefix="heed-lab-", ignore_cleanup_errors=True) as folder:
        # The database runs as a user of its own and must be able to come in.
        Path(folder).chmod(0o755)
        lab = Lab(Path(folder))
        try:
            yield lab
        finally:
            lab.stop()
