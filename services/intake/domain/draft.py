"""A report that is still being written: saved page by page, kept for a while, sent once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from shared.errors import Conflict, Refused

# About eighty typed pages: more is a file, or somebody else's program.
LARGEST = 400_000
TRIES = 5
CODE_LIFE = timedelta(minutes=30)


class DraftState(StrEnum):
    """OPEN may be changed; SENT has become a contact."""

    OPEN = "open"
    SENT = "sent"


@dataclass(frozen=True, kw_only=True)
class Draft:
    """`answers` is the whole of what was given, by section: a mapping, or a list of items with ids.

    `contact_id` and `token` tie it to the one contact it becomes. `email` is where codes to come back go.
    """

    id: str
    reference: str
    state: DraftState
    started_at: datetime
    saved_at: datetime
    expires_at: datetime
    answers: Mapping[str, Any]
    email: str = ""
    contact_id: str = ""
    version: int = 1


def save(draft: Draft, section: str, value: Any, now: datetime, life: timedelta) -> Draft:
    """Keep the answers of a section. Raises Refused when it was sent before, or has grown beyond reason."""
    if draft.state is not DraftState.OPEN:
        raise Refused("This report has been sent, so it cannot be changed. Telephone us to add something.")
    answers = {**draft.answers, section: value}
    if _weight(answers) > LARGEST:
        raise Refused("This report has grown too long to save. Shorten the last answer, or add it as a file.")
    return replace(draft, answers=answers, saved_at=now, expires_at=now + life)


def item_of(draft: Draft, section: str, item_id: str) -> Mapping[str, Any] | None:
    """One adult, child, role or event of the report; None when it is not there."""
    found: Mapping[str, Any] | None
    found = next((item for item in draft.answers.get(section, ()) if item["id"] == item_id), None)
    return found


def with_item(draft: Draft, section: str, item: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The items of a section with this one added, or put in place of the one with its id."""
    items = list(draft.answers.get(section, ()))
    for place, known in enumerate(items):
        if known["id"] == item["id"]:
            items[place] = item
            return items
    return [*items, item]


def without_item(draft: Draft, section: str, item_id: str) -> list[Mapping[str, Any]]:
    """The items of a section but this one."""
    return [item for item in draft.answers.get(section, ()) if item["id"] != item_id]


def become(draft: Draft, contact_id: str, now: datetime, email: str) -> Draft:
    """It was sent: from here on it only leads to its contact. The answers live on there, not here."""
    sent = replace(draft, state=DraftState.SENT, contact_id=contact_id, saved_at=now, answers={})
    return replace(sent, email=email or draft.email)


def expect(draft: Draft, version: int) -> Draft:
    """Raises Conflict when the same form was changed elsewhere since it was shown."""
    if draft.version != version:
        raise Conflict("This report was changed in another window. Look again, then repeat your change.")
    return draft


def _weight(value: Any) -> int:
    if isinstance(value, Mapping):
        return sum(_weight(part) for part in value.values())
    if isinstance(value, str):
        return len(value)
    return sum(_weight(part) for part in value) if isinstance(value, list | tuple) else 1


@dataclass(frozen=True, kw_only=True)
class ReturnCode:
    """What lets somebody back in. Only its keyed hash is kept; `tries` counts wrong guesses since `tried_at`.

    A code sent by e-mail works for half an hour; a `lasting` one, shown once on screen, as long as its draft.
    """

    draft_id: str
    code_hash: str
    sent_at: datetime
    lasting: bool = False
    tries: int = 0
    tried_at: datetime | None = None

    def usable(self, now: datetime) -> bool:
        """Whether it may be tried: a lasting one rests for half an hour after five wrong guesses."""
        if not self.lasting:
            return self.tries < TRIES and now - self.sent_at <= CODE_LIFE
        return self.tries < TRIES or (self.tried_at is not None and now - self.tried_at > CODE_LIFE)

    def missed(self, now: datetime) -> "ReturnCode":
        """After a wrong guess."""
        rested = self.tried_at is not None and now - self.tried_at > CODE_LIFE
        return replace(self, tries=1 if rested else self.tries + 1, tried_at=now)
