"""Tokens: who the caller is, signed by somebody we trust; all knowledge of JWT stays in this module."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, Final, Literal

from joserfc import jwt
from joserfc.errors import ClaimError, ExpiredTokenError, InvalidPayloadError, JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry
from pydantic import AfterValidator, Field, ValidationError

from domain.identity import WHOLE_MUNICIPALITY, Municipality, PersonId, Role, Unit
from domain.model import Model
from infra.security.cpr import find_cpr
from infra.security.keys import ALGORITHMS, Keys, algorithm_of, read_keys

_LEEWAY_SECONDS: Final = 60
"""How far the clock of who signs may be from ours."""

_REMEMBERED: Final = 10_000
"""Of how many tokens it is remembered what they say."""

TokenCode = Literal["token-missing", "token-expired", "token-invalid-signature", "token-invalid-claims"]


class TokenError(Exception):
    """A token that is not accepted; `code` gives the reason and nothing of the token itself."""

    def __init__(self, code: TokenCode) -> None:
        super().__init__(code)
        self.code = code


def _without_cpr(name: str) -> str:
    """Return a name that is logged and stored wherever its bearer acts (P10)."""
    if find_cpr(name):
        raise ValueError("A name in a token looks like a CPR number.")
    return name


class Claims(Model):
    """The caller's person and roles in one municipality, and the units, of which `*` is the whole of it."""

    person: Annotated[PersonId, AfterValidator(_without_cpr)]
    roles: Annotated[frozenset[Role], Field(min_length=1)]
    municipality: Municipality
    units: frozenset[Annotated[Unit, AfterValidator(_without_cpr)] | Literal["*"]] = frozenset()

    @property
    def unit_limit(self) -> frozenset[str] | None:
        """Return the units that the caller is limited to, none perhaps, or None for the whole municipality.

        Who only observes is never of the whole municipality.
        """
        is_whole = WHOLE_MUNICIPALITY in self.units and self.roles != {Role.OBSERVER}
        return None if is_whole else self.units - {WHOLE_MUNICIPALITY}


@dataclass(frozen=True)
class Lifetimes:
    """How long a token is accepted at most from now, a person's and one that is a system's alone."""

    person: timedelta = timedelta(hours=24)
    system: timedelta = timedelta(days=90)

    def longest(self, roles: Collection[Role]) -> timedelta:
        """Return how long a token of these roles may be."""
        return self.system if set(roles) == {Role.SYSTEM} else self.person


def sign(  # noqa: PLR0913 - Each is a claim that a token must have.
    key_json: str,
    *,
    person: str,
    roles: Sequence[str],
    municipality: str,
    units: Sequence[str] = (),
    lifetime: timedelta,
    now: datetime,
    issuer: str = "fodslag",
    audience: str = "fodslag",
) -> str:
    """Return a token signed by the first private key of `key_json`.

    Raises ValueError when a claim is not of the vocabulary or no key is private.
    """
    claims = Claims.model_validate(
        {"person": person, "roles": roles, "municipality": municipality, "units": units}
    ).model_dump(mode="json")
    key = next((key for key in read_keys(key_json) if key.is_private), None)
    if key is None:
        raise ValueError("No key here is private, so nothing can be signed.")
    times = {"iat": int(now.timestamp()), "exp": int((now + lifetime).timestamp())}
    named = {"sub": claims.pop("person"), "iss": issuer, "aud": audience}
    header = {"alg": algorithm_of(key), "kid": key.kid}
    return jwt.encode(header, {**claims, **named, **times}, key, algorithms=ALGORITHMS)


class Verifier:
    """Accepts the tokens of one issuer for one audience, signed by any of several keys (for rotation)."""

    def __init__(self, keys: Keys, issuer: str, audience: str, lifetimes: Lifetimes) -> None:
        self._keys = keys
        self._issuer = issuer
        self._audience = audience
        self._lifetimes = lifetimes
        self._signed: dict[str, tuple[KeySet, dict[str, Any]]] = {}

    async def verify(self, token: str | None, now: datetime) -> Claims:
        """Return the claims of `token`; raises TokenError, and KeysAwayError while nothing can be verified."""
        if not token:
            raise TokenError("token-missing")
        claims = self._signed_claims(token, await self._keys.for_token(token, now))
        expect_claims(claims, self._issuer, self._audience, now)
        try:
            caller = Claims.model_validate({**claims, "person": claims["sub"]})
        except ValidationError:
            raise TokenError("token-invalid-claims") from None
        if claims["exp"] > (now + self._lifetimes.longest(caller.roles)).timestamp() + _LEEWAY_SECONDS:
            raise TokenError("token-invalid-claims")
        return caller

    def _signed_claims(self, token: str, keys: KeySet) -> dict[str, Any]:
        """Return what a token says, remembered until the keys are read anew: a caller comes again and again with it."""
        signed_by, claims = self._signed.get(token, (None, None))
        if claims is None or signed_by is not keys:
            claims = signed_claims(token, keys)
            if len(self._signed) >= _REMEMBERED:
                self._signed.clear()
            self._signed[token] = (keys, claims)
        return claims


def signed_claims(token: str, keys: KeySet) -> dict[str, Any]:
    """Return what somebody signed by one of the keys; raises TokenError."""
    try:
        return jwt.decode(token, keys, algorithms=ALGORITHMS).claims
    except InvalidPayloadError:
        raise TokenError("token-invalid-claims") from None
    except (JoseError, ValueError, TypeError):  # A malformed header is met by any of these.
        raise TokenError("token-invalid-signature") from None


def expect_claims(claims: dict[str, Any], issuer: str, audience: str, now: datetime) -> None:
    """Expect that claims are of an issuer, for an audience and of now; raises TokenError."""
    registry = JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=_LEEWAY_SECONDS,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": audience},
        sub={"essential": True},
        exp={"essential": True},
    )
    try:
        registry.validate(claims)
    except ExpiredTokenError:
        raise TokenError("token-expired") from None
    except ClaimError:
        raise TokenError("token-invalid-claims") from None
