"""docker-compose.yml, the gateway and the recipe of the images say the same as the code."""

import re
import subprocess
from pathlib import Path

import pytest

import services
from shared import settings
from shared.cli.run import web
from tests.architecture.source import ROOT
from tests.deploy.manifests import Document, compose

ENGINES = {"kafka", "opensearch", "postgres"}
JOBS = {"migrate", "authorities"}
OURS = {f"{name}-{role}" for name in services.NAMES for role in ("web", "worker")}


def _ours() -> list[tuple[str, Document]]:
    return [(name, one) for name, one in compose()["services"].items() if name in OURS | JOBS]


def test_there_are_pages_and_a_worker_of_each_service_and_nothing_else():
    assert set(compose()["services"]) == OURS | JOBS | ENGINES | {"gateway"}


def test_each_process_runs_its_own_service_from_its_own_image():
    for name in services.NAMES:
        for role in ("web", "worker"):
            one = compose()["services"][f"{name}-{role}"]
            assert one["command"][:2] == [role, name] and one["build"]["args"] == {"SERVICE": name}
            assert one["image"] == f"heed-{name}"


def test_our_containers_can_do_little():
    for name, one in [*_ours(), ("gateway", compose()["services"]["gateway"])]:
        assert one["read_only"] and one["cap_drop"] == ["ALL"] and one["mem_limit"] and one["pids_limit"], (
            name
        )
        assert one["security_opt"] == ["no-new-privileges:true"], name


def test_nothing_starts_before_what_it_needs():
    for name in OURS:
        needs = compose()["services"][name]["depends_on"]
        assert needs["migrate"] == {"condition": "service_completed_successfully"}, name
        assert ("opensearch" in needs) == name.startswith("search"), name
    assert set(compose()["services"]["gateway"]["depends_on"]) == {
        f"{name}-web" for name in services.NAMES
    } | {"authorities"}


def test_somebody_waits_for_each_job_to_succeed():
    ended = {"condition": "service_completed_successfully"}
    for name in JOBS:
        assert [
            one for one in compose()["services"].values() if one.get("depends_on", {}).get(name) == ended
        ], name


def test_engines_keep_their_data_in_volumes_and_images_have_a_version():
    for name in ENGINES:
        one = compose()["services"][name]
        assert any(volume.startswith(f"{name}:") for volume in one["volumes"]), name
        assert re.search(r":\d", one["image"]) and one["healthcheck"]["interval"] == "20s", name


def test_what_the_containers_are_told_are_settings_and_no_secret(tmp_path: Path):
    told = compose()["services"]["intake-web"]["environment"]
    given = {name: value for name, value in told.items() if not name.endswith("_FILE")}
    assert {f"{name}_FILE" for name in ("HEED_DATABASE_URL", "HEED_SECRET_KEYS")} == set(told) - set(given)
    given["HEED_PUBLIC_URL"] = "http://127.0.0.1:8080"
    assert settings.from_environment({**given, "HEED_DATA": str(tmp_path)}).demo


def test_secrets_are_made_once_and_work(tmp_path: Path):
    folder = tmp_path / "secrets"
    for _ in range(2):
        subprocess.run([ROOT / "deploy" / "make-secrets", folder], check=True, timeout=30)
        before = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    assert before == {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    assert set(before) == set(compose()["secrets"]) and folder.stat().st_mode & 0o077 == 0
    files = {
        f"HEED_{name.upper()}_FILE": str(folder / name)
        for name in ("secret_keys", "database_url", "migrate_url", "admin_url")
    }
    read = settings.from_environment({**files, "HEED_DATA": str(tmp_path)})
    assert len(read.secret_keys[0]) == 32 and before["postgres_password"] in read.admin_url
    assert read.database_url("intake").endswith("@postgres/heed_intake") and read.database != read.migrate


def test_the_gateway_knows_each_service():
    text = (ROOT / "deploy" / "gateway" / "nginx.conf").read_text(encoding="utf-8")
    # As many as it works on and lets wait at once (`tests/shared/web/test_admission.py`).
    threads = next(one.default for one in web.params if one.name == "threads")
    assert isinstance(threads, int)
    assert re.findall(r"upstream (\w+) \{ zone (\w+) 64k; server (\w+)-web:8000 max_conns=(\d+);", text) == [
        (name, name, name, str(3 * threads)) for name in services.NAMES
    ]
    assert f"(?<named>{'|'.join(name for name in services.NAMES if name != 'intake')})" in text
    assert "access_log off;" in text


def test_only_the_migration_knows_the_owner_and_the_administrator():
    privileged = {"migrate_url", "admin_url"}
    holders = {
        name for name, one in compose()["services"].items() if privileged & set(one.get("secrets", ()))
    }
    assert holders == {"migrate"}


@pytest.mark.parametrize(
    "text", ["deploy/make-secrets", "docker compose up -d --build", "kubectl apply -k deploy/k8s/platform"]
)
def test_the_way_to_start_it_is_in_the_documents(text: str):
    assert text in (ROOT / "docs" / "operate" / "install.md").read_text(encoding="utf-8")
