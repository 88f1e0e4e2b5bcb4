"""PDFs by typst: data goes in as JSON and is never read as markup; fonts are ours, so output depends on no
machine."""

import json
import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec
from anyascii import anyascii

from shared.clock import wall_clock
from shared.errors import Unavailable

_HERE = Path(str(files("shared.documents")))
_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\uf8ff\ufdd0-\ufdef\ufeff\ufffe\uffff\U000f0000-\U0010ffff]"
)
# What the shipped fonts hold: Latin with all its accents, Greek, Cyrillic, European punctuation.
_UNDRAWN = re.compile(
    r"[^\t\n\x20-\x7e\u00a0-\u024f\u0370-\u04ff\u1e00-\u1eff\u2010-\u2027\u2030-\u203a\u20ac]"
)

_BEYOND_ASCII = re.compile(r"[^\t\n\x20-\x7e]")


class TemplateFault(Exception):
    """A template does not compile with its data: a fault in our code. The data are not repeated."""


def pdf(template: str | Path, data: object, *, at: datetime | None = None) -> bytes:
    """A PDF of a shared template's name or a service's own `.typ` file; `at` is the document's moment, now if
    not given.

    `data` is anything msgspec makes JSON of. Signs that no shipped font can draw are written in Latin
    letters, and the template is told by `sys.inputs.latin`. Raises Unavailable where typst is not installed.
    """
    source = template if isinstance(template, Path) else _HERE / "templates" / f"{template}.typ"
    moment, plain = at or wall_clock(), msgspec.to_builtins(data)
    attempts: tuple[tuple[Callable[[str], str], str], ...] = (
        (_printable, "no"),
        (lambda text: _UNDRAWN.sub(_in_latin, _printable(text)), "yes"),
        (lambda text: _BEYOND_ASCII.sub(_in_latin, _printable(text)), "yes"),
    )
    for convert, latin in attempts:
        made = _compiled(source, {"data": json.dumps(_each(plain, convert)), "latin": latin}, moment)
        if made is not None:
            return made
    raise TemplateFault(f"The template {source.name} asks for a sign that its fonts do not have.")


def _compiled(source: Path, inputs: dict[str, str], moment: datetime) -> bytes | None:
    """None when a sign cannot be drawn."""
    try:
        import typst
    except ImportError:
        raise Unavailable(
            "PDF is not available on this machine. Use the page in the browser and print it."
        ) from None
    try:
        made: bytes = typst.compile(
            source.read_bytes(),  # type: ignore[call-overload]  # its stubs want one type for input and root
            root=str(_HERE / "templates"),
            font_paths=[str(_HERE / "fonts")],
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=["a-2a", "ua-1"],
            timestamp=int(moment.astimezone(UTC).timestamp()),
            sys_inputs=inputs,
        )
    except typst.TypstError as problem:
        if "could not be displayed" in str(problem):
            return None
        raise TemplateFault(f"The template {source.name} does not compile.") from None
    return made


def _printable(text: str) -> str:
    return _CONTROL.sub("", unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")))


def _in_latin(sign: re.Match[str]) -> str:
    unseen = unicodedata.category(sign[0]) in {"Mn", "Me", "Cf"}
    return str(anyascii(sign[0])) or ("" if unseen else "?")


def _each(value: Any, convert: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return convert(value)
    if isinstance(value, dict):
        return {key: _each(one, convert) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_each(one, convert) for one in value]
    return value
