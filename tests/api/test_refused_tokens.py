"""No token but a right one reads, writes or listens; every refusal has a remedy, and no log has the token (P10)."""

import base64
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey

from clients.caller import trusted_authorities
from infra.security.keys import ALGORITHMS, new_signing_key
from tests.api.vocabulary import case
from tools.town.town import MUNICIPALITY, Town
from wording.catalog import catalog

HOUR: Final = timedelta(hours=1)
SHORTEST: Final = 5
OTHERS: Final[list[dict[str, Any]]] = [
    {"units": ["another-unit"]},
    {"units": []},
    {"units": None},
    {"municipality": "0999"},
]
"""What a token says that is right, but of nobody who sees the course."""

SCHEMES: Final = {"Bearer", "Basic", "Token"}
COURSE: Final = f"/v1/courses/{uuid4()}"
REQUESTS: Final[dict[str, tuple[str, str, Any]]] = {
    "read": ("GET", "/v1/courses", None),
    "read one": ("GET", f"{COURSE}/briefing", None),
    "write": ("POST", "/v1/courses", case()),
    "write one": ("POST", f"{COURSE}/facts", {"facts": {"goal_paid_hours": 3}}),
    "listen": ("GET", "/v1/events", None),
}


class Forger:
    """Makes tokens that differ from a right one."""

    def __init__(self, key: str) -> None:
        self.key = key

    def claims(self, **different: Any) -> dict[str, Any]:
        """Return the claims of a system of the whole municipality, some of them different or, if None, left out."""
        right = {
            "sub": "case-system",
            "roles": ["system"],
            "municipality": MUNICIPALITY,
            "units": ["*"],
            "iss": "fodslag",
            "aud": "fodslag",
            "exp": self.after(HOUR),
        }
        return {name: value for name, value in {**right, **different}.items() if value is not None}

    @staticmethod
    def after(by: timedelta) -> int:
        """Return a time from now on as tokens write it."""
        return int((datetime.now(UTC) + by).timestamp())

    def signed(self, key: str = "", header: dict[str, Any] | None = None, **different: Any) -> str:
        """Return a token that is signed by our key, or another."""
        read = json.loads(key or self.key)
        named = {"alg": "Ed25519", "kid": read["kid"], **(header or {})}
        return jwt.encode(named, self.claims(**different), OKPKey.import_key(read), algorithms=list(ALGORITHMS))

    def put_together(self, header: dict[str, Any], signature: str = "") -> str:
        """Return a token with a header of any kind."""
        parts = (json.dumps(part).encode() for part in (header, self.claims()))
        return ".".join([*(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts), signature])


def bearer(token: str) -> list[tuple[str, str]]:
    """Return the headers of a token."""
    return [("Authorization", f"Bearer {token}")]


Headers = list[tuple[str, str]] | list[tuple[bytes, bytes]]
TOKENS: Final[dict[str, Callable[[Forger], Headers]]] = {
    "no header": lambda _: [],
    "an empty header": lambda _: [("Authorization", "")],
    "a scheme alone": lambda _: [("Authorization", "Bearer")],
    "without a scheme": lambda forger: [("Authorization", forger.signed())],
    "another scheme": lambda forger: [("Authorization", f"Token {forger.signed()}")],
    "a user and password": lambda _: [("Authorization", "Basic YW5uYTpoZW1tZWxpZw==")],
    "no token": lambda _: bearer("hemmelig"),
    "two tokens in one header": lambda forger: bearer(f"{forger.signed()}, Bearer {forger.signed()}"),
    "two headers": lambda forger: [*bearer(forger.signed()), *bearer(forger.signed())],
    "two headers, of which one is right": lambda forger: [*bearer(forger.signed()), *bearer("hemmelig")],
    "no ASCII": lambda _: [(b"Authorization", "Bearer hemmelig-æøå.ğ.😀".encode())],
    "huge": lambda _: bearer("a" * 30_000),
    "huge, with claims": lambda forger: bearer(forger.signed(more="a" * 20_000)[:-4]),
    "alg none": lambda forger: bearer(forger.put_together({"alg": "none"})),
    "alg HS256": lambda forger: bearer(forger.put_together({"alg": "HS256"}, "c2VjcmV0")),
    "alg of nobody": lambda forger: bearer(forger.put_together({"alg": "hemmelig"}, "c2VjcmV0")),
    "an unknown kid": lambda forger: bearer(forger.signed(header={"kid": "hemmelig"})),
    "another's key": lambda forger: bearer(forger.signed(new_signing_key())),
    "another's key under our kid": lambda forger: bearer(
        forger.signed(json.dumps({**json.loads(new_signing_key()), "kid": json.loads(forger.key)["kid"]}))
    ),
    "changed": lambda forger: bearer(forger.signed()[:-8] + "AAAAAAAA"),
    "expired": lambda forger: bearer(forger.signed(exp=forger.after(-HOUR))),
    "without an end": lambda forger: bearer(forger.signed(exp=None)),
    "for ever": lambda forger: bearer(forger.signed(exp=forger.after(timedelta(days=9_000)))),
    "not yet": lambda forger: bearer(forger.signed(nbf=forger.after(HOUR))),
    "issued in the future": lambda forger: bearer(forger.signed(iat=forger.after(HOUR))),
    "another audience": lambda forger: bearer(forger.signed(aud="another")),
    "another issuer": lambda forger: bearer(forger.signed(iss="another")),
    "nobody": lambda forger: bearer(forger.signed(sub=None)),
    "the engine": lambda forger: bearer(forger.signed(sub="@fodslag")),
    "no roles": lambda forger: bearer(forger.signed(roles=None)),
    "an empty list of roles": lambda forger: bearer(forger.signed(roles=[])),
    "an unknown role": lambda forger: bearer(forger.signed(roles=["king"])),
    "an unknown role beside ours": lambda forger: bearer(forger.signed(roles=["system", "king"])),
    "roles as a text": lambda forger: bearer(forger.signed(roles="system")),
    "no municipality": lambda forger: bearer(forger.signed(municipality=None)),
    "every municipality": lambda forger: bearer(forger.signed(municipality="*")),
    "units of another kind": lambda forger: bearer(forger.signed(units=[["*"]])),
}


