"""Who may do what, in one place: a role for each route here, and the municipality and unit for each course below.

What depends on how a course stands (who its parties are, whose fact it is) the course itself judges.
"""

from collections.abc import Collection
from types import MappingProxyType
from typing import Final

from fastapi import Request

from api.http.caller import Caller
from api.http.codes import ApiCode
from api.http.problems import ProblemError
from domain.identity import Role
from domain.state.course import CourseState
from domain.state.facts import Audience, Note
from infra.security.tokens import Claims

_WORKING: Final = frozenset({Role.CASEWORKER, Role.COMPANY_CONSULTANT, Role.SUPERVISOR})
_REPORTING: Final = _WORKING | {Role.SYSTEM}
_SEEING: Final = _REPORTING | {Role.DATA_PROTECTION}
_READING: Final = _SEEING | {Role.OBSERVER}
_STEERING: Final = frozenset({Role.CASEWORKER, Role.SUPERVISOR, Role.SYSTEM})
_LEADING: Final = frozenset({Role.SUPERVISOR})
_REGISTERING: Final = frozenset({Role.SUPERVISOR, Role.SYSTEM})
_FOLLOWING: Final = frozenset({Role.SYSTEM, Role.SUPERVISOR, Role.DATA_PROTECTION})
_EVERYBODY: Final = frozenset(Role)

_NOTING_ROLES: Final = _WORKING | {Role.OBSERVER}
_REPORTING_ON_ONE: Final = _REPORTING | {Role.OBSERVER}

_COURSE: Final = "/v1/courses/{course}"
_NOTING: Final = f"POST {_COURSE}/notes"

MATRIX: Final = MappingProxyType(
    {
        "POST /v1/courses": _STEERING,
        "GET /v1/courses": _READING,
        f"GET {_COURSE}": _READING,
        f"GET {_COURSE}/briefing": _READING,
        f"GET {_COURSE}/appointments.ics": _READING,
        f"GET {_COURSE}/explanation": _READING,
        f"GET {_COURSE}/journal": _READING,
        f"GET {_COURSE}/rehearsal": _READING,
        "POST /v1/facts": _REPORTING,
        f"POST {_COURSE}/facts": _REPORTING_ON_ONE,
        f"POST {_COURSE}/facts/{{fact}}/retract": _REPORTING_ON_ONE,
        f"POST {_COURSE}/facts/{{fact}}/supersede": _REPORTING_ON_ONE,
        _NOTING: _NOTING_ROLES,
        f"POST {_COURSE}/notes/{{note}}/retract": _NOTING_ROLES,
        f"POST {_COURSE}/visits/{{visit}}/reopen": frozenset({Role.CASEWORKER, Role.SUPERVISOR}),
        f"POST {_COURSE}/briefings": _WORKING,
        f"POST {_COURSE}/acknowledgements": _REPORTING,
        f"POST {_COURSE}/disputes": _WORKING,
        f"PUT {_COURSE}/citizen": _STEERING,
        f"PUT {_COURSE}/parties/{{role}}": _REPORTING,
        f"PUT {_COURSE}/observers/{{person}}": _REPORTING,
        f"POST {_COURSE}/observers/{{person}}/remove": _REPORTING,
        f"POST {_COURSE}/pause": _STEERING,
        f"POST {_COURSE}/resume": _STEERING,
        f"POST {_COURSE}/waivers": _LEADING,
        f"POST {_COURSE}/close": _REPORTING,
        f"POST {_COURSE}/reopen": frozenset({Role.CASEWORKER, Role.SUPERVISOR}),
        "GET /v1/escalations": _LEADING,
        "POST /v1/escalations/{escalation}/take": _LEADING,
        "GET /v1/inbox": _EVERYBODY,
        "GET /v1/inbox/appointments.ics": _EVERYBODY,
        "POST /v1/inbox/{notice}/seen": _EVERYBODY,
        "GET /v1/units": _EVERYBODY,
        "GET /v1/units/{unit}": _EVERYBODY,
        "PUT /v1/units/{unit}": _REGISTERING,
        "GET /v1/people": _EVERYBODY,
        "GET /v1/people/{person}": _EVERYBODY,
        "PUT /v1/people/{person}": _REGISTERING,
        "GET /v1/people/{person}/absences": _SEEING,
        "PUT /v1/people/{person}/absences": _REPORTING,
        "GET /v1/companies": _SEEING,
        "GET /v1/companies/{p_number}": _SEEING,
        "PUT /v1/companies/{p_number}": _REPORTING,
        "GET /v1/companies/{p_number}/ratio": _SEEING,
        "GET /v1/calendar": _EVERYBODY,
        "PUT /v1/calendar": _LEADING,
        "GET /v1/changes": _FOLLOWING,
        "GET /v1/data-protection/removals": frozenset({Role.DATA_PROTECTION}),
        "GET /v1/events": _FOLLOWING,
    }
)
"""From each route, as `METHOD path`, to the roles of which a caller must have one."""


