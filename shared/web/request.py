"""What a view asks about its request. Each service's pages and API open their transactions here."""

from contextlib import AbstractContextManager
from typing import Any

from shared.actor import Actor, Scope
from shared.errors import NotAllowed
from shared.replicas import Authority
from shared.store.transaction import Transaction
from shared.web.host import host, visit
from shared.web.identity import Identity


def transaction(authority: str | None = None) -> AbstractContextManager[Transaction[Any]]:
    """A transaction in the visitor's scope. A public view without an authority in its path names one."""
    return host().database.transaction(scope(authority))


def reading(authority: str | None = None) -> AbstractContextManager[Transaction[Any]]:
    """The same without a write lock; it can publish nothing, so a page with personal data takes
    `transaction()`."""
    return host().database.reading(scope(authority))


def scope(authority: str | None = None) -> Scope:
    """The authority, actor and thread of this request. Raises NotAllowed for another authority than the
    visitor's."""
    here = visit()
    own = here.authority.code if here.authority else None
    if authority is not None and own is not None and authority != own:
        raise NotAllowed("That belongs to another authority.")
    if own is None and (authority is None or not here.public):
        raise RuntimeError("This view binds no authority: name one, or give it a tenant.")
    return Scope(own or str(authority), actor(), here.correlation_id)


def actor() -> Actor:
    """Who is here; `referrer:anonymous` on public pages."""
    found = visit().actor
    if found is None:
        raise RuntimeError("Nobody was let in yet.")
    return found


def act_as(someone: Actor) -> None:
    """On a public page: name the visitor (`referrer:<id>`) once a link and code showed who they are."""
    here = visit()
    if not here.public:
        raise RuntimeError("A signed-in person acts as themselves.")
    here.actor = someone


def leave() -> None:
    """The session has ended: the page that says so is nobody's."""
    visit().identity = None


def authority() -> Authority:
    """The authority bound to this request, as the replica knows it."""
    found = visit().authority
    if found is None:
        raise RuntimeError("This view binds no authority.")
    return found


def identity() -> Identity:
    """The signed-in person's session. Raises RuntimeError on public pages."""
    found = visit().identity
    if found is None:
        raise RuntimeError("Nobody is signed in.")
    return found


def correlation_id() -> str:
    """The thread that ties this click to its last consequence."""
    return visit().correlation_id
