"""Who may come in: every view states its audience, its tenant and its restriction rule; a view that does not
is shut."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Any, TypeVar

import flask
from flask.typing import ResponseReturnValue, RouteCallable

from shared import replicas
from shared.actor import Actor, Scope
from shared.errors import NotAllowed, NotFound, Unavailable
from shared.vocabulary import Role
from shared.web import csrf, freshness, identity, notices, pace, renewal
from shared.web.host import Visit, host, visit

V = TypeVar("V", bound=Callable[..., Any])
_RULE, _STEP_UP = "heed_rule", "heed_step_up"
ANONYMOUS = Actor("referrer:anonymous")


class Tenant(Enum):
    """Whose rows a view touches: the signed-in person's authority, the one in the path (`<authority>`), or
    nobody's."""

    ACTOR = "actor"
    PATH = "path"
    NONE = "none"


class Restriction(Enum):
    """RECORD: the view's queries hide records closed to the reader. NONE: it shows no record that could be
    closed."""

    RECORD = "record"
    NONE = "none"


@dataclass(frozen=True)
class Rule:
    """What a view asks of its visitor; no roles = public."""

    roles: frozenset[Role]
    tenant: Tenant
    restriction: Restriction
    token: bool = True

    @property
    def is_public(self) -> bool:
        """Whether nobody has to sign in."""
        return not self.roles


def allow(
    *roles: Role, tenant: Tenant = Tenant.ACTOR, restriction: Restriction = Restriction.RECORD
) -> Callable[[V], V]:
    """The view is for signed-in people who hold any of these roles."""
    if not roles:
        raise ValueError("Name the roles, or use public().")
    return _mark(_RULE, Rule(frozenset(roles), tenant, restriction))


def public(tenant: Tenant = Tenant.PATH, *, token: bool = True) -> Callable[[V], V]:
    """The view is for everybody; its forms need the signed token, unless it only passes a signed-in person's
    POST on."""
    return _mark(_RULE, Rule(frozenset(), tenant, Restriction.NONE, token))


def step_up(minutes: int = 10) -> Callable[[V], V]:
    """The view does something grave: the person must have proved themselves afresh within so many minutes."""
    return _mark(_STEP_UP, timedelta(minutes=minutes))


def _mark(name: str, value: object) -> Callable[[V], V]:
    def mark(view: V) -> V:
        setattr(view, name, value)
        return view

    return mark


def rule_of(view: RouteCallable, method: str) -> Rule | None:
    """The rule of a view for a method; None when it states none."""
    rule: Rule | None = getattr(_method(view, method), _RULE, None)
    return rule


def _method(view: RouteCallable, method: str) -> object:
    kind = getattr(view, "view_class", None)
    name = "get" if method == "HEAD" else method.lower()
    return getattr(kind, name, None) if kind else view


def enforce() -> ResponseReturnValue | None:
    """Let the visitor of the current request in, send them to sign in, or refuse; runs before every view."""
    request = flask.request
    # No view will run: the answer is 404 or 405, or the list of methods.
    if request.endpoint is None or request.method == "OPTIONS":
        return None
    view = flask.current_app.view_functions[request.endpoint]
    rule = rule_of(view, request.method)
    # Forgetting must shut a page, not open it.
    if rule is None:
        raise RuntimeError(f"The view {request.endpoint} does not say who may come in.")
    if rule.is_public:
        if rule.tenant is Tenant.PATH:
            pace.check(pace.FORM, pace.address())
        _let_anybody_in(rule)
        return None
    return _let_in(rule, getattr(_method(view, request.method), _STEP_UP, None))


def _let_anybody_in(rule: Rule) -> None:
    here = visit()
    here.public, here.actor = True, ANONYMOUS
    if rule.tenant is Tenant.PATH:
        code = str((flask.request.view_args or {}).get("authority", ""))
        with host().database.reading(Scope(code, ANONYMOUS, here.correlation_id)) as tx:
            here.authority = replicas.authority(tx, code)
    if rule.token:
        csrf.check_token()


def _let_in(rule: Rule, step_up_within: timedelta | None) -> ResponseReturnValue | None:
    here = visit()
    found = identity.read(flask.request, here.now)
    if found is None or (_is_behind(found, here) and not renewal.is_api()):
        return renewal.sign_in_again()
    if _is_behind(found, here):
        raise Unavailable(
            "Sign-ins are not up to date in this part of Heed. Sign in again, or wait a minute."
        )
    if renewal.is_api():
        pace.check(pace.API, found.session_id)
    if not _recognise(here, found):
        return renewal.sign_in_again()
    _check(rule, here)
    if step_up_within and not found.stepped_up_within(step_up_within, here.now):
        return renewal.step_up()
    renewal.restore_answers(here)
    return None


def _is_behind(found: identity.Identity, here: Visit) -> bool:
    # Who was signed out meanwhile is not known here: the front door knows, and vouches afresh.
    return found.age(here.now) > identity.LIFE_WHEN_BEHIND and freshness.lag() > identity.LIFE_WHEN_BEHIND


def _recognise(here: Visit, found: identity.Identity) -> bool:
    with host().database.reading(Scope(found.authority, Actor(found.user_id), here.correlation_id)) as tx:
        user = replicas.user(tx, found.user_id)
        if user is None:
            raise Unavailable("Your account has not arrived in this part of Heed yet. Try again in a minute.")
        if replicas.session_ended(tx, user.id, found.session_id, found.issued_at):
            return False
        here.authority = replicas.authority(tx, found.authority)
        if not renewal.is_api():
            here.notices = notices.of(tx, host().service)
    if not user.active or user.authority != found.authority:
        raise NotAllowed("Your account is closed. Ask your authority's administrator to open it again.")
    here.actor, here.identity = user.actor, found
    return True


def _check(rule: Rule, here: Visit) -> None:
    assert here.actor is not None and here.authority is not None  # noqa: S101  set by _recognise
    if not here.actor.has(*rule.roles):
        raise NotAllowed(
            "Your role does not include this page. Ask your authority's administrator if it should."
        )
    # Not found rather than forbidden: whether it exists over there is nobody's business here.
    if rule.tenant is Tenant.PATH and (flask.request.view_args or {}).get("authority") != here.authority.code:
        raise NotFound("There is no such page in your authority. Check the address.")
