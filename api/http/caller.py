"""Who is calling: the claims of a signed token, or on pages of the session, and nothing else of the request."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.http.codes import ApiCode
from api.http.dependencies import GivenServices, Services
from api.http.negotiation import is_page
from api.http.problems import ProblemError
from api.http.sessions import session_claims
from domain.calendar import danish_day
from domain.identity import Role
from domain.reach import Reach
from infra.security.keys import KeysAwayError
from infra.security.tokens import Claims, TokenError

_BEARER = HTTPBearer(
    auto_error=False,
    scheme_name="token",
    bearerFormat="JWT",
    description="A JWT that names `sub` (the person), `roles`, `municipality` and `units`, where `*` is all of them.",
)
_Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]


async def authenticated(request: Request, services: GivenServices, credentials: _Credentials) -> Claims:
    """Return who the caller is, by the token, or on a page by the session alone; raises ProblemError 401."""
    claims = await (session_claims(request, services) if is_page(request) else _signed(request, services, credentials))
    request.state.caller = claims.person
    return claims


async def _signed(request: Request, services: Services, credentials: HTTPAuthorizationCredentials | None) -> Claims:
    """Return the claims of the token; raises ProblemError 401 for one that is missing, not accepted, or one of several.

    Of two headers a proxy may judge one and this program the other, so neither counts.
    """
    is_alone = len(request.headers.getlist("Authorization")) == 1
    token = credentials.credentials if credentials and is_alone else None
    try:
        return await services.verifier.verify(token, services.clock.now())
    except KeysAwayError:
        raise ProblemError(ApiCode.LOGIN_AWAY) from None
    except TokenError as error:
        challenge = "Bearer" if token is None else 'Bearer error="invalid_token"'
        raise ProblemError(ApiCode(error.code), headers={"WWW-Authenticate": challenge}) from None


async def authenticated_by(request: Request, services: Services) -> Claims:
    """Return who the caller of `request` is, outside a route; raises ProblemError 401."""
    return await authenticated(request, services, await _BEARER(request))


async def is_accepted(request: Request, services: Services) -> bool:
    """Say whether the caller's token is accepted still, for an answer that outlives the question."""
    try:
        await authenticated_by(request, services)
    except ProblemError:
        return False
    return True


Caller = Annotated[Claims, Depends(authenticated)]


def reach_of(caller: Claims, now: datetime) -> Reach:
    """Return which courses exist for the caller now, and which units the caller governs (P14)."""
    return Reach(person=caller.person, roles=caller.roles, units=caller.unit_limit, today=danish_day(now))


def act_as(request: Request, roles: frozenset[Role]) -> None:
    """Note of a request which roles the caller has in the course that it is about."""
    request.state.roles_in_course = roles


def acts_as(request: Request) -> frozenset[Role]:
    """Return the roles that the caller has in the course that a request is about, once it was looked up."""
    roles: frozenset[Role] = request.state.roles_in_course
    return roles
