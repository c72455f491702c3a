from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import app
from domain.identity import Role
from infra.clock import SystemClock
from infra.embedded.keys import environment_of_keys
from infra.security.tokens import Claims, TokenError, Verifier

CALLER = ["token", "--role", "caseworker", "--person", "anna", "--municipality", "376", "--unit", "job"]


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("FODSLAG_JWT_KEY", raising=False)
    monkeypatch.setenv("FODSLAG_VAR", str(tmp_path))


@pytest.fixture
def key(tmp_path: Path) -> str:
    return environment_of_keys(tmp_path, courses_exist=False)["FODSLAG_JWT_KEY"]


def test_a_token_says_who_the_caller_is_with_the_key_of_the_embedded_system(key: str) -> None:
    signed = CliRunner().invoke(app, CALLER)

    claims = Verifier(key, "fodslag", "fodslag").verify(signed.stdout.strip(), SystemClock().now())
    assert claims == Claims(
        person="anna", roles=frozenset({Role.CASEWORKER}), municipality="376", units=frozenset({"job"})
    )


def test_a_token_is_valid_for_the_days_asked_for(key: str) -> None:
    signed = CliRunner().invoke(app, [*CALLER, "--days", "2"]).stdout.strip()
    verifier, now = Verifier(key, "fodslag", "fodslag"), SystemClock().now()

    verifier.verify(signed, now + timedelta(hours=47))
    with pytest.raises(TokenError, match="token-expired"):
        verifier.verify(signed, now + timedelta(hours=49))


def test_a_token_can_be_signed_with_a_key_of_the_environment(
    key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FODSLAG_VAR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("FODSLAG_JWT_KEY", key)

    signed = CliRunner().invoke(app, CALLER)

    assert Verifier(key, "fodslag", "fodslag").verify(signed.stdout.strip(), SystemClock().now()).person == "anna"


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
