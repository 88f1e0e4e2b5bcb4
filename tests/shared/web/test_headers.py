"""What browsers are told to refuse, on every answer."""

import pytest

from shared.settings import from_environment
from shared.web import assets
from tests.page_client import PageClient
from tests.shared.web.tiny import Tiny


@pytest.mark.parametrize(
    "path", ["/tiny/parts", "/tiny/nowhere", "/tiny/health", "/tiny/metrics", "/tiny/work"]
)
def test_every_answer_is_protected(tiny: Tiny, path: str):
    headers = tiny.app.test_client().get(path).headers
    policy = headers["Content-Security-Policy"]
    for part in (
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    ):
        assert part in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff" and headers["X-Frame-Options"] == "DENY"
    assert (
        headers["Referrer-Policy"] == "same-origin" and headers["Cross-Origin-Opener-Policy"] == "same-origin"
    )
    assert headers["Cache-Control"] == "no-store"
    assert "Strict-Transport-Security" not in headers


def test_the_inline_script_carries_the_nonce_of_its_answer(browser: PageClient):
    first, second = browser.get("/tiny/parts"), browser.get("/tiny/parts")
    nonces = []
    for page in (first, second):
        nonce = page.headers["Content-Security-Policy"].partition("'nonce-")[2].partition("'")[0]
        assert f'<script nonce="{nonce}">' in page.html
        nonces.append(nonce)
    assert nonces[0] != nonces[1]


def test_over_tls_browsers_are_told_to_stay_there(tiny: Tiny):
    tiny.host.settings = from_environment(
        {"HEED_DATA": str(tiny.host.settings.data), "HEED_PUBLIC_URL": "https://heed.example"}
    )
    assert (
        "max-age=31536000" in tiny.app.test_client().get("/tiny/health").headers["Strict-Transport-Security"]
    )


def test_files_of_style_are_kept_for_a_year_under_their_digest(browser: PageClient, tiny: Tiny):
    page = browser.get("/tiny/parts")
    address = next(line for line in page.html.split('"') if line.endswith("heed.css"))
    client = tiny.app.test_client()
    found = client.get(address)
    assert (
        found.status_code == 200 and found.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    )
    assert found.content_type.startswith("text/css")
    assert client.get("/tiny/static/older/heed.css").headers["Cache-Control"] == "no-cache"
    assert client.get("/tiny/static/older/none.css").status_code == 404
    assert client.get("/tiny/static/older/../app.py").status_code == 404


def test_a_file_that_is_not_there_cannot_be_named(tiny: Tiny):
    with tiny.app.test_request_context(), pytest.raises(FileNotFoundError):
        assets.asset("none.css")


def test_a_live_process_is_ready_when_its_database_answers(tiny: Tiny):
    client = tiny.app.test_client()
    assert client.get("/tiny/health").json == {"service": "tiny", "status": "alive"}
    assert client.get("/tiny/ready").json == {"service": "tiny", "status": "ready"}


def test_without_its_database_it_lives_but_is_not_ready(tiny: Tiny):
    from shared.store.database import Database
    from shared.store.engine import open_engine

    lost = Database(open_engine("sqlite:////nowhere/at/all.db"), tiny.host.database.tools)
    tiny.host.database.close()
    tiny.host.database = lost
    client = tiny.app.test_client()
    assert client.get("/tiny/health").status_code == 200
    found = client.get("/tiny/ready", headers={"Accept": "application/json"})
    assert found.status_code == 503 and "database" in found.text


def test_metrics_count_requests_by_endpoint_and_never_by_address(tiny: Tiny):
    client = tiny.app.test_client()
    client.get("/tiny/of/some-personal-thing")
    text = client.get("/tiny/metrics").text
    assert (
        'heed_http_requests_total{endpoint="tiny_pages.of",method="GET",service="tiny",status="302"}' in text
    )
    assert "some-personal-thing" not in text
