"""The closed fields of a story: two are asked for, three follow from the course, and none says whose it is (P10)."""

from datetime import date
from typing import Final

from pydantic import Field, StrictBool

from api.http.fields import Body, examples
from domain.state.course import CourseState
from domain.state.stories import Branch, HoursBand, StoryFields, WeeksBand, Worked
from rules.engine.book import Book
from rules.engine.paid_weeks import first_day
from rules.language.facts import Schedule

_DAYS: Final = 7
_HOURS: Final = ((5, HoursBand.UP_TO_5), (15, HoursBand.UP_TO_15), (30, HoursBand.UP_TO_30))
_WEEKS: Final = (
    (4, WeeksBand.UP_TO_4),
    (13, WeeksBand.UP_TO_13),
    (26, WeeksBand.UP_TO_26),
    (52, WeeksBand.UP_TO_52),
)
_EXAMPLE: Final = {"worked": ["visited_together", "fitting_task"], "branch": "farming", "company_agreed": False}


class StoryBody(Body):
    """A story: what made it work, the line of business, and whether the company agreed to be named."""

    worked: tuple[Worked, ...] = Field(min_length=1, max_length=3, description="One to three things.")
    branch: Branch
    company_agreed: StrictBool = Field(default=False, description="The company agreed to be named in it.")

    model_config = examples(_EXAMPLE)


class AnswerStoryBody(Body):
    """Whether there is a good story."""

    story: StoryBody | None = Field(description="Null is no thanks, and ends the question for good.")

    model_config = examples({"story": _EXAMPLE})


def fields_of(given: StoryBody, state: CourseState, book: Book) -> StoryFields:
    """Return the fields of a story: those that were given, and those that follow from the course as it stands."""
    fields = StoryFields(worked=tuple(worked for worked in Worked if worked in given.worked), branch=given.branch)
    rules = {visit.number: rule for visit in state.open_visits if (rule := book.story(visit.step)) is not None}
    if not rules:
        return fields
    visit, rule = next(iter(rules.items()))
    agreed = _schedule(state, book, rule.hours, visit)
    update = {
        "hours": _hours(agreed),
        "weeks": _weeks(state.started_on, first_day(agreed)),
        "p_number": book.workplaces.of(state, visit) if given.company_agreed else None,
    }
    return fields.model_copy(update=update)


def _schedule(state: CourseState, book: Book, fact: str, visit: int) -> Schedule:
    """Return the hours agreed in a visit; none while they are contradicted or cannot be read."""
    on_record, declared = state.on_record(fact, visit), book.declaration(fact)
    if on_record is None or on_record.contradicted_by is not None or declared is None:
        return ()
    read = declared.read(on_record.fact.value)
    return read if isinstance(read, tuple) else ()


def _hours(agreed: Schedule) -> HoursBand | None:
    """Return the band of the hours a week that it begins with."""
    first = next((hours for _, hours in agreed if hours > 0), None)
    if first is None:
        return None
    return next((band for most, band in _HOURS if first <= most), HoursBand.ABOVE_30)


def _weeks(started_on: date | None, began: date | None) -> WeeksBand | None:
    """Return the band of the weeks from day one until it begins."""
    if started_on is None or began is None:
        return None
    days = (began - started_on).days
    return next((band for most, band in _WEEKS if days <= most * _DAYS), WeeksBand.ABOVE_52)
