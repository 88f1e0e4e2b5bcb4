"""The shared meaning: every fact that any service publishes, in one register."""

from shared.contracts import casework, intake, notifications, platform, search
from shared.contracts.message import EVENTS, Envelope, Event, Origin, Undecodable, decode, encode

__all__ = ["EVENTS", "Envelope", "Event", "Origin", "Undecodable", "casework", "decode", "encode", "intake",
           "notifications", "platform", "search"]
