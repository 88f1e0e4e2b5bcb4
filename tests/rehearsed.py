"""A platform with a short invented history, played by the services themselves as in the demo."""

from shared import replicas
from shared.rehearsal import Part
from shared.vocabulary import Role
from tests.platform import Platform


def rehearse(platform: Platform, contacts: int) -> None:
    """Play until nobody has anything left to do; every consequence is brought about."""
    while sum(_play(platform, name, contacts) for name in platform.region.runtimes):
        platform.settle()


def _play(platform: Platform, name: str, contacts: int) -> int:
    runtime = platform[name]
    if runtime.service.rehearse is None:
        return 0
    part = Part(runtime, contacts)
    with part.open:
        return runtime.service.rehearse(part)


def account(platform: Platform, role: Role, authority: str) -> str:
    """The id of one of the demo's accounts."""
    runtime = platform["intake"]
    with runtime.database.reading(runtime.system(authority)) as tx:
        return next(user.id for user in replicas.colleagues(tx) if role in user.roles)
