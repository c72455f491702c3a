"""What the logins of the API and the worker cannot do, however they ask (P10)."""

from uuid import uuid4

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

from domain import events as ev
from infra.store import tables as t
from infra.store.engine import Store
from infra.store.logins import Flaw, Login, LoginError, expect_least, flaws
from infra.store.registers import data_keys
from infra.temporal.keyring import WrappedKey
from standalone.postgres import PostgresServer
from tests.store.vocabulary import MONDAY, RecordedCourse
from tests.stores import Stores
from tools.town.ports import free_port

OF_COURSES = {
    *(
        "course",
        "errand",
        "finding",
        "measure",
        "notice",
        "observer",
        "party",
        "receipt",
        "visit",
        "waiting",
        "workplace",
    ),
}
WRITES = {
    Login.API: {
        *("absence", "absence_cover", "bulk_act", "bulk_item", "company", "data_key", "document", "journal_copy"),
        *("notice", "person", "personal_text", "rule_set", "session", "unit"),
        *("webhook", "webhook_event", "webhook_secret", "working_time"),
    },
    Login.WORKER: {
        *OF_COURSES,
        *("absence", "audit", "batch", "bulk_item", "command", "counted_figure", "counted_month", "delivery"),
        *("document", "journal"),
        *("personal_text", "removal", "revision", "rule_set", "story_told", "webhook", "webhook_event", "working_time"),
    },
}
HISTORY = (t.command, t.journal, t.removal, t.revision)


@pytest.fixture(params=Login)
def login(request: pytest.FixtureRequest) -> Login:
    kind: Login = request.param
    return kind


@pytest.fixture
def mine(stores: Stores, login: Login) -> Store:
    return stores.api if login is Login.API else stores.worker


@pytest.fixture
async def removed(stored: RecordedCourse) -> RecordedCourse:
    """A course with a note, a fact that was another citizen's, and a data key."""
    wrong = stored.reported("wrong", "said", "intake", visit=1)
    await stored.starts(wrong, stored.reported("right", "said", "intake", visit=1))
    reason = await stored.stages()
    await stored.does(ev.FactRetracted(at=MONDAY, by="anna", fact=wrong.facts[0].id, reason=reason, wrong_citizen=True))
    async with stored.store.municipality(stored.municipality) as connection:
        await data_keys.ensure(connection, stored.course, WrappedKey("any", "m1", b"sealed"))
    return stored


@pytest.mark.parametrize(
    "attempt",
    [
        "SET ROLE fodslag",
        "SET ROLE postgres",
        "SET SESSION AUTHORIZATION fodslag",
        "SET SESSION AUTHORIZATION postgres",
        "SET session_replication_role = replica",
        "SET row_security = off; SELECT * FROM course",
        "ALTER TABLE course NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE course DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE journal DISABLE TRIGGER only_blanked",
        "DROP TRIGGER only_blanked ON journal",
        "DROP POLICY municipality ON course",
        "CREATE POLICY mine ON course USING (true)",
        "CREATE TABLE mine ()",
        "CREATE TEMPORARY TABLE mine ()",
        "CREATE SCHEMA mine",
        "CREATE FUNCTION mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        "CREATE ROLE mine",
        "ALTER ROLE CURRENT_USER BYPASSRLS",
        "ALTER ROLE CURRENT_USER SUPERUSER",
        "GRANT fodslag TO CURRENT_USER",
        "SELECT rolpassword FROM pg_authid",
        "SELECT wrapped FROM data_key",
        "SELECT pg_read_file('PG_VERSION')",
        "COPY course TO PROGRAM 'cat'",
        "UPDATE alembic_version SET version_num = 'mine'",
        *(str(delete(table)) for table in HISTORY),
        *(f"TRUNCATE {table} CASCADE" for table in HISTORY),
        "UPDATE journal SET kind = 'mine'",
        "UPDATE journal SET at = now()",
        "UPDATE revision SET digest = 'mine'",
        "UPDATE removal SET removed_by = 'mine'",
        "UPDATE command SET answer = '{}'",
        "DELETE FROM personal_text",
        "DELETE FROM data_key",
        "UPDATE data_key SET wrapped = NULL",
        "UPDATE data_key SET erased_at = NULL",
        "INSERT INTO journal (tx) OVERRIDING SYSTEM VALUE VALUES (0)",
    ],
)
async def test_no_login_can_do_more_than_its_program(mine: Store, attempt: str) -> None:
    with pytest.raises(DBAPIError, match=r"permission denied|must be owner|row-level security policy"):
        await executed(mine, "0990", "RESET ROLE", *attempt.split("; "))


