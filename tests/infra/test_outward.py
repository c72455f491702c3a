"""Requests to servers that others name: never inside, never twice resolved, never led astray."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.outward import posting
from infra.outward.addresses import is_outside
from infra.outward.posting import NotSentError, Poster, Resolver
from tools.town.receiver import (
    OUTSIDE,
    Certified,
    Received,
    Receiver,
    ToLoopback,
    answer,
    certified,
    listening,
    poster_to,
)

URL = "https://receiver.example/fodslag?of=0990"

INSIDE = {
    "this network": ["0.0.0.1", "0.255.255.255"],
    "loopback": ["127.0.0.1", "127.255.255.254", "::1", "::"],
    "private": ["10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "fc00::1", "fd12::1"],
    "behind a provider": ["100.64.0.1", "100.127.255.255"],
    "link-local": ["169.254.169.254", "fe80::1", "fe80::1%eth0", "febf::1"],
    "multicast": ["224.0.0.1", "239.255.255.255", "ff02::1"],
    "reserved": ["240.0.0.1", "255.255.255.255", "192.0.0.1", "192.88.99.1", "198.18.0.1", "4000::1", "5f00::1"],
    "documentation": ["192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"],
    "IPv4 within IPv6": ["::ffff:8.8.8.8", "::ffff:127.0.0.1", "::8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"],
    "protocols": ["2001::1", "2001:1ff::1", "2001:10::1", "100::1"],
    "no address": ["", "localhost", "0x7f.1", "2130706433", "127.1", "0177.0.0.1", "2606:4700::1111%eth0"],
}
PUBLIC = ["8.8.8.8", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "192.0.1.1", "223.255.255.255"]
PUBLIC_V6 = ["2606:4700::1111", "2a00:1450:400f::1", "2001:200::1", "2003::1", "3ffe::1"]


@pytest.mark.parametrize("address", [address for kind in INSIDE.values() for address in kind])
def test_an_inside_address_is_refused(address: str) -> None:
    assert not is_outside(address)


@pytest.mark.parametrize("address", [*PUBLIC, *PUBLIC_V6])
def test_a_public_address_is_not(address: str) -> None:
    assert is_outside(address)


@given(st.ip_addresses(v=4))
def test_no_address_that_python_knows_as_special_is_outside(address: object) -> None:
    if not address.is_global or address.is_multicast:  # type: ignore[attr-defined]
        assert not is_outside(str(address))


@given(st.ip_addresses(v=6))
def test_every_ipv6_address_outside_is_of_what_is_given_out(address: object) -> None:
    if is_outside(str(address)):
        assert address.is_global  # type: ignore[attr-defined]
        assert address in IPv6Network("2000::/3")


@given(st.ip_addresses(network=IPv4Network("0.0.0.0/0")))
def test_an_ipv4_address_within_an_ipv6_one_is_never_outside(address: object) -> None:
    for prefix in ("::ffff:", "::", "64:ff9b::"):
        assert not is_outside(f"{prefix}{address}")


@pytest.fixture(scope="session")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Certified:
    """The certificate of `receiver.example`."""
    return certified(tmp_path_factory.mktemp("tls"))


@pytest.fixture
async def receiver(tls: Certified) -> AsyncIterator[Receiver]:
    """A server that listens."""
    async with listening(Receiver(), tls.served) as receiver:
        yield receiver


async def posts(poster: Poster, url: str = URL) -> posting.Answer:
    """Post something small."""
    return await poster.post(url, {"content-type": "application/json", "webhook-id": "1"}, b'{"a":1}')


async def test_what_is_posted_arrives_at_the_resolved_address_under_the_server_s_name(
    receiver: Receiver, tls: Certified
) -> None:
    answered = await posts(poster_to(receiver, tls.trusted))

    assert answered == (204, None)
    (received,) = receiver.received
    assert received.path == "/fodslag?of=0990"
    assert received.body == b'{"a":1}'
    assert received.headers["host"] == "receiver.example"
    assert receiver.connected_to == [OUTSIDE]


async def test_a_resolver_that_answers_differently_the_second_time_is_asked_once(
    receiver: Receiver, tls: Certified
) -> None:
    answers = iter([[OUTSIDE], ["127.0.0.1"], ["127.0.0.1"]])

    async def rebinding(_host: str, _port: int) -> Sequence[str]:
        return next(answers)

    poster = poster_to(receiver, tls.trusted, rebinding)
    await posts(poster)
    with pytest.raises(NotSentError, match="inside"):
        await posts(poster)

    assert receiver.connected_to == [OUTSIDE]
    assert next(answers) == ["127.0.0.1"], "it was asked once for each post"


@pytest.mark.parametrize("addresses", [["127.0.0.1"], [OUTSIDE, "10.0.0.1"], ["::ffff:9.9.9.9"]])
async def test_a_name_that_leads_inside_at_all_is_not_connected_to(
    receiver: Receiver, tls: Certified, addresses: list[str]
) -> None:
    async def resolve(_host: str, _port: int) -> Sequence[str]:
        return addresses

    with pytest.raises(NotSentError, match="inside"):
        await posts(poster_to(receiver, tls.trusted, resolve))

    assert receiver.connected_to == []


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.1", "0x7f.0.0.1", "2130706433", "[::1]", "[::]"])
async def test_however_loopback_is_written_the_system_s_resolver_leads_to_a_refusal(
    receiver: Receiver, tls: Certified, host: str
) -> None:
    poster = Poster(Resolver(), ToLoopback(receiver), tls.trusted)

    with pytest.raises(NotSentError, match=r"inside|unresolved"):
        await posts(poster, f"https://{host}/")

    assert receiver.connected_to == []


@pytest.mark.parametrize("error", [OSError("no such name"), UnicodeError("label empty or too long")])
async def test_a_name_that_is_nobody_s_is_not_sent_to(receiver: Receiver, tls: Certified, error: Exception) -> None:
    async def resolve(_host: str, _port: int) -> Sequence[str]:
        raise error

    with pytest.raises(NotSentError, match="unresolved"):
        await posts(poster_to(receiver, tls.trusted, resolve))


async def test_a_server_that_does_not_listen_certainly_got_nothing(receiver: Receiver, tls: Certified) -> None:
    receiver.port = 1

    with pytest.raises(NotSentError, match="unreachable"):
        await posts(poster_to(receiver, tls.trusted))


async def test_a_server_with_another_name_certainly_got_nothing(receiver: Receiver, tls: Certified) -> None:
    with pytest.raises(NotSentError, match="unreachable"):
        await posts(poster_to(receiver, tls.trusted), "https://other.example/")

    assert receiver.received == []


async def test_a_redirect_is_an_answer_like_any_other(receiver: Receiver, tls: Certified) -> None:
    receiver.answering = lambda _: answer(307, location="https://127.0.0.1/admin")

    assert (await posts(poster_to(receiver, tls.trusted))).status == 307
    assert len(receiver.received) == 1


@pytest.fixture
def proxied(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that names a proxy."""
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")


