"""A parent has everything loaded and another child at once when one dies; real processes."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

Start = Callable[[str], "subprocess.Popen[str]"]
_CHILD = (
    "import os, sys, time\nfrom shared.parent import beget\nfirst = beget()\nprint(os.getpid(), flush=True)\n"
)
_WORK = "time.sleep(60)"


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts a parent whose children say their number and then do what they are told."""
    running: list[subprocess.Popen[str]] = []

    def parent(work: str) -> "subprocess.Popen[str]":
        running.append(
            subprocess.Popen([sys.executable, "-c", _CHILD + work], stdout=subprocess.PIPE, text=True)
        )
        return running[-1]

    yield parent
    for one in running:
        one.kill()
        one.wait()
        assert one.stdout is not None
        one.stdout.close()


def child_of(parent: "subprocess.Popen[str]") -> int:
    """The number that the next child says."""
    assert parent.stdout is not None
    return int(parent.stdout.readline())


def test_a_child_that_was_killed_is_followed_by_another_of_the_same_parent(start: Start):
    parent = start(_WORK)
    first = child_of(parent)
    os.kill(first, signal.SIGKILL)
    assert child_of(parent) not in {first, parent.pid}
    assert parent.poll() is None


def test_only_the_first_child_is_told_that_it_is(start: Start):
    parent = start("print(int(first), flush=True)\n" + _WORK)
    assert parent.stdout is not None
    for told in ("1", "0"):
        child = child_of(parent)
        assert parent.stdout.readline().strip() == told
        os.kill(child, signal.SIGKILL)


def test_a_parent_that_is_told_to_end_tells_its_child_and_ends_as_it_does(start: Start):
    parent = start(
        "import signal\nsignal.signal(signal.SIGTERM, lambda *_: sys.exit(7))\nprint(1, flush=True)\n" + _WORK
    )
    child_of(parent)
    child_of(parent)
    parent.terminate()
    assert parent.wait(30) == 7


def test_what_a_person_has_to_mend_is_not_tried_again(start: Start):
    parent = start("sys.exit(2)")
    assert parent.wait(30) == 2
    assert parent.stdout is not None
    assert len(parent.stdout.readlines()) == 1


def test_a_parent_ends_when_one_child_after_the_other_dies_at_once(start: Start):
    parent = start("os.kill(os.getpid(), 9)")
    assert parent.wait(30) == 128 + signal.SIGKILL
    assert parent.stdout is not None
    assert len(parent.stdout.readlines()) == 6


def test_children_that_are_killed_at_their_work_are_followed_however_many_they_are(start: Start):
    parent = start("time.sleep(1.2)\nos.kill(os.getpid(), 9)")
    for _ in range(8):
        child_of(parent)
    assert parent.poll() is None


def test_a_child_does_not_outlive_its_parent(start: Start):
    parent = start(_WORK)
    child_of(parent)
    parent.kill()
    assert parent.stdout is not None
    assert parent.stdout.read() == "", "Its end of the pipe stays open for as long as it lives."
