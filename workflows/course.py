"""One citizen's course as a durable workflow: its single writer, its mailbox and its clock (P5, P7)."""

import asyncio
from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import SearchAttributeUpdate
from temporalio.exceptions import ApplicationError, FailureError

from domain.commands import Command, TimePassed
from domain.errors import Code, Problem
from domain.evolve import replay
from domain.identity import ENGINE_ACTOR, command_id
from domain.state.course import CourseState, Status
from workflows import options, ports
from workflows.alarm import Alarm
from workflows.describe import details, search_attributes
from workflows.messages import (
    COMMAND_UPDATE,
    COURSE_QUERY,
    Answer,
    Applied,
    ApplyRequest,
    CourseInput,
)
from workflows.state_holder import STATES, Key


@dataclass
class Queued:
    """A command that waits to be applied, and its sender's future answer."""

    command: Command
    answer: asyncio.Future[Answer]


@workflow.defn(name="Course")
class CourseWorkflow:
    """Queues commands, applies them one by one, and wakes when time alone may change the course."""

    @workflow.init
    def __init__(self, begin: CourseInput) -> None:
        """Take over state and queue from the run before, if there was one."""
        self._state = begin.state or CourseState(course=begin.course, municipality=begin.municipality)
        self._queue = deque(Queued(command, asyncio.Future()) for command in begin.queue)
        self._alarm = Alarm()
        self._search_attributes: list[SearchAttributeUpdate[Any]] = []
        self._failures = 0
        self._has_answered = False
        self._is_continuing_as_new = False

    @workflow.run
    async def run(self, begin: CourseInput) -> None:
        """Apply commands until the course is over, or continue as new."""
        start_by = workflow.now() + options.START_WITHIN
        while not self._is_over(start_by):
            await self._wait_for_command_or_alarm(start_by)
            await self._apply_next()
            self._describe()
            if self._should_continue_as_new():
                await self._continue_as_new(begin)

    @workflow.update(name=COMMAND_UPDATE, description="Apply one command to the course")
    async def command(self, command: Command) -> Answer:
        """Queue a command and wait for its answer; what depends on the state is judged when it is applied."""
        if self._is_continuing_as_new:
            return Answer(command=command.id, has_moved=True)
        queued = Queued(command, asyncio.Future())
        self._queue.append(queued)
        return await queued.answer

    @command.validator
    def _expect_one_command(self, command: Command) -> None:
        """Have a message that carries no command, or several, refused before it is accepted and stops the course."""

    @workflow.query(name=COURSE_QUERY, description="The course's state")
    def course(self) -> CourseState:
        """Return the course's state."""
        return self._state

    def _is_over(self, start_by: datetime) -> bool:
        if self._queue or not workflow.all_handlers_finished():
            return False
        if self._state.status is Status.NOT_STARTED:
            return self._has_answered or workflow.now() >= start_by
        return self._state.is_over

    async def _wait_for_command_or_alarm(self, start_by: datetime) -> None:
        self._alarm.set(self._alarm_at(start_by))
        await workflow.wait_condition(lambda: bool(self._queue) or self._alarm.has_rung or self._is_over(start_by))

    def _alarm_at(self, start_by: datetime) -> datetime | None:
        """Return when to wake without a command: at the state's wake-up, or sooner after a failure."""
        if self._state.status is Status.NOT_STARTED:
            return start_by
        if self._failures:
            back_off: timedelta = options.AWAY_AT_FIRST * 2 ** min(self._failures, 10)
            return workflow.now() + min(back_off, options.AWAY_AT_MOST)
        return self._state.wakeup

    async def _apply_next(self) -> None:
        """Apply the first command of the queue; without one, let time pass when the wake-up is due."""
        if self._queue:
            queued = self._queue.popleft()
            answer = await self._apply(queued.command)
            self._has_answered = True
            if not queued.answer.done():
                queued.answer.set_result(answer)
        elif self._state.wakeup is not None and self._state.wakeup <= workflow.now():
            await self._let_time_pass(self._state.wakeup)

    async def _let_time_pass(self, due: datetime) -> None:
        """Apply the passing of time; while the store is away the timer waits and then takes effect once."""
        cause = f"time/{self._state.epoch}/{self._state.revision}/{due.isoformat()}"
        passed = TimePassed(id=command_id(self._state.course, cause), actor=ENGINE_ACTOR)
        await self._apply(passed)
        if self._state.wakeup == due:
            self._failures += 1

    async def _apply(self, command: Command) -> Answer:
        """Apply one command in the store and then to the state; a failure is an answer and never the end (P7)."""
        state = self._state
        request = ApplyRequest(revision=state.revision, command=command, now=workflow.now())
        try:
            with STATES.holding(Key(workflow.info().run_id, state.revision, command.id), state):
                applied = await workflow.execute_local_activity(
                    ports.apply,
                    request,
                    schedule_to_close_timeout=options.APPLY_WITHIN,
                    retry_policy=options.APPLY_RETRY,
                )
        except FailureError as error:
            return Answer(command=command.id, digest=command.digest, refused=(_problem_of(error),))
        self._evolve(applied)
        return applied.answer

    def _evolve(self, applied: Applied) -> None:
        """Apply the recorded events to the state, or to the stored snapshot where the store was ahead."""
        state = replay(applied.adopted or self._state, applied.events)
        place = {"revision": applied.revision, "epoch": applied.epoch, "digest": applied.digest}
        self._state = state.model_copy(update=place)
        self._failures = 0

    def _describe(self) -> None:
        """Update what Temporal's own lists and pages show of the course, without personal text (P10)."""
        attributes = search_attributes(self._state)
        changed = [attribute for attribute in attributes if attribute not in self._search_attributes]
        if changed:
            workflow.upsert_search_attributes(changed)
            self._search_attributes = attributes
        workflow.set_current_details(details(self._state))

    def _should_continue_as_new(self) -> bool:
        info = workflow.info()
        is_long = info.get_current_history_length() >= options.EVENTS_PER_RUN
        return is_long or info.is_continue_as_new_suggested()

    async def _continue_as_new(self, begin: CourseInput) -> None:
        """Carry state and queue into a new run; senders that still wait are asked to send again."""
        self._is_continuing_as_new = True
        for queued in self._queue:
            queued.answer.set_result(Answer(command=queued.command.id, has_moved=True))
        await workflow.wait_condition(workflow.all_handlers_finished)
        queue = tuple(queued.command for queued in self._queue)
        workflow.continue_as_new(begin.model_copy(update={"state": self._state, "queue": queue}))


def _problem_of(error: FailureError) -> Problem:
    """Return why a command could not be applied; a timeout means that the store is away."""
    failure = error if isinstance(error, ApplicationError) else error.cause
    if not isinstance(failure, ApplicationError):
        return Problem(code=Code.STORE_AWAY)
    return Problem(code=Code(failure.type) if failure.type in tuple(Code) else Code.INTERNAL)
