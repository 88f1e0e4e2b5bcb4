"""Where the letters of a kill run arrive: a real SMTP server that keeps each as often as it came."""

from typing import Any

from aiosmtpd.controller import Controller

from shared.cli.private import free_port


class Sink:
    """Takes every letter. Used as a context."""

    def __init__(self) -> None:
        self.letters: list[bytes] = []
        self.port = free_port()
        self._server = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  the library's name
        """One letter."""
        self.letters.append(bytes(envelope.content))
        return "250 taken"

    def __enter__(self) -> "Sink":
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()
