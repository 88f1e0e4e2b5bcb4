"""An organisation with an identity provider of its own: a package that others wrote and certified, on TLS."""

import json
import os
import secrets
import shutil
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.architecture.source import ROOT

RECIPE = Path(__file__).parent / "provider"
FACTOR = "urn:example:second-factor"
_PATIENCE = 30.0


def installed() -> Path:
    """The folder with the provider and all it needs, fetched once for this checkout."""
    if not shutil.which("npm"):
        pytest.skip("no npm on this machine")
    folder = ROOT / "build" / "provider"
    stamp = folder / "node_modules" / "installed"
    shutil.copytree(RECIPE, folder, dirs_exist_ok=True)
    wanted = (RECIPE / "package-lock.json").read_text(encoding="utf-8")
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        fetch = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(fetch, cwd=folder, check=False, capture_output=True, text=True, timeout=180)
        assert done.returncode == 0, done.stderr[-2000:]
        stamp.write_text(wanted, encoding="utf-8")
    return folder


class Organisation:
    """Its provider, which runs; `people` are who may sign in there, by the provider's own id of them."""

    def __init__(self, folder: Path, port: int, heed: str, certificate: Path, authority: Path) -> None:
        self.url = f"https://127.0.0.1:{port}"
        self.secret = secrets.token_urlsafe(24)
        self._people = folder / "people.json"
        self._people.write_text("{}", encoding="utf-8")
        self._authority = authority
        told = {
            "url": self.url,
            "heed": heed,
            "secret": self.secret,
            "certificate": str(certificate),
            "cookies": secrets.token_urlsafe(24),
            "factor": FACTOR,
        }
        (folder / "settings.json").write_text(json.dumps(told), encoding="utf-8")
        self.output = folder / "output.txt"
        with self.output.open("wb") as output:
            self._process = subprocess.Popen(
                ["node", str(installed() / "provider.js")],
                cwd=folder,
                env=os.environ | {"NODE_EXTRA_CA_CERTS": str(authority)},
                stdout=output,
                stderr=output,
            )

    def say(self, account: str, claims: Mapping[str, Any] | None) -> None:
        """What it says of somebody from here on; None: they have gone."""
        people = json.loads(self._people.read_text(encoding="utf-8"))
        self._people.write_text(json.dumps(people | {account: claims}), encoding="utf-8")

    def wait(self) -> None:
        """Until its metadata are there."""
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until and self._process.poll() is None:
            try:
                address = f"{self.url}/.well-known/openid-configuration"
                requests.get(address, verify=str(self._authority), timeout=5).raise_for_status()
            except requests.RequestException:
                time.sleep(0.1)
            else:
                return
        raise TimeoutError(self.output.read_text(encoding="utf-8")[-3000:])

    def stop(self) -> None:
        """It is gone."""
        self._process.terminate()
        self._process.wait(10)
