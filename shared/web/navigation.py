"""What stands in the navigation band of every service: the same everywhere, shortened to what a role may
open.

A process serves one service only, so this list is the one place that knows the front pages of all of them.
"""

from dataclasses import dataclass

from shared.actor import Actor
from shared.vocabulary import Role

_WORKING = frozenset({Role.OFFICER, Role.COORDINATOR, Role.MANAGER})
TITLES = {
    "intake": "Intake",
    "casework": "Casework",
    "notifications": "Notifications",
    "search": "Search",
    "reporting": "Reporting",
}


@dataclass(frozen=True)
class Item:
    """A link in the band. `href` is a path below the service it belongs to."""

    label: str
    href: str
    roles: frozenset[Role]

    @property
    def service(self) -> str:
        """The service it leads to."""
        return self.href.split("/")[1]


ITEMS = (
    Item("Contacts", "/intake/contacts", _WORKING),
    Item("Cases", "/casework/cases", _WORKING | {Role.AUDITOR}),
    Item("Notices", "/notifications/notices", _WORKING),
    Item("Search", "/search/people", frozenset({Role.OFFICER, Role.MANAGER})),
    Item(
        "Figures", "/reporting/dashboard", frozenset({Role.OFFICER, Role.MANAGER, Role.ANALYST, Role.AUDITOR})
    ),
    Item("Access register", "/reporting/access", frozenset({Role.MANAGER, Role.AUDITOR})),
    Item("Operation", "/intake/held", frozenset({Role.OPERATOR})),
)


def title(service: str) -> str:
    """The name of a service as people read it."""
    return TITLES.get(service, service.capitalize())


def items(actor: Actor | None, path: str) -> list[dict[str, object]]:
    """The links for somebody on a page, the one they are under marked."""
    if actor is None:
        return []
    own = [item for item in ITEMS if actor.has(*item.roles)]
    inside = [item for item in own if path == item.href or path.startswith(item.href + "/")]
    marked = max(inside, key=lambda item: len(item.href), default=None)
    return [
        {"text": item.label, "href": item.href, "current": path == item.href, "active": item is marked}
        for item in own
    ]
