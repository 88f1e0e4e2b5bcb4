"""Letters by e-mail: planned with the facts of their cause, sent once, proved or honestly uncertain."""

from shared.mail.letters import (
    Attachment,
    Letter,
    NotLive,
    State,
    Words,
    about,
    confirm_arrived,
    plan,
    send_again,
    unsettled,
    words_of,
)
from shared.mail.sending import Uncertain, send_due

__all__ = [
    "Attachment",
    "Letter",
    "NotLive",
    "State",
    "Uncertain",
    "Words",
    "about",
    "confirm_arrived",
    "plan",
    "send_again",
    "send_due",
    "unsettled",
    "words_of",
]