def parts_of(headers: Headers) -> list[str]:
    """Return what was sent that no answer and no log may have."""
    sent = " ".join(value if isinstance(value, str) else value.decode() for _, value in headers)
    return [part for part in re.split(r"[\s,.]+", sent) if len(part) >= SHORTEST and part not in SCHEMES]


@pytest.fixture(scope="module")
def forger(town: Town) -> Forger:
    return Forger(town.keys["FODSLAG_JWT_KEY"])


def test_the_right_token_reads_and_writes(town: Town, forger: Forger) -> None:
    for name in ("read", "write"):
        method, path, body = REQUESTS[name]
        assert asks(town, method, path, body, bearer(forger.signed())).is_success


def asks(town: Town, method: str, path: str, body: Any, headers: Headers) -> httpx.Response:
    """Send one request; what is refused is no stream."""
    url = f"http://127.0.0.1:{town.settings.api_port}{path}"
    with httpx.Client(headers={"Accept-Language": "en"}, verify=trusted_authorities()) as client:
        return client.send(client.build_request(method, url, json=body, headers=headers))


@pytest.mark.parametrize("token", TOKENS)
def test_no_other_token_does_and_each_refusal_has_a_remedy(town: Town, forger: Forger, token: str) -> None:
    headers = TOKENS[token](forger)

    for name, (method, path, body) in REQUESTS.items():
        answer = asks(town, method, path, body, headers)

        assert answer.status_code == httpx.codes.UNAUTHORIZED, (name, answer.text)
        assert answer.headers["content-type"].startswith("application/problem+json")
        assert answer.headers["www-authenticate"].startswith("Bearer")
        problem = answer.json()
        assert problem["code"].startswith("token-")
        assert problem["detail"].endswith(catalog("en").problems[problem["code"]].remedy)
        assert not [part for part in parts_of(headers) if part in answer.text]
    log = (town.settings.var / "log" / "api.log").read_text()
    assert not [part for part in parts_of(headers) if part in log]


def test_a_right_token_of_other_units_or_of_another_municipality_finds_nothing(town: Town, forger: Forger) -> None:
    own = asks(town, "POST", "/v1/courses", case(), bearer(forger.signed())).json()["course"]

    for different in OTHERS:
        headers = bearer(forger.signed(roles=["caseworker"], sub="eve", **different))
        assert asks(town, "GET", "/v1/courses", None, headers).json()["items"] == []
        for method, path, body in (
            ("GET", f"/v1/courses/{own}", None),
            ("POST", f"/v1/courses/{own}/facts", {"facts": {"goal_paid_hours": 3}}),
        ):
            answer = asks(town, method, path, body, headers)
            assert (answer.status_code, answer.json()["code"]) == (404, "course-not-found")
        answer = asks(town, "GET", "/v1/events", None, headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "not-permitted")
