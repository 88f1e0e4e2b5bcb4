"""Small files of the kinds that Heed takes."""

import io
import zipfile


def archive(entries: dict[str, bytes]) -> bytes:
    """A zip of these."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in entries.items():
            opened.writestr(name, content)
    return target.getvalue()


PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(40)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(40)
EMAIL = b"From: head@school.example\r\nTo: officer@council.example\r\nSubject: Note\r\n\r\nText\r\n"
DOCUMENT = archive({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>"})
