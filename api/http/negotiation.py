"""The language and media type of an answer: by the Accept headers (RFC 9110, 12.5), on pages as the reader chose."""

from collections.abc import Sequence
from typing import Annotated, Final

from fastapi import Depends, Request
from starlette.datastructures import Headers

from rules.language.formats import Language

LANGUAGES: Final[tuple[Language, ...]] = ("da", "en")
"""Danish first: it is the answer to a caller who asks for neither."""

LANGUAGE_COOKIE: Final = "fodslag-language"
PROGRAMS: Final = "/v1/"
"""How the path of all that programs call begins."""


def is_page(request: Request) -> bool:
    """Say whether a route that asks who the caller is serves people: all that programs call is under /v1."""
    return not request.url.path.startswith(PROGRAMS)


def language_of_request(request: Request) -> Language:
    """Return the language of the answer: on pages Danish unless the reader chose, for programs as they accept."""
    if not is_page(request):
        return language_of(request.headers)
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    return next((language for language in LANGUAGES if language == chosen), LANGUAGES[0])


def language_of(headers: Headers) -> Language:
    """Return the language in which the caller is answered."""
    wanted = headers.get("accept-language", "")
    weights = {language: _weight_of_language(wanted, language) for language in LANGUAGES}
    return max(LANGUAGES, key=lambda language: weights[language])


def media_type_of(headers: Headers, offered: Sequence[str]) -> str | None:
    """Return the preferred one of `offered`, the first without a preference, or None when none is accepted."""
    wanted = headers.get("accept", "*/*")
    weights = {offer: _weight_of_media_type(wanted, offer) for offer in offered}
    best = max(offered, key=lambda offer: weights[offer])
    return best if weights[best] > 0 else None


def _weight_of_language(wanted: str, language: Language) -> float:
    weights = [weight for value, weight in _weighed(wanted) if value.split("-")[0] == language]
    return max(weights, default=0.0)


def _weight_of_media_type(wanted: str, offer: str) -> float:
    """Return the weight of the most specific range that covers `offer`."""
    weights = dict(_weighed(wanted))
    ranges = (offer, f"{offer.split('/', maxsplit=1)[0]}/*", "*/*")
    return next((weights[covering] for covering in ranges if covering in weights), 0.0)


def _weighed(header: str) -> list[tuple[str, float]]:
    return [_value_and_weight(part) for part in header.lower().split(",") if part.strip()]


def _value_and_weight(part: str) -> tuple[str, float]:
    value, *parameters = (piece.strip() for piece in part.split(";"))
    weight = next((p[2:] for p in parameters if p.startswith("q=")), "1")
    try:
        return value, float(weight)
    except ValueError:
        return value, 0.0


async def _language_of_request(request: Request) -> Language:
    return language_of_request(request)


CallersLanguage = Annotated[Language, Depends(_language_of_request)]
