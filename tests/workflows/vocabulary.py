"""The tests' stack: the real store, the real Temporal and the product's own workers, for one municipality."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

from temporalio.client import Client, WorkflowHandle
from temporalio.testing import ActivityEnvironment, TimeSkipper

from activities import Activities
from activities.apply import CommandApplier
from activities.channels import Channel
from activities.inviting import Sender
from activities.webhooks.sender import WebhookSender
from clients.courses.script import Act, Script
from domain import commands as cmd
from domain.calendar import danish_day
from domain.evolve import replay
from domain.identity import Actor, course_workflow_id
from domain.model import Model
from domain.state.course import CourseState
from infra.documents.calendars import Calendars
from infra.documents.rulebooks import Rulebooks
from infra.outward.posting import Poster
from infra.security.keyed_digest import course_id
from infra.store.engine import Store
from infra.store.queries import courses
from infra.store.registers import data_keys, texts
from infra.store.registers.texts import TextKind
from infra.temporal.keyring import StoreKeyring, new_wrapped_key, unwrap
from tests.municipalities import fresh_municipality
from tests.stores import Stores
from tests.workflows.sandbox import sandboxed_runner
from tools.town.mailbox import command_of, start_of
from workflows.mailbox import send
from workflows.messages import COURSE_QUERY, Answer, Applied, ApplyRequest, CourseInput
from workflows.state_holder import STATES, Key
from workflows.workers import workers

MASTER_KEY: Final = bytes(range(32))
POSTER: Final = Poster()
MAILS_FROM: Final = Sender("fodslag@kommune.example", "https://fodslag.example")


def course_of(municipality: str, reference: str) -> UUID:
    """Return the id of the first course under a reference."""
    return course_id(MASTER_KEY, municipality, reference, 1)


def keyring_of(store: Store) -> StoreKeyring:
    """Return the keys of a store under the tests' master key."""
    return StoreKeyring(partial(data_keys.fetch, store), MASTER_KEY, "m1")


@dataclass
class Stack:
    """Everything a course needs, and the sentences a test speaks to it."""

    stores: Stores
    client: Client
    cache: Path
    municipality: str = field(default_factory=fresh_municipality)
    channels: tuple[Channel, ...] = ()
    is_cached: bool = True

    @property
    def store(self) -> Store:
        """The store as the worker reaches it."""
        return self.stores.worker

    @property
    def activities(self) -> Activities:
        """Return the activities of the workers."""
        rulebooks = Rulebooks(self.store, self.cache / "rules")
        calendars = Calendars(self.store, self.cache / "calendars")
        sender = WebhookSender(self.store, POSTER, partial(unwrap, MASTER_KEY, "m1"))
        return Activities(self.client, self.store, rulebooks, calendars, self.channels, sender, MAILS_FROM)

    @asynccontextmanager
    async def working(self, **more: Any) -> AsyncIterator[None]:
        """Let workers run meanwhile."""
        activities = self.activities
        if not self.is_cached:
            # Without the SDK's deadlock detector, which measures wall time: a replayed task takes milliseconds of the
            # processor, but a thread that must wait two seconds for a busy machine would have the task fail.
            more = {"max_cached_workflows": 0, "debug_mode": True, **more}
        more = {"workflow_runner": sandboxed_runner(), **more}
        courses, courier = workers(self.client, activities.for_courses, activities.for_courier, **more)
        async with courses, courier:
            yield

    async def new_course(self, reference: str = "case-1") -> "RunningCourse":
        """Return a course that has a key but was not started yet."""
        course = course_of(self.municipality, reference)
        async with self.stores.api.municipality(self.municipality) as connection:
            await data_keys.ensure(connection, course, new_wrapped_key(MASTER_KEY, "m1", str(course)))
        return RunningCourse(self, course, reference)

    async def started(self, reference: str = "case-1", **what: Any) -> "RunningCourse":
        """Return a course that was started with Anna and Bo."""
        course = await self.new_course(reference)
        answer = await course.starts(**what)
        assert not answer.refused, answer
        return course

    async def stage(self, text: str, kind: TextKind = TextKind.REASON) -> UUID:
        """Stage a text as the API does."""
        async with self.stores.api.municipality(self.municipality) as connection:
            return await texts.stage(connection, kind, text, "anna", datetime.now(UTC))


