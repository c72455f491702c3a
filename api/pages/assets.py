"""The files that pages load, in a folder named by the digest of them all, so that browsers may keep them for ever."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from mimetypes import guess_type
from pathlib import Path
from typing import Final

import structlog
from fastapi import APIRouter, Response

from api.http.codes import ApiCode
from api.http.problems import ProblemError

router = APIRouter(include_in_schema=False)

_HERE: Final = Path(__file__).parent
_PACKAGES: Final = _HERE / "npm" / "node_modules"
_TAKEN: Final = (
    (_HERE / "static", "*.css", "css"),
    (_HERE / "static", "*.svg", "img"),
    (_PACKAGES / "dkfds" / "dist" / "css", "dkfds.min.css", "css"),
    (_PACKAGES / "dkfds" / "dist" / "img" / "svg-icons", "*.svg", "img/svg-icons"),
    (_PACKAGES / "dkfds" / "dist" / "fonts" / "IBMPlexSans" / "split" / "woff2", "*-Latin1.woff2", "fonts"),
    (_HERE / "static", "*.js", "js"),
    (_PACKAGES / "htmx.org" / "dist", "htmx.min.js", "js"),
)
"""Where files are taken from, which, and the folder in which they are served."""
_FACES: Final = re.compile(rb"@font-face\s*\{[^}]*\}")
"""The design system's own faces, which load whole fonts in an old format; ours are in `static/fodslag.css`."""
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_DIGITS: Final = 16

_log = structlog.stdlib.get_logger("api")


@dataclass(frozen=True, slots=True)
class Assets:
    """The files by their served names, and the digest of them all."""

    digest: str
    files: Mapping[str, bytes]

    def url(self, name: str) -> str:
        """Return the address of a file."""
        return f"/assets/{self.digest}/{name}"


@cache
def assets() -> Assets:
    """Read all files; without the packages, pages are plain HTML that works all the same, and the log says why."""
    if not _PACKAGES.is_dir():
        _log.error("The packages that pages load are not installed; run: make api/pages/npm/node_modules/.installed")
    files = dict(sorted(_files()))
    digest = sha256()
    for name, content in files.items():
        digest.update(f"{name} {len(content)}\n".encode() + content)
    return Assets(digest.hexdigest()[:_DIGITS], files)


def _files() -> Iterator[tuple[str, bytes]]:
    for folder, pattern, served in _TAKEN:
        for file in folder.glob(pattern):
            content = file.read_bytes()
            is_of_package = _PACKAGES in file.parents
            yield f"{served}/{file.name}", _FACES.sub(b"", content) if is_of_package else content


@router.get("/assets/{digest}/{name:path}")
async def read_asset(digest: str, name: str) -> Response:
    """Return a file of this build; one of another build is gone."""
    content = assets().files.get(name) if digest == assets().digest else None
    if content is None:
        raise ProblemError(ApiCode.ROUTE_UNKNOWN)
    return Response(content, media_type=guess_type(name)[0], headers={"Cache-Control": _FOR_EVER})
