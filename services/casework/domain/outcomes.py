"""The five outcomes, what they mean, and what the evidence says about choosing one."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from shared.errors import Invalid
from shared.vocabulary import Outcome


@dataclass(frozen=True)
class Definition:
    """One outcome as a page explains it."""

    outcome: Outcome
    label: str
    definition: str


Own = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Scheme:
    """The set of outcomes of a nation from a date on, in the words of an authority."""

    id: str
    effective_from: date
    definitions: tuple[Definition, ...]

    def label(self, outcome: Outcome) -> str:
        """Its name on pages."""
        return next(one.label for one in self.definitions if one.outcome is outcome)


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """The four questions.

    `deceit` is only asked when it is disproved; `basis` is whether any evidence or proper ground supports
    the allegation at all.
    """

    proved: bool
    disproved: bool
    deceit: bool | None = None
    basis: bool = True


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What an officer decides about one allegation. `because` answers the challenge when there is one."""

    outcome: Outcome
    evidence: Evidence
    reasons: str
    because: str = ""


@cache
def schemes() -> tuple[Scheme, ...]:
    """As shipped, newest first."""
    text = files("services.casework.domain").joinpath("outcomes.toml").read_text("utf-8")
    found = (_scheme(one) for one in tomllib.loads(text)["scheme"])
    return tuple(sorted(found, key=lambda one: one.effective_from, reverse=True))


def _scheme(row: dict[str, Any]) -> Scheme:
    known = (Definition(Outcome(one["code"]), one["label"], one["definition"]) for one in row["outcome"])
    return Scheme(row["id"], row["effective_from"], tuple(known))


def scheme_on(day: date, own: Own | None = None) -> Scheme:
    """The one in force, the oldest for days before any; `own` is what the authority words differently."""
    shipped = next((one for one in schemes() if one.effective_from <= day), schemes()[-1])
    return replace(shipped, definitions=tuple(_worded(one, own or {}) for one in shipped.definitions))


def _worded(shipped: Definition, own: Own) -> Definition:
    said = own.get(shipped.outcome)
    return replace(shipped, label=said["label"], definition=said["definition"]) if said else shipped


def with_words(own: Own | None, outcome: str, label: str, definition: str) -> dict[str, dict[str, str]]:
    """An authority's words with those of one outcome. Raises Invalid when another outcome has that name."""
    words = {code: dict(said) for code, said in (own or {}).items()}
    words[outcome] = {"label": label, "definition": definition}
    labels = [one.label.casefold() for one in scheme_on(date.max, words).definitions]
    if len(set(labels)) < len(labels):
        raise Invalid("Two outcomes have one name.", {"label": ["Another outcome is called that already."]})
    return words


def derive(evidence: Evidence) -> Outcome:
    """The outcome the evidence points to. Raises Invalid when the answers contradict each other."""
    _must_agree(evidence)
    if evidence.proved:
        return Outcome.SUBSTANTIATED
    # Without a finding of deceit it is false, not malicious: a misunderstanding is no lie.
    if evidence.disproved:
        return Outcome.MALICIOUS if evidence.deceit else Outcome.FALSE
    return Outcome.UNSUBSTANTIATED if evidence.basis else Outcome.UNFOUNDED


def _must_agree(evidence: Evidence) -> None:
    if evidence.proved and evidence.disproved:
        problem = "The evidence cannot both prove and disprove the same allegation."
        raise Invalid(problem, {"disproved": ["Say yes to one of the two, or no to both."]})
    if evidence.proved and not evidence.basis:
        problem = "An allegation that is proved has evidence behind it."
        raise Invalid(problem, {"basis": ["Say yes, or say that it is not proved."]})
    if evidence.deceit and not evidence.disproved:
        problem = "Deceit can only be found when the allegation is disproved."
        raise Invalid(problem, {"deceit": ["Leave this out, or say that the evidence disproves it."]})


_WHY = {
    Outcome.SUBSTANTIATED: "the evidence proves it",
    Outcome.MALICIOUS: "the evidence disproves it and somebody meant to deceive",
    Outcome.FALSE: "the evidence disproves it and no deceit is shown",
    Outcome.UNSUBSTANTIATED: "the evidence neither proves nor disproves it",
    Outcome.UNFOUNDED: "nothing supports it",
}


def challenge(choice: Outcome, evidence: Evidence, scheme: Scheme) -> str | None:
    """The question to the officer when the evidence points to another choice; None when they agree."""
    expected = derive(evidence)
    if expected is choice:
        return None
    return (
        f"You said that {_WHY[expected]}."
        f" That points to “{scheme.label(expected)}”, not to “{scheme.label(choice)}”."
        " Choose again, or say why this outcome is right."
    )


def settle(verdict: Verdict, scheme: Scheme) -> Verdict:
    """The verdict when it may stand. Raises Invalid without reasons or with a challenge left unanswered."""
    if not verdict.reasons.strip():
        raise Invalid(
            "Give the reasons for the outcome.", {"reasons": ["Enter the reasons, in your own words."]}
        )
    # The evidence challenges, the officer decides: an answered challenge always stands.
    question = challenge(verdict.outcome, verdict.evidence, scheme)
    if question and not verdict.because.strip():
        raise Invalid(question, {"because": [question]})
    return verdict


def prompts(outcome: Outcome) -> tuple[str, ...]:
    """What to think of once that outcome is recorded."""
    if outcome is Outcome.SUBSTANTIATED:
        return ("Ask the employer whether they must refer the adult to the Disclosure and Barring Service.",)
    help_needed = (
        "Consider whether the child, or whoever made the allegation, needs help or was harmed by others."
    )
    police = "Consider with the police whether making the allegation was itself an offence."
    return (help_needed, police) if outcome is Outcome.MALICIOUS else (help_needed,)
