from datetime import time, timedelta
from functools import partial
from uuid import uuid4

import pytest
from sqlalchemy import update

from domain import events as ev
from domain.identity import GATE_ROLES, Role
from infra.store import tables as t
from infra.store.engine import Store
from infra.store.registers import data_keys, documents, people, texts
from infra.store.registers.course_ids import CourseIds
from infra.store.registers.documents import Document, DocumentKind
from infra.store.registers.people import Person
from infra.store.registers.texts import TextKind
from infra.temporal.keyring import KeyMissingError, StoreKeyring, WrappedKey
from rules.calendar.data import Hours
from tests.store.vocabulary import MONDAY, RecordedCourse


async def test_staged_text_is_read_by_its_id_and_unknown_ids_are_left_out(stored: RecordedCourse) -> None:
    note = await stored.stages(TextKind.NOTE)

    async with stored.store.municipality(stored.municipality) as connection:
        assert await texts.texts(connection, [note, uuid4()]) == {note: "words of note"}
        assert await texts.texts(connection, []) == {}


async def test_the_sweeper_takes_old_strays_everywhere_and_leaves_what_a_course_has(stored: RecordedCourse) -> None:
    elsewhere = RecordedCourse(stored.stores, "6997", now=MONDAY)
    stray, adopted = await stored.stages(), await stored.stages()
    stray_elsewhere = await elsewhere.stages()
    await stored.starts(citizen_text=adopted)
    stored.now = MONDAY + timedelta(hours=1)
    young = await stored.stages()

    swept = await texts.sweep(stored.stores.worker, MONDAY + timedelta(hours=1))

    assert swept >= 2
    assert await texts.sweep(stored.stores.worker, MONDAY + timedelta(hours=1)) == 0
    async with stored.store.municipality(stored.municipality) as connection:
        assert set(await texts.texts(connection, [stray, adopted, young])) == {adopted, young}
    async with stored.store.municipality(elsewhere.municipality) as connection:
        assert await texts.texts(connection, [stray_elsewhere]) == {}


async def test_an_id_of_a_course_is_the_same_in_every_process_and_says_nothing_of_its_reference_without_the_key(
    stored: RecordedCourse,
) -> None:
    def ids(master_key: bytes) -> CourseIds:
        return CourseIds(stored.store, StoreKeyring(partial(data_keys.fetch, stored.store), master_key, "m1"))

    course = await ids(b"m" * 32).course_id("6990", "sag-1", 1)

    assert await ids(b"m" * 32).course_id("6990", "sag-1", 1) == course
    others = [("6990", "sag-1", 2), ("6990", "sag-2", 1), ("6991", "sag-1", 1)]
    assert course not in [await ids(b"m" * 32).course_id(*other) for other in others]
    with pytest.raises(KeyMissingError):
        await ids(b"x" * 32).course_id("6990", "sag-1", 1)


async def test_the_first_data_key_of_a_course_stays(stored: RecordedCourse) -> None:
    async with stored.store.municipality(stored.municipality) as connection:
        await data_keys.ensure(connection, stored.course, WrappedKey("any", "m1", b"first"))
        await data_keys.ensure(connection, stored.course, WrappedKey("any", "m2", b"second"))

    assert await data_keys.fetch(stored.store, str(stored.course)) == WrappedKey(str(stored.course), "m1", b"first")


async def test_a_data_key_that_the_owner_of_the_tables_destroyed_is_gone_for_ever(
    stored: RecordedCourse, owner: Store
) -> None:
    async with stored.store.municipality(stored.municipality) as connection:
        await data_keys.ensure(connection, stored.course, WrappedKey("any", "m1", b"first"))
    async with owner.municipality(stored.municipality) as connection:
        key = t.data_key.c.course_id == stored.course
        await connection.execute(update(t.data_key).where(key).values(wrapped=None, erased_at=MONDAY))
    async with stored.store.municipality(stored.municipality) as connection:
        await data_keys.ensure(connection, stored.course, WrappedKey("any", "m1", b"second"))

    result = await data_keys.fetch(stored.store, str(stored.course))

    assert result == WrappedKey(str(stored.course), "m1", b"", erased=True)


