"""A flood of one caller is refused, and harms no other: each has budgets, and a request comes within limits."""

import asyncio
import socket
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import Any, Final, cast
from urllib.parse import urlsplit

import httpx
import pytest
from uvicorn import Config
from uvicorn.server import ServerState

from api.http.budgets import MOST_COMMANDS, MOST_GUESSES, MOST_REQUESTS, Attempts, InFlight, TooManyError
from api.http.codes import AnyCode
from api.http.connections import MOST_HEAD_BYTES, MOST_UNSENT, SECONDS_TO_SEND, LimitedProtocol
from api.http.feed_heads import FeedHeads
from clients.caller import Caller
from infra.store.queries.feed import Place
from tests.api.vocabulary import case, expect
from tests.domain.vocabulary import MONDAY
from tools.town.town import Town

FLOOD = 60
HALF = b"GET /v1/courses HTTP/1.1\r\nHost: here\r\n"
HALF_A_BODY = b'POST /v1/courses HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"a":\r\n'
_ANSWER_WITHIN = 30.0


PREVIEWS: Final[dict[str, dict[str, Any]]] = {
    "facts": {"facts": {"goal_paid_hours": 3}},
    "notes": {"kind": "resource", "text": "Igen."},
}


@pytest.mark.parametrize("what", PREVIEWS)
def test_previews_are_of_the_budget_of_a_course_too(system: Caller, anna: Caller, bo: Caller, what: str) -> None:
    course = f"/v1/courses/{system.does('/v1/courses', **case())['course']}"

    within_requests = MOST_REQUESTS - 2
    with ThreadPoolExecutor(within_requests) as flood:
        sent = [flood.submit(anna.sends, f"{course}/{what}/preview", **PREVIEWS[what]) for _ in range(within_requests)]
        done = bo.sends(f"{course}/notes/preview", **PREVIEWS["notes"])
        refused = [answer for answer in (sending.result() for sending in sent) if not answer.is_success]

    assert done.is_success, done.text
    assert refused
    for answer in refused:
        expect(answer, 429, "too-many-requests")


@contextmanager
def connected(town: Town) -> Iterator[socket.socket]:
    """Open a connection to the API, as somebody without a token."""
    address = urlsplit(str(town.speaks("sara", "supervisor").http.base_url))
    with socket.create_connection((address.hostname, address.port), timeout=_ANSWER_WITHIN) as connection:
        yield connection


HEADERS_OF_EVERY_ANSWER = ("cache-control", "content-security-policy", "x-content-type-options", "x-correlation-id")


def assert_refused(answer: bytes, status: int, code: str) -> None:
    """Check that a problem was sent by the server itself."""
    text = answer.decode()
    assert text.startswith(f"HTTP/1.1 {status} ")
    assert f"urn:fodslag:problem:{code}" in text
    head = text.lower().partition("\r\n\r\n")[0]
    assert all(f"\n{name}: " in head for name in HEADERS_OF_EVERY_ANSWER)


def test_what_one_caller_floods_a_course_with_is_refused_and_an_innocent_caller_is_answered(
    system: Caller, anna: Caller, bo: Caller
) -> None:
    course = f"/v1/courses/{system.does('/v1/courses', **case())['course']}"

    with ThreadPoolExecutor(FLOOD) as flood:
        sent = [flood.submit(anna.sends, f"{course}/notes", kind="resource", text="Igen.") for _ in range(FLOOD)]
        done = bo.sends(f"{course}/notes", kind="resource", text="Har kørekort.")
        answers = [sending.result() for sending in sent]

    assert done.is_success, done.text
    refused = [answer for answer in answers if not answer.is_success]
    assert refused
    for answer in refused:
        expect(answer, 429, "too-many-requests")
        assert answer.headers["Retry-After"] == "1"
    notes = anna.get(course)["notes"]
    assert len(notes) == 1 + FLOOD - len(refused)
    anna.does(f"{course}/notes", kind="resource", text="Roligt.")


