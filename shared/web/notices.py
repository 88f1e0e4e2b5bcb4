"""What every page of a service says while something it stands on is away: what may be missing, and since
when. Told from what the service itself knows; nobody is asked while a page is made.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from shared import vitals
from shared.mail import letters
from shared.service import Service
from shared.store.transaction import Transaction
from shared.web import wording

# A new installation has nothing to show before its worker has begun.
_NEVER = "Nothing has arrived here from the other parts of Heed yet."


def of(tx: Transaction[Any], service: Service) -> tuple[str, ...]:
    """The sentences for a page that is made now."""
    return tuple(_told(vitals.all_of(tx.db), tx, service))


def _told(known: dict[str, datetime], tx: Transaction[Any], service: Service) -> Iterator[str]:
    late = {part: wording.moment_words(at) for part, at in vitals.late(known, tx.recorded_at).items()}
    missing = service.late.get(vitals.HEARD, "")
    if vitals.HEARD not in known:
        yield f"{_NEVER} {missing}"
    if since := late.get(vitals.HEARD):
        yield f"What other parts of Heed did since {since} has not arrived here. {missing}"
    if since := late.get(vitals.SENT):
        yield f"What was done here since {since} has not reached the other parts of Heed. It is kept."
    if vitals.OUTSIDE in service.late and (vitals.OUTSIDE in late or vitals.OUTSIDE not in known):
        since = f" since {late[vitals.OUTSIDE]}" if vitals.OUTSIDE in late else ""
        yield service.late[vitals.OUTSIDE].format(since=since)
    yield from _letters(tx)


def _letters(tx: Transaction[Any]) -> Iterator[str]:
    count, since = letters.held_up(tx)
    if since is not None:
        waiting = "1 letter waits" if count == 1 else f"{count:,} letters wait"
        yield f"{waiting} for the mail server, since {wording.moment_words(since)}."
