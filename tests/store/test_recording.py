from uuid import UUID, uuid4

import pytest
from sqlalchemy import ColumnElement, event, literal_column, select

from domain import commands as cmd
from domain import events as ev
from domain.identity import Role
from domain.state.facts import Note
from infra.store import tables as t
from infra.store.courses import record
from infra.store.courses.projection import ByRules
from infra.store.courses.revisions import Answered
from infra.store.engine import Store, create_engine
from infra.store.errors import CommandRecordedError, ForkError, TextMissingError
from infra.store.logins import Login
from infra.store.registers.texts import TextKind
from infra.store.rows import InForce
from standalone.postgres import PostgresServer
from tests.store.vocabulary import ANNA, BY_RULES, MONDAY, PROJECTION_TABLES, RULES, RecordedCourse


async def test_a_recorded_course_is_read_back_as_it_was(stored: RecordedCourse) -> None:
    await stored.starts(stored.waits(stored.waiting("1/decision")))

    async with stored.stores.worker.municipality(stored.municipality) as connection:
        assert await record.snapshot(connection, stored.course) == stored.state
        entered = await record.enter(connection, stored.municipality, stored.course, uuid4())
        assert entered == record.Entered(record.Head(1, 1, "digest 1"), None, InForce())
        assert await record.digest_at(connection, stored.course, 1, 1) == "digest 1"
        assert await record.digest_at(connection, stored.course, 2, 1) is None


async def test_a_course_that_nobody_started_has_no_head_and_no_snapshot(stored: RecordedCourse) -> None:
    async with stored.stores.worker.municipality(stored.municipality) as connection:
        entered = await record.enter(connection, stored.municipality, stored.course, uuid4())
        assert entered.head is None
        assert await record.snapshot(connection, stored.course) is None


async def test_earlier_revisions_stay_readable(stored: RecordedCourse) -> None:
    await stored.starts()
    first = stored.state
    await stored.does(stored.issued(1, 1))

    async with stored.stores.worker.municipality(stored.municipality) as connection:
        assert await record.snapshot_at(connection, stored.course, 1) == first
        assert await record.snapshot_at(connection, stored.course, 3) is None


async def test_a_command_that_was_recorded_is_answered_as_the_first_time(stored: RecordedCourse) -> None:
    entry = await stored.does(*stored.start())

    async with stored.stores.worker.municipality(stored.municipality) as connection:
        stored_command = await record.recorded(connection, stored.course, entry.command.id)
        other = await record.recorded(connection, stored.course, uuid4())

    assert stored_command == record.RecordedCommand("brief_now", "body", 1, {"revision": 1})
    assert other is None


async def test_the_same_command_has_its_effect_once(stored: RecordedCourse) -> None:
    entry = await stored.does(*stored.start())

    with pytest.raises(CommandRecordedError):
        await stored.does(stored.issued(1, 1), command=entry.command)

    assert (await stored.rows(t.visit))["visit"][0]["version"] == 0


async def test_a_refusal_leaves_nothing_but_its_answer(stored: RecordedCourse) -> None:
    command = cmd.BriefNow(id=uuid4(), actor=ANNA, digest="body")
    async with stored.stores.worker.municipality(stored.municipality) as connection:
        await record.record_refusal(connection, Answered(stored.course, command, {"refused": ["x"]}, 0, MONDAY))

    with pytest.raises(CommandRecordedError):
        async with stored.stores.worker.municipality(stored.municipality) as connection:
            await record.record_refusal(connection, Answered(stored.course, command, {}, 0, MONDAY))

    async with stored.stores.worker.municipality(stored.municipality) as connection:
        stored_command = await record.recorded(connection, stored.course, command.id)
    assert stored_command == record.RecordedCommand("brief_now", "body", 0, {"refused": ["x"]})
    assert await stored.rows(t.course, t.revision, t.journal) == {"course": [], "revision": [], "journal": []}


async def test_two_histories_of_one_course_do_not_mix(stored: RecordedCourse) -> None:
    await stored.starts()
    other = stored.entry(stored.issued(1, 1))
    await stored.does(stored.assigned(Role.CASEWORKER, person="carl"))
    before = await stored.rows(*PROJECTION_TABLES)

    with pytest.raises(ForkError):
        async with stored.stores.worker.municipality(stored.municipality) as connection:
            await record.record(connection, other)

    assert await stored.rows(*PROJECTION_TABLES) == before


