"""What the JSON side takes and gives."""

from marshmallow import Schema, fields, validate

from services.casework.domain.case import Stage
from services.casework.domain.clocks import State
from services.casework.domain.meetings import ATTENDEE_ROLES, Kind
from services.casework.store.listing import AT_WORK
from shared.vocabulary import Outcome
from shared.web.api import Body

_LONG = validate.Length(min=1, max=10_000)
_CODE = validate.Length(max=80)


class CaseFilters(Schema):
    """What a list is narrowed to."""

    page = fields.Integer(load_default=1, validate=validate.Range(min=1))
    stage = fields.String(load_default="", validate=validate.OneOf(["", "at_work", *Stage]))
    owner = fields.String(load_default="", validate=_CODE)
    reference = fields.String(load_default="", validate=_CODE)
    due = fields.String(load_default="", validate=validate.OneOf(["", "overdue", "paused"]))


class NamedAdultOut(Schema):
    """An adult in a list."""

    id = fields.String()
    name = fields.String()


class CaseLineOut(Schema):
    """One case in a list."""

    id = fields.String()
    reference = fields.String()
    stage = fields.Enum(Stage, by_value=True, metadata={"description": f"At work: {', '.join(AT_WORK)}"})
    owner = fields.String()
    opened_at = fields.AwareDateTime()
    next_due = fields.AwareDateTime(allow_none=True)
    closed_at = fields.AwareDateTime(allow_none=True)
    version = fields.Integer()
    adults = fields.List(fields.Nested(NamedAdultOut))


class CasesOut(Schema):
    """A page of cases; `total` counts all pages."""

    cases = fields.List(fields.Nested(CaseLineOut))
    total = fields.Integer()
    page = fields.Integer()


class AdultOut(NamedAdultOut):
    """An adult with what notification rules ask; null means not known."""

    regulated_activity = fields.Boolean(allow_none=True)
    removed = fields.Boolean(allow_none=True)
    removed_on = fields.Date(allow_none=True)
    harm_test = fields.Boolean(allow_none=True)


class AllegationOut(Schema):
    """An allegation and how it ended."""

    id = fields.String()
    adult_id = fields.String()
    category = fields.String()
    outcome = fields.Enum(Outcome, by_value=True, allow_none=True)
    scheme = fields.String(allow_none=True)


class MeetingOut(Schema):
    """A meeting."""

    id = fields.String()
    kind = fields.Enum(Kind, by_value=True)
    starts_at = fields.AwareDateTime()
    held_at = fields.AwareDateTime(allow_none=True)
    place = fields.String()
    attended = fields.List(fields.String())


class ClockOut(Schema):
    """A clock; lateness begins after `overdue_after`, pauses included."""

    id = fields.String()
    rule = fields.String()
    due_on = fields.Date()
    overdue_after = fields.AwareDateTime()
    state = fields.Enum(State, by_value=True)
    stopped_at = fields.AwareDateTime(allow_none=True)
    gross_seconds = fields.Integer()
    net_seconds = fields.Integer()
    why = fields.List(fields.String())


class CaseOut(Schema):
    """A whole case."""

    id = fields.String()
    contact_id = fields.String()
    reference = fields.String()
    stage = fields.Enum(Stage, by_value=True)
    owner = fields.String()
    opened_at = fields.AwareDateTime()
    first_meeting_due = fields.Date()
    provider_aware_at = fields.AwareDateTime(allow_none=True)
    serious_harm = fields.Boolean(allow_none=True)
    police_involved = fields.Boolean(allow_none=True)
    outcome_at = fields.AwareDateTime(allow_none=True)
    closed_at = fields.AwareDateTime(allow_none=True)
    version = fields.Integer()
    adults = fields.List(fields.Nested(AdultOut))
    allegations = fields.List(fields.Nested(AllegationOut))
    meetings = fields.List(fields.Nested(MeetingOut))
    clocks = fields.List(fields.Nested(ClockOut))


class CheckOut(Schema):
    """A closing check."""

    code = fields.String()
    words = fields.String()
    met = fields.Boolean()


class ChecksOut(Schema):
    """All closing checks."""

    checks = fields.List(fields.Nested(CheckOut))


class VersionOut(Schema):
    """Where the case stands after an act."""

    id = fields.String()
    stage = fields.Enum(Stage, by_value=True)
    version = fields.Integer()


class OutcomeIn(Body):
    """How an allegation ended; `because` is needed when the evidence points to another outcome."""

    outcome = fields.Enum(Outcome, by_value=True, required=True)
    proved = fields.Boolean(required=True)
    disproved = fields.Boolean(required=True)
    deceit = fields.Boolean(load_default=None, allow_none=True)
    basis = fields.Boolean(load_default=True)
    reasons = fields.String(required=True, validate=_LONG)
    because = fields.String(load_default="", validate=validate.Length(max=10_000))


class MeetingIn(Body):
    """A meeting for the diary."""

    kind = fields.Enum(Kind, by_value=True, required=True)
    starts_at = fields.AwareDateTime(required=True)
    place = fields.String(load_default="", validate=validate.Length(max=500))


class HeldIn(Body):
    """What became of a meeting."""

    held_at = fields.AwareDateTime(required=True)
    attended = fields.List(fields.String(validate=validate.OneOf([*ATTENDEE_ROLES])), required=True)
    record = fields.String(required=True, validate=_LONG)


class FactsIn(Body):
    """What became known about the case; null means not known."""

    provider_aware_at = fields.AwareDateTime(required=True, allow_none=True)
    serious_harm = fields.Boolean(required=True, allow_none=True)
    police_involved = fields.Boolean(required=True, allow_none=True)


class AdultFactsIn(Body):
    """What became known about one adult; null means not known."""

    regulated_activity = fields.Boolean(required=True, allow_none=True)
    removed = fields.Boolean(required=True, allow_none=True)
    removed_on = fields.Date(required=True, allow_none=True)
    harm_test = fields.Boolean(required=True, allow_none=True)
