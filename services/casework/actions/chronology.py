"""Writing the chronology: lines that write themselves, and notes by people."""

from dataclasses import dataclass
from datetime import datetime

from services.casework.domain.chronology import Entry, Source
from services.casework.store import cases, chronology
from shared.clock import new_id
from shared.errors import Invalid
from shared.store.transaction import Transaction


@dataclass(frozen=True, kw_only=True)
class Note:
    """What somebody adds. `id` is made with the page, so that sending it twice adds it once."""

    words: str
    id: str = ""
    at: datetime | None = None
    corrects: str = ""


def tell(
    tx: Transaction,
    case_id: str,
    title: str,
    *,
    words: str = "",
    source: Source = Source.CASE,
    at: datetime | None = None,
) -> None:
    """Write a line about something that happened, now unless `at` says when.

    It is told of whoever acts, or of whoever caused the fact that Heed is following.
    """
    line = Entry(
        id=new_id(),
        case_id=case_id,
        source=source,
        title=title,
        words=words,
        at=at or tx.now,
        recorded_at=tx.now,
        actor=tx.cause.actor if tx.cause else tx.scope.actor.id,
    )
    chronology.add(tx, line)


def add_note(tx: Transaction, case_id: str, note: Note) -> str:
    """Add a note, also on a closed case. It never changes; a correction is another note that names it."""
    cases.take(tx, case_id)
    _check(tx, case_id, note)
    # The id came with the page, so a second press of the button finds the note already there.
    note_id = note.id or new_id()
    if chronology.find(tx, case_id, note_id) is None:
        title = "Correction of an earlier note" if note.corrects else "Note"
        line = Entry(
            id=note_id,
            case_id=case_id,
            source=Source.NOTE,
            title=title,
            words=note.words,
            at=note.at or tx.now,
            recorded_at=tx.now,
            actor=tx.scope.actor.id,
            corrects=note.corrects,
        )
        chronology.add(tx, line)
    return note_id


def _check(tx: Transaction, case_id: str, note: Note) -> None:
    if not note.words.strip():
        raise Invalid("Write the note.", {"words": ["Enter what should be kept."]})
    if note.at and note.at > tx.now:
        raise Invalid("The date is in the future.", {"at": ["Enter today or a date in the past."]})
    if note.corrects and chronology.find(tx, case_id, note.corrects) is None:
        raise Invalid("The note to correct is not on this case.", {"corrects": ["Open the case again."]})
