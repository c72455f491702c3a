from uuid import UUID, uuid4

import pytest
from sqlalchemy import ColumnElement, event, literal_column, select

from domain import commands as cmd
from domain import events as ev
from domain.identity import Role, course_id
from domain.state.facts import Note
from infra.store import tables as t
from infra.store.courses import record
from infra.store.engine import Store, create_engine
from infra.store.errors import CommandRecordedError, ContentMissingError, ForkError
from infra.store.registers.texts import ContentKind
from standalone.postgres import PostgresServer
from tests.store.vocabulary import ANNA, MONDAY, P_NUMBER_FACTS, STANDING, RecordedCourse


async def test_a_recorded_course_is_read_back_as_it_was(telling: RecordedCourse) -> None:
    await telling.starts(telling.waits(telling.waiting("1/decision")))

    async with telling.store.municipality(telling.municipality) as connection:
        assert await record.snapshot(connection, telling.course) == telling.state
        entered = await record.enter(connection, telling.municipality, telling.course, uuid4())
        assert entered == record.Entered(record.Head(1, 1, "digest 1"), None, None)
        assert await record.digest_at(connection, telling.course, 1, 1) == "digest 1"
        assert await record.digest_at(connection, telling.course, 2, 1) is None


async def test_a_course_that_nobody_started_has_no_head_and_no_snapshot(telling: RecordedCourse) -> None:
    async with telling.store.municipality(telling.municipality) as connection:
        entered = await record.enter(connection, telling.municipality, telling.course, uuid4())
        assert entered.head is None
        assert await record.snapshot(connection, telling.course) is None


async def test_earlier_revisions_stay_readable(telling: RecordedCourse) -> None:
    await telling.starts()
    first = telling.state
    await telling.does(telling.issued(1, 1))

    async with telling.store.municipality(telling.municipality) as connection:
        assert await record.snapshot_at(connection, telling.course, 1) == first
        assert await record.snapshot_at(connection, telling.course, 3) is None


async def test_a_command_that_was_recorded_is_answered_as_the_first_time(telling: RecordedCourse) -> None:
    entry = await telling.does(*telling.start())

    async with telling.store.municipality(telling.municipality) as connection:
        found = await record.recorded(connection, telling.course, entry.command.id)
        other = await record.recorded(connection, telling.course, uuid4())

    assert found == record.RecordedCommand("brief_now", "body", 1, {"revision": 1})
    assert other is None


async def test_the_same_command_has_its_effect_once(telling: RecordedCourse) -> None:
    entry = await telling.does(*telling.start())

    with pytest.raises(CommandRecordedError):
        await telling.does(telling.issued(1, 1), command=entry.command)

    assert (await telling.rows(t.visit))["visit"][0]["version"] == 0


async def test_a_refusal_leaves_nothing_but_its_answer(telling: RecordedCourse) -> None:
    command = cmd.BriefNow(id=uuid4(), actor=ANNA, digest="body")
    async with telling.store.municipality(telling.municipality) as connection:
        await record.record_refusal(connection, telling.course, command, {"refused": ["x"]}, 0, MONDAY)

    with pytest.raises(CommandRecordedError):
        async with telling.store.municipality(telling.municipality) as connection:
            await record.record_refusal(connection, telling.course, command, {}, 0, MONDAY)

    async with telling.store.municipality(telling.municipality) as connection:
        found = await record.recorded(connection, telling.course, command.id)
    assert found == record.RecordedCommand("brief_now", "body", 0, {"refused": ["x"]})
    assert await telling.rows(t.course, t.revision, t.journal) == {"course": [], "revision": [], "journal": []}


async def test_two_histories_of_one_course_do_not_mix(telling: RecordedCourse) -> None:
    await telling.starts()
    other = telling.entry(telling.issued(1, 1))
    await telling.does(telling.assigned(Role.CASEWORKER, person="carl"))
    before = await telling.rows(*STANDING)

    with pytest.raises(ForkError):
        async with telling.store.municipality(telling.municipality) as connection:
            await record.record(connection, other)

    assert await telling.rows(*STANDING) == before


