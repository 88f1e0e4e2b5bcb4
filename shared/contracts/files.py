"""Files as facts name them: never with their content."""

from dataclasses import dataclass

# No scanner is connected: type and size are checked, and pages say that nobody looked for malware.
NOT_SCANNED = "not scanned"
CLEAN = "clean"
# A state that this build does not know is a reason to wait, not to open.
_OPENS = frozenset({NOT_SCANNED, CLEAN})


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

    @property
    def may_be_opened(self) -> bool:
        """Whether what is known of malware in it lets anybody have its content."""
        return self.scan_state in _OPENS


@dataclass(frozen=True, kw_only=True)
class NamedFile:
    """A file as people find it in a list. `name` is its sender's, made safe to show."""

    name: str
    ref: FileRef
