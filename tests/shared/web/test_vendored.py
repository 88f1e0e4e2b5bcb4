"""What is not ours: the very files of the packages, with their licences, without what only GOV.UK may use."""

import hashlib
import re
from importlib.metadata import version
from pathlib import Path

import pytest

from shared.web.assets import FOLDER
from tools import vendor_govuk

ROOT = Path(__file__).resolve().parents[3]
AXE = ROOT / "tests" / "browser" / "vendor"
TEXTS = [path for path in FOLDER.rglob("*") if path.suffix in {".css", ".js", ".svg"}]


@pytest.mark.parametrize("folder", [FOLDER, AXE], ids=["style", "axe"])
def test_every_vendored_file_is_the_one_that_was_recorded(folder: Path):
    lines = (folder / "SHA256SUMS").read_text().splitlines()
    assert lines
    for line in lines:
        digest, name = line.split("  ")
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest, name


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_nothing_of_govuks_own_brand_is_shipped(path: Path):
    text = path.read_text(encoding="utf-8")
    for mark in ("GDS Transport", "@font-face", "crown", "crest", "sourceMappingURL", "/assets/"):
        assert mark not in text, f"{path.name} has {mark}"


def test_no_image_or_font_comes_along():
    assert {path.suffix for path in FOLDER.rglob("*") if path.is_file()} <= {
        ".css",
        ".js",
        ".svg",
        ".txt",
        "",
    }


def test_licences_are_there():
    assert "The MIT License" in (FOLDER / "GOVUK-FRONTEND-LICENCE.txt").read_text()
    assert "Mozilla Public License" in (AXE / "LICENSE").read_text()
    page = (ROOT / "docs" / "licences.md").read_text()
    for name in ("govuk-frontend 6.3.0", "axe-core 4.14.1"):
        assert name in page


def test_macros_and_style_are_of_the_same_release():
    css = (FOLDER / "govuk-frontend.min.css").read_text()
    assert re.search(r'--govuk-frontend-version:"?6\.3\.0', css)
    assert version("govuk-frontend-jinja") == "4.1.0", (
        "Look up which release of GOV.UK Frontend these macros follow."
    )


def test_stripping_leaves_the_rest_as_it_was():
    style = (
        '@font-face{font-family:"GDS Transport";src:url(x)}'
        'a{font-family:"GDS Transport",arial,sans-serif;color:red}'
        ".b:before{background:url(/assets/images/govuk-crest.svg)}c{d:e}/*# sourceMappingURL=x.map */"
    )
    assert vendor_govuk.strip_style(style) == f"a{{font-family:{vendor_govuk.FONTS};color:red}}c{{d:e}}\n"


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _themes() -> dict[str, dict[str, str]]:
    css = (FOLDER / "heed.css").read_text()
    return {
        name: dict(re.findall(r"--govuk-([a-z-]+): (#[0-9a-f]{6})", rules))
        for name, rules in re.findall(r"\.theme-([a-z]+) \{([^}]*)\}", css)
    }


def test_every_authority_of_the_demo_has_its_theme():
    assert set(_themes()) == {"region", "dorset", "wiltshire", "hampshire", "bcp"}


@pytest.mark.parametrize("theme", _themes())
def test_a_theme_can_be_read(theme: str):
    colours = _themes()[theme]
    assert _contrast(colours["brand-colour"], "#ffffff") >= 4.5
    assert _contrast("#0b0c0c", colours["surface-background-colour"]) >= 4.5
    assert _contrast("#1a65a6", colours["surface-background-colour"]) >= 4.5
    assert _contrast(colours["brand-colour"], colours["template-background-colour"]) >= 3
