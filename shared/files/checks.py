"""What may be uploaded, judged by content and never by the name alone."""

import io
import re
import zipfile
from email import policy
from email.parser import BytesHeaderParser
from pathlib import PurePosixPath
from typing import BinaryIO

import filetype

from shared.errors import Invalid

LARGEST = 20 * 1024 * 1024
_MOST_ENTRIES, _MOST_UNPACKED, _MOST_RATIO = 2_000, 200 * 1024 * 1024, 100
_ALLOWED = "a PDF, a Word document (.docx), a picture (.png or .jpg), an e-mail (.eml) or plain text (.txt)"

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TYPES = {
    "pdf": "application/pdf",
    "docx": DOCX,
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "eml": "message/rfc822",
    "txt": "text/plain",
}


def content_of(source: bytes | BinaryIO) -> bytes:
    """All of an upload. Raises Invalid when it is empty or over 20 MB."""
    content = source if isinstance(source, bytes) else source.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Invalid("The file is larger than 20 MB. Send it in parts, or take out what is not needed.")
    if not content:
        raise Invalid("The file is empty. Choose it again.")
    return content


def type_of(name: str, content: bytes) -> str:
    """The media type that the content shows. Raises Invalid when it is not allowed or not what the name
    says."""
    ending = name.rpartition(".")[2].lower()
    found = _binary_type(content) or _text_type(ending, content)
    if found is None:
        raise Invalid(f"Heed cannot take this kind of file. Send {_ALLOWED}.")
    if TYPES.get(ending) != found:
        raise Invalid(
            "The end of the file's name does not fit what is in it. Save it again in its own format."
        )
    return found


def tidy_name(name: str) -> str:
    """A name that is safe to show and to offer for download: no folders, no control characters, 150 at
    most."""
    last = PurePosixPath(name.replace("\\", "/")).name
    shown = "".join(sign for sign in last if sign.isprintable() and sign not in '<>:"|?*').strip(". ")
    stem, dot, ending = shown.rpartition(".")
    short = f"{stem[:140]}{dot}{ending[:9]}" if dot else shown[:150]
    return short.strip(". ") or "file"


def _binary_type(content: bytes) -> str | None:
    guess = filetype.guess(content[:8192])
    found = guess.mime if guess else None
    if content.startswith(b"PK\x03\x04"):
        return _document_type(content)
    return found if found in TYPES.values() else None


def _document_type(content: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise Invalid("The document is damaged. Open it, save it again and send the new file.") from None
    names = {entry.filename for entry in entries}
    # Any other zip is not a document, whatever its name says.
    if not {"[Content_Types].xml", "word/document.xml"} <= names:
        return None
    _check_entries(entries)
    return DOCX


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > _MOST_ENTRIES or unpacked > _MOST_UNPACKED or unpacked > _MOST_RATIO * max(packed, 1):
        raise Invalid("The document unpacks to far more than it should. Save it as a PDF and send that.")
    if any(_slips(entry.filename) or entry.flag_bits & 1 for entry in entries):
        raise Invalid(
            "The document is put together in an unsafe way or locked. Save it as a PDF and send that."
        )
    if any(entry.filename.lower().endswith("vbaproject.bin") for entry in entries):
        raise Invalid("The document holds macros. Save it as a PDF and send that.")


def _slips(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or bool(re.match(r"[A-Za-z]:", name))


def _text_type(ending: str, content: bytes) -> str | None:
    if ending == "eml":
        headers = BytesHeaderParser(policy=policy.compat32).parsebytes(content[:65536])
        return TYPES["eml"] if headers["From"] and (headers["Date"] or headers["Subject"]) else None
    if ending == "txt" and b"\x00" not in content:
        return TYPES["txt"]
    return None
