"""Handing over before an absence: a sentence where one is needed, and one act for all of them."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import Field

from api.absences.courses import AbsentCourse, absent_course, lines_of
from api.bulk.ordering import is_ordered, order, part_for
from api.directory.absences import expect_near
from api.directory.names import NameOf, with_names
from api.http.access import RegisterReader, Worker, expect_governs
from api.http.caller import reach_of
from api.http.codes import ApiCode
from api.http.conditional import GivenReading
from api.http.dependencies import GivenServices, Services
from api.http.fields import Body, Day, PersonalText, PersonInPath, examples
from api.http.idempotency import GivenSender, Sender
from api.http.negotiation import CallersLanguage
from api.http.problems import Issue, ProblemError, expect_no, named_twice
from api.http.read_model import ReadModel
from api.http.responses import problems
from domain.commands import AddNotes, NewNote
from domain.errors import Code
from domain.falling_due import window
from domain.identity import PersonId, Unit
from domain.state.facts import OBSERVATION
from infra.security.tokens import Claims
from infra.store.bulk_rows import BulkKind
from infra.store.engine import Connection
from infra.store.queries import bulk_acts, concerns
from infra.store.queries.bulk_acts import Words
from infra.store.registers import absences, people, texts
from infra.store.registers.absences import AbsenceRow
from infra.store.registers.bulk_acts import Order
from infra.store.registers.texts import TextKind
from rules.language.formats import Language

router = APIRouter(tags=["people"])

_MOST: Final = 200
_COURSE: Final = "5d4f0f57-6d0c-5a0b-9d56-0d1f6a1c2b3e"
_SENTENCE: Final = "Karla ringer selv, hvis mødet onsdag ikke passer."
_FirstDay = Annotated[Day, Path(description="The first day of the absence.")]


class SentenceBody(Body):
    """One sentence to who covers in a course; it is kept as a note to both roles that may wait."""

    course: UUID
    text: PersonalText


class HandOverWordsBody(Body):
    """The sentences to those who cover; courses that need none are left out."""

    courses: Annotated[list[SentenceBody], Field(max_length=_MOST)] = Field(default_factory=list)

    model_config = examples({"courses": [{"course": _COURSE, "text": _SENTENCE}]}, {"courses": []})


class HandOverCourse(AbsentCourse):
    """A course in which something falls due on the days away, with the sentences of who is away that stand."""

    words: list[str]


class HandOverRead(ReadModel):
    """What is to be handed over before an absence: the courses in which something falls due, two lines each."""

    person: str
    from_: date = Field(alias="from")
    until: date | None
    handed_over_at: datetime | None = Field(description="When it was handed over; null until then.")
    acts: list[UUID] = Field(description="The bulk acts that add sentences as notes, the first one first.")
    courses: list[HandOverCourse]
    person_name: Annotated[str | None, NameOf("person")] = None


@router.get(
    "/v1/people/{person}/absences/{first_day}/hand-over",
    summary="What is to be handed over before an absence?",
    responses=problems(404),
)
async def read_hand_over(
    person: PersonInPath,
    first_day: _FirstDay,
    services: GivenServices,
    caller: RegisterReader,
    language: CallersLanguage,
    _reading: GivenReading,
) -> HandOverRead:
    """Return the courses, of those the caller works with, in which something falls due on the days away.

    A meeting, a deadline, or the first or last day of a step; and where each course stands. A cover reads it too, with
    the sentences, from the first day on. It is for those who may read when the person is away.
    """
    async with services.store.municipality(caller.municipality) as connection:
        await expect_near(connection, reach_of(caller, services.clock.now()), person)
        away = await absence_of(connection, person, first_day)
        return await _read(connection, services, caller, away, language)


@router.post(
    "/v1/people/{person}/absences/{first_day}/hand-over",
    summary="Hand over before an absence",
    responses=problems(404, with_body=True),
)
async def hand_over_before(
    person: PersonInPath,
    first_day: _FirstDay,
    body: HandOverWordsBody,
    services: GivenServices,
    caller: Worker,
    language: CallersLanguage,
    sender: GivenSender,
) -> HandOverRead:
    """Keep each sentence as a note in its course, and tell those who cover; by the person or who governs the unit.

    The notes are added by a command to each course, one after the other; the last of `acts` says how far they have
    come. Sent again with other sentences these are added too.
    """
    reach = reach_of(caller, services.clock.now())
    async with services.store.municipality(caller.municipality) as connection:
        if person != reach.person:
            entry = await people.get(connection, person)
            expect_governs(reach, "person", entry.unit if entry else None)
        away = await absence_of(connection, person, first_day)
        seen = await concerns.of_absence(connection, person, first_day, reach.today, reach)
        units = {concern.course_id: concern.unit for concern in seen}
        expect_no(
            Issue(Code.COURSE_NOT_FOUND, f"courses.{place}.course")
            for place, sentence in enumerate(body.courses)
            if sentence.course not in units
        )
        expect_no(named_twice([sentence.course for sentence in body.courses], "courses", "course"))
        await _hand_over(connection, sender, away, body, units)
        return await _read(connection, services, caller, await absence_of(connection, person, first_day), language)


async def absence_of(connection: Connection, person: PersonId, first_day: date) -> AbsenceRow:
    """Return an absence; raises ProblemError 404 where there is none that begins on the day."""
    away = await absences.get(connection, person, first_day)
    if away is None:
        raise ProblemError(ApiCode.ABSENCE_NOT_FOUND)
    return away


async def _hand_over(
    connection: Connection, sender: Sender, away: AbsenceRow, body: HandOverWordsBody, units: Mapping[UUID, Unit]
) -> None:
    now, act = sender.services.clock.now(), None
    if body.courses:
        act = sender.command_id
        if not await is_ordered(connection, sender):
            orders = [await _order(connection, sender, one, units[one.course], now) for one in body.courses]
            await order(connection, sender, BulkKind.WORDS_TO_COVER, orders)
    await absences.hand_over(connection, away.person_id, away.since, now, act)


async def _order(connection: Connection, sender: Sender, sentence: SentenceBody, unit: Unit, now: datetime) -> Order:
    note = await texts.stage(connection, TextKind.NOTE, sentence.text, sender.caller.person, now)
    envelope = part_for(sender, sentence.course, unit, "words-to-cover").envelope
    command = AddNotes(**envelope, notes=(NewNote(note=note, note_kind=OBSERVATION, may_wait=True),))
    return Order(course=sentence.course, command=command, text=note)


async def _read(
    connection: Connection, services: Services, caller: Claims, away: AbsenceRow, language: Language
) -> HandOverRead:
    reach = reach_of(caller, services.clock.now())
    every = await concerns.of_absence(connection, away.person_id, away.since, reach.today, reach)
    days = window(away.since, away.until, reach.today)
    dated = {one.course_id: (one.course_id, days) for one in every}
    found = await lines_of(connection, services, caller.municipality, dated.values(), language)
    lines = {course: found[key] for course, key in dated.items() if key in found}
    added = await bulk_acts.words_of(connection, away.handed_over_by_acts)
    said = await texts.texts(connection, [words.text for words in added])
    words = {course: _standing(added, course, each.notes, said) for course, each in lines.items()}
    read = [
        HandOverCourse.of(absent_course(one, lines[one.course_id]), words=words[one.course_id])
        for one in every
        if one.course_id in lines and (lines[one.course_id].falls_due or words[one.course_id])
    ]
    answer = HandOverRead.model_validate(
        {
            **away.model_dump(),
            "person": away.person_id,
            "from": away.since,
            "acts": away.handed_over_by_acts,
            "courses": read,
        }
    )
    return await with_names(connection, answer)


def _standing(added: Iterable[Words], course: UUID, notes: frozenset[UUID], said: Mapping[UUID, str]) -> list[str]:
    """Return the sentences to who covers in a course, those that wait to be added too, and none that was taken back."""
    standing = (words.text for words in added if words.course == course and (words.waits or words.text in notes))
    return [said[text] for text in standing if text in said]
