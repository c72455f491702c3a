from contextlib import suppress
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Table, delete, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlalchemy.ext.asyncio import create_async_engine

from domain import events as ev
from domain.address import Address
from domain.figures import Figure, Group, Series
from domain.identity import Role
from domain.state.facts import Audience
from domain.state.observers import ObserverKind
from infra.store import tables as t
from infra.store.bulk_rows import BulkAct, BulkKind
from infra.store.courses import batches, deliveries
from infra.store.courses.deliveries import DeliveryAttempt
from infra.store.engine import Connection, Store, database_url
from infra.store.finding_rows import FindingKind, Found
from infra.store.logins import Login
from infra.store.registers import (
    absences,
    bulk_acts,
    companies,
    data_keys,
    documents,
    figures,
    findings,
    journal_copies,
    office_hours,
    people,
    rule_sets,
    sessions,
    units,
    webhook_events,
    webhooks,
)
from infra.store.registers.bulk_acts import Order
from infra.store.registers.documents import DocumentKind
from infra.store.registers.people import Person
from infra.store.rows import Outcome
from infra.temporal.keyring import WrappedKey
from rules.calendar.data import Absence, NamedCover
from standalone.postgres import PostgresServer
from tests.store.vocabulary import MONDAY, RecordedCourse, a_delivery, a_webhook

TABLES = t.METADATA.sorted_tables
ADDED_TO = (t.absence_cover, t.bulk_act, t.command, t.counted_figure, t.counted_month, t.document)
COLUMNS = text(
    "SELECT attname FROM pg_attribute WHERE attrelid = CAST(:table AS regclass) AND attnum > 0"
    " AND has_column_privilege(attrelid, attnum, :privilege) AND attname NOT IN ('position')"
)
A_GROUP = Group("job", MONDAY.date().replace(day=1), MONDAY.date().replace(day=1), (0, 1, 1, 1, 1))
KEY = WrappedKey("any", "m1", b"sealed")
NEVER = MONDAY.replace(year=2199)
"""When the webhook is due: its secret cannot be opened, and no other test's worker is to try."""
AN_ACT = BulkAct(bulk_id=uuid4(), kind=BulkKind.HAND_OVER, digest="d", ordered_by="sara", ordered_at=MONDAY)
A_RULE_SET = rule_sets.OwnRuleSet(
    rule_set_id="jobfirst",
    version="1",
    sha256="a" * 64,
    valid_from=MONDAY.date(),
    amends=None,
    follows=None,
    proposed_by="rie",
    proposed_at=MONDAY,
)
A_SESSION = sessions.Session(
    hash="h", person="anna", roles=(Role.CASEWORKER,), units=("job",), since=MONDAY, until=MONDAY + timedelta(hours=9)
)
NURSERY = companies.CompanyDetails(cvr="10000009", name="Nordgartneriet")


async def propose_rules(connection: Connection) -> None:
    """Propose a rule set."""
    await documents.put(connection, DocumentKind.RULESET, "jobfirst", {"steps": []}, "a" * 64)
    await rule_sets.propose(connection, A_RULE_SET, "toml")


async def count_figures(connection: Connection) -> None:
    """Count a figure of a month."""
    await figures.claim_month(connection, MONDAY.date(), MONDAY)
    await figures.add(connection, Series(Figure.CONVERTED, "jobfirst", ""), "5" * 64, [A_GROUP])


async def add_webhook(connection: Connection) -> None:
    """Add a webhook with a secret, and with something to send."""
    await webhooks.add(connection, webhook := a_webhook(due_at=NEVER))
    await webhooks.add_secret(connection, webhook.webhook_id, uuid4(), KEY, MONDAY)
    await webhook_events.queue(connection, [a_delivery(webhook)])


