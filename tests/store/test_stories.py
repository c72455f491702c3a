"""What the store has of a story: its fields in one text, which removing erases, and a restored backup does not undo."""

from typing import Final
from uuid import UUID

from domain import events as ev
from domain.identity import Role
from domain.reach import Reach
from infra.store import tables as t
from infra.store.queries.stories import stories, story_place
from infra.store.registers import texts
from infra.store.registers.texts import TextKind
from tests.store.vocabulary import MONDAY, RecordedCourse, mend

FIELDS: Final = "words of story"
LEADER: Final = Role.SUPERVISOR
COLLEAGUE: Final = Role.CASEWORKER


def reach(role: Role, *units: str, person: str = "carl") -> Reach:
    """Return somebody of some units."""
    return Reach(person=person, roles=frozenset({role}), units=frozenset(units), today=MONDAY.date())


async def with_story(stored: RecordedCourse) -> UUID:
    """Let Anna tell a story of a course that is just started, and return its id."""
    await stored.starts()
    story = await stored.stages(TextKind.STORY)
    await stored.does(ev.StoryAnswered(at=MONDAY, by="anna", story=story))
    return story


async def read(stored: RecordedCourse, reader: Reach) -> list[tuple[UUID, str, bool]]:
    """Return what somebody reads."""
    async with stored.store.municipality(stored.municipality) as connection:
        page = await stories(connection, reader, 10)
    return [(row.story, row.fields, row.is_approved) for row in page.items]


async def text_of(stored: RecordedCourse, story: UUID) -> str | None:
    async with stored.store.municipality(stored.municipality) as connection:
        return (await texts.texts(connection, [story])).get(story)


async def remove(stored: RecordedCourse) -> None:
    await stored.does(ev.StoryRemoved(at=MONDAY, by="anna"))


async def test_a_story_is_read_by_its_author_and_leaders_until_it_is_approved_and_then_by_the_unit(
    stored: RecordedCourse,
) -> None:
    story = await with_story(stored)

    assert await read(stored, reach(COLLEAGUE, "job")) == []
    assert await read(stored, reach(COLLEAGUE, "job", person="anna")) == [(story, FIELDS, False)]
    assert await read(stored, reach(LEADER, "job")) == [(story, FIELDS, False)]
    assert await read(stored, reach(LEADER, "youth")) == []

    await stored.does(ev.StoryApproved(at=MONDAY, by="sara"))

    assert await read(stored, reach(COLLEAGUE, "job")) == [(story, FIELDS, True)]
    assert await read(stored, reach(COLLEAGUE, "youth")) == await read(stored, reach(Role.OBSERVER, "job")) == []


async def test_a_removed_story_is_nowhere_in_the_store(stored: RecordedCourse) -> None:
    story = await with_story(stored)
    await stored.does(ev.StoryApproved(at=MONDAY, by="sara"))

    await remove(stored)

    assert await text_of(stored, story) is None
    assert FIELDS not in str(await stored.rows(t.course, t.journal, t.revision, t.personal_text))
    assert await read(stored, reach(LEADER, "job")) == []
    async with stored.store.municipality(stored.municipality) as connection:
        place = await story_place(connection, reach(LEADER, "job"), story)
    assert place is not None, "who removes it once more is told that it is done"
    assert (place.course_id, place.unit, place.by) == (stored.course, "job", "anna")


async def test_a_store_restored_from_a_backup_erases_the_story_again(stored: RecordedCourse) -> None:
    story = await with_story(stored)
    stored.state = stored.entry(ev.StoryRemoved(at=MONDAY, by="anna")).after
    assert await text_of(stored, story) == FIELDS

    await mend(stored)

    assert await text_of(stored, story) is None


async def test_no_thanks_leaves_nothing_to_read(stored: RecordedCourse) -> None:
    await stored.starts()

    await stored.does(ev.StoryAnswered(at=MONDAY, by="anna", story=None))

    assert await read(stored, reach(LEADER, "job")) == []
    assert (await stored.rows(t.course))["course"][0]["story"] is None
