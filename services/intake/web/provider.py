"""Sign-in by way of an identity provider: there, back, and what it tells us later."""

import flask
from flask.typing import ResponseReturnValue
from itsdangerous import BadData

from services.intake.actions import arrivals, sessions
from services.intake.domain.identity import Proof
from services.intake.gateways.identity import Identity
from services.intake.store import users
from services.intake.web.welcome import LIMITS, home_of, with_cookie
from shared import replicas
from shared.actor import Actor
from shared.errors import NotAllowed, NotFound, Refused, Unavailable
from shared.web import identity, renewal, request, signing
from shared.web.access import Tenant, public
from shared.web.host import host, visit

provider = flask.Blueprint("provider", __name__, template_folder="templates")

_COOKIE = "heed-sign-in"
_ACTOR = Actor("system:sign-in")


def vouching() -> Identity:
    """Who vouches for people here."""
    found: Identity = host().database.tools.gateway
    return found


@provider.get("/sign-in/begin")
@public(Tenant.NONE)
def begin() -> ResponseReturnValue:
    """To the provider; `afresh=yes` asks again whatever the person proved before."""
    if host().settings.demo:
        raise NotFound("There is no identity provider here. Choose one of the accounts.")
    asked = vouching().challenge(visit().now, afresh=flask.request.args.get("afresh") == "yes")
    kept = {**asked.kept, "next": renewal.local(flask.request.args.get("next"), "")}
    response = flask.make_response(flask.redirect(asked.address))
    # Bound to this browser: an answer that somebody else's browser was sent away for is not taken.
    value = signing.signer("sign-in").dumps(kept)
    signing.set_cookie(response, _COOKIE, value if isinstance(value, str) else value.decode())
    return response


@provider.get("/sign-in/return")
@public(Tenant.NONE)
def come_back() -> ResponseReturnValue:
    """Back from the provider with its answer."""
    kept = _kept()
    proof = vouching().verify(kept, flask.request.args, visit().now)
    request.act_as(_ACTOR)
    response = _prove_afresh(proof, kept["next"]) if kept["afresh"] else _let_in(proof, kept["next"])
    signing.clear_cookie(response, _COOKIE)
    return response


@provider.post("/session/ended-elsewhere")
@public(Tenant.NONE, token=False)
def ended_elsewhere() -> ResponseReturnValue:
    """The provider's back channel: its own sign-in of somebody has ended, so ours do."""
    try:
        ended = vouching().ended(flask.request.form.get("logout_token", ""), visit().now)
    except NotAllowed as problem:
        # The status that the standard asks for.
        return flask.jsonify(error="invalid_request", error_description=str(problem)), 400
    request.act_as(_ACTOR)
    for code in _authorities():
        with request.transaction(code) as tx:
            sessions.end_at_provider(tx, ended)
    return "", 200


def still_welcome(known: identity.Identity) -> None:
    """Ask the provider at a renewal. Raises a HeedError when the person has to sign in again; while it is
    away the session goes on.
    """
    with request.transaction(known.authority) as tx:
        refresh = sessions.question(tx, known.session_id, known.user_id, LIMITS)
    if not refresh:
        return
    try:
        proof = vouching().again(refresh, visit().now)
        if proof.authority not in {"", known.authority}:
            raise NotAllowed("Your organisation's account names another authority now.")
    except Unavailable:
        return
    except Refused:
        _end(known)
        raise
    except NotAllowed:
        _withdraw(known)
        raise
    with request.transaction(known.authority) as tx:
        arrivals.bring_up_to_date(tx, proof)
        sessions.keep_answer(tx, known.session_id, proof)


def _kept() -> dict[str, str]:
    try:
        kept = signing.signer("sign-in").loads(flask.request.cookies.get(signing.cookie_name(_COOKIE), ""))
    except BadData:
        kept = None
    if not isinstance(kept, dict):
        raise NotAllowed("This sign-in was begun elsewhere. Sign in again from the start.")
    return kept


def _let_in(proof: Proof, back: str) -> flask.Response:
    authority = proof.authority or _where(proof)
    for code in _authorities():
        # Somebody whom the provider has moved leaves the authority they came from.
        if code != authority:
            with request.transaction(code) as tx:
                arrivals.withdraw(tx, users.find_by_subject(tx, proof.subject))
    with request.transaction(authority) as tx:
        session = arrivals.admit(tx, proof)
        roles = users.get(tx, session.user_id).roles
    return with_cookie(flask.redirect(renewal.local(back, home_of(roles))), session, authority)


def _prove_afresh(proof: Proof, back: str) -> flask.Response:
    known = identity.presented(flask.request, visit().now)
    if known is None:
        raise NotAllowed("You were signed out meanwhile. Sign in again.")
    with request.transaction(known.authority) as tx:
        found = arrivals.find(tx, proof)
        if found is None or found.id != known.user_id:
            raise NotAllowed("Somebody else proved who they are. Sign out, then sign in as yourself.")
        session = sessions.prove_again(tx, known.session_id, known.user_id, LIMITS)
    return with_cookie(flask.redirect(renewal.local(back, "/intake/")), session, known.authority)


def _where(proof: Proof) -> str:
    found = []
    for code in _authorities():
        with request.reading(code) as tx:
            if arrivals.find(tx, proof):
                found.append(code)
    if len(found) != 1:
        raise NotAllowed("You have no account here, or more than one. Ask your authority's administrator.")
    return found[0]


def _authorities() -> list[str]:
    with request.reading("") as tx:
        return [one.code for one in replicas.authorities(tx)]


def _end(known: identity.Identity) -> None:
    with request.transaction(known.authority) as tx:
        sessions.end_session(tx, known.session_id, known.user_id)


def _withdraw(known: identity.Identity) -> None:
    with request.transaction(known.authority) as tx:
        arrivals.withdraw(tx, users.get(tx, known.user_id))
