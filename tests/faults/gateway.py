"""The gateway as it stands in `deploy/gateway`, before web processes of this machine."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import requests

from shared.cli.private import free_port
from tests.architecture.source import ROOT
from tests.faults.storm import wait_until

_FILES = ROOT / "deploy" / "gateway"
_STARTING = 10.0


def nginx() -> str | None:
    """The program of this machine; Debian keeps it where only its administrator looks."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


@contextmanager
def gateway(folder: Path, webs: Mapping[str, str]) -> Iterator[str]:
    """Its address. `webs` are the addresses of services; the others are at none."""
    port, nobody = free_port(), f"127.0.0.1:{free_port()}"
    for name in ("conf", "tmp"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    text = (_FILES / "nginx.conf").read_text(encoding="utf-8")
    for line in [line for line in text.splitlines() if line.strip().startswith("upstream ")]:
        name = line.split()[1].removesuffix("-alive")
        address = urlsplit(webs[name]).netloc if name in webs else nobody
        text = text.replace(line, line.replace(f"{name}-web:8000", address))
    for here, there in (
        ("listen 8080", f"listen 127.0.0.1:{port}"),
        ("/tmp/", f"{folder}/tmp/"),  # noqa: S108  where the container may write
        ("root /etc/nginx;", f"root {_FILES};"),
    ):
        text = text.replace(here, there)
    settings = folder / "conf" / "nginx.conf"
    settings.write_text(text, encoding="utf-8")
    # Its processes read what ours may: in a container they are nobody too, but there the files are theirs.
    alone = "daemon off; user root;" if os.geteuid() == 0 else "daemon off;"
    command = [str(nginx()), "-p", str(folder), "-c", str(settings), "-e", "stderr", "-g", alone]
    with (folder / "gateway.log").open("wb") as log, subprocess.Popen(command, stderr=log) as process:
        try:
            url = f"http://127.0.0.1:{port}"
            if not wait_until(lambda: _answers(url), _STARTING):
                raise RuntimeError((folder / "gateway.log").read_text(encoding="utf-8"))
            yield url
        finally:
            process.terminate()


def _answers(url: str) -> bool:
    with suppress(requests.ConnectionError):
        return requests.get(f"{url}/intake/metrics", timeout=_STARTING).status_code == 404
    return False
