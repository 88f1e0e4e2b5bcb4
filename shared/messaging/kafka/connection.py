"""How to reach the brokers, and what is in the way when they cannot be reached."""

import socket
import ssl
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from shared.errors import HeedError, Misconfigured, Unavailable
from shared.tls import context_of

_PATIENCE = 3.0
BOOTSTRAP = 8_000


@dataclass(frozen=True)
class Connection:
    """`kafka://` in the clear, `kafkas://` over TLS; with `user:password@` SCRAM-SHA-512."""

    options: dict[str, Any]

    @classmethod
    def of(cls, url: str) -> "Connection":
        """From `HEED_BUS_URL`. Raises Misconfigured."""
        parts = urlsplit(url)
        hosts = parts.netloc.rpartition("@")[2].split(",")
        if not all(_has_port(host) for host in hosts):
            raise Misconfigured("HEED_BUS_URL must be kafka://host:port or kafkas://user:password@host:port.")
        options: dict[str, Any] = {
            "bootstrap_servers": hosts,
            "bootstrap_timeout_ms": BOOTSTRAP,
            # It would grow to half a minute, which is how long a broker that is back would be missed.
            "reconnect_backoff_max_ms": 1000,
        }
        if parts.scheme == "kafkas":
            options["ssl_context"] = context_of(parts.query, "HEED_BUS_URL")
        options["security_protocol"] = _PROTOCOLS[parts.scheme == "kafkas", bool(parts.username)]
        if parts.username:
            options |= {
                "sasl_mechanism": "SCRAM-SHA-512",
                "sasl_plain_username": unquote(parts.username),
                "sasl_plain_password": unquote(parts.password or ""),
            }
        return cls(options)

    def obstacle(self) -> HeedError:
        """Why the brokers cannot be reached, after the client has given up: it says only that time ran
        out."""
        found = [self._obstacle_at(*address.rsplit(":", 1)) for address in self.options["bootstrap_servers"]]
        # One broker that only refuses tells more than others that are down.
        return next((one for one in found if isinstance(one, Misconfigured)), found[0])

    def _obstacle_at(self, host: str, port: str) -> HeedError:
        try:
            with socket.create_connection((host.strip("[]"), int(port)), _PATIENCE) as line:
                return self._obstacle_on(line, host)
        except socket.gaierror:
            return Unavailable(f"No machine is known by the name {host}: check HEED_BUS_URL.")
        except OSError:
            return Unavailable(AWAY)

    def _obstacle_on(self, line: socket.socket, host: str) -> HeedError:
        context = self.options.get("ssl_context")
        if context is None:
            return Misconfigured(_WANTS_TLS) if _speaks_tls(line) else self._unwelcome()
        try:
            context.wrap_socket(line, server_hostname=host).close()
        except ssl.SSLCertVerificationError:
            return Misconfigured(_UNTRUSTED)
        except TimeoutError:
            return Unavailable(AWAY)
        except OSError:
            return Misconfigured(_NO_TLS)
        return self._unwelcome()

    def _unwelcome(self) -> HeedError:
        # The way is free, so what fails is the last step, and the client does not say so.
        return Misconfigured(REFUSED) if "sasl_mechanism" in self.options else Unavailable(_NOT_KAFKA)


_PROTOCOLS = {
    (False, False): "PLAINTEXT",
    (False, True): "SASL_PLAINTEXT",
    (True, False): "SSL",
    (True, True): "SASL_SSL",
}
AWAY = "The bus does not answer: check HEED_BUS_URL and that its brokers are up."
REFUSED = "The bus refuses to sign this process in: check the user and the password in HEED_BUS_URL."
_WANTS_TLS = "The brokers want TLS: begin HEED_BUS_URL with kafkas:// and give a user and password."
_NO_TLS = "The brokers do not accept TLS as HEED_BUS_URL offers it: check its port and its certfile."
_UNTRUSTED = (
    "The brokers' certificate is not trusted: name its authority in HEED_BUS_URL (?cafile=…), "
    "or call the host as the certificate does."
)
_NOT_KAFKA = "What answers at HEED_BUS_URL does not let this process in: it may be no broker, or want a user."


def _has_port(host: str) -> bool:
    name, _, port = host.rpartition(":")
    return bool(name) and port.isdigit()


def _speaks_tls(line: socket.socket) -> bool:
    blind = ssl.create_default_context()
    blind.check_hostname, blind.verify_mode = False, ssl.CERT_NONE
    try:
        blind.wrap_socket(line).close()
    except OSError:
        return False
    return True
