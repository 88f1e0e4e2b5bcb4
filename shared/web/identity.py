"""Who a browser says it is: a signed cookie that is believed for five minutes, then renewed by the front
door.

The cookie holds ids only. Roles and ended sessions come from the service's own replicas, so that no service
asks another one. Idle and absolute time-out live with the session itself, in intake; the limits are named
here because pages warn of them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import flask
from itsdangerous import BadData

from shared.web import signing

# Short enough that a lost replica does little harm, long enough that few clicks take the detour.
LIFE = timedelta(minutes=5)
LIFE_WHEN_BEHIND = timedelta(seconds=60)
IDLE = timedelta(minutes=15)
ABSOLUTE = timedelta(hours=10)
WARNING = timedelta(minutes=5)
# The clocks of two machines differ.
_SKEW = timedelta(seconds=60)
_NAME = "heed-session"


@dataclass(frozen=True)
class Identity:
    """What the cookie says. `step_up_at` is when the person last proved themselves afresh, None if only at
    sign-in."""

    session_id: str
    user_id: str
    authority: str
    issued_at: datetime
    step_up_at: datetime | None = None

    def age(self, now: datetime) -> timedelta:
        """How long ago the front door vouched for it."""
        return now - self.issued_at

    def stepped_up_within(self, limit: timedelta, now: datetime) -> bool:
        """Whether a fresh proof is recent enough for a sensitive act."""
        return self.step_up_at is not None and timedelta(0) - _SKEW <= now - self.step_up_at <= limit


def issue(
    response: flask.Response,
    session_id: str,
    user_id: str,
    authority: str,
    now: datetime,
    step_up_at: datetime | None = None,
) -> None:
    """Set the cookie; the front door does this at sign-in, renewal and step-up."""
    stepped_up = step_up_at.timestamp() if step_up_at else None
    value = signing.signer("identity").dumps([session_id, user_id, authority, now.timestamp(), stepped_up])
    signing.set_cookie(response, _NAME, value if isinstance(value, str) else value.decode())


def clear(response: flask.Response) -> None:
    """Take the cookie away at sign-out."""
    signing.clear_cookie(response, _NAME)


def presented(request: flask.Request, now: datetime) -> Identity | None:
    """What a genuine cookie says, stale or not, up to the absolute time-out: only the front door may act on
    it."""
    value = request.cookies.get(signing.cookie_name(_NAME))
    if not value:
        return None
    try:
        # Ids only: what somebody may do must not travel with them.
        session_id, user_id, authority, issued, stepped_up = signing.signer("identity").loads(value)
    except (BadData, ValueError, TypeError):
        return None
    found = Identity(
        session_id, user_id, authority, _moment(issued), _moment(stepped_up) if stepped_up else None
    )
    return found if -_SKEW <= found.age(now) <= ABSOLUTE else None


def read(request: flask.Request, now: datetime) -> Identity | None:
    """Who is signed in according to a fresh cookie; None when there is none or it is older than five
    minutes."""
    found = presented(request, now)
    return found if found and found.age(now) <= LIFE else None


def _moment(timestamp: float) -> datetime:
    return datetime.fromtimestamp(timestamp, UTC)
