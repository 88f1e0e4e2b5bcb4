"""A whole region on a free port of this machine, for as long as somebody needs it."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from shared.errors import Unavailable

_STARTING = 60.0
_STOPPING = 15.0


@contextmanager
def serve_privately(folder: Path, *arguments: str) -> Iterator[str]:
    """`heed run --empty` (or with other arguments) in a process of its own; ends with the block. Yields its
    address.
    """
    port = free_port()
    command = [sys.executable, "-m", "shared.cli", "run", "--port", str(port), "--data", str(folder)]
    running = subprocess.Popen(  # noqa: S603  our own command
        [*command, *(arguments or ("--empty",))], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, running)
        yield address
    finally:
        running.terminate()
        try:
            running.wait(_STOPPING)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str, running: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _STARTING
    while time.monotonic() < until:
        if running.poll() is not None:
            raise Unavailable("A private Heed did not start; try `heed run` to see why.")
        try:
            if requests.get(f"{address}/intake/health", timeout=2).ok:
                return
        except requests.RequestException:
            time.sleep(0.2)
    raise Unavailable("A private Heed did not answer in time; is this machine very busy?")
