"""Sessions: who logged in with this browser, for a working day; the browser holds a secret, the store its hash."""

import re
import secrets
from datetime import timedelta
from hashlib import sha256
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from api.http.codes import ApiCode
from api.http.dependencies import Services
from api.http.problems import ProblemError
from infra.security.keyed_digest import keyed_digest
from infra.security.tokens import Claims
from infra.settings import Settings
from infra.store.registers import sessions

_COOKIE: Final = "fodslag"
_OF_THIS_HOST: Final = "__Host-"
"""By this name a browser takes a cookie over TLS alone, and from this very host."""
_SECRET_BYTES: Final = 32
_WRITTEN: Final = re.compile(r"([0-9]{3,4})\.([\w-]{43})", re.ASCII)


def put_cookie(settings: Settings, response: Response, purpose: str, value: str, lives: timedelta) -> None:
    """Give the browser a cookie that no script reads and that no other site's forms send along."""
    response.set_cookie(
        _name(settings, purpose),
        value,
        max_age=int(lives.total_seconds()),
        path="/",
        secure=settings.is_over_tls,
        httponly=True,
        samesite="lax",
    )


def cookie_of(settings: Settings, request: Request, purpose: str) -> str:
    """Return what the browser was given, nothing when there is none."""
    return request.cookies.get(_name(settings, purpose), "")


def _name(settings: Settings, purpose: str) -> str:
    return f"{_OF_THIS_HOST if settings.is_over_tls else ''}{_COOKIE}-{purpose}"


def draft_key(services: Services, request: Request) -> str:
    """Return the key with which a browser seals what is typed in this session; none of another one opens it (P10)."""
    secret = cookie_of(services.settings, request, "session").encode()
    return keyed_digest(services.settings.hmac_key_bytes, "draft", secret)


async def begin_session(services: Services, response: Response, claims: Claims) -> None:
    """Begin a session of somebody who has proved who that is, always under a new secret."""
    secret, now = secrets.token_urlsafe(_SECRET_BYTES), services.clock.now()
    lives = timedelta(hours=services.settings.session_hours)
    session = sessions.Session(
        hash=_hash(secret),
        person=claims.person,
        roles=tuple(sorted(claims.roles)),
        units=tuple(sorted(claims.units)),
        since=now,
        until=now + lives,
    )
    async with services.store.municipality(claims.municipality) as connection:
        await sessions.begin(connection, session)
    put_cookie(services.settings, response, "session", f"{claims.municipality}.{secret}", lives)


async def end_session(services: Services, request: Request, response: Response, *, everywhere: bool) -> None:
    """End the session of this browser, or every one of the same person."""
    written = _written(services, request)
    if written is not None:
        municipality, hash_ = written
        async with services.store.municipality(municipality) as connection:
            session = await sessions.find(connection, hash_, services.clock.now())
            if session is not None and everywhere:
                await sessions.end_all(connection, session.person)
            await sessions.end(connection, hash_)
    put_cookie(services.settings, response, "session", "", timedelta())


async def session_claims(request: Request, services: Services) -> Claims:
    """Return who is logged in, as the same person's token would say it (P14); raises ProblemError 401."""
    claims = await claims_if_any(request, services)
    if claims is None:
        raise ProblemError(ApiCode.LOGIN_NEEDED)
    return claims


async def claims_if_any(request: Request, services: Services) -> Claims | None:
    """Return who is logged in, None when nobody is."""
    written = _written(services, request)
    if written is None:
        return None
    municipality, hash_ = written
    async with services.store.municipality(municipality) as connection:
        session = await sessions.find(connection, hash_, services.clock.now())
    if session is None:
        return None
    return Claims(
        person=session.person,
        municipality=municipality,
        roles=frozenset(session.roles),
        units=frozenset(session.units),
    )


def _written(services: Services, request: Request) -> tuple[str, str] | None:
    """Return the municipality and the hash that the browser's cookie stands for."""
    read = _WRITTEN.fullmatch(cookie_of(services.settings, request, "session"))
    return (read[1], _hash(read[2])) if read else None


def _hash(secret: str) -> str:
    """Return what the store knows of a secret; it is random and long, so no key is needed."""
    return sha256(secret.encode()).hexdigest()
