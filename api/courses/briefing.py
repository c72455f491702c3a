"""The briefing in full, as data and as text, with what has changed since the caller last acknowledged (P1, P3)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel, Field

from api.caller import Caller
from api.codes import ApiCode
from api.courses.briefing_text import render
from api.courses.course_view import citizen_name, day_number
from api.courses.read_models import StepRead
from api.courses.seen import GivenCourse, SeenCourse
from api.courses.shelf import Shelf, fetch
from api.courses.visit_view import steps_read
from api.docs import problems
from api.negotiation import CallersLanguage, media_type_of
from api.parts import GivenParts
from api.phrases import Phrases
from api.problems import ProblemError
from api.reading import GivenReading
from domain.course import Visit
from domain.errors import Code
from domain.events import BriefingIssued
from domain.facts import FactValue
from domain.identity import Role
from infra.store import courses, journal
from infra.store.rows import ReceiptRow

router = APIRouter(tags=["informing"])

JSON: Final = "application/json"
TEXT: Final = "text/plain"
_FORMS: Final = (JSON, TEXT)


class ToldFact(BaseModel):
    """A material fact in words."""

    fact: str
    label: str
    value: FactValue
    text: str
    occurred_on: str


class ToldNote(BaseModel):
    """A note that the caller may read; `is_material` ones belong to the version."""

    id: UUID
    kind: str
    text: str | None
    by: str
    at: datetime
    is_material: bool


class BriefingRead(BaseModel):
    """What both roles must know before the visit is advanced; the goal for paid hours and the day number first."""

    course: UUID
    briefing: int = Field(description="The number of the visit; acknowledge with it and `version`.")
    version: int
    issued_at: datetime
    goal_paid_hours: str | None
    day: int | None
    citizen: str
    citizen_name: str | None
    step: StepRead
    to: list[StepRead] | None = Field(description="What comes next; absent while it is not decided.")
    closing: str | None
    missing: list[Role] = Field(description="The roles that have not acknowledged this version.")
    facts: list[ToldFact]
    notes: list[ToldNote]
    acknowledged_version: int | None = Field(description="The version the caller last acknowledged.")
    changes: list[str] = Field(description="What is different from that version, in words.")


@router.get(
    "/v1/courses/{course}/briefing",
    summary="Read the briefing",
    responses={200: {"model": BriefingRead, "content": {TEXT: {}}}, **problems(404, 406, 409)},
    response_model=None,
)
async def read_briefing(
    course: GivenCourse,
    parts: GivenParts,
    caller: Caller,
    language: CallersLanguage,
    reading: GivenReading,
    visit: Annotated[int | None, Query(ge=1, description="The visit, when several are briefed.")] = None,
) -> BriefingRead | Response:
    """Return the current version, as JSON or as plain text for the case system's journal."""
    form = media_type_of(reading.request.headers, _FORMS)
    if form is None:
        raise ProblemError(ApiCode.NOT_ACCEPTABLE)
    briefed = _briefed(course, visit)
    book = await parts.rulebooks.book(caller.municipality, course.row.rules_sha256)
    async with parts.store.municipality(caller.municipality) as connection:
        shelf = await fetch(connection, course, caller)
        versions = await journal.manifests(connection, course.id, briefed.number)
        receipts = await courses.receipts(connection, course.id)
    phrases = Phrases(book, language)
    read = _read(course, briefed, shelf, phrases, parts.clock.now())
    known = _last_acknowledged(receipts, briefed.number, caller.person)
    compared = {"acknowledged_version": known, "changes": _changes(versions, known, briefed, phrases)}
    full = read.model_copy(update=compared)
    return full if form == JSON else _as_text(full, phrases, reading.response)


def _as_text(read: BriefingRead, phrases: Phrases, response: Response) -> Response:
    """Return the briefing as text, with the headers of the answer so far."""
    headers = {name: value for name, value in response.headers.items() if name != "content-length"}
    return PlainTextResponse(render(read, phrases), headers=headers)


def _briefed(course: SeenCourse, number: int | None) -> Visit:
    """Return the visit whose briefing is asked for; raises ProblemError when there is none or several."""
    briefed = [v for v in course.state.open_visits if v.briefing is not None and number in (None, v.number)]
    if len(briefed) == 1:
        return briefed[0]
    if briefed:
        numbers = ", ".join(str(v.number) for v in briefed)
        raise ProblemError(Code.VISIT_UNKNOWN, open=numbers, field="visit")
    raise ProblemError(Code.BRIEFING_MISSING)


def _read(course: SeenCourse, visit: Visit, shelf: Shelf, phrases: Phrases, now: datetime) -> BriefingRead:
    briefing = visit.briefing
    assert briefing is not None  # noqa: S101 - `_briefed` chose it by this
    manifest = briefing.manifest
    goal = course.state.known("goal_paid_hours")
    return BriefingRead(
        course=course.id,
        briefing=visit.number,
        version=briefing.version,
        issued_at=briefing.issued_at,
        goal_paid_hours=phrases.value("goal_paid_hours", goal.fact.value) if goal else None,
        day=day_number(course, now),
        citizen=course.row.citizen,
        citizen_name=citizen_name(course, shelf),
        step=StepRead(id=visit.step, label=phrases.step(visit.step)),
        to=None if manifest.to is None else steps_read(manifest.to, phrases),
        closing=phrases.outcome(manifest.closing) if manifest.closing else None,
        missing=list(briefing.missing),
        facts=[
            ToldFact(
                fact=told.fact,
                label=phrases.fact(told.fact),
                value=told.value,
                text=phrases.value(told.fact, told.value),
                occurred_on=told.occurred_on,
            )
            for told in manifest.facts
        ],
        notes=_notes(visit, shelf),
        acknowledged_version=None,
        changes=[],
    )


def _notes(visit: Visit, shelf: Shelf) -> list[ToldNote]:
    return [
        ToldNote(
            id=note.id,
            kind=note.kind.value,
            text=shelf.texts.get(note.id),
            by=note.by,
            at=note.at,
            is_material=note.changes_the_agreement,
        )
        for note in shelf.notes
        if note.visit == visit.number
    ]


def _last_acknowledged(receipts: Iterable[ReceiptRow], visit: int, person: str) -> int | None:
    """Return the newest version of the visit's briefing that the caller himself has acknowledged."""
    mine = [r.version for r in receipts if r.visit == visit and r.acted_by == person and r.acknowledged_at]
    return max(mine, default=None)


def _changes(versions: list[BriefingIssued], known: int | None, visit: Visit, phrases: Phrases) -> list[str]:
    """Return in words what the current version tells otherwise than the one the caller knows (P3)."""
    current = visit.briefing
    old = next((issued.manifest for issued in versions if issued.version == known), None)
    if old is None or current is None or known == current.version:
        return []
    words = phrases.words
    before = {told.fact: told.value for told in old.facts}
    after = {told.fact: told.value for told in current.manifest.facts}
    changes = [
        words.fill(
            words.briefing["changed"],
            {
                "fact": phrases.fact(name),
                "before": phrases.value(name, before[name]) if name in before else "",
                "after": phrases.value(name, after[name]) if name in after else "",
            },
        )
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    ]
    if old.notes != current.manifest.notes:
        changes.append(words.briefing["notes_changed"])
    if (old.to, old.closing) != (current.manifest.to, current.manifest.closing):
        changes.append(words.briefing["route_changed"])
    return changes
