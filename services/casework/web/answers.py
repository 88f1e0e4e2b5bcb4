"""The questions of the pages."""

from marshmallow import Schema, fields, validate

from services.casework.domain.meetings import ATTENDEE_ROLES, Kind
from services.casework.domain.rules import delay_reasons
from services.casework.domain.safeguards import SAFEGUARDS, Step
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


class OfCase(Schema):
    """Every form about a case carries the version that its page showed."""

    version = fields.Integer(load_default=None)


class NoteAnswers(Schema):
    """A note; `note_id` comes with the page."""

    note_id = fields.String(required=True, validate=validate.Length(equal=36))
    at = Moment(load_default=None)
    words = fields.String(required=True, validate=LONG)


class MeetingAnswers(OfCase):
    """A meeting for the diary."""

    kind = fields.String(required=True, validate=validate.OneOf([*Kind]))
    starts_at = Moment(required=True)
    place = fields.String(load_default="", validate=SHORT)


class HeldAnswers(OfCase):
    """What became of a meeting."""

    held_at = Moment(required=True)
    attended = fields.List(fields.String(validate=validate.OneOf([*ATTENDEE_ROLES])), required=True)
    record = fields.String(required=True, validate=LONG)


class ReasonAnswers(OfCase):
    """One reason in words."""

    reason = fields.String(required=True, validate=LONG)


class DelayAnswers(OfCase):
    """Why something takes longer."""

    reason = fields.String(required=True, validate=validate.OneOf([*delay_reasons()]))
    words = fields.String(load_default="", validate=LONG)


class CaseFactsAnswers(OfCase):
    """What duties to tell depend on, about the case."""

    provider_aware_at = Moment(load_default=None)
    serious_harm = fields.String(required=True, validate=_ANSWERS)
    police_involved = fields.String(required=True, validate=_ANSWERS)


class AdultFactsAnswers(OfCase):
    """What duties to tell depend on, about one adult."""

    regulated_activity = fields.String(required=True, validate=_ANSWERS)
    removed = fields.String(required=True, validate=_ANSWERS)
    removed_on = fields.Date(load_default=None)
    harm_test = fields.String(required=True, validate=_ANSWERS)


class SupportAnswers(OfCase):
    """How one adult is looked after."""

    told_on = fields.Date(load_default=None)
    support = fields.String(load_default="", validate=LONG)
    no_support_reason = fields.String(load_default="", validate=LONG)


class SafeguardAnswers(OfCase):
    """A step that keeps children safe."""

    code = fields.String(required=True, validate=validate.OneOf([*SAFEGUARDS]))
    step = fields.String(required=True, validate=validate.OneOf([*Step]))
    at = Moment(required=True)
    decided_by = fields.String(load_default="", validate=SHORT)
    alternatives = fields.List(fields.String(validate=validate.OneOf([*SAFEGUARDS])), load_default=list)
    reason = fields.String(required=True, validate=LONG)


class ChildAnswers(OfCase):
    """The child's part."""

    voice = fields.String(load_default="", validate=LONG)
    no_voice_reason = fields.String(load_default="", validate=LONG)
    told_on = fields.Date(load_default=None)
    told_how = fields.String(load_default="", validate=LONG)
    not_told_reason = fields.String(load_default="", validate=LONG)


class OutcomeAnswers(OfCase):
    """The four questions about the evidence, the choice, and why."""

    proved = fields.Boolean(required=True)
    disproved = fields.Boolean(required=True)
    deceit = fields.String(load_default="unknown", validate=_ANSWERS)
    basis = fields.Boolean(required=True)
    outcome = fields.Enum(Outcome, required=True, by_value=True)
    reasons = fields.String(required=True, validate=LONG)
    because = fields.String(load_default="", validate=LONG)


class CloseAnswers(OfCase):
    """Closing asks nothing; its checks are on the page."""


class AccessAnswers(OfCase):
    """To whom a case is closed."""

    way = fields.String(required=True, validate=validate.OneOf(["only", "never", "open"]))
    people = fields.List(fields.String(validate=SHORT), load_default=list)
    reason = fields.String(required=True, validate=LONG)
