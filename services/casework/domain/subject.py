"""An adult of concern on a case: who they are, what notification rules ask about them, who supports them."""

from dataclasses import dataclass, replace
from datetime import date

from shared.contracts.people import Person
from shared.errors import Invalid


@dataclass(frozen=True, kw_only=True)
class Subject:
    """One adult on one case. `removed`, `harm_test` and `regulated_activity` are None while nobody has
    answered.

    `removed` also covers somebody who would or might have been removed had they not left first: leaving
    never ends the question (Safeguarding Vulnerable Groups Act 2006 s35).
    """

    id: str
    case_id: str
    person: Person
    regulated_activity: bool | None = None
    removed: bool | None = None
    removed_on: date | None = None
    harm_test: bool | None = None
    told_on: date | None = None
    support: str = ""
    no_support_reason: str = ""

    @property
    def name(self) -> str:
        """The name to show, legal name first."""
        # Known-as names are for searching; a case goes by the legal one when there is one.
        for name in sorted(self.person.names, key=lambda one: one.kind != "legal"):
            shown = name.full or f"{name.given} {name.surname}".strip()
            if shown:
                return shown
        return "Adult not named"

    @property
    def shown(self) -> str:
        """The name with where they work, for the head of a page."""
        places = dict.fromkeys(work.setting.name for work in self.person.work if work.setting.name)
        return f"{self.name} ({', '.join(places)})" if places else self.name

    @property
    def roles(self) -> tuple[str, ...]:
        """Canonical codes of what they do, each once."""
        return tuple(dict.fromkeys(work.role for work in self.person.work))

    @property
    def sectors(self) -> tuple[str, ...]:
        """Canonical codes of where they do it, each once."""
        return tuple(dict.fromkeys(work.sector for work in self.person.work))

    @property
    def is_supported(self) -> bool:
        """Whether a support contact is named, or why there is none."""
        return bool(self.support or self.no_support_reason)


_DETAILS = {
    "names": "name",
    "born": "date of birth",
    "addresses": "address",
    "phones": "telephone number",
    "emails": "e-mail address",
    "identifiers": "registration",
    "work": "work",
}


def differences(before: Person, after: Person) -> tuple[str, ...]:
    """Which details of an adult are other than they were, in words."""
    return tuple(words for name, words in _DETAILS.items() if getattr(before, name) != getattr(after, name))


def from_person(case_id: str, person: Person) -> Subject:
    """The adult as the contact described them; regulated activity is known when any of their work says so."""
    # One job in regulated activity is enough; a no counts only when every job has answered.
    answers = {work.regulated_activity for work in person.work}
    regulated = True if True in answers else None if None in answers or not answers else False
    return Subject(id=person.id, case_id=case_id, person=person, regulated_activity=regulated)


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What an officer learned about one adult; None means still unknown."""

    regulated_activity: bool | None = None
    removed: bool | None = None
    removed_on: date | None = None
    harm_test: bool | None = None


def answer(subject: Subject, answers: Answers, today: date) -> Subject:
    """The adult with these answers. Raises Invalid when a date does not fit them."""
    if answers.removed_on and not answers.removed:
        raise Invalid(
            "A date of removal needs the answer yes.",
            {"removed_on": ["Say yes to removal, or leave the date empty."]},
        )
    if answers.removed_on and answers.removed_on > today:
        raise Invalid(
            "The date of removal is in the future.", {"removed_on": ["Enter today or a date in the past."]}
        )
    return replace(
        subject,
        regulated_activity=answers.regulated_activity,
        removed=answers.removed,
        removed_on=answers.removed_on,
        harm_test=answers.harm_test,
    )
