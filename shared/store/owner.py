"""The owner of a service's tables at work: alone, and in one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, create_engine, event, func, make_url, select, text
from sqlalchemy.exc import OperationalError

from shared.errors import Misconfigured, Unavailable
from shared.store.roles import Roles

_LOCK = 4839217
_LOCK_NOT_AVAILABLE = "55P03"


def roles_of(db: Connection, url: str, name: str) -> Roles | None:
    """The roles of the login in this address; None for a trial as the server's administrator. Raises
    Misconfigured when they are missing.
    """
    roles = Roles(make_url(url).username or "")
    query = text("SELECT count(*) FROM pg_roles WHERE rolname = ANY(:names)")
    if db.execute(query, {"names": roles.names}).scalar_one() == len(roles.names):
        return roles
    if db.execute(text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")).scalar_one():
        return None
    raise Misconfigured(
        f"The roles of {name} are not in PostgreSQL yet: run `heed migrate --roles` once with HEED_ADMIN_URL."
    )


@contextmanager
def owning(url: str) -> Iterator[Connection]:
    """A transaction as the owner of the tables, one at a time; commits at the end."""
    engine = create_engine(url, hide_parameters=True)
    if engine.dialect.name == "sqlite":
        _own_sqlite(engine)
    try:
        with engine.begin() as db:
            if engine.dialect.name == "postgresql":
                db.execute(select(func.pg_advisory_xact_lock(_LOCK)))
                # Whoever waits for a table keeps all others from it too: give up before people notice.
                db.exec_driver_sql("SET LOCAL lock_timeout = '5s'")
            yield db
    except OperationalError as problem:
        if getattr(problem.orig, "sqlstate", "") != _LOCK_NOT_AVAILABLE:
            raise
        raise Unavailable(
            "A table was in use for longer than 5 seconds and nothing was changed: run `heed migrate` again."
        ) from None
    finally:
        engine.dispose()


def _own_sqlite(engine: object) -> None:
    # The driver would commit before each change of a table; so the transaction is ours, and it locks at once.
    @event.listens_for(engine, "connect")
    def _settle(connection: object, _record: object) -> None:
        connection.isolation_level = None  # type: ignore[attr-defined]
        connection.execute("PRAGMA journal_mode=WAL")  # type: ignore[attr-defined]

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
