"""The check that stands before an act."""

from services.intake.domain.permission import Act, permit
from shared.store.transaction import Transaction


def require(tx: Transaction, act: Act) -> None:
    """Raises NotAllowed unless the actor may; Heed's own parts act on somebody's earlier decision.

    A history (import, demo) was acted by people whose roles of that day nobody knows.
    """
    actor = tx.scope.actor
    if tx.live and not actor.id.startswith("system:"):
        permit(actor.roles, act)
