"""What an installation decides, read once from environment variables that begin with FODSLAG_.

Temporal's address, namespace and TLS are not here: its own variables (TEMPORAL_ADDRESS …) say them.
"""

import base64
import binascii
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Final, Self
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, ValidationInfo
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from domain.identity import Municipality
from infra.security.claim_rules import ClaimRules
from infra.security.keys import read_keys
from infra.security.tokens import Lifetimes
from infra.security.web_addresses import is_loopback, is_web_address
from infra.smtp_server import ONE_MAILBOX, read_smtp_url
from infra.store.logins import Login

_PREFIX: Final = "FODSLAG_"
_SECRETS: Final = Path("/run/secrets")
"""Where containers find their secrets as files."""
_DIALECT: Final = "postgresql://"
_MASTER_KEY_BYTES: Final = 32
_HMAC_KEY_BYTES: Final = 32


class SettingsError(Exception):
    """Settings that cannot be used: a line for each variable, in Danish and English, without its value."""


def _bytes_of(secret: SecretStr) -> bytes:
    try:
        return base64.b64decode(secret.get_secret_value().strip(), validate=True)
    except binascii.Error:
        return b""


def _is_master_key(secret: SecretStr) -> SecretStr:
    if len(_bytes_of(secret)) != _MASTER_KEY_BYTES or not any(_bytes_of(secret)):
        raise ValueError("skal være base64 af 32 byte / must be base64 of 32 bytes")
    return secret


def _is_hmac_key(secret: SecretStr) -> SecretStr:
    if len(_bytes_of(secret)) < _HMAC_KEY_BYTES or not any(_bytes_of(secret)):
        raise ValueError("skal være base64 af mindst 32 byte / must be base64 of at least 32 bytes")
    return secret


def _is_jwt_key(secret: SecretStr) -> SecretStr:
    if is_web_address(secret.get_secret_value().strip()):
        return secret
    try:
        read_keys(secret.get_secret_value())
    except ValueError:
        raise ValueError(
            "skal være en JWK eller JWKS til Ed25519, P-256 eller RSA, eller https-adressen på en"
            " / must be a JWK or JWKS for Ed25519, P-256 or RSA, or the https address of one"
        ) from None
    return secret


def _is_database_url(url: str) -> str:
    if not url.startswith(_DIALECT):
        raise ValueError("skal begynde med postgresql:// / must begin with postgresql://")
    return url


def _has_password_of(login: Login) -> Callable[[str], str]:
    """Return what expects an address with the name and the password of a login."""

    def expect(url: str) -> str:
        named = urlsplit(url and _is_database_url(url))
        if url and (named.username != login or not named.password):
            raise ValueError(f"skal nævne {login} og dens adgangskode / must name {login} and its password")
        return url

    return expect


def _is_web_address(url: str) -> str:
    if url and not url.startswith(("http://", "https://")):
        raise ValueError("skal begynde med http:// eller https:// / must begin with http:// or https://")
    return url


def _is_smtp_url(url: str) -> str:
    if url:
        read_smtp_url(url)
    return url


def _is_mail_address(address: str) -> str:
    if address and not ONE_MAILBOX.fullmatch(address):
        raise ValueError(
            "skal være én mailadresse som fodslag@kommune.example, uden navn og komma"
            " / must be one mail address such as fodslag@kommune.example, without a name or a comma"
        )
    return address


def _is_provider(issuer: str, info: ValidationInfo) -> str:
    """Expect an address over TLS, of which all else is given that a login needs; these fields stand before it."""
    if issuer and not (is_web_address(issuer) and is_web_address(info.data.get("public_url", ""))):
        raise ValueError(
            "og FODSLAG_PUBLIC_URL skal begynde med https:// / and FODSLAG_PUBLIC_URL must begin with https://"
        )
    needed = ("oidc_client_id", "oidc_client_secret", "oidc_claims")
    lacking = " ".join(f"{_PREFIX}{name}".upper() for name in needed if not info.data.get(name))
    if issuer and lacking:
        raise ValueError(f"kræver / needs {lacking}")
    return issuer


def _is_of_this_machine(demo: bool, info: ValidationInfo) -> bool:  # noqa: FBT001 - Called with the setting itself.
    """Expect that nobody but this machine reaches a login that asks for nothing."""
    hosts = (info.data.get("api_host"), urlsplit(info.data.get("public_url") or "http://localhost").hostname)
    if demo and not all(map(is_loopback, hosts)):
        raise ValueError(
            "lukker enhver ind, og er kun til denne maskine / lets anybody in, and is for this machine only"
        )
    return demo


def _split(names: str | Sequence[str]) -> Sequence[str]:
    return [name.strip() for name in names.split(",")] if isinstance(names, str) else names


