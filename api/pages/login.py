"""Logging in and out: at the installation's provider, or by choosing one of the people of `make run`."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import Final

import structlog
from fastapi import APIRouter, Depends
from pydantic import AwareDatetime
from starlette.requests import Request
from starlette.responses import Response

from api.http.budgets import caller_address, too_many
from api.http.codes import ApiCode
from api.http.dependencies import GivenServices, Services
from api.http.identity import CALLBACK
from api.http.problems import ProblemError
from api.http.same_origin import expect_same_origin
from api.http.sessions import begin_session, claims_if_any, cookie_of, end_session, put_cookie
from api.pages.addresses import FRONT, own_address, see_other
from api.pages.demo import demo_people, is_demo
from api.pages.forms import Form
from api.pages.rendering import render_page
from domain.model import Model
from infra.security.claim_rules import NobodyHereError
from infra.security.keyed_digest import keyed_digest
from infra.security.openid import Attempt, LoginRefusedError, Provider, ProviderAwayError
from infra.security.tokens import Claims

router = APIRouter(include_in_schema=False, dependencies=[Depends(expect_same_origin)])

_WITHIN: Final = timedelta(minutes=10)
_EVERYWHERE: Final = "everywhere"
_NOT_BEGUN: Final = "login-not-begun"

_log = structlog.stdlib.get_logger("api")


class _Begun(Model):
    """A login that this browser began, and where it goes on."""

    attempt: Attempt
    back: str
    until: AwareDatetime


@router.get("/login")
async def begin_login(request: Request, services: GivenServices, back: str = "") -> Response:
    """Lead to the provider, or let one of the demo's people be chosen; who is logged in already goes on."""
    address = own_address(back)
    if await claims_if_any(request, services) is not None:
        return see_other(address)
    if services.provider is not None:
        return await _to_provider(services, services.provider, address)
    people = await demo_people(services) if is_demo(request, services) else ()
    return render_page(request, "login", people=people, address=address)


@router.post("/login/demo")
async def choose_person(request: Request, services: GivenServices, form: Form) -> Response:
    """Log in as one of the demo's people; anywhere else there is no such address."""
    people = await demo_people(services) if is_demo(request, services) else ()
    chosen = next((person for person in people if person.claims.person == form.get("person")), None)
    if chosen is None:
        raise ProblemError(ApiCode.ROUTE_UNKNOWN)
    return await _logged_in(services, chosen.claims, own_address(form.get("back")))


@router.get(CALLBACK)
async def end_login(request: Request, services: GivenServices) -> Response:
    """Take what the provider says of who logged in, and go on where the login was asked for."""
    rules = services.settings.oidc_claims
    if services.provider is None or rules is None:
        raise ProblemError(ApiCode.ROUTE_UNKNOWN)
    cookie = _cookie_of(request.query_params.get("state", ""))
    begun = _begun(services, request, cookie)
    if begun is None and await claims_if_any(request, services) is not None:
        return see_other(FRONT)
    if begun is None:
        raise _refused(_NOT_BEGUN)
    try:
        with _few_refused(services, request):
            with too_many(), services.budgets.logins.one_of(CALLBACK):
                said = await services.provider.claims(request.query_params, begun.attempt, services.clock.now())
            claims = rules.read(said)
    except LoginRefusedError as error:
        raise _refused(error.code) from None
    except ProviderAwayError:
        raise ProblemError(ApiCode.LOGIN_AWAY) from None
    except NobodyHereError:
        raise ProblemError(ApiCode.NOBODY_HERE) from None
    answer = await _logged_in(services, claims, begun.back)
    put_cookie(services.settings, answer, cookie, "", timedelta())
    return answer


@router.post("/logout")
async def log_out(request: Request, services: GivenServices, form: Form) -> Response:
    """End the session of this browser, or every one of the same person, and say how to leave the provider too."""
    provider, address = services.provider, None
    if provider is not None and services.settings.public_url:
        try:
            address = await provider.logout_address(services.settings.public_url, services.clock.now())
        except ProviderAwayError:
            address = None
    answer = render_page(request, "logged_out", provider_address=address)
    await end_session(services, request, answer, everywhere=form.get("where") == _EVERYWHERE)
    return answer


@contextmanager
def _few_refused(services: Services, request: Request) -> Iterator[None]:
    """Count a login that is refused, and refuse any with 429 from an address from which too many were (ADR 0055)."""
    refused, address, now = services.budgets.refused_logins, caller_address(request), services.clock.now()
    with too_many():
        refused.expect_room(address, now)
    try:
        yield
    except (LoginRefusedError, NobodyHereError):
        refused.count(address, now)
        raise


async def _to_provider(services: Services, provider: Provider, back: str) -> Response:
    now, attempt = services.clock.now(), Attempt.new()
    try:
        address = await provider.login_address(attempt, now)
    except ProviderAwayError:
        raise ProblemError(ApiCode.LOGIN_AWAY) from None
    answer = see_other(address)
    begun = _Begun(attempt=attempt, back=back, until=now + _WITHIN).model_dump_json().encode()
    signed = f"{urlsafe_b64encode(begun).decode()}.{_signature(services, begun)}"
    put_cookie(services.settings, answer, _cookie_of(attempt.state), signed, _WITHIN)
    return answer


def _cookie_of(state: str) -> str:
    """Return the name of the cookie of one begun login, so that one in another tab takes nothing from it."""
    return f"login-{sha256(state.encode()).hexdigest()[:16]}"


def _begun(services: Services, request: Request, cookie: str) -> _Begun | None:
    """Return the login that this browser began of late, None when there is none."""
    written, _, signature = cookie_of(services.settings, request, cookie).partition(".")
    try:
        content = urlsafe_b64decode(written)
    except ValueError:
        return None
    if not compare_digest(signature.encode(), _signature(services, content).encode()):
        return None
    begun = _Begun.model_validate_json(content)
    return begun if begun.until > services.clock.now() else None


def _signature(services: Services, content: bytes) -> str:
    return keyed_digest(services.settings.hmac_key_bytes, "login", content)


async def _logged_in(services: Services, claims: Claims, back: str) -> Response:
    answer = see_other(back)
    await begin_session(services, answer, claims)
    return answer


def _refused(reason: str) -> ProblemError:
    """Log where a login went wrong, which the person who tried cannot put right, and return the refusal."""
    _log.warning("A login was refused.", reason=reason)
    return ProblemError(ApiCode.LOGIN_REFUSED)