async def test_a_document_is_kept_by_its_hash_and_never_changed(store: Store, municipality: str) -> None:
    sha256 = "b" * 64
    async with store.municipality(municipality) as connection:
        await documents.put(connection, DocumentKind.RULESET, "jobfirst", {"steps": ["intake"]}, sha256)
        await documents.put(connection, DocumentKind.RULESET, "jobfirst", {"steps": []}, sha256)
        result = await documents.get(connection, sha256)

    assert result == Document(sha256=sha256, kind=DocumentKind.RULESET, name="jobfirst", body={"steps": ["intake"]})


async def test_the_default_documents_are_read_by_all_and_those_of_others_by_nobody(
    store: Store, municipality: str
) -> None:
    default, others = uuid4().hex, uuid4().hex
    async with store.municipality("default") as connection:
        await documents.put(connection, DocumentKind.CALENDAR, "closed days", {"days": []}, default)
    async with store.municipality("6996") as connection:
        await documents.put(connection, DocumentKind.CALENDAR, "closed days", {"days": []}, others)

    async with store.municipality(municipality) as connection:
        result = await documents.get(connection, default)
        assert await documents.get(connection, others) is None
        await documents.put(connection, DocumentKind.CALENDAR, "closed days", {"days": []}, default)
        assert await documents.get(connection, default) == result

    assert result is not None
    assert result.name == "closed days"


async def test_a_person_is_read_as_written_last(store: Store, municipality: str) -> None:
    anna = Person(
        person_id="anna",
        name="Anna Æble",
        email="anna@example.org",
        phone="+45 98 00 00 01",
        roles=(Role.CASEWORKER, Role.SUPERVISOR),
        unit="job",
        employer="Aktør A/S",
        language="en",
        working_days=(1, 2, 4),
        working_hours={4: Hours(opens=time(8, 30), closes=time(12))},
        updated_at=MONDAY,
    )
    async with store.municipality(municipality) as connection:
        await people.put(connection, Person(person_id="anna", name="A", unit="other", updated_at=MONDAY))
        await people.put(connection, anna)
        assert await people.get(connection, "anna") == anna
        assert await people.get(connection, "bo") is None
        assert await people.roles_of(connection, "anna") == (Role.CASEWORKER, Role.SUPERVISOR)
        assert await people.roles_of(connection, "bo") == ()


async def test_people_are_found_by_role_and_unit(store: Store, municipality: str) -> None:
    async with store.municipality(municipality) as connection:
        for name, role, unit in (
            ("sara", Role.SUPERVISOR, "job"),
            ("bo", Role.COMPANY_CONSULTANT, "job"),
            ("siv", Role.SUPERVISOR, "youth"),
        ):
            await people.put(connection, Person(person_id=name, name=name, roles=(role,), unit=unit, updated_at=MONDAY))
        first = await people.find(connection, 2)
        rest = await people.find(connection, 2, first.next)
        supervisors = await people.find(connection, 9, role=Role.SUPERVISOR)
        of_job = await people.find(connection, 9, role=Role.SUPERVISOR, unit="job")

    result = [[person.person_id for person in page.items] for page in (first, rest, supervisors, of_job)]
    assert result == [["bo", "sara"], ["siv"], ["sara", "siv"], ["sara"]]


async def test_the_other_open_courses_of_each_person_are_counted_by_role(stored: RecordedCourse) -> None:
    await stored.starts()
    others = [RecordedCourse(stored.stores, stored.municipality, reference=f"sag-{n}") for n in (2, 3, 4)]
    paused, closed, handed_over = [await other.starts() for other in others]
    await paused.does(ev.CoursePaused(at=MONDAY, by="anna", since=MONDAY, reason=await paused.stages()))
    await closed.does(ev.CourseCompleted(at=MONDAY, by="@fodslag", outcome="ordinary_job"))
    await handed_over.does(handed_over.assigned(Role.CASEWORKER, person="bo"))
    await RecordedCourse(stored.stores, "6995").starts()

    both = {"anna", "bo"}
    async with stored.store.municipality(stored.municipality) as connection:
        held = await people.caseloads(connection, both, GATE_ROLES, stored.course)
        of_anna = await people.caseloads(connection, {"anna"}, [Role.CASEWORKER], uuid4())

    assert held == {
        (Role.CASEWORKER, "anna"): 1,
        (Role.CASEWORKER, "bo"): 1,
        (Role.COMPANY_CONSULTANT, "bo"): 2,
    }
    assert of_anna == {(Role.CASEWORKER, "anna"): 2}
