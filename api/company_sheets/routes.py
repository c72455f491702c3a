"""The sheet of a company as it would be now, and versions as they were issued: to read out and to print (P10, P14)."""

from datetime import datetime
from functools import partial
from typing import Annotated, Final, NamedTuple

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import PlainTextResponse

from api.company_sheets.documents import as_pdf, as_text
from api.company_sheets.models import CompanySheetRead, SheetStanding
from api.company_sheets.reading import Chosen, SheetReader
from api.company_sheets.versions import sheet_versions
from api.courses.visible import GivenCourse
from api.directory.names import with_names
from api.http.access import CourseInFullReader
from api.http.codes import ApiCode
from api.http.conditional import GivenReading
from api.http.dependencies import GivenServices, Services
from api.http.fields import MOST, GateRole
from api.http.negotiation import CallersLanguage, media_type_of
from api.http.problems import ProblemError
from api.http.responses import AS_FILE, AS_TEXT, problems
from api.text.pdf import in_turn
from domain.errors import Code
from infra.security.tokens import Claims
from infra.store.queries.courses import VisibleCourse
from rules.language.formats import Language
from wording.labels import Labels

router = APIRouter(tags=["company-sheets"])

_JSON: Final = "application/json"
_TEXT: Final = "text/plain"
PDF: Final = "application/pdf"

_Visit = Annotated[
    int | None, Query(ge=1, le=MOST, description="The visit; may be left out while one open visit has a company.")
]
_Version = Annotated[int | None, Query(ge=1, le=MOST, description="A version as it was issued; else a preview.")]
_Contact = Annotated[GateRole, Query(description="Of a preview: whom the company calls.")]
_Along = Annotated[
    list[GateRole] | None, Query(max_length=2, description="Of a preview: who comes along on the first day.")
]


async def _chosen(contact: _Contact = GateRole.COMPANY_CONSULTANT, comes_along: _Along = None) -> Chosen:
    return Chosen(contact, tuple(comes_along or ()))


_Chosen = Annotated[Chosen, Depends(_chosen)]


class Asked(NamedTuple):
    """Which sheet is asked for: of which visit, a version or else a preview with whom the company calls."""

    chosen: Chosen
    visit: int | None
    version: int | None


@router.get(
    "/v1/courses/{course}/company-sheet",
    summary="What may the company be told?",
    responses={
        200: {"model": CompanySheetRead, "content": {_TEXT: AS_TEXT, PDF: AS_FILE}},
        **problems(404, 406, 409),
    },
    response_model=None,
)
async def read_company_sheet(
    course: GivenCourse,
    services: GivenServices,
    caller: CourseInFullReader,
    language: CallersLanguage,
    reading: GivenReading,
    chosen: _Chosen,
    visit: _Visit = None,
    version: _Version = None,
) -> CompanySheetRead | Response:
    """Return the sheet as it would be now, or a version as it was issued: as JSON, as text to read out, as PDF.

    `page` is exactly what the company sees. Nothing is issued by reading.
    A version that stands no longer is read as JSON alone: as text and PDF it is given out no more, and the problem
    says why.
    """
    form = media_type_of(reading.request.headers, (_JSON, _TEXT, PDF))
    if form is None:
        raise ProblemError(ApiCode.NOT_ACCEPTABLE)
    read, labels = await read_sheet(services, caller, course, language, Asked(chosen, visit, version), form)
    if form == _JSON:
        return read
    headers = {name: value for name, value in reading.response.headers.items() if name != "content-length"}
    return await document(read, form, headers, labels, services.clock.now())


async def read_sheet(
    services: Services, caller: Claims, course: VisibleCourse, language: Language, asked: Asked, form: str = _JSON
) -> tuple[CompanySheetRead, Labels]:
    """Return a sheet, and the words for it; raises ProblemError for a version that is given out no more."""
    labels = Labels(await services.rulebooks.book(caller.municipality, course.row.rules_sha256), language)
    async with services.store.municipality(caller.municipality) as connection:
        reader = SheetReader(services, course, labels, connection)
        if asked.version is None:
            read = await reader.read_preview(await reader.preview(asked.visit, asked.chosen))
        else:
            versions = await sheet_versions(connection, course.id)
            read = await reader.read_version(versions, asked.version)
            if form != _JSON and read.standing is not SheetStanding.STANDS:
                because = labels.catalog.term(versions.because(asked.version, course.state))
                raise ProblemError(Code.COMPANY_SHEET_STOPPED, because=because)
        return await with_names(connection, read), labels


async def document(
    read: CompanySheetRead, form: str, headers: dict[str, str], labels: Labels, now: datetime
) -> Response:
    """Return the page as text or as PDF; raises ProblemError while there is none."""
    if read.page is None:
        raise ProblemError(ApiCode.COMPANY_SHEET_INCOMPLETE, missing=" ".join(read.missing))
    if form == _TEXT:
        return PlainTextResponse(as_text(read.page, labels, version=read.version), headers=headers)
    headers["Content-Disposition"] = f'inline; filename="{labels.catalog.company_sheet["file"]}.pdf"'
    page = await in_turn(partial(as_pdf, read.page, labels, now, version=read.version))
    return Response(page, media_type=PDF, headers=headers)
