"""Settings: read once, refused with one sentence that never repeats a value."""

import base64
import os
import stat
from pathlib import Path

import pytest

from shared.errors import Misconfigured
from shared.settings import from_environment
from tools import docs

PAGE = Path(__file__).parents[2] / "docs" / "configuration.md"
KEY = base64.b64encode(bytes(range(32))).decode()
OTHER_KEY = bytes(range(100, 132)).hex()


def production(**changed: str) -> dict[str, str]:
    complete = {
        "HEED_ENVIRONMENT": "production",
        "HEED_PUBLIC_URL": "https://heed.example",
        "HEED_SECRET_KEYS": KEY,
        "HEED_DATABASE_URL": "postgresql+psycopg://heed:pw@db.example/heed_{service}?sslmode=verify-full",
        "HEED_BUS_URL": "kafkas://bus.example:9093",
        "HEED_INDEX_URL": "https://index.example",
        "HEED_FILES_URL": "database://",
        "HEED_MAIL_URL": "smtps://mail.example:465",
        "HEED_OIDC_ISSUER": "https://id.example",
        "HEED_OIDC_CLIENT_ID": "heed",
        "HEED_OIDC_CLIENT_SECRET": "let-me-in-please",
        "HEED_GATEWAYS": "1",
    }
    return {**complete, **changed}


def refusal(environ: dict[str, str]) -> str:
    with pytest.raises(Misconfigured) as caught:
        from_environment(environ)
    return str(caught.value)


def test_the_embedded_run_needs_no_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = from_environment({})
    assert settings.demo
    assert not settings.https
    assert settings.data == tmp_path / "data"
    assert settings.database_url("intake") == f"sqlite:///{tmp_path}/data/intake.db"
    assert settings.migrate_url("intake") == settings.database_url("intake")
    assert settings.bus_url == f"sqlite:///{tmp_path}/data/bus.db"
    assert settings.mail_url == f"file://{tmp_path}/data/mail"


def test_the_embedded_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first = from_environment({"HEED_DATA": str(tmp_path)})
    again = from_environment({"HEED_DATA": str(tmp_path)})
    elsewhere = from_environment({"HEED_DATA": str(tmp_path / "other")})
    assert first.secret_keys == again.secret_keys != elsewhere.secret_keys
    assert stat.S_IMODE((tmp_path / "secret.keys").stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir() if one.is_file()] == ["secret.keys"]


def test_keys_come_in_base64_and_hexadecimal_the_active_one_first(tmp_path: Path) -> None:
    settings = from_environment({"HEED_DATA": str(tmp_path), "HEED_SECRET_KEYS": f"{KEY}, {OTHER_KEY}"})
    assert settings.secret_keys == (bytes(range(32)), bytes(range(100, 132)))
    assert not (tmp_path / "secret.keys").exists()


def test_the_data_folder_is_made_or_refused(tmp_path: Path) -> None:
    assert from_environment({"HEED_DATA": f"{tmp_path}/a/b", "HEED_SECRET_KEYS": KEY}).data.is_dir()
    (tmp_path / "file").touch()
    assert refusal({"HEED_DATA": f"{tmp_path}/file/data"}) == "HEED_DATA names a folder that cannot be made."


def test_a_value_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text(f"{KEY}\n{OTHER_KEY}\n")
    settings = from_environment({"HEED_DATA": str(tmp_path), "HEED_SECRET_KEYS_FILE": str(tmp_path / "keys")})
    assert len(settings.secret_keys) == 2


def test_a_file_that_is_missing_empty_or_doubled_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n")
    assert "HEED_SECRET_KEYS_FILE names a file that cannot be read" in refusal(
        {"HEED_SECRET_KEYS_FILE": "/nowhere"}
    )
    assert "is empty" in refusal({"HEED_SECRET_KEYS_FILE": str(tmp_path / "empty")})
    assert refusal({"HEED_DATA": "x", "HEED_DATA_FILE": "y"}) == "Give HEED_DATA or HEED_DATA_FILE, not both."


def test_an_unknown_name_is_refused_with_a_guess() -> None:
    assert refusal({"HEED_BUS_ULR": "x"}) == "HEED_BUS_ULR is no setting of Heed; did you mean HEED_BUS_URL?"
    assert refusal({"HEED_QQQQQ": "x"}) == "HEED_QQQQQ is no setting of Heed."


def test_names_of_tests_and_of_others_are_ignored(tmp_path: Path) -> None:
    environ = {
        "HEED_LAB": "x",
        "HEED_REQUIRE": "servers",
        "HEED_TEST_KAFKA": "y",
        "HOME": "/",
        "HEED_DATA": str(tmp_path),
    }
    assert from_environment(environ).demo


def test_an_empty_value_counts_as_not_given(tmp_path: Path) -> None:
    assert from_environment({"HEED_DATA": str(tmp_path), "HEED_MAIL_URL": " "}).mail_url.startswith("file://")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HEED_ENVIRONMENT", "staging-canary"),
        ("HEED_BUS_URL", "canary:9092"),
        ("HEED_BUS_URL", "kafka://canary:notaport"),
        ("HEED_DATABASE_URL", "mysql://canary"),
        ("HEED_DATABASE_URL", "sqlite:///canary.db"),
        ("HEED_INDEX_URL", "ftp://canary"),
        ("HEED_MAIL_URL", "canary"),
        ("HEED_SECRET_KEYS", "canary"),
        ("HEED_SECRET_KEYS", base64.b64encode(b"canary").decode()),
        ("HEED_SECRET_KEYS", "00" * 32),
        ("HEED_SECRET_KEYS", "zz" * 32),
        ("HEED_ALLOW_PLAIN", "canary"),
    ],
)
def test_a_bad_value_is_refused_by_name_and_not_repeated(name: str, value: str) -> None:
    sentence = refusal({name: value})
    assert sentence.startswith(name)
    assert "canary" not in sentence
    assert value not in sentence


