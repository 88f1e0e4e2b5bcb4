"""The port: who vouches for people. A browser is sent there and comes back with an answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from services.intake.domain.identity import Ended, Proof


@dataclass(frozen=True, kw_only=True)
class Challenge:
    """Where the browser goes, and what it must keep so that the answer can be told from a foreign one."""

    address: str
    kept: dict[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, kw_only=True)
class Farewell:
    """The page at the provider where its own sign-in ends, and the fields that are sent there."""

    address: str
    fields: dict[str, str] = field(repr=False)


class Identity(Protocol):
    """Every method that asks the outside raises Unavailable when that is away."""

    def challenge(self, now: datetime, *, afresh: bool = False) -> Challenge:
        """Ask somebody who they are; `afresh`: whatever they proved before."""

    def verify(self, kept: Mapping[str, str], answer: Mapping[str, str], now: datetime) -> Proof:
        """The proof in an answer. Raises NotAllowed for one that is not genuine, or of somebody who has no
        business here.
        """

    def again(self, refresh: str, now: datetime) -> Proof:
        """What is true of somebody by now. Raises Refused when the provider's own sign-in has ended,
        NotAllowed when they have no business here any more.
        """

    def ended(self, notice: str, now: datetime) -> Ended:
        """What a sign-out notice of the provider says. Raises NotAllowed for one that is not genuine."""

    def farewell(self, hint: str, now: datetime) -> Farewell | None:
        """Where somebody ends the provider's own sign-in; None when it has no such page or is away."""

    def check(self) -> str:
        """That it would answer now, in words. Raises Unavailable."""