async def permitted(request: Request, caller: Caller) -> None:
    """Let the caller through when one of his roles may use this route; raises ProblemError 403."""
    route = f"{request.method} {request.scope['route'].path}"
    if caller.roles.isdisjoint(MATRIX[route]):
        raise ProblemError(ApiCode.NOT_PERMITTED, roles=", ".join(sorted(MATRIX[route])))


def expect_may_assign(caller: Claims, role: Role) -> None:
    """Let company consultants take and hand over their own role only; raises ProblemError 403."""
    if caller.roles.isdisjoint(_STEERING) and role not in caller.roles:
        raise ProblemError(ApiCode.NOT_PERMITTED, roles=", ".join(sorted(_STEERING)))


def expect_may_register_absence(caller: Claims, person: str) -> None:
    """Let everybody say when he himself is away, and supervisors and systems of all; raises ProblemError 403."""
    if caller.person != person and caller.roles.isdisjoint(_REGISTERING):
        raise ProblemError(ApiCode.NOT_PERMITTED, roles=", ".join(sorted(_REGISTERING)))


def expect_may_note(caller: Claims) -> None:
    """Let through whoever may add notes, wherever a note comes with something else; raises ProblemError 403."""
    if caller.roles.isdisjoint(MATRIX[_NOTING]):
        raise ProblemError(ApiCode.NOT_PERMITTED, roles=", ".join(sorted(MATRIX[_NOTING])))


def sees_any(caller: Claims) -> bool:
    """Say whether the caller's roles let courses exist for him at all."""
    return not caller.roles.isdisjoint(_READING)


def only_observes(caller: Claims) -> bool:
    """Say whether no other courses exist for the caller than those he observes."""
    return caller.roles.isdisjoint(_SEEING)


def sees(caller: Claims, course: CourseState, covers: Collection[str] = ()) -> bool:
    """Say whether a course of the caller's municipality exists for him: by his unit, or because he is tied to it.

    Who is the registered cover of a party sees what the party sees; `covers` are those he covers for in the course.
    """
    if Role.OBSERVER in caller.roles and course.observer(caller.person) is not None:
        return True
    if only_observes(caller):
        return False
    return not caller.units or course.unit in caller.units or _holds(caller, course, covers)


def may_name_citizen(caller: Claims, course: CourseState, covers: Collection[str] = ()) -> bool:
    """Say whether the caller may read the citizen's name: one that is protected only who holds the course (P10).

    Their registered cover may too, and those who answer for data protection.
    """
    return not course.protected or Role.DATA_PROTECTION in caller.roles or _holds(caller, course, covers)


def _holds(caller: Claims, course: CourseState, covers: Collection[str]) -> bool:
    return any(party.person == caller.person or party.person in covers for party in course.parties)


def may_read(caller: Claims, note: Note) -> bool:
    """Say whether the caller may read a note that somebody may have meant for caseworkers only."""
    trusted = {Role.CASEWORKER, Role.SUPERVISOR, Role.DATA_PROTECTION}
    return note.audience is Audience.BOTH or not caller.roles.isdisjoint(trusted)