def test_a_budget_is_each_keys_own_and_is_free_again_when_what_was_under_way_has_ended() -> None:
    budget = InFlight(MOST_COMMANDS)
    with ExitStack() as under_way:
        for _ in range(MOST_COMMANDS):
            under_way.enter_context(budget.one_of("anna"))
        with pytest.raises(TooManyError):
            under_way.enter_context(budget.one_of("anna"))
        under_way.enter_context(budget.one_of("bo"))

    with budget.one_of("anna"):
        pass


def test_attempts_are_few_within_a_time_and_possible_again_later() -> None:
    attempts = Attempts(2, timedelta(hours=1))
    for minutes in (0, 10):
        attempts.count("anna", MONDAY + timedelta(minutes=minutes))

    with pytest.raises(TooManyError) as refused:
        attempts.expect_room("anna", MONDAY + timedelta(minutes=20))
    attempts.expect_room("bo", MONDAY + timedelta(minutes=20))

    assert refused.value.retry_after == 40 * 60
    attempts.expect_room("anna", MONDAY + timedelta(minutes=60))


def test_a_head_without_end_is_refused_before_it_has_come(town: Town) -> None:
    for head in (b"X-Long: ", b"GET /" + b"a" * 9):
        with connected(town) as connection:
            try:
                connection.sendall(HALF + head if head.startswith(b"X") else head)
                for _ in range(40):
                    connection.sendall(b"a" * 1_000_000)
            except OSError:
                pass  # It was refused and closed while we sent.
            else:
                pytest.fail("The API took a head of 40 MB.")
    with connected(town) as connection:
        connection.sendall(HALF + b"X-Long: " + b"a" * MOST_HEAD_BYTES + b"\r\n\r\n")
        assert_refused(connection.recv(4096), 431, "headers-too-large")
    assert town.speaks("sara", "supervisor").http.get("/v1/courses").is_success


def test_of_too_many_half_sent_requests_the_oldest_gives_way_and_a_whole_one_is_answered(town: Town) -> None:
    with ExitStack() as half_sent:
        connections = [half_sent.enter_context(connected(town)) for _ in range(MOST_UNSENT + 1)]
        for connection in connections:
            connection.sendall(HALF)

        answer = town.speaks("somebody", "supervisor").http.get("/v1/courses")

        assert answer.is_success
        assert_refused(connections[0].recv(4096), 408, "request-too-slow")


class _Written(asyncio.Transport):
    """A connection that keeps what is written to it."""

    def __init__(self) -> None:
        super().__init__()
        self.text = b""
        self.is_closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.text += bytes(data)

    def close(self) -> None:
        self.is_closed = True

    def is_closing(self) -> bool:
        return self.is_closed


class _Call:
    """Something to be called later, which the test calls by hand."""

    def __init__(self, call: Callable[[AnyCode], None], code: AnyCode) -> None:
        self.call, self.code, self.is_cancelled = call, code, False

    def cancel(self) -> None:
        self.is_cancelled = True


class _Later:
    """A loop whose time does not pass."""

    def __init__(self) -> None:
        self.calls: list[_Call] = []

    def call_later(self, seconds: float, call: Callable[[AnyCode], None], code: AnyCode) -> _Call:
        assert seconds == SECONDS_TO_SEND
        self.calls.append(_Call(call, code))
        return self.calls[-1]

    def create_task(self, app: Coroutine[Any, Any, None], **_context: object) -> "_Later":
        """Leave out what would be run."""
        app.close()
        return self

    def add_done_callback(self, _call: object) -> None:
        """Call nobody: nothing is done."""


