"""Sign-in, renewal, sign-out."""

from dataclasses import replace
from datetime import timedelta

from services.intake.actions.users import end_all_sessions
from services.intake.domain import session as domain
from services.intake.domain.identity import Ended, Proof
from services.intake.domain.session import Limits, Session
from services.intake.store import sessions, users
from shared import replicas
from shared.clock import new_id
from shared.contracts.intake import SessionEnded
from shared.errors import NotAllowed, Refused
from shared.service import Office
from shared.store.transaction import Transaction

# Longer than any cookie is believed, so that nothing is forgotten that could still be asked for.
_KEPT = timedelta(days=2)


def start_session(tx: Transaction, user_id: str, proof: Proof | None = None) -> Session:
    """Somebody proved who they are. Raises NotAllowed when their account is closed."""
    if not users.get(tx, user_id).active:
        raise NotAllowed("This account is closed. Ask your authority's administrator to open it again.")
    one = Session(id=new_id(), user_id=user_id, started_at=tx.now, seen_at=tx.now)
    if proof is not None:
        one = replace(one, provider_session=proof.session, hint=proof.hint, refresh=proof.refresh)
    sessions.add(tx, one)
    return one


def renew_session(tx: Transaction, session_id: str, user_id: str, limits: Limits) -> Session:
    """Somebody is still here. Raises Refused or NotFound when they have to sign in again."""
    one = _own(tx, session_id, user_id)
    # Asked at each renewal: an account may have been closed since the cookie was issued.
    if not users.get(tx, user_id).active:
        raise Refused("This account is closed. Ask your authority's administrator to open it again.")
    renewed = domain.renew(one, limits, tx.now)
    sessions.save(tx, renewed)
    return renewed


def question(tx: Transaction, session_id: str, user_id: str, limits: Limits) -> str:
    """The token with which to ask the identity provider whether all is as it was; empty where it gave none,
    or where another renewal is asking already.
    """
    one = domain.renew(before := _own(tx, session_id, user_id), limits, tx.now)
    return one.refresh if one.refresh and sessions.take_turn(tx, before) else ""


def keep_answer(tx: Transaction, session_id: str, proof: Proof) -> None:
    """The provider gave new tokens with its answer."""
    one = sessions.get(tx, session_id)
    sessions.save(tx, replace(one, refresh=proof.refresh, hint=proof.hint or one.hint))


def prove_again(tx: Transaction, session_id: str, user_id: str, limits: Limits) -> Session:
    """Somebody proved afresh who they are, before something grave."""
    proved = domain.proved(domain.renew(_own(tx, session_id, user_id), limits, tx.now), tx.now)
    sessions.save(tx, proved)
    return proved


def end_session(tx: Transaction, session_id: str, user_id: str) -> Session:
    """Sign out on this device."""
    one = _own(tx, session_id, user_id)
    sessions.save(tx, replace(one, ended_at=tx.now))
    event = SessionEnded(user_id=user_id, session_id=session_id, everywhere=False, ended_at=tx.now)
    tx.publish(event)
    replicas.apply_session_end(tx, event)
    return one


def sign_out_everywhere(tx: Transaction, user_id: str) -> None:
    """Sign oneself out on every device."""
    if user_id != tx.scope.actor.id:
        raise NotAllowed("You can only sign yourself out.")
    end_all_sessions(tx, user_id)


def end_at_provider(tx: Transaction, ended: Ended) -> int:
    """The provider's own sign-in ended: ours follow, but not those begun after it. Returns how many."""
    if ended.session:
        found = sessions.at_provider(tx, ended.session)
    else:
        user = users.find_by_subject(tx, ended.subject)
        found = sessions.open_of(tx, user.id) if user else []
    # A notice that is sent again later must not end what the person began since.
    due = [one for one in found if one.started_at <= ended.at + timedelta(seconds=1)]
    for one in due:
        end_session(tx, one.id, one.user_id)
    return len(due)


def forget_old_sessions(office: Office) -> int:
    """Pump: drop sessions that began so long ago that no cookie of them is believed."""
    with office.transaction() as tx:
        return sessions.forget(tx, tx.now - _KEPT)


def _own(tx: Transaction, session_id: str, user_id: str) -> Session:
    one = sessions.get(tx, session_id)
    if one.user_id != user_id:
        raise NotAllowed("That is somebody else's session.")
    return one
