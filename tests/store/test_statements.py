"""A statement is found as it stood, also when it counts no more (P10)."""

from uuid import uuid4

from domain import events as ev
from infra.store.queries import journal
from tests.store.vocabulary import RecordedCourse


async def test_a_statement_is_found_as_it_stood_when_it_was_taken_back(stored: RecordedCourse) -> None:
    await stored.starts()
    await stored.does(stored.reported("stopped_by", "company", "trial"))
    await stored.does(stored.left(1, 1, "trial"), stored.entered(2, "trial"))
    (fact,) = stored.state.facts
    assert fact.visit == 2
    for _again in range(2):
        await stored.does(ev.FactRetracted(at=stored.now, by="anna", fact=fact.id, reason=await stored.stages()))

        async with stored.store.municipality(stored.municipality) as connection:
            assert await journal.statement(connection, stored.course, fact.id) == fact
            assert set(await journal.facts_taken_back(connection, stored.course)) == {fact.id}


async def test_what_a_course_never_said_is_not_found(stored: RecordedCourse) -> None:
    await stored.starts(stored.reported("stopped_by", "company", "trial"))

    async with stored.store.municipality(stored.municipality) as connection:
        assert await journal.statement(connection, stored.course, uuid4()) is None
