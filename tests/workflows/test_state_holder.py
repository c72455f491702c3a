"""A course's state reaches `apply` by reference, whatever becomes of its run and its worker meanwhile (P7)."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from temporalio.client import Client
from temporalio.common import RetryPolicy
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.apply import CommandApplier
from domain import commands as cmd
from domain.model import Model
from domain.state.course import CourseState
from infra.temporal.converter import data_converter
from standalone.temporal import TemporalServer
from tests.domain.vocabulary import ANNA
from tests.stores import Stores
from tests.workflows.faults import Attempts
from tests.workflows.vocabulary import Stack, keyring_of
from workflows import options
from workflows.messages import ApplyRequest
from workflows.state_holder import STATES, Key, StateHolder, StateMissingError

# Temporal evicts runs in the middle of an activity here, and may cancel one that has just ended.
pytestmark = pytest.mark.filterwarnings("ignore:Cannot find activity to cancel")

STATE = CourseState(course=UUID(int=1), municipality="0990")
PAST_A_RETRY = timedelta(minutes=3)
KEY = Key("run", 0, UUID(int=2))


@pytest.fixture
def uncached(stores: Stores, client: Client, tmp_path: Path) -> Stack:
    """A stack whose workers keep no workflow: each task replays its course from the beginning."""
    return Stack(stores, client, tmp_path, is_cached=False)


@pytest.fixture
async def another_client(temporal_server: TemporalServer, stores: Stores) -> Client:
    """A second client, for one client carries only one worker of a queue."""
    return await Client.connect(temporal_server.address, data_converter=data_converter(keyring_of(stores.worker)))


@pytest.fixture
def rare_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retries so far apart that the wait is a timer in history, and the run may go anywhere meanwhile."""
    monkeypatch.setattr(options, "APPLY_RETRY", RetryPolicy(initial_interval=timedelta(minutes=2)))
    monkeypatch.setattr(options, "APPLY_WITHIN", timedelta(hours=1))


@pytest.fixture
def puts(monkeypatch: pytest.MonkeyPatch) -> Counter[Key]:
    """How often workflow code put each state."""
    counted: Counter[Key] = Counter()
    holding = StateHolder.holding

    @contextmanager
    def counting(holder: StateHolder, key: Key, state: CourseState) -> Iterator[None]:
        counted[key] += 1
        with holding(holder, key, state):
            yield

    monkeypatch.setattr(StateHolder, "holding", counting)
    return counted


def put_for(command: Model, puts: Counter[Key]) -> int:
    """Return how often the state for a command was put."""
    return sum(times for key, times in puts.items() if key.command == command.model_dump()["id"])


def test_a_state_is_held_until_the_last_of_its_runs_has_gone() -> None:
    holder = StateHolder()

    with holder.holding(KEY, STATE):
        with holder.holding(KEY, STATE):
            assert holder.get(KEY) is STATE
        assert holder.get(KEY) is STATE, "another worker still waits for its activity"

    with pytest.raises(StateMissingError):
        holder.get(KEY)


def test_the_holder_is_bounded() -> None:
    holder = StateHolder(limit=1)

    with holder.holding(KEY, STATE), holder.holding(KEY._replace(revision=1), STATE):
        assert KEY not in holder
        assert KEY._replace(revision=1) in holder

    assert KEY._replace(revision=1) not in holder


async def test_a_missing_state_is_a_failure_that_is_retried(stack: Stack) -> None:
    applying = CommandApplier(stack.store, stack.activities.rulebooks, stack.activities.calendars)
    command = cmd.ReportFacts(id=uuid4(), actor=ANNA, facts={"search_together": True})

    with pytest.raises(ApplicationError) as missing:
        await ActivityEnvironment().run(
            applying.apply, ApplyRequest(revision=1, command=command, now=datetime.now(UTC))
        )

    assert (missing.value.type, missing.value.non_retryable) == ("state-missing", False)


async def test_a_run_that_is_never_cached_puts_its_state_again(uncached: Stack, puts: Counter[Key]) -> None:
    async with uncached.working():
        course = await uncached.started()
        await course.completes_intake()

        assert await course.state() == await course.stored()

    assert max(puts.values()) > 1
    assert not any(key in STATES for key in puts)


@pytest.mark.usefixtures("rare_retries")
async def test_a_retry_after_back_off_finds_the_state(uncached: Stack, puts: Counter[Key]) -> None:
    attempts = Attempts()
    async with uncached.working(interceptors=[attempts]):
        course = await uncached.started()
        attempts.fail(1)

        goal = course.command(cmd.ReportFacts, ANNA, facts={"search_together": True})
        sending = asyncio.create_task(course.send(goal))
        await attempts.has_begun.wait()
        await course.time_passes(PAST_A_RETRY)
        answer = await sending

    assert not answer.refused
    assert put_for(goal, puts) > 1
    assert not any(key in STATES for key in puts)


async def test_a_store_that_was_away_for_a_moment_is_not_noticed(stack: Stack, puts: Counter[Key]) -> None:
    attempts = Attempts()
    async with stack.working(interceptors=[attempts]):
        course = await stack.started()
        attempts.fail(3)

        assert not (await course.does(cmd.ReportFacts, ANNA, facts={"search_together": True})).refused

    assert attempts.failing == 0
    assert not any(key in STATES for key in puts)


async def test_a_run_that_leaves_the_cache_during_an_activity_is_answered(uncached: Stack, puts: Counter[Key]) -> None:
    attempts = Attempts()
    async with uncached.working(interceptors=[attempts], max_cached_workflows=1):
        courses = [await uncached.started(f"case-{number}") for number in range(3)]
        attempts.stop()
        sending = asyncio.gather(
            *(course.does(cmd.ReportFacts, ANNA, facts={"search_together": True}) for course in courses)
        )
        await attempts.has_begun.wait()
        attempts.is_open.set()

        answers = await sending
        states = [(await course.state(), await course.stored()) for course in courses]

    assert not any(answer.refused for answer in answers)
    assert all(state == stored for state, stored in states)
    assert not any(key in STATES for key in puts)


async def test_two_workers_of_a_process_share_courses_that_neither_caches(
    uncached: Stack, another_client: Client, puts: Counter[Key]
) -> None:
    async with uncached.working(), replace(uncached, client=another_client).working():
        courses = [await uncached.started(f"case-{number}") for number in range(3)]
        await asyncio.gather(*(course.completes_intake() for course in courses))

        states = [(await course.state(), await course.stored()) for course in courses]

    assert all(state == stored for state, stored in states)
    assert max(puts.values()) > 1
    assert not any(key in STATES for key in puts)


@pytest.mark.usefixtures("rare_retries")
async def test_a_retry_on_another_worker_of_the_process_finds_the_state(
    stack: Stack, another_client: Client, puts: Counter[Key]
) -> None:
    attempts = Attempts()
    async with AsyncExitStack() as staying:
        async with stack.working(interceptors=[attempts]):
            course = await stack.started()
            attempts.fail(1)
            goal = course.command(cmd.ReportFacts, ANNA, facts={"search_together": True})
            sending = asyncio.create_task(course.send(goal))
            await attempts.has_begun.wait()
            await staying.enter_async_context(replace(stack, client=another_client).working())
        await course.time_passes(PAST_A_RETRY)
        answer = await sending
        assert await course.state() == await course.stored()

    assert not answer.refused
    assert put_for(goal, puts) > 1
