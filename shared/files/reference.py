"""What a fact says about a file, and what opening it gives."""

from dataclasses import dataclass

# No scanner is connected: type and size are checked, and pages say that nobody looked for malware.
NOT_SCANNED = "not scanned"


@dataclass(frozen=True)
class FileRef:
    """A file without its content. `owner` is the service that keeps and deletes it, `sha256` of the plain
    content in hexadecimal, `size` in bytes, `type` its media type as found in its content."""

    id: str
    owner: str
    sha256: str
    size: int
    type: str
    scan_state: str = NOT_SCANNED


@dataclass(frozen=True)
class OpenFile:
    """A file with its name and content."""

    ref: FileRef
    name: str
    content: bytes