class _FromEnvironment(BaseSettings):
    """Settings read from variables, or else from files that are named as the variables are, in small letters."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, env_ignore_empty=True, frozen=True, hide_input_in_errors=True)

    @classmethod
    def from_environment(cls) -> Self:
        """Return the settings; raises SettingsError that names every variable to put right."""
        try:
            return cls(_secrets_dir=_SECRETS if _SECRETS.is_dir() else None)
        except ValidationError as error:
            lines = [_in_plain_words(detail) for detail in error.errors(include_input=False, include_url=False)]
            raise SettingsError("\n".join(lines)) from None


class TokenSettings(_FromEnvironment):
    """How long tokens are accepted at most."""

    person_token_hours: int = Field(default=24, ge=1, le=24 * 31)
    system_token_days: int = Field(default=90, ge=1, le=366)

    @property
    def lifetimes(self) -> Lifetimes:
        """The longest lives of tokens."""
        return Lifetimes(timedelta(hours=self.person_token_hours), timedelta(days=self.system_token_days))


class Settings(TokenSettings):
    """The settings of one installation; secrets and the database's password are in no repr."""

    database_url: Annotated[str, AfterValidator(_is_database_url)] = Field(repr=False)
    master_key: Annotated[SecretStr, AfterValidator(_is_master_key)]
    master_key_id: str = "m1"
    hmac_key: Annotated[SecretStr, AfterValidator(_is_hmac_key)]
    jwt_key: Annotated[SecretStr, AfterValidator(_is_jwt_key)]
    jwt_issuer: str = "fodslag"
    jwt_audience: str = "fodslag"
    api_host: str = "127.0.0.1"
    api_port: int = Field(default=8080, ge=0, le=65535)
    metrics_host: str = "127.0.0.1"
    metrics_port: int = Field(default=9090, ge=1, le=65535)
    var: Path = Path("var")
    channels: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)] = ("log",)
    body_limit_bytes: int = Field(default=524_288, gt=0)
    municipality_names: dict[str, str] = {}
    acknowledging_systems: Annotated[tuple[Municipality, ...], NoDecode, BeforeValidator(_split)] = ()
    statistics_in: Annotated[tuple[Municipality, ...], NoDecode, BeforeValidator(_split)] = ()
    public_url: Annotated[str, AfterValidator(_is_web_address)] = ""
    smtp_url: Annotated[str, AfterValidator(_is_smtp_url)] = Field(default="", repr=False)
    smtp_ca_file: str = ""
    mail_from: Annotated[str, AfterValidator(_is_mail_address)] = ""
    mail_foot: str = ""
    traces_to: Annotated[str, AfterValidator(_is_web_address)] = ""
    temporal_url: Annotated[str, AfterValidator(_is_web_address)] = ""
    heartbeat_url: Annotated[str, AfterValidator(_is_web_address)] = Field(default="", repr=False)
    events_every_seconds: float = Field(default=1.0, gt=0, le=60)
    session_hours: int = Field(default=10, ge=1, le=24)
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_scope: str = "openid profile"
    oidc_claims: ClaimRules | None = None
    oidc_issuer: Annotated[str, AfterValidator(_is_provider)] = ""
    demo_login: Annotated[bool, AfterValidator(_is_of_this_machine)] = False

    @property
    def rule_cache(self) -> Path:
        """Where rule sets are kept by hash, so that the store being away stops no course."""
        return self.var / "rules"

    @property
    def calendar_cache(self) -> Path:
        """Where calendars are kept by hash, for the same reason."""
        return self.var / "calendars"

    @property
    def is_over_tls(self) -> bool:
        """Whether people reach this installation over TLS."""
        return self.public_url.startswith("https://")

    @property
    def master_key_bytes(self) -> bytes:
        return _bytes_of(self.master_key)

    @property
    def hmac_key_bytes(self) -> bytes:
        return _bytes_of(self.hmac_key)


class MigrationSettings(_FromEnvironment):
    """What migrating needs: the owner's login and, to let them in by their passwords, those of API and worker."""

    owner_database_url: Annotated[str, AfterValidator(_is_database_url)] = Field(repr=False)
    api_database_url: Annotated[str, AfterValidator(_has_password_of(Login.API))] = Field(default="", repr=False)
    worker_database_url: Annotated[str, AfterValidator(_has_password_of(Login.WORKER))] = Field(default="", repr=False)

    @property
    def passwords(self) -> dict[Login, str]:
        """The passwords of the logins that are named."""
        urls = {Login.API: self.api_database_url, Login.WORKER: self.worker_database_url}
        return {login: unquote(urlsplit(url).password or "") for login, url in urls.items() if url}


def _in_plain_words(detail: ErrorDetails) -> str:
    variable = f"{_PREFIX}{detail['loc'][0]}".upper()
    if detail["type"] == "missing":
        return f"{variable} mangler / is missing"
    if detail["type"] == "value_error":
        return f"{variable} {detail['ctx']['error']}"
    return f"{variable} kan ikke bruges / cannot be used: {detail['msg']}"
