"""The demonstration's accounts: choosing one is the proof."""

# ruff: noqa: ARG002  the port asks for more than choosing needs

from collections.abc import Mapping
from datetime import datetime

from services.intake.domain.identity import Ended, Proof
from services.intake.gateways.identity import Challenge, Farewell
from shared.errors import NotAllowed, Refused


class DemoAccounts:
    """Vouches for whoever presses a button; `Settings.demo` keeps it out of every real region."""

    def challenge(self, now: datetime, *, afresh: bool = False) -> Challenge:
        """The page with the list, or with the one button."""
        return Challenge(address="/intake/session/step-up" if afresh else "/intake/sign-in")

    def verify(self, kept: Mapping[str, str], answer: Mapping[str, str], now: datetime) -> Proof:
        """The account that was chosen."""
        if not answer.get("user_id") or not answer.get("authority"):
            raise NotAllowed("Choose one of the accounts listed.")
        return Proof(subject=answer["user_id"], authority=answer["authority"], proved_at=now)

    def again(self, refresh: str, now: datetime) -> Proof:
        """Nobody else knows more of them than the account."""
        raise Refused("Sign in again.")

    def ended(self, notice: str, now: datetime) -> Ended:
        """There is nobody who could say so."""
        raise NotAllowed("There is no identity provider here.")

    def farewell(self, hint: str, now: datetime) -> Farewell | None:
        """There is no other sign-in."""
        return None

    def check(self) -> str:
        """Always there."""
        return "invented accounts, anybody may choose one"
