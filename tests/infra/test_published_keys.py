"""Keys that their owner publishes and changes."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from joserfc.jwk import OKPKey

from infra.security.keys import KeysAwayError, PublishedKeys, keys_of, new_signing_key
from infra.security.tokens import Lifetimes, TokenError, Verifier, sign

NOW: Final = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ADDRESS: Final = "https://login.example/jwks"
OLD, NEW = new_signing_key(), new_signing_key()


class Publisher:
    """Publishes keys, or is away."""

    def __init__(self, *keys: str) -> None:
        self.keys: tuple[str, ...] | None = keys
        self.asked = 0

    async def __call__(self, address: str) -> str:
        """Return what is published."""
        assert address == ADDRESS
        self.asked += 1
        if self.keys is None:
            raise OSError
        return json.dumps({"keys": [public(key) for key in self.keys]})


def public(key: str) -> dict[str, Any]:
    return dict(OKPKey.import_key(json.loads(key)).as_dict(private=False))


async def accepts(keys: PublishedKeys, key: str, now: datetime) -> bool:
    """Say whether a token is accepted that is signed by a key."""
    claims = {"person": "anna", "roles": ["caseworker"], "municipality": "0751", "lifetime": timedelta(hours=1)}
    token = sign(key, now=now, **claims)  # type: ignore[arg-type]
    try:
        await Verifier(keys, "fodslag", "fodslag", Lifetimes()).verify(token, now)
    except TokenError as error:
        return error.code != "token-invalid-signature"
    return True


async def test_a_new_key_is_accepted_once_it_is_published_and_an_old_one_until_it_no_longer_is() -> None:
    publisher = Publisher(OLD)
    keys = PublishedKeys(ADDRESS, publisher)

    assert await accepts(keys, OLD, NOW)
    assert not await accepts(keys, NEW, NOW)
    publisher.keys = (OLD, NEW)
    assert await accepts(keys, NEW, NOW + timedelta(seconds=10))
    publisher.keys = (NEW,)
    assert await accepts(keys, OLD, NOW + timedelta(minutes=59))
    assert not await accepts(keys, OLD, NOW + timedelta(minutes=61))


async def test_a_token_that_was_accepted_is_refused_once_its_key_is_published_no_more() -> None:
    publisher = Publisher(OLD)
    verifier = Verifier(PublishedKeys(ADDRESS, publisher), "fodslag", "fodslag", Lifetimes())
    token = sign(OLD, person="anna", roles=["caseworker"], municipality="0751", lifetime=timedelta(hours=3), now=NOW)

    assert (await verifier.verify(token, NOW)).person == "anna"
    assert (await verifier.verify(token, NOW)).person == "anna"
    publisher.keys = (NEW,)
    with pytest.raises(TokenError):
        await verifier.verify(token, NOW + timedelta(minutes=61))


async def test_a_flood_of_unknown_keys_is_no_flood_of_questions() -> None:
    publisher = Publisher(OLD)
    keys = PublishedKeys(ADDRESS, publisher)

    for second in range(10):
        assert not await accepts(keys, NEW, NOW + timedelta(seconds=second))
        assert await accepts(keys, OLD, NOW + timedelta(seconds=second))

    assert publisher.asked == 1


async def test_a_publisher_that_is_away_is_forgiven_for_a_day_and_no_longer() -> None:
    publisher = Publisher(OLD)
    keys = PublishedKeys(ADDRESS, publisher)

    assert await accepts(keys, OLD, NOW)
    publisher.keys = None
    assert await accepts(keys, OLD, NOW + timedelta(hours=23))
    with pytest.raises(KeysAwayError):
        await accepts(keys, OLD, NOW + timedelta(hours=25))
    publisher.keys = (OLD,)
    assert await accepts(keys, OLD, NOW + timedelta(hours=25, seconds=10))


async def test_without_any_key_nothing_is_accepted() -> None:
    publisher = Publisher()

    with pytest.raises(KeysAwayError):
        await accepts(PublishedKeys(ADDRESS, publisher), OLD, NOW)


@pytest.mark.parametrize("address", ["http://login.example/jwks", "ftp://login.example", "https://", "//login.example"])
def test_keys_come_over_tls_alone(address: str) -> None:
    with pytest.raises(ValueError, match="JWK"):
        keys_of(address, Publisher())
