"""Users and their sessions at the front door. The limits of time are the edge's, so they are arguments."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from shared.errors import Invalid, Refused
from shared.vocabulary import Role

_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
_REGION_ROLES = frozenset({Role.OPERATOR})


@dataclass(frozen=True, kw_only=True)
class User:
    """Somebody who may sign in for one authority."""

    id: str
    display_name: str
    email: str
    roles: frozenset[Role]
    active: bool = True
    version: int = 1
    # Closed because the identity provider took the roles away: it may give them back, as nobody else may.
    withdrawn: bool = False


def check_user(user: User) -> User:
    """The same, when it is complete. Raises Invalid."""
    problems: dict[str, list[str]] = {}
    if not user.display_name.strip():
        problems["display_name"] = ["Enter their name."]
    if not _EMAIL.match(user.email):
        problems["email"] = ["Enter an e-mail address, like name@council.example."]
    if not user.roles:
        problems["roles"] = ["Choose at least one role."]
    # Roles add up, so one of them alone would open records to whoever runs the machines.
    elif user.roles & _REGION_ROLES and user.roles - _REGION_ROLES:
        problems["roles"] = ["Somebody who runs the region may not see records, so operator stands alone."]
    if problems:
        raise Invalid("The account is not complete. Correct the parts named.", problems)
    return user


def roles_of(words: Iterable[str]) -> frozenset[Role]:
    """Roles from their words. Raises Invalid."""
    try:
        return frozenset(Role(word) for word in words)
    except ValueError:
        raise Invalid("Choose from the roles listed.", {"roles": ["Choose from the roles listed."]}) from None


@dataclass(frozen=True)
class Limits:
    """How long a session lasts without use, and at most."""

    idle: timedelta
    absolute: timedelta


@dataclass(frozen=True, kw_only=True)
class Session:
    """One sign-in on one device. `seen_at` is when its cookie was last renewed; the last three are what the
    identity provider gave: its own session, its token for signing out and the one for asking again.
    """

    id: str
    user_id: str
    started_at: datetime
    seen_at: datetime
    step_up_at: datetime | None = None
    ended_at: datetime | None = None
    provider_session: str = field(default="", repr=False)
    hint: str = field(default="", repr=False)
    refresh: str = field(default="", repr=False)

    def alive(self, limits: Limits, now: datetime) -> bool:
        """Whether it may be renewed."""
        within = now - self.seen_at <= limits.idle and now - self.started_at <= limits.absolute
        return self.ended_at is None and within


def renew(session: Session, limits: Limits, now: datetime) -> Session:
    """Seen again. Raises Refused when it has ended or run out of time."""
    if not session.alive(limits, now):
        raise Refused("Your session has ended. Sign in again.")
    return replace(session, seen_at=now)


def proved(session: Session, now: datetime) -> Session:
    """The person proved themselves afresh."""
    return replace(session, seen_at=now, step_up_at=now)
