"""What a story says follows from the course in bands without holes, and is left out where it is not known (P2, P12)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.stories.fields import StoryBody, fields_of
from domain.state.facts import FactValue
from domain.state.stories import Branch, HoursBand, StoryFields, WeeksBand, Worked
from tests.domain.jobfirst import FACTORY, RULES, JobFirst
from tests.domain.vocabulary import ANNA, BO, CASE_SYSTEM

STORY: Final = StoryBody(worked=(Worked.TRIED_AGAIN, Worked.VISITED_TOGETHER), branch=Branch.FARMING)
BEGAN: Final = JobFirst().reaches_paid_hours()
LOWEST: Final = {
    HoursBand.UP_TO_5: Decimal(0),
    HoursBand.UP_TO_15: Decimal(5),
    HoursBand.UP_TO_30: Decimal(15),
    HoursBand.ABOVE_30: Decimal(30),
}


def fields(schedule: str, story: StoryBody = STORY) -> StoryFields:
    """Return the fields of the story of a course with these hours."""
    agreed = [fact for fact in BEGAN.state.facts if fact.fact == "hours_schedule"]
    facts = [f.model_copy(update={"value": schedule}) if f in agreed else f for f in BEGAN.state.facts]
    return fields_of(story, BEGAN.state.model_copy(update={"facts": tuple(facts)}), RULES)


@given(st.decimals(min_value=0, max_value=60, places=2).filter(lambda hours: hours > 0))
def test_any_hours_are_in_the_one_band_above_whose_lower_bound_they_are(hours: Decimal) -> None:
    band = fields(f"2026-10-05={hours}").hours

    assert band is not None
    assert band is max((one for one in HoursBand if LOWEST[one] < hours), key=lambda one: LOWEST[one])


@pytest.mark.parametrize(
    ("weeks", "within", "after"),
    [
        (4, WeeksBand.UP_TO_4, WeeksBand.UP_TO_13),
        (13, WeeksBand.UP_TO_13, WeeksBand.UP_TO_26),
        (26, WeeksBand.UP_TO_26, WeeksBand.UP_TO_52),
        (52, WeeksBand.UP_TO_52, WeeksBand.ABOVE_52),
    ],
)
def test_weeks_are_counted_from_day_one_to_the_first_day_with_hours(
    weeks: int, within: WeeksBand, after: WeeksBand
) -> None:
    day = (BEGAN.state.started_on or date.max) + timedelta(weeks=weeks)

    assert fields(f"2026-01-05=0 {day}=8").weeks is within
    assert fields(f"2026-01-05=0 {day + timedelta(days=1)}=8").weeks is after


@pytest.mark.parametrize("schedule", ["", "2026-10-05=0", "many hours"])
def test_hours_that_are_erased_none_or_unreadable_are_left_out(schedule: str) -> None:
    story = fields(schedule)

    assert (story.hours, story.weeks) == (None, None)


def test_hours_that_two_sources_contradict_are_left_out() -> None:
    story = JobFirst().reaches_paid_hours()
    story.reports(CASE_SYSTEM, hours_schedule="2026-10-05=30")

    assert fields_of(STORY, story.state, RULES).hours is None


def test_what_made_it_work_is_said_once_and_in_one_order() -> None:
    twice = STORY.model_copy(update={"worked": (*STORY.worked, Worked.TRIED_AGAIN)})

    assert fields("2026-10-05=8", twice).worked == (Worked.VISITED_TOGETHER, Worked.TRIED_AGAIN)


@pytest.mark.parametrize(("agreed", "named"), [(True, FACTORY["company_p_number"]), (False, None)])
def test_the_company_is_there_only_where_it_agreed(*, agreed: bool, named: FactValue | None) -> None:
    assert fields("2026-10-05=8", STORY.model_copy(update={"company_agreed": agreed})).p_number == named


def test_outside_the_step_that_asks_nothing_follows_from_the_course() -> None:
    story = JobFirst().reaches_company_visit()
    story.reports(BO, **FACTORY)
    story.reports(ANNA, hours_schedule="2026-10-05=8")

    told = fields_of(STORY.model_copy(update={"company_agreed": True}), story.state, RULES)

    assert (told.hours, told.weeks, told.p_number) == (None, None, None)
