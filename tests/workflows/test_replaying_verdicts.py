"""Every verdict in the store is given again, or what is another, erased or unknown is named (P8)."""

import json
from typing import Any

import pytest

from cli.replaying import Replay, ReplayedCourse, UnlikeVerdict
from domain import commands as cmd
from domain.model import canonical
from infra.documents.cache import UnknownDocumentError
from infra.documents.rulebooks import Rulebooks
from rules.engine.book import Book
from rules.loading.library import from_canonical
from rules.proving.replaying import Part
from tests.domain.vocabulary import ANNA, BO
from tests.replay.courses import both_acknowledge
from tests.workflows.restored import compared, store_forgets_the_last
from tests.workflows.vocabulary import Stack


class OtherEngine(Rulebooks):
    """The rules as an engine would have them that took a requirement for its opposite."""

    async def book(self, municipality: str, sha256: str) -> Book:
        """Return the rules with a hash, otherwise than they are written."""
        document = json.loads((await super().book(municipality, sha256)).rule_set.canonical)
        (asked,) = (each for each in document["steps"][0]["requirements"] if each["id"] == "wish_heard")
        asked["must"] = {"not": asked["must"]}
        return Book(from_canonical(canonical(document)))


class WithoutRules(Rulebooks):
    """The rules of an installation that has lost them."""

    async def book(self, municipality: str, sha256: str) -> Book:  # noqa: ARG002 - The name of what it overrides.
        """Find nothing."""
        raise UnknownDocumentError(sha256)


async def replayed(stack: Stack, *named: str, rules: type[Rulebooks] = Rulebooks) -> dict[str, ReplayedCourse]:
    """Return what comes of a replay, by reference."""
    rulebooks = rules(stack.store, stack.cache / "rules")
    replay = Replay(stack.store, rulebooks, stack.activities.calendars, stack.municipality)
    return {course.reference: course async for course in replay.replayed(await replay.courses(named))}


async def test_every_verdict_of_a_life_is_given_again(stack: Stack) -> None:
    async with stack.working():
        course = await stack.started()
        await course.completes_intake()
        await both_acknowledge(course)
        await course.reports("visit")
        await stack.started("case-2")

        (one, other) = (await replayed(stack)).values()

        assert one.verdicts > other.verdicts > 0
        assert (one.is_same, one.erased, other.is_same, other.erased) == (True, (), True, ())


async def test_a_store_that_was_restored_and_mended_is_replayed_in_both_its_lines(stack: Stack) -> None:
    async with stack.working():
        course = await stack.started()
        await course.does(cmd.ReportFacts, ANNA, facts={"goal_paid_hours": 12})
        before = (await replayed(stack))["case-1"]
        await store_forgets_the_last(course)
        await compared(stack, mend=True)
        await course.does(cmd.ReportFacts, ANNA, facts={"goal_paid_hours": 14})

        after = (await replayed(stack))["case-1"]

        assert after.verdicts > before.verdicts
        assert (after.is_same, after.erased) == (True, ())


async def test_a_verdict_that_would_be_another_is_told_with_revision_requirement_was_and_would_be(stack: Stack) -> None:
    async with stack.working():
        course = await stack.started()

        (one,) = (await replayed(stack, rules=OtherEngine)).values()

        unlike = UnlikeVerdict(
            revision=1, visit=1, part=Part.OUTCOME, requirement="wish_heard", was="unmet", would_be="met"
        )
        assert (one.course, one.reference) == (course.id, "case-1")
        assert unlike in one.differ
        assert not one.is_same


async def test_what_was_erased_is_named_and_is_no_failure(stack: Stack) -> None:
    async with stack.working():
        course = await stack.started()
        await course.does(cmd.ReportFacts, BO, facts={"goal_paid_hours": 12})
        fact = next(fact.id for fact in (await course.state()).facts if fact.fact == "goal_paid_hours")
        reason = await stack.stage("another citizen")
        await course.does(cmd.RetractFact, ANNA, fact=fact, reason=reason, wrong_citizen=True)

        (one,) = (await replayed(stack)).values()

        assert one.is_same
        assert one.erased


async def test_rules_that_are_nowhere_are_named_by_their_hash(stack: Stack) -> None:
    async with stack.working():
        course = await stack.started()
        rules = (await course.stored()).rules

        (one,) = (await replayed(stack, rules=WithoutRules)).values()

        assert rules is not None
        assert (one.unknown, one.is_same) == ((rules.sha256,), False)


@pytest.mark.parametrize("name", ["reference", "id"])
async def test_some_courses_are_replayed_by_reference_or_id(stack: Stack, name: str) -> None:
    async with stack.working():
        course: Any = await stack.started("case-1")
        await stack.started("case-2")

        assert [*await replayed(stack, str(getattr(course, name)))] == ["case-1"]
