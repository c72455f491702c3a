"""Lists of what courses hold begin with those that somebody works with, whatever he observes besides (P14)."""

from datetime import timedelta
from typing import Final

import pytest

from domain import events as ev
from domain.address import Address
from domain.identity import Role
from domain.reach import Reach
from domain.state.observers import ObserverKind
from infra.store.queries.event_log import courses_to_log
from infra.store.queries.outward import concerning
from infra.store.queries.stories import stories, story_place
from infra.store.registers import people
from infra.store.registers.people import Person
from infra.store.registers.texts import TextKind
from tests.store.vocabulary import MONDAY, WHOLE_MUNICIPALITY, RecordedCourse

WORKING: Final = (Role.CASEWORKER, Role.SUPERVISOR, Role.DATA_PROTECTION, Role.SYSTEM)


def who_works_elsewhere(*roles: Role) -> Reach:
    """Return who observes the course, with other roles in a unit that has none."""
    return Reach(
        person="olga", roles=frozenset({Role.OBSERVER, *roles}), units=frozenset({"youth"}), today=MONDAY.date()
    )


@pytest.fixture
async def observed(stored: RecordedCourse) -> RecordedCourse:
    """A course with an approved story and something to go out, observed by Olga, who leads all units."""
    stored.channels = ("log",)
    await stored.starts(stored.waits(stored.waiting("a")), stored.raised("told", Address.person("bo"), waiting="a"))
    story, reason = await stored.stages(TextKind.STORY), await stored.stages()
    await stored.does(
        ev.StoryAnswered(at=MONDAY, by="anna", story=story),
        ev.StoryApproved(at=MONDAY, by="sara"),
        ev.ObserverAdded(at=MONDAY, by="anna", person="olga", observer_kind=ObserverKind.MENTOR, reason=reason),
    )
    async with stored.store.municipality(stored.municipality) as connection:
        olga = Person(person_id="olga", name="Olga", roles=(Role.SUPERVISOR,), updated_at=MONDAY)
        await people.put(connection, olga)
    return stored


async def found(stored: RecordedCourse, reach: Reach) -> dict[str, int]:
    """Return of how many courses each list tells somebody."""
    story = stored.state.story
    async with stored.store.municipality(stored.municipality) as connection:
        told = await stories(connection, reach, 10)
        place = await story_place(connection, reach, story.id) if story is not None and story.id is not None else None
        foreseen = await concerning(connection, reach, "olga", MONDAY + timedelta(days=9), MONDAY)
        logged = await courses_to_log(connection, reach, 10, None)
    lists = {"stories": told.items, "places": [place] if place else [], "rehearsal": foreseen.courses, "log": logged}
    return {name: len(items) for name, items in lists.items()}


@pytest.mark.parametrize("role", WORKING)
async def test_no_list_of_what_a_course_holds_has_one_that_is_only_observed(
    observed: RecordedCourse, role: Role
) -> None:
    every = await found(observed, WHOLE_MUNICIPALITY)

    assert set(every.values()) == {1}
    assert await found(observed, who_works_elsewhere(role)) == dict.fromkeys(every, 0)
