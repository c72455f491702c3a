"""Apply one command: decide, and record events, snapshot, rows and notices in one transaction (P7, P8)."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.one_open import expect_no_other_open
from activities.reconcile import Reconciled, reconcile
from domain.commands import Command, RePinCourse, StartCourse
from domain.decide import Decision, decide
from domain.errors import Code, Problem, RefusedError, refuse
from domain.events import Event
from domain.identity import GATE_ROLES, Role
from domain.model import canonical, digest_of
from domain.state.course import CourseState
from infra.documents.calendars import Calendars
from infra.documents.rulebooks import Rulebooks
from infra.store.courses import record
from infra.store.courses.projection import ByRules
from infra.store.courses.record import RecordedCommand
from infra.store.courses.revisions import Answered
from infra.store.engine import Connection, Store
from infra.store.errors import CommandRecordedError, ForkError, StoreAwayError
from infra.store.registers import people
from infra.telemetry.logs import log_context
from infra.telemetry.metrics import COMMANDS
from rules.calendar.working_time import WorkingTime
from rules.engine.book import Book
from workflows.messages import Answer, Applied, ApplyRequest
from workflows.state_holder import STATES, Key, StateMissingError

_log = structlog.get_logger(__name__)

_FAILED: Final = "failed"


@dataclass(frozen=True)
class Decided:
    """What came of a command: the answer, its events, and the course before them and after each."""

    answer: Answer
    events: tuple[Event, ...]
    states: tuple[CourseState, ...]

    @property
    def after(self) -> CourseState:
        """Return the course after the command."""
        return self.states[-1]


class CommandApplier:
    """The activity `apply`: the only writer of the store for a course."""

    def __init__(
        self, store: Store, rulebooks: Rulebooks, calendars: Calendars, channels: Collection[str] = ()
    ) -> None:
        """Take the names of the channels by which notices go outward."""
        self._store = store
        self._rulebooks = rulebooks
        self._calendars = calendars
        self._channels = channels

    @activity.defn(name="apply")
    async def apply(self, request: ApplyRequest) -> Applied:
        """Apply one command once for ever; raises as `workflows.ports.apply` says."""
        command = request.command
        try:
            state = STATES.get(Key(activity.info().workflow_run_id or "", request.revision, command.id))
        except StateMissingError as error:
            raise ApplicationError("state missing", type=error.code) from error
        with log_context(correlation_id=command.correlation, course_id=state.course, revision=state.revision):
            try:
                applied = await self._apply(request, state)
            except StoreAwayError as error:
                raise ApplicationError("store away", type=Code.STORE_AWAY) from error
            except ForkError as error:
                _log.critical("course forked", command=command.kind)
                _count(command, _FAILED)
                raise ApplicationError("course forked", type=Code.COURSE_FORKED, non_retryable=True) from error
            except Exception as error:
                _log.exception("command failed", command=command.kind)
                _count(command, _FAILED)
                raise ApplicationError("command failed", type=Code.INTERNAL, non_retryable=True) from error
            refused = [problem.code for problem in applied.answer.refused]
            _count(command, "refused" if refused else "done")
            _log.info("command applied", command=command.kind, new_revision=applied.revision, refused=refused)
            return applied

    async def _apply(self, request: ApplyRequest, state: CourseState) -> Applied:
        """Apply in one transaction; when somebody recorded the same command meanwhile, a second one finds it."""
        try:
            return await self._record_once(request, state)
        except CommandRecordedError:
            return await self._record_once(request, state)

    async def _record_once(self, request: ApplyRequest, state: CourseState) -> Applied:
        async with self._store.anywhere() as connection:
            command, persons = request.command, _persons(state, request.command)
            entered = await record.enter(connection, state.municipality, state.course, command.id, persons)
            by_rules = await self._by_rules(state)
            reconciled = await reconcile(connection, state, entered.head, request.now, by_rules)
            if entered.recorded is not None:
                decided = _as_recorded(request, entered.recorded, reconciled)
            else:
                calendar = await self._calendars.named(connection, entered.in_force)
                unknown = entered.unknown
                if reconciled.is_adopted:
                    unknown = await people.unknown(connection, _persons(reconciled.state, command))
                decided = await self._decided(connection, request, reconciled.state, calendar, unknown)
                by_rules = await self._by_rules(decided.after)
                await self._record(connection, request, reconciled.state, decided, by_rules)
            return _to_workflow(reconciled, decided)

    async def _decided(
        self,
        connection: Connection,
        request: ApplyRequest,
        state: CourseState,
        calendar: WorkingTime,
        unknown: Collection[tuple[Role, str]],
    ) -> Decided:
        """Decide; a refusal has no events and leaves the course as it is."""
        command = request.command
        try:
            book = await self._book(request, state)
            await expect_no_other_open(connection, command, state)
            caseloads = await _caseloads(connection, command, book, state.course)
            others = await self._next_book(request, state)
            decision = decide(state, command, book, request.now, calendar, caseloads, unknown, others)
        except RefusedError as refusal:
            return Decided(_answer(request, state.revision, refusal.problems), (), (state,))
        states = _chained(decision)
        withheld = (decision.withheld,) if decision.withheld is not None else ()
        return Decided(_answer(request, states[-1].revision, withheld), decision.events, states)

    async def _book(self, request: ApplyRequest, state: CourseState) -> Book:
        """Return the rules the course follows, or those it shall start with."""
        if state.rules is not None:
            return await self._rulebooks.book(state.municipality, state.rules.sha256)
        if isinstance(request.command, StartCourse):
            return await self._rulebooks.book(state.municipality, request.command.rules)
        raise refuse(Code.COURSE_NOT_FOUND)

    async def _next_book(self, request: ApplyRequest, state: CourseState) -> Book | None:
        """Return the rules that the command lets the course follow, or that it follows from its next visit on."""
        if isinstance(request.command, RePinCourse):
            return await self._rulebooks.book(state.municipality, request.command.rules)
        if state.rules_next is not None:
            return await self._rulebooks.book(state.municipality, state.rules_next.sha256)
        return None

    async def _by_rules(self, state: CourseState) -> ByRules:
        """Return how the course's rules make rows of it; none before it has rules."""
        if state.rules is None:
            return ByRules()
        book = await self._rulebooks.book(state.municipality, state.rules.sha256)
        return ByRules(book.workplaces, book.measures)

    async def _record(
        self,
        connection: Connection,
        request: ApplyRequest,
        state: CourseState,
        decided: Decided,
        by_rules: ByRules,
    ) -> None:
        """Write events with all that follows from them, or the answer alone, if a repeat is to be answered the same."""
        command, body, now = request.command, decided.answer.model_dump(mode="json"), request.now
        if decided.events:
            states, channels = decided.states, self._channels
            entry = record.Entry(command, states, decided.events, body, now, by_rules, channels)
            await record.record(connection, entry)
        elif command.keeps_refusal:
            await record.record_refusal(connection, Answered(state.course, command, body, state.revision, now))


