"""Friday's list ends with a good story of the unit: approved, of closed fields, and never the same twice in a row."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from uuid import UUID

from sqlalchemy import select

from activities.channels import Mail
from domain.identity import Role
from domain.state.stories import Branch, HoursBand, StoryFields, WeeksBand, Worked
from infra.store import tables as t
from infra.store.registers import absences, companies, people, texts
from infra.store.registers.people import Person
from infra.store.registers.texts import TextKind
from infra.store.rows import Outcome
from rules.calendar.data import Absence
from tests.workflows.outward import HALF_PAST_NINE, MONDAY, Ended, Recording, ended, queued
from tests.workflows.vocabulary import Stack

FRIDAY = HALF_PAST_NINE + timedelta(days=4)
A_WEEK = timedelta(days=7)
STORY = StoryFields(
    worked=(Worked.VISITED_TOGETHER, Worked.FITTING_TASK),
    branch=Branch.FARMING,
    hours=HoursBand.UP_TO_5,
    weeks=WeeksBand.UP_TO_13,
)
WORDS = (
    "En god historie fra din enhed: Vi besøgte virksomheden sammen; Virksomheden havde en opgave, der passede. "
    "Landbrug, skovbrug og fiskeri. Op til 5 timer om ugen. Inden for 13 uger fra dag ét"
)


async def with_stories(
    stack: Stack, *stories: StoryFields, by: str = "bo", is_approved: bool = True, unit: str = "job"
) -> Ended:
    """Return a course of which Anna hears, in whose unit there are stories, each of a course of its own."""
    told = await ended(stack, Recording(gathers=True), reference="case-0")
    async with stack.stores.api.municipality(stack.municipality) as connection:
        named = {"person_id": "anna", "name": "Anna", "unit": "job", "roles": (Role.CASEWORKER,)}
        await people.put(connection, Person.model_validate({**named, "updated_at": MONDAY}))
    for number, story in enumerate(stories, 1):
        other = await ended(stack, *stack.channels, reference=f"case-{number}")
        await tells(other, story, by=by, is_approved=is_approved, unit=unit)
    await no_news(told)
    return told


async def tells(of: Ended, story: StoryFields, *, by: str, is_approved: bool, unit: str) -> UUID:
    """Let the store have a story of a course, as if it had been told and approved."""
    stack, course = of.stack, t.course.c
    async with stack.stores.api.municipality(stack.municipality) as connection:
        text = await texts.stage(connection, TextKind.STORY, story.model_dump_json(exclude_none=True), by, MONDAY)
    async with stack.store.municipality(stack.municipality) as connection:
        adopted = t.personal_text.update().where(t.personal_text.c.text_id == text)
        await connection.execute(adopted.values(course_id=of.course.id, adopted_at=MONDAY))
        of_story = {"story": text, "story_approved": is_approved, "unit": unit}
        await connection.execute(t.course.update().where(course.course_id == of.course.id).values(of_story))
    return text


async def no_news(told: Ended) -> None:
    """Let nobody have anything to hear of."""
    async with told.stack.store.municipality(told.stack.municipality) as connection:
        await connection.execute(t.errand.delete())


async def list_on(told: Ended, at: object) -> Mail:
    """Return Anna's list on a day, on which there is something to tell."""
    (channel,) = told.stack.channels
    assert isinstance(channel, Recording)
    channel.received.clear()
    assert isinstance(at, type(MONDAY))
    async with told.stack.store.municipality(told.stack.municipality) as connection:
        notices = (await connection.scalars(select(t.notice.c.notice_id).where(t.notice.c.recipient == "anna"))).all()
        await connection.execute(t.delivery.update().values(outcome=Outcome.REFUSED))
        errands = [{"notice_id": each, "channel": channel.name, "person": "anna", "due_at": at} for each in notices[:1]]
        await connection.execute(t.errand.insert(), errands)
    await queued(told.stack, at)
    told.now = at
    await told.carries()
    (batch,) = channel.received
    assert batch.mail is not None
    return batch.mail


