"""What production does not start with. One sentence each, by the variable's name and never with its value."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from shared.errors import Misconfigured
from shared.setting_values import is_plain

_SHORTEST_SECRET = 16
# Browsers of strangers come this way, whatever encrypts the network between our own parts.
_OUTSIDE = ("HEED_PUBLIC_URL", "HEED_OIDC_ISSUER")
_ONE_MACHINE = {
    "HEED_DATABASE_URL": ("sqlite", "must be PostgreSQL in production: a file serves one machine only"),
    "HEED_MIGRATE_URL": ("sqlite", "must be PostgreSQL in production: a file serves one machine only"),
    "HEED_BUS_URL": ("sqlite", "must be Kafka in production: a file serves one machine only"),
    "HEED_INDEX_URL": ("embedded", "must be OpenSearch in production: web and worker share one index"),
    "HEED_MAIL_URL": ("file", "must be a mail server in production: letters in a folder reach nobody"),
}


def check_production(given: Mapping[str, Any], allow_plain: bool) -> None:
    """Raises Misconfigured for the first weakness; `given` by the variables' names."""
    if not given["HEED_SECRET_KEYS"]:
        raise Misconfigured(
            "HEED_SECRET_KEYS must be set in production; `openssl rand -base64 32` makes a key."
        )
    if not given["HEED_OIDC_ISSUER"]:
        raise Misconfigured("HEED_OIDC_ISSUER must be set in production, which has no demo accounts.")
    if len(given["HEED_OIDC_CLIENT_SECRET"]) < _SHORTEST_SECRET:
        raise Misconfigured(
            f"HEED_OIDC_CLIENT_SECRET must have {_SHORTEST_SECRET} characters or more in production."
        )
    if given["HEED_GATEWAYS"] == "":
        raise Misconfigured(
            "HEED_GATEWAYS must be set in production: how many gateways stand before Heed, 0 for none."
        )
    for name, words in _weaknesses(given, allow_plain):
        raise Misconfigured(f"{name} {words}.")


def _weaknesses(given: Mapping[str, Any], allow_plain: bool) -> Iterator[tuple[str, str]]:
    outside = "must begin with https:// in production; nothing may allow less"
    yield from ((name, outside) for name in _OUTSIDE if is_plain(given[name]))
    for name, (scheme, words) in _ONE_MACHINE.items():
        if urlsplit(given[name]).scheme == scheme:
            yield name, words
    plain = (name for name, value in given.items() if isinstance(value, str) and is_plain(value))
    if not allow_plain:
        words = "is without encryption: change the address or set HEED_ALLOW_PLAIN=yes"
        yield from ((name, words) for name in plain)
