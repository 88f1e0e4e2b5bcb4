"""Writes the pages that come from the code: `make docs`. A test compares them, so that they cannot drift."""

import inspect
import json
import re
import tempfile
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_args, get_type_hints

import services
from shared import settings
from shared.contracts import EVENTS, Event
from shared.contracts.message import schema_of
from shared.replicas import subscriptions as every_service
from shared.service import Service

DOCS = Path(__file__).resolve().parents[1] / "docs"

_HEADING = """# Events

Made from `shared/contracts`; change them there.

Everything that services tell one another, by topic. Each record is one JSON document: an envelope with the
fact in `data`. The envelope holds `id`, `type`, `version`, `topic`, `key`, `sequence`, `authority`, `actor`,
`correlation_id`, `origin`, `occurred_at` and `recorded_at`. Order is promised per topic and key. Only
`origin` = `live` may send, alert, escalate or tell another authority.

Readers ignore fields and facts that they do not know; a fact never changes its meaning, it gets a new name.
`events.schema.json` beside this page holds the JSON Schema of each, and `tests/contracts/samples` what it
looked like at first.
"""


_CONFIGURATION = """# Configuration

Made from `shared/settings.py`; change it there.

A process reads its settings once, from its environment. Each variable may also be given as `…_FILE`: the
path of a file that holds the value, as secrets are mounted. `{data}` in a value stands for the folder of
`HEED_DATA`. A name that begins with `HEED_` and is not listed here, or a value that does not hold, stops
the process with one sentence and exit code 2. `HEED_LAB`, `HEED_REQUIRE` and `HEED_TEST_…` belong to the
tests and are ignored.
"""


def pages() -> dict[Path, str]:
    """Each generated page with what it must say now."""
    found = {
        DOCS / "events.md": events(),
        DOCS / "events.schema.json": _json({name: schema_of(kind) for name, kind in sorted(EVENTS.items())}),
        DOCS / "configuration.md": configuration(),
    }
    return found | {DOCS / "api" / f"{name}.json": text for name, text in apis().items()}


def configuration() -> str:
    """The page `docs/configuration.md`."""
    known = [one.metadata for one in fields(settings.Settings)]
    rows = [f"| `{one['name']}` | {_shown(one['default'])} | {one['says']} |" for one in known]
    return "\n".join([_CONFIGURATION, "| Variable | Default | Meaning |", "| --- | --- | --- |", *rows, ""])


def _shown(default: str) -> str:
    return f"`{default}`" if default else "none"


def events() -> str:
    """The catalogue of facts: topic, meaning, fields, and who listens."""
    heard = {name: services.load(name).subscriptions.heard for name in services.NAMES}
    topics = sorted({kind.topic for kind in EVENTS.values()}, key=_owner_first)
    facts = [line for topic in topics for line in _topic(topic, heard)]
    return "\n".join([_HEADING, *facts, "## Parts\n", *(line for part in _parts() for line in _part(part))])


def _parts() -> list[type]:
    found: dict[str, type] = {}
    waiting = [hint for kind in EVENTS.values() for hint in get_type_hints(kind).values()]
    while waiting:
        hint = waiting.pop()
        waiting += get_args(hint)
        if is_dataclass(hint) and isinstance(hint, type) and hint.__name__ not in found:
            found[hint.__name__] = hint
            waiting += get_type_hints(hint).values()
    return [found[name] for name in sorted(found)]


def _part(part: type) -> Iterable[str]:
    yield f"### {part.__name__}\n"
    yield f"{_said(part)}\n"
    yield from _fields(part)


def _owner_first(topic: str) -> tuple[int, str]:
    owner = topic.split(".")[1]
    return (services.ORDER.index(owner) if owner in services.ORDER else len(services.ORDER), topic)


def _topic(topic: str, heard: dict[str, frozenset[str]]) -> Iterable[str]:
    kinds = [kind for kind in EVENTS.values() if kind.topic == topic]
    yield f"## {topic.replace('{service}', '<service>')}\n"
    yield f"Key: `{kinds[0].keyed_by}`.\n"
    for kind in kinds:
        yield from _event(kind, heard)


def _event(kind: type[Event], heard: dict[str, frozenset[str]]) -> Iterable[str]:
    listeners = [name for name in heard if kind.name in heard[name] or kind.name in every_service.heard]
    yield f"### `{kind.name}` version {kind.version}\n"
    yield f"{_said(kind)}\n"
    yield f"Heard by: {', '.join(listeners) or 'nobody yet'}.\n"
    yield from _fields(kind)


def _said(kind: type) -> str:
    return " ".join((inspect.getdoc(kind) or "").split())


def _fields(kind: Any) -> Iterable[str]:
    hints = get_type_hints(kind)
    yield "| field | type |\n| --- | --- |"
    yield from (f"| `{field.name}` | {_type(hints[field.name])} |" for field in fields(kind))
    yield ""


def _type(hint: Any) -> str:
    shown = (
        hint.__name__
        if isinstance(hint, type) and not get_args(hint)
        else re.sub(r"[a-z_.]+\.(?=\w)", "", str(hint))
    )
    return shown.replace(" | ", " or ").replace("tuple[", "list of ").replace(", ...]", "")


def apis() -> dict[str, str]:
    """The OpenAPI document of each service, as its own process serves it."""
    return {name: _json(_api(services.load(name))) for name in services.NAMES}


def _json(document: Any) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _api(service: Service) -> dict[str, Any]:
    from shared.mail.carriers import open_carrier
    from shared.messaging.open import open_log
    from shared.runtime import assemble
    from shared.web.api import document
    from shared.web.app import create_app

    with tempfile.TemporaryDirectory() as folder:
        made = settings.from_environment({"HEED_DATA": folder})
        runtime = assemble(service, made, open_log(made), open_carrier(made))
        return document(create_app(runtime))


def main() -> None:
    """Write every page that differs and name it."""
    for path, text in pages().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(path.relative_to(DOCS.parent))


if __name__ == "__main__":
    main()
