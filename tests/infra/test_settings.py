import base64
import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from infra.security.keys import new_signing_key
from infra.settings import MigrationSettings, Settings, SettingsError
from infra.store.logins import Login
from standalone.settings import StandaloneSettings

SECRET = base64.b64encode(b"s" * 32).decode()
GIVEN = {
    "FODSLAG_DATABASE_URL": "postgresql://fodslag:hunter2@localhost/fodslag",
    "FODSLAG_MASTER_KEY": SECRET,
    "FODSLAG_HMAC_KEY": base64.b64encode(b"h" * 40).decode(),
    "FODSLAG_JWT_KEY": new_signing_key(),
}


@pytest.fixture(autouse=True)
def given(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in {**Settings.model_fields, **MigrationSettings.model_fields}:
        monkeypatch.delenv(f"FODSLAG_{name}".upper(), raising=False)
    for name, value in GIVEN.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def refused() -> str:
    with pytest.raises(SettingsError) as raised:
        Settings.from_environment()
    return str(raised.value)


def test_four_variables_are_enough() -> None:
    settings = Settings.from_environment()

    assert settings.master_key_bytes == b"s" * 32
    assert settings.hmac_key_bytes == b"h" * 40
    assert (settings.master_key_id, settings.jwt_issuer, settings.jwt_audience) == (
        "m1",
        "fodslag",
        "fodslag",
    )
    assert (settings.api_host, settings.api_port, settings.body_limit_bytes) == ("127.0.0.1", 8080, 524_288)
    assert (settings.var, settings.rule_cache) == (Path("var"), Path("var/rules"))
    assert settings.channels == ("log",)


def test_every_variable_is_read(given: pytest.MonkeyPatch) -> None:
    given.setenv("FODSLAG_MASTER_KEY_ID", "m2")
    given.setenv("FODSLAG_JWT_ISSUER", "https://login.example")
    given.setenv("FODSLAG_JWT_AUDIENCE", "kommune")
    given.setenv("FODSLAG_API_HOST", "::1")
    given.setenv("FODSLAG_API_PORT", "9090")
    given.setenv("FODSLAG_VAR", "elsewhere")
    given.setenv("FODSLAG_CHANNELS", "log, smtp")
    given.setenv("FODSLAG_BODY_LIMIT_BYTES", "1024")

    settings = Settings.from_environment()

    assert (settings.master_key_id, settings.jwt_issuer, settings.jwt_audience) == (
        "m2",
        "https://login.example",
        "kommune",
    )
    assert (settings.api_host, settings.api_port, settings.body_limit_bytes) == ("::1", 9090, 1024)
    assert settings.rule_cache == Path("elsewhere/rules")
    assert settings.channels == ("log", "smtp")


def test_a_key_read_from_a_file_may_end_in_a_newline(given: pytest.MonkeyPatch) -> None:
    given.setenv("FODSLAG_MASTER_KEY", f"{SECRET}\n")

    assert Settings.from_environment().master_key_bytes == b"s" * 32


def test_a_secret_may_be_a_file_named_as_its_variable_is(given: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given.setattr("infra.settings._SECRETS", tmp_path)
    for name in ("FODSLAG_DATABASE_URL", "FODSLAG_MASTER_KEY"):
        given.delenv(name)
        (tmp_path / name.lower()).write_text(f"{GIVEN[name]}\n")

    assert Settings.from_environment().database_url == GIVEN["FODSLAG_DATABASE_URL"]
    assert Settings.from_environment().master_key_bytes == b"s" * 32


def test_migrating_needs_the_owners_address_and_takes_the_passwords_of_the_logins(given: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError, match="FODSLAG_OWNER_DATABASE_URL mangler / is missing"):
        MigrationSettings.from_environment()

    given.setenv("FODSLAG_OWNER_DATABASE_URL", "postgresql://fodslag:hunter2@localhost/fodslag")
    assert MigrationSettings.from_environment().passwords == {}

    given.setenv("FODSLAG_WORKER_DATABASE_URL", "postgresql://fodslag_worker:hunter%403@localhost/fodslag")
    assert MigrationSettings.from_environment().passwords == {Login.WORKER: "hunter@3"}
    assert "hunter" not in repr(MigrationSettings.from_environment())


@pytest.mark.parametrize(
    "url", ["postgresql://fodslag:hunter2@localhost/fodslag", "postgresql://fodslag_api@localhost"]
)
def test_a_login_is_let_in_by_its_own_name_and_a_password(url: str, given: pytest.MonkeyPatch) -> None:
    given.setenv("FODSLAG_OWNER_DATABASE_URL", "postgresql://fodslag:hunter2@localhost/fodslag")
    given.setenv("FODSLAG_API_DATABASE_URL", url)

    with pytest.raises(SettingsError, match=r"FODSLAG_API_DATABASE_URL .*must name fodslag_api and its password"):
        MigrationSettings.from_environment()


def test_a_public_key_set_is_enough(given: pytest.MonkeyPatch) -> None:
    key = json.loads(new_signing_key())
    del key["d"]
    given.setenv("FODSLAG_JWT_KEY", json.dumps({"keys": [key]}))

    assert json.loads(Settings.from_environment().jwt_key.get_secret_value()) == {"keys": [key]}


@pytest.mark.parametrize("name", GIVEN)
def test_a_missing_or_empty_variable_is_named(name: str, given: pytest.MonkeyPatch) -> None:
    given.delenv(name)
    assert refused() == f"{name} mangler / is missing"

    given.setenv(name, "")
    assert refused() == f"{name} mangler / is missing"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("FODSLAG_DATABASE_URL", "sqlite:///hunter2", "must begin with postgresql://"),
        ("FODSLAG_MASTER_KEY", base64.b64encode(b"hunter2").decode(), "must be base64 of 32 bytes"),
        ("FODSLAG_MASTER_KEY", base64.b64encode(b"s" * 33).decode(), "must be base64 of 32 bytes"),
        ("FODSLAG_MASTER_KEY", base64.b64encode(bytes(32)).decode(), "must be base64 of 32 bytes"),
        ("FODSLAG_HMAC_KEY", base64.b64encode(bytes(40)).decode(), "must be base64 of at least 32 bytes"),
        ("FODSLAG_MASTER_KEY", "not base64 hunter2", "must be base64 of 32 bytes"),
        ("FODSLAG_HMAC_KEY", base64.b64encode(b"h" * 31).decode(), "must be base64 of at least 32 bytes"),
        ("FODSLAG_JWT_KEY", "hunter2", "must be a JWK or JWKS for Ed25519, P-256 or RSA"),
        (
            "FODSLAG_JWT_KEY",
            '{"kty": "oct", "k": "aHVudGVyMmh1bnRlcjJodW50ZXIy"}',
            "must be a JWK or JWKS for Ed25519, P-256 or RSA",
        ),
        ("FODSLAG_JWT_KEY", "http://hunter2.example/jwks", "or the https address of one"),
        ("FODSLAG_OIDC_ISSUER", "http://hunter2.example", "must begin with https://"),
        ("FODSLAG_OIDC_ISSUER", "https://hunter2.example", "FODSLAG_PUBLIC_URL must begin with https://"),
        ("FODSLAG_API_PORT", "hunter2", "cannot be used: Input should be a valid integer"),
        ("FODSLAG_API_PORT", "65536", "cannot be used: Input should be less than or equal to 65535"),
        ("FODSLAG_MAIL_FROM", "hunter2@kommune.example,other@kommune.example", "must be one mail address"),
        ("FODSLAG_MAIL_FROM", "hunter2", "must be one mail address"),
        ("FODSLAG_MAIL_FROM", "Kommunen <hunter2@kommune.example>", "must be one mail address"),
        ("FODSLAG_MAIL_FROM", "hunter2@kommune.example\n", "must be one mail address"),
        ("FODSLAG_BODY_LIMIT_BYTES", "-512", "cannot be used: Input should be greater than 0"),
    ],
)
def test_a_variable_that_cannot_be_used_is_named_without_its_value(
    name: str, value: str, words: str, given: pytest.MonkeyPatch
) -> None:
    given.setenv(name, value)

    message = refused()

    assert message.startswith(f"{name} ")
    assert words in message
    assert value not in message


