"""The questions of the search pages and the documents of the API."""

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from services.search.domain import onebox, patterns
from services.search.domain.judgement import State, Verdict
from services.search.store import happenings
from shared.web.api import Body
from shared.web.forms import PartialDate, Upload

LONG = validate.Length(max=200)
SHORT = validate.Length(max=60)
REASON = validate.Length(max=2_000)
REACHES = ("own", "region")


class SearchForm(Schema):
    """One form for any mix of what is known."""

    reach = fields.String(load_default="own", validate=validate.OneOf(REACHES))
    purpose = fields.String(load_default="", validate=SHORT)
    reason = fields.String(load_default="", validate=REASON)
    anything = fields.String(load_default="", validate=validate.Length(max=onebox.LONGEST))
    given = fields.String(load_default="", validate=LONG)
    surname = fields.String(load_default="", validate=LONG)
    previous = fields.String(load_default="", validate=LONG)
    born = PartialDate(load_default="")
    line1 = fields.String(load_default="", validate=LONG)
    town = fields.String(load_default="", validate=LONG)
    postcode = fields.String(load_default="", validate=validate.Length(max=10))
    phone = fields.String(load_default="", validate=SHORT)
    email = fields.String(load_default="", validate=LONG)
    scheme = fields.String(load_default="", validate=SHORT)
    number = fields.String(load_default="", validate=SHORT)
    setting = fields.String(load_default="", validate=LONG)
    setting_town = fields.String(load_default="", validate=LONG)
    reference = fields.String(load_default="", validate=SHORT)
    contact_id = fields.String(load_default="", validate=SHORT)


class JudgeForm(Schema):
    """The answer about a pair."""

    verdict = fields.Enum(
        Verdict, required=True, by_value=True, error_messages={"required": "Choose your decision."}
    )
    reason = fields.String(
        required=True, validate=REASON, error_messages={"required": "Enter the reason for your answer."}
    )
    seen = fields.String(load_default="")


class MatchFilters(Schema):
    """What the list of matches is narrowed by."""

    state = fields.Enum(State, load_default=State.OPEN, by_value=True)


class ProfileFilters(Schema):
    """What the list of people is narrowed by."""

    show = fields.String(load_default="", validate=validate.OneOf(["", "flagged"]))


class SearchFilters(Schema):
    """What the list of searches is narrowed by."""

    show = fields.String(load_default="", validate=validate.OneOf(["", "flagged", "without_contact"]))


class SettingFilters(Schema):
    """What the register is narrowed by."""

    words = fields.String(load_default="", validate=LONG)
    kind = fields.String(load_default="", validate=SHORT)
    show = fields.String(load_default="", validate=validate.OneOf(["", "all"]))


class WindowFilters(Schema):
    """What of a setting's past is shown: `months` back, or between two days; `whole` is the provider's
    group.
    """

    months = fields.Integer(load_default=36, validate=validate.OneOf([12, 36, 60]))
    kind = fields.String(load_default="", validate=validate.OneOf(["", *happenings.Kind]))
    whole = fields.String(load_default="", validate=validate.OneOf(["", "group"]))
    since = fields.Date(load_default=None)
    until = fields.Date(load_default=None)


class NameIn(Body):
    """A name in parts, or whole in `full`."""

    kind = fields.String(load_default="legal", validate=SHORT)
    title = fields.String(load_default="", validate=SHORT)
    given = fields.String(load_default="", validate=LONG)
    middle = fields.String(load_default="", validate=LONG)
    surname = fields.String(load_default="", validate=LONG)
    full = fields.String(load_default="", validate=LONG)


class AddressIn(Body):
    """A postal address."""

    line1 = fields.String(load_default="", validate=LONG)
    town = fields.String(load_default="", validate=LONG)
    postcode = fields.String(load_default="", validate=validate.Length(max=10))


class NumberIn(Body):
    """A number that somebody else gave: scheme TRN, SWE, HCPC, NMC, GMC, DBS, NI; for settings URN, OFSTED,
    CQC."""

    scheme = fields.String(required=True, validate=SHORT)
    value = fields.String(required=True, validate=SHORT)


class SettingIn(Body):
    """A workplace."""

    name = fields.String(load_default="", validate=LONG)
    town = fields.String(load_default="", validate=LONG)
    postcode = fields.String(load_default="", validate=validate.Length(max=10))
    identifiers = fields.List(fields.Nested(NumberIn), load_default=list, validate=validate.Length(max=8))


