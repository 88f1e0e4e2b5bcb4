"""Logs carry ids and codes; whatever else is handed to them stays out."""

import json
import logging
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import logs
from shared.errors import Unavailable

CANARY = "Perpetua Quillfeather"


@pytest.fixture
def process() -> Iterator[None]:
    """The log of a running process, taken down again afterwards."""
    root = logging.getLogger()
    handlers, level, hooks = root.handlers, root.level, (sys.excepthook, threading.excepthook)
    logs.configure()
    yield
    root.handlers, (sys.excepthook, threading.excepthook) = handlers, hooks
    root.setLevel(level)
    logging.captureWarnings(False)
    logs._Strictness.raises = True


def written(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    captured = capsys.readouterr()
    assert captured.out == ""
    return [json.loads(line) for line in captured.err.splitlines()]


def failing(value: str) -> Exception:
    try:
        try:
            raise KeyError(value)
        except KeyError as inner:
            raise Unavailable(f"{value} does not answer") from inner
    except Unavailable as problem:
        return problem


def dropped() -> float:
    return float(logs.dropped_fields._value.get())


def test_a_line_is_json_with_its_part_level_and_time(capsys: pytest.CaptureFixture[str]) -> None:
    logs.get("relay").warning("batch_retried", service="intake", attempt=3, seconds=0.25)
    (line,) = written(capsys)
    assert line.pop("at").endswith("Z")
    assert line.pop("level") == "warning"
    assert line == {
        "event": "batch_retried", "part": "relay", "service": "intake", "attempt": 3, "seconds": 0.25
    }  # fmt: skip


def test_debugging_chatter_is_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    logs.get("relay").debug("polled", count=0)
    assert written(capsys) == []


@pytest.mark.parametrize(
    "fields",
    [{"name": "x"}, {"url": "/"}, {"kind": CANARY}, {"kind": "x" * 201}, {"kind": ["x"]}, {"key": "a\nb"}],
)
def test_a_field_off_the_list_is_a_fault_in_tests(fields: dict[str, Any]) -> None:
    with pytest.raises(logs.Unloggable) as caught:
        logs.get("web").info("request_done", **fields)
    assert CANARY not in str(caught.value)


def test_a_sentence_is_no_event() -> None:
    with pytest.raises(logs.Unloggable):
        logs.get("web").info(f"Saved {CANARY}")


@pytest.mark.usefixtures("process")
def test_a_running_process_drops_and_counts_it(capsys: pytest.CaptureFixture[str]) -> None:
    before = dropped()
    logs.get("web").info(f"Saved {CANARY}", surname=CANARY, kind=CANARY, count=2)
    (line,) = written(capsys)
    assert dropped() == before + 3
    assert line["event"] == "unnamed"
    assert line["count"] == 2
    assert CANARY not in json.dumps(line)


def test_bound_fields_are_on_every_line_of_the_block(capsys: pytest.CaptureFixture[str]) -> None:
    with logs.bound(correlation_id="c-1"):
        logs.get("web").info("request_done", status=200)
    logs.get("web").info("request_done", status=200)
    inside, outside = written(capsys)
    assert inside["correlation_id"] == "c-1"
    assert "correlation_id" not in outside


def test_a_fault_is_types_and_places_without_the_message() -> None:
    found = logs.fault(failing(CANARY))
    assert found.startswith(f"Unavailable {__name__}:")
    assert f" from KeyError {__name__}:" in found
    assert "Perpetua" not in found


def test_an_exception_in_a_line_becomes_its_fault(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        raise failing(CANARY)
    except Unavailable:
        logs.get("web").exception("request_failed", status=500)
    (line,) = written(capsys)
    assert line["fault"].startswith("Unavailable ")
    assert CANARY not in json.dumps(line)


@pytest.mark.usefixtures("process")
def test_other_libraries_say_where_and_not_what(capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("werkzeug").error("GET /?name=%s", CANARY, exc_info=failing(CANARY))
    logging.getLogger("urllib3").info(CANARY)
    (line,) = written(capsys)
    assert line["library"] == "werkzeug"
    assert line["fault"].startswith("Unavailable ")
    assert CANARY not in json.dumps(line)


@pytest.mark.usefixtures("process")
def test_kafka_speaks_from_info_upwards_whatever_its_level(capsys: pytest.CaptureFixture[str]) -> None:
    kafka = logging.getLogger("kafka.conn")
    kafka.setLevel(logging.DEBUG)
    kafka.debug("payload %s", CANARY)
    kafka.info("connected to broker %d", 1)
    kafka.setLevel(logging.NOTSET)
    assert [line["message"] for line in written(capsys)] == ["connected to broker 1"]


@pytest.mark.usefixtures("process")
def test_what_nobody_caught_is_one_line_without_its_message(capsys: pytest.CaptureFixture[str]) -> None:
    problem = failing(CANARY)
    sys.excepthook(type(problem), problem, problem.__traceback__)
    thread = threading.Thread(target=lambda: int(CANARY))
    thread.start()
    thread.join()
    first, second = written(capsys)
    assert first["event"] == "ended_by_fault"
    assert second["event"] == "thread_ended_by_fault"
    assert CANARY not in json.dumps([first, second])


@given(st.text(max_size=300), st.sampled_from(sorted(logs.FIELDS - {"fault"})))
def test_no_text_with_blanks_or_line_ends_fits(value: str, name: str) -> None:
    if any(sign.isspace() for sign in value) or len(value) > 200:
        assert not logs._fits(name, value)


@given(st.text(max_size=40).filter(lambda name: name not in logs.FIELDS))
def test_no_other_field_fits(name: str) -> None:
    assert not logs._fits(name, 1)
