"""The JSON side: strict input, problem details, pages, ETags, and its document."""

from shared.vocabulary import Role
from shared.web.api import document
from shared.web.app import create_app
from tests.page_client import PageClient
from tests.shared.web.tiny import Tiny


def test_a_field_that_nobody_knows_is_refused(officer: PageClient):
    tag = officer.get("/tiny/api/works/1").headers["ETag"]
    page = officer.send("PUT", "/tiny/api/works/1", {"title": "x", "titel": "y"}, 422, If_Match=tag)
    assert page.json["errors"] == {"json": {"titel": ["Unknown field."]}}
    assert page.headers["Content-Type"] == "application/problem+json"


def test_a_change_names_the_version_it_is_about(officer: PageClient):
    tag = officer.get("/tiny/api/works/1").headers["ETag"]
    assert officer.send("PUT", "/tiny/api/works/1", {"title": "x"}, 428).json["status"] == 428
    assert officer.send("PUT", "/tiny/api/works/1", {"title": "x"}, 412, If_Match='"older"').json["title"]
    assert officer.send("PUT", "/tiny/api/works/1", {"title": "x"}, If_Match=tag).json == {"title": "x"}


def test_what_has_not_changed_is_not_sent_again(officer: PageClient):
    tag = officer.get("/tiny/api/works/1").headers["ETag"]
    officer.get("/tiny/api/works/1", 304, If_None_Match=tag)


def test_lists_come_in_pages(officer: PageClient):
    page = officer.get("/tiny/api/works?page=2&page_size=2")
    assert [one["title"] for one in page.json] == ["2"]
    assert '"total_pages": 2' in page.headers["X-Pagination"]


def test_no_json_at_all_is_a_problem(officer: PageClient):
    assert officer.send("PUT", "/tiny/api/works/1", None, 422, If_Match='"x"').json["errors"]


def test_roles_hold_for_programs_too(browser: PageClient):
    page = browser.as_(Role.ANALYST).get("/tiny/api/works", 403)
    assert page.json["detail"].startswith("Your role does not include this")


def test_the_document_is_openapi_3_1_and_comes_out_the_same_each_time(tiny: Tiny):
    found = document(tiny.app)
    assert found["openapi"] == "3.1.0"
    assert set(found["paths"]) == {"/tiny/api/works", "/tiny/api/works/{work_id}"}
    assert document(create_app(tiny.host)) == found
    problem = found["components"]["responses"]["UNPROCESSABLE_ENTITY"]["content"]
    assert problem == {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


def test_the_document_is_served(browser: PageClient):
    assert browser.get("/tiny/api/openapi.json").json["info"]["title"] == "Heed: tiny"
