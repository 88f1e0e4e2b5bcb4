"""What may be uploaded: judged by content, refused with what to do instead."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import Invalid
from shared.files import checks
from tests.shared.files.samples import DOCUMENT, EMAIL, JPEG, PDF, PNG, archive


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("report.pdf", PDF, "application/pdf"),
        ("Report.PDF", PDF, "application/pdf"),
        ("notes.docx", DOCUMENT, checks.DOCX),
        ("picture.png", PNG, "image/png"),
        ("picture.jpeg", JPEG, "image/jpeg"),
        ("mail.eml", EMAIL, "message/rfc822"),
        ("notes.txt", "Ünïcode and more".encode(), "text/plain"),
        ("notes.txt", "Nodiadau".encode("utf-16-le").replace(b"\x00", b""), "text/plain"),
    ],
)
def test_allowed_kinds_are_known_by_their_content(name: str, content: bytes, expected: str) -> None:
    assert checks.type_of(name, content) == expected


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("virus.exe", b"MZ\x90\x00" + bytes(100)),
        ("page.html", b"<html><script>alert(1)</script></html>"),
        ("archive.zip", archive({"a.txt": b"x"})),
        ("animation.gif", b"GIF89a" + bytes(20)),
        ("notes.txt", b"text with\x00a zero"),
        ("mail.eml", b"no headers at all"),
        ("noending", b"text"),
    ],
)
def test_other_kinds_are_refused_with_what_to_send(name: str, content: bytes) -> None:
    with pytest.raises(Invalid, match="Send a PDF, a Word document"):
        checks.type_of(name, content)


@pytest.mark.parametrize(
    ("name", "content"), [("report.txt", PDF), ("photo.png", JPEG), ("a.pdf", DOCUMENT), ("a.pdf.exe", PDF)]
)
def test_a_name_that_says_something_else_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(Invalid, match="does not fit"):
        checks.type_of(name, content)


def with_entries(extra: dict[str, bytes]) -> bytes:
    return archive({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>", **extra})


@pytest.mark.parametrize(
    ("extra", "why"),
    [
        ({"word/media/bomb.bin": bytes(30_000_000)}, "unpacks to far more"),
        ({f"word/media/{number}": b"" for number in range(2_100)}, "unpacks to far more"),
        ({"../../etc/passwd": b"x"}, "unsafe way"),
        ({"/absolute": b"x"}, "unsafe way"),
        ({"C:\\windows\\x": b"x"}, "unsafe way"),
        ({"word/vbaProject.bin": b"macro"}, "macros"),
    ],
)
def test_a_dangerous_document_is_refused(extra: dict[str, bytes], why: str) -> None:
    with pytest.raises(Invalid, match=why):
        checks.type_of("notes.docx", with_entries(extra))


def test_a_damaged_document_is_refused() -> None:
    with pytest.raises(Invalid, match="damaged"):
        checks.type_of("notes.docx", DOCUMENT[: len(DOCUMENT) // 2])


def test_a_locked_document_is_refused() -> None:
    locked = bytearray(DOCUMENT)
    with zipfile.ZipFile(io.BytesIO(DOCUMENT)) as opened:
        start = opened.start_dir
    locked[start + 8] |= 1
    with pytest.raises(Invalid, match="locked"):
        checks.type_of("notes.docx", bytes(locked))


def test_twenty_megabytes_pass_and_one_byte_more_does_not() -> None:
    largest = PDF.ljust(checks.LARGEST, b" ")
    assert checks.content_of(io.BytesIO(largest)) == largest
    for source in (largest + b" ", io.BytesIO(largest + b" ")):
        with pytest.raises(Invalid, match="larger than 20 MB"):
            checks.content_of(source)


def test_nothing_is_refused() -> None:
    with pytest.raises(Invalid, match="empty"):
        checks.content_of(b"")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\me\\notes.docx", "notes.docx"),
        ("no\r\ntes\x00.txt", "notes.txt"),
        ('a"b<c>.pdf', "abc.pdf"),
        ("..", "file"),
        ("", "file"),
        ("x" * 300 + ".pdf", "x" * 140 + ".pdf"),
        ("a long name without an ending", "a long name without an ending"),
        ("x" * 149 + " y", "x" * 149),
    ],
)
def test_names_are_tidied(name: str, shown: str) -> None:
    assert checks.tidy_name(name) == shown


@given(st.text(max_size=400))
def test_a_tidy_name_is_short_printable_and_without_folders(name: str) -> None:
    shown = checks.tidy_name(name)
    assert 0 < len(shown) <= 150
    assert shown.isprintable()
    assert "/" not in shown
    assert checks.tidy_name(shown) == shown


@given(st.sampled_from(["a.pdf", "a.docx", "a.png", "a.eml", "a.txt"]), st.binary(min_size=1, max_size=2_000))
def test_any_bytes_are_judged_without_a_fault(name: str, content: bytes) -> None:
    try:
        assert checks.type_of(name, content) in checks.TYPES.values()
    except Invalid as refusal:
        assert str(refusal)


@given(st.binary(max_size=60), st.integers(0, 400))
def test_a_mangled_document_is_judged_without_a_fault(noise: bytes, place: int) -> None:
    mangled = DOCUMENT[:place] + noise + DOCUMENT[place + len(noise) :]
    try:
        checks.type_of("a.docx", mangled)
    except Invalid as refusal:
        assert str(refusal)