async def executed(store: Store, municipality: str, *statements: str) -> int:
    """Execute statements as they are in one transaction, and return how many rows the last one met."""
    rows = 0
    async with store.municipality(municipality) as connection:
        for statement in statements:
            rows = (await connection.exec_driver_sql(statement)).rowcount
    return rows


async def test_the_api_cannot_read_the_secret_of_a_webhook_even_sealed(stores: Stores) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        await executed(stores.api, "0990", "SELECT wrapped FROM webhook_secret")
    assert await executed(stores.worker, "0990", "SELECT wrapped FROM webhook_secret") == 0


async def test_no_login_can_be_the_other(stores: Stores) -> None:
    for store, other in ((stores.api, Login.WORKER), (stores.worker, Login.API)):
        with pytest.raises(ProgrammingError, match="permission denied to set role"):
            await executed(store, "0990", f"SET ROLE {other}")


async def test_a_login_writes_what_its_program_writes_and_nothing_else(mine: Store, login: Login) -> None:
    writes = text(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
        " AND (has_any_column_privilege(oid, 'INSERT, UPDATE') OR has_table_privilege(oid, 'DELETE, TRUNCATE'))"
    )
    async with mine.anywhere() as connection:
        assert set(await connection.scalars(writes)) == WRITES[login]


async def test_the_group_of_the_logins_lets_nobody_in_and_owns_nothing(mine: Store) -> None:
    group = text("SELECT rolcanlogin FROM pg_roles WHERE rolname = 'fodslag_app'")
    owned = text("SELECT relname FROM pg_class WHERE pg_has_role(relowner, 'MEMBER')")
    async with mine.anywhere() as connection:
        assert await connection.scalar(group) is False
        assert list(await connection.scalars(owned)) == []


async def test_no_login_sees_a_municipality_that_it_has_not_entered(mine: Store, removed: RecordedCourse) -> None:
    del removed
    async with mine.municipality("6999") as connection:
        await connection.exec_driver_sql("RESET ROLE")
        for table in (t.course, t.journal, t.revision, t.personal_text):
            assert (await connection.execute(select(table))).all() == []


@pytest.mark.parametrize(
    "rewriting",
    [
        "UPDATE journal SET detail = '{}'",
        """UPDATE journal SET detail = detail || '{"mine": true}'""",
        "UPDATE revision SET snapshot = snapshot - 'facts'",
        """UPDATE revision SET snapshot = jsonb_set(snapshot, '{facts,0,value}', '"mine"')""",
        """UPDATE revision SET snapshot = jsonb_set(snapshot, '{facts,0,reporter}', '""')""",
        """UPDATE revision SET snapshot = jsonb_set(snapshot, '{facts}', '[]')""",
        "UPDATE personal_text SET text = 'mine'",
        "UPDATE personal_text SET text = ''",
        "UPDATE personal_text SET course_id = gen_random_uuid()",
        "UPDATE personal_text SET adopted_at = now()",
        """UPDATE removal SET content = '"mine"'""",
    ],
)
async def test_what_is_written_is_never_rewritten(removed: RecordedCourse, rewriting: str) -> None:
    with pytest.raises(ProgrammingError, match="may be blanked, not rewritten"):
        await executed(removed.stores.worker, removed.municipality, rewriting)