@pytest.fixture
async def full(stored: RecordedCourse) -> RecordedCourse:
    """A municipality with rows in every table."""
    raised, stored.channels = stored.raised("told", Address.person("bo"), waiting="a"), ("log",)
    reason, wrong = await stored.stages(), stored.reported("wrong", "said", "intake", visit=1)
    await stored.starts(
        wrong,
        stored.issued(1, 1),
        stored.acknowledged(1, 1, Role.CASEWORKER, "anna"),
        stored.waits(stored.waiting("a")),
        raised,
        stored.reported("workplace", "1000000001", "trial"),
        stored.reported("begun", "2026-09-07", "trial"),
    )
    await stored.does(
        ev.ObserverAdded(at=MONDAY, by="anna", person="olga", observer_kind=ObserverKind.MENTOR, reason=reason),
        ev.FactRetracted(at=MONDAY, by="anna", fact=wrong.facts[0].id, reason=reason, wrong_citizen=True),
    )
    async with stored.stores.worker.municipality(stored.municipality) as connection:
        attempt = DeliveryAttempt(raised.notice, "log", "bo", uuid4(), uuid4(), MONDAY)
        await deliveries.record_attempts(connection, [attempt], Outcome.SENT)
        await batches.fix(connection, attempt.batch, {"members": []})
        await batches.note_story(connection, "anna", uuid4(), MONDAY.date())
        found = [Found(FindingKind.ASLEEP, stored.course, stored.course)]
        await findings.record(connection, [FindingKind.ASLEEP], found, MONDAY)
        await findings.complete(connection, MONDAY)
        await count_figures(connection)
    async with stored.store.municipality(stored.municipality) as connection:
        await propose_rules(connection)
        for person in ("anna", "carl"):
            await people.put(connection, Person(person_id=person, name=person.title(), updated_at=MONDAY))
        await absences.replace(connection, "anna", [Absence(since=MONDAY.date(), covers=(NamedCover(person="carl"),))])
        await office_hours.lock(connection)
        await sessions.begin(connection, A_SESSION)
        await units.put(connection, "job", "Jobcenter", MONDAY)
        await journal_copies.remember(connection, stored.course, Audience.BOTH, 1, "anna", MONDAY)
        await data_keys.ensure(connection, stored.course, KEY)
        await companies.put(connection, "1000000001", NURSERY, companies.Write(None, MONDAY, "bo"))
        await bulk_acts.order(connection, AN_ACT, [Order(course=stored.course)])
        await add_webhook(connection)
    return stored


async def count(connection: Connection, table: Table, municipality: str) -> int:
    """Count the rows of one municipality that are in sight."""
    statement = select(func.count()).where(table.c.municipality == municipality)
    return await connection.scalar(statement) or 0


@pytest.mark.parametrize("table", TABLES, ids=str)
async def test_a_municipality_sees_its_own_rows_and_no_other_does(full: RecordedCourse, table: Table) -> None:
    async with full.store.municipality(full.municipality) as connection:
        assert await count(connection, table, full.municipality) > 0
    async with full.store.municipality("6999") as connection:
        assert await count(connection, table, full.municipality) == 0
    async with full.store.anywhere() as connection:
        assert await count(connection, table, full.municipality) == 0


@pytest.mark.parametrize("table", TABLES, ids=str)
async def test_nobody_changes_or_removes_the_rows_of_another_municipality(full: RecordedCourse, table: Table) -> None:
    of_full = table.c.municipality == full.municipality
    allowed = 0
    for store in (full.stores.api, full.stores.worker):
        changeable = await columns_to(store, "UPDATE", table)
        statements = [update(table).where(of_full).values({column: table.c[column]}) for column in changeable]
        for statement in (*statements, delete(table).where(of_full)):
            with suppress(ProgrammingError):
                async with store.municipality("6999") as connection:
                    assert (await connection.execute(statement)).rowcount == 0
                allowed += 1
    assert allowed or table in (*ADDED_TO, t.data_key)
    async with full.store.municipality(full.municipality) as connection:
        assert await count(connection, table, full.municipality) > 0


@pytest.mark.parametrize("table", TABLES, ids=str)
async def test_nobody_writes_rows_for_another_municipality(full: RecordedCourse, table: Table, owner: Store) -> None:
    async with owner.municipality(full.municipality) as connection:
        row = dict((await connection.execute(select(table).limit(1))).mappings().one())

    refused = 0
    for store in (full.stores.api, full.stores.worker):
        given = {name: row[name] for name in await columns_to(store, "INSERT", table)}
        if given:
            with pytest.raises(ProgrammingError, match="row-level security"):
                async with store.municipality("6999") as connection:
                    await connection.execute(insert(table), given)
            refused += 1
    assert refused


async def columns_to(store: Store, privilege: str, table: Table) -> list[str]:
    """Return the columns of a table for which a login has a privilege."""
    async with store.anywhere() as connection:
        asked = {"privilege": privilege, "table": table.name}
        return list(await connection.scalars(COLUMNS, asked))


async def test_no_table_is_without_its_wall(store: Store) -> None:
    unwalled = text(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
        " AND relname <> 'alembic_version' AND NOT (relrowsecurity AND relforcerowsecurity)"
    )
    async with store.anywhere() as connection:
        assert list(await connection.scalars(unwalled)) == []
        assert await connection.scalar(text("SELECT current_user")) == "fodslag_api"


