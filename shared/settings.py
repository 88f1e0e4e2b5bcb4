"""The settings of a process: read once from the environment, checked, then passed on as one value.

Any variable may be given as `…_FILE`, the path of a file that holds its value. No message repeats a value: it
could be a secret.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from shared.errors import Misconfigured
from shared.setting_rules import check_production
from shared.setting_values import (
    address,
    content_of,
    folder,
    keys,
    one_of,
    own_keys,
    roles,
    table,
    text,
    whole_number,
    yes_or_no,
)

_TESTS_ONLY = ("HEED_LAB", "HEED_REQUIRE")


def _setting(
    name: str, default: str, says: str, read: Callable[[str], Any] = text, *, hidden: bool = False
) -> Any:
    """A field read from variable `name`; `{data}` in a value stands for the data folder."""
    return field(repr=not hidden, metadata={"name": name, "default": default, "says": says, "read": read})


# ruff: noqa: RUF009  `_setting` returns a dataclass field, which the rule cannot see
@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything a process is told from outside; `docs/configuration.md` shows the fields' metadata."""

    environment: str = _setting(
        "HEED_ENVIRONMENT",
        "embedded",
        "`embedded` (one machine, demo accounts, a key made at the first start) or `production`, which "
        "refuses missing secrets, demo accounts and unencrypted connections.",
        one_of("embedded", "production"),
    )
    data: Path = _setting(
        "HEED_DATA", "./data", "The folder of databases, files, mail and keys of the embedded run.", folder
    )
    public_url: str = _setting(
        "HEED_PUBLIC_URL",
        "http://127.0.0.1:8000",
        "The address under which people reach the pages.",
        address("http", "https"),
    )
    secret_keys: tuple[bytes, ...] = _setting(
        "HEED_SECRET_KEYS",
        "",
        "Root keys of 32 bytes in base64 or hexadecimal, separated by commas: the first seals, all of them "
        "open. The embedded run makes one in `{data}/secret.keys`.",
        keys,
        hidden=True,
    )
    database: str = _setting(
        "HEED_DATABASE_URL",
        "sqlite:///{data}/{service}.db",
        "The database of each service; `{service}` stands for its name. For PostgreSQL "
        "`postgresql+psycopg://heed_{service}:password@host/heed_{service}?sslmode=verify-full`.",
        address("sqlite", "postgresql+psycopg"),
        hidden=True,
    )
    migrate: str = _setting(
        "HEED_MIGRATE_URL",
        "",
        "The same as the owner of the tables, for `heed migrate` and `heed rebuild` only; without it "
        "`HEED_DATABASE_URL`.",
        address("sqlite", "postgresql+psycopg"),
        hidden=True,
    )
    admin_url: str = _setting(
        "HEED_ADMIN_URL",
        "",
        "The administrator of the PostgreSQL server, for `heed migrate --roles` only: "
        "`postgresql+psycopg://postgres:password@host/postgres?sslmode=verify-full`.",
        address("postgresql+psycopg"),
        hidden=True,
    )
    bus_url: str = _setting(
        "HEED_BUS_URL",
        "sqlite:///{data}/bus.db",
        "The topics: a SQLite log, `kafka://host:port`, or `kafkas://user:password@host:port` over TLS, with "
        "`?cafile=FILE` for the authority to trust, `&certfile=FILE&keyfile=FILE` for an own certificate.",
        address("sqlite", "kafka", "kafkas"),
        hidden=True,
    )
    index_url: str = _setting(
        "HEED_INDEX_URL",
        "embedded://",
        "The index of the search service: `embedded://`, or OpenSearch by `http://` or "
        "`https://user:password@host:port`, with `?cafile=FILE` for the authority to trust.",
        address("embedded", "http", "https"),
        hidden=True,
    )
    files_url: str = _setting(
        "HEED_FILES_URL",
        "file://{data}/files",
        "Where files are kept encrypted: a folder (`file:///…`), or `database://`, a database named `files`.",
        address("file", "database"),
    )
    mail_url: str = _setting(
        "HEED_MAIL_URL",
        "file://{data}/mail",
        "How mail leaves: into a folder (`file:///…`), or by `smtp://`, `smtp+starttls://` or "
        "`smtps://user:password@host:port`.",
        address("file", "smtp", "smtp+starttls", "smtps"),
        hidden=True,
    )
    mail_from: str = _setting("HEED_MAIL_FROM", "heed@region.example", "The address that mail is sent from.")
    oidc_issuer: str = _setting(
        "HEED_OIDC_ISSUER",
        "",
        "The OpenID Connect issuer that signs people in; without it, demo accounts in the embedded run.",
        address("http", "https"),
    )
    oidc_client_id: str = _setting("HEED_OIDC_CLIENT_ID", "", "What the issuer calls this installation.")
    oidc_client_secret: str = _setting(
        "HEED_OIDC_CLIENT_SECRET", "", "The secret that the issuer gave with it.", hidden=True
    )
    oidc_scope: str = _setting(
        "HEED_OIDC_SCOPE",
        "openid profile email",
        "What the issuer is asked for; add `offline_access` where it gives refresh tokens for that only.",
    )
    oidc_authority_claim: str = _setting(
        "HEED_OIDC_AUTHORITY_CLAIM",
        "heed_authority",
        "The claim (or its path, `a.b`) that names a person's authority.",
    )
    oidc_authorities: Mapping[str, str] = _setting(
        "HEED_OIDC_AUTHORITIES",
        "{}",
        "What its values mean, as JSON: value → code of an authority. Empty: the values are the codes.",
        table,
    )
    oidc_roles_claim: str = _setting(
        "HEED_OIDC_ROLES_CLAIM",
        "heed_roles",
        "The claim (or its path) that lists a person's roles; `none`: roles and authority are those of the "
        "account that an administrator opened in Heed, found by a verified e-mail address.",
    )
    oidc_roles: Mapping[str, str] = _setting(
        "HEED_OIDC_ROLES",
        "{}",
        "What its values mean, as JSON: value → role of Heed; others are ignored. Empty: they are the roles.",
        roles,
    )
    oidc_step_up_acr: str = _setting(
        "HEED_OIDC_STEP_UP_ACR",
        "",
        "Authentication contexts, separated by blanks, of which a grave step needs one: a second factor.",
    )
    gateways: str = _setting(
        "HEED_GATEWAYS",
        "",
        "How many gateways stand before Heed, whose word about who is visiting (X-Forwarded-For, -Proto, "
        "-Host) is believed; `0` for none. Production wants to be told.",
        one_of("0", "1", "2", "3"),
    )
    pace_form: int = _setting(
        "HEED_PACE_FORM",
        "300",
        "How many requests a minute one address may send to the public form; `0`: any number.",
        whole_number,
    )
    pace_api: int = _setting(
        "HEED_PACE_API",
        "3000",
        "How many requests a minute one signed-in program may send to the API; `0`: any number.",
        whole_number,
    )
    allow_plain: bool = _setting(
        "HEED_ALLOW_PLAIN",
        "no",
        "`yes` lets production talk to its own parts without encryption, because the network below encrypts.",
        yes_or_no,
    )

    @property
    def production(self) -> bool:
        """Whether the stricter rules hold."""
        return self.environment == "production"

    @property
    def demo(self) -> bool:
        """Whether demo accounts may sign in, and pages and letters say that their data are invented."""
        return not self.production and not self.oidc_issuer

    @property
    def https(self) -> bool:
        """Whether browsers come over TLS (secure cookies, strict transport)."""
        return self.public_url.startswith("https://")

    def database_url(self, service: str) -> str:
        """The database that a service works in."""
        return self.database.replace("{service}", service)

    def migrate_url(self, service: str) -> str:
        """The same database, as the owner of its tables."""
        return (self.migrate or self.database).replace("{service}", service)


