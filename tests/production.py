"""Processes of a region as production has them: each command by itself, with an environment of its own."""

import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.browser.running import HEED

PATIENCE = 180.0


def heed(environment: Mapping[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """A command that ends."""
    return subprocess.run(
        [str(HEED), *words], env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
    )


def done(environment: Mapping[str, str], *words: str) -> str:
    """A command that must succeed. Returns what it printed."""
    ended = heed(environment, *words)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


class Processes:
    """Those that go on running until `stop`; each writes a log of its own in the folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self, environment: Mapping[str, str], *words: str) -> None:
        """One more."""
        with (self._folder / f"{'-'.join(words[:2])}.log").open("wb") as log:
            self.running.append(
                subprocess.Popen([str(HEED), *words], env=environment, stdout=log, stderr=log)
            )

    def said(self) -> str:
        """The end of each log."""
        return "\n".join(path.read_text(encoding="utf-8")[-1500:] for path in self._folder.glob("*.log"))

    def until(self, what: Callable[[], bool]) -> None:
        """Wait for something that they bring about, as long as all of them live."""
        end = time.monotonic() + PATIENCE
        while not what():
            assert all(one.poll() is None for one in self.running), self.said()
            assert time.monotonic() < end, self.said()
            time.sleep(0.2)

    def stop(self) -> None:
        """End them as a service manager does."""
        for one in self.running:
            one.terminate()
        for one in self.running:
            one.wait(PATIENCE)
