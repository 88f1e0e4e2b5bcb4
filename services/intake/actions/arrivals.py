"""People whom the identity provider vouches for: their accounts follow what it says of them."""

from dataclasses import replace

from services.intake.actions.sessions import start_session
from services.intake.actions.users import add_user, change_user
from services.intake.domain.identity import Claims, Proof
from services.intake.domain.session import Session, User
from services.intake.store import users
from shared import replicas
from shared.errors import Invalid, NotAllowed, NotFound
from shared.store.transaction import Transaction
from shared.vocabulary import Role

_NOBODY = "You have no account here. Ask your authority's administrator to open one for your e-mail address."


def admit(tx: Transaction, proof: Proof) -> Session:
    """Somebody comes in: their account is opened or brought up to date, and a session begins. Raises
    NotAllowed when they have no business here.
    """
    return start_session(tx, bring_up_to_date(tx, proof).id, proof)


def bring_up_to_date(tx: Transaction, proof: Proof) -> User:
    """The account as the provider has it by now. Raises NotAllowed."""
    if proof.claims is None:
        return users.get(tx, proof.subject)
    try:
        replicas.authority(tx, tx.authority)
    except NotFound:
        raise NotAllowed(
            "Your organisation's account names an authority that is not open here. Ask the region's operator."
        ) from None
    known = find(tx, proof)
    if proof.claims.roles is not None:
        known = _follow(tx, known, proof.claims, proof.claims.roles)
    if known is None:
        raise NotAllowed(_NOBODY)
    if users.find_by_subject(tx, proof.subject) is None and not users.join_subject(
        tx, known.id, proof.subject
    ):
        raise NotAllowed("This e-mail address belongs to somebody else's account. Ask your administrator.")
    return known


def withdraw(tx: Transaction, known: User | None) -> None:
    """The provider gives them no role in the bound authority any more: the account closes everywhere, until
    it does.
    """
    if known is not None and known.active:
        change_user(tx, replace(known, active=False, withdrawn=True))


def find(tx: Transaction, proof: Proof) -> User | None:
    """Their account in the bound authority: by the provider's own id, at first by an address it has
    checked.
    """
    known = users.find_by_subject(tx, proof.subject)
    if known is not None or proof.claims is None or not proof.claims.email_verified:
        return known
    return users.find_by_email(tx, proof.claims.email)


def _follow(tx: Transaction, known: User | None, claims: Claims, roles: frozenset[Role]) -> User:
    before = known or User(id="", display_name="", email="", roles=roles)
    # An account that an administrator closed stays closed, whatever the provider says.
    wanted = replace(
        before,
        display_name=claims.display_name,
        email=claims.email,
        roles=roles,
        active=before.active or before.withdrawn,
        withdrawn=False,
    )
    try:
        if known is None:
            return add_user(tx, wanted)
        return known if wanted == known else change_user(tx, wanted)
    except Invalid as problem:
        reason = next((words[0] for words in problem.fields.values()), str(problem))
        raise NotAllowed(f"Your organisation's account does not fit: {reason}") from None
