"""Facts: reporting what happened, and putting right what was wrong."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import Path
from pydantic import Field

from api.courses.commands.kept import remove_everywhere, take_back_where_kept
from api.courses.commands.notes import NotesBeside, NotesDone, notes_done, staged_notes
from api.courses.commands.reasons import ReasonBody, RetractBody, take_back
from api.courses.commands.representation import command_router
from api.courses.fact_input import expect_correction, expect_reportable
from api.courses.visible import GivenCourse
from api.http.access import FactWriter, expect_may_note, expect_own_source
from api.http.dependencies import GivenServices
from api.http.fields import (
    Body,
    Day,
    Instant,
    Number,
    ReadVersion,
    SourceId,
    StatedValue,
    examples,
)
from api.http.idempotency import CommandDone, GivenSender, Sender
from api.http.problems import expect_no, wrong
from api.http.request_body import issues_with
from api.http.responses import command_problems
from domain.commands import (
    RemoveFact,
    ReportFacts,
    RetractFact,
    SupersedeFact,
)
from domain.errors import Code
from domain.state.course import CourseState
from infra.store.queries import journal
from infra.store.queries.courses import VisibleCourse

router = command_router("reporting")

FACTS_EXAMPLE: Final = {
    "facts": {"company_cvr": "10000009"},
    "occurred_on": "2026-03-09",
    "source": "fagsystem",
    "source_event_id": "event-7",
}


_Fact = Annotated[UUID, Path(description="The statement: the fact's `id` in the course.")]


class StatedFacts(Body):
    """Facts, all or nothing, and where they come from."""

    facts: dict[str, StatedValue] = Field(min_length=1, description="By the names and types of the rule set.")
    occurred_on: Day | None = Field(default=None, description="When it happened; today when it is left out.")
    source: SourceId | None = Field(default=None, description="What a system calls itself; people name none.")
    source_event_id: SourceId | None = Field(
        default=None, description="The system's own id of the event; the same one twice from it is once."
    )
    issued_at: Instant | None = Field(
        default=None, description="When the source issued it; of two about the same day the last issued counts."
    )


class FactsBody(StatedFacts):
    """Facts to report, all or nothing."""

    notes: NotesBeside = Field(default=[])
    visit: Number | None = Field(default=None, description="The visit they belong to, when it is not the open one.")
    answers: UUID | None = Field(default=None, description="The dispute that these facts settle.")
    acknowledge: ReadVersion = None

    model_config = examples(FACTS_EXAMPLE)


class SupersedeBody(ReasonBody):
    """What is right instead, and when it happened: on the day of the wrong statement when it is left out."""

    value: StatedValue
    occurred_on: Day | None = None

    model_config = examples({"value": 12, "reason": "Det var tolv timer, ikke to."})


@router.post("/v1/courses/{course}/facts", summary="Report facts", responses=command_problems())
async def report_facts(
    caller: FactWriter, body: FactsBody, course: GivenCourse, services: GivenServices, sender: GivenSender
) -> NotesDone:
    """Report facts, and notes beside them, all or nothing; facts are dated when they happened.

    With `acknowledge` the reporter also acknowledges what follows, having read all but these facts; where something
    else changed since the preview, the report is kept and the problem says what is different.
    """
    expect_own_source(caller, source=body.source, source_event_id=body.source_event_id)
    if body.notes:
        expect_may_note(caller)
    book = await services.rulebooks.book(sender.caller.municipality, course.row.rules_sha256)
    expect_reportable(book, body.facts)
    notes = await staged_notes(sender, book, body.notes, "notes.{}.")
    if body.source_event_id is not None:
        sender.identify_by_event(course.id, body.source, body.source_event_id)
    envelope = sender.covering(course.covers).reading(course.id, body.acknowledge).envelope
    command = ReportFacts(**envelope, **body.model_dump(exclude={"notes"}), notes=notes)
    answer = await sender.ask(course.id, command)
    return notes_done(sender.expect_done(course.id, command, answer), answer)


@router.post("/v1/courses/{course}/facts/{fact}/retract", summary="Take back a fact", responses=command_problems())
async def retract_fact(
    _caller: FactWriter, fact: _Fact, body: RetractBody, course: GivenCourse, sender: GivenSender
) -> CommandDone:
    """Take back one statement, by its id, that was wrong; the statement before it counts again.

    One of the `wrong_citizen` is removed from every version, comes on the list for data protection, and is erased
    there too when a second person takes it back so; that may be one that was corrected or taken back before.
    """
    if body.wrong_citizen and not _is_known(course.state, fact):
        return await _remove(sender, course, fact, body.reason)
    reason = await sender.reason(body.reason)
    command = RetractFact(**sender.envelope, fact=fact, reason=reason, wrong_citizen=body.wrong_citizen)
    return await take_back(sender, course.id, command)


def _is_known(state: CourseState, fact: UUID) -> bool:
    """Whether a statement counts, or was hidden as another citizen's."""
    return any(stated.id == fact for stated in state.facts) or any(removal.entry == fact for removal in state.removed)


async def _remove(sender: Sender, course: VisibleCourse, fact: UUID, reason: str) -> CommandDone:
    """Have a statement removed that counts no more; raises ProblemError when the course never had it."""
    async with sender.services.store.municipality(sender.caller.municipality) as connection:
        stated = await journal.statement(connection, course.id, fact)
    if stated is None:
        raise wrong(Code.NOTHING_TO_RETRACT, "fact")
    staged = await sender.reason(reason)
    command = RemoveFact(**sender.envelope, fact=fact, name=stated.fact, reason=staged)
    done = await sender.send(course.id, command)
    await remove_everywhere(sender, course.id, fact)
    return done


@router.post("/v1/courses/{course}/facts/{fact}/supersede", summary="Correct a fact", responses=command_problems())
async def supersede_fact(
    _caller: FactWriter, fact: _Fact, body: SupersedeBody, course: GivenCourse, sender: GivenSender
) -> CommandDone:
    """Put a right statement in the place of a wrong one, by its id, in one command; the journal keeps both."""
    statement = next((stated for stated in course.state.facts if stated.id == fact), None)
    # A repeat is answered as the first time, when the statement was there.
    book = await sender.services.rulebooks.book(sender.caller.municipality, course.row.rules_sha256)
    if statement is not None:
        expect_correction(book, statement.fact, body.value)
    else:
        expect_no(list(issues_with(body.value, "value")))
    reason = await sender.reason(body.reason)
    command = SupersedeFact(**sender.envelope, fact=fact, value=body.value, occurred_on=body.occurred_on, reason=reason)
    done = await sender.send(course.id, command)
    await take_back_where_kept(sender, course.id, fact)
    return done
