"""Another site can let a browser post with our cookies, so what changes something must come from a page of ours."""

from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request

from api.http.codes import ApiCode
from api.http.problems import ProblemError

_SAFE: Final = frozenset({"GET", "HEAD"})


async def expect_same_origin(request: Request) -> None:
    """Expect that a page of ours asks for what changes something; raises ProblemError 403.

    Browsers say so in `Sec-Fetch-Site`, older ones in `Origin` alone; who says neither is refused.
    """
    if request.method in _SAFE:
        return
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin", "")
    is_ours = site == "same-origin" if site else urlsplit(origin).netloc == request.headers.get("host")
    if not is_ours:
        raise ProblemError(ApiCode.CROSS_SITE)
