"""What a form of a page posts, screened as every body is, and read by the model of the route that does the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends, Query
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.responses import RedirectResponse

from api.http.fields import Body
from api.http.request_body import CleanBody
from api.pages.addresses import own_address, see_other

AnyBody = TypeVar("AnyBody", bound=Body)


@dataclass(frozen=True, slots=True)
class Done:
    """What was done by the form that led to a page, and in which course it can still be undone."""

    what: str | None = None
    course: UUID | None = None


async def _done(done: Annotated[str | None, Query(pattern="^[a-z]{1,20}$")] = None, of: UUID | None = None) -> Done:
    return Done(done, of)


GivenDone = Annotated[Done, Depends(_done)]


async def _form(body: CleanBody) -> dict[str, str]:
    return body or {}


Form = Annotated[dict[str, str], Depends(_form)]


def body_of(model: type[AnyBody], form: Mapping[str, str], numbers: tuple[str, ...], *texts: str) -> AnyBody:
    """Return the body that some fields of a form make, as the API reads it; raises RequestValidationError."""
    counted = {name: int(form[name]) if form[name].isdecimal() else form[name] for name in numbers if name in form}
    return read_body(model, {**counted, **{name: form[name] for name in texts if name in form}})


def read_body(model: type[AnyBody], content: Mapping[str, object]) -> AnyBody:
    """Return a body as the API reads it; raises RequestValidationError."""
    try:
        return model.model_validate(content)
    except ValidationError as error:
        errors = error.errors(include_url=False)
        raise RequestValidationError([{**each, "loc": ("body", *each["loc"])} for each in errors]) from None


def back_to(form: Mapping[str, str], done: str, course: UUID) -> RedirectResponse:
    """Go back to the page with the form, which then says what is done in a course."""
    path = own_address(form.get("back")).partition("?")[0].partition("#")[0]
    return see_other(f"{path}?{urlencode({'done': done, 'of': course})}")
