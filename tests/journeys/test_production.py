"""A region as it runs in production: real servers, logins with roles, each process by itself."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from sqlalchemy import create_engine, text

from tests.browser.running import free_port
from tests.production import Processes, done, heed
from tests.servers import Server

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
def environment(
    postgres_server: Server, kafka_address: str, opensearch_url: str, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """What every process is told; tables and topics are made."""
    told = {
        **{name: value for name, value in os.environ.items() if not name.startswith("HEED_")},
        **postgres_server.environment,
        "HEED_ENVIRONMENT": "production",
        "HEED_ALLOW_PLAIN": "yes",
        # Nobody has made it, as where somebody follows the guide.
        "HEED_DATA": str(tmp_path_factory.mktemp("region") / "data"),
        "HEED_PUBLIC_URL": "https://heed.example",
        "HEED_SECRET_KEYS": bytes(range(32)).hex(),
        "HEED_BUS_URL": f"kafka://{kafka_address}",
        "HEED_INDEX_URL": opensearch_url,
        "HEED_FILES_URL": "database://",
        "HEED_MAIL_URL": "smtp://127.0.0.1:1",
        "HEED_OIDC_ISSUER": "https://id.example",
        "HEED_OIDC_CLIENT_ID": "heed",
        "HEED_GATEWAYS": "1",
        "HEED_OIDC_CLIENT_SECRET": "only for this test",
    }
    done(told, "migrate", "--roles")
    # Only the job that makes tables knows these.
    return {name: value for name, value in told.items() if name not in ("HEED_MIGRATE_URL", "HEED_ADMIN_URL")}


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    made = Processes(tmp_path)
    yield made
    made.stop()


def _answers(port: int, path: str) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}{path}", timeout=5).status_code == 200
    except requests.RequestException:
        return False


def test_pages_are_served_and_a_fact_reaches_another_service(
    environment: dict[str, str], postgres_server: Server, processes: Processes
):
    port = free_port()
    processes.start(environment, "web", "intake", "--port", str(port))
    processes.start(environment, "worker", "intake")
    processes.start(environment, "worker", "casework")
    processes.until(lambda: _answers(port, "/intake/ready"))
    done(environment, "authority", "add", "dorset", "Dorset Council", "--contact-route", "01632 960 100")
    url = f"{postgres_server.admin.rpartition('/')[0]}/casework_{postgres_server.mark}"
    casework = create_engine(url, isolation_level="AUTOCOMMIT")
    with casework.connect() as db:
        known = text("SELECT count(*) FROM authority WHERE code = 'dorset'")
        processes.until(lambda: db.execute(known).scalar_one() == 1)
    casework.dispose()
    assert _answers(port, "/refer/dorset")


@pytest.mark.parametrize("process", [("worker", "intake"), ("web", "intake", "--port", "0")])
def test_a_login_that_walls_do_not_hold_is_refused(
    environment: dict[str, str], postgres_server: Server, process: tuple[str, ...]
):
    place = environment["HEED_DATABASE_URL"].rpartition("@")[2]
    administrator = postgres_server.admin.rpartition("@")[0]
    refused = heed({**environment, "HEED_DATABASE_URL": f"{administrator}@{place}"}, *process)
    assert refused.returncode == 2, refused.stderr
    assert "may bypass row-level security" in refused.stderr
    owner = postgres_server.environment["HEED_MIGRATE_URL"]
    refused = heed({**environment, "HEED_DATABASE_URL": owner}, *process)
    assert refused.returncode == 2, refused.stderr
    assert "owns tables" in refused.stderr


def test_the_doctor_looks_into_every_database_with_the_login_of_the_processes(environment: dict[str, str]):
    said = heed(environment, "doctor").stdout.splitlines()
    for part in ("database", "clock", "outbox", "waiting records", "audit"):
        found = [line for line in said if f" {part}: " in line]
        assert len(found) == 5 and all(line.startswith("ok ") for line in found), found
