"""What programs send and get: a contact with its people, in the same shapes as the facts on the bus."""

from typing import Any

from marshmallow import fields, validate

from services.intake.domain import codes
from services.intake.domain.contact import State
from services.intake.web.journey.questions import EMAIL
from shared.vocabulary import Criterion, Decision
from shared.web.answers import PartialDate, clean
from shared.web.api import Body

_SHIPPED = codes.shipped()


class Words(fields.String):
    """Text that people can read: composed Unicode without control characters."""

    def __init__(self, most: int = 200, **kwargs: Any) -> None:
        super().__init__(validate=validate.Length(max=most), **kwargs)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        return clean(super()._deserialize(value, *args, **kwargs))


def _code(name: str, **kwargs: Any) -> fields.String:
    # What an authority may add to is asked when a report has arrived; the document is the same for all.
    if name in codes.OPEN_LISTS:
        said = {"description": f"A code of the list `{name}`; `/api/code-lists` has those of the authority."}
        return fields.String(validate=validate.Length(max=40), metadata=said, **kwargs)
    return fields.String(validate=validate.OneOf(list(_SHIPPED[name])), **kwargs)


class NameBody(Body):
    """A name; `full` when its parts are not known apart."""

    kind = fields.String(validate=validate.OneOf(["legal", "previous", "known_as", "alias", "native"]))
    title = Words(40)
    given = Words()
    middle = Words()
    surname = Words()
    full = Words()


class AddressBody(Body):
    """An address with the time it was true."""

    line1 = Words()
    town = Words()
    postcode = Words(12)
    since = fields.Date(allow_none=True)
    until = fields.Date(allow_none=True)


class IdentifierBody(Body):
    """A number somebody else gave, such as TRN or URN."""

    scheme = Words(20, required=True)
    value = Words(60, required=True)


class SettingBody(Body):
    """A workplace."""

    name = Words(required=True)
    kind = Words(40)
    town = Words()
    postcode = Words(12)
    identifiers = fields.List(fields.Nested(IdentifierBody), validate=validate.Length(max=20))
    id = Words(36)


class WorkBody(Body):
    """One job or volunteering role."""

    setting = fields.Nested(SettingBody, required=True)
    role = _code("role")
    sector = _code("employment_sector")
    basis = _code("employment_basis")
    status = _code("work_status")
    job_title = Words()
    employer = Words()
    regulated_activity = fields.Boolean(allow_none=True)
    since = fields.Date(allow_none=True)
    until = fields.Date(allow_none=True)


class PersonBody(Body):
    """An adult of concern. `id` is the sender's, to say whom an allegation is about; Heed gives its own."""

    id = Words(60, required=True)
    names = fields.List(fields.Nested(NameBody), validate=validate.Length(max=20))
    born = PartialDate()
    born_from_age = fields.Boolean()
    addresses = fields.List(fields.Nested(AddressBody), validate=validate.Length(max=20))
    phones = fields.List(Words(30), validate=validate.Length(max=10))
    emails = fields.List(Words(), validate=validate.Length(max=10))
    identifiers = fields.List(fields.Nested(IdentifierBody), validate=validate.Length(max=20))
    work = fields.List(fields.Nested(WorkBody), validate=validate.Length(max=20))


class ChildBody(Body):
    """A child involved."""

    id = Words(60, required=True)
    name = Words()
    born = PartialDate()
    placed_by = Words()
    account = Words(5_000)


class AllegationBody(Body):
    """What is said to have happened."""

    id = Words(60, required=True)
    adult_id = Words(60, required=True)
    child_ids = fields.List(Words(60), validate=validate.Length(max=50))
    category = _code("harm_category")
    criteria = fields.List(fields.String(validate=validate.OneOf([one.value for one in Criterion])))
    narrative = Words(10_000)
    happened_on = PartialDate()
    at_work = fields.Boolean(allow_none=True)


class ReferrerBody(Body):
    """Who told."""

    name = Words()
    email = fields.String(validate=[validate.Length(max=200), EMAIL])
    phone = Words(30)
    organisation = Words()
    agency = _code("referrer_agency")
    job_title = Words()


