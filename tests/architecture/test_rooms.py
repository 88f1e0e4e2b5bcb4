"""Every feature has an obvious room: the same rooms in every service, and no drawer for odds and ends."""

from pathlib import Path

import pytest

import services
from tests.architecture.source import PRODUCT, ROOT, tracked

ROOMS = {"domain", "store", "actions", "consumers", "web"}
ANNEXES = {"gateways", "commands", "migrations"}
TOP = {"services", "shared", "tests", "tools", "deploy", "docs", ".ci"}
DRAWERS = {
    "util",
    "utils",
    "helper",
    "helpers",
    "common",
    "base",
    "misc",
    "manager",
    "managers",
    "lib",
    "core",
    "stuff",
    "tools",
}


def _entries(folder: Path) -> set[str]:
    depth = len(folder.parts)
    inside = [path for path in tracked() if path.parts[:depth] == folder.parts]
    return {path.parts[depth].removesuffix(".py") for path in inside}


def test_there_are_five_services_found_by_their_folders():
    assert services.NAMES == services.ORDER


@pytest.mark.parametrize("name", services.ORDER)
def test_a_service_has_its_rooms_and_a_door_and_nothing_else(name: str):
    found = _entries(Path("services", name))
    assert {"__init__", "service"} | ROOMS <= found, f"Missing: {({'__init__', 'service'} | ROOMS) - found}"
    assert found <= {"__init__", "service"} | ROOMS | ANNEXES, f"No such room: {found - ROOMS - ANNEXES}"


@pytest.mark.parametrize("name", services.ORDER)
def test_the_tests_of_a_service_mirror_its_rooms(name: str):
    found = " ".join(_entries(Path("tests", name)))
    missing = [room for room in ("domain", "store", "actions", "consumers", "pages") if room not in found]
    assert not missing, f"tests/{name} has nothing about {missing}"


def test_the_top_of_the_tree_is_what_the_readme_says():
    folders = {path.parts[0] for path in tracked() if len(path.parts) > 1}
    assert folders <= TOP, f"Unexpected at the top: {folders - TOP}"


def test_no_file_is_named_after_a_kind_of_thing():
    drawers = [
        path for path in tracked() if path.parts[0] in PRODUCT and DRAWERS & {*path.parts[1:-1], path.stem}
    ]
    assert not drawers, f"Name these after what they are about: {[str(path) for path in drawers]}"


def test_every_package_says_in_one_sentence_what_it_answers_for():
    doors = [
        path
        for path in tracked()
        if path.name == "__init__.py" and path.parts[0] == "services" and len(path.parts) == 3
    ]
    silent = [str(path) for path in doors if not (ROOT / path).read_text(encoding="utf-8").startswith('"""')]
    assert not silent, f"No docstring: {silent}"
