"""Who may call a route: each route names the roles in its signature, and they are judged before all else.

What depends on a course (who its parties are, whose fact it is) the course itself judges.
"""

from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping
from functools import cache
from typing import Annotated, Any, Final, get_type_hints

from fastapi import APIRouter, Request
from fastapi.routing import APIRoute

from api.http.budgets import too_many
from api.http.caller import Caller
from api.http.codes import ApiCode
from api.http.dependencies import GivenServices
from api.http.problems import ProblemError, wrong
from domain.identity import ACTING, Role
from domain.reach import Reach
from infra.security.tokens import Claims


class Allowed:
    """Stands beside the caller in a route's signature: the route is for callers who have one of these roles."""

    def __init__(self, *roles: Role) -> None:
        self.roles: Final = frozenset(roles)


class UnguardedRouteError(TypeError):
    """A route whose signature does not name, exactly once, the roles that it is for."""


_STEERING: Final = (Role.CASEWORKER, Role.SUPERVISOR, Role.SYSTEM)
_NOTING: Final = (Role.CASEWORKER, Role.COMPANY_CONSULTANT, Role.SUPERVISOR, Role.OBSERVER)
_REGISTERING: Final = (Role.SUPERVISOR, Role.SYSTEM)
_SEEING: Final = ACTING | {Role.DATA_PROTECTION}
_READING: Final = _SEEING | {Role.OBSERVER}

Anybody = Annotated[Caller, Allowed(*Role)]
CourseReader = Annotated[Caller, Allowed(*_READING)]
CourseInFullReader = Annotated[Caller, Allowed(*_SEEING)]
RegisterReader = Annotated[Caller, Allowed(*_SEEING)]
Follower = Annotated[Caller, Allowed(Role.SYSTEM, Role.SUPERVISOR, Role.DATA_PROTECTION)]
Worker = Annotated[Caller, Allowed(Role.CASEWORKER, Role.COMPANY_CONSULTANT, Role.SUPERVISOR)]
Reporter = Annotated[Caller, Allowed(*ACTING)]
FactWriter = Annotated[Caller, Allowed(*ACTING, Role.OBSERVER)]
NoteWriter = Annotated[Caller, Allowed(*_NOTING)]
Steerer = Annotated[Caller, Allowed(*_STEERING)]
Registrar = Annotated[Caller, Allowed(*_REGISTERING)]
FiguresReader = Annotated[Caller, Allowed(*_REGISTERING)]
Supervisor = Annotated[Caller, Allowed(Role.SUPERVISOR)]
RuleEditor = Annotated[Caller, Allowed(Role.RULE_EDITOR)]
Approver = Annotated[Caller, Allowed(Role.RULE_EDITOR, Role.SUPERVISOR)]


@cache
def allowed_roles(endpoint: Callable[..., Any]) -> frozenset[Role]:
    """Return the roles that a route is for, as its signature names them; raises UnguardedRouteError."""
    hints = get_type_hints(endpoint, include_extras=True).values()
    marks = [mark for hint in hints for mark in getattr(hint, "__metadata__", ()) if isinstance(mark, Allowed)]
    if len(marks) != 1:
        raise UnguardedRouteError(f"{endpoint.__qualname__} names the roles it is for {len(marks)} times, not once.")
    return marks[0].roles


def access_table(router: APIRouter) -> Mapping[str, frozenset[Role]]:
    """Return the roles that each route of `router` is for, by `METHOD path`; raises UnguardedRouteError."""
    return {
        f"{method} {route.path_format}": allowed_roles(route.endpoint)
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in sorted(route.methods or ())
    }


async def permitted(request: Request, caller: Caller, services: GivenServices) -> AsyncIterator[None]:
    """Let a caller through who has one of the route's roles and room for a request; raises ProblemError 403, 429."""
    _expect_one_of(caller.roles, allowed_roles(request.scope["route"].endpoint))
    with too_many(), services.budgets.requests.one_of((caller.municipality, caller.person)):
        yield


def expect_may_assign(roles: Collection[Role], role: Role) -> None:
    """Let company consultants take and hand over their own role only; raises ProblemError 403."""
    if role not in roles:
        _expect_one_of(roles, _STEERING)


def expect_governs(reach: Reach, field: str, *units: str | None) -> None:
    """Expect that the caller governs every one of `units`, None being the municipality; raises ProblemError 403."""
    if not all(reach.governs(unit) for unit in units):
        raise wrong(ApiCode.NOT_GOVERNED, field)


def expect_may_note(caller: Claims) -> None:
    """Let through callers who may add notes, where a note comes with something else; raises ProblemError 403."""
    _expect_one_of(caller.roles, _NOTING)


def expect_own_source(caller: Claims, **named: str | None) -> None:
    """Let systems alone name a source and its events, the fields `named`; raises ProblemError 403."""
    field = next((field for field, value in named.items() if value is not None), None)
    if field is not None and Role.SYSTEM not in caller.roles:
        raise wrong(ApiCode.NOT_PERMITTED, field, roles=Role.SYSTEM)


def _expect_one_of(roles: Iterable[Role], permitted: Collection[Role]) -> None:
    if set(roles).isdisjoint(permitted):
        raise ProblemError(ApiCode.NOT_PERMITTED, roles=", ".join(sorted(permitted)))