async def test_two_histories_of_the_same_length_do_not_mix(telling: RecordedCourse) -> None:
    await telling.starts()
    telling.state = telling.state.model_copy(update={"digest": "of another history"})

    with pytest.raises(ForkError):
        await telling.does(telling.issued(1, 1))


async def test_a_writer_who_has_not_heard_that_the_store_was_mended_is_a_fork(telling: RecordedCourse) -> None:
    await telling.starts()
    before_mending = telling.state
    async with telling.store.municipality(telling.municipality) as connection:
        await record.rewrite(connection, before_mending.model_copy(update={"epoch": 2}), MONDAY, P_NUMBER_FACTS)

    with pytest.raises(ForkError):
        await telling.does(telling.issued(1, 1))


async def test_a_course_is_started_once(telling: RecordedCourse) -> None:
    again = telling.entry(*telling.start())
    await telling.starts()

    with pytest.raises(ForkError):
        async with telling.store.municipality(telling.municipality) as connection:
            await record.record(connection, again)


async def test_a_revision_that_the_store_already_has_is_a_fork(telling: RecordedCourse) -> None:
    await telling.starts()
    async with telling.store.municipality(telling.municipality) as connection:
        with pytest.raises(ForkError):
            await record.rewrite(connection, telling.state, MONDAY, P_NUMBER_FACTS)


async def test_a_citizen_who_returns_has_a_course_that_follows_the_first(telling: RecordedCourse) -> None:
    telling.ordinal = 2
    telling.__post_init__()
    await telling.starts(citizen_key="hash")

    row = (await telling.rows(t.course))["course"][0]

    assert row["follows"] == course_id(telling.municipality, "sag-1", 1)
    assert row["citizen_key"] == "hash"


async def test_both_receipts_of_a_visit_are_kept_when_the_second_lets_it_be_left(telling: RecordedCourse) -> None:
    await telling.starts(telling.issued(1, 1))
    await telling.does(telling.acknowledged(1, 1, Role.CASEWORKER, "anna"))
    await telling.does(
        telling.acknowledged(1, 1, Role.COMPANY_CONSULTANT, "bo"), telling.left(1), telling.entered(2, "trial")
    )

    rows = await telling.rows(t.receipt, t.visit)

    assert [(row["role"], row["person"]) for row in rows["receipt"]] == [
        ("caseworker", "anna"),
        ("company_consultant", "bo"),
    ]
    assert [(row["version"], row["issued_at"], row["left_at"]) for row in rows["visit"]] == [
        (1, MONDAY, MONDAY),
        (0, None, None),
    ]


async def test_receipts_of_an_outdated_version_stay_beside_those_of_the_new_one(telling: RecordedCourse) -> None:
    await telling.starts(telling.issued(1, 1), telling.acknowledged(1, 1, Role.CASEWORKER, "anna"))
    await telling.does(telling.issued(1, 2), telling.acknowledged(1, 2, Role.CASEWORKER, "anna"))

    rows = await telling.rows(t.receipt)

    assert [(row["version"], row["person"]) for row in rows["receipt"]] == [(1, "anna"), (2, "anna")]


async def test_a_hand_over_removes_the_receipt_it_makes_void(telling: RecordedCourse) -> None:
    await telling.starts(telling.issued(1, 1), telling.acknowledged(1, 1, Role.CASEWORKER, "anna"))
    await telling.does(telling.assigned(Role.CASEWORKER, person="carl"))

    assert await telling.rows(t.receipt) == {"receipt": []}


async def test_a_dispute_takes_the_place_of_an_acknowledgement(telling: RecordedCourse) -> None:
    await telling.starts(telling.issued(1, 1), telling.acknowledged(1, 1, Role.CASEWORKER, "anna"))
    reason = await telling.stages()
    dispute = ev.BriefingDisputed(
        at=MONDAY, by="anna", visit=1, version=1, roles=(Role.CASEWORKER,), person="anna", reason=reason
    )
    await telling.does(dispute)

    row = (await telling.rows(t.receipt))["receipt"][0]

    assert (row["acknowledged_at"], row["disputed_at"], row["acted_by"]) == (None, MONDAY, "anna")


