"""The duties that follow from a snapshot of a case: a pure function of facts, rules and the day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

from services.notifications.domain.facts import AdultFacts, CaseFacts
from services.notifications.domain.rule import Rule, Trigger
from services.notifications.domain.verdict import Verdict, judge

# Fixed for ever: another value would raise every duty a second time.
_NOTICES = UUID("6f6b2f0e-6d55-5f0a-9a53-0c1f4f0d7a11")


@dataclass(frozen=True)
class Duty:
    """One rule that fires for one adult. `because` are the sentences that made it fire."""

    notice_id: str
    rule: Rule
    adult_id: str
    recipient: str
    because: tuple[str, ...]


def notice_id_of(subject_id: str, adult_id: str, rule_id: str) -> str:
    """The same for ever for a case (or contact), an adult and a rule: a duty is raised once however often
    it is found.
    """
    return str(uuid5(_NOTICES, f"{subject_id}|{adult_id}|{rule_id}"))


def duties(facts: CaseFacts, rules: Iterable[Rule], today: date) -> tuple[Duty, ...]:
    """Every duty of the rules in force today, in the order of rules and adults."""
    return tuple(
        _duty(rule, facts, adult, verdict)
        for rule in rules
        if rule.trigger is Trigger.FACTS and rule.in_force(today)
        for adult in facts.adults
        if (verdict := judge(rule, facts, adult)).fires
    )


def verdicts(facts: CaseFacts, rules: Iterable[Rule], today: date) -> tuple[tuple[Rule, str, Verdict], ...]:
    """What every rule in force says about every adult, the ones that do not fire included: (rule, adult
    id, verdict).
    """
    return tuple(
        (rule, adult.adult_id, judge(rule, facts, adult))
        for rule in rules
        if rule.trigger is Trigger.FACTS and rule.in_force(today)
        for adult in facts.adults
    )


def still_fires(rule: Rule, facts: CaseFacts, adult_id: str) -> bool:
    """Whether a duty that was raised stands. A rule that has since lapsed by its dates does not take it
    back; one that an authority switched off does.
    """
    adults = (one for one in facts.adults if one.adult_id == adult_id)
    return rule.on and any(judge(rule, facts, one).fires for one in adults)


def _duty(rule: Rule, facts: CaseFacts, adult: AdultFacts, verdict: Verdict) -> Duty:
    return Duty(
        notice_id_of(facts.case_id, adult.adult_id, rule.id),
        rule,
        adult.adult_id,
        rule.recipient_for(adult.sectors),
        tuple(one.words for one in verdict.findings),
    )