_METADATA = {one.name: one.metadata for one in fields(Settings)}


def from_environment(environ: Mapping[str, str] | None = None, **instead: str) -> Settings:
    """Read and check everything; `instead` is what the command line says over it. Raises Misconfigured with
    one sentence that names the variable."""
    given = {**(os.environ if environ is None else environ), **instead}
    _refuse_unknown(given)
    texts = {field_name: _value(metadata, given) for field_name, metadata in _METADATA.items()}
    place = str(folder(texts["data"]))
    read = {name: _read(name, text.replace("{data}", place)) for name, text in texts.items()}
    settings = Settings(**read)
    _check(settings)
    if not settings.production:
        make_folder(settings.data)
    if not settings.secret_keys:
        read["secret_keys"] = own_keys(read["data"])
    return Settings(**read)


def _refuse_unknown(given: Mapping[str, str]) -> None:
    known = [str(metadata["name"]) for metadata in _METADATA.values()]
    for name in sorted(given):
        if not name.startswith("HEED_") or name.startswith("HEED_TEST_") or name in _TESTS_ONLY:
            continue
        if name not in known and name.removesuffix("_FILE") not in known:
            near = get_close_matches(name, known, 1)
            raise Misconfigured(
                f"{name} is no setting of Heed{f'; did you mean {near[0]}?' if near else '.'}"
            )


def _value(metadata: Mapping[str, Any], given: Mapping[str, str]) -> str:
    name = metadata["name"]
    value, path = given.get(name, "").strip(), given.get(f"{name}_FILE", "").strip()
    if value and path:
        raise Misconfigured(f"Give {name} or {name}_FILE, not both.")
    return (content_of(f"{name}_FILE", path) if path else value) or str(metadata["default"])


def _read(field_name: str, value: str) -> Any:
    metadata = _METADATA[field_name]
    if not value:
        return () if metadata["read"] is keys else ""
    try:
        return metadata["read"](value)
    except ValueError as problem:
        raise Misconfigured(f"{metadata['name']} {problem}.") from None


def _check(settings: Settings) -> None:
    oidc = (settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret)
    if any(oidc) and not all(oidc):
        raise Misconfigured(
            "HEED_OIDC_ISSUER, HEED_OIDC_CLIENT_ID and HEED_OIDC_CLIENT_SECRET go together: set all three."
        )
    if settings.production:
        given = {one["name"]: getattr(settings, name) for name, one in _METADATA.items()}
        check_production(given, settings.allow_plain)
    elif "{service}" not in settings.database:
        raise Misconfigured("HEED_DATABASE_URL must contain {service}: each service has its own database.")


def make_folder(place: Path) -> None:
    """The data folder, for those who write there. Raises Misconfigured."""
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise Misconfigured("HEED_DATA names a folder that cannot be made.") from None
