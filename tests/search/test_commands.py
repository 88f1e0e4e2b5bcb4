"""`heed search evaluate`: the document that it prints, through the code of live searches."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

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


def test_the_summary_alone_is_printed_for_people(file: Path):
    assert "recall_at_1" in run("--data", file).stdout


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
