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
from workflows.messages import (
    COMMAND_UPDATE,
    COURSE_QUERY,
    Answer,
    Applied,
    ApplyRequest,
    CourseInput,
    NoticeOrder,
)
from workflows.showing import describe
from workflows.state_holder import STATES, Key


@dataclass
class Letter:
    """A command in the mailbox, and where its sender waits for the answer."""

    command: Command
    reply: asyncio.Future[Answer]


@workflow.defn(name="Course")
class CourseWorkflow:
    """Queues commands, applies them one by one, and wakes when time alone may change anything."""

    @workflow.init
    def __init__(self, begin: CourseInput) -> None:
        """Take over state and queue from the run before, if there was one."""
        self._state = begin.state or CourseState(course=begin.course, municipality=begin.municipality)
        self._mailbox = deque(Letter(command, asyncio.Future()) for command in begin.queue)
        self._orders: tuple[NoticeOrder, ...] = begin.orders
        self._alarm = Alarm()
        self._shown: list[SearchAttributeUpdate[Any]] = []
        self._failures = 0
        self._has_answered = False
        self._is_moving = False

    @workflow.run
    async def run(self, begin: CourseInput) -> None:
        """Live until the course is over, or move on to a fresh history."""
        born_by = workflow.now() + options.UNBORN_FOR
        while not self._is_over(born_by):
            await self._next_occasion(born_by)
            await self._handle_occasion()
            self._show()
            if self._should_move():
                await self._move(begin)

    @workflow.update(name=COMMAND_UPDATE, description="Apply one command to the course")
    async def command(self, command: Command) -> Answer:
        """Queue a command and wait for its answer; what depends on the course is judged when it is applied."""
        if self._is_moving:
            return Answer(command=command.id, moved=True)
        letter = Letter(command, asyncio.Future())
        self._mailbox.append(letter)
        return await letter.reply

    @workflow.query(name=COURSE_QUERY, description="The course as it stands")
    def course(self) -> CourseState:
        """Return the course as it stands."""
        return self._state

    def _is_over(self, born_by: datetime) -> bool:
        if self._mailbox or not workflow.all_handlers_finished():
            return False
        if self._state.status is Status.UNBORN:
            return self._has_answered or workflow.now() >= born_by
        return self._state.is_over and not self._orders

    async def _next_occasion(self, born_by: datetime) -> None:
        """Wait for a command or for the alarm."""
        self._alarm.set(self._alarm_at(born_by))
        await workflow.wait_condition(lambda: bool(self._mailbox) or self._alarm.has_rung or self._is_over(born_by))

    def _alarm_at(self, born_by: datetime) -> datetime | None:
        """Return when to look again without being asked: at the wake-up, or sooner after something failed."""
        if self._state.status is Status.UNBORN:
            return born_by
        if self._failures or self._orders:
            patience: timedelta = options.AWAY_AT_FIRST * 2 ** min(self._failures, 10)
            return workflow.now() + min(patience, options.AWAY_AT_MOST)
        return self._state.wakeup

    async def _handle_occasion(self) -> None:
        """Apply one command, or let time pass; then start the notices that follow."""
        if self._mailbox:
            letter = self._mailbox.popleft()
            answer = await self._apply(letter.command)
            self._has_answered = True
            if not letter.reply.done():
                letter.reply.set_result(answer)
        elif self._state.wakeup is not None and self._state.wakeup <= workflow.now():
            await self._let_time_pass(self._state.wakeup)
        await self._start_notices()

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
        self._take(applied)
        return applied.answer

    def _take(self, applied: Applied) -> None:
        """Take over what was recorded: events onto the state, or a snapshot where the store was ahead."""
        state = replay(applied.adopted or self._state, applied.events)
        place = {"revision": applied.revision, "epoch": applied.epoch, "digest": applied.digest}
        self._state = state.model_copy(update=place)
        self._orders += applied.notices
        self._failures = 0

    async def _start_notices(self) -> None:
        """Start the notices that go outward; those that could not be started are tried again."""
        if not self._orders:
            return
        try:
            await workflow.execute_local_activity(
                ports.start_notices,
                list(self._orders),
                schedule_to_close_timeout=options.APPLY_WITHIN,
                retry_policy=options.APPLY_RETRY,
            )
        except FailureError:
            workflow.logger.warning("notices could not be started yet")
            self._failures += 1
        else:
            self._orders = ()

    def _show(self) -> None:
        """Keep Temporal's own lists and pages readable, without any personal text (P10)."""
        steps = [visit.step for visit in self._state.open_visits]
        shown: list[SearchAttributeUpdate[Any]] = [
            options.STEP.value_set(steps),
            options.STATUS.value_set(self._state.status.value),
            options.STALLED.value_set(self._state.is_stalled),
            options.MUNICIPALITY.value_set(self._state.municipality),
        ]
        if shown != self._shown:
            workflow.upsert_search_attributes(shown)
            self._shown = shown
        workflow.set_current_details(describe(self._state))

    def _should_move(self) -> bool:
        info = workflow.info()
        is_long = info.get_current_history_length() >= options.EVENTS_PER_RUN
        return is_long or info.is_continue_as_new_suggested()

    async def _move(self, begin: CourseInput) -> None:
        """Continue as new, state and queue carried over; senders still waiting are asked to send again."""
        self._is_moving = True
        for letter in self._mailbox:
            letter.reply.set_result(Answer(command=letter.command.id, moved=True))
        await workflow.wait_condition(workflow.all_handlers_finished)
        queue = tuple(letter.command for letter in self._mailbox)
        workflow.continue_as_new(
            begin.model_copy(update={"state": self._state, "queue": queue, "orders": self._orders})
        )


def _problem_of(error: FailureError) -> Problem:
    """Return what to tell a sender whose command could not be applied; a timeout means that the store is away."""
    failure = error if isinstance(error, ApplicationError) else error.cause
    if not isinstance(failure, ApplicationError):
        return Problem(code=Code.STORE_AWAY)
    return Problem(code=Code(failure.type) if failure.type in tuple(Code) else Code.INTERNAL)
