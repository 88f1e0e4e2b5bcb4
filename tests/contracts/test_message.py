"""An envelope comes out as it went in, whatever it carries, and what cannot be read is never repeated."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts import EVENTS
from shared.contracts.intake import ContactClosed, ContactRestricted
from shared.contracts.message import (
    Envelope,
    Event,
    Origin,
    Undecodable,
    decode,
    decode_data,
    encode,
    encode_data,
    schema_of,
)
from shared.contracts.people import Address, Name, Person
from shared.vocabulary import Decision

words = st.text(max_size=30)
moments = st.datetimes(
    datetime(1990, 1, 1),  # noqa: DTZ001  hypothesis adds the zone itself
    datetime(2090, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
restrictions = st.builds(
    ContactRestricted,
    contact_id=words,
    only=st.lists(words, max_size=3).map(tuple),
    never=st.lists(words, max_size=3).map(tuple),
)
closures = st.builds(ContactClosed, contact_id=words, decision=st.sampled_from(Decision), closed_at=moments)
events = restrictions | closures


@st.composite
def envelopes(draw: st.DrawFn) -> Envelope:
    event = draw(events)
    return Envelope(
        id=draw(words),
        type=event.name,
        version=draw(st.integers(1, 9)),
        topic=event.topic,
        key=event.key,
        sequence=draw(st.integers(1, 2**53)),
        authority=draw(words),
        actor=draw(words),
        correlation_id=draw(words),
        origin=draw(st.sampled_from(Origin)),
        occurred_at=draw(moments),
        recorded_at=draw(moments),
        data=msgspec.Raw(encode_data(event)),
    )


def without_data(envelope: Envelope) -> Envelope:
    return replace(envelope, data=msgspec.Raw(b""))


@given(envelopes())
def test_an_envelope_comes_out_as_it_went_in(envelope: Envelope):
    found = decode(encode(envelope))
    assert without_data(found) == without_data(envelope)
    assert found.event() == envelope.event()
    assert encode(found) == encode(envelope)


@given(events)
def test_a_fact_comes_out_as_it_went_in(event: Event):
    assert decode_data(type(event), encode_data(event)) == event


@given(
    envelopes(), st.dictionaries(words.map("new_{}".format), words | st.integers() | st.none(), max_size=3)
)
def test_fields_of_a_later_build_change_nothing(envelope: Envelope, more: dict[str, object]):
    document = json.loads(encode(envelope))
    document["data"] |= more
    found = decode(json.dumps(document | more).encode())
    assert found.event() == envelope.event()
    assert without_data(found) == without_data(envelope)


@given(st.binary(max_size=200))
def test_bytes_that_are_no_envelope_are_undecodable_and_nothing_else(value: bytes):
    with pytest.raises(Undecodable):
        decode(value)


def an_envelope(**changes: object) -> dict[str, object]:
    event = ContactClosed(contact_id="c", decision=Decision.MET, closed_at=datetime(2026, 3, 2, tzinfo=UTC))
    whole = {
        "id": "1",
        "type": event.name,
        "version": 1,
        "topic": event.topic,
        "key": "c",
        "sequence": 1,
        "authority": "dorset",
        "actor": "a",
        "correlation_id": "t",
        "origin": "live",
        "occurred_at": "2026-03-02T00:00:00Z",
        "recorded_at": "2026-03-02T00:00:00Z",
        "data": json.loads(encode_data(event)),
    }
    return whole | changes


def reading(document: object) -> str:
    """The sentence with which it is refused, if it is."""
    with pytest.raises(Undecodable) as problem:
        decode(json.dumps(document).encode()).event()
    assert problem.value.__cause__ is None
    assert problem.value.__suppress_context__
    return str(problem.value)


@pytest.mark.parametrize("field", sorted(set(an_envelope()) - {"type", "data"}))
def test_an_envelope_that_lacks_a_field_is_undecodable(field: str):
    document = an_envelope()
    del document[field]
    assert "Envelope" in reading(document)


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"sequence": "Zoe Canary"}, "$.sequence"),
        ({"origin": "Zoe Canary"}, "$.origin"),
        ({"occurred_at": "Zoe Canary"}, "$.occurred_at"),
        (
            {"data": {"contact_id": "c", "decision": "Zoe Canary", "closed_at": "2026-03-02T00:00:00Z"}},
            "$.decision",
        ),
        ({"data": {"contact_id": "c", "decision": "MET", "closed_at": "Zoe Canary"}}, "$.closed_at"),
        ({"data": ["Zoe Canary"]}, ""),
    ],
)
def test_the_reason_names_the_place_and_never_the_value(changes: dict[str, object], place: str):
    said = reading(an_envelope(**changes))
    assert place in said
    assert "Canary" not in said


def test_a_broken_text_encoding_is_undecodable_too():
    value = json.dumps(an_envelope()).encode().replace(b"dorset", b"d\xff\xferset")
    with pytest.raises(Undecodable):
        decode(value).event()


def test_a_moment_keeps_its_instant_whatever_zone_it_was_said_in():
    east = datetime(2026, 7, 1, 1, tzinfo=timezone(timedelta(hours=9)))
    said = ContactClosed(contact_id="c", decision=Decision.MET, closed_at=east)
    found = decode_data(ContactClosed, encode_data(said))
    assert isinstance(found, ContactClosed)
    assert found.closed_at == datetime(2026, 6, 30, 16, tzinfo=UTC)


def test_a_person_travels_with_everything_that_hangs_on_them():
    person = Person(
        id="p",
        names=(Name(given="Zoë", surname="O’Neill"), Name(kind="native", full="佐藤 花子")),
        addresses=(Address(line1="1 Way", since=date(2020, 2, 29)),),
    )
    assert msgspec.json.decode(msgspec.json.encode(person), type=Person) == person


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_a_fact_says_on_which_topic_it_travels_and_by_which_of_its_fields(name: str):
    kind = EVENTS[name]
    fields = {one.name for one in msgspec.inspect.type_info(kind).fields}  # type: ignore[attr-defined]
    assert kind.keyed_by in fields
    assert kind.topic.startswith("heed.")
    assert kind.version >= 1


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_a_schema_forbids_no_further_fields(name: str):
    assert "additionalProperties" not in json.dumps(schema_of(EVENTS[name])).replace(
        '"additionalProperties": {', ""
    )
