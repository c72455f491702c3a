"""Companies and workplaces: what one course learns the next one knows, and who is where is told by the facts."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from domain import events as ev
from domain.state.bounds import MAX_VISITS
from domain.state.course import CourseState
from infra.store import tables as t
from infra.store.courses import record
from infra.store.queries import course_list
from infra.store.queries.course_filter import CourseFilter
from infra.store.queries.course_list import Sort
from infra.store.queries.workplaces import WorkplaceVisit, workplace_visits
from infra.store.registers import companies
from infra.store.registers.companies import (
    Company,
    CompanyDetails,
    Contact,
    Opportunity,
    OtherVersionError,
    Ratio,
    UnseenError,
    Write,
)
from tests.store.vocabulary import BY_RULES, MONDAY, WHOLE_MUNICIPALITY, RecordedCourse

HERE, THERE = "1000000001", "1000000002"
NURSERY = CompanyDetails(
    cvr="10000009",
    name="Nordgartneriet",
    address="Havevej 1, 9000 Aalborg",
    contacts=(Contact(name="Grethe Eksempel", phone="98 00 00 00"),),
    opportunities=(
        Opportunity(text="Potter om", tasks=("plante",), hours=Decimal("7.5"), since=MONDAY.date(), by="bo"),
    ),
    ratios=(Ratio(month=MONDAY.date().replace(day=1), ordinary_fte=Decimal("12.50"), supported_fte=Decimal(2)),),
)


async def put(
    stored: RecordedCourse, details: CompanyDetails = NURSERY, seen: int | None = None, p_number: str = HERE
) -> Company:
    """Write a company as Bo does."""
    async with stored.store.municipality(stored.municipality) as connection:
        write = Write(None if seen is None else (seen,), stored.now, "bo")
        return await companies.put(connection, p_number, details, write)


async def test_a_company_is_read_as_it_was_written(stored: RecordedCourse) -> None:
    written = await put(stored)

    async with stored.store.municipality(stored.municipality) as connection:
        result = await companies.get(connection, HERE)
        assert await companies.get(connection, THERE) is None
    assert result == written
    assert (written.details, written.version, written.changed_by, written.changed_at) == (NURSERY, 1, "bo", MONDAY)


async def test_nobody_writes_over_a_version_that_he_has_not_seen(stored: RecordedCourse) -> None:
    with pytest.raises(OtherVersionError) as never_written:
        await put(stored, seen=1)
    await put(stored)
    renamed = NURSERY.model_copy(update={"name": "Nordplanter"})
    await put(stored, renamed, seen=1)

    with pytest.raises(OtherVersionError) as outdated:
        await put(stored, NURSERY, seen=1)

    assert (never_written.value.current, outdated.value.current) == (None, 2)
    assert (await put(stored, renamed)).details == renamed
    with pytest.raises(UnseenError):
        await put(stored, NURSERY)


async def test_what_changes_nothing_makes_no_version_whatever_the_writer_has_seen(stored: RecordedCourse) -> None:
    first = await put(stored)
    stored.now += timedelta(days=1)

    assert await put(stored, seen=7) == first


async def test_two_who_make_a_company_at_once_wipe_nothing_of_each_other(stored: RecordedCourse) -> None:
    names = [NURSERY.model_copy(update={"name": f"Nr. {number}"}) for number in range(4)]

    answers = await asyncio.gather(*(put(stored, details) for details in names), return_exceptions=True)

    assert len([answer for answer in answers if isinstance(answer, UnseenError)]) == 3


async def test_parts_that_are_added_at_once_are_all_kept(stored: RecordedCourse) -> None:
    await put(stored)
    contacts = [Contact(name=f"Nr. {number}") for number in range(5)]

    async def add(contact: Contact) -> None:
        async with stored.store.municipality(stored.municipality) as connection:
            write = Write(None, stored.now, "bo")
            await companies.change(connection, HERE, lambda known: _and(known, contact), write)

    def _and(known: CompanyDetails, contact: Contact) -> CompanyDetails:
        return known.model_copy(update={"contacts": (*known.contacts, contact)})

    await asyncio.gather(*(add(contact) for contact in contacts))

    async with stored.store.municipality(stored.municipality) as connection:
        found = await companies.get(connection, HERE)
    assert found is not None
    assert set(contacts) <= set(found.contacts)
    assert found.version == 6


async def test_two_who_write_at_once_over_the_same_version_are_told_apart(stored: RecordedCourse) -> None:
    await put(stored)
    names = [NURSERY.model_copy(update={"name": f"Nr. {number}"}) for number in range(4)]

    answers = await asyncio.gather(*(put(stored, details, seen=1) for details in names), return_exceptions=True)

    assert len([answer for answer in answers if isinstance(answer, OtherVersionError)]) == 3


async def test_the_list_goes_on_after_the_last_one_and_finds_by_name_and_number(stored: RecordedCourse) -> None:
    for number, name in ((1, "Birk"), (2, "Birk"), (3, "Anemone"), (4, "Dild 100 %")):
        await put(stored, NURSERY.model_copy(update={"name": name}), p_number=f"100000000{number}")
    result: list[str] = []
    after = None
    async with stored.store.municipality(stored.municipality) as connection:
        while after or not result:
            page = await companies.find(connection, None, 1, after)
            result += [company.p_number[-1] for company in page.items]
            after = page.next
        by = {
            q: len((await companies.find(connection, q, 9)).items)
            for q in ("irK", "%", "1000", "00000003", "1000000003")
        }
        names = await companies.names(connection, ["1000000003", "1099999999"])

    assert result == ["3", "1", "2", "4"]
    assert by == {"irK": 2, "%": 1, "1000": 4, "00000003": 0, "1000000003": 1}
    assert names == {"1000000003": "Anemone"}


async def there(stored: RecordedCourse, p_number: str) -> Mapping[UUID, tuple[WorkplaceVisit, ...]]:
    """Return who is at a workplace."""
    async with stored.store.municipality(stored.municipality) as connection:
        listed = await course_list.courses(
            connection, WHOLE_MUNICIPALITY, CourseFilter(company=p_number), Sort.UPDATED_AT, 50
        )
        result = await workplace_visits(connection, p_number, [row.course_id for row in listed.items])
    assert result.keys() == {row.course_id for row in listed.items}
    return result


async def test_a_workplace_named_ahead_is_expected_and_then_visited_and_left(stored: RecordedCourse) -> None:
    await stored.starts(stored.reported("workplace", HERE, "trial"))
    expected = await there(stored, HERE)
    await stored.does(stored.left(1), stored.entered(2, "trial"))
    visited = await there(stored, HERE)
    await stored.does(stored.left(2))
    left = await there(stored, HERE)

    assert expected == {stored.course: (WorkplaceVisit(step="trial", visit=None, is_open=False),)}
    assert visited == {stored.course: (WorkplaceVisit(step="trial", visit=2, is_open=True),)}
    assert left == {stored.course: (WorkplaceVisit(step="trial", visit=2, is_open=False),)}


async def test_a_step_at_the_same_place_is_where_the_one_before_was_and_moves_with_it(stored: RecordedCourse) -> None:
    await stored.starts(stored.reported("workplace", HERE, "intake", 1))
    await stored.does(stored.left(1), stored.entered(2, "trial", follows=1))
    at_first = await there(stored, HERE)
    stored.now += timedelta(hours=1)
    await stored.does(stored.reported("workplace", THERE, "intake", 1))
    moved = await there(stored, THERE)

    visits = (
        WorkplaceVisit(step="intake", visit=1, is_open=False),
        WorkplaceVisit(step="trial", visit=2, is_open=True),
    )
    assert at_first == moved == {stored.course: visits}
    assert await there(stored, HERE) == {}


async def test_a_visit_that_is_withdrawn_was_nowhere(stored: RecordedCourse) -> None:
    await stored.starts(stored.reported("workplace", HERE, "intake", 1))
    await stored.does(stored.left(1), stored.entered(2, "trial", follows=1))
    await stored.does(
        ev.VisitWithdrawn(at=stored.now, by="anna", visit=2),
        ev.VisitReopened(at=stored.now, by="anna", visit=1, reason=await stored.stages()),
    )

    assert await there(stored, HERE) == {stored.course: (WorkplaceVisit(step="intake", visit=1, is_open=True),)}


async def test_a_course_is_where_the_newest_statement_says_and_nowhere_when_it_is_taken_back(
    stored: RecordedCourse,
) -> None:
    first = stored.reported("workplace", HERE, "intake", 1)
    await stored.starts(first)
    stored.now += timedelta(hours=1)
    second = stored.reported("workplace", THERE, "intake", 1)
    await stored.does(second)
    assert (await there(stored, HERE), len(await there(stored, THERE))) == ({}, 1)

    for report in (second, first):
        await stored.does(
            ev.FactRetracted(at=stored.now, by="bo", fact=report.facts[0].id, reason=await stored.stages())
        )

    assert (await there(stored, HERE), await there(stored, THERE)) == ({}, {})


async def test_a_workplace_that_is_contradicted_is_not_known(stored: RecordedCourse) -> None:
    by_system = stored.reported("workplace", THERE, "intake", 1, by_system=True)
    await stored.starts(stored.reported("workplace", HERE, "intake", 1), by_system)

    assert (await there(stored, HERE), await there(stored, THERE)) == ({}, {})


async def test_where_a_course_was_is_known_after_the_course_itself_has_forgotten_it(stored: RecordedCourse) -> None:
    await stored.starts(stored.reported("workplace", HERE, "trial"))
    for number in range(2, MAX_VISITS + 5):
        await stored.does(stored.entered(number, "trial", number), stored.left(number))

    assert stored.state.visit(2) is None
    assert await there(stored, HERE) == {stored.course: (WorkplaceVisit(step="trial", visit=2, is_open=False),)}


async def test_a_mended_store_knows_where_its_courses_are(stored: RecordedCourse) -> None:
    await stored.starts(stored.reported("workplace", HERE, "intake", 1))
    at_home = stored.state
    stored.state = stored.entry(stored.reported("workplace", THERE, "trial")).after

    await mend(stored, stored.state)

    assert [row["p_number"] for row in (await stored.rows(t.workplace))["workplace"]] == [THERE, HERE]
    await mend(stored, at_home.model_copy(update={"epoch": 3, "revision": 3}))
    assert [row["p_number"] for row in (await stored.rows(t.workplace))["workplace"]] == [HERE]


async def mend(stored: RecordedCourse, state: CourseState) -> None:
    """Write the course over the store's under a new epoch."""
    mended = state.model_copy(update={"epoch": state.epoch + 1})
    async with stored.stores.worker.municipality(stored.municipality) as connection:
        await record.rewrite(connection, mended, stored.now, BY_RULES)
