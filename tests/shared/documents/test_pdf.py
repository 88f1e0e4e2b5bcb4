"""PDFs: the data stay data, every script prints, and an independent judge passes them."""

import io
import subprocess
import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from shared import documents
from shared.documents.pdf import TemplateFault
from tests import judge

MOMENT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Letter:
    """What the shared letter asks for."""

    sender: str = "Dorset"
    addressee: str = "The headteacher\nPlover Lane Primary School"
    reference: str = "7Q2-N10"
    dated: str = "2 March 2026"
    title: str = "Notice of a concern"
    opening: tuple[str, ...] = ("You told us about a concern.", "This is what became of it.")
    lines: tuple[tuple[str, str], ...] = (("Role", "Teacher"), ("Setting", "Plover Lane Primary School"))
    missing: tuple[str, ...] = ("Date of birth",)
    closing: tuple[str, ...] = ("Please confirm that you have received this notice.",)
    classification: str = "OFFICIAL-SENSITIVE"
    invented: str = "Invented data: nobody in this document exists."


LETTER = Letter()


def made(letter: Letter = LETTER) -> bytes:
    return documents.pdf("letter", letter, at=MOMENT)


def read(content: bytes) -> str:
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
    return " ".join(" ".join(pages).split())


def test_a_letter_says_everything_it_was_given() -> None:
    text = read(made())
    for part in (
        "OFFICIAL-SENSITIVE", "Invented data", "Dorset", "The headteacher Plover Lane", "2 March 2026",
        "Our reference: 7Q2-N10", "Notice of a concern", "This is what became of it.", "Role Teacher",
        "Not known when this was written", "Date of birth", "Please confirm", "Page 1 of 1",
    ):  # fmt: skip
        assert part in text


def test_a_letter_is_tagged_titled_and_in_english() -> None:
    opened = PdfReader(io.BytesIO(made()))
    root: Any = opened.root_object
    assert opened.metadata is not None
    assert opened.metadata.title == "Notice of a concern"
    assert opened.metadata.creation_date == MOMENT
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root


def test_the_same_letter_is_the_same_bytes() -> None:
    assert made() == made()
    assert made() != documents.pdf("letter", LETTER, at=MOMENT.replace(year=2027))


def test_data_are_not_read_as_markup() -> None:
    tricky = '#panic("x") *bold* $x^2$ <label> @cite // comment \\ [content]'
    assert tricky in read(made(replace(LETTER, opening=(tricky,), title=tricky)))


def test_what_is_empty_is_left_out() -> None:
    text = read(made(replace(LETTER, lines=(), missing=(), invented="")))
    assert "What we know" not in text
    assert "Not known" not in text
    assert "Invented" not in text


def test_a_long_letter_bears_its_mark_on_every_page() -> None:
    long = replace(LETTER, lines=tuple((f"Item {number}", "word " * 120) for number in range(40)))
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(made(long))).pages]
    assert len(pages) > 3
    assert all("OFFICIAL-SENSITIVE" in page and "7Q2-N10" in page for page in pages)


@pytest.mark.parametrize("name", ["Łukasz Ünal", "Ольга Ким", "Ελένη", "Siân Ŵyn", "O’Neill–Smith"])
def test_names_of_europe_print_as_they_are(name: str) -> None:
    text = read(made(replace(LETTER, addressee=name)))
    assert name in text
    assert "Latin letters" not in text


@pytest.mark.parametrize(("name", "latin"), [("李明", "LiMing"), ("김민준", "GimMinJun")])
def test_a_script_without_a_font_prints_in_latin_letters_and_says_so(name: str, latin: str) -> None:
    text = read(made(replace(LETTER, addressee=name)))
    assert latin in text
    assert "written in Latin letters here" in text


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=60), st.text(max_size=40).map(lambda title: f"About {title}"))
def test_any_text_becomes_a_document(value: str, title: str) -> None:
    assert made(replace(LETTER, lines=((value, value),), opening=(value,), title=title)).startswith(b"%PDF-")


def test_a_service_brings_its_own_template(tmp_path: Path) -> None:
    template = tmp_path / "note.typ"
    template.write_text(
        '#let data = json(bytes(sys.inputs.data))\n#set document(title: "Note", date: auto)\n'
        '#set text(font: "Source Sans Pro", lang: "en")\n= #data.word\n'
    )
    assert "Hello" in read(documents.pdf(template, {"word": "Hello"}, at=MOMENT))


def test_a_broken_template_is_a_fault_that_repeats_no_value(tmp_path: Path) -> None:
    template = tmp_path / "broken.typ"
    template.write_text("#let data = json(bytes(sys.inputs.data))\n#panic(data.word)\n")
    with pytest.raises(TemplateFault) as caught:
        documents.pdf(template, {"word": "Quillfeather"}, at=MOMENT)
    assert "Quillfeather" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_a_machine_without_typst_says_so() -> None:
    script = (
        "import sys; sys.modules['typst'] = None\n"
        "from shared import documents, errors\n"
        "try: documents.pdf('letter', {})\n"
        "except errors.Unavailable as problem: print(problem)\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True)
    assert ran.stdout.startswith("PDF is not available on this machine")


@pytest.mark.servers
@pytest.mark.parametrize("profile", ["ua1", "2a"])
def test_an_independent_judge_passes_every_letter(profile: str, tmp_path: Path) -> None:
    letters = [
        LETTER,
        replace(LETTER, lines=(), missing=(), invented=""),
        replace(LETTER, addressee="李明\nОльга"),
    ]
    letters.append(replace(LETTER, lines=tuple((f"Item {number}", "word " * 120) for number in range(40))))
    paths = [tmp_path / f"{number}.pdf" for number in range(len(letters))]
    for path, letter in zip(paths, letters, strict=True):
        path.write_bytes(made(letter))
    judge.passed(profile, paths)
