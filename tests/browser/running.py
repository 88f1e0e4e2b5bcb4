"""Heed as a person starts it: `heed run` in a process of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

HEED = Path(sys.executable).with_name("heed")


def free_port() -> int:
    """One that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Running:
    """A region on a free port, its data and its output in a folder."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.output = folder / "output.txt"
        command = [str(HEED), "run", "--port", str(self.port), "--data", str(folder / "data"), *arguments]
        with self.output.open("wb") as output:
            self._process = subprocess.Popen(
                command,
                cwd=folder,
                env=_environment(),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait(self, seconds: float = 60) -> "Running":
        """Until the first page is there. Raises TimeoutError with the end of what it printed."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and self._process.poll() is None:
            if self.answers("/"):
                return self
            time.sleep(0.1)
        raise TimeoutError(f"No page within {seconds} s:\n{self.output.read_text(encoding='utf-8')[-3000:]}")

    def answers(self, path: str) -> bool:
        """Whether a page is served there."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=5) as response:
                return bool(response.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def stop(self, seconds: float = 30) -> int:
        """As Ctrl-C or a service manager does. Returns the exit code."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            return self._process.wait()


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("HEED_")}
