"""Tokens: who the caller is, signed by somebody we trust; all knowledge of JWT stays in this module."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, Final, Literal

from joserfc import jwt
from joserfc.errors import ClaimError, ExpiredTokenError, InvalidPayloadError, JoseError
from joserfc.jwk import Key, KeySet, OKPKey, RSAKey
from joserfc.jws import JWSRegistry
from joserfc.jwt import JWTClaimsRegistry
from pydantic import AfterValidator, Field, ValidationError

from domain.identity import WHOLE_MUNICIPALITY, Municipality, PersonId, Role, Unit
from domain.model import Model
from infra.security.cpr import find_cpr

ALGORITHMS: Final = ("Ed25519", "EdDSA", "ES256", "RS256")
"""All are asymmetric and fit one type of key each, so a token cannot choose "none" or misuse a key."""

_LEEWAY_SECONDS: Final = 60
"""How far the clock of who signs may be from ours."""
_WEAKEST_RSA_BITS: Final = 2048
_OF_SMALL_ORDER: Final = frozenset(
    bytes.fromhex(point.ljust(62, point[-1]))
    for point in (
        "00",
        "0100",
        "ecff",
        "edff",
        "eeff",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03",
    )
)
"""How the Ed25519 points begin that fit signatures nobody made; the last byte holds a sign and no more."""

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


def new_signing_key() -> str:
    """Return a new private Ed25519 JWK as JSON, named by its thumbprint."""
    return json.dumps(OKPKey.generate_key("Ed25519", auto_kid=True).as_dict(private=True))


def read_keys(keys_json: str) -> KeySet:
    """Return the keys of a JWK or JWKS that can sign or verify our tokens.

    Raises ValueError, with nothing of the keys in it, when there are none.
    """
    try:
        read = json.loads(keys_json)
        keys = KeySet.import_key_set(read if "keys" in read else {"keys": [read]})
    except (JoseError, ValueError, TypeError, KeyError, AttributeError):
        raise ValueError("This is not a JWK or a JWKS.") from None
    usable = [key for key in keys if _algorithm(key) and not _is_weak(key)]
    if not usable:
        raise ValueError("No key here is an Ed25519, P-256 or RSA key of 2048 bits for signatures.")
    return KeySet(usable)


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
    header = {"alg": _algorithm(key), "kid": key.kid}
    return jwt.encode(header, {**claims, **named, **times}, key, algorithms=ALGORITHMS)


class Verifier:
    """Accepts the tokens of one issuer for one audience, signed by any of several keys (for rotation)."""

    def __init__(self, keys_json: str, issuer: str, audience: str, lifetimes: Lifetimes) -> None:
        """Raise ValueError when `keys_json` holds no key that can verify."""
        self._keys = read_keys(keys_json)
        self._issuer = issuer
        self._audience = audience
        self._lifetimes = lifetimes

    def verify(self, token: str | None, now: datetime) -> Claims:
        """Return the claims of `token`; raises TokenError."""
        if not token:
            raise TokenError("token-missing")
        claims = self._signed_claims(token)
        try:
            self._registry(now).validate(claims)
            caller = Claims.model_validate({**claims, "person": claims["sub"]})
        except ExpiredTokenError:
            raise TokenError("token-expired") from None
        except (ClaimError, ValidationError):
            raise TokenError("token-invalid-claims") from None
        if claims["exp"] > (now + self._lifetimes.longest(caller.roles)).timestamp() + _LEEWAY_SECONDS:
            raise TokenError("token-invalid-claims")
        return caller

    def _signed_claims(self, token: str) -> dict[str, Any]:
        try:
            return jwt.decode(token, self._keys, algorithms=ALGORITHMS).claims
        except InvalidPayloadError:
            raise TokenError("token-invalid-claims") from None
        except (JoseError, ValueError, TypeError):  # A malformed header is met by any of these.
            raise TokenError("token-invalid-signature") from None

    def _registry(self, now: datetime) -> JWTClaimsRegistry:
        return JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=_LEEWAY_SECONDS,
            iss={"essential": True, "value": self._issuer},
            aud={"essential": True, "value": self._audience},
            sub={"essential": True},
            exp={"essential": True},
        )


def _is_weak(key: Key) -> bool:
    """Return whether somebody without the private key could sign for it."""
    if isinstance(key, OKPKey):
        return key.public_key.public_bytes_raw()[:-1] in _OF_SMALL_ORDER
    return isinstance(key, RSAKey) and key.public_key.key_size < _WEAKEST_RSA_BITS


def _algorithm(key: Key) -> str | None:
    fitting = JWSRegistry.filter_algorithms(key, list(ALGORITHMS))
    return fitting[0].name if fitting else None
