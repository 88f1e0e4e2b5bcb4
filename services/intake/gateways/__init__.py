"""Intake's outside: whoever vouches for people."""

from services.intake.domain.identity import Reading
from services.intake.gateways.demo import DemoAccounts
from services.intake.gateways.identity import Identity
from services.intake.gateways.oidc import OpenId
from shared.settings import Settings


def open_identity(settings: Settings) -> Identity:
    """The issuer that the settings name, else the demonstration's accounts."""
    if not settings.oidc_issuer:
        return DemoAccounts()
    reading = Reading(
        authority_claim=settings.oidc_authority_claim,
        roles_claim=settings.oidc_roles_claim,
        authorities=settings.oidc_authorities,
        roles=settings.oidc_roles,
    )
    return OpenId(settings, reading)
