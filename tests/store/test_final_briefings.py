"""Versions that are used up come as `briefing.final`, each once, whatever else happens to their visit (P7)."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from domain import events as ev
from domain.identity import Role
from infra.store.queries.feed import FeedEntry, FeedFilter
from infra.store.queries.final_briefings import FINAL, used_up
from tests.store.vocabulary import MONDAY, Follower, RecordedCourse

ONLY_FINALS = FeedFilter(kinds=frozenset({FINAL}))


def branched(stored: RecordedCourse, visit: int, version: int) -> ev.VisitBranched:
    return ev.VisitBranched(at=stored.now, by="@fodslag", visit=visit, version=version, to=("trial",))


async def finals(stored: RecordedCourse) -> list[tuple[int | None, int]]:
    """Return the visit and version of every final briefing in the feed."""
    entries = await Follower(stored, wanted=ONLY_FINALS).looks()
    return [(entry.visit, entry.final.version) for entry in entries if entry.final]


@pytest.fixture
async def informed(stored: RecordedCourse) -> RecordedCourse:
    """A course of which both roles have acknowledged the second version."""
    stored = await stored.starts(stored.issued(1, 1), stored.acknowledged(1, 1, Role.CASEWORKER, "anna"))
    await stored.does(
        stored.issued(1, 2),
        stored.acknowledged(1, 2, Role.CASEWORKER, "anna"),
        stored.acknowledged(1, 2, Role.COMPANY_CONSULTANT, "bo", by="sara"),
    )
    return stored


async def test_a_version_by_which_a_visit_is_left_is_told_behind_the_leaving(informed: RecordedCourse) -> None:
    await informed.does(informed.left(1, 2, "trial"), informed.entered(2, "trial"))

    entries = await Follower(informed).looks()

    leaving, final, entering = entries[-3:]
    assert [entry.kind for entry in (leaving, entering)] == ["visit_left", "visit_entered"]
    assert leaving.final is None
    assert final.final is not None
    assert (final.final.step, final.final.ordinal, final.final.version) == ("intake", 1, 2)
    assert final.final.digest == "v2"
    assert {(receipt.role, receipt.person, receipt.by) for receipt in final.final.receipts} == {
        (Role.CASEWORKER, "anna", "anna"),
        (Role.COMPANY_CONSULTANT, "bo", "sara"),
    }
    assert final.final.missing == ()


async def test_a_reader_who_stops_at_the_leaving_is_told_the_version_next(informed: RecordedCourse) -> None:
    await informed.does(informed.left(1, 2, "trial"), informed.entered(2, "trial"))
    whole = await Follower(informed).looks()

    one_by_one = await Follower(informed, limit=1).looks()

    assert one_by_one == whole
    places = [entry.place for entry in whole]
    assert places == sorted(set(places))


async def test_each_version_is_told_once_however_often_it_is_used_up(informed: RecordedCourse) -> None:
    await informed.does(branched(informed, 1, 2), informed.entered(2, "trial"))
    await informed.does(informed.left(1, 2, "trial"))
    await informed.does(ev.VisitReopened(at=informed.now, by="anna", visit=1, reason=await informed.stages()))
    await informed.does(informed.issued(1, 3), informed.left(1, 3, "trial"))

    assert await finals(informed) == [(1, 2), (1, 3)]


async def test_a_visit_that_closes_without_a_briefing_has_none_to_tell(informed: RecordedCourse) -> None:
    await informed.does(informed.left(1, 2), informed.entered(2, "trial"))
    await informed.does(informed.left(2, 0))

    assert await finals(informed) == [(1, 2)]


async def test_who_was_not_informed_when_the_course_closed_at_another_visit_is_missing(
    stored: RecordedCourse,
) -> None:
    await stored.starts(stored.issued(1, 1), stored.acknowledged(1, 1, Role.CASEWORKER, "anna"))
    await stored.does(stored.left(1, 1))

    (entry,) = await Follower(stored, wanted=ONLY_FINALS).looks()

    assert entry.final is not None
    assert entry.final.missing == (Role.COMPANY_CONSULTANT,)


async def test_receipts_stand_as_they_stood_although_the_role_is_handed_over(informed: RecordedCourse) -> None:
    await informed.does(informed.left(1, 2, "trial"), informed.entered(2, "trial"))
    before = await Follower(informed, wanted=ONLY_FINALS).looks()

    await informed.does(informed.assigned(Role.CASEWORKER, person="carl"))

    assert await Follower(informed, wanted=ONLY_FINALS).looks() == before


async def test_each_course_of_a_page_has_its_own_versions(informed: RecordedCourse) -> None:
    other = await RecordedCourse(informed.stores, informed.municipality, reference="sag-2").starts(
        informed.issued(1, 1)
    )
    await informed.does(informed.left(1, 2, "trial"))
    await other.does(other.left(1, 1))

    entries: list[FeedEntry] = await Follower(informed, wanted=ONLY_FINALS).looks()

    versions = {entry.reference: entry.final.version for entry in entries if entry.final}
    assert versions == {"sag-1": 2, "sag-2": 1}


async def test_of_an_erased_leaving_nothing_final_is_told(informed: RecordedCourse) -> None:
    await informed.does(informed.left(1, 2, "trial"))
    async with informed.stores.worker.municipality(informed.municipality) as connection:
        await connection.execute(text("UPDATE journal SET detail = NULL"))

    assert await finals(informed) == []
    assert [entry.kind for entry in await Follower(informed).looks()][-1] == "visit_left"


async def test_a_version_is_used_up_when_it_first_was(informed: RecordedCourse) -> None:
    await informed.does(branched(informed, 1, 2))
    informed.now = MONDAY + timedelta(days=1)
    await informed.does(informed.left(1, 2))

    async with informed.store.municipality(informed.municipality) as connection:
        assert await used_up(connection, informed.course, 1) == {2: MONDAY}
        assert await used_up(connection, informed.course, 2) == {}
