"""An image holds the kernel and one service: it must do without the others."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import services
from tests.architecture.source import ROOT, tracked

RECIPE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
ALONE = """
import subprocess
import sys
import services
from pathlib import Path
from shared.cli import load_services
from shared.operations import open_web
from shared.cli.run import one_runtime

name = sys.argv[1]
assert [one.name for one in load_services()] == [name] == list(services.NAMES)
subprocess.run([sys.executable, "-m", "shared.cli", "migrate", name], check=True, timeout=60)
app = open_web(one_runtime(name))
assert app.test_client().get(f"/{name}/health").json["status"] == "alive"
assert not [one for one in sys.modules if one.startswith("services.") and one.split(".")[1] != name]
"""


@pytest.mark.parametrize("name", services.NAMES)
def test_a_service_works_from_a_tree_that_holds_no_other(name: str, tmp_path: Path):
    for path in tracked():
        if (
            path.parts[0] == "shared"
            or path == Path("services/__init__.py")
            or path.parts[:2] == ("services", name)
        ):
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / path, tmp_path / path)
    done = subprocess.run(
        [sys.executable, "-c", ALONE, name],
        check=False,
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "HEED_DATA": str(tmp_path / "data")},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr


def test_the_recipe_installs_the_pinned_packages_and_runs_without_root():
    assert "-c constraints.txt" in RECIPE and "--only-binary :all:" in RECIPE
    assert re.search(r"^USER 10001:10001$", RECIPE, re.MULTILINE) and "HEALTHCHECK" in RECIPE
    assert set(re.findall(r"^FROM (\S+)", RECIPE, re.MULTILINE)) == {"python:3.13-slim"}


def test_only_what_the_recipe_copies_reaches_the_builder():
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    let_in = {line.removeprefix("!") for line in lines if line.startswith("!")}
    copied = {
        word
        for line in re.findall(r"^COPY (?!--from)(.*)$", RECIPE, re.MULTILINE)
        for word in line.split()[:-1]
    }
    assert "*" in lines and let_in == copied
