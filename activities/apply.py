"""Apply one command: decide, and record events, snapshot, rows and notices in one transaction (P7, P8)."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.decided import Decided, answer_of, answered, as_recorded, asks_beside, chained, persons_of, to_workflow
from activities.last_found import LastFound
from activities.one_open import expect_no_other_open
from activities.reconcile import Reconciled, reconcile
from domain.commands import Command, RePinCourse, StartCourse
from domain.decide import decide
from domain.errors import Code, RefusedError, refuse
from domain.identity import GATE_ROLES, Role
from domain.state.course import CourseState
from infra.documents.calendars import Calendars
from infra.documents.rulebooks import Rulebooks
from infra.store.courses import record
from infra.store.courses.entry import Entry, refusal
from infra.store.courses.erase import erases
from infra.store.courses.projection import ByRules, Row
from infra.store.engine import Connection, Store
from infra.store.errors import CommandRecordedError, ForkError, StoreAwayError
from infra.store.registers import people
from infra.store.rows import unknown_among
from infra.telemetry.logs import log_context
from infra.telemetry.metrics import COMMANDS
from rules.calendar.working_time import WorkingTime
from rules.engine.book import Book
from workflows.messages import Applied, ApplyRequest
from workflows.state_holder import STATES, Key, StateMissingError

_log = structlog.get_logger(__name__)

_FAILED: Final = "failed"


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
        self._found = LastFound()

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
        """Apply in one round trip if the store is as expected, and else in one transaction.

        When somebody recorded the same command meanwhile, a second transaction finds it.
        """
        if (applied := await self._record_at_once(request, state)) is not None:
            return applied
        try:
            return await self._record_once(request, state)
        except CommandRecordedError:
            return await self._record_once(request, state)

    async def _record_at_once(self, request: ApplyRequest, state: CourseState) -> Applied | None:
        """Decide by what the store is expected to hold, and record it if the store does; else return None."""
        command = request.command
        expected = None if asks_beside(command) else self._found.expected(state, persons_of(state, command))
        calendar = self._calendars.ready(expected.in_force) if expected else None
        if expected is None or calendar is None:
            return None
        decided = await self._decided(None, request, state, calendar, unknown_among(expected.known))
        if any(map(erases, decided.events)):
            return None
        document = await self._document(request, decided)
        async with self._store.at_once() as connection:
            entered = await record.record_at_once(connection, state, command.id, expected, document)
        self._found.remember(state.municipality, entered)
        return to_workflow(Reconciled(state), decided) if entered == expected else None

    async def _record_once(self, request: ApplyRequest, state: CourseState) -> Applied:
        async with self._store.anywhere() as connection:
            command, persons = request.command, persons_of(state, request.command)
            entered = await record.enter(connection, state.municipality, state.course, command.id, persons)
            reconciled = await reconcile(connection, state, entered.head, request.now, await self._by_rules(state))
            if entered.recorded is not None:
                decided = as_recorded(request, entered.recorded, reconciled)
            else:
                calendar = await self._calendars.named(connection, entered.in_force)
                unknown = unknown_among(entered.known)
                if reconciled.is_adopted:
                    unknown = await people.unknown(connection, persons_of(reconciled.state, command))
                decided = await self._decided(connection, request, reconciled.state, calendar, unknown)
                await self._record(connection, request, decided)
        self._found.remember(state.municipality, entered)
        return to_workflow(reconciled, decided)

    async def _decided(
        self,
        connection: Connection | None,
        request: ApplyRequest,
        state: CourseState,
        calendar: WorkingTime,
        unknown: Collection[tuple[Role, str]],
    ) -> Decided:
        """Decide; a refusal has no events and leaves the course as it is.

        What other courses have to do with it is asked by `connection`, which a command that asks beside needs.
        """
        command, caseloads = request.command, dict[tuple[Role, str], int]()
        try:
            book = await self._book(request, state)
            if connection is not None:
                await expect_no_other_open(connection, command, state)
                caseloads = await _caseloads(connection, command, book, state.course)
            others = await self._next_book(request, state)
            decision = decide(state, command, book, request.now, calendar, caseloads, unknown, others)
        except RefusedError as refusal:
            return Decided(answer_of(request, state.revision, refusal.problems), (), (state,))
        states = chained(decision)
        withheld = (decision.withheld,) if decision.withheld is not None else ()
        answer = answer_of(request, states[-1].revision, withheld, decision.events)
        return Decided(answer, decision.events, states)

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

    async def _record(self, connection: Connection, request: ApplyRequest, decided: Decided) -> None:
        """Write events with all that follows from them, or the answer alone, if a repeat is to be answered the same."""
        if decided.events:
            await record.record(connection, await self._entry(request, decided))
        elif request.command.keeps_refusal:
            await record.record_refusal(connection, answered(request, decided))

    async def _document(self, request: ApplyRequest, decided: Decided) -> Row:
        """Return what of it is recorded at once."""
        if decided.events:
            return (await self._entry(request, decided)).document
        return refusal(answered(request, decided)) if request.command.keeps_refusal else {}

    async def _entry(self, request: ApplyRequest, decided: Decided) -> Entry:
        before, after = [await self._by_rules(state) for state in (decided.states[0], decided.after)]
        body = decided.answer.model_dump(mode="json")
        return Entry(request.command, decided.states, decided.events, body, request.now, after, before, self._channels)


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