async def test_a_join_does_not_reach_around_the_wall(full: RecordedCourse) -> None:
    statement = select(t.course.c.course_id, t.waiting.c.key).join(
        t.waiting, t.waiting.c.course_id == t.course.c.course_id, full=True
    )
    async with full.store.municipality(full.municipality) as connection:
        assert len((await connection.execute(statement)).all()) == 1
    async with full.store.municipality("6999") as connection:
        assert (await connection.execute(statement)).all() == []


async def test_a_municipality_without_a_name_is_nobody(full: RecordedCourse) -> None:
    async with full.store.municipality("") as connection:
        assert await count(connection, t.course, full.municipality) == 0
    with pytest.raises(ProgrammingError, match="row-level security"):
        async with full.store.municipality("") as connection:
            await people.put(connection, Person(person_id="x", name="X", updated_at=MONDAY))


async def test_a_transaction_leaves_no_municipality_behind_in_its_connection(postgres: PostgresServer) -> None:
    store = Store(create_async_engine(database_url(postgres.url(Login.API)), pool_size=1, max_overflow=0))
    statement = text("SELECT pg_backend_pid(), current_setting('fodslag.municipality', true)")
    async with store.municipality("0990") as connection:
        first, within = (await connection.execute(statement)).one()
    async with store.anywhere() as connection:
        second, afterwards = (await connection.execute(statement)).one()
    await store.close()

    assert first == second
    assert (within, afterwards) == ("0990", "")


async def test_lists_are_planned_for_what_they_ask_and_nothing_else_is(full: RecordedCourse) -> None:
    mode = text("SELECT current_setting('plan_cache_mode')")
    async with full.store.reading(full.municipality) as connection:
        assert await count(connection, t.course, full.municipality) == 1
        assert await connection.scalar(mode) == "force_custom_plan"
    async with full.store.municipality(full.municipality) as connection:
        assert await connection.scalar(mode) == "auto"


@pytest.mark.parametrize(
    "statement",
    [
        delete(t.journal),
        delete(t.revision),
        delete(t.command),
        update(t.journal).values(kind="other"),
        update(t.revision).values(digest="other"),
        update(t.command).values(answer={}),
    ],
    ids=str,
)
async def test_history_is_added_to_and_never_changed(full: RecordedCourse, statement: object) -> None:
    for store in (full.stores.api, full.stores.worker):
        with pytest.raises(ProgrammingError, match="permission denied"):
            async with store.municipality(full.municipality) as connection:
                await connection.execute(statement)  # type: ignore[call-overload]


async def test_a_data_key_is_found_by_its_course_alone_and_no_other_with_it(full: RecordedCourse) -> None:
    other = RecordedCourse(full.stores, "6998", reference=str(uuid4()))
    async with full.store.municipality(other.municipality) as connection:
        await data_keys.ensure(connection, other.course, WrappedKey("any", "m2", b"other"))

    data_key = await data_keys.fetch(full.store, str(full.course))

    assert data_key == WrappedKey(str(full.course), "m1", b"sealed")
    assert await data_keys.fetch(full.store, str(uuid4())) is None
    async with full.store.anywhere() as connection:
        everything = text("SELECT count(*) FROM fodslag_data_key(:course)")
        assert await connection.scalar(everything, {"course": full.course}) == 1


async def test_another_municipality_cannot_give_a_course_a_key(full: RecordedCourse) -> None:
    with pytest.raises(IntegrityError, match="data_key_by_course"):
        async with full.store.municipality("6999") as connection:
            await data_keys.ensure(connection, full.course, WrappedKey("any", "m1", b"mine"))


async def test_the_functions_that_reach_across_are_the_applications_alone(store: Store) -> None:
    reachable = text(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        " AND has_function_privilege('public', oid, 'EXECUTE')"
    )
    open_path = text("SELECT proname FROM pg_proc WHERE prosecdef AND NOT proconfig @> ARRAY['search_path=\"\"']")
    async with store.anywhere() as connection:
        assert list(await connection.scalars(reachable)) == []
        assert list(await connection.scalars(open_path)) == []


async def test_the_event_feed_has_one_order_for_all_courses(full: RecordedCourse) -> None:
    other = await RecordedCourse(full.stores, full.municipality, reference="sag-2").starts()
    await full.does(full.issued(1, 2))
    j = t.journal.c
    async with full.store.municipality(full.municipality) as connection:
        ordered = list(await connection.scalars(select(j.course_id).order_by(j.position)))

    assert ordered[-1] == full.course
    assert ordered[-2] == other.course
