"""What stands in the navigation band of every service: the same everywhere, shortened to what a role may
open.

A process serves one service only, so this list is the one place that knows the front pages of all of them.
"""

import re
from dataclasses import dataclass

from shared.actor import Actor
from shared.vocabulary import Role

_WORKING = frozenset({Role.OFFICER, Role.COORDINATOR, Role.MANAGER})
_READING = _WORKING | {Role.AUDITOR}
_FIGURES = frozenset({Role.OFFICER, Role.MANAGER, Role.ANALYST, Role.AUDITOR})
_WATCHING = frozenset({Role.MANAGER, Role.AUDITOR})
_KEEPING = frozenset({Role.ADMINISTRATOR})
_RUNNING = frozenset({Role.OPERATOR})
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


# Who may open a page is the page's own rule; a test compares it with the roles here.
ITEMS = (
    Item("Your day", "/intake/", _READING),
    Item("Contacts", "/intake/contacts", _READING),
    Item("Cases", "/casework/cases", _READING),
    Item("Notices", "/notifications/notices", _READING),
    Item("Search", "/search/people", _WORKING),
    Item("Matches", "/search/matches", _WORKING),
    Item("Settings", "/search/settings", _WORKING),
    Item("Figures", "/reporting/dashboard", _FIGURES),
    Item("Searches", "/search/searches", _WATCHING),
    Item("Access register", "/reporting/access", _WATCHING),
    Item("Administration", "/intake/administration", _KEEPING),
    Item("Register of settings", "/search/register", _KEEPING),
    Item("Recipients", "/notifications/recipients", _KEEPING),
    Item("Rules", "/intake/configuration", _KEEPING),
    *(Item(name, f"/{service}/held", _RUNNING) for service, name in TITLES.items()),
)


def title(service: str) -> str:
    """The name of a service as people read it."""
    return TITLES.get(service, service.capitalize())


def items(actor: Actor | None, path: str) -> list[dict[str, object]]:
    """The links for somebody on a page, the one they are under marked."""
    if actor is None:
        return []
    own = [item for item in ITEMS if actor.has(*item.roles)]
    # Each service keeps its own rules; in the band they are one place.
    at = re.sub(r"^/\w+/configuration", "/intake/configuration", path)
    inside = [item for item in own if at == item.href or at.startswith(f"{item.href}/")]
    marked = max(inside, key=lambda item: len(item.href), default=_nearest(own, at))
    return [
        {"text": item.label, "href": item.href, "current": path == item.href, "active": item is marked}
        for item in own
    ]


def _nearest(own: list[Item], at: str) -> Item | None:
    # Whatever else a service shows hangs on its first item; the account hangs on none.
    service = at.split("/")[1]
    hanging = (item for item in own if service != "intake" and item.href.startswith(f"/{service}/"))
    return next(hanging, None)


def configured(path: str) -> list[tuple[str, str, bool]]:
    """Where each service's rules are changed, as tabs: words, address, whether it is this one."""
    own = path.split("/")[1]
    return [(name, f"/{service}/configuration", service == own) for service, name in TITLES.items()]
