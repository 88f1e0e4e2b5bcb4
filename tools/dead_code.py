"""Names every function, method and class of the product that nothing uses: `python -m tools.dead_code`.

Fields and members of enums are left out, because pages, databases and JSON read them by name. What only a
test uses is
dead too; what a page's template, a table of rules or a library calls is not.
"""

import re
import sys
from collections.abc import Iterable
from pathlib import Path

from vulture import Vulture

ROOT = Path(__file__).resolve().parents[1]
PATHS = ("services", "shared", "tools")
KINDS = {"function", "method", "class", "property", "unreachable_code"}
DECORATED = [
    "@*.get",
    "@*.post",
    "@*.put",
    "@*.patch",
    "@*.delete",
    "@*.route",
    "@*.on",
    "@*.heard",
    "@*.command",
    "@*.arguments",
    "@*.response",
    "@event.listens_for",
    "@*.url_defaults",
    "@*.errorhandler",
    "@*.context_processor",
    "@validates*",
    "@pre_load",
    "@post_load",
    "@post_dump",
    "@click.*",
    "@compiles*",
]
# Called by a library under this very name.
CALLED_BY_OTHERS = {
    "_deserialize",
    "dump_bytecode",
    "load_bytecode",
    "_serialize",
    "_validated",
    "cache_ok",
    "emit",
    "handle_http_exception",
    "impl",
    "load_config",
    "load_dialect_impl",
    "Meta",
    "on_partitions_assigned",
    "on_partitions_lost",
    "on_partitions_revoked",
    "process_bind_param",
    "process_result_value",
    "__init_subclass__",
    "handle_data",
    "handle_endtag",
    "handle_starttag",
    "get_command",
    "list_commands",
    "handle_DATA",
    "self_group",
}
# Used by tests and benchmarks only, on purpose.
FOR_TESTS = {"Stepper", "settle"}


def unused() -> list[str]:
    """Each as `file:line name`."""
    vulture = Vulture(ignore_names=sorted(CALLED_BY_OTHERS | FOR_TESTS), ignore_decorators=DECORATED)
    vulture.scavenge([str(ROOT / path) for path in PATHS], exclude=["*/migrations/*"])
    elsewhere = _words_of_templates()
    found = [
        item
        for item in vulture.get_unused_code(min_confidence=60)
        if item.typ in KINDS and item.name not in elsewhere
    ]
    return [
        f"{Path(item.filename).relative_to(ROOT)}:{item.first_lineno} {item.typ} {item.name}"
        for item in found
    ]


def _words_of_templates() -> set[str]:
    return {word for text in _templates() for word in re.findall(r"[A-Za-z_]\w+", text)}


def _templates() -> Iterable[str]:
    folders = [path for top in ("services", "shared") for path in (ROOT / top).rglob("templates")]
    yield from (path.read_text(encoding="utf-8") for folder in folders for path in folder.rglob("*.html"))


def main() -> None:
    """Say them; exit 1 when there are any."""
    found = unused()
    print("\n".join(found) or "no dead code")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
