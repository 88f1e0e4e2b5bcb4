"""Dealing with a waiting record, on the page or from the command line."""

from shared.actor import Scope
from shared.errors import Invalid, NotFound, Refused
from shared.messaging.consumer import Consumer
from shared.messaging.deferred import Deferred, Shelf
from shared.runtime import Runtime

SHORTEST, LONGEST = 5, 500


def find(runtime: Runtime, position: int) -> Deferred:
    """The record of that number, without its content. Raises NotFound."""
    with runtime.database.plumbing(writing=False) as db:
        found = Shelf(db, runtime.database.tools.vault, runtime.name).listed(limit=1, after=position - 1)
    # Listed after its predecessor, so that the body never leaves the shelf.
    if not found or found[0].position != position:
        raise NotFound("There is no waiting record with that number; list them again.")
    return found[0]


def deal(runtime: Runtime, scope: Scope, row: Deferred, act: str, reason: str) -> None:
    """Replay or skip it. Raises Refused when it does not go through."""
    if not SHORTEST <= len(reason.strip()) <= LONGEST:
        raise Invalid(f"Give a reason of {SHORTEST} to {LONGEST} characters; the audit keeps it.")
    with runtime.database.transaction(scope) as tx:
        # Before the act and in its own commit: an attempt that fails is kept as well.
        tx.accessed(act, "waiting record", row.event_id[:36], reason=reason.strip())
    consumer = Consumer(runtime.service, runtime.database)
    if act == "skip":
        consumer.skip(row.position)
    elif not consumer.replay(row.position):
        raise Refused("It was refused again; its reason is in the list of waiting records.")
