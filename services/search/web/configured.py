"""What an administrator may change of search: why somebody may look beyond the own authority, and how sure a
match must be to be told.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import fields, validate

from services.search.actions import replaying, watching
from services.search.domain import patterns, purposes, thresholds
from services.search.domain.patterns import Kind
from services.search.store import figures
from services.search.web.wording import rate_words
from shared.code_words import code_words
from shared.store.transaction import Transaction
from shared.web.rulebook import ONLY, Row, RuleSchema, RuleSet, asked, pages_of


class PurposeAnswers(RuleSchema):
    """One purpose."""

    code = fields.String(
        required=True,
        validate=validate.Regexp(r"[A-Z][A-Z0-9_]{1,39}\Z", error="Use capital letters, figures and _."),
        metadata=asked("Code", "For example OPEN_CASE. It is kept with each search and never changes."),
    )
    words = fields.String(required=True, validate=validate.Length(max=120), metadata=asked("In words"))
    on = fields.Boolean(required=True, metadata=asked("Can it be chosen?"))


def _rows(_: str, own: Any, __: date) -> Mapping[str, Row]:
    return purposes.entries(own)


def _put(_: str, own: Any, row: Row, __: date) -> Any:
    return purposes.with_change(own, row)


class ThresholdAnswers(RuleSchema):
    """How sure a match must be."""

    own = fields.Integer(
        required=True,
        strict=False,
        validate=validate.Range(thresholds.LOWEST_OWN, thresholds.HIGHEST),
        metadata=asked("Within your authority, in per cent", "Lower finds more, and more false alarms."),
    )
    others = fields.Integer(
        required=True,
        strict=False,
        validate=validate.Range(thresholds.LOWEST_OTHERS, thresholds.HIGHEST),
        metadata=asked(
            "Pointers to and from other authorities, in per cent",
            "The stricter of the two authorities decides.",
        ),
    )


def _limits(_: str, own: Any, __: date) -> Mapping[str, Row]:
    return {ONLY: vars(thresholds.read(own))}


def _put_limits(_: str, __: Any, row: Row, ___: date) -> Any:
    return vars(thresholds.read(row))


def _history(tx: Transaction[Any], row: Row, _: date) -> list[tuple[str, str]]:
    limits, counts = thresholds.read(row), figures.by_percent(tx)
    found, adults = replaying.would_be_told(tx, limits.own)
    own, others = (thresholds.alarms(counts, limit) for limit in (limits.own, limits.others))
    return [
        (f"Matches of the {adults} adults named last", str(found)),
        ("False alarms among decided matches", rate_words(own.different, own.judged)),
        ("Decided to be the same adult and not told", str(own.missed)),
        ("False alarms among matches as sure as a pointer", rate_words(others.different, others.judged)),
    ]


_SIGN = ("code", "on", "months", "least", "adults", "one_in", "largest")
_WHOM = {Kind.PERSON: "adults", Kind.SETTING: "settings", Kind.PROVIDER: "bodies that run settings"}


class SignAnswers(RuleSchema):
    """From when on concerns are a pattern."""

    code = fields.String(
        required=True,
        validate=validate.OneOf([one.code for one in patterns.shipped()]),
        metadata=asked("Sign", words={one.code: code_words("sign", one.code) for one in patterns.shipped()}),
    )
    on = fields.Boolean(required=True, metadata=asked("Is it told?"))
    months = fields.Integer(
        required=True, strict=False, validate=validate.Range(0, 240),
        metadata=asked("Months to look back over", "0 means ever."),
    )  # fmt: skip
    least = fields.Integer(
        required=True, strict=False, validate=validate.Range(2, 1_000),
        metadata=asked("At least how many", "Concerns, or settings or authorities if these are counted."),
    )  # fmt: skip
    adults = fields.Integer(
        required=True, strict=False, validate=validate.Range(1, 100),
        metadata=asked("About at least how many adults"),
    )  # fmt: skip
    one_in = fields.Integer(
        required=True, strict=False, validate=validate.Range(0, 1_000_000),
        metadata=asked(
            "Only if chance alone would bring as many once in so many times or less",
            "A higher figure tells of less, and brings fewer false alarms. 0 where nothing is compared.",
        ),
    )  # fmt: skip
    largest = fields.Integer(
        required=True, strict=False, validate=validate.Range(0, 100_000),
        metadata=asked("Only settings of up to so many children or places", "0 means any size."),
    )  # fmt: skip


def _signs(_: str, own: Any, __: date) -> Mapping[str, Row]:
    return {one.code: one._asdict() for one in patterns.read(own)}


def _put_sign(_: str, own: Any, row: Row, __: date) -> Any:
    return patterns.with_change(own, {name: row[name] for name in _SIGN})


def _latest(tx: Transaction[Any], row: Row, _: date) -> list[tuple[str, str]]:
    said = patterns.with_change(None, {name: row[name] for name in _SIGN})
    (sign,) = [one for one in patterns.read(said) if one.code == row["code"]]
    found, looked = replaying.would_be_patterns(tx, sign) if sign.on else (0, 0)
    return [(f"Patterns among the {_WHOM[sign.kind]} named last", f"{found} of {looked}" if sign.on else "0")]


blueprint = pages_of(
    RuleSet(
        kind="search_purposes",
        title="Purposes of a search",
        about="What somebody must choose from before they look beyond your own authority.",
        effect="Searches that were made keep the purpose they were made for.",
        schema=PurposeAnswers,
        rows=_rows,
        put=_put,
        columns=("words", "code", "on"),
        fixed=("code",),
        adds=True,
    ),
    RuleSet(
        kind=figures.KIND,
        title="How sure a match must be",
        about="From which probability on a match is told.",
        effect="Holds for adults who are named or corrected from that day on. Matches that were told stay.",
        schema=ThresholdAnswers,
        rows=_limits,
        put=_put_limits,
        columns=("own", "others"),
        examples=_history,
    ),
    RuleSet(
        kind=watching.KIND,
        title="When concerns are a pattern",
        about="From when on concerns about one adult, at one setting or at those of one body are told of.",
        effect="Holds from the next concern on. Patterns that were found stay until somebody reviews them.",
        schema=SignAnswers,
        rows=_signs,
        put=_put_sign,
        columns=("code", "on", "months", "least"),
        fixed=("code",),
        examples=_latest,
    ),
)
