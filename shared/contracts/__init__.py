"""The shared meaning: every fact that any service publishes, in one register."""

from functools import cache

from shared.contracts import casework, intake, notifications, platform, search
from shared.contracts.message import EVENTS, Envelope, Event, Origin, Undecodable, decode, encode

PUBLISHERS = ("intake", "casework", "notifications", "search", "reporting")

__all__ = [
    "EVENTS",
    "PUBLISHERS",
    "Envelope",
    "Event",
    "Origin",
    "Undecodable",
    "casework",
    "decode",
    "encode",
    "intake",
    "notifications",
    "platform",
    "search",
    "topics_owned_by",
]


@cache
def all_topics() -> frozenset[str]:
    """Every topic of the bus, computed from the register: one with `{service}` once per publisher."""
    return frozenset(kind.topic.replace("{service}", name) for kind in EVENTS.values() for name in PUBLISHERS)


@cache
def topics_owned_by(publisher: str) -> frozenset[str]:
    """Those that only this publisher may write."""
    return frozenset(topic for topic in all_topics() if topic.startswith(f"heed.{publisher}."))
