"""Who may do what: one table, from which actions refuse and pages draw their buttons."""

from collections.abc import Set
from enum import StrEnum

from shared.errors import NotAllowed
from shared.vocabulary import Role


class Act(StrEnum):
    """What people do in intake."""

    READ = "read"
    ENTER = "enter"
    TAKE = "take"
    DECIDE = "decide"
    ADVISE = "advise"
    RESTRICT = "restrict"
    UNRESTRICT = "unrestrict"
    CLOSE = "close"
    CORRECT = "correct"
    MERGE = "merge"
    ASK_ERASURE = "ask_erasure"
    ERASE = "erase"
    HOLD = "hold"
    ADMINISTER = "administer"


# A coordinator prepares and never decides; an auditor reads and never writes; the rest see no record at all.
_DECIDERS = frozenset({Role.OFFICER, Role.MANAGER})

WHO_MAY: dict[Act, frozenset[Role]] = {
    Act.READ: _DECIDERS | {Role.COORDINATOR, Role.AUDITOR},
    Act.ENTER: _DECIDERS | {Role.COORDINATOR},
    Act.TAKE: _DECIDERS,
    Act.DECIDE: _DECIDERS,
    Act.ADVISE: _DECIDERS,
    Act.RESTRICT: _DECIDERS,
    # Whoever closed a contact in their own interest must not open it by themselves.
    Act.UNRESTRICT: frozenset({Role.MANAGER}),
    Act.CLOSE: _DECIDERS,
    Act.CORRECT: _DECIDERS,
    Act.MERGE: _DECIDERS,
    Act.ASK_ERASURE: _DECIDERS,
    Act.ERASE: frozenset({Role.MANAGER}),
    Act.HOLD: frozenset({Role.MANAGER}),
    Act.ADMINISTER: frozenset({Role.ADMINISTRATOR}),
}


def may(roles: Set[Role], act: Act) -> bool:
    """Whether somebody with these roles may."""
    return not WHO_MAY[act].isdisjoint(roles)


def permit(roles: Set[Role], act: Act) -> None:
    """Raises NotAllowed unless they may."""
    if not may(roles, act):
        raise NotAllowed("Your role does not allow this. Ask an officer or manager of your authority.")
