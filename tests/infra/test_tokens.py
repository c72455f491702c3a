import asyncio
import base64
import hmac
import json
import warnings
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.errors import SecurityWarning
from joserfc.jwk import ECKey, OKPKey, RSAKey

from domain.identity import ENGINE, Role
from infra.security.keys import GivenKeys, new_signing_key
from infra.security.tokens import Claims, Lifetimes, TokenError, Verifier, sign

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
KEY = new_signing_key()


def token(key: str = KEY, **different: object) -> str:
    payload: dict[str, Any] = {
        "person": "anna",
        "roles": ["caseworker", "supervisor"],
        "municipality": "0751",
        "units": ["job-nord"],
        "lifetime": HOUR,
        "now": NOW,
    }
    return sign(key, **{**payload, **different})


def signed(key: str = KEY, alg: str = "Ed25519", *, without: str = "", **different: object) -> str:
    claims: dict[str, Any] = {
        "sub": "anna",
        "roles": ["caseworker"],
        "municipality": "0751",
        "iss": "fodslag",
        "aud": "fodslag",
        "exp": int((NOW + HOUR).timestamp()),
    }
    payload = {name: value for name, value in {**claims, **different}.items() if name != without}
    read = json.loads(key)
    return jwt.encode({"alg": alg, "kid": read["kid"]}, payload, OKPKey.import_key(read), algorithms=[alg])


def public(key: str) -> dict[str, Any]:
    return dict(OKPKey.import_key(json.loads(key)).as_dict(private=False))


def accepted(offered: str | None, now: datetime = NOW, keys: str = KEY, lifetimes: Lifetimes | None = None) -> Claims:
    verifier = Verifier(GivenKeys(keys), "fodslag", "fodslag", lifetimes or Lifetimes())
    return asyncio.run(verifier.verify(offered, now))


def refusal(offered: str | None, keys: str = KEY, now: datetime = NOW) -> str:
    with pytest.raises(TokenError) as raised:
        accepted(offered, now, keys)
    return raised.value.code


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def test_a_token_says_who_the_caller_is_and_what_he_may_be() -> None:
    assert accepted(token(), NOW) == Claims(
        person="anna",
        roles=frozenset({Role.CASEWORKER, Role.SUPERVISOR}),
        municipality="0751",
        units=frozenset({"job-nord"}),
    )


def test_the_public_key_is_enough_to_verify() -> None:
    assert accepted(token(), NOW, keys=json.dumps(public(KEY))).person == "anna"


def test_a_token_is_accepted_until_it_expires_and_not_after() -> None:
    assert accepted(token(), NOW + HOUR - timedelta(seconds=1)).person == "anna"

    clocks_differ = timedelta(seconds=60)
    assert accepted(token(), NOW + HOUR + timedelta(seconds=55)).person == "anna"
    assert accepted(signed(nbf=int(NOW.timestamp()) + 55), NOW).person == "anna"
    assert refusal(token(), now=NOW + HOUR + clocks_differ) == "token-expired"


async def test_a_token_that_was_accepted_is_judged_again_whenever_it_comes() -> None:
    verifier = Verifier(GivenKeys(KEY), "fodslag", "fodslag", Lifetimes())
    offered = token()

    assert await verifier.verify(offered, NOW) == await verifier.verify(offered, NOW)
    with pytest.raises(TokenError) as raised:
        await verifier.verify(offered, NOW + HOUR + timedelta(seconds=60))
    assert raised.value.code == "token-expired"
    with pytest.raises(TokenError) as raised:
        await verifier.verify(f"{offered[:-4]}AAAA", NOW)
    assert raised.value.code == "token-invalid-signature"


@pytest.mark.parametrize(
    ("roles", "longest"),
    [
        (["caseworker"], timedelta(hours=24)),
        (["data_protection", "supervisor"], timedelta(hours=24)),
        (["system", "caseworker"], timedelta(hours=24)),
        (["system"], timedelta(days=90)),
    ],
)
def test_a_token_that_would_be_accepted_for_longer_than_its_bearer_needs_is_refused(
    roles: list[str], longest: timedelta
) -> None:
    clocks_differ = timedelta(seconds=60)
    for lifetime in (longest, longest + clocks_differ):
        assert accepted(token(roles=roles, lifetime=lifetime), NOW).person == "anna"

    assert refusal(token(roles=roles, lifetime=longest + timedelta(seconds=61))) == "token-invalid-claims"


