"""Where templates come from, and their compiled form: kept once per process, however many apps it serves."""

import flask
from jinja2 import BytecodeCache, ChoiceLoader, PackageLoader, PrefixLoader
from jinja2.bccache import Bucket


class _Compiled(BytecodeCache):
    """In memory. Jinja compares a checksum of the source before it takes what is here."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Hand out what is known under this key."""
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it."""
        self._kept[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()
_SHARED = ChoiceLoader(
    [
        PackageLoader("shared.web", "templates"),
        PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
    ]
)


def install(app: flask.Flask) -> None:
    """Before anything touches the app's templates."""
    app.jinja_options = {"bytecode_cache": _COMPILED, "trim_blocks": True, "lstrip_blocks": True}
    app.jinja_loader = _SHARED
