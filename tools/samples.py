"""Writes a first golden sample for each fact that has none: `python -m tools.samples`. It never touches one
that is there."""

import hashlib
import types
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec

from shared.contracts import EVENTS, Envelope, Event, Origin
from shared.contracts.message import encode, encode_data

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "contracts" / "samples"

MOMENT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PLAIN: dict[Any, Any] = {
    datetime: MOMENT,
    date: MOMENT.date(),
    bool: True,
    int: 3,
    float: 7.5,
    bytes: b"invented",
}
WORDS = {
    "given": "Rowan",
    "middle": "Lee",
    "surname": "Ashdown",
    "full": "Rowan Lee Ashdown",
    "title": "Mx",
    "kind": "legal",
    "born": "1984-05-17",
    "line1": "1 Invented Row",
    "town": "Anytown",
    "postcode": "ZZ1 1ZZ",
    "email": "rowan@school.example",
    "emails": "rowan@school.example",
    "phone": "01632 960123",
    "phones": "07700 900123",
    "scheme": "TRN",
    "reference": "DOR-2026-K7M4",
    "authority": "dorset",
    "holder": "wiltshire",
    "contact_route": "officers@wiltshire.example",
    "display_name": "Invented Primary School",
    "value": "{}",
    "name": "Rowan Ashdown",
    "channel": "online",
    "organisation": "Invented Primary School",
    "job_title": "Teaching assistant",
    "happened_on": "2026-02-27",
    "postcode_area": "ZZ1",
    "topic": "heed.intake.contact",
    "agrees": "surname",
}


def path_of(kind: type[Event]) -> Path:
    """Where the sample of a fact lies."""
    return FOLDER / f"{kind.name}.v{kind.version}.json"


def invented(kind: Any, name: str) -> Any:
    """A value of that type as a field of that name could hold it; the same at every run."""
    if is_dataclass(kind):
        return _dataclass(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next(iter(kind))
    if kind is str:
        return WORDS.get(name) or (
            _id(name)
            if name.endswith(("_id", "_ids")) or name == "id"
            else f"invented {name.replace('_', ' ')}"
        )
    return PLAIN[kind] if kind in PLAIN else _composed(kind, name)


def _dataclass(kind: Any) -> Any:
    hints = get_type_hints(kind)
    return kind(**{field.name: invented(hints[field.name], field.name) for field in fields(kind)})


def _composed(kind: Any, name: str) -> Any:
    origin, parts = get_origin(kind), [part for part in get_args(kind) if part not in (type(None), Ellipsis)]
    values = [invented(part, name) for part in parts]
    if origin in (Union, types.UnionType):
        return values[0]
    return dict([values]) if origin is dict else origin(values)


def _id(name: str) -> str:
    digest = hashlib.sha256(name.encode()).hexdigest()
    return f"0195539a-5c00-7{digest[:3]}-8{digest[3:6]}-{digest[6:18]}"


def sample(kind: type[Event]) -> bytes:
    """A whole envelope with an invented fact of that kind."""
    event = _dataclass(kind)
    envelope = Envelope(
        id=_id(kind.name),
        type=kind.name,
        version=kind.version,
        topic=kind.topic.replace("{service}", "intake"),
        key=event.key,
        sequence=1,
        authority="dorset",
        actor=_id("actor"),
        correlation_id=_id("correlation"),
        origin=Origin.LIVE,
        occurred_at=MOMENT,
        recorded_at=MOMENT,
        data=msgspec.Raw(encode_data(event)),
    )
    return msgspec.json.format(encode(envelope), indent=1) + b"\n"


def main() -> None:
    """Write what is missing and say so."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for kind in EVENTS.values():
        if not path_of(kind).exists():
            path_of(kind).write_bytes(sample(kind))
            print(path_of(kind).name)


if __name__ == "__main__":
    main()
