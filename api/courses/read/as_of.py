"""What was known and decided in a course on a day of the past, and by which rules (P8)."""

from datetime import date, datetime, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Query
from pydantic import Field

from api.courses.read.course import fact_read
from api.courses.read.models import FactRead
from api.courses.visible import GivenCourse
from api.directory.names import with_names
from api.http.access import CourseInFullReader
from api.http.codes import ApiCode
from api.http.conditional import GivenReading
from api.http.dependencies import GivenServices
from api.http.fields import Day, examples
from api.http.negotiation import CallersLanguage
from api.http.problems import wrong
from api.http.read_model import ReadModel
from api.http.responses import not_modified, problems
from domain.calendar import danish_day, start_of_day
from domain.state.course import Status
from domain.state.facts import REMOVED
from infra.store.queries import revisions
from rules.explain.explain import explain
from rules.explain.models import Explanation
from wording.labels import Labels

router = APIRouter(tags=["courses"])

_A_DAY: Final = timedelta(days=1)


class CourseAsOf(ReadModel):
    """A course as it stood at the end of a day: what was known, and the decision with the rules of then.

    `facts` are as they were stated until then; one whose value was erased since is named in `erased`.
    """

    on: date
    revision: int
    decided_at: datetime = Field(description="When the decision was recorded that stood at the end of the day.")
    status: Status | None
    facts: list[FactRead]
    erased: list[str] = Field(description="The facts of which a value has been erased since, so that it is not known.")
    explanation: Explanation | None = Field(
        description="The decision with its rules, their version and hash; null where all of it has been erased."
    )

    model_config = examples(
        {
            "on": "2026-09-14",
            "revision": 3,
            "decided_at": "2026-09-10T09:30:00Z",
            "status": "open",
            "facts": [],
            "erased": ["goal_paid_hours"],
            "explanation": {
                "rules": {"id": "jobfirst", "version": "2026-11", "sha256": "e" * 64},
                "engine_semantics": "1",
                "calendar": "f" * 64,
                "at": "2026-09-10T09:30:00Z",
                "changes_at": "2026-09-21T22:00:00Z",
                "visits": [],
                "answers": [],
            },
        }
    )


@router.get(
    "/v1/courses/{course}/as-of",
    summary="What was decided on a day?",
    responses={**not_modified(), **problems(404)},
)
async def read_as_of(
    course: GivenCourse,
    services: GivenServices,
    caller: CourseInFullReader,
    language: CallersLanguage,
    reading: GivenReading,
    on: Annotated[Day, Query(description="A day since the course was recorded, today at the latest.")],
) -> CourseAsOf:
    """Return what was known of the course at the end of a day, and the decision on it by the rules of then.

    It is recomputed from what the revision of then keeps, with the rules and the calendar that the course followed.
    """
    async with services.store.municipality(caller.municipality) as connection:
        begun_at = await revisions.begun_at(connection, course.id) or course.judged_at
        stood = await revisions.stood_at(connection, course.id, start_of_day(on + _A_DAY))
    today = danish_day(services.clock.now())
    if stood is None or on > today:
        raise wrong(ApiCode.NOT_IN_RANGE, "on", expected=f"≥ {danish_day(begun_at)}, ≤ {today}")
    state = stood.state
    if state is None or state.rules is None:
        read = CourseAsOf.of(stood, on=on, status=None, facts=[], erased=[], explanation=None)
        reading.expect_news(course.row.revision, read)
        return read
    book = await services.rulebooks.book(caller.municipality, state.rules.sha256)
    calendar = await services.calendars.reckoned_by(caller.municipality, state.calendar)
    labels = Labels(book, language)
    read = CourseAsOf.of(
        stood,
        on=on,
        status=state.status,
        facts=[fact_read(fact, state, labels) for fact in state.facts],
        erased=list(dict.fromkeys(fact.fact for fact in state.facts if fact.value == REMOVED)),
        explanation=explain(book, state, stood.decided_at, calendar),
    )
    async with services.store.municipality(caller.municipality) as connection:
        read = read.model_copy(update={"facts": await with_names(connection, read.facts)})
    reading.expect_news(course.row.revision, read)
    return read
