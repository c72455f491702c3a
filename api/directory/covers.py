"""Who covers while somebody is away, and what an absence concerns: each course, who acts there, and what waits."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby
from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, Field

from api.directory.names import NameOf
from api.http.codes import ApiCode
from api.http.fields import AsRead, Body
from api.http.problems import Issue, expect_no
from api.http.read_model import ReadModel
from domain.errors import Code
from domain.identity import ACTING, PersonId
from domain.reach import Reach
from domain.state.waiting import WaitingKind
from infra.store.engine import Connection
from infra.store.queries import concerns, course_list
from infra.store.queries.concerns import Concern
from infra.store.queries.course_filter import CourseFilter
from infra.store.queries.course_list import Sort
from infra.store.registers import people

_MOST_COURSES: Final = 200


class CoverBody(Body):
    """Somebody of the directory who covers: in these courses, or in all of the absent person's."""

    person: PersonId
    courses: Annotated[list[UUID], Field(min_length=1, max_length=_MOST_COURSES)] | None = None
    name: AsRead = None


class CoverRead(ReadModel):
    """Somebody who covers: in these courses, or in all of the absent person's."""

    person: str
    courses: list[UUID] | None
    name: Annotated[str | None, NameOf("person")] = None


class CoverStanding(StrEnum):
    """Whether somebody can act for the absent person in a course."""

    COVERED = "covered"
    HOLDS_THE_OTHER_ROLE = "holds_the_other_role"
    UNCOVERED = "uncovered"


class CourseConcerned(ReadModel):
    """A course of the absent person, and what waits there for that person now, by kind.

    `holds_the_other_role`: nobody who is named can act, for the `cover` counts for another role there already.
    """

    course: UUID
    reference: str
    standing: CoverStanding
    cover: str | None
    waits: dict[WaitingKind, int]
    cover_name: Annotated[str | None, NameOf("cover")] = None


class AbsenceConcerns(BaseModel):
    """The courses, not completed and seen by the caller, that the absence from this day on concerns."""

    from_: date = Field(alias="from")
    waits: dict[WaitingKind, int]
    courses: list[CourseConcerned]


@dataclass(frozen=True, slots=True)
class Named:
    """Those who are named to cover in one absence; nobody judges again who was in one that is over."""

    is_over: bool
    covers: Sequence[CoverBody]


async def expect_covers(connection: Connection, reach: Reach, absent: str, absences: Sequence[Named]) -> None:
    """Raise ProblemError for who cannot cover for `absent` and for courses that do not exist for the caller.

    `absences` are in the order of the request, whose fields the problems name.
    """
    if not any(named.covers for named in absences):
        return
    named_persons = {cover.person for named in absences for cover in named.covers} - {absent}
    directory = {entry.person_id: entry.roles for entry in (await people.some(connection, named_persons)).values()}
    able = {person for person, roles in directory.items() if not ACTING.isdisjoint(roles)}
    asked = {course for named in absences for cover in named.covers for course in cover.courses or ()}
    visible = await _visible(connection, reach, asked)
    issues: list[Issue] = []
    for index, named in enumerate(absences):
        persons, allowed = (set(directory), asked) if named.is_over else (able, visible)
        for place, cover in enumerate(named.covers):
            issues += _issues(f"absences.{index}.cover.{place}", cover, persons, allowed)
    expect_no(issues)


async def what_it_concerns(connection: Connection, reach: Reach, absent: str) -> list[AbsenceConcerns]:
    """Return what each absence that is not over concerns, the earliest first, as far as the caller sees courses."""
    concerned_courses = await concerns.concerns(connection, reach, absent)
    waits = await concerns.waits_for(connection, absent, {concern.course_id for concern in concerned_courses})
    return [
        _concerns(since, [_course(concern, waits.get(concern.course_id, {})) for concern in concerned])
        for since, concerned in groupby(concerned_courses, lambda concern: concern.since)
    ]


async def _visible(connection: Connection, reach: Reach, named: set[UUID]) -> set[UUID]:
    if not named:
        return set()
    among = CourseFilter(among=frozenset(named))
    page = await course_list.courses(connection, reach, among, Sort.STARTED_ON, len(named))
    return {row.course_id for row in page.items}


def _issues(field: str, cover: CoverBody, persons: set[str], allowed: set[UUID]) -> Iterator[Issue]:
    if cover.person not in persons:
        yield Issue(ApiCode.COVER_UNSUITABLE, f"{field}.person", {"roles": ", ".join(sorted(ACTING))})
    for number, course in enumerate(cover.courses or ()):
        if course not in allowed:
            yield Issue(Code.COURSE_NOT_FOUND, f"{field}.courses.{number}")


def _concerns(since: date, concerned: list[CourseConcerned]) -> AbsenceConcerns:
    waits: Counter[WaitingKind] = Counter()
    for course in concerned:
        waits.update(course.waits)
    return AbsenceConcerns.model_validate({"from": since, "waits": dict(waits), "courses": concerned})


def standing_of(concern: Concern) -> CoverStanding:
    """Return whether somebody can act for the absent person in a course."""
    return {
        None: CoverStanding.UNCOVERED,
        False: CoverStanding.COVERED,
        True: CoverStanding.HOLDS_THE_OTHER_ROLE,
    }[concern.holds_a_role]


def _course(concern: Concern, waits: Mapping[WaitingKind, int]) -> CourseConcerned:
    return CourseConcerned.of(concern, course=concern.course_id, standing=standing_of(concern), waits=dict(waits))
