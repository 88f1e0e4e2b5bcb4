"""Opening authorities and their first accounts: what whoever runs the region does before anybody can sign
in. Asked twice, each does nothing the second time.
"""

from dataclasses import asdict, replace

from services.intake.actions.configuration import open_authority
from services.intake.actions.users import add_user, change_user
from services.intake.domain.region import AuthorityRecord
from services.intake.domain.session import User
from services.intake.store import users
from shared import replicas
from shared.errors import NotFound, Refused
from shared.store.transaction import Transaction


def admit_authority(tx: Transaction, record: AuthorityRecord) -> bool:
    """Open the bound authority; False when it is open with just these words. Raises Refused when it is open
    with others: they are its administrators' to change.
    """
    known = {one.code: one for one in replicas.authorities(tx)}.get(tx.authority)
    if known is None:
        open_authority(tx, record)
        return True
    if known != replicas.Authority(code=tx.authority, **asdict(record)):
        raise Refused("This authority is open already; its administrators change its record on its pages.")
    return False


def admit_user(tx: Transaction, user: User) -> tuple[User, bool]:
    """Open an account, or the same one again when it was closed; the flag says whether anything changed."""
    replicas.authority(tx, tx.authority)
    known = users.find_by_email(tx, user.email)
    if known is None:
        return add_user(tx, user), True
    if (known.display_name, known.roles) != (user.display_name, user.roles):
        raise Refused("This address has an account already; an administrator changes it on the page of it.")
    return (known, False) if known.active else (change_user(tx, replace(known, active=True)), True)


def close_user(tx: Transaction, email: str) -> tuple[User, bool]:
    """Close the account of that address, which ends its sessions everywhere. Raises NotFound."""
    replicas.authority(tx, tx.authority)
    known = users.find_by_email(tx, email)
    if known is None:
        raise NotFound("This address has no account in that authority.")
    return (change_user(tx, replace(known, active=False)), True) if known.active else (known, False)
