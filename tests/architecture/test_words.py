"""What may not stand anywhere in the project: places of one machine, package hosts, real addresses, unkind
words."""

import re
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, tracked

VENDORED = ("shared/web/static/govuk", "tests/browser/vendor", "shared/web/static/moj")
TEXTS = {
    ".py",
    ".md",
    ".html",
    ".toml",
    ".yml",
    ".yaml",
    ".json",
    ".js",
    ".css",
    ".txt",
    ".csv",
    ".cfg",
    ".sh",
    ".typ",
    ".mako",
    "",
}
HERE = Path(__file__).relative_to(ROOT)
DOMAINS = re.compile(r"[\w.+-]+@([a-z0-9-]+(?:\.[a-z0-9-]+)+)", re.IGNORECASE)
NUMBERS = re.compile(r"(?<![\w.\-/])0(?:1|2|7)\d{2,3} ?\d{3} ?\d{3,4}(?![\w\-])")
# Ofcom's ranges for drama: no number in them rings.
DRAMA = re.compile(r"01632960\d{3}|07700900\d{3}|0(1[1-8]|121|131|141|151|161|191)\d?4960\d{3}|02079460\d{3}")


def _texts() -> list[tuple[Path, str]]:
    own = [
        path
        for path in tracked()
        if path.suffix in TEXTS and path != HERE and not str(path).startswith(VENDORED)
    ]
    return [(path, (ROOT / path).read_text(encoding="utf-8", errors="replace")) for path in own]


def _found(pattern: re.Pattern[str]) -> list[str]:
    return sorted({f"{path}: {match.group()}" for path, text in _texts() for match in pattern.finditer(text)})


@pytest.mark.parametrize(
    "pattern",
    [
        r"pypi\.org|pythonhosted|npmjs|registry\.\w+|files\.\w+hosted",
        r"(?<![\w.])/(root|home|work|Users|opt/wheels)/\w+",
        r"\b(TODO|FIXME|HACK)\b",
        r"-----BEGIN [A-Z ]*PRIVATE KEY",
    ],
)
def test_no_place_of_one_machine_and_no_loose_end(pattern: str):
    found = _found(re.compile(pattern))
    assert not found, found


def test_every_mail_address_is_one_that_cannot_exist():
    real = sorted(
        {
            f"{path}: {match.group()}"
            for path, text in _texts()
            for match in DOMAINS.finditer(text)
            if not match.group(1)
            .lower()
            .endswith((".example", "example.com", ".test", ".invalid", ".localhost"))
        }
    )
    assert not real, f"Use .example: {real}"


def test_every_telephone_number_is_from_the_range_for_drama():
    real = sorted(
        {
            f"{path}: {match.group()}"
            for path, text in _texts()
            for match in NUMBERS.finditer(text)
            if not DRAMA.fullmatch(match.group().replace(" ", ""))
        }
    )
    assert not real, f"Use 01632 960xxx or 07700 900xxx: {real}"


def test_no_page_condemns_anybody():
    pages = [
        (path, text)
        for path, text in _texts()
        if path.suffix in {".html", ".typ", ".toml"} and path.parts[0] in ("services", "shared")
    ]
    unkind = sorted(
        {
            f"{path}: {match.group()}"
            for path, text in pages
            for match in re.finditer(r"(?i)\b(perpetrators?|abusers?|culprits?)\b", text)
        }
    )
    assert not unkind, f"It is `the adult`: {unkind}"
