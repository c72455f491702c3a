"""The logins of the application: what each may do is granted by the migration, and what it may besides is a flaw."""

from enum import StrEnum
from types import MappingProxyType
from typing import Final

import psycopg
from psycopg import sql


class Login(StrEnum):
    """Whom a program logs in as: each may do the least that its program needs, and neither owns anything."""

    API = "fodslag_api"
    WORKER = "fodslag_worker"


class Flaw(StrEnum):
    """Why a program does not work with the login of its address."""

    NOT_LET_IN = "not-let-in"
    NOT_MEMBER = "not-member"
    SUPERUSER = "superuser"
    PASSES_WALLS = "passes-walls"
    MAKES_ROLES = "makes-roles"
    OWNER = "owner"
    CREATES = "creates"
    OTHER_LOGIN = "other-login"
    CHANGES_HISTORY = "changes-history"


_WORDS: Final = MappingProxyType(
    {
        Flaw.NOT_LET_IN: "lukkes ikke ind: forkert adgangskode, eller `fodslag migrate` kender den ikke"
        " / is not let in: a wrong password, or one that `fodslag migrate` was not told",
        Flaw.NOT_MEMBER: "er ikke og har ikke rollen {login} / neither is nor has the role {login}",
        Flaw.SUPERUSER: "er superbruger / is a superuser",
        Flaw.PASSES_WALLS: "går uden om row-level security / passes row-level security by",
        Flaw.MAKES_ROLES: "må oprette roller eller databaser / may make roles or databases",
        Flaw.OWNER: "ejer tabellerne; ejeren er kun til `fodslag migrate`"
        " / owns the tables; the owner is for `fodslag migrate` alone",
        Flaw.CREATES: "må oprette tabeller / may make tables",
        Flaw.OTHER_LOGIN: "har også den andens rolle / has the role of the other too",
        Flaw.CHANGES_HISTORY: "må ændre eller slette historik / may change or delete history",
    }
)

_ASKED: Final = tuple(flaw for flaw in Flaw if flaw is not Flaw.NOT_LET_IN)
# Each column is one of these; the roles are looked up, because a server may not have them yet.
_FLAWS: Final = """
    WITH login AS (SELECT * FROM pg_roles WHERE rolname = session_user),
         member AS (
             SELECT of.rolname FROM pg_roles AS of, login
             WHERE of.rolname IN ('fodslag_api', 'fodslag_worker') AND pg_has_role(login.oid, of.oid, 'MEMBER')
         )
    SELECT
        %(login)s NOT IN (SELECT rolname FROM member),
        rolsuper,
        rolbypassrls,
        rolcreaterole OR rolcreatedb OR rolreplication,
        EXISTS (
            SELECT FROM pg_class
            WHERE relnamespace = 'public'::regnamespace AND pg_has_role(login.oid, relowner, 'MEMBER')
        ),
        has_schema_privilege(login.oid, 'public', 'CREATE')
            OR has_database_privilege(login.oid, current_database(), 'CREATE, TEMPORARY'),
        EXISTS (SELECT FROM member WHERE rolname <> %(login)s),
        EXISTS (
            SELECT FROM pg_class
            WHERE relnamespace = 'public'::regnamespace AND relname IN ('command', 'journal', 'removal', 'revision')
            AND has_table_privilege(login.oid, oid, 'UPDATE, DELETE, TRUNCATE')
        )
    FROM login
"""
_TIMEOUT_SECONDS: Final = 3


class LoginError(Exception):
    """A login that may do too much or too little: a line for each flaw, in Danish and English."""


def flaws(url: str, login: Login) -> tuple[Flaw, ...]:
    """Return what is wrong with the login of `url` for the program of `login`; none while the server is away."""
    try:
        with psycopg.connect(url, connect_timeout=_TIMEOUT_SECONDS) as connection:
            row = connection.execute(_FLAWS, {"login": login.value}).fetchone() or ()
    except psycopg.OperationalError as error:
        return (Flaw.NOT_LET_IN,) if error.pgconn and error.pgconn.used_password else ()
    return tuple(flaw for flaw, is_so in zip(_ASKED, row, strict=True) if is_so)


def expect_least(url: str, login: Login) -> None:
    """Raise LoginError when the login of `url` may do too much or too little for the program of `login`."""
    found = flaws(url, login)
    if found:
        raise LoginError("\n".join(f"FODSLAG_DATABASE_URL {_WORDS[flaw].format(login=login)}" for flaw in found))


def let_in(connection: psycopg.Connection, login: Login, password: str) -> None:
    """Let a login in by a password, of which the server is sent only what verifies it; for who made the login."""
    verifier = connection.pgconn.encrypt_password(password.encode(), login.encode(), b"scram-sha-256").decode()
    statement = sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(login), sql.Literal(verifier))
    connection.execute(statement)