def test_a_login_that_lacks_something_is_told_of_when_the_program_starts(given: pytest.MonkeyPatch) -> None:
    given.setenv("FODSLAG_PUBLIC_URL", "https://fodslag.example")
    given.setenv("FODSLAG_OIDC_ISSUER", "https://login.example")
    given.setenv("FODSLAG_OIDC_CLIENT_ID", "fodslag")

    assert refused().endswith("needs FODSLAG_OIDC_CLIENT_SECRET FODSLAG_OIDC_CLAIMS")


@pytest.mark.parametrize(
    ("name", "value"), [("FODSLAG_API_HOST", "192.0.2.1"), ("FODSLAG_PUBLIC_URL", "https://fodslag.example")]
)
def test_a_login_that_asks_for_nothing_is_for_this_machine_only(
    name: str, value: str, given: pytest.MonkeyPatch
) -> None:
    given.setenv("FODSLAG_DEMO_LOGIN", "true")
    assert Settings.from_environment().demo_login

    given.setenv(name, value)
    assert refused().startswith("FODSLAG_DEMO_LOGIN ")


def test_everything_that_is_wrong_is_told_at_once(given: pytest.MonkeyPatch) -> None:
    given.delenv("FODSLAG_DATABASE_URL")
    given.setenv("FODSLAG_HMAC_KEY", "short")

    assert [line.split()[0] for line in refused().splitlines()] == [
        "FODSLAG_DATABASE_URL",
        "FODSLAG_HMAC_KEY",
    ]


def test_no_secret_is_shown_when_the_settings_are() -> None:
    shown = repr(Settings.from_environment())

    assert "hunter2" not in shown
    assert all(value not in shown for value in GIVEN.values())


def test_settings_do_not_change() -> None:
    settings = Settings.from_environment()

    with pytest.raises(ValidationError, match="frozen"):
        settings.api_port = 1  # type: ignore[misc]


def test_no_secret_is_shown_when_the_settings_are_refused_by_pydantic(given: pytest.MonkeyPatch) -> None:
    given.setenv("FODSLAG_HMAC_KEY", "hunter2")

    with pytest.raises(ValidationError) as raised:
        Settings()

    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize(("host", "is_ours"), [("127.0.0.1", True), ("::1", True), ("0.0.0.0", False), ("::", False)])  # noqa: S104 - refused
def test_the_standalone_system_listens_on_this_machine_only(
    monkeypatch: pytest.MonkeyPatch, host: str, *, is_ours: bool
) -> None:
    monkeypatch.setenv("FODSLAG_API_HOST", host)

    if is_ours:
        assert StandaloneSettings().api_host == host
    else:
        with pytest.raises(ValueError, match=r"deploy\.md"):
            StandaloneSettings()
