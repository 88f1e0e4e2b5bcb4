"""What forms and programs may say."""

from marshmallow import Schema, fields, validate

from services.notifications.domain.notice import BY_HAND, State
from shared.web.answers import Moment
from shared.web.api import Body

_LONG = 10_000


def _words(missing: str, most: int = _LONG) -> fields.String:
    return fields.String(
        required=True, validate=validate.Length(min=1, max=most), error_messages={"required": missing}
    )


class Version(Schema):
    """The version of a notice that the page showed."""

    version = fields.Integer(required=True)


class AdviseAnswers(Version):
    """In which words whoever has the duty was told."""

    advice = _words("Write what you told them.")


class SendAnswers(Version):
    """Whether missing content is accepted."""

    although_incomplete = fields.Boolean(load_default=False)


class ByHandAnswers(Version):
    """How it left without Heed's mail."""

    method = fields.String(
        required=True,
        validate=validate.OneOf([one.value for one in BY_HAND]),
        error_messages={"required": "Choose how it was sent."},
    )
    sent_at = Moment(required=True, error_messages={"required": "Enter when it was sent."})
    evidence = _words("Say what shows that it was sent.")


class AcknowledgeAnswers(Version):
    """How the recipient confirmed it."""

    acknowledged_at = Moment(required=True, error_messages={"required": "Enter when they confirmed it."})
    acknowledgement = _words("Say how they confirmed it.")


class DeclineAnswers(Version):
    """Why it should not be sent."""

    reason = _words("Give the reason.")


class ApprovalAnswers(Version):
    """What the second person decides."""

    decision = fields.String(
        required=True,
        validate=validate.OneOf(["approve", "drop"]),
        error_messages={"required": "Choose whether it will be sent."},
    )


class ResolveAnswers(Version):
    """What somebody found out about an interrupted letter."""

    left = fields.Boolean(required=True, error_messages={"required": "Choose whether it was sent."})
    evidence = _words("Say how you found out.")


class RecipientAnswers(Version):
    """The address that somebody vouches for."""

    name = _words("Enter the name of the body.", 200)
    email = _words("Enter an e-mail address.", 254)
    taken_from = _words("Enter where you took the address from, for example a page of their own site.", 300)


def content_answers(items: tuple[str, ...]) -> type[Schema]:
    """A schema with one optional text per item of a content list."""
    texts = {item: fields.String(load_default="", validate=validate.Length(max=_LONG)) for item in items}
    return Version.from_dict(dict(texts), name="ContentAnswers")


class ListFilters(Schema):
    """The filters of the list of notices."""

    state = fields.String(load_default="", validate=validate.OneOf(["", *(one.value for one in State)]))
    rule = fields.String(load_default="", validate=validate.Length(max=20))
    duty_of = fields.String(load_default="", validate=validate.Length(max=40))
    reference = fields.String(load_default="", validate=validate.Length(max=40))
    late = fields.Boolean(load_default=False)


class ListQuery(ListFilters):
    """The same for programs, with the page."""

    page = fields.Integer(load_default=1, validate=validate.Range(min=1, max=10_000))


class NoticeOut(Schema):
    """A notice as lists show it: no name of a person."""

    id = fields.String()
    case_id = fields.String()
    contact_id = fields.String()
    reference = fields.String()
    rule = fields.String()
    basis = fields.String()
    duty_of = fields.String()
    recipient = fields.String()
    adult_id = fields.String()
    state = fields.String()
    standing = fields.String()
    due_on = fields.Date(attribute="dates.due_on", allow_none=True)
    overdue_after = fields.Date(attribute="dates.late_after")
    raised_at = fields.AwareDateTime()
    advised_at = fields.AwareDateTime(allow_none=True)
    sent_at = fields.AwareDateTime(allow_none=True)
    method = fields.String(allow_none=True)
    acknowledged_at = fields.AwareDateTime(allow_none=True)
    declined_at = fields.AwareDateTime(allow_none=True)
    version = fields.Integer()


