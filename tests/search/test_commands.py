"""`heed search evaluate`: the document that it prints, through the code of live searches."""

import json
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from services.search.commands import goals
from services.search.commands.evaluate import search
from services.search.commands.records import read
from shared.errors import Invalid

REC: dict[str, Any] = {
    "names": [{"type": "legal", "given": "Rosalind", "surname": "Quillfeather"}],
    "dob": "1984-05-13",
    "dob_approx": False,
    "addresses": [{"line1": "14 Larkspur Close", "town": "Dorchester", "postcode": "DT1 2QX"}],
    "phones": [],
    "emails": [],
    "identifiers": [],
    "settings": [
        {
            "name": "St Osyth's Invented Primary School",
            "type": "primary school",
            "town": "Dorchester",
            "postcode": None,
            "urn": "900001",
        }
    ],
    "role": "teacher",
    "sector": "primary school",
}
OTHER = {
    **REC,
    "names": [{"type": "legal", "given": "Ada", "surname": "Finch"}],
    "dob": "1990-02-03",
    "addresses": [],
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    lines = [
        {"kind": "person", "id": "P1", "group": "english", "rec": REC},
        {"kind": "person", "id": "P2", "group": "english", "rec": OTHER},
        {
            "kind": "referral",
            "id": "R1",
            "truth": "P1",
            "tags": ["nickname"],
            "rec": {**REC, "names": [{"type": "given_as", "full": "QUILLFEATHER, Roz"}]},
        },
        {
            "kind": "negative",
            "id": "N1",
            "truth": None,
            "near": "P1",
            "why": "sibling",
            "rec": {
                **REC,
                "names": [{"given": "Henrietta", "surname": "Quillfeather"}],
                "dob": "1988-11-20",
                "settings": [],
                "role": None,
            },
        },
    ]
    path = tmp_path / "people.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    return path


def run(*arguments: object) -> Result:
    """The command with these arguments."""
    return CliRunner().invoke(search, ["evaluate", *map(str, arguments)])


def test_it_prints_one_document_with_every_query_and_a_summary(file: Path):
    result = run("--data", file, "--top", 3, "--format", "json")
    document = json.loads(result.stdout)
    assert document["people"] == 2 and document["engine"] == "embedded"
    assert [(one["id"], one["kind"], one["truth"]) for one in document["queries"]] == [
        ("R1", "referral", "P1"),
        ("N1", "negative", None),
    ]
    assert set(document["summary"]) == {
        "recall_at_1",
        "recall_at_5",
        "alert_recall",
        "false_alert_rate",
        "false_alert_rate_solvable",
        "group_gap",
        "people_a_second",
        "p50_ms",
        "p99_ms",
        "cpu_p99_ms",
        "index_seconds",
    }


def test_a_hit_has_its_band_flags_and_a_waterfall_that_sums(file: Path):
    document = json.loads(run("--data", file, "--format", "json").stdout)
    referral, negative = document["queries"]
    hit = referral["hits"][0]
    assert hit["id"] == "P1" and hit["band"] in {"strong", "likely"}
    assert sum(line["bits"] for line in hit["waterfall"]) == pytest.approx(hit["bits"], abs=0.01)
    assert not negative["hits"] or negative["hits"][0]["band"] == "possible"
    assert document["summary"]["alert_recall"] == 1.0 and document["summary"]["false_alert_rate"] == 0.0


def test_people_are_told_each_goal_and_whether_it_is_reached(file: Path):
    lines = run("--data", file).stdout.splitlines()
    first = next(line for line in lines if line.startswith("right adult first"))
    assert first.split()[-4:] == ["≥", "0.995", "1", "ok"]
    assert any(line.startswith("false alerts, solvable") for line in lines)


def test_a_goal_that_is_missed_says_so():
    (alerts,) = [one for one in goals.GOALS if one.measure == "false_alert_rate_solvable"]
    assert alerts.met(0.02, 2_000) and not alerts.met(0.03, 2_000)
    missed = {"engine": "embedded", "summary": {"false_alert_rate_solvable": 0.03}}
    assert any(line.endswith("0.03 NO") for line in goals.table(2_000, [missed]))


def test_name_groups_are_compared_only_where_there_are_enough():
    found = {"kind": "referral", "truth": "P1", "why": "", "hits": [{"id": "P1", "band": "likely"}]}
    lost = {**found, "group": "welsh", "hits": []}
    many = [{**found, "group": "english"}] * 20 + [{**found, "group": "welsh"}] * 19 + [lost]
    assert goals.recall(many)["group_gap"] == 0.05
    assert goals.recall([*many[:20], lost])["group_gap"] is None


def test_other_weights_are_tried_before_they_are_taken(file: Path, tmp_path: Path):
    shipped = resources.files("services.search.domain").joinpath("weights.toml").read_text(encoding="utf-8")
    other = tmp_path / "other.toml"
    other.write_text(shipped.replace('version = "', 'version = "tried-'), encoding="utf-8")
    assert "weights tried-" in run("--data", file, "--weights", other).stdout
    other.write_text("[levels]", encoding="utf-8")
    assert isinstance(run("--data", file, "--weights", other).exception, Invalid)


def test_who_else_would_explain_it_can_be_left_out(file: Path):
    document = json.loads(run("--data", file, "--alone", "--format", "json").stdout)
    fields = {
        line["field"] for one in document["queries"] for hit in one["hits"] for line in hit["waterfall"]
    }
    assert "near" not in fields


def test_a_file_without_people_is_refused(tmp_path: Path):
    path = tmp_path / "empty.jsonl"
    path.write_text("\n", encoding="utf-8")
    assert isinstance(run("--data", path).exception, Invalid)


def test_a_line_that_does_not_read_is_named(tmp_path: Path):
    path = tmp_path / "odd.jsonl"
    path.write_text('{"kind": "person", "id": "P1", "rec": {}}\n{"kind": "person"}\n', encoding="utf-8")
    with pytest.raises(Invalid, match="Line 2"):
        list(read(path))


def test_the_server_engine_asks_for_its_address(file: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("HEED_INDEX_URL", raising=False)
    problem = run("--data", file, "--engine", "opensearch").exception
    assert isinstance(problem, Invalid) and "HEED_INDEX_URL" in str(problem)