def test_how_long_tokens_live_is_an_installations_to_say() -> None:
    short = Lifetimes(timedelta(minutes=30), timedelta(minutes=40))

    with pytest.raises(TokenError, match="token-invalid-claims"):
        accepted(token(), lifetimes=short)
    assert accepted(token(lifetime=timedelta(minutes=40), roles=["system"]), lifetimes=short).person == "anna"


def test_a_short_rsa_key_is_none() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SecurityWarning)
        weak = json.dumps(RSAKey.generate_key(1024, auto_kid=True).as_dict(private=True))
        with pytest.raises(ValueError, match="2048"):
            GivenKeys(weak)


@pytest.mark.parametrize(
    ("units", "roles", "limit"),
    [
        ([], ["supervisor"], frozenset()),
        (["job"], ["supervisor"], frozenset({"job"})),
        (["*"], ["supervisor"], None),
        (["job", "*"], ["caseworker", "observer"], None),
        (["*"], ["observer"], frozenset()),
    ],
)
def test_the_whole_municipality_is_said_and_no_unit_is_none(
    units: list[str], roles: list[str], limit: frozenset[str] | None
) -> None:
    assert accepted(signed(units=units, roles=roles), NOW).unit_limit == limit


@pytest.mark.parametrize("missing", [None, ""])
def test_no_token_is_said_to_be_missing(missing: str | None) -> None:
    assert refusal(missing) == "token-missing"


@pytest.mark.parametrize("different", [{"audience": "another"}, {"issuer": "another"}])
def test_a_token_from_or_for_somebody_else_is_refused(different: dict[str, str]) -> None:
    assert refusal(token(**different)) == "token-invalid-claims"


@pytest.mark.parametrize("claim", ["sub", "roles", "municipality", "iss", "aud", "exp"])
def test_a_token_without_a_claim_that_it_must_have_is_refused(claim: str) -> None:
    assert accepted(signed(), NOW).person == "anna"

    assert refusal(signed(without=claim)) == "token-invalid-claims"


@pytest.mark.parametrize("different", [{"sub": "p0101901234"}, {"sub": "010190-1234"}, {"units": ["job_0101901234"]}])
def test_a_token_that_names_somebody_by_a_cpr_number_is_refused(different: dict[str, Any]) -> None:
    assert refusal(signed(**different)) == "token-invalid-claims"


@pytest.mark.parametrize(
    "different",
    [
        {"roles": []},
        {"roles": ["mayor"]},
        {"roles": "caseworker"},
        {"roles": None},
        {"sub": 7},
        {"sub": ENGINE},
        {"sub": ""},
        {"municipality": "x"},
        {"units": "job-nord"},
        {"exp": "tomorrow"},
        {"nbf": int((NOW + HOUR).timestamp())},
    ],
)
def test_a_token_with_a_claim_of_another_kind_is_refused(different: dict[str, Any]) -> None:
    assert refusal(signed(**different)) == "token-invalid-claims"


def test_a_token_signed_by_another_key_is_refused_even_under_our_keys_name() -> None:
    other = json.dumps({**json.loads(new_signing_key()), "kid": json.loads(KEY)["kid"]})

    assert refusal(token(other)) == "token-invalid-signature"


def test_a_token_changed_after_signing_is_refused() -> None:
    header, _, signature = token().split(".")
    claims = {"sub": "anna", "roles": ["data_protection"], "municipality": "0751", "exp": 9999999999}

    assert refusal(f"{header}.{part(claims)}.{signature}") == "token-invalid-signature"


def test_a_token_that_says_it_needs_no_signature_is_refused() -> None:
    _, claims, _ = token().split(".")

    for header in ({"alg": "none"}, {"alg": "none", "kid": json.loads(KEY)["kid"]}):
        assert refusal(f"{part(header)}.{claims}.") == "token-invalid-signature"


def test_a_public_key_used_as_a_shared_secret_signs_nothing() -> None:
    mine = RSAKey.generate_key(2048, auto_kid=True)
    unsigned = f"{part({'alg': 'HS256', 'kid': mine.kid})}.{token().split('.')[1]}"
    mac = hmac.digest(mine.as_pem(private=False), unsigned.encode(), "sha256")
    forged = f"{unsigned}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"

    assert refusal(forged, json.dumps(mine.as_dict(private=False))) == "token-invalid-signature"


