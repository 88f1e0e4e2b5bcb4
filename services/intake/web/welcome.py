"""What everybody gets who came in: a cookie, and the page where their work begins."""

import flask
from flask.typing import ResponseReturnValue

from services.intake.domain.session import Limits, Session
from shared.vocabulary import Role
from shared.web import identity
from shared.web.host import visit

LIMITS = Limits(identity.IDLE, identity.ABSOLUTE)
# Who sees no record begins elsewhere: the officers' page would refuse them.
_HOMES = {
    Role.ANALYST: "/reporting/dashboard",
    Role.ADMINISTRATOR: "/intake/administration",
    Role.OPERATOR: "/intake/held",
}
_CASE_ROLES = frozenset({Role.OFFICER, Role.COORDINATOR, Role.MANAGER, Role.AUDITOR})


def home_of(roles: frozenset[Role]) -> str:
    """Where somebody's work begins."""
    if roles & _CASE_ROLES:
        return "/intake/"
    return next((home for role, home in _HOMES.items() if role in roles), "/intake/account")


def with_cookie(response: ResponseReturnValue, session: Session, authority: str) -> flask.Response:
    """The answer with the cookie of this session, believed for five minutes from now."""
    made = flask.make_response(response)
    identity.issue(made, session.id, session.user_id, authority, visit().now, session.step_up_at)
    return made