@pytest.mark.parametrize(
    ("blanking", "restoring"),
    [
        ("UPDATE journal SET detail = NULL", "UPDATE journal SET detail = '{}'"),
        ("UPDATE revision SET snapshot = NULL", "UPDATE revision SET snapshot = '{}'"),
        (
            """UPDATE revision SET snapshot = jsonb_set(snapshot, '{facts,0,value}', '""')""",
            """UPDATE revision SET snapshot = jsonb_set(snapshot, '{facts,0,value}', '"said"')""",
        ),
        ("UPDATE personal_text SET text = NULL", "UPDATE personal_text SET text = 'mine'"),
        (
            "UPDATE removal SET content = NULL, agreed_by = 'sara', agreed_at = now()",
            """UPDATE removal SET content = '"said"'""",
        ),
    ],
)
async def test_what_is_written_may_be_blanked_for_good(removed: RecordedCourse, blanking: str, restoring: str) -> None:
    worker = removed.stores.worker
    assert await executed(worker, removed.municipality, blanking) > 0

    with pytest.raises(ProgrammingError, match="may be blanked, not rewritten"):
        await executed(worker, removed.municipality, restoring)


@pytest.mark.parametrize(
    "forged",
    [
        "UPDATE removal SET content = NULL, agreed_by = removed_by, agreed_at = now()",
        "UPDATE removal SET content = NULL, agreed_at = now()",
        "UPDATE removal SET content = NULL, agreed_by = 'sara'",
        "UPDATE removal SET agreed_by = 'sara', agreed_at = now()",
    ],
)
async def test_a_removal_is_agreed_by_another_person_and_erased(removed: RecordedCourse, forged: str) -> None:
    with pytest.raises(IntegrityError, match="removal_check"):
        await executed(removed.stores.worker, removed.municipality, forged)


async def test_who_agreed_to_a_removal_is_said_once(removed: RecordedCourse) -> None:
    agreed = update(t.removal).values(content=None, agreed_by="sara", agreed_at=MONDAY)
    async with removed.stores.worker.municipality(removed.municipality) as connection:
        await connection.execute(agreed)

    with pytest.raises(ProgrammingError, match="may be blanked, not rewritten"):
        async with removed.stores.worker.municipality(removed.municipality) as connection:
            await connection.execute(agreed.values(agreed_by="anna"))


async def test_a_staged_text_is_no_courses_until_a_command_adopts_it(removed: RecordedCourse) -> None:
    given = {"id": uuid4(), "course": removed.course}
    staged = text(
        "INSERT INTO personal_text (text_id, kind, text, staged_at, staged_by, course_id)"
        " VALUES (:id, 'note', 'mine', now(), 'anna', :course)"
    )
    for store in (removed.stores.api, removed.stores.worker):
        with pytest.raises(ProgrammingError, match="permission denied"):
            async with store.municipality(removed.municipality) as connection:
                await connection.execute(staged, given)


def test_each_program_finds_no_flaw_in_its_own_login(postgres: PostgresServer, login: Login) -> None:
    assert flaws(postgres.url(login), login) == ()
    expect_least(postgres.url(login), login)


def test_a_login_that_is_not_of_the_program_is_named(postgres: PostgresServer) -> None:
    assert flaws(postgres.url(Login.API), Login.WORKER) == (Flaw.NOT_MEMBER, Flaw.OTHER_LOGIN)
    with pytest.raises(LoginError, match="neither is nor has the role fodslag_worker"):
        expect_least(postgres.url(Login.API), Login.WORKER)


def test_the_owner_and_the_superuser_may_too_much_for_any_program(postgres: PostgresServer, login: Login) -> None:
    superuser = postgres.data.with_name("postgres.postgres-password").read_text()

    assert {Flaw.OWNER, Flaw.MAKES_ROLES, Flaw.CREATES, Flaw.CHANGES_HISTORY} <= {*flaws(postgres.owner_url, login)}
    url = f"postgresql://postgres:{superuser}@127.0.0.1:{postgres.port}/fodslag"
    assert {Flaw.SUPERUSER, Flaw.PASSES_WALLS} <= {*flaws(url, login)}


def test_a_login_that_is_not_let_in_is_named(postgres: PostgresServer, login: Login) -> None:
    url = postgres.url(login)
    password = url.split(":")[2].split("@")[0]

    assert flaws(url.replace(password, "guessed"), login) == (Flaw.NOT_LET_IN,)


def test_a_server_that_is_away_has_no_flaw(login: Login) -> None:
    assert flaws(f"postgresql://{login}@127.0.0.1:{free_port()}/fodslag", login) == ()
