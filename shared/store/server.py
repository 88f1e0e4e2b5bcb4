"""What the administrator of a PostgreSQL server does once: databases, an owner and a login for each, and the
login's roles. Names and passwords are those of the addresses, so that each secret is written down once.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import URL, Connection, create_engine, make_url, text

from shared.errors import Misconfigured
from shared.settings import Settings
from shared.store.roles import Roles

_WORKING = "LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE"
_OWNING = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE"
_ROLE = "NOLOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE"


def prepare(names: Iterable[str], settings: Settings) -> Iterator[str]:
    """Make what is missing and set the passwords anew; says what is ready. Running it again changes nothing
    else. Raises Misconfigured when an address is missing.
    """
    if not settings.admin_url:
        raise Misconfigured(
            "HEED_ADMIN_URL must name the administrator of the PostgreSQL server for `heed migrate --roles`."
        )
    for name in names:
        owner, login = make_url(settings.migrate_url(name)), make_url(settings.database_url(name))
        _check(owner, login)
        with _administering(settings.admin_url) as db:
            _user(db, owner, _OWNING)
            _user(db, login, _WORKING)
            _roles(db, Roles(str(login.username)))
            _database(db, str(login.database), str(owner.username), str(login.username))
        yield f"{name}: database, owner, login and roles present"


def _check(owner: URL, login: URL) -> None:
    if not all(
        one.drivername.startswith("postgresql") and one.username and one.password for one in (owner, login)
    ):
        raise Misconfigured(
            "HEED_DATABASE_URL and HEED_MIGRATE_URL must be PostgreSQL addresses with user and password."
        )
    if owner.username == login.username:
        raise Misconfigured(
            "HEED_MIGRATE_URL and HEED_DATABASE_URL name the same user: the owner must be another."
        )


@contextmanager
def _administering(url: str) -> Iterator[Connection]:
    # Each statement by itself: a database cannot be made in a transaction.
    engine = create_engine(url, hide_parameters=True, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as db:
            yield db
    finally:
        engine.dispose()


def _user(db: Connection, url: URL, can: str) -> None:
    name = str(url.username)
    # Hashed here, so that no log of the server can hold the password.
    secret = _driver(db).pgconn.encrypt_password(str(url.password).encode(), name.encode(), b"scram-sha-256")
    _make_role(db, name, f"{can} PASSWORD '{secret.decode()}'")


def _driver(db: Connection) -> Any:
    return db.connection.driver_connection


def _roles(db: Connection, roles: Roles) -> None:
    for name in roles.names:
        _make_role(db, name, _ROLE)
        db.exec_driver_sql(f"GRANT {_quoted(db, name)} TO {_quoted(db, roles.login)}")


def _make_role(db: Connection, name: str, can: str) -> None:
    known = db.execute(text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": name}).first()
    verb = "ALTER" if known else "CREATE"
    db.exec_driver_sql(f"{verb} ROLE {_quoted(db, name)} {can}")


def _database(db: Connection, name: str, owner: str, login: str) -> None:
    quoted, owning = _quoted(db, name), _quoted(db, owner)
    if not db.execute(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name}).first():
        # An administrator who is no superuser may only give things to roles that he is a member of.
        db.exec_driver_sql(f"GRANT {owning} TO CURRENT_USER")
        db.exec_driver_sql(f"CREATE DATABASE {quoted} OWNER {owning}")
        db.exec_driver_sql(f"REVOKE {owning} FROM CURRENT_USER")
    db.exec_driver_sql(f"REVOKE ALL ON DATABASE {quoted} FROM PUBLIC")
    db.exec_driver_sql(f"GRANT CONNECT ON DATABASE {quoted} TO {_quoted(db, login)}")


def _quoted(db: Connection, name: str) -> str:
    return db.dialect.identifier_preparer.quote_identifier(name)
