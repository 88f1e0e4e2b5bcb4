"""A region in production from nothing, as the guide says: five services behind TLS, a broker with TLS, users
and rights, PostgreSQL with roles, people from their organisation's provider."""

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from werkzeug.exceptions import NotFound
from werkzeug.middleware.http_proxy import ProxyMiddleware

import services
from tests.browser.organisation import FACTOR, Organisation
from tests.browser.running import free_port
from tests.intake.issuer import serving
from tests.ports.secured_broker import SecuredBroker
from tests.production import Processes, done
from tests.servers import Server

PHONE = "01632 960100"
FIRST = ("--name", "Petra Lane", "--email", "petra.lane@dorset-council.example")


@dataclass(frozen=True)
class LiveRegion:
    """Where it is, whose people sign in, and what the processes of intake are told."""

    url: str
    organisation: Organisation
    environment: Mapping[str, str]


@contextmanager
def live_region(folder: Path, server: Server, index: str) -> Iterator[LiveRegion]:
    """It stands for the block: one authority is open, one administrator has an account."""
    with ExitStack() as stack:
        for part in ("broker", "passwords", "provider"):
            (folder / part).mkdir()
        broker = SecuredBroker(folder / "broker")
        stack.callback(broker.kill)
        broker.start()
        certificate, authority = broker.folder / "broker.pem", broker.folder / "authority.pem"
        url = f"https://127.0.0.1:{free_port()}"
        organisation = Organisation(folder / "provider", free_port(), url, certificate, authority)
        stack.callback(organisation.stop)
        operator = _production(url, organisation, server, authority) | {
            "HEED_DATA": str(folder / "data"),
            "HEED_BUS_URL": broker.url(),
            "HEED_INDEX_URL": index,
        }
        done(operator, "migrate", "--roles")
        done(operator, "rights", "--grant", str(folder / "passwords"))
        told = {name: _own(operator, name, broker, folder / "passwords") for name in services.NAMES}
        organisation.wait()
        done(told["intake"], "authority", "add", "dorset", "Dorset Council", "--phone", PHONE, "--pooled")
        done(told["intake"], "user", "add", "--authority", "dorset", "--role", "administrator", *FIRST)
        _start(stack, told, folder, url, certificate)
        yield LiveRegion(url, organisation, told["intake"])


def _production(url: str, organisation: Organisation, server: Server, authority: Path) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("HEED_")}
    return inherited | {
        **server.environment,
        "REQUESTS_CA_BUNDLE": str(authority),
        "HEED_ENVIRONMENT": "production",
        # The lab's database and index have no certificates; the broker, the gateway and the provider do.
        "HEED_ALLOW_PLAIN": "yes",
        "HEED_PUBLIC_URL": url,
        "HEED_GATEWAYS": "1",
        "HEED_SECRET_KEYS": secrets.token_hex(32),
        "HEED_FILES_URL": "database://",
        "HEED_MAIL_URL": "smtp://127.0.0.1:1",
        "HEED_OIDC_ISSUER": organisation.url,
        "HEED_OIDC_CLIENT_ID": "heed",
        "HEED_OIDC_CLIENT_SECRET": organisation.secret,
        "HEED_OIDC_AUTHORITY_CLAIM": "department",
        "HEED_OIDC_AUTHORITIES": '{"Dorset Council": "dorset"}',
        "HEED_OIDC_ROLES_CLAIM": "realm_access.roles",
        "HEED_OIDC_ROLES": '{"LADO team": "officer", "LADO figures": "analyst", "IT desk": "administrator"}',
        "HEED_OIDC_STEP_UP_ACR": FACTOR,
    }


def _own(operator: Mapping[str, str], service: str, broker: SecuredBroker, passwords: Path) -> dict[str, str]:
    """What one service's processes are told: nothing of the owner, the administrator or the operator."""
    password = (passwords / f"{service}.password").read_text(encoding="utf-8")
    kept_back = ("HEED_MIGRATE_URL", "HEED_ADMIN_URL")
    return {name: value for name, value in operator.items() if name not in kept_back} | {
        "HEED_BUS_URL": broker.url(service, password)
    }


def _start(
    stack: ExitStack, told: Mapping[str, Mapping[str, str]], folder: Path, url: str, certificate: Path
) -> None:
    processes = Processes(folder)
    stack.callback(processes.stop)
    ports = {name: free_port() for name in services.NAMES}
    for name, port in ports.items():
        processes.start(told[name], "web", name, "--port", str(port))
        processes.start(told[name], "worker", name, "--member", f"{name}-0")
    public = int(url.rpartition(":")[2])
    stack.enter_context(serving(_gateway(ports, url), public, ssl_context=(certificate, certificate)))
    trusted = told["intake"]["REQUESTS_CA_BUNDLE"]
    processes.until(lambda: all(_ready(f"{url}/{name}/ready", trusted) for name in services.NAMES))


def _gateway(ports: Mapping[str, int], url: str) -> Any:
    said = {
        "X-Forwarded-For": "127.0.0.1",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": url.removeprefix("https://"),
    }
    places = {
        name: {"target": f"http://127.0.0.1:{port}", "host": None, "headers": said}
        for name, port in ports.items()
    }
    gateway = ProxyMiddleware(NotFound(), places)
    intake = gateway.targets["/intake/"]

    def whatever_names_no_service(environ: Any, start: Any) -> Any:
        return gateway.proxy_to(intake, environ["PATH_INFO"], "/")(environ, start)

    gateway.app = whatever_names_no_service
    return gateway


def _ready(address: str, trusted: str) -> bool:
    try:
        return requests.get(address, verify=trusted, timeout=5).status_code == 200
    except requests.RequestException:
        return False
