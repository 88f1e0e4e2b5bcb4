"""Take the built files of GOV.UK Frontend and axe-core out of their npm packages, without what only GOV.UK
may use.

    python tools/vendor_govuk.py govuk-frontend-6.3.0.tgz axe-core-4.14.1.tgz

Fonts, font names, crown and images stay behind (they are not covered by the licence of the code), and so do
source-map comments. Digests of the result are written beside it; a test compares them."""

import hashlib
import re
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "shared" / "web" / "static"
AXE = ROOT / "tests" / "browser" / "vendor"
FONTS = 'Arial,"Liberation Sans",Helvetica,sans-serif'


def strip_style(text: str) -> str:
    """The stylesheet without font files, font name and source map."""
    text = re.sub(r"@font-face\{[^}]*\}", "", text)
    text = re.sub(r"(['\"]?)GDS Transport\1,\s*arial,\s*sans-serif", FONTS, text, flags=re.IGNORECASE)
    # The rule that draws the crest above a copyright line.
    text = re.sub(r"[^{}]*\{[^{}]*govuk-crest\.svg[^{}]*\}", "", text)
    text = re.sub(r"[^{}]*govuk-footer__crown[^{}]*\{[^{}]*\}", "", text)
    return _without_map(text)


def _without_map(text: str) -> str:
    return re.sub(r"/\*# sourceMappingURL=.*?\*/|//# sourceMappingURL=.*", "", text).rstrip() + "\n"


def _member(package: str, name: str) -> str:
    with tarfile.open(package) as archive:
        found = archive.extractfile(f"package/{name}")
        if found is None:
            raise SystemExit(f"{package} has no {name}.")
        return found.read().decode()


def _write(folder: Path, files: dict[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    digests = [
        f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in sorted(files)
    ]
    (folder / "SHA256SUMS").write_text("".join(digests), encoding="utf-8")


def main(govuk: str, axe: str) -> None:
    """Write both sets."""
    dist = "dist/govuk/govuk-frontend.min"
    _write(
        STATIC,
        {
            "govuk-frontend.min.css": strip_style(_member(govuk, f"{dist}.css")),
            "govuk-frontend.min.js": _without_map(_member(govuk, f"{dist}.js")),
        },
    )
    _write(
        AXE,
        {
            "axe.min.js": _without_map(_member(axe, "axe.min.js")),
            "LICENSE": _member(axe, "LICENSE"),
            "LICENSE-3RD-PARTY.txt": _member(axe, "LICENSE-3RD-PARTY.txt"),
        },
    )


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit("Give the two packages: python tools/vendor_govuk.py GOVUK.tgz AXE.tgz")
    main(sys.argv[1], sys.argv[2])