async def test_the_course_says_what_it_waits_for_since_when_and_until_when(telling: RecordedCourse) -> None:
    await telling.starts(
        telling.waits(telling.waiting("a", days=9), telling.waiting("b", days=2, stalled=True), ahead=("trial",))
    )
    row = (await telling.rows(t.course))["course"][0]
    assert (row["waiting_since"], row["due_at"]) == (MONDAY, telling.waiting("b", days=2).until)
    assert (row["stalled"], row["ahead"], row["steps"]) == (True, True, ["intake"])

    await telling.does(telling.waits(ended=["b"]))

    row = (await telling.rows(t.course))["course"][0]
    assert (row["stalled"], row["ahead"], row["due_at"]) == (False, False, telling.waiting("a", days=9).until)


async def test_staged_text_is_adopted_by_the_events_that_name_it(telling: RecordedCourse) -> None:
    name = await telling.stages(ContentKind.CITIZEN_NAME)
    note, reason = await telling.stages(ContentKind.NOTE), await telling.stages()
    await telling.starts(citizen_text=name)
    await telling.does(
        ev.NoteAdded(at=MONDAY, by="anna", note=_note(note)),
        ev.NoteRetracted(at=MONDAY, by="anna", note=note, reason=reason),
    )

    rows = (await telling.rows(t.content))["content"]

    assert {row["content_id"] for row in rows} == {name, note, reason}
    assert {row["adopted_at"] for row in rows} == {MONDAY}


async def test_text_that_was_never_staged_stops_the_command(telling: RecordedCourse) -> None:
    await telling.starts()
    missing = uuid4()

    with pytest.raises(ContentMissingError) as caught:
        await telling.does(ev.NoteAdded(at=MONDAY, by="anna", note=_note(missing)))

    assert caught.value.missing == {missing}
    assert telling.state.revision == 1


async def test_one_course_does_not_adopt_the_text_of_another(telling: RecordedCourse) -> None:
    note = await telling.stages(ContentKind.NOTE)
    await telling.starts(ev.NoteAdded(at=MONDAY, by="anna", note=_note(note)))
    other = RecordedCourse(telling.store, telling.municipality, reference="sag-2")

    with pytest.raises(ContentMissingError):
        await other.starts(ev.NoteAdded(at=MONDAY, by="anna", note=_note(note)))


async def test_a_plain_acknowledgement_takes_few_statements(telling: RecordedCourse, postgres: PostgresServer) -> None:
    await telling.starts(telling.issued(1, 1), telling.waits(telling.waiting("1/acknowledgement")))
    engine = create_engine(postgres.url)
    statements: list[str] = []
    event.listen(engine.sync_engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    entry = telling.entry(
        telling.acknowledged(1, 1, Role.COMPANY_CONSULTANT, "bo"), telling.waits(ended=["1/acknowledgement"])
    )

    async with Store(engine).anywhere() as connection:
        await record.enter(connection, telling.municipality, telling.course, entry.command.id)
        await record.record(connection, entry)

    await engine.dispose()
    assert len(statements) <= 7, statements


async def test_rows_that_a_command_leaves_alone_are_not_written(telling: RecordedCourse) -> None:
    await telling.starts(telling.waits(telling.waiting("a"), telling.waiting("b")))
    before = await _written_by(telling)
    await telling.does(telling.waits(telling.waiting("b", days=5)))

    after = await _written_by(telling)

    assert after["a"] == before["a"]
    assert after["b"] != before["b"]


async def _written_by(telling: RecordedCourse) -> dict[str, str]:
    """Return which transaction wrote each wait."""
    async with telling.store.municipality(telling.municipality) as connection:
        written_by: ColumnElement[str] = literal_column("xmin::text").label("written_by")
        statement = select(t.waiting.c.key, written_by).where(t.waiting.c.course_id == telling.course)
        return {row.key: row.written_by for row in await connection.execute(statement)}


def _note(note: UUID) -> Note:
    return Note(id=note, kind="resource", by="anna", by_roles=(Role.CASEWORKER,), at=MONDAY, visit=1)
