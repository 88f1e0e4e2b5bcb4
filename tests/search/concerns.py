"""Concerns about many adults at many settings over years, as the bus would bring them."""

from datetime import datetime, timedelta

from shared.contracts.people import Identifier, Person, Setting, Work
from shared.contracts.search import PatternFound
from tests.search.adults import MONDAY, contact, name
from tests.search.desk import Desk
from tests.search.test_register import load

HEAD = "Name,Kind,Town,Postcode,URN,Ofsted,Provider,Head count,Opened,Closed,Predecessor"


def home(number: int) -> Setting:
    """An invented home."""
    return Setting(
        name=f"{_TREES[number % len(_TREES)]} House {number}",
        kind="CHILDRENS_HOME_PRIVATE",
        town="Poole",
        postcode=f"BH{number + 1} 9ZZ",
        identifiers=(Identifier(scheme="OFSTED", value=f"SC99{number:04}"),),
    )


_TREES = ("Larch", "Rowan", "Hazel", "Alder", "Birch")


def homes(desk: Desk, count: int, *, heads: int = 8, provider: tuple[int, str] = (0, "")) -> None:
    """A register of homes; the first few belong to a body."""
    rows = [
        f"{home(one).name},Children's home,Poole,{home(one).postcode},,{home(one).identifiers[0].value},"
        f"{provider[1] if one < provider[0] else ''},{heads},2010-01-01,,"
        for one in range(count)
    ]
    load(desk, *rows, head=HEAD)


def worker(number: int, at: Setting | None = None) -> Person:
    """An adult unlike all others."""
    word = "".join(chr(ord("a") + int(digit)) for digit in f"{number:04}")
    work = (Work(setting=at, role="RESIDENTIAL_CARE_WORKER"),) if at else ()
    return Person(id=f"adult-{number}", names=(name(f"Q{word}", f"Zeb{word[::-1]}ley"),), work=work)


def hear_at(desk: Desk, number: int, at: Setting, when: datetime, who: int | None = None) -> None:
    """A concern about an adult there, on that day; the clock moves with it."""
    desk.clock.set(max(when, desk.clock()))
    person = worker(number if who is None else who, at)
    desk.hear(contact(f"c-{number}", person, at=when))


def found(desk: Desk, kind: str = "") -> list[PatternFound]:
    """The patterns of a kind that were told of, in order."""
    return [one for one in desk.published(PatternFound) if kind in ("", one.kind)]


def signs(one: PatternFound) -> list[str]:
    """The signs of a pattern."""
    return [ground.sign for ground in one.grounds]


def day(number: float) -> datetime:
    """So many days after the first Monday."""
    return MONDAY + timedelta(days=number)
