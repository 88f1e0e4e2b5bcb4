"""What was once on the bus must be read for ever: a golden sample per fact and version, never edited."""

import json

import pytest

from shared.contracts import EVENTS, all_topics, decode
from shared.contracts.message import encode_data, schema_of
from tools.samples import FOLDER, path_of

SAMPLES = sorted(FOLDER.glob("*.json"))


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_every_fact_has_a_golden_sample_of_its_version(name: str):
    wanted = path_of(EVENTS[name])
    assert wanted.exists(), f"{wanted.name} is missing: run `python -m tools.samples`, read it, commit it."


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_golden_sample_is_read_by_this_build(path):
    envelope = decode(path.read_bytes())
    event = envelope.event()
    assert event is not None, f"This build no longer knows {envelope.type}, which lies in journals."
    assert event.key == envelope.key
    assert envelope.topic in all_topics()


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_nothing_that_a_sample_says_is_lost_on_the_way(path):
    envelope = decode(path.read_bytes())
    event = envelope.event()
    assert event is not None
    said, kept = json.loads(bytes(envelope.data)), json.loads(encode_data(event))
    lost = {name for name in said if said[name] != kept.get(name)}
    assert not lost, f"Renamed or changed in meaning: {lost}. Make it a new field or a new fact."


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_field_that_only_a_later_build_knows_is_ignored(path):
    document = json.loads(path.read_bytes())
    document["data"]["from_the_future"] = {"any": ["thing"]}
    document["also_new"] = 1
    assert decode(json.dumps(document).encode()).event() == decode(path.read_bytes()).event()


def test_a_fact_of_a_later_build_is_known_to_be_unknown():
    document = json.loads(SAMPLES[0].read_bytes()) | {"type": "nothing.yet"}
    assert decode(json.dumps(document).encode()).event() is None


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_every_fact_has_a_schema_for_those_who_read_the_topic_from_outside(name: str):
    kind = EVENTS[name]
    assert schema_of(kind)["$ref"].rsplit("/", 1)[-1] == kind.__name__  # type: ignore[attr-defined]
