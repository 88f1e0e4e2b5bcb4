"""The directory of bodies that are told: shipped with invented addresses, unusable until a person has
confirmed each.
"""

import re
import tomllib
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from importlib.resources import files

from shared.errors import Invalid, Refused

# One plain address: no display name, no list, nothing that mail software could read as more.
_ADDRESS = re.compile(r"[^@\s<>,;:\"()\\]+@[^@\s<>,;:\"()\\]+\.[^@\s<>,;:\"()\\]+")


@dataclass(frozen=True)
class Recipient:
    """A body in one authority's directory. `portal` says how it takes notices when not by e-mail,
    `taken_from` where whoever vouched for the address found it."""

    kind: str
    name: str
    email: str = ""
    portal: str = ""
    confirmed_by: str = ""
    confirmed_at: datetime | None = None
    taken_from: str = ""
    version: int = 0

    @property
    def confirmed(self) -> bool:
        """Whether a person vouched for the address."""
        return self.confirmed_at is not None


@cache
def shipped() -> tuple[Recipient, ...]:
    """The directory before anybody confirmed anything."""
    tables = tomllib.loads((files(__package__) / "recipients.toml").read_text(encoding="utf-8"))
    return tuple(Recipient(kind, **table) for kind, table in sorted(tables.items()))


def confirm(recipient: Recipient, name: str, email: str, taken_from: str) -> Recipient:
    """The entry as a person vouches for it. Raises Invalid."""
    if not name.strip():
        raise Invalid("Give the name of the body.", {"name": ["Enter the name of the body."]})
    if not _ADDRESS.fullmatch(email):
        raise Invalid(
            "Give one e-mail address.", {"email": ["Enter an e-mail address, like notices@body.example."]}
        )
    if not taken_from.strip():
        words = "Enter where you took the address from, for example a page of their own site."
        raise Invalid("Say where the address is from.", {"taken_from": [words]})
    return replace(recipient, name=name.strip(), email=email, taken_from=taken_from.strip())


def unconfirm(recipient: Recipient) -> Recipient:
    """Nobody vouches for it any more; nothing can be sent there."""
    return replace(recipient, confirmed_by="", confirmed_at=None, taken_from="")


def usable_address(recipient: Recipient) -> str:
    """Where to send. Refused while unconfirmed."""
    if not recipient.confirmed:
        raise Refused(
            "This recipient's address is not confirmed. Ask an administrator to confirm it in the directory."
        )
    return recipient.email
