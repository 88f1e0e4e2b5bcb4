"""The roles in which one login of a service works in PostgreSQL, put on for one transaction each.

The login itself may do nothing and inherits nothing: a statement outside our transactions is refused by the
server. None of the roles owns a table, and row-level security holds for all of them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Engine, event

KNOWN, WORN = "heed.roles", "heed.role"


class Role(StrEnum):
    """`application` answers people; `worker` also has the kernel's tables; `crossing` only reads what one
    authority may learn of others.
    """

    APPLICATION = "application"
    WORKER = "worker"
    CROSSING = "crossing"


@dataclass(frozen=True)
class Roles:
    """The roles of one login. Their names hold for a whole server, so they begin with the login's."""

    login: str

    def name(self, role: Role) -> str:
        """As the server knows it."""
        return f"{self.login}_{role}"

    @property
    def names(self) -> list[str]:
        """All of them."""
        return [self.name(role) for role in Role]


def watch(engine: Engine) -> None:
    """Learn of each new connection whether its login has roles."""

    @event.listens_for(engine, "connect")
    def _ask(connection: Any, record: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT session_user")
            roles = Roles(cursor.fetchone()[0])
            cursor.execute("SELECT count(*) FROM pg_roles WHERE rolname = ANY(%s)", (roles.names,))
            present = cursor.fetchone()[0] == len(Role)
        connection.rollback()
        # Without roles it is a trial as the server's administrator; production refuses to start like that.
        record.info[KNOWN] = roles if present else None


def chosen(connection: Connection, role: Role) -> str:
    """The role's name on this connection; 'none' where there are no roles."""
    roles: Roles | None = connection.info.get(KNOWN)
    return roles.name(role) if roles else "none"


def put_on(connection: Connection, role: Role) -> None:
    """Work in this role until the transaction ends."""
    if connection.info.get(KNOWN):
        connection.exec_driver_sql("SELECT set_config('role', %s, true)", (chosen(connection, role),))
    connection.info[WORN] = role


@contextmanager
def within(connection: Connection, role: Role) -> Iterator[None]:
    """Work in this role for a while. After an error it stays on: what follows is refused, not let through."""
    before = connection.info[WORN]
    put_on(connection, role)
    yield
    put_on(connection, before)