class NoticeList(Schema):
    """A page of notices."""

    items = fields.List(fields.Nested(NoticeOut))
    total = fields.Integer()
    page = fields.Integer(attribute="number")
    pages = fields.Integer()


class LineOut(Schema):
    """One item of a content list."""

    item = fields.String()
    label = fields.String()
    text = fields.String()
    required = fields.Boolean()
    by_hand = fields.Boolean()


class NoticeWhole(NoticeOut):
    """A notice with its words."""

    because = fields.List(fields.String())
    advice = fields.String()
    sent_to = fields.String()
    evidence = fields.String()
    acknowledgement = fields.String()
    decline_reason = fields.String()
    content = fields.List(fields.Nested(LineOut))
    complete_percent = fields.Integer()
    letter = fields.String(metadata={"description": "The letter as it would go out now, as plain text."})


class AdviceIn(Body):
    """In which words whoever has the duty was told."""

    advice = _words("Write what you told them.")


class SendingIn(Body):
    """How it leaves: by Heed's mail, or by hand with evidence when `method` is given."""

    although_incomplete = fields.Boolean(load_default=False)
    method = fields.String(validate=validate.OneOf([one.value for one in BY_HAND]))
    sent_at = fields.AwareDateTime()
    evidence = fields.String(validate=validate.Length(min=1, max=_LONG))


class AcknowledgementIn(Body):
    """How the recipient confirmed it."""

    acknowledgement = _words("Say how they confirmed it.")
    acknowledged_at = fields.AwareDateTime(required=True)


class DeclineIn(Body):
    """Why it should not be sent."""

    reason = _words("Give the reason.")


class AskAnswers(Schema):
    """What another authority is asked to disclose, and why. `holder` and `reference` come from the
    pointer."""

    holder = _words("Start the request from the pointer.", 40)
    reference = _words("Start the request from the pointer.", 36)
    contact_id = fields.String(load_default="", validate=validate.Length(max=64))
    purpose = _words("Enter what you need it for.", 200)
    reason = _words("Say why you need it.", 2_000)
    extent = _words("Say what you need to know.", 2_000)


class DecisionAnswers(Schema):
    """What the holder decides."""

    decision = fields.String(
        required=True,
        validate=validate.OneOf(["given", "refused"]),
        error_messages={"required": "Choose whether you disclose anything."},
    )
    function = _words("Enter which function the disclosure would serve.", 500)
    detriment = _words("Say what harm it may do, and to whom.", 2_000)
    words = _words("Write what the other authority is to read.", 10_000)


class DisclosureQuery(Schema):
    """Whose requests for disclosure are listed, and the page."""

    side = fields.String(load_default="holding", validate=validate.OneOf(["asking", "holding"]))
    page = fields.Integer(load_default=1, validate=validate.Range(min=1, max=10_000))


class DisclosureIn(AskAnswers, Body):
    """What another authority is asked to disclose; `holder` and `reference` are the pointer's."""


class DisclosureDecisionIn(DecisionAnswers, Body):
    """What the holder decides; only `words` are read by the other authority."""


class DisclosureOut(Schema):
    """A request as one of the two sides sees it. `other` is the authority at the other side."""

    id = fields.String()
    side = fields.String()
    other = fields.String()
    reference = fields.String()
    contact_id = fields.String()
    state = fields.String()
    asked_at = fields.AwareDateTime()
    due_on = fields.Date(allow_none=True)
    overdue_at = fields.AwareDateTime(allow_none=True)
    purpose = fields.String()
    reason = fields.String()
    extent = fields.String()
    decided_at = fields.AwareDateTime(allow_none=True)
    answer = fields.String()


class DisclosureList(Schema):
    """A page of requests for disclosure."""

    items = fields.List(fields.Nested(DisclosureOut))
    total = fields.Integer()
    page = fields.Integer(attribute="number")
    pages = fields.Integer()
