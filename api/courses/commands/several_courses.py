"""Reporting the same facts to several courses: one visit to a company may serve several citizens, and is reported once.

Each course decides for itself; a repeat of the request is harmless, and reaches the courses it has not reached yet.
"""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from api.courses.commands.facts import FACTS_EXAMPLE, StatedFacts
from api.courses.commands.notes import NoteWords, expect_valid_note, new_note, without_index
from api.courses.fact_input import expect_reportable
from api.courses.visible import expect_allowed
from api.http.access import Reporter, expect_may_note, expect_own_source
from api.http.caller import reach_of
from api.http.codes import ApiCode
from api.http.dependencies import GivenServices
from api.http.fields import examples
from api.http.idempotency import GivenSender, Sender
from api.http.problems import ProblemDocument, ProblemError, problem_document, refused
from api.http.request_body import CleanBody, Json
from api.http.responses import problems
from domain.commands import AddNotes, Command, ReportFacts
from domain.errors import Code, RefusedError
from domain.identity import Role
from domain.reach import Reach
from infra.store.engine import Connection
from infra.store.errors import StoreAwayError
from infra.store.queries import course_list
from infra.store.queries.course_filter import CourseFilter
from infra.store.queries.course_list import Sort
from infra.store.registers import texts
from infra.store.registers.texts import TextKind
from infra.store.rows import CourseRow
from workflows.mailbox import CourseAwayError

router = APIRouter(tags=["reporting"])

_MOST: Final = 50
_AT_ONCE: Final = 10
_NOT_FACTS: Final = frozenset({"courses", "note"})
_COURSES: Final = ["5a0e0e8e-5d0f-5c0b-9f59-0d6f2c1a7b01", "5a0e0e8e-5d0f-5c0b-9f59-0d6f2c1a7b02"]


class SeveralBody(StatedFacts):
    """Facts to report to several courses, and a note to add to each of them."""

    courses: Annotated[list[UUID], Field(min_length=1, max_length=_MOST)]
    note: NoteWords | None = Field(
        default=None, description="Added in each course to the only open visit that asks for it, or the newest."
    )

    model_config = examples({"courses": _COURSES, **FACTS_EXAMPLE})


class CourseAnswer(BaseModel):
    """What one course answered; with both `applied_revision` and `problem` the facts were taken, but not the note."""

    course: UUID
    applied_revision: int | None = Field(default=None, description="The revision the report gave, when it was taken.")
    problem: ProblemDocument | None = Field(default=None, description="Why the course did not take it, or not all.")


class CourseAnswers(BaseModel):
    """What each course answered, in the order they were named; one named twice is reported to once."""

    results: list[CourseAnswer]


@dataclass(frozen=True, slots=True)
class _Report:
    """One report, and how it reaches each course; `sent` is the body as it came."""

    request: Request
    body: SeveralBody
    sent: Json
    sender: Sender
    visible: Mapping[UUID, CourseRow]
    notes: Mapping[UUID, UUID]

    async def send_to(self, course: UUID, turn: asyncio.Semaphore) -> CourseAnswer:
        """Send the report to one course, and return the answer whatever went wrong."""
        answer = CourseAnswer(course=course)
        try:
            async with turn:
                await self._send_to(course, answer)
        except ProblemError as problem:
            answer.problem = problem_document(self.request, problem)
        except RefusedError as refusal:
            answer.problem = problem_document(self.request, refused(refusal.problems))
        except CourseAwayError:
            answer.problem = problem_document(self.request, ProblemError(ApiCode.COURSE_AWAY))
        except StoreAwayError:
            answer.problem = problem_document(self.request, ProblemError(Code.STORE_AWAY))
        return answer

    async def _send_to(self, course: UUID, result: CourseAnswer) -> None:
        await self._expect_takeable(course)
        for sender, command in self._commands(course):
            answer = await sender.ask(course, command)
            if answer.refused:
                raise RefusedError(*without_index(answer.refused, "note."))
            result.applied_revision = answer.revision

    async def _expect_takeable(self, course: UUID) -> None:
        """Raise an error for a course that is not there for the caller, or whose rules cannot read the report."""
        if course not in self.visible:
            raise ProblemError(Code.COURSE_NOT_FOUND)
        expect_allowed(self.request, self.visible[course], self._roles_in(course))
        rules = self.visible[course].rules_sha256
        book = await self.sender.services.rulebooks.book(self.sender.caller.municipality, rules)
        expect_reportable(book, self.body.facts)
        if self.body.note is not None:
            expect_valid_note(book, self.body.note, "note.")

    def _roles_in(self, course: UUID) -> frozenset[Role]:
        return self.visible[course].roles_of(reach_of(self.sender.caller, self.sender.services.clock.now()))

    def _commands(self, course: UUID) -> Iterator[tuple[Sender, Command]]:
        """Yield each command with its sender; the facts have the identity and digest of a report to one course."""
        facts = {name: part for name, part in self.sent.items() if name not in _NOT_FACTS}
        sender = self.sender.for_part(course, "facts", facts).acting_as(self._roles_in(course))
        if self.body.source_event_id is not None:
            sender.identify_by_event(course, self.body.source, self.body.source_event_id)
        yield sender, ReportFacts(**sender.envelope, **self.body.model_dump(exclude=set(_NOT_FACTS)))
        if self.body.note is not None:
            # The facts have made another revision than the one that the caller may have named.
            sender = replace(sender.for_part(course, "note", self.sent["note"]), expected_revisions=None)
            yield sender, AddNotes(**sender.envelope, notes=(new_note(self.notes[course], self.body.note),))


@router.post("/v1/facts", summary="Report the same facts to several courses", responses=problems(with_body=True))
async def report_to_several(
    body: SeveralBody, request: Request, sent: CleanBody, services: GivenServices, caller: Reporter, sender: GivenSender
) -> CourseAnswers:
    """Report facts to each course, which takes or refuses them for itself, and add the note where it took them.

    A repeat with the same `Idempotency-Key` or `source_event_id` does nothing twice, and mends what was missing.
    """
    expect_own_source(caller, source=body.source, source_event_id=body.source_event_id)
    if body.note is not None:
        expect_may_note(caller)
    wanted = tuple(dict.fromkeys(body.courses))
    async with services.store.municipality(caller.municipality) as connection:
        visible = await _visible(connection, wanted, reach_of(caller, services.clock.now()))
        notes = await _staged(connection, body, visible, sender)
    report = _Report(request, body, sent, sender, visible, notes)
    turn = asyncio.Semaphore(_AT_ONCE)
    return CourseAnswers(results=await asyncio.gather(*(report.send_to(course, turn) for course in wanted)))


async def _visible(connection: Connection, wanted: tuple[UUID, ...], reach: Reach) -> dict[UUID, CourseRow]:
    """Return the courses that exist for the caller, by one statement."""
    among = CourseFilter(among=frozenset(wanted))
    page = await course_list.courses(connection, reach, among, Sort.UPDATED_AT, len(wanted))
    return {row.course_id: row for row in page.items}


async def _staged(
    connection: Connection, body: SeveralBody, visible: Mapping[UUID, CourseRow], sender: Sender
) -> dict[UUID, UUID]:
    """Keep the note's text once for each course, for each is erased in its own time; return the ids by course."""
    if body.note is None:
        return {}
    by, now = sender.caller.person, sender.services.clock.now()
    return {course: await texts.stage(connection, TextKind.NOTE, body.note.text, by, now) for course in visible}
