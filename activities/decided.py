"""What came of a command, before and after the store has it; pure."""

from dataclasses import dataclass

from activities.reconcile import Reconciled
from domain.commands import Command, ReopenCourse, StartCourse
from domain.decide import Decision
from domain.errors import Code, Problem
from domain.events import Event, NoteAdded
from domain.model import canonical, digest_of
from domain.state.course import CourseState
from infra.store.courses.record import RecordedCommand
from infra.store.courses.revisions import Answered
from workflows.messages import Answer, Applied, ApplyRequest, NoteMade


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


def asks_beside(command: Command) -> bool:
    """Return whether other courses have to do with a command: who would open one, or gives it to somebody."""
    return isinstance(command, StartCourse | ReopenCourse) or bool(command.given_to)


def answered(request: ApplyRequest, decided: Decided) -> Answered:
    """Return what a command was answered, as the store keeps it."""
    state = decided.after
    body = decided.answer.model_dump(mode="json")
    return Answered(state.course, request.command, body, state.revision, request.now)


def to_workflow(reconciled: Reconciled, decided: Decided) -> Applied:
    """Return what the workflow is told."""
    after = decided.after
    return Applied(
        answer=decided.answer.model_copy(update={"course_revision": after.revision}),
        events=decided.events,
        adopted=reconciled.state if reconciled.is_adopted else None,
        revision=after.revision,
        epoch=after.epoch,
        digest=after.digest,
    )


def persons_of(state: CourseState, command: Command) -> frozenset[str]:
    """Return who holds a role, and to whom the command gives one."""
    return command.given_to.union(party.person for party in state.parties if party.person)


def as_recorded(request: ApplyRequest, recorded: RecordedCommand, reconciled: Reconciled) -> Decided:
    """Return what was answered the first time; another body under the same id is refused (P7)."""
    command = request.command
    answer = Answer.model_validate(recorded.answer)
    if recorded.digest != command.digest:
        problem = Problem(code=Code.IDEMPOTENCY_KEY_REUSED)
        answer = Answer(command=command.id, digest=command.digest, refused=(problem,))
    return Decided(answer, (), (reconciled.state,))


def answer_of(
    request: ApplyRequest, revision: int, refused: tuple[Problem, ...] = (), events: tuple[Event, ...] = ()
) -> Answer:
    """Return the answer to a command, with the notes that its events added."""
    command, added = request.command, (event.note for event in events if isinstance(event, NoteAdded))
    notes = tuple(NoteMade(id=note.id, kind=note.kind, visit=note.visit) for note in added)
    return Answer(command=command.id, digest=command.digest, revision=revision, refused=refused, notes=notes)


def chained(decision: Decision) -> tuple[CourseState, ...]:
    """Return the states of a decision, the last one revision on, its digest chained to what came before."""
    if not decision.events:
        return decision.states
    *passed, after = decision.states
    before = decision.before
    written = canonical([event.model_dump(mode="json") for event in decision.events])
    place = {"revision": before.revision + 1, "digest": digest_of(before.digest.encode(), written)}
    return (*passed, after.model_copy(update=place))
