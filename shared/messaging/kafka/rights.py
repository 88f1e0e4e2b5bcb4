"""Who may do what on the bus, computed from the contracts: an owner writes its topics, a listener reads those
it hears, and each has a group to itself."""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kafka import KafkaAdminClient, errors
from kafka.admin import (
    ACL,
    ACLOperation,
    ACLPermissionType,
    ResourcePattern,
    ResourceType,
    UserScramCredentialUpsertion,
)

from shared.errors import Misconfigured, Unavailable
from shared.messaging.kafka.connection import Connection
from shared.messaging.kafka.faults import meaning
from shared.messaging.ports import Use

_MECHANISM = "SCRAM-SHA-512"
_ROUNDS = 8192


@dataclass(frozen=True)
class Right:
    """One line of the access list."""

    user: str
    operation: str
    resource: str
    name: str

    def command(self) -> str:
        """The same for Kafka's own tool."""
        return (
            "kafka-acls.sh --bootstrap-server $BROKER --command-config operator.properties --add "
            f"--allow-principal User:{self.user} --operation {self.operation.title()} "
            f"--{self.resource} {self.name}"
        )


def rights_of(uses: Sequence[Use]) -> Iterator[Right]:
    """What each service's user needs; reading and writing bring the right to describe."""
    for use in uses:
        for topic in sorted(use.writes):
            yield Right(use.group, "WRITE", "topic", topic)
        for topic in sorted(use.reads):
            yield Right(use.group, "READ", "topic", topic)
        yield Right(use.group, "READ", "group", use.group)


def grant(url: str, uses: Sequence[Use], passwords: Path) -> int:
    """Make the users and give them their rights, as the user of `url`. A password that is not in the folder
    yet is made there. Returns how many rights. Raises Misconfigured or Unavailable."""
    rights = list(rights_of(uses))
    kept = {use.group: _password(passwords, use.group) for use in uses}
    connection = Connection.of(url)
    try:
        admin = KafkaAdminClient(**connection.options)
    except errors.KafkaError:
        raise connection.obstacle() from None
    try:
        _make_users(admin, kept)
        refused = admin.create_acls([_as_acl(one) for one in rights])["failed"]
    except errors.KafkaError as problem:
        raise meaning(problem) from None
    finally:
        admin.close()
    if refused:
        raise Unavailable(f"The brokers did not take {len(refused)} of {len(rights)} rights; run it again.")
    return len(rights)


def _make_users(admin: Any, passwords: dict[str, str]) -> None:
    wanted = [
        UserScramCredentialUpsertion(user, _MECHANISM, word, iterations=_ROUNDS)
        for user, word in passwords.items()
    ]
    told = admin.alter_user_scram_credentials(wanted)
    if refused := sorted(user for user, problem in told.items() if problem):
        raise Misconfigured(f"The brokers do not let this user make the user {refused[0]}.")


def _as_acl(right: Right) -> ACL:
    pattern = ResourcePattern(ResourceType[right.resource.upper()], right.name)
    operation = ACLOperation[right.operation]
    return ACL(f"User:{right.user}", "*", operation, ACLPermissionType.ALLOW, pattern)


def _password(folder: Path, user: str) -> str:
    path = folder / f"{user}.password"
    try:
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(32), encoding="utf-8")
        word = path.read_text(encoding="utf-8").strip()
    except OSError:
        raise Misconfigured(f"The folder {folder} must be there, to be read and written by you.") from None
    if not word:
        raise Misconfigured(f"The file {path} is empty: remove it or write the password into it.")
    return word