def _to_workflow(reconciled: Reconciled, decided: Decided) -> Applied:
    after = decided.after
    return Applied(
        answer=decided.answer.model_copy(update={"course_revision": after.revision}),
        events=decided.events,
        adopted=reconciled.state if reconciled.is_adopted else None,
        revision=after.revision,
        epoch=after.epoch,
        digest=after.digest,
    )


def _persons(state: CourseState, command: Command) -> frozenset[str]:
    """Return who holds a role, and to whom the command gives one."""
    return command.given_to.union(party.person for party in state.parties if party.person)


def _count(command: Command, outcome: str) -> None:
    counter = activity.metric_meter().create_counter(COMMANDS, "Commands that were applied to courses.")
    counter.add(1, {"kind": command.kind, "outcome": outcome})


async def _caseloads(connection: Connection, command: Command, book: Book, course: UUID) -> dict[tuple[Role, str], int]:
    """Return how many other courses each person holds whom the command gives this one, where the rules ask for it.

    Two assignments of one person at the same time are counted one after the other, so that none hides a crossing.
    """
    persons = command.given_to
    roles = [role for role in GATE_ROLES if persons and book.caseload(role) is not None]
    return await people.caseloads(connection, persons, roles, course) if roles else {}


def _as_recorded(request: ApplyRequest, recorded: RecordedCommand, reconciled: Reconciled) -> Decided:
    """Return what was answered the first time; another body under the same id is refused (P7)."""
    command = request.command
    answer = Answer.model_validate(recorded.answer)
    if recorded.digest != command.digest:
        problem = Problem(code=Code.IDEMPOTENCY_KEY_REUSED)
        answer = Answer(command=command.id, digest=command.digest, refused=(problem,))
    return Decided(answer, (), (reconciled.state,))


def _answer(request: ApplyRequest, revision: int, refused: tuple[Problem, ...] = ()) -> Answer:
    command = request.command
    return Answer(command=command.id, digest=command.digest, revision=revision, refused=refused)


def _chained(decision: Decision) -> tuple[CourseState, ...]:
    """Return the states of a decision, the last one revision on, its digest chained to what came before."""
    if not decision.events:
        return decision.states
    *passed, after = decision.states
    before = decision.before
    written = canonical([event.model_dump(mode="json") for event in decision.events])
    place = {"revision": before.revision + 1, "digest": digest_of(before.digest.encode(), written)}
    return (*passed, after.model_copy(update=place))
