"""What operators measure: counts without addresses or names, and two questions with plain answers."""

from pathlib import Path

import pytest

from tests.page_client import PageClient
from tests.shared.web.tiny import Tiny


def measured(tiny: Tiny) -> list[str]:
    found = tiny.app.test_client().get("/tiny/metrics")
    assert found.status_code == 200
    return [line for line in found.text.splitlines() if line.startswith("heed_http")]


def count(tiny: Tiny, *parts: str) -> float:
    lines = [line for line in measured(tiny) if line.startswith("heed_http_requests_total{")]
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines if all(part in line for part in parts))


def test_each_answer_is_counted_by_endpoint_and_status(tiny: Tiny, browser: PageClient):
    before = count(tiny, 'status="200"')
    browser.get("/tiny/parts")
    assert count(tiny, 'status="200"') > before


def test_what_is_not_there_is_counted_without_its_address(tiny: Tiny, browser: PageClient):
    before = count(tiny, 'status="404"')
    browser.get("/tiny/zoe-canary", 404)
    assert count(tiny, 'status="404"') == before + 1
    assert not any("canary" in line for line in measured(tiny))


def test_an_invented_method_makes_no_label_of_its_own(tiny: Tiny):
    tiny.app.test_client().open("/tiny/parts", method="CANARY")
    assert not any("CANARY" in line for line in measured(tiny))


def test_no_label_holds_who_asked(tiny: Tiny, officer: PageClient):
    officer.get("/tiny/work")
    assert not any("dorset" in line for line in measured(tiny))


def test_a_process_says_that_it_lives_and_can_work(tiny: Tiny):
    client = tiny.app.test_client()
    assert client.get("/tiny/health").json == {"service": "tiny", "status": "alive"}
    assert client.get("/tiny/ready").json == {"service": "tiny", "status": "ready"}


def test_a_process_without_its_database_lives_and_is_not_ready(tiny: Tiny):
    database = tiny.host.database
    database.close()
    path = Path(str(database.engine.url.database))
    for one in path.parent.glob(f"{path.name}*"):
        one.unlink()
    path.mkdir()
    client = tiny.app.test_client()
    assert client.get("/tiny/health").status_code == 200
    assert client.get("/tiny/ready").status_code == 503


@pytest.mark.parametrize("path", ["/tiny/health", "/tiny/ready", "/tiny/metrics"])
def test_probes_need_nobody_signed_in_and_set_no_cookie(tiny: Tiny, path: str):
    found = tiny.app.test_client().get(path)
    assert found.status_code == 200
    assert "Set-Cookie" not in found.headers
