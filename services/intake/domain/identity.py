"""What an identity provider says about somebody, and how its words become an authority and roles."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.errors import NotAllowed
from shared.vocabulary import Role

# The claim name that says: roles are given in Heed, the provider only says who somebody is.
NONE = "none"
_AGAIN = "Ask the people who run your organisation's accounts."


@dataclass(frozen=True, kw_only=True)
class Claims:
    """A person in the provider's words. `roles` None: they are those of the account in Heed."""

    display_name: str
    email: str
    email_verified: bool
    roles: frozenset[Role] | None


@dataclass(frozen=True, kw_only=True)
class Proof:
    """That somebody proved who they are. `subject` is the provider's own id of them, never a name.

    `authority` empty: that of the account. `claims` None: the account says everything (demonstration). `hint`
    and `refresh` are the provider's tokens for signing out and for asking again.
    """

    subject: str
    proved_at: datetime
    authority: str = ""
    claims: Claims | None = None
    session: str = field(default="", repr=False)
    hint: str = field(default="", repr=False)
    refresh: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class Ended:
    """The provider says that a sign-in of this subject, or only that session of it, has ended."""

    subject: str
    session: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Reading:
    """Which claims name authority and roles, and what their values mean here; an empty mapping takes them as
    they are.
    """

    authority_claim: str
    roles_claim: str
    authorities: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)

    @property
    def wanted(self) -> tuple[str, ...]:
        """The claims that must be there."""
        return () if self.roles_claim == NONE else (self.authority_claim, self.roles_claim)

    def authority_of(self, said: Mapping[str, Any]) -> str:
        """The one authority that the claims name. Raises NotAllowed."""
        if self.roles_claim == NONE:
            return ""
        found = {self._meaning(self.authorities, one) for one in _values(said, self.authority_claim)} - {""}
        if len(found) != 1:
            how_many = "more than one authority" if found else "no authority"
            raise NotAllowed(f"Your organisation's account names {how_many} of this region. {_AGAIN}")
        return found.pop()

    def claims_of(self, said: Mapping[str, Any]) -> Claims:
        """Name, address and roles. Raises NotAllowed when no role of Heed is among them."""
        roles = None if self.roles_claim == NONE else self._roles(said)
        email = str(said.get("email") or "").strip()
        return Claims(
            display_name=str(said.get("name") or said.get("preferred_username") or email).strip()[:120],
            email=email,
            # Only a plain yes counts: an address that anybody may type in must not open an account.
            email_verified=said.get("email_verified") in (True, "true"),
            roles=roles,
        )

    def _roles(self, said: Mapping[str, Any]) -> frozenset[Role]:
        known = {role.value: role for role in Role}
        words = (self._meaning(self.roles, one) for one in _values(said, self.roles_claim))
        # The claim may list the groups of every other system too; what is no role of Heed is not ours.
        found = frozenset(known[word] for word in words if word in known)
        if not found:
            raise NotAllowed(f"Your organisation's account has no role in Heed. {_AGAIN}")
        return found

    def _meaning(self, mapping: Mapping[str, str], value: str) -> str:
        return mapping.get(value, "") if mapping else value


def _values(said: Mapping[str, Any], claim: str) -> list[str]:
    found = claim_of(said, claim)
    return [str(one) for one in found] if isinstance(found, list) else [str(found)] if found else []


def claim_of(said: Mapping[str, Any], claim: str) -> Any:
    """A claim by its name or, where there is none of that name, by its path (`realm_access.roles`)."""
    if claim in said:
        return said[claim]
    found: Any = said
    for part in claim.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found
