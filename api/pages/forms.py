"""What a form of a page posts, screened as every body is."""

from typing import Annotated

from fastapi import Depends

from api.http.request_body import CleanBody


async def _form(body: CleanBody) -> dict[str, str]:
    return body or {}


Form = Annotated[dict[str, str], Depends(_form)]