def test_a_folder_in_which_nothing_can_be_written_is_named() -> None:
    # No rights help there, whoever runs the tests.
    assert refusal({"HEED_DATA": "/proc"}).startswith("HEED_DATA names a folder that cannot be written")


def test_a_complete_production_holds() -> None:
    settings = from_environment(production())
    assert settings.production
    assert settings.https
    assert not settings.demo
    assert (
        settings.database_url("search")
        == "postgresql+psycopg://heed:pw@db.example/heed_search?sslmode=verify-full"
    )


@pytest.mark.parametrize(
    "name", ["HEED_SECRET_KEYS", "HEED_OIDC_ISSUER", "HEED_OIDC_CLIENT_SECRET", "HEED_PUBLIC_URL"]
)
def test_production_refuses_what_is_missing(name: str) -> None:
    assert name in refusal(production(**{name: ""}))


def test_production_accepts_no_demo_accounts() -> None:
    none = {"HEED_OIDC_ISSUER": "", "HEED_OIDC_CLIENT_ID": "", "HEED_OIDC_CLIENT_SECRET": ""}
    assert "no demo accounts" in refusal(production(**none))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HEED_DATABASE_URL", "postgresql+psycopg://heed:pw@db.example/heed"),
        ("HEED_MIGRATE_URL", "postgresql+psycopg://owner:pw@db.example/heed?sslmode=prefer"),
        ("HEED_BUS_URL", "kafka://bus.example:9092"),
        ("HEED_INDEX_URL", "http://index.example:9200"),
        ("HEED_MAIL_URL", "smtp://mail.example:25"),
    ],
)
def test_production_refuses_a_plain_connection_without_consent(name: str, value: str) -> None:
    assert refusal(production(**{name: value})).startswith(f"{name} is without encryption")
    assert from_environment(production(**{name: value, "HEED_ALLOW_PLAIN": "yes"})).allow_plain


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("HEED_PUBLIC_URL", "http://heed.example", "must begin with https://"),
        ("HEED_OIDC_ISSUER", "http://id.example", "must begin with https://"),
        ("HEED_OIDC_CLIENT_SECRET", "short", "must have 16 characters"),
        ("HEED_DATABASE_URL", "sqlite:////data/{service}.db", "must be PostgreSQL"),
        ("HEED_MIGRATE_URL", "sqlite:////data/{service}.db", "must be PostgreSQL"),
        ("HEED_BUS_URL", "sqlite:////data/bus.db", "must be Kafka"),
        ("HEED_INDEX_URL", "embedded://", "must be OpenSearch"),
        ("HEED_MAIL_URL", "file:///data/mail", "must be a mail server"),
    ],
)
def test_production_refuses_what_serves_one_machine_or_is_weak_whatever_is_allowed(
    name: str, value: str, words: str
) -> None:
    said = refusal(production(**{name: value, "HEED_ALLOW_PLAIN": "yes"}))
    assert said.startswith(f"{name} {words}")


@pytest.mark.parametrize("value", ["officers", "[]", '{"a": 1}', '{"LADO team": "king"}'])
def test_a_mapping_that_does_not_hold_is_refused(value: str) -> None:
    assert refusal({"HEED_OIDC_ROLES": value}).startswith("HEED_OIDC_ROLES must")


def test_values_of_claims_are_mapped_by_json(tmp_path: Path) -> None:
    given = {"HEED_DATA": str(tmp_path), "HEED_OIDC_ROLES": '{"CN=LADO,OU=Staff": "officer"}'}
    assert from_environment(given).oidc_roles == {"CN=LADO,OU=Staff": "officer"}


def test_no_secret_shows_when_settings_are_printed() -> None:
    shown = repr(from_environment(production()))
    assert "let-me-in" not in shown
    assert "pw@" not in shown
    assert repr(bytes(range(32))) not in shown


def test_the_environment_of_the_process_is_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [one for one in os.environ if one.startswith("HEED_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HEED_DATA", str(tmp_path))
    assert from_environment().data == tmp_path


def test_the_page_of_settings_is_the_one_the_code_makes() -> None:
    assert PAGE.read_text(encoding="utf-8") == docs.configuration(), "run `make docs`"


def test_production_is_told_how_many_gateways_stand_before_it() -> None:
    assert "HEED_GATEWAYS must be set" in refusal(production(HEED_GATEWAYS=""))
    assert from_environment(production(HEED_GATEWAYS="0")).gateways == "0"
    assert "must be 0 or 1" in refusal(production(HEED_GATEWAYS="many"))


def test_a_pace_is_a_whole_number(tmp_path: Path) -> None:
    assert from_environment({"HEED_DATA": str(tmp_path), "HEED_PACE_FORM": "0"}).pace_form == 0
    assert "HEED_PACE_API must be a whole number" in refusal({"HEED_PACE_API": "-5"})
