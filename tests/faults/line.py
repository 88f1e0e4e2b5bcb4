"""A line to a web process: kept open, and lean, as what callers spend is taken from those who are tried."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPMessage
from typing import Any
from urllib.parse import urlsplit

# What a line raises when no answer came.
SILENT = (OSError, HTTPException)


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def ok(self) -> bool:
        """Whether it was done, or is to be found elsewhere."""
        return self.status < 400

    @property
    def elsewhere(self) -> str:
        """Where it is to be found instead; empty when it was answered here."""
        return self.headers["Location"] if 300 <= self.status < 400 else ""

    def json(self) -> Any:
        """What a program was told."""
        return json.loads(self.body)


class Line:
    """To one address, for one thread."""

    def __init__(self, url: str, patience: float) -> None:
        self._connection = HTTPConnection(urlsplit(url).netloc, timeout=patience)
        self._always = {"Origin": url, "Accept": "application/json"}

    def ask(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """One request. Raises one of SILENT, after which the next one calls anew."""
        said = {**self._always, **(headers or {})}
        content = None if body is None else json.dumps(body).encode()
        if content is not None:
            said["Content-Type"] = "application/json"
        try:
            self._connection.request(method, path, content, said)
            answer = self._connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        except SILENT:
            self._connection.close()
            raise
