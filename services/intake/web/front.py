"""The region's first page, help, signing in and out."""

from dataclasses import dataclass

import flask
from flask.typing import ResponseReturnValue

from services.intake.actions import arrivals, sessions
from services.intake.domain.session import Session, User
from services.intake.store import users
from services.intake.web.provider import still_welcome, vouching
from services.intake.web.welcome import LIMITS, home_of, with_cookie
from shared import replicas
from shared.actor import Actor
from shared.errors import HeedError, NotAllowed, NotFound
from shared.vocabulary import Role
from shared.web import csrf, identity, renewal, request
from shared.web.access import Restriction, Tenant, allow, public
from shared.web.headers import allow_form_to
from shared.web.host import host, visit

front = flask.Blueprint("front", __name__, url_prefix="//", template_folder="templates")
door = flask.Blueprint("door", __name__, template_folder="templates")

# Whoever renews may have lost every role meanwhile, and what is changed then is the provider's word.
_SIGN_IN = Actor("system:sign-in")


@dataclass(frozen=True)
class Accounts:
    """The accounts of one authority, for the demonstration's list."""

    authority: replicas.Authority
    users: list[User]


@front.get("/")
@public(Tenant.NONE)
def home() -> ResponseReturnValue:
    """Choose the authority to tell, or sign in."""
    with request.reading("") as tx:
        return flask.render_template("intake/front/home.html", authorities=replicas.authorities(tx))


@door.get("/help")
@public(Tenant.NONE)
def help_page() -> ResponseReturnValue:
    """How Heed is used, and whom to ask."""
    return flask.render_template("intake/front/help.html")


@door.get("/sign-in")
@public(Tenant.NONE)
def sign_in() -> ResponseReturnValue:
    """The way in for staff: in the demonstration a list of its invented accounts."""
    after = renewal.local(flask.request.args.get("next"), "")
    accounts = _demo_accounts() if host().settings.demo else []
    return flask.render_template("intake/front/sign_in.html", accounts=accounts, after=after)


@door.post("/sign-in")
@public(Tenant.NONE)
def enter() -> ResponseReturnValue:
    """Sign in with one of the demonstration's accounts."""
    if not host().settings.demo:
        raise NotFound("There are no demonstration accounts here. Sign in with your organisation's account.")
    proof = vouching().verify({}, flask.request.form, visit().now)
    request.act_as(Actor(proof.subject))
    with request.transaction(proof.authority) as tx:
        session = arrivals.admit(tx, proof)
        roles = users.get(tx, session.user_id).roles
    response = flask.redirect(renewal.local(flask.request.form.get("after"), home_of(roles)))
    return with_cookie(response, session, proof.authority)


@door.route("/session/renew", methods=["GET", "POST"])
@public(Tenant.NONE, token=False)
def renew() -> ResponseReturnValue:
    """A stale cookie becomes a fresh one while the session lives; typed answers are never lost."""
    known, back = (
        identity.presented(flask.request, visit().now),
        renewal.local(flask.request.args.get("next")),
    )
    posted = flask.request.method == "POST"
    if known is None:
        return _not_taken(back)
    # Whatever is wrong with the session, the way on is the same: sign in, and nothing typed is lost.
    try:
        request.act_as(_SIGN_IN)
        still_welcome(known)
        with request.transaction(known.authority) as tx:
            session = sessions.renew_session(tx, known.session_id, known.user_id, LIMITS)
    except HeedError:
        return renewal.keep_answers(known.user_id, known.authority, back) if posted else _sign_in_first(back)
    return with_cookie(flask.redirect(back, 307 if posted else 302), session, known.authority)


@door.get("/session/step-up")
@allow(*Role, restriction=Restriction.NONE)
def step_up() -> ResponseReturnValue:
    """Ask once more who it is, before something grave."""
    back = renewal.local(flask.request.args.get("next"))
    return flask.render_template("intake/front/step_up.html", after=back, demo_accounts=host().settings.demo)


@door.post("/session/step-up")
@public(Tenant.NONE, token=False)
def keep_for_step_up() -> ResponseReturnValue:
    """A POST that needs a fresh proof first: what was typed is kept meanwhile."""
    known = identity.presented(flask.request, visit().now)
    back = renewal.local(flask.request.args.get("next"))
    if known is None:
        return _not_taken(back)
    return renewal.keep_answers(known.user_id, known.authority, back, door=renewal.STEP_UP)


@door.post("/session/proof")
@allow(*Role, restriction=Restriction.NONE)
def prove() -> ResponseReturnValue:
    """The demonstration's proof is pressing the button again."""
    if not host().settings.demo:
        raise NotAllowed("Sign in again with your organisation's account.")
    mine = request.identity()
    with request.transaction() as tx:
        session = sessions.prove_again(tx, mine.session_id, mine.user_id, LIMITS)
    response = flask.redirect(renewal.local(flask.request.form.get("after"), "/intake/"))
    return with_cookie(response, session, mine.authority)


@door.post("/session/end")
@allow(*Role, restriction=Restriction.NONE)
def sign_out() -> ResponseReturnValue:
    """Sign out here, or with `everywhere` on every device."""
    mine = request.identity()
    with request.transaction() as tx:
        ended = sessions.end_session(tx, mine.session_id, mine.user_id)
        if flask.request.form.get("everywhere") == "yes":
            sessions.sign_out_everywhere(tx, mine.user_id)
    request.leave()
    response = flask.make_response(_farewell(ended))
    identity.clear(response)
    return response


@door.get("/signed-out")
@public(Tenant.NONE)
def signed_out() -> ResponseReturnValue:
    """It is done."""
    return flask.render_template("intake/front/signed_out.html")


@door.get("/account")
@allow(*Role, restriction=Restriction.NONE)
def account() -> ResponseReturnValue:
    """Who is signed in, and signing out everywhere."""
    with request.reading() as tx:
        user = replicas.user(tx, request.actor().id)
    return flask.render_template("intake/front/account.html", user=user)


def _farewell(ended: Session) -> ResponseReturnValue:
    leaving = vouching().farewell(ended.hint, visit().now)
    if leaving is None:
        return flask.redirect(flask.url_for("door.signed_out"))
    # Shown at once, not after a redirect: the provider's token must not stand in an address.
    allow_form_to(leaving.address)
    return flask.render_template("intake/front/signed_out.html", leaving=leaving)


def _not_taken(back: str) -> ResponseReturnValue:
    if set(flask.request.form) <= {csrf.FIELD}:
        return _sign_in_first(back)
    # Nobody knows whose answers these are, so they are not kept here: loading the page again sends them.
    return flask.render_template("intake/front/not_taken.html"), 401


def _sign_in_first(back: str) -> ResponseReturnValue:
    return flask.redirect(flask.url_for("door.sign_in", next=back))


def _by_role(user: User) -> tuple[int, str]:
    """Officers first: the demonstration begins with them."""
    order = list(Role)
    return min(order.index(role) for role in user.roles), user.display_name


def _demo_accounts() -> list[Accounts]:
    with request.reading("") as tx:
        found = replicas.authorities(tx)
    accounts = []
    # One reading per authority: no statement may touch the accounts of two.
    for one in found:
        with request.reading(one.code) as tx:
            known = users.list_users(tx, 0, 50, active=True)
        accounts.append(Accounts(one, sorted(known, key=_by_role)))
    return accounts