async def _unreached(_scope: object, _receive: object, _send: object) -> None:
    raise AssertionError("No request was sent to its end.")


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        (b"", 408, "request-too-slow"),
        (HALF, 408, "request-too-slow"),
        (HALF_A_BODY, 408, "request-too-slow"),
        (b"\x00\x01 nonsense\r\n\r\n", 400, "request-malformed"),
    ],
)
def test_a_request_that_is_not_sent_to_its_end_is_answered_when_its_time_is_up(
    sent: bytes, status: int, code: str
) -> None:
    loop = _Later()
    config = Config(_unreached, ws="none", log_config=None)
    config.load()
    transport = _Written()
    protocol = LimitedProtocol(config, ServerState(), {}, cast("asyncio.AbstractEventLoop", loop))

    protocol.connection_made(transport)
    if sent:
        protocol.data_received(sent)
    for later in loop.calls:
        if not later.is_cancelled:
            later.call(later.code)

    assert transport.is_closed
    assert_refused(transport.text, status, code)


async def test_all_streams_ask_once_whether_anything_is_new() -> None:
    asked: list[str] = []
    seconds = 0.0

    async def read(municipality: str) -> Place:
        asked.append(municipality)
        return Place(len(asked), 1)

    heads = FeedHeads(read, 1.0, lambda: seconds)

    first = await asyncio.gather(*(heads.of("0990") for _ in range(FLOOD)))
    assert {*first} == {Place(1, 1)}
    seconds = 1.0
    assert {*await asyncio.gather(*(heads.of("0990") for _ in range(FLOOD)))} == {Place(2, 1)}
    assert len(asked) == 2


def test_a_cpr_number_is_compared_only_where_a_course_is_begun_and_a_few_times(town: Town, system: Caller) -> None:
    mine = case(citizen={"reference": "guessed", "cpr": "0101900001"})
    guess = {**mine, "citizen": {"reference": "guessed", "cpr": "0101900002"}}
    course = system.does("/v1/courses", **mine)["course"]

    assert system.does("/v1/courses", **guess)["course"] == course
    planned = system.http.post("/v1/courses", params={"dry_run": True}, json=guess)
    assert (planned.status_code, planned.json()["differs"]) == (200, [])

    town.speaks("anna", "caseworker").does(f"/v1/courses/{course}/close", outcome="moved", reason="Flyttet.")
    for reader in (town.speaks("anna", "caseworker"), town.speaks("bo", "company_consultant")):
        reader.does(f"/v1/courses/{course}/acknowledgements", briefing=1, version=1)
    planned = system.http.post("/v1/courses", params={"dry_run": True}, json=guess)
    assert (planned.status_code, planned.json()["ordinal"]) == (200, 2)
    guesser = town.speaks("guesser", "system")
    for _ in range(MOST_GUESSES):
        expect(guesser.sends("/v1/courses", **guess), 409, "reference-taken")
    for tried in (guess, mine):
        refused = guesser.sends("/v1/courses", **tried)
        expect(refused, 429, "too-many-requests")
        assert int(refused.headers["Retry-After"]) > 0
    assert system.does("/v1/courses", **mine)["ordinal"] == 2


def test_a_reference_of_a_course_out_of_sight_is_answered_as_one_of_another_citizen_and_a_few_times(
    town: Town, system: Caller
) -> None:
    mine, others = case(), case(citizen={"reference": "other"})
    course = system.does("/v1/courses", **mine)["course"]
    system.does("/v1/courses", **others)
    north = town.speaks("north-system", "system", units=("nord",))

    def tried(speaker: Caller, body: dict[str, Any], **params: Any) -> httpx.Response:
        return speaker.http.post("/v1/courses", params=params, json=body)

    of_another = expect(tried(system, {**others, "citizen": mine["citizen"]}), 409, "reference-taken", "reference")
    hidden = expect(tried(north, {**mine, "unit": "nord"}, dry_run=True), 409, "reference-taken", "reference")
    assert {**hidden, "correlation_id": ""} == {**of_another, "correlation_id": ""}
    assert course not in str(hidden)

    for _ in range(MOST_GUESSES - 1):
        expect(tried(north, {**mine, "unit": "nord"}), 409, "reference-taken", "reference")
    expect(tried(north, {**mine, "unit": "nord"}), 429, "too-many-requests")
    assert tried(north, case(unit="nord")).status_code == 201
