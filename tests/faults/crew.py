"""The processes of a region under fire: whichever ends is started again, as a cluster would."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_LOOK = 0.05


@dataclass
class Post:
    """A process that shall always be there. `kind` is worker, web or together."""

    kind: str
    service: str
    command: Sequence[str]
    running: "subprocess.Popen[bytes] | None" = None
    frozen_until: float = 0.0

    @property
    def name(self) -> str:
        """How it is called in reports."""
        return f"{self.kind} {self.service}".strip()


def post(kind: str, service: str, *arguments: str) -> Post:
    """One that runs a `heed` command."""
    return Post(kind, service, [sys.executable, "-m", "shared.cli", *arguments])


class Crew:
    """Starts, freezes and kills posts; a thread minds them. Each writes a log of its own in the folder."""

    def __init__(self, posts: Sequence[Post], environment: Mapping[str, str], folder: Path) -> None:
        self.posts = list(posts)
        self.exits = 0
        self._environment = {**os.environ, **environment}
        if sys.dont_write_bytecode:
            # A container starts from an image whose sources are compiled.
            self._environment |= {
                "PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
            }  # fmt: skip
        self._folder = folder
        self._lock = threading.Lock()
        self._ending = threading.Event()
        self._minder = threading.Thread(target=self._mind, name="minder", daemon=True)

    def __enter__(self) -> "Crew":
        for one in self.posts:
            self._start(one)
        self._minder.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._minder.join()
        for one in self.posts:
            _signal(one, signal.SIGCONT)
            _signal(one, signal.SIGTERM)
        for one in self.posts:
            _see_off(one)

    def kill(self, one: Post) -> float | None:
        """Whoever does its work; its parent has another. Returns when it was struck, None while it starts."""
        struck = _children(one)
        for number in struck:
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        return time.time() if struck else None

    def take_away(self, one: Post) -> float:
        """With its parent and everything it started, as a container dies. Returns when it was dead."""
        with self._lock:
            _signal(one, signal.SIGKILL)
            if one.running is not None:
                one.running.wait()
            dead = time.time()
            self._start(one)
        return dead

    def freeze(self, one: Post, seconds: float) -> None:
        """It stands still for a while and knows nothing of it."""
        with self._lock:
            _signal(one, signal.SIGSTOP)
            one.frozen_until = time.monotonic() + seconds

    def thaw(self) -> None:
        """All that stand still go on."""
        for one in self.posts:
            one.frozen_until = 0.0
            _signal(one, signal.SIGCONT)

    def _mind(self) -> None:
        while not self._ending.wait(_LOOK):
            for one in self.posts:
                with self._lock:
                    self._look_after(one)

    def _look_after(self, one: Post) -> None:
        if one.frozen_until and time.monotonic() > one.frozen_until:
            one.frozen_until = 0.0
            _signal(one, signal.SIGCONT)
        if one.running is not None and one.running.poll() is not None:
            # It ended by itself, as a crash-only process does; its group may have outlived it.
            self.exits += 1
            _signal(one, signal.SIGKILL)
            self._start(one)

    def _start(self, one: Post) -> None:
        one.frozen_until = 0.0
        with (self._folder / f"{one.name.replace(' ', '-')}.log").open("ab") as log:
            one.running = subprocess.Popen(
                one.command, env=self._environment, stdout=log, stderr=log, start_new_session=True
            )


def _signal(one: Post, number: signal.Signals) -> None:
    if one.running is not None:
        with suppress(ProcessLookupError):
            os.killpg(one.running.pid, number)


def _children(one: Post) -> list[int]:
    """Of its process: none while it starts."""
    if one.running is None:
        return []
    try:
        named = Path(f"/proc/{one.running.pid}/task/{one.running.pid}/children").read_text()
    except FileNotFoundError:
        return []
    return [int(number) for number in named.split()]


def _see_off(one: Post) -> None:
    if one.running is None:
        return
    try:
        one.running.wait(15)
    except subprocess.TimeoutExpired:
        _signal(one, signal.SIGKILL)
        one.running.wait()