class PersonIn(Body):
    """What is known of an adult. `born` is YYYY, YYYY-MM or YYYY-MM-DD."""

    names = fields.List(fields.Nested(NameIn), load_default=list, validate=validate.Length(max=8))
    born = PartialDate(load_default="")
    born_from_age = fields.Boolean(load_default=False)
    addresses = fields.List(fields.Nested(AddressIn), load_default=list, validate=validate.Length(max=8))
    phones = fields.List(fields.String(validate=SHORT), load_default=list, validate=validate.Length(max=8))
    emails = fields.List(fields.String(validate=LONG), load_default=list, validate=validate.Length(max=8))
    identifiers = fields.List(fields.Nested(NumberIn), load_default=list, validate=validate.Length(max=8))
    settings = fields.List(fields.Nested(SettingIn), load_default=list, validate=validate.Length(max=8))


class SearchIn(Body):
    """A search. `reach` is own or region; the region needs purpose, reason, a name and one more field."""

    person = fields.Nested(PersonIn, load_default=dict)
    reach = fields.String(load_default="own", validate=validate.OneOf(REACHES))
    purpose = fields.String(load_default="", validate=SHORT)
    reason = fields.String(load_default="", validate=REASON)
    reference = fields.String(load_default="", validate=SHORT)
    contact_id = fields.String(load_default="", validate=SHORT)

    @validates_schema
    def _asks_for_something(self, data: dict[str, object], **_: object) -> None:
        if not data.get("person") and not data.get("reference"):
            raise ValidationError("Give a person or a reference.", "person")


class LineOut(Schema):
    """One line of the waterfall."""

    field = fields.String()
    words = fields.String()
    bits = fields.Float()


class OwnOut(Schema):
    """A record of the own authority."""

    contact_id = fields.String()
    person_id = fields.String()
    band = fields.String()
    probability = fields.Float()
    bits = fields.Float()
    active_at = fields.AwareDateTime()
    flags = fields.List(fields.String())
    waterfall = fields.List(fields.Nested(LineOut))


class PointerOut(Schema):
    """All that may be known of another authority's record."""

    holder = fields.String()
    contact_route = fields.String()
    reference = fields.String()
    band = fields.String()
    recency = fields.String()
    agrees = fields.List(fields.String())


class SearchOut(Schema):
    """What a search was shown."""

    search_id = fields.String()
    at = fields.AwareDateTime()
    own = fields.List(fields.Nested(OwnOut))
    pointers = fields.List(fields.Nested(PointerOut))


class MatchOut(Schema):
    """A match of a contact: inside the authority `other_contact_id` says with which, else `pointer` is
    set."""

    match_id = fields.String()
    person_id = fields.String()
    state = fields.String()
    band = fields.String()
    found_at = fields.AwareDateTime()
    other_contact_id = fields.String(allow_none=True)
    pointer = fields.Nested(PointerOut, allow_none=True)


class MatchesOut(Schema):
    """The matches of a contact."""

    matches = fields.List(fields.Nested(MatchOut))


class JudgementIn(Body):
    """The answer about a pair; `seen` is the ETag-like mark of the data judged from."""

    verdict = fields.Enum(Verdict, required=True, by_value=True)
    reason = fields.String(required=True, validate=REASON)
    seen = fields.String(load_default="")


class PatternFilters(Schema):
    """What the list of patterns is narrowed by."""

    state = fields.String(load_default="", validate=validate.OneOf(["", "open", "reviewed", "withdrawn"]))
    kind = fields.String(load_default="", validate=validate.OneOf(["", *patterns.Kind]))


class ReviewForm(Schema):
    """What came of a pattern."""

    finding = fields.Enum(
        patterns.Finding, required=True, by_value=True, error_messages={"required": "Choose what you found."}
    )
    reason = fields.String(
        required=True,
        validate=REASON,
        error_messages={"required": "Enter what you did, or what explains it."},
    )


class RegisterForm(Schema):
    """The file of a register."""

    file = Upload(required=True, error_messages={"required": "Choose the file of settings."})


class LookbackFilters(Schema):
    """What the list of look-backs is narrowed by."""

    state = fields.String(load_default="", validate=validate.OneOf(["", "open", "signed"]))


class ItemFilters(Schema):
    """What the records of a look-back are narrowed by."""

    show = fields.String(load_default="", validate=validate.OneOf(["", "todo"]))


class OpenLookbackForm(Schema):
    """Why somebody looks back."""

    reason = fields.String(
        required=True, validate=REASON, error_messages={"required": "Enter why you look back."}
    )


class MarkForm(Schema):
    """What was found about one record."""

    found = fields.String(
        required=True,
        validate=validate.OneOf(["actioned", "not_actioned"]),
        error_messages={"required": "Choose what you find."},
    )
    reason = fields.String(
        required=True,
        validate=REASON,
        error_messages={"required": "Enter what was done, or why nothing was done."},
    )


class SignForm(Schema):
    """The manager's conclusion."""

    closing = fields.String(
        required=True, validate=REASON, error_messages={"required": "Enter what you conclude."}
    )
