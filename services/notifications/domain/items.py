"""Where each item of a content list comes from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from services.notifications.domain.dates import in_full
from services.notifications.domain.facts import AdultFacts, CaseKnown, ContactKnown
from services.notifications.domain.words import DECISIONS
from shared.clock import LONDON
from shared.code_words import code_words
from shared.contracts.people import Allegation, Child, Name, Person, Work
from shared.partial_dates import said_day


@dataclass(frozen=True)
class Material:
    """Everything a letter about one adult may draw on."""

    adult_id: str
    case: CaseKnown | None = None
    contact: ContactKnown | None = None

    @property
    def adult(self) -> Person | None:
        """The adult as the case was opened."""
        return next((one for one in self.case.adults if one.id == self.adult_id), None) if self.case else None

    @property
    def facts(self) -> AdultFacts | None:
        """The adult in the last snapshot."""
        adults = self.case.facts.adults if self.case and self.case.facts else ()
        return next((one for one in adults if one.adult_id == self.adult_id), None)

    @property
    def allegations(self) -> tuple[Allegation, ...]:
        """What is said about the adult."""
        return (
            tuple(one for one in self.case.allegations if one.adult_id == self.adult_id) if self.case else ()
        )


def full_name(name: Name) -> str:
    """A name as it is written."""
    parts = " ".join(part for part in (name.given, name.middle, name.surname) if part)
    return name.full or parts


def _names(material: Material, *kinds: str) -> str:
    names = material.adult.names if material.adult else ()
    return "; ".join(full_name(one) for one in names if one.kind in kinds)


def _adult_name(material: Material) -> str:
    names = material.adult.names if material.adult else ()
    return _names(material, "legal") or (full_name(names[0]) if names else "")


def _born(material: Material) -> str:
    adult = material.adult
    if adult is None or not adult.born:
        return ""
    born = said_day(adult.born)
    return f"{born}, worked out from an age" if adult.born_from_age else born


def _address(material: Material) -> str:
    addresses = material.adult.addresses if material.adult else ()
    lines = [", ".join(part for part in (one.line1, one.town, one.postcode) if part) for one in addresses]
    return "; ".join(line for line in lines if line)


def _contact_details(material: Material) -> str:
    return "; ".join((*material.adult.phones, *material.adult.emails)) if material.adult else ""


def _each_job(find: Callable[[Work], str]) -> Callable[[Material], str]:
    def found(material: Material) -> str:
        work = material.adult.work if material.adult else ()
        return "; ".join(dict.fromkeys(text for one in work if (text := find(one))))

    return found


def _job(work: Work) -> str:
    return work.job_title or ("" if work.role == "OTHER" else code_words("role", work.role))


def _setting(work: Work) -> str:
    return ", ".join(part for part in (work.setting.name, work.setting.town, work.setting.postcode) if part)


def _number(work: Work) -> str:
    return ", ".join(f"{one.scheme} {one.value}" for one in work.setting.identifiers)


def _regulated_activity(material: Material) -> str:
    known = material.facts.regulated_activity if material.facts else None
    return {True: "Yes", False: "No", None: ""}[known]


def _removed_on(material: Material) -> str:
    day = material.facts.removed_on if material.facts else None
    return in_full(day) if day else ""


def _allegation(material: Material) -> str:
    return "\n\n".join(one.narrative for one in material.allegations if one.narrative)


def _category(material: Material) -> str:
    return "; ".join(dict.fromkeys(code_words("category", one.category) for one in material.allegations))


def _happened_on(material: Material) -> str:
    return "; ".join(said_day(one.happened_on) for one in material.allegations if one.happened_on)


def _children(material: Material) -> str:
    # Only the children whom this adult's allegations name: the letter is about no other.
    wanted = {child for one in material.allegations for child in one.child_ids}
    children = material.case.children if material.case else ()
    return "; ".join(_child(one) for one in children if one.id in wanted)


def _child(child: Child) -> str:
    return f"{child.name or 'Name not known'}{f', born {said_day(child.born)}' if child.born else ''}"


def _placing_authority(material: Material) -> str:
    children = material.case.children if material.case else ()
    return "; ".join(dict.fromkeys(one.placed_by for one in children if one.placed_by))


def _outcome(material: Material) -> str:
    outcomes = material.case.facts.outcomes if material.case and material.case.facts else ()
    mine = [one for one in outcomes if one.adult_id == material.adult_id and one.outcome]
    return "; ".join(f"{code_words('category', one.category)}: {str(one.outcome).lower()}" for one in mine)


def _police(material: Material) -> str:
    known = material.case.facts.police_involved if material.case and material.case.facts else None
    return {True: "The police are involved", False: "The police are not involved", None: ""}[known]


def _provider_aware(material: Material) -> str:
    moment = material.case.facts.provider_aware_at if material.case and material.case.facts else None
    return in_full(moment.astimezone(LONDON).date()) if moment else ""


def _contact_reference(material: Material) -> str:
    return material.contact.reference if material.contact else ""


def _received_on(material: Material) -> str:
    return in_full(material.contact.received_at.astimezone(LONDON).date()) if material.contact else ""


def _decision(material: Material) -> str:
    decision = material.contact.decision if material.contact else None
    return DECISIONS[decision] if decision else ""


def by_hand(material: Material) -> str:  # noqa: ARG001
    """Nothing that Heed knows: a person writes it."""
    return ""


ITEMS: Mapping[str, tuple[str, Callable[[Material], str]]] = {
    "adult_name": ("Full name of the adult", _adult_name),
    "previous_names": (
        "Previous and other names",
        lambda material: _names(material, "previous", "known_as", "alias"),
    ),
    "born": ("Date of birth", _born),
    "address": ("Last known address", _address),
    "contact_details": ("Telephone and e-mail", _contact_details),
    "job": ("Job or role", _each_job(_job)),
    "employer": ("Employer", _each_job(lambda work: work.employer or work.setting.name)),
    "setting": ("Setting", _each_job(_setting)),
    "setting_number": ("Registration number of the setting", _each_job(_number)),
    "regulated_activity": ("In regulated activity with children", _regulated_activity),
    "removed_on": ("Removed from regulated activity on", _removed_on),
    "allegation": ("What is alleged", _allegation),
    "category": ("Kind of concern", _category),
    "happened_on": ("When it is said to have happened", _happened_on),
    "children": ("Child or children", _children),
    "placing_authority": ("Placing authority", _placing_authority),
    "outcome": ("Outcome of each allegation", _outcome),
    "police": ("Police", _police),
    "provider_aware": ("When the provider knew", _provider_aware),
    "contact_reference": ("Our reference", _contact_reference),
    "received_on": ("You told us on", _received_on),
    "decision": ("What was decided", _decision),
    "advice": ("What you are advised to do", by_hand),
    "reasons": ("Why", by_hand),
    "action_taken": ("Action taken by the provider", by_hand),
    "safeguards": ("What keeps children safe now", by_hand),
    "chronology": ("Dated chronology", by_hand),
    "evidence": ("Evidence, and how to get it", by_hand),
    "others_told": ("Others who have been told", by_hand),
}