async def told_on(told: Ended, *fridays: object) -> list[UUID | None]:
    return [(await list_on(told, friday)).story for friday in fridays]


def another(number: int) -> StoryFields:
    return STORY.model_copy(update={"branch": tuple(Branch)[number]})


async def test_a_list_on_friday_ends_with_a_story_in_words_and_on_no_other_day(stack: Stack) -> None:
    told = await with_stories(stack, STORY)

    assert (await list_on(told, FRIDAY - timedelta(days=1))).story is None
    mail = await list_on(told, FRIDAY)

    assert f"{WORDS}.\n" in mail.text
    assert mail.story is not None
    assert str(mail.story) not in mail.text + mail.html


async def test_the_lists_of_the_first_day_back_lead_to_what_is_new(stack: Stack) -> None:
    told = await with_stories(stack)
    last_day = (MONDAY + timedelta(days=1)).date()
    async with stack.stores.api.municipality(stack.municipality) as connection:
        await absences.replace(connection, "anna", [Absence(since=MONDAY.date(), until=last_day)])
    days = [HALF_PAST_NINE + timedelta(days=number) for number in (2, 3)]

    first, second = [await list_on(told, day) for day in days]

    assert "/since-last\n" in first.text
    assert '/since-last">' in first.html
    assert "/since-last" not in second.text + second.html


async def test_nobody_is_told_the_same_story_twice_in_a_row(stack: Stack) -> None:
    told = await with_stories(stack, *map(another, range(3)))

    stories: Sequence[UUID | None] = await told_on(told, *(FRIDAY + week * A_WEEK for week in range(6)))

    assert None not in stories
    assert all(story != following for story, following in pairwise(stories))


async def test_the_only_story_is_told_once(stack: Stack) -> None:
    told = await with_stories(stack, STORY)

    first, *later = await told_on(told, *(FRIDAY + week * A_WEEK for week in range(3)))

    assert first is not None
    assert later == [None, None]


async def test_a_second_list_on_the_same_friday_has_none(stack: Stack) -> None:
    told = await with_stories(stack, STORY, another(3))

    assert None not in await told_on(told, FRIDAY)
    assert await told_on(told, FRIDAY + timedelta(hours=3)) == [None]


async def test_a_story_that_is_not_approved_or_of_another_unit_or_ones_own_is_not_told(stack: Stack) -> None:
    told = await with_stories(stack, STORY, is_approved=False)
    others = [await ended(stack, *stack.channels, reference=f"more-{n}") for n in range(2)]
    await tells(others[0], STORY, by="bo", is_approved=True, unit="youth")
    await tells(others[1], STORY, by="anna", is_approved=True, unit="job")
    await no_news(told)

    assert await told_on(told, FRIDAY) == [None]


async def test_a_company_is_named_only_where_it_agreed(stack: Stack) -> None:
    told = await with_stories(stack, STORY.model_copy(update={"p_number": "1000000001"}))
    async with stack.stores.api.municipality(stack.municipality) as connection:
        details = companies.CompanyDetails(cvr="10000009", name="Nordgartneriet")
        await companies.put(connection, "1000000001", details, companies.Write(None, MONDAY, "bo"))

    assert f"{WORDS}. Nordgartneriet." in (await list_on(told, FRIDAY)).text


async def test_a_story_that_a_server_did_not_take_is_told_when_it_does(stack: Stack) -> None:
    told = await with_stories(stack, STORY)
    (channel,) = stack.channels
    assert isinstance(channel, Recording)
    channel.refuses = 2

    assert (await list_on(told, FRIDAY)).story is not None


async def test_a_removed_story_is_told_to_nobody(stack: Stack) -> None:
    told = await with_stories(stack, STORY)
    async with stack.store.municipality(stack.municipality) as connection:
        of_story = t.personal_text.c.kind == TextKind.STORY
        await connection.execute(t.personal_text.update().where(of_story).values(text=None))

    assert await told_on(told, FRIDAY) == [None]
