"""Logging in by OpenID Connect: the authorization code flow with PKCE, of one provider (RFC 9700, RFC 9207)."""

import asyncio
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import Annotated, Any, Final
from urllib.parse import quote, urlencode

import httpx
from pydantic import AfterValidator, BaseModel, SecretStr, ValidationError

from domain.model import Model
from infra.security.keys import KeysAwayError, PublishedKeys
from infra.security.tokens import TokenError, expect_claims, signed_claims
from infra.security.web_addresses import is_web_address

_TIMEOUT: Final = httpx.Timeout(5.0)
_LONGEST_ANSWER: Final = 1_000_000
_DESCRIPTION: Final = "/.well-known/openid-configuration"
_FRESH: Final = timedelta(hours=1)
_RANDOM_BYTES: Final = 32


class ProviderAwayError(Exception):
    """The provider does not answer, or with nothing that can be used."""


class LoginRefusedError(Exception):
    """What came back from a login does not prove who somebody is; `code` says where it went wrong, and nothing else."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Client(Model):
    """What this installation is at its provider."""

    issuer: str
    client_id: str
    client_secret: SecretStr
    scope: str
    redirect_uri: str


class Attempt(Model):
    """A login that was begun: what must come back, and what proves that it was begun here."""

    state: str
    nonce: str
    code_verifier: str

    @classmethod
    def new(cls) -> "Attempt":
        """Return an attempt that nobody can guess."""
        return cls(**{name: secrets.token_urlsafe(_RANDOM_BYTES) for name in cls.model_fields})


def _is_web_address(text: str) -> str:
    if not is_web_address(text):
        raise ValueError("An address of a provider is over TLS.")
    return text


_Address = Annotated[str, AfterValidator(_is_web_address)]


class _Described(BaseModel):
    """What a provider says of itself (OpenID Connect Discovery)."""

    issuer: str
    authorization_endpoint: _Address
    token_endpoint: _Address
    jwks_uri: _Address
    end_session_endpoint: _Address | None = None
    authorization_response_iss_parameter_supported: bool = False


class Provider:
    """One OpenID provider; what it says of itself and its keys are asked for when first needed, and hourly."""

    def __init__(self, client: Client, http: httpx.AsyncClient) -> None:
        self._client = client
        self._http = http
        self._described: tuple[_Described, datetime] | None = None
        self._keys: PublishedKeys | None = None
        self._one = asyncio.Lock()

    async def login_address(self, attempt: Attempt, now: datetime) -> str:
        """Return where the browser goes to log in; raises ProviderAwayError."""
        described = await self._description(now)
        challenge = urlsafe_b64encode(sha256(attempt.code_verifier.encode()).digest()).rstrip(b"=").decode()
        query = {
            "response_type": "code",
            "client_id": self._client.client_id,
            "redirect_uri": self._client.redirect_uri,
            "scope": self._client.scope,
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return f"{described.authorization_endpoint}{_joint(described.authorization_endpoint)}{urlencode(query)}"

    async def logout_address(self, back: str, now: datetime) -> str | None:
        """Return where somebody ends the login at the provider too, None where it has no such place."""
        end = (await self._description(now)).end_session_endpoint
        query = urlencode({"client_id": self._client.client_id, "post_logout_redirect_uri": back})
        return f"{end}{_joint(end)}{query}" if end else None

    async def claims(self, returned: Mapping[str, str], attempt: Attempt, now: datetime) -> dict[str, Any]:
        """Return what the provider says of who logged in; raises LoginRefusedError and ProviderAwayError."""
        described = await self._description(now)
        _expect_answer(returned, attempt, described)
        token = await self._redeemed(returned["code"], attempt, described)
        try:
            assert self._keys is not None  # noqa: S101 - Made with the description.
            claims = signed_claims(token, await self._keys.for_token(token, now))
            expect_claims(claims, described.issuer, self._client.client_id, now)
        except TokenError as error:
            raise LoginRefusedError(error.code) from None
        except KeysAwayError:
            raise ProviderAwayError from None
        _expect_of_this_login(claims, attempt, self._client.client_id)
        return claims

    async def _redeemed(self, code: str, attempt: Attempt, described: _Described) -> str:
        """Return the ID token for a code."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._client.redirect_uri,
            "code_verifier": attempt.code_verifier,
        }
        secret = (self._client.client_id, self._client.client_secret.get_secret_value())
        credentials = httpx.BasicAuth(*(quote(part, safe="") for part in secret))
        try:
            answer = await self._http.post(described.token_endpoint, data=form, auth=credentials)
            if answer.is_server_error:
                raise ProviderAwayError
            token = answer.json().get("id_token") if answer.is_success else None
        except (httpx.HTTPError, ValueError, AttributeError):
            raise ProviderAwayError from None
        if not isinstance(token, str):
            raise LoginRefusedError("code-refused")
        return token

    async def _description(self, now: datetime) -> _Described:
        """Return what the provider says of itself, as it said of late while it does not answer."""
        async with self._one:
            if self._described is None or now - self._described[1] > _FRESH:
                try:
                    described = _Described.model_validate_json(await fetch(self._http, self._address))
                    if described.issuer != self._client.issuer:
                        raise ProviderAwayError  # noqa: TRY301 - As if nobody answered: somebody else did.
                except (OSError, ValidationError, ProviderAwayError):
                    if self._described is None:
                        raise ProviderAwayError from None
                    described = self._described[0]
                if self._keys is None or self._described is None or self._described[0].jwks_uri != described.jwks_uri:
                    self._keys = PublishedKeys(described.jwks_uri, lambda address: fetch(self._http, address))
                self._described = described, now
        return self._described[0]

    @property
    def _address(self) -> str:
        return self._client.issuer.rstrip("/") + _DESCRIPTION


def new_http() -> httpx.AsyncClient:
    """Return the way to providers: bounded in time, and neither redirects nor the environment choose another server."""
    return httpx.AsyncClient(timeout=_TIMEOUT, follow_redirects=False, trust_env=False)


async def fetch(http: httpx.AsyncClient, address: str) -> str:
    """Return the text at an address; raises OSError without a good answer."""
    try:
        answer = await http.get(address)
    except httpx.HTTPError:
        raise OSError("The address does not answer.") from None
    if not answer.is_success or len(answer.content) > _LONGEST_ANSWER:
        raise OSError("The address has no such thing.")
    return answer.text


def _joint(address: str) -> str:
    return "&" if "?" in address else "?"


def _expect_answer(returned: Mapping[str, str], attempt: Attempt, described: _Described) -> None:
    """Expect that the browser came back from the provider with a code, in the login that it began."""
    if not compare_digest(returned.get("state", "").encode(), attempt.state.encode()):
        raise LoginRefusedError("state-other")
    # Without it, or with another, the answer may be of another provider that was mixed up with this one.
    is_named = "iss" in returned or described.authorization_response_iss_parameter_supported
    if is_named and returned.get("iss") != described.issuer:
        raise LoginRefusedError("issuer-other")
    if "code" not in returned:
        raise LoginRefusedError("login-declined")


def _expect_of_this_login(claims: Mapping[str, Any], attempt: Attempt, client_id: str) -> None:
    if not compare_digest(str(claims.get("nonce", "")).encode(), attempt.nonce.encode()):
        raise LoginRefusedError("nonce-other")
    audience = claims["aud"]
    is_for_several = isinstance(audience, list) and len(audience) > 1
    if (is_for_several or "azp" in claims) and claims.get("azp") != client_id:
        raise LoginRefusedError("audience-other")
