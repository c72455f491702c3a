"""Who may be given a role in a course: anybody whom the directory does not know, or knows in that role."""

from collections.abc import Mapping

from api.http.codes import ApiCode
from api.http.fields import Holder
from api.http.problems import Issue, expect_no, wrong
from domain.identity import Role
from infra.store.engine import Connection
from infra.store.registers import people


async def expect_roles(connection: Connection, holders: Mapping[Role, Holder | None]) -> None:
    """Raise ProblemError naming each person whom the directory knows, but not in the role to be given."""
    named = {role: holder.person for role, holder in holders.items() if holder and holder.person}
    expect_no(
        [
            Issue(ApiCode.PERSON_WITHOUT_ROLE, f"{role}.person", {"role": role.value})
            for role, person in named.items()
            if await _is_without(connection, role, person)
        ]
    )


async def not_in_directory(connection: Connection, holders: Mapping[Role, Holder | None]) -> list[str]:
    """Return the field of each person whom the directory does not know: not there yet, or mistyped."""
    persons = {f"{role}.person": holder.person for role, holder in holders.items() if holder and holder.person}
    known = await people.some(connection, persons.values())
    return [field for field, person in persons.items() if person not in known]


async def expect_role(connection: Connection, role: Role, person: str | None) -> None:
    """Raise ProblemError when the directory knows the person, but not in the role."""
    if person is not None and await _is_without(connection, role, person):
        raise wrong(ApiCode.PERSON_WITHOUT_ROLE, "person", role=role.value)


async def _is_without(connection: Connection, role: Role, person: str) -> bool:
    entry = await people.get(connection, person)
    return entry is not None and role not in entry.roles