async def test_two_histories_of_the_same_length_do_not_mix(stored: RecordedCourse) -> None:
    await stored.starts()
    stored.state = stored.state.model_copy(update={"digest": "of another history"})

    with pytest.raises(ForkError):
        await stored.does(stored.issued(1, 1))


async def test_a_writer_who_has_not_heard_that_the_store_was_mended_is_a_fork(stored: RecordedCourse) -> None:
    await stored.starts()
    before_mending = stored.state
    async with stored.stores.worker.municipality(stored.municipality) as connection:
        await record.rewrite(connection, before_mending.model_copy(update={"epoch": 2}), MONDAY, BY_RULES)

    with pytest.raises(ForkError):
        await stored.does(stored.issued(1, 1))


async def test_a_course_is_started_once(stored: RecordedCourse) -> None:
    again = stored.entry(*stored.start())
    await stored.starts()

    with pytest.raises(ForkError):
        async with stored.stores.worker.municipality(stored.municipality) as connection:
            await record.record(connection, again)


async def test_a_revision_that_the_store_already_has_is_a_fork(stored: RecordedCourse) -> None:
    await stored.starts()
    async with stored.stores.worker.municipality(stored.municipality) as connection:
        with pytest.raises(ForkError):
            await record.rewrite(connection, stored.state, MONDAY, BY_RULES)


async def test_a_citizen_who_returns_has_a_course_that_follows_the_first(stored: RecordedCourse) -> None:
    first = stored.course
    stored.ordinal = 2
    stored.__post_init__()
    await stored.starts(citizen_key="hash", follows=first)

    row = (await stored.rows(t.course))["course"][0]

    assert row["follows"] == first
    assert row["citizen_key"] == "hash"


async def test_both_receipts_of_a_visit_are_kept_when_the_second_lets_it_be_left(stored: RecordedCourse) -> None:
    await stored.starts(stored.issued(1, 1))
    await stored.does(stored.acknowledged(1, 1, Role.CASEWORKER, "anna"))
    await stored.does(
        stored.acknowledged(1, 1, Role.COMPANY_CONSULTANT, "bo"), stored.left(1), stored.entered(2, "trial")
    )

    rows = await stored.rows(t.receipt, t.visit)

    assert [(row["role"], row["person"]) for row in rows["receipt"]] == [
        ("caseworker", "anna"),
        ("company_consultant", "bo"),
    ]
    assert [(row["version"], row["issued_at"], row["left_at"]) for row in rows["visit"]] == [
        (1, MONDAY, MONDAY),
        (0, None, None),
    ]


async def test_receipts_of_an_outdated_version_stay_beside_those_of_the_new_one(stored: RecordedCourse) -> None:
    await stored.starts(stored.issued(1, 1), stored.acknowledged(1, 1, Role.CASEWORKER, "anna"))
    await stored.does(stored.issued(1, 2), stored.acknowledged(1, 2, Role.CASEWORKER, "anna"))

    rows = await stored.rows(t.receipt)

    assert [(row["version"], row["person"]) for row in rows["receipt"]] == [(1, "anna"), (2, "anna")]


async def test_a_hand_over_removes_the_receipt_it_makes_void(stored: RecordedCourse) -> None:
    await stored.starts(stored.issued(1, 1), stored.acknowledged(1, 1, Role.CASEWORKER, "anna"))
    await stored.does(stored.assigned(Role.CASEWORKER, person="carl"))

    assert await stored.rows(t.receipt) == {"receipt": []}


async def test_a_dispute_takes_the_place_of_an_acknowledgement(stored: RecordedCourse) -> None:
    await stored.starts(stored.issued(1, 1), stored.acknowledged(1, 1, Role.CASEWORKER, "anna"))
    reason = await stored.stages()
    dispute = ev.BriefingDisputed(
        at=MONDAY, by="anna", visit=1, version=1, roles=(Role.CASEWORKER,), person="anna", reason=reason
    )
    await stored.does(dispute)

    row = (await stored.rows(t.receipt))["receipt"][0]

    assert (row["acknowledged_at"], row["disputed_at"], row["acted_by"]) == (None, MONDAY, "anna")


async def test_a_course_that_follows_other_rules_is_counted_and_placed_by_those(stored: RecordedCourse) -> None:
    await stored.starts(stored.left(1), stored.entered(2, "trial"))
    await stored.does(stored.reported("begun", "2026-09-07", "trial", 2))
    await stored.does(stored.reported("workplace", "1000000001", "trial", 2))
    by_the_first = await stored.rows(t.measure, t.workplace)
    assert all(by_the_first.values())
    re_pinned = ev.CourseRePinned(at=stored.now, by="sara", before=RULES, rules=RULES)

    stored.by_rules = ByRules()
    await stored.does(re_pinned)
    assert await stored.rows(t.measure, t.workplace) == {"measure": [], "workplace": []}

    stored.by_rules = BY_RULES
    await stored.does(re_pinned)
    assert await stored.rows(t.measure, t.workplace) == by_the_first


