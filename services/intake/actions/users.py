"""Accounts of the front door, and what everybody else has to know about them."""

from dataclasses import replace

from services.intake.actions.permits import require
from services.intake.domain.permission import Act
from services.intake.domain.session import User, check_user
from services.intake.store import sessions, users
from shared import replicas
from shared.clock import new_id
from shared.contracts.intake import SessionEnded, UserChanged
from shared.errors import Invalid
from shared.store.transaction import Transaction

EVERYWHERE = "*"


def add_user(tx: Transaction, user: User) -> User:
    """Open an account in the bound authority; an empty id gets a new one. Raises Invalid."""
    require(tx, Act.ADMINISTER)
    one = check_user(replace(user, id=user.id or new_id()))
    _check_address(tx, one)
    users.add(tx, one)
    _tell(tx, one)
    return one


def change_user(tx: Transaction, user: User) -> User:
    """Change name, address, roles or whether the account is open; closing it ends its sessions everywhere."""
    require(tx, Act.ADMINISTER)
    before = users.get(tx, user.id)
    one = check_user(user)
    _check_address(tx, one)
    if before.active and not one.active and one.id == tx.scope.actor.id:
        raise Invalid("You cannot close your own account. Ask another administrator.")
    saved = users.save(tx, one)
    _tell(tx, saved)
    # A cookie is believed for five minutes; an account that was closed must not have them.
    if before.active and not saved.active:
        end_all_sessions(tx, saved.id)
    return saved


def end_all_sessions(tx: Transaction, user_id: str) -> None:
    """Sign somebody out on every device."""
    sessions.end_all(tx, user_id)
    event = SessionEnded(user_id=user_id, session_id=EVERYWHERE, everywhere=True, ended_at=tx.now)
    tx.publish(event)
    replicas.apply_session_end(tx, event)


def _check_address(tx: Transaction, one: User) -> None:
    holder = users.find_by_email(tx, one.email)
    if holder and holder.id != one.id:
        words = "Somebody else in your authority has this e-mail address."
        raise Invalid("The account is not complete. Correct the parts named.", {"email": [words]})


def _tell(tx: Transaction, one: User) -> None:
    event = UserChanged(
        user_id=one.id,
        display_name=one.display_name,
        email=one.email,
        roles=tuple(sorted(role.value for role in one.roles)),
        active=one.active,
    )
    tx.publish(event)
    replicas.apply_user(tx, event)
