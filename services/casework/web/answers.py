"""The questions of the pages."""

from typing import Any

from marshmallow import Schema, fields, pre_load, validate

from services.casework.domain.meetings import ATTENDEE_ROLES, Kind
from services.casework.domain.rules import delay_reasons
from services.casework.domain.safeguards import SAFEGUARDS, Step
from shared.keeping.erasure import Ground
from shared.vocabulary import Outcome
from shared.web.forms import Moment

LONG = validate.Length(max=10_000)
SHORT = validate.Length(max=500)
# Not known yet is an answer: a duty must not follow from a question nobody has asked.
YES_NO_UNKNOWN = (("yes", "Yes"), ("no", "No"), ("unknown", "Not known yet"))
_ANSWERS = validate.OneOf([value for value, _ in YES_NO_UNKNOWN])


def answer(value: str | None) -> bool | None:
    """What a yes, no or not-known-yet question says."""
    return {"yes": True, "no": False}.get(value or "")


def answered(value: bool | None) -> str:
    """The same the other way round, to fill a form."""
    return "unknown" if value is None else "yes" if value else "no"


def needed(words: str) -> dict[str, Any]:
    """A question that must be answered, and the sentence that asks for it."""
    return {"required": True, "error_messages": {"required": words}}


class OfCase(Schema):
    """Every form about a case carries the version that its page showed."""

    version = fields.Integer(load_default=None)

    @pre_load
    def _readable(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        # Nobody fills this in: what is no number is a page that has to be shown again, not a wrong answer.
        text = str(data.get("version", "0"))
        return data if text.isascii() and text.isdigit() else {**data, "version": "0"}


class NoteAnswers(Schema):
    """A note; `note_id` comes with the page."""

    note_id = fields.String(required=True, validate=validate.Length(equal=36))
    at = Moment(load_default=None)
    words = fields.String(validate=LONG, **needed("Write the note."))


class MeetingAnswers(OfCase):
    """A meeting for the diary."""

    kind = fields.String(validate=validate.OneOf([*Kind]), **needed("Choose which meeting it is."))
    starts_at = Moment(**needed("Enter when the meeting starts."))
    place = fields.String(load_default="", validate=SHORT)


class HeldAnswers(OfCase):
    """What became of a meeting."""

    held_at = Moment(**needed("Enter when the meeting was held."))
    attended = fields.List(
        fields.String(validate=validate.OneOf([*ATTENDEE_ROLES])), **needed("Choose who came.")
    )
    record = fields.String(validate=LONG, **needed("Write what was said and agreed."))


class ReasonAnswers(OfCase):
    """One reason in words."""

    reason = fields.String(validate=LONG, **needed("Give the reason."))


class HoldAnswers(ReasonAnswers):
    """Why a case is held, or no longer is. What is asked for is said: sent twice it must not turn round."""

    act = fields.String(
        validate=validate.OneOf(["hold", "lift"]), **needed("Open the page again, then repeat your change.")
    )


class DelayAnswers(OfCase):
    """Why something takes longer."""

    reason = fields.String(
        validate=validate.OneOf([*delay_reasons()]), **needed("Choose what the delay is due to.")
    )
    words = fields.String(load_default="", validate=LONG)


class CaseFactsAnswers(OfCase):
    """What duties to tell depend on, about the case."""

    provider_aware_at = Moment(load_default=None)
    serious_harm = fields.String(
        validate=_ANSWERS, **needed("Say whether serious harm is alleged, or that it is not known yet.")
    )
    police_involved = fields.String(
        validate=_ANSWERS, **needed("Say whether the police are involved, or that it is not known yet.")
    )


class AdultFactsAnswers(OfCase):
    """What duties to tell depend on, about one adult."""

    regulated_activity = fields.String(
        validate=_ANSWERS,
        **needed("Say whether they work in regulated activity, or that it is not known yet."),
    )
    removed = fields.String(
        validate=_ANSWERS, **needed("Say whether they were removed, or that it is not known yet.")
    )
    removed_on = fields.Date(load_default=None)
    harm_test = fields.String(
        validate=_ANSWERS, **needed("Say whether the harm test is met, or that it is not known yet.")
    )


class SupportAnswers(OfCase):
    """How one adult is looked after."""

    told_on = fields.Date(load_default=None)
    support = fields.String(load_default="", validate=LONG)
    no_support_reason = fields.String(load_default="", validate=LONG)


class SafeguardAnswers(OfCase):
    """A step that keeps children safe."""

    code = fields.String(validate=validate.OneOf([*SAFEGUARDS]), **needed("Choose the safeguard."))
    step = fields.String(validate=validate.OneOf([*Step]), **needed("Choose what happened."))
    at = Moment(**needed("Enter when it happened."))
    decided_by = fields.String(load_default="", validate=SHORT)
    alternatives = fields.List(fields.String(validate=validate.OneOf([*SAFEGUARDS])), load_default=list)
    reason = fields.String(validate=LONG, **needed("Give the reason."))


class ChildAnswers(OfCase):
    """The child's part."""

    voice = fields.String(load_default="", validate=LONG)
    no_voice_reason = fields.String(load_default="", validate=LONG)
    told_on = fields.Date(load_default=None)
    told_how = fields.String(load_default="", validate=LONG)
    not_told_reason = fields.String(load_default="", validate=LONG)


class OutcomeAnswers(OfCase):
    """The four questions about the evidence, the choice, and why."""

    proved = fields.Boolean(**needed("Say whether the evidence proves it."))
    disproved = fields.Boolean(**needed("Say whether the evidence disproves it."))
    deceit = fields.String(load_default="unknown", validate=_ANSWERS)
    basis = fields.Boolean(**needed("Say whether there is any evidence or proper ground for it."))
    outcome = fields.Enum(Outcome, by_value=True, **needed("Choose the outcome."))
    reasons = fields.String(validate=LONG, **needed("Give the reasons for the outcome."))
    because = fields.String(load_default="", validate=LONG)


class CloseAnswers(OfCase):
    """Closing asks nothing; its checks are on the page."""


class AccessAnswers(OfCase):
    """To whom a case is closed."""

    way = fields.String(
        validate=validate.OneOf(["only", "never", "open"]), **needed("Choose who may see the case.")
    )
    people = fields.List(fields.String(validate=SHORT), load_default=list)
    reason = fields.String(validate=LONG, **needed("Give the reason."))


class AskErasureAnswers(OfCase):
    """Why a case is to be erased."""

    ground = fields.Enum(Ground, by_value=True, **needed("Choose why it is to be erased."))
    reason = fields.String(validate=LONG, **needed("Enter why this case is to be erased."))


class DecideErasureAnswers(OfCase):
    """Whether it is erased."""

    decision = fields.String(
        validate=validate.OneOf(["erase", "keep"]), **needed("Choose whether the case is erased.")
    )
    answer = fields.String(load_default="", validate=LONG)