class ContactIn(Body):
    """A report from another system. `token` is the sender's: the same one gives the same contact again."""

    token = Words(80, required=True)
    channel = _code("channel", required=True)
    contact_type = _code("contact_type", load_default="REFERRAL")
    concern_time = _code("concern_time", load_default="CURRENT")
    known_to_employer_at = fields.AwareDateTime(allow_none=True, load_default=None)
    referrer = fields.Nested(ReferrerBody, load_default=dict)
    adults = fields.List(fields.Nested(PersonBody), validate=validate.Length(max=50), load_default=list)
    children = fields.List(fields.Nested(ChildBody), validate=validate.Length(max=50), load_default=list)
    allegations = fields.List(
        fields.Nested(AllegationBody), validate=validate.Length(max=100), load_default=list
    )


class CodeOut(Body):
    """One entry of a code list, in the authority's words."""

    code = fields.String(required=True)
    label = fields.String(required=True)


class CodeListsOut(Body):
    """What can be chosen today, by the name of the list."""

    lists = fields.Dict(keys=fields.String(), values=fields.List(fields.Nested(CodeOut)), required=True)


class ContactOut(Body):
    """Where a contact stands; nobody's name is in it."""

    id = fields.String(required=True)
    reference = fields.String(required=True)
    state = fields.Enum(State, by_value=True, required=True)
    channel = fields.String(required=True)
    contact_type = fields.String(required=True)
    sector = fields.String(required=True)
    owner = fields.String(required=True)
    decision = fields.Enum(Decision, by_value=True, allow_none=True)
    received_at = fields.AwareDateTime(required=True)
    respond_by = fields.AwareDateTime(required=True)
    known_to_employer_at = fields.AwareDateTime(allow_none=True)
    decided_at = fields.AwareDateTime(allow_none=True)
    closed_at = fields.AwareDateTime(allow_none=True)
    case_id = fields.String(required=True)
    checked_at = fields.AwareDateTime(
        allow_none=True, metadata={"description": "When earlier concerns were looked for."}
    )
    version = fields.Integer(required=True)


class ContactWithReportOut(ContactOut):
    """The same with what was told."""

    concern_time = fields.String(required=True)
    referrer = fields.Nested(ReferrerBody, required=True)
    adults = fields.List(fields.Nested(PersonBody), required=True)
    children = fields.List(fields.Nested(ChildBody), required=True)
    allegations = fields.List(fields.Nested(AllegationBody), required=True)


class ContactsOut(Body):
    """A page of contacts."""

    contacts = fields.List(fields.Nested(ContactOut), required=True)
    total = fields.Integer(required=True)
    page = fields.Integer(required=True)


class ContactsQuery(Body):
    """Which contacts: `state` is open, all or one state; pages of 50 count from 1."""

    state = fields.String(
        validate=validate.OneOf(["open", "all", *(one.value for one in State)]), load_default="open"
    )
    channel = _code("channel", load_default="")
    sector = _code("employment_sector", load_default="")
    reference = Words(24, load_default="")
    overdue = fields.Boolean(load_default=False)
    page = fields.Integer(validate=validate.Range(1, 10_000), load_default=1)


class JudgementIn(Body):
    """A decision on the threshold. `tier` may be empty; criteria are needed for MET."""

    decision = fields.String(required=True, validate=validate.OneOf([one.value for one in Decision]))
    criteria = fields.List(
        fields.String(validate=validate.OneOf([one.value for one in Criterion])), load_default=list
    )
    tier = _code("tier", load_default="")
    reasons = Words(10_000, required=True)


class AdviceIn(Body):
    """A piece of advice; by e-mail it is sent to whoever told us."""

    kind = _code("advice_kind", required=True)
    method = _code("advice_method", load_default="email")
    text = Words(20_000, required=True)
    corrects = Words(36, load_default="")


class AdviceOut(Body):
    """Advice as it was given."""

    id = fields.String(required=True)
    kind = fields.String(required=True)
    method = fields.String(required=True)
    delivery = fields.String(required=True)
    written_at = fields.AwareDateTime(required=True)
    sent_at = fields.AwareDateTime(allow_none=True)