@pytest.mark.parametrize(
    "header",
    [
        [],
        ["alg"],
        ["alg", "b64"],
        "alg",
        "alg b64",
        7,
        None,
        {},
        {"alg": 7},
        {"alg": ["Ed25519"]},
        {"alg": {}},
        {"alg": "Ed25519", "kid": []},
        {"alg": "Ed25519", "kid": {}},
        {"alg": "Ed25519", "crit": ["x"]},
        {"alg": "Ed25519", "crit": 7},
        {"alg": "Ed25519", "b64": False, "crit": ["b64"]},
        {"alg": "Ed25519", "b64": False},
    ],
)
def test_a_malformed_header_is_a_refusal_and_no_crash(header: object) -> None:
    _, claims, signature = token().split(".")

    assert refusal(f"{part(header)}.{claims}.{signature}") == "token-invalid-signature"


@pytest.mark.parametrize("garbage", ["x", "..", "a.b.c", "a.b.c.d", "æ.ø.å", "\ud800", "x" * 200_000])
def test_what_is_no_token_at_all_is_refused(garbage: str) -> None:
    assert refusal(garbage) == "token-invalid-signature"


def test_during_a_rotation_both_keys_are_accepted_and_the_first_one_signs() -> None:
    new = new_signing_key()
    both = json.dumps({"keys": [json.loads(new), public(KEY)]})

    assert accepted(token(KEY), NOW, keys=both).person == "anna"
    assert accepted(token(new), NOW, keys=both).person == "anna"
    assert accepted(token(both), NOW, keys=new).person == "anna"


def test_of_several_keys_only_a_named_one_is_tried() -> None:
    both = json.dumps({"keys": [json.loads(new_signing_key()), json.loads(KEY)]})
    nameless = jwt.encode({"alg": "Ed25519"}, {}, OKPKey.import_key(json.loads(KEY)), algorithms=["Ed25519"])

    assert refusal(nameless, both) == "token-invalid-signature"


def test_keys_of_an_identity_provider_verify_with_the_algorithm_of_their_type() -> None:
    for key in (ECKey.generate_key("P-256", auto_kid=True), RSAKey.generate_key(2048, auto_kid=True)):
        ours = json.dumps(key.as_dict(private=True))

        assert accepted(token(ours), NOW, keys=json.dumps(key.as_dict(private=False))).person == "anna"


def test_the_older_name_of_ed25519_is_accepted_with_a_warning() -> None:
    with pytest.warns(SecurityWarning, match="RFC 9864"):
        offered = signed(alg="EdDSA")
    with pytest.warns(SecurityWarning, match="RFC 9864"):
        assert accepted(offered, NOW).person == "anna"


@pytest.mark.parametrize(
    "keys",
    [
        "",
        "x",
        "[]",
        "7",
        "{}",
        '{"keys": []}',
        '{"keys": 7}',
        '{"kty": "OKP"}',
        json.dumps({"kty": "oct", "k": "c2VjcmV0c2VjcmV0c2VjcmV0"}),
        json.dumps(ECKey.generate_key("P-384").as_dict(private=False)),
        json.dumps({**public(KEY), "use": "enc"}),
    ],
)
def test_a_verifier_without_a_key_that_can_verify_is_not_made(keys: str) -> None:
    with pytest.raises(ValueError, match=r"JWK|No key here"):
        GivenKeys(keys)


def test_a_public_key_signs_nothing() -> None:
    with pytest.raises(ValueError, match="private"):
        token(json.dumps(public(KEY)))


def test_no_token_is_signed_for_a_role_that_does_not_exist() -> None:
    with pytest.raises(ValueError, match="roles"):
        token(roles=["mayor"])


@pytest.mark.parametrize("start", [b"", b"\x01"])
def test_a_point_of_small_order_is_no_key(start: bytes) -> None:
    point = base64.urlsafe_b64encode(start.ljust(32, b"\0")).decode().rstrip("=")

    with pytest.raises(ValueError, match="No key here"):
        GivenKeys(json.dumps({"kty": "OKP", "crv": "Ed25519", "x": point}))
