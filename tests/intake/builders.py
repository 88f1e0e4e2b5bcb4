"""Reports and people for intake's tests: valid by default, keywords to differ."""

from typing import Any

from services.intake.domain.report import Report
from services.intake.domain.session import User
from shared.clock import new_id
from shared.contracts.people import Allegation, Child, Name, Person, Referrer, Setting, Work
from shared.vocabulary import Role

ADULT, CHILD, EVENT = "0190-adult", "0190-child", "0190-event"


def a_report(**differs: Any) -> Report:
    """A head teacher about a teaching assistant."""
    given: dict[str, Any] = {
        "referrer": Referrer(name="Hester Quill", email="head@oakfield.example", agency="EDU_SCHOOL"),
        "adults": (an_adult(),),
        "children": (Child(id=CHILD, name="Robin Ash"),),
        "allegations": (an_allegation(),),
    }
    return Report(**{**given, **differs})


def an_adult(**differs: Any) -> Person:
    """A teaching assistant of an invented school."""
    work = Work(
        setting=Setting(name="Oakfield School"), role="TEACHING_ASSISTANT", sector="EDUCATION_ACADEMY"
    )
    given: dict[str, Any] = {"id": ADULT, "names": (Name(given="Alma", surname="Finch"),), "work": (work,)}
    return Person(**{**given, **differs})


def an_allegation(**differs: Any) -> Allegation:
    """A push."""
    given: dict[str, Any] = {"id": EVENT, "adult_id": ADULT, "child_ids": (CHILD,), "category": "PHYSICAL"}
    return Allegation(**{"narrative": "She pushed a boy and he fell.", **given, **differs})


def a_user(*roles: Role, **differs: Any) -> User:
    """An officer unless told otherwise."""
    given: dict[str, Any] = {"id": new_id(), "display_name": "Ida Brook", "email": "ida.brook@dorset.example"}
    return User(roles=frozenset(roles or (Role.OFFICER,)), **{**given, **differs})
