"""The event stream: the changes feed for whoever would rather be told."""

import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.http.streams import MOST_OF_A_CALLER
from clients.caller import Caller
from infra.security.tokens import sign
from tests.api.event_stream import listening
from tests.api.vocabulary import case, expect
from tests.journeys.vocabulary import ANSWER_WITHIN, POLL
from tests.municipalities import fresh_municipality
from tools.town.town import Town

TOWN = fresh_municipality()


@pytest.fixture(scope="module")
def system(town: Town) -> Caller:
    """A case system of a municipality of its own, with one course."""
    system = town.speaks("case-system", "system", municipality=TOWN, units=("*",))
    system.does("/v1/courses", **case(municipality=TOWN))
    return system


def begin(system: Caller) -> str:
    """Start a course and return its id."""
    return str(system.does("/v1/courses", **case(municipality=TOWN))["course"])


def feed(system: Caller, **query: Any) -> list[dict[str, Any]]:
    """Return the whole feed."""
    changes: list[dict[str, Any]] = system.get("/v1/changes", limit=500, **query)["items"]
    return changes


def test_a_listener_is_told_what_was_and_what_happens(system: Caller) -> None:
    with listening(system) as listener:
        before = listener.hears()
        course = begin(system)
        after = listener.hears() or listener.hears()

    assert before + after == feed(system)
    assert {change["course"] for change in after} == {course}
    assert listener.answer.headers["content-type"].startswith("text/event-stream")
    assert listener.answer.headers["cache-control"] == "no-store"


def test_a_listener_may_begin_at_the_head(system: Caller) -> None:
    with listening(system, after="now") as listener:
        course = begin(system)
        heard = listener.hears() or listener.hears()

    assert {change["course"] for change in heard} == {course}


def test_a_listener_who_was_away_resumes_and_misses_and_repeats_nothing(system: Caller) -> None:
    with listening(system) as listener:
        heard = listener.hears()
    course = begin(system)
    with listening(system, last=listener.last) as listener:
        heard += listener.hears()

    assert heard == feed(system)
    assert heard[-1]["course"] == course


def test_a_cursor_of_the_feed_and_of_the_stream_are_the_same(system: Caller) -> None:
    events = feed(system)

    with listening(system, after=events[0]["cursor"]) as listener:
        assert listener.hears() == events[1:]
    with listening(system, after=events[0]["cursor"], last=events[2]["cursor"]) as listener:
        assert listener.hears() == events[3:]
    assert feed(system, after=listener.last) == []


def test_a_listener_hears_only_what_he_asks_for(system: Caller) -> None:
    with listening(system, kind=["course_started"]) as listener:
        assert listener.hears() == feed(system, kind="course_started")


def test_silence_is_told_by_a_heartbeat(system: Caller) -> None:
    with listening(system, last=feed(system)[-1]["cursor"]) as listener:
        assert [listener.hears() for _ in range(3)] == [[], [], []]


def test_nobody_listens_more_often_than_he_may(system: Caller, town: Town) -> None:
    with ExitStack() as open_now:
        for _ in range(MOST_OF_A_CALLER):
            open_now.enter_context(listening(system))
        expect(system.http.get("/v1/events"), 429, "too-many-streams")
        somebody_else = town.speaks("sara", "supervisor", municipality=TOWN, units=("*",))
        open_now.enter_context(listening(somebody_else)).hears()

    deadline = time.monotonic() + ANSWER_WITHIN
    while True:
        with system.http.stream("GET", "/v1/events") as answer:
            if answer.status_code == 200 or time.monotonic() > deadline:
                break
        time.sleep(POLL)
    assert answer.status_code == 200


def test_a_stream_ends_with_its_token(system: Caller, town: Town) -> None:
    token = sign(
        town.keys["FODSLAG_JWT_KEY"],
        person="case-system",
        roles=["system"],
        municipality=TOWN,
        units=["*"],
        lifetime=timedelta(seconds=3),
        now=datetime.now(UTC) - timedelta(seconds=60),  # Clocks may differ by that.
    )
    brief = town.speaks("case-system", "system", municipality=TOWN, units=("*",))
    brief.http.headers["authorization"] = f"Bearer {token}"

    with listening(brief) as listener:
        assert listener.hears() == feed(system)
        assert listener.hears_the_end()
    expect(brief.http.get("/v1/events"), 401, "token-expired")
