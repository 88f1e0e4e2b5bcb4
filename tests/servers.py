"""Real servers for the lane `servers`: at the address that the environment gives, else in a container, else
a skip."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url, text

import services
from shared.settings import Settings
from shared.store.migrate import migrate
from shared.store.server import prepare


@cache
def docker_answers() -> bool:
    import docker
    from docker.errors import DockerException

    try:
        return bool(docker.from_env(timeout=5).ping())
    except DockerException:
        return False


def _address(variable: str, contained: Callable[[], Any], read: Callable[[Any], str]) -> Iterator[str]:
    given = os.environ.get(variable, "")
    if given:
        yield given
    elif docker_answers():
        with contained() as container:
            yield read(container)
    else:
        pytest.skip(f"{variable} is not set and no Docker API answers")


@pytest.fixture(scope="session")
def kafka_address() -> Iterator[str]:
    """`host:port` of a broker that may be filled with topics of any name."""

    def contained() -> Any:
        from testcontainers.kafka import KafkaContainer

        return KafkaContainer().with_kraft()

    yield from _address("HEED_TEST_KAFKA", contained, lambda one: str(one.get_bootstrap_server()))


@pytest.fixture(scope="session")
def opensearch_url() -> Iterator[str]:
    """The address of an OpenSearch without plugins or sign-in."""

    def contained() -> Any:
        from testcontainers.opensearch import OpenSearchContainer

        return OpenSearchContainer("opensearchproject/opensearch:3.8.0")

    yield from _address("HEED_TEST_OPENSEARCH", contained, _opensearch_address)


def _opensearch_address(container: Any) -> str:
    return f"http://{container.get_container_host_ip()}:{container.get_exposed_port(9200)}"


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """`postgresql+psycopg://…` of a user who may make databases and roles."""

    def contained() -> Any:
        from testcontainers.postgres import PostgresContainer

        return PostgresContainer("postgres:17", driver="psycopg")

    yield from _address("HEED_TEST_POSTGRES", contained, lambda one: str(one.get_connection_url()))


@pytest.fixture
def empty_postgres(postgres_url: str) -> Iterator[str]:
    """A database of the test's own."""
    server = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    name = f"heed_{uuid4().hex}"
    with server.connect() as db:
        db.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(postgres_url).set(database=name).render_as_string(hide_password=False)
    with server.connect() as db:
        db.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@dataclass(frozen=True)
class Server:
    """PostgreSQL as a region uses it: for each service a database, its owner, and a login with roles."""

    admin: str
    mark: str

    @property
    def environment(self) -> dict[str, str]:
        """The settings of every process, and of the migrate job."""
        place = self.admin.rpartition("@")[2].partition("/")[0]
        name = f"{{service}}_{self.mark}"
        return {
            "HEED_DATABASE_URL": f"postgresql+psycopg://{name}:work@{place}/{name}",
            "HEED_MIGRATE_URL": f"postgresql+psycopg://{name}_owner:own@{place}/{name}",
            "HEED_ADMIN_URL": self.admin,
        }

    def drop(self) -> None:
        """Everything of this mark."""
        server = create_engine(self.admin, isolation_level="AUTOCOMMIT")
        with server.connect() as db:
            like = {"like": f"%\\_{self.mark}%"}
            for name in db.execute(text("SELECT datname FROM pg_database WHERE datname LIKE :like"), like):
                db.execute(text(f"DROP DATABASE {name[0]} WITH (FORCE)"))
            for name in db.execute(text("SELECT rolname FROM pg_roles WHERE rolname LIKE :like"), like):
                db.execute(text(f"DROP ROLE {name[0]}"))
        server.dispose()


def made_on_server(settings: Settings) -> None:
    """What the migrate job leaves behind: databases, logins with roles, tables with walls."""
    list(prepare(services.NAMES, settings))
    for name in services.NAMES:
        migrate(services.load(name), settings)


@pytest.fixture(scope="module")
def postgres_server(postgres_url: str) -> Iterator[Server]:
    """Nothing is there yet; what `heed migrate --roles` makes is taken away at the end."""
    with _server(postgres_url) as made:
        yield made


@pytest.fixture
def fresh_server(postgres_url: str) -> Iterator[Server]:
    """The same for one test: a region that stood still with its clock would keep its leases for ever."""
    with _server(postgres_url) as made:
        yield made


@contextmanager
def _server(url: str) -> Iterator[Server]:
    made = Server(url, uuid4().hex[:12])
    yield made
    made.drop()