async def test_the_course_says_what_it_waits_for_since_when_and_until_when(stored: RecordedCourse) -> None:
    await stored.starts(
        stored.waits(stored.waiting("a", days=9), stored.waiting("b", days=2, is_stalled=True), ahead=("trial",))
    )
    row = (await stored.rows(t.course))["course"][0]
    assert (row["waiting_since"], row["due_at"]) == (MONDAY, stored.waiting("b", days=2).until)
    assert (row["is_stalled"], row["is_ahead_of_informing"], row["steps"]) == (True, True, ["intake"])

    await stored.does(stored.waits(ended=["b"]))

    row = (await stored.rows(t.course))["course"][0]
    assert (row["is_stalled"], row["is_ahead_of_informing"], row["due_at"]) == (
        False,
        False,
        stored.waiting("a", days=9).until,
    )


async def test_staged_text_is_adopted_by_the_events_that_name_it(stored: RecordedCourse) -> None:
    name = await stored.stages(TextKind.CITIZEN_NAME)
    note, reason = await stored.stages(TextKind.NOTE), await stored.stages()
    await stored.starts(citizen_text=name)
    await stored.does(
        ev.NoteAdded(at=MONDAY, by="anna", note=_note(note)),
        ev.NoteRetracted(at=MONDAY, by="anna", note=note, reason=reason),
    )

    rows = (await stored.rows(t.personal_text))["personal_text"]

    assert {row["text_id"] for row in rows} == {name, note, reason}
    assert {row["adopted_at"] for row in rows} == {MONDAY}


async def test_text_that_was_never_staged_stops_the_command(stored: RecordedCourse) -> None:
    await stored.starts()
    missing = uuid4()

    with pytest.raises(TextMissingError) as caught:
        await stored.does(ev.NoteAdded(at=MONDAY, by="anna", note=_note(missing)))

    assert caught.value.missing == {missing}
    assert stored.state.revision == 1


async def test_one_course_does_not_adopt_the_text_of_another(stored: RecordedCourse) -> None:
    note = await stored.stages(TextKind.NOTE)
    await stored.starts(ev.NoteAdded(at=MONDAY, by="anna", note=_note(note)))
    other = RecordedCourse(stored.stores, stored.municipality, reference="sag-2")

    with pytest.raises(TextMissingError):
        await other.starts(ev.NoteAdded(at=MONDAY, by="anna", note=_note(note)))


async def test_a_plain_acknowledgement_takes_few_statements(stored: RecordedCourse, postgres: PostgresServer) -> None:
    await stored.starts(stored.issued(1, 1), stored.waits(stored.waiting("1/acknowledgement")))
    engine = create_engine(postgres.url(Login.WORKER), Login.WORKER)
    statements: list[str] = []
    event.listen(engine.sync_engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    entry = stored.entry(
        stored.acknowledged(1, 1, Role.COMPANY_CONSULTANT, "bo"), stored.waits(ended=["1/acknowledgement"])
    )

    async with Store(engine).anywhere() as connection:
        await record.enter(connection, stored.municipality, stored.course, entry.command.id)
        await record.record(connection, entry)

    await engine.dispose()
    assert len(statements) <= 5, statements


async def test_rows_that_a_command_leaves_alone_are_not_written(stored: RecordedCourse) -> None:
    await stored.starts(stored.waits(stored.waiting("a"), stored.waiting("b")))
    before = await _written_by(stored)
    await stored.does(stored.waits(stored.waiting("b", days=5)))

    after = await _written_by(stored)

    assert after["a"] == before["a"]
    assert after["b"] != before["b"]


async def _written_by(stored: RecordedCourse) -> dict[str, str]:
    """Return which transaction wrote each wait."""
    async with stored.stores.worker.municipality(stored.municipality) as connection:
        written_by: ColumnElement[str] = literal_column("xmin::text").label("written_by")
        statement = select(t.waiting.c.what, written_by).where(t.waiting.c.course_id == stored.course)
        return {row.what: row.written_by for row in await connection.execute(statement)}


def _note(note: UUID) -> Note:
    return Note(id=note, kind="resource", by="anna", by_roles=(Role.CASEWORKER,), at=MONDAY, visit=1)