@dataclass
class RunningCourse:
    """One course that is given commands through its mailbox."""

    stack: Stack
    id: UUID
    reference: str

    @property
    def input(self) -> CourseInput:
        """Return what a run of the course begins with."""
        return CourseInput(course=self.id, municipality=self.stack.municipality)

    @property
    def handle(self) -> WorkflowHandle[Any, Any]:
        """Return the course's workflow."""
        return self.stack.client.get_workflow_handle(course_workflow_id(self.id))

    def command(self, kind: Callable[..., Any], actor: Actor, **what: Any) -> Any:
        """Return a command with a fresh identity."""
        return kind(**{"id": uuid4(), "actor": actor, **what})

    async def send(self, command: Any) -> Answer:
        """Send a command and return the answer."""
        return await send(self.stack.client, self.input, command)

    async def does(self, kind: Callable[..., Any], actor: Actor, **what: Any) -> Answer:
        """Let `actor` give a command."""
        return await self.send(self.command(kind, actor, **what))

    def start(self, **what: Any) -> cmd.StartCourse:
        """Return the command that starts the course."""
        started = start_of(self.script.start(self.stack.municipality, self.reference))
        return started.model_copy(update=what)

    async def starts(self, **what: Any) -> Answer:
        """Start the course."""
        return await self.send(self.start(**what))

    @property
    def script(self) -> Script:
        """Return what is reported of a course on which everything happens today."""
        today = danish_day(datetime.now(UTC))
        return Script(today, today)

    async def reports(self, name: str, **changed: Any) -> None:
        """Give a report of the script, facts of it changed."""
        await self.plays(*self.script.acts(name, **changed))

    async def plays(self, *acts: Act) -> None:
        """Let Anna and Bo give the commands of acts, which must be taken."""
        for act in acts:
            answer = await self.send(await command_of(act, self.stack.stores.api, self.stack.municipality))
            assert not answer.refused, answer

    async def completes_intake(self) -> None:
        """Do everything that intake asks, but the informing."""
        await self.plays(*self.script.step("intake"))

    async def state(self) -> CourseState:
        """Return the course as its workflow knows it."""
        state: CourseState = await self.handle.query(COURSE_QUERY, result_type=CourseState)
        return state

    async def stored(self) -> CourseState:
        """Return the course as the store knows it."""
        async with self.stack.store.municipality(self.stack.municipality) as connection:
            row = await courses.course(connection, self.id)
        assert row is not None
        assert row.state is not None
        return row.state

    async def time_passes(self, by: timedelta) -> None:
        """Let this course's own clock run ahead."""
        await TimeSkipper(self.stack.client).fast_forward(self.handle, by)


async def applied(stack: Stack, state: CourseState, command: Model, now: datetime | None = None) -> Applied:
    """Apply a command as a workflow would that stands at `state`, now unless another instant is said."""
    channels = [channel.name for channel in stack.channels]
    applying = CommandApplier(stack.store, stack.activities.rulebooks, stack.activities.calendars, channels)
    request = ApplyRequest.model_validate(
        {"revision": state.revision, "command": command.model_dump(), "now": now or datetime.now(UTC)}
    )
    environment = ActivityEnvironment()
    with STATES.holding(Key(environment.info.workflow_run_id or "", state.revision, request.command.id), state):
        result: Applied = await environment.run(applying.apply, request)
    return result


def after(state: CourseState, result: Applied) -> CourseState:
    """Return the state as the workflow takes it over."""
    place = {"revision": result.revision, "epoch": result.epoch, "digest": result.digest}
    return replay(result.adopted or state, result.events).model_copy(update=place)
