"""What was of another citizen is gone from everything the store keeps, and no restored part brings it back (P10)."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from domain import commands as cmd
from domain.state.course import CourseState
from domain.state.facts import Fact, Removal
from infra.store import tables as t
from infra.store.registers import texts
from infra.store.registers.texts import TextKind
from tests.domain.vocabulary import ANNA, add_note
from tests.workflows.vocabulary import RunningCourse, Stack, after, applied

HOURS = 31
SECRET = "Noget om en helt anden borger."


async def stored_values(course: RunningCourse) -> list[Any]:
    """Return every document the store keeps of a course."""
    async with course.stack.store.municipality(course.stack.municipality) as connection:
        cells: list[Any] = []
        for column in (t.journal.c.detail, t.revision.c.snapshot):
            cells += await connection.scalars(select(column).where(column.table.c.course_id == course.id))
    return cells


def values(document: Any) -> list[Any]:
    """Return every `value` in a document, however deep."""
    if isinstance(document, list):
        return [value for part in document for value in values(part)]
    if not isinstance(document, dict):
        return []
    own = [document["value"]] if "value" in document else []
    return own + [value for part in document.values() for value in values(part)]


def wrong_fact(state: CourseState) -> Fact:
    return next(fact for fact in state.facts if fact.value == HOURS)


async def text_of(course: RunningCourse, note: UUID) -> str | None:
    async with course.stack.store.municipality(course.stack.municipality) as connection:
        return (await texts.texts(connection, [note])).get(note)


async def test_a_fact_is_gone_from_journal_snapshots_and_every_version_of_the_briefing(stack: Stack) -> None:
    async with stack.working():
        course = await stack.started()
        await course.completes_intake()
        await course.does(cmd.ReportFacts, ANNA, facts={"goal_paid_hours": HOURS})
        assert HOURS in values(await stored_values(course))
        fact, reason = wrong_fact(await course.state()).id, await stack.stage("wrong citizen")

        answer = await course.does(cmd.RetractFact, ANNA, fact=fact, reason=reason, wrong_citizen=True)

        assert not answer.refused
        assert HOURS not in values(await stored_values(course))
        assert await course.state() == await course.stored()


async def test_a_statement_that_counts_no_more_is_gone_too_and_stays_so(stack: Stack) -> None:
    async with stack.working():
        course = await stack.started()
        await course.does(cmd.ReportFacts, ANNA, facts={"goal_paid_hours": HOURS})
        fact, reason = wrong_fact(await course.state()), await stack.stage("wrong citizen")
        await course.does(cmd.RetractFact, ANNA, fact=fact.id, reason=reason)
        assert HOURS in values(await stored_values(course))

        reason = await stack.stage("wrong citizen")
        await course.does(cmd.RemoveFact, ANNA, fact=fact.id, name=fact.fact, reason=reason)
        await course.does(cmd.ReportFacts, ANNA, facts={"search_together": True})

        assert HOURS not in values(await stored_values(course))


async def test_a_note_s_text_is_erased_and_the_course_goes_on(stack: Stack) -> None:
    async with stack.working():
        course = await stack.started()
        note = await stack.stage(SECRET, TextKind.NOTE)
        await course.does(add_note, ANNA, note=note, note_kind="barrier")
        assert await text_of(course, note) == SECRET
        reason = await stack.stage("wrong citizen")

        await course.does(cmd.RetractNote, ANNA, note=note, reason=reason, wrong_citizen=True)

        assert await text_of(course, note) is None
        assert not (await course.does(cmd.ReportFacts, ANNA, facts={"search_together": True})).refused


async def test_a_store_restored_from_before_the_removal_loses_it_again(stack: Stack) -> None:
    course = await stack.new_course()
    state = CourseState(course=course.id, municipality=stack.municipality)
    state = after(state, await applied(stack, state, course.start()))
    report = course.command(cmd.ReportFacts, ANNA, facts={"goal_paid_hours": HOURS})
    restored = after(state, await applied(stack, state, report))
    fact = wrong_fact(restored)
    place = {"revision": restored.revision + 1, "digest": "of a later day"}
    others = tuple(f for f in restored.facts if f.id != fact.id)
    ahead = restored.model_copy(update={**place, "facts": others, "removed": (Removal(entry=fact.id, by="anna"),)})
    assert HOURS in values(await stored_values(course))

    await applied(stack, ahead, course.command(cmd.ReportFacts, ANNA, facts={"search_together": True}))

    assert HOURS not in values(await stored_values(course))


async def test_a_workflow_restored_from_before_the_removal_does_not_bring_it_back(stack: Stack) -> None:
    course = await stack.new_course()
    state = CourseState(course=course.id, municipality=stack.municipality)
    state = after(state, await applied(stack, state, course.start()))
    report = course.command(cmd.ReportFacts, ANNA, facts={"goal_paid_hours": HOURS})
    restored = after(state, await applied(stack, state, report))
    reason = await stack.stage("wrong citizen")
    fact = wrong_fact(restored).id
    removal = course.command(cmd.RetractFact, ANNA, fact=fact, reason=reason, wrong_citizen=True)
    await applied(stack, restored, removal)

    result = await applied(stack, restored, course.command(cmd.ReportFacts, ANNA, facts={"search_together": True}))

    assert result.adopted is not None
    assert HOURS not in values(await stored_values(course))
    assert fact not in {remaining.id for remaining in (await course.stored()).facts}
