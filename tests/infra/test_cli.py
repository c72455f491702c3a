import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import app
from domain.identity import Role
from infra.clock import SystemClock
from infra.security.keys import GivenKeys
from infra.security.tokens import Claims, Lifetimes, TokenError, Verifier
from standalone.keys import environment_of_keys
from standalone.postgres import PostgresServer

TINY = Path(__file__).parents[1] / "rules" / "tiny.toml"
AMENDING = TINY.parents[1] / "domain" / "wider.toml"
SYSTEM = ["token", "--role", "system", "--person", "case-system", "--municipality", "376"]
CALLER = ["token", "--role", "caseworker", "--person", "anna", "--municipality", "376", "--unit", "job"]


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("FODSLAG_JWT_KEY", raising=False)
    monkeypatch.setenv("FODSLAG_VAR", str(tmp_path))


def accepted(key: str, signed: str, later: timedelta = timedelta(), lifetimes: Lifetimes | None = None) -> Claims:
    verifier = Verifier(GivenKeys(key), "fodslag", "fodslag", lifetimes or Lifetimes())
    return asyncio.run(verifier.verify(signed.strip(), SystemClock().now() + later))


@pytest.fixture
def key(tmp_path: Path) -> str:
    return environment_of_keys(tmp_path, courses_exist=False)["FODSLAG_JWT_KEY"]


def test_a_token_says_who_the_caller_is_with_the_key_of_the_embedded_system(key: str) -> None:
    signed = CliRunner().invoke(app, CALLER)

    assert accepted(key, signed.stdout) == Claims(
        person="anna", roles=frozenset({Role.CASEWORKER}), municipality="376", units=frozenset({"job"})
    )


def test_a_token_is_valid_for_the_days_asked_for(key: str) -> None:
    signed = CliRunner().invoke(app, [*SYSTEM, "--days", "2"]).stdout.strip()

    accepted(key, signed, timedelta(hours=47))
    with pytest.raises(TokenError, match="token-expired"):
        accepted(key, signed, timedelta(hours=49))


@pytest.mark.usefixtures("key")
def test_a_token_that_would_not_be_accepted_is_not_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    for caller, days in ((CALLER, "2"), (SYSTEM, "91")):
        refused = CliRunner().invoke(app, [*caller, "--days", days])
        assert refused.exit_code == 2
        assert "FODSLAG_PERSON_TOKEN_HOURS" in refused.stderr

    monkeypatch.setenv("FODSLAG_PERSON_TOKEN_HOURS", "48")
    assert CliRunner().invoke(app, [*CALLER, "--days", "2"]).exit_code == 0


def test_a_token_without_a_wish_lives_no_longer_than_it_may(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FODSLAG_PERSON_TOKEN_HOURS", "8")
    signed = CliRunner().invoke(app, CALLER).stdout.strip()

    assert accepted(key, signed, lifetimes=Lifetimes(person=timedelta(hours=8))).person == "anna"


def test_a_token_can_be_signed_with_a_key_of_the_environment(
    key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FODSLAG_VAR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("FODSLAG_JWT_KEY", key)

    signed = CliRunner().invoke(app, CALLER)

    assert accepted(key, signed.stdout).person == "anna"


def test_without_a_key_a_person_is_told_how_to_get_one() -> None:
    refused = CliRunner().invoke(app, CALLER)

    assert refused.exit_code == 2
    assert "Start `fodslag run` first" in refused.stderr


@pytest.mark.usefixtures("key")
def test_a_claim_outside_the_vocabulary_is_named() -> None:
    refused = CliRunner().invoke(app, [*CALLER, "--municipality", "Guldborgsund"])

    assert refused.exit_code == 2
    assert refused.stderr.startswith("municipality: ")


def test_a_setting_that_cannot_be_used_is_named_by_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FODSLAG_API_PORT", "http")

    refused = CliRunner().invoke(app, ["run"])

    assert refused.exit_code == 2
    assert refused.stderr.startswith("FODSLAG_API_PORT: ")


def test_the_api_names_every_setting_it_lacks() -> None:
    refused = CliRunner().invoke(app, ["api"])

    assert refused.exit_code == 2
    assert "FODSLAG_DATABASE_URL mangler / is missing" in refused.stderr


def test_the_api_does_not_start_as_the_owner_of_the_database(
    postgres: PostgresServer, key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {**environment_of_keys(tmp_path, courses_exist=True), "FODSLAG_JWT_KEY": key}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("FODSLAG_DATABASE_URL", postgres.owner_url)

    refused = CliRunner().invoke(app, ["api"])

    assert refused.exit_code == 2
    assert "the owner is for `fodslag migrate` alone" in refused.stderr
    assert postgres.owner_url.split(":")[2].split("@")[0] not in refused.stderr


def test_examples_are_tried_whatever_else_lies_in_the_folder(tmp_path: Path) -> None:
    for file in (TINY, AMENDING):
        (tmp_path / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8-sig")
    (tmp_path / "notes.toml").write_text("Blåbærgrød", encoding="latin-1")

    for file in (TINY, AMENDING):
        result = CliRunner().invoke(app, ["rules", "try", str(tmp_path / file.name)])
        assert (result.exit_code, result.stderr) == (0, ""), file


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
@pytest.mark.parametrize("file", [TINY, AMENDING])
def test_a_file_that_is_not_utf_8_is_named_with_the_remedy(file: Path, encoding: str, tmp_path: Path) -> None:
    for each in (TINY, AMENDING):
        (tmp_path / each.name).write_text(each.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / file.name).write_text(file.read_text(encoding="utf-8"), encoding=encoding)

    refused = CliRunner().invoke(app, ["rules", "try", str(tmp_path / AMENDING.name)])

    assert refused.exit_code == 2
    assert refused.stderr == f"{file.name}: gem filen som UTF-8 / save it as UTF-8\n"


def test_a_file_that_could_be_amended_is_suggested(tmp_path: Path) -> None:
    (tmp_path / TINY.name).write_text(TINY.read_text(encoding="utf-8"), encoding="utf-8")
    change = AMENDING.read_text(encoding="utf-8").replace('"tiny.toml"', '"tny.toml"')
    (tmp_path / AMENDING.name).write_text(change, encoding="utf-8")

    refused = CliRunner().invoke(app, ["rules", "try", str(tmp_path / AMENDING.name)])

    assert refused.exit_code == 2
    assert "mente du »tiny.toml«?" in refused.stderr
