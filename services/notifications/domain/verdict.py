"""What a rule says about an adult: it fires, it does not, or a fact is missing. Never a guess."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from services.notifications.domain.facts import AdultFacts, CaseFacts
from services.notifications.domain.rule import Limits, Rule
from shared.code_words import code_words


@dataclass(frozen=True)
class Finding:
    """One limb of a rule; `holds` is None while nobody has said. `words` tells a person which."""

    holds: bool | None
    words: str


@dataclass(frozen=True)
class Verdict:
    """A rule about one adult. `fires` is None while a limb is open and none has failed."""

    fires: bool | None
    findings: tuple[Finding, ...]


Predicate = Callable[[CaseFacts, AdultFacts, Limits], Verdict]


def judge(rule: Rule, case: CaseFacts, adult: AdultFacts) -> Verdict:
    """Ask one rule about one adult."""
    return PREDICATES[rule.when](case, adult, rule.limits)


def _all_of(*findings: Finding) -> Verdict:
    # One failed limb decides, whatever is still unknown; one unknown limb keeps the rest from deciding.
    held = [one.holds for one in findings]
    fires = False if False in held else None if None in held else True
    return Verdict(fires, findings)


def _either(words: str, *findings: Finding) -> Finding:
    held = [one.holds for one in findings]
    holds = True if True in held else None if None in held else False
    said = [one.words for one in findings if one.holds is holds]
    return Finding(holds, " ".join(said) if said else words)


def _said(value: bool | None, yes: str, no: str, unknown: str) -> Finding:
    return Finding(value, {True: yes, False: no, None: unknown}[value])


# "Would or might have been": leaving early is inside the limb, so nothing asks how somebody left.
def _removed(adult: AdultFacts) -> Finding:
    return _said(
        adult.removed,
        "The adult was removed from regulated activity, or would or might have been had they not left.",
        "The adult was not removed from regulated activity, and would not have been.",
        "It is not recorded whether the adult was removed, or would or might have been had they not left.",
    )


def _harm_test(adult: AdultFacts) -> Finding:
    return _said(
        adult.harm_test,
        "The harm test, relevant conduct or a relevant offence is thought to be met.",
        "The harm test, relevant conduct and relevant offences are thought not to be met.",
        "It is not recorded yet whether the harm test, relevant conduct or a relevant offence is met.",
    )


def _works_there(adult: AdultFacts, limits: Limits) -> Finding:
    hit = [code_words("sector", one) for one in sorted(limits.sectors.intersection(adult.sectors))]
    hit = hit or [code_words("role", one) for one in sorted(limits.roles.intersection(adult.roles))]
    if hit:
        return Finding(True, f"The adult's work is one that this rule covers: {', '.join(hit)}.")
    # One unknown workplace among several may be the one that the rule covers.
    if not adult.sectors or "UNKNOWN" in adult.sectors:
        return Finding(None, "It is not recorded yet in which sector the adult works.")
    return Finding(False, "The adult does not work in a sector that this rule covers.")


def _supplied(adult: AdultFacts, limits: Limits) -> tuple[Finding, ...]:
    return (_works_there(adult, limits),) if limits.sectors or limits.roles else ()


def _abuse(case: CaseFacts, adult: AdultFacts, limits: Limits) -> Finding:
    categories = {one.category for one in case.of(adult)}
    hit = [code_words("category", one) for one in sorted(categories & limits.abuse)]
    if hit:
        return Finding(True, f"The allegation is one of abuse: {', '.join(hit)}.")
    # "Other" may well be abuse: it asks for a category instead of answering no.
    if not categories or categories & limits.unsure:
        return Finding(None, "The allegation has no category yet that says whether it is one of abuse.")
    return Finding(False, "No allegation against the adult is one of abuse.")


def _serious(case: CaseFacts) -> Finding:
    return _said(
        case.serious_harm,
        "Serious harm is alleged.",
        "No serious harm is alleged.",
        "It is not recorded yet whether serious harm is alleged.",
    )


def _police(case: CaseFacts) -> Finding:
    return _said(
        case.police_involved,
        "The police are involved.",
        "The police are not involved.",
        "It is not recorded yet whether the police are involved.",
    )


def removed_and_harm_test(case: CaseFacts, adult: AdultFacts, limits: Limits) -> Verdict:  # noqa: ARG001
    """Both limbs of SVGA 2006 s35; closing the case or leaving the job answers neither."""
    return _all_of(*_supplied(adult, limits), _removed(adult), _harm_test(adult))


def serious_harm_or_abuse(case: CaseFacts, adult: AdultFacts, limits: Limits) -> Verdict:
    """A covered provider and an allegation of serious harm or abuse (EYFS 3.8), wherever it happened."""
    harm = _either("Neither serious harm nor abuse is alleged.", _serious(case), _abuse(case, adult, limits))
    return _all_of(_works_there(adult, limits), harm)


def abuse_or_police(case: CaseFacts, adult: AdultFacts, limits: Limits) -> Verdict:
    """A covered provider and abuse, an allegation of it, serious harm or a police matter (reg 40(4), reg
    18(2)(e), (f)).
    """
    event = _either(
        "Neither abuse nor a police matter is known.",
        _serious(case),
        _abuse(case, adult, limits),
        _police(case),
    )
    return _all_of(_works_there(adult, limits), event)


def works_in_regulated_setting(case: CaseFacts, adult: AdultFacts, limits: Limits) -> Verdict:  # noqa: ARG001
    """A setting that the inspectorate regulates is part of the case."""
    return _all_of(_works_there(adult, limits))


def closed(case: CaseFacts, adult: AdultFacts, limits: Limits) -> Verdict:  # noqa: ARG001
    """The case has been closed."""
    return _all_of(_said(case.closed_at is not None, "The concern is closed.", "The concern is open.", ""))


def outstanding(case: CaseFacts, adult: AdultFacts, limits: Limits) -> Verdict:  # noqa: ARG001
    """A look-back at a setting left something undone; no case says so."""
    return _all_of(Finding(False, "Only a signed look-back at a setting raises this notice."))


PREDICATES: Mapping[str, Predicate] = {
    one.__name__: one
    for one in (
        removed_and_harm_test,
        serious_harm_or_abuse,
        abuse_or_police,
        works_in_regulated_setting,
        closed,
        outstanding,
    )
}
