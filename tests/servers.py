"""Real servers for the lane `servers`: at the address that the environment gives, else in a container, else
a skip."""

import os
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url, text


@cache
def _docker_answers() -> bool:
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
    elif _docker_answers():
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
