"""Visits: waiving what one requires, opening a left one again, and saying that what is done in one stopped."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import Path
from pydantic import Field

from api.courses.commands.reasons import ReasonBody
from api.courses.commands.representation import command_router
from api.courses.fact_input import expect_stop
from api.courses.visible import GivenCourse
from api.http.access import Allowed, Worker
from api.http.caller import Caller
from api.http.dependencies import GivenServices
from api.http.fields import (
    MOST,
    Body,
    Day,
    Id,
    Number,
    PersonalText,
    examples,
)
from api.http.idempotency import CommandDone, GivenSender, Sender
from api.http.responses import command_problems
from domain.commands import (
    ReopenVisit,
    StopVisit,
    WaiveRequirement,
    WaiverReason,
)
from domain.errors import Code
from domain.identity import Role
from infra.store.queries import courses, journal
from infra.store.registers import texts
from infra.store.registers.texts import TextKind
from rules.engine.book import Book

router = command_router("steering")

_WAIVER: Final = {
    "requirement": "is_agreed",
    "ground": "done_elsewhere",
    "reason": "Aftalt på et møde i en anden forvaltning.",
}


_Visit = Annotated[int, Path(ge=1, le=MOST, description="The number of the visit in its course.")]


class WaiverBody(Body):
    """Which requirement is waived, on what ground, and why in words."""

    requirement: Id
    visit: Number | None = None
    ground: WaiverReason
    reason: PersonalText

    model_config = examples(_WAIVER)


@router.post("/v1/courses/{course}/waivers", summary="Waive a requirement", responses=command_problems())
async def waive(_caller: Worker, body: WaiverBody, course: GivenCourse, sender: GivenSender) -> CommandDone:
    """Waive a named requirement for one visit, as the roles that its rule set lets do so.

    The law is never waived, nor that both roles are informed (P1). On another ground or in other words it is waived
    anew, which both are told; the same again is done already.
    """
    waivers = (waiver for visit in course.state.open_visits for waiver in visit.waivers)
    given = [waiver.reason for waiver in waivers if waiver.requirement == body.requirement]
    command = WaiveRequirement(
        **sender.envelope,
        requirement=body.requirement,
        visit=body.visit,
        waiver=body.ground,
        reason=await sender.reason(body.reason, given),
    )
    return await sender.send(course.id, command)


@router.post("/v1/courses/{course}/visits/{visit}/reopen", summary="Reopen a visit", responses=command_problems())
async def reopen_visit(
    _caller: Annotated[Caller, Allowed(Role.CASEWORKER, Role.SUPERVISOR)],
    visit: _Visit,
    body: ReasonBody,
    course: GivenCourse,
    sender: GivenSender,
) -> CommandDone:
    """Open a left visit again, because its outcome was wrong."""
    reason = await sender.reason(body.reason)
    return await sender.send(course.id, ReopenVisit(**sender.envelope, visit=visit, reason=reason))


class StopBody(Body):
    """The last day, who stopped it, and perhaps why in words."""

    last_day: Day = Field(description="Of what came to nothing the day on which that was clear.")
    by: Id = Field(description="A value of the fact that the rules of the step name for it.")
    note: PersonalText | None = Field(default=None, description="Why; it may be said later.")

    model_config = examples(
        {"last_day": "2026-10-06", "by": "citizen", "note": "Ryggen kunne ikke holde til de tunge kasser."}
    )


@router.post("/v1/courses/{course}/visits/{visit}/stop", summary="Stop a visit", responses=command_problems())
async def stop_visit(
    caller: Worker,
    visit: _Visit,
    body: StopBody,
    course: GivenCourse,
    services: GivenServices,
    sender: GivenSender,
) -> CommandDone:
    """Say in one act that a trial or paid hours stopped: the facts and the note that the rules of the step name for it.

    Both roles are told at once, follow-ups and later appointments are called off, and the gate asks for what was
    learned and for what now. The same said again in the same words is done already.
    """
    open_visit = course.state.visit(visit)
    if open_visit is not None:
        book = await services.rulebooks.book(caller.municipality, course.row.rules_sha256)
        expect_stop(book, open_visit.step, body.last_day, body.by)
    note = await sender.stage(TextKind.NOTE, body.note) if body.note else None
    command = StopVisit(**sender.envelope, visit=visit, last_day=body.last_day, stopped_by=body.by, note=note)
    answer = await sender.ask(course.id, command)
    if any(problem.code is Code.ALREADY_STOPPED for problem in answer.refused):
        book = await services.rulebooks.book(caller.municipality, course.row.rules_sha256)
        revision = await _stopped_so_in(sender, course.id, book, command, body.note)
        if revision is not None:
            return sender.done(course.id, answer.model_copy(update={"revision": revision, "refused": ()}))
    return sender.expect_done(course.id, command, answer)


async def _stopped_so_in(sender: Sender, course: UUID, book: Book, command: StopVisit, words: str | None) -> int | None:
    """Return the revision in which the same was said of the same day in the same words, None for something else."""
    async with sender.services.store.municipality(sender.caller.municipality) as connection:
        state = (await courses.states(connection, [course]))[course]
        visit = state.visit(command.visit)
        stop = book.stop(visit.step) if visit is not None else None
        if stop is None:
            return None
        said = {stop.last_day: command.last_day.isoformat(), stop.by: book.as_stored(stop.by, command.stopped_by)}
        on_record = {fact: state.on_record(fact, command.visit) for fact in said}
        if any(found is None or found.fact.value != said[fact] for fact, found in on_record.items()):
            return None
        if words is None:
            last_day = on_record[stop.last_day]
            entry = await journal.reporting(connection, course, last_day.fact.id) if last_day else None
            return entry.revision if entry else None
        why = [note.id for note in state.notes if (note.kind, note.visit) == (stop.note, command.visit)]
        written = await texts.texts(connection, why)
        same = next((note for note in why if written.get(note) == words), None)
        entry = await journal.with_words(connection, course, same) if same is not None else None
    return entry.revision if entry is not None else None