@pytest.mark.usefixtures("proxied")
async def test_a_proxy_of_the_environment_is_not_used(receiver: Receiver, tls: Certified) -> None:
    assert (await posts(poster_to(receiver, tls.trusted))).status == 204


async def test_an_answer_s_body_is_not_read(receiver: Receiver, tls: Certified) -> None:
    """It promises a gigabyte and sends a byte."""
    receiver.answering = lambda _: b"HTTP/1.1 503 X\r\nretry-after: 7\r\ncontent-length: 1000000000\r\n\r\nx"

    assert await posts(poster_to(receiver, tls.trusted)) == (503, "7")


async def test_a_server_that_never_answers_leaves_open_what_it_got(
    receiver: Receiver, tls: Certified, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def silent(_received: Received) -> bytes:
        await asyncio.Event().wait()
        return b""

    receiver.answering = silent
    monkeypatch.setattr(posting, "WITHIN", timedelta(seconds=0.2))

    with pytest.raises(TimeoutError):
        await posts(poster_to(receiver, tls.trusted))
    assert len(receiver.received) == 1


async def test_a_server_that_begins_no_tls_keeps_no_connection(tls: Certified, monkeypatch: pytest.MonkeyPatch) -> None:
    has_ended = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        has_ended.set()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    receiver = Receiver(port=server.sockets[0].getsockname()[1])
    monkeypatch.setattr(posting, "WITHIN", timedelta(seconds=0.2))

    with pytest.raises(TimeoutError):
        await posts(poster_to(receiver, tls.trusted))
    async with asyncio.timeout(5):
        await has_ended.wait()
    server.close()


async def test_a_server_that_hangs_up_leaves_open_what_it_got(receiver: Receiver, tls: Certified) -> None:
    receiver.answering = lambda _: b""

    with pytest.raises(Exception, match="disconnected") as error:
        await posts(poster_to(receiver, tls.trusted))
    assert not isinstance(error.value, NotSentError)
