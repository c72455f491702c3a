"""Where somebody reports: an open visit of a course, in the language of the reader."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Path
from starlette.responses import RedirectResponse

from api.courses.visible import GivenCourse
from api.http.dependencies import GivenServices, Services
from api.http.fields import MOST
from api.http.negotiation import CallersLanguage
from domain.state.course import Visit
from infra.store.queries.courses import VisibleCourse
from rules.engine.book import Book
from rules.language.formats import Language
from wording.labels import Labels

_SEE_OTHER: Final = 303

_Number = Annotated[int, Path(ge=1, le=MOST)]


@dataclass(frozen=True, slots=True)
class Place:
    """A visit of a course that the caller may read; `visit` is None of one that is not open."""

    course: VisibleCourse
    services: Services
    labels: Labels
    visit: Visit | None

    @property
    def book(self) -> Book:
        """Return the rules of the course."""
        return self.labels.book

    @property
    def language(self) -> Language:
        """Return the reader's language."""
        return self.labels.language

    @property
    def address(self) -> str:
        """Return the page of the course."""
        return f"/courses/{self.course.id}"

    def left(self, done: str = "") -> RedirectResponse:
        """Lead to the course, which says what is done."""
        return RedirectResponse(f"{self.address}{f'?done={done}' if done else ''}", _SEE_OTHER)


async def _place(course: GivenCourse, services: GivenServices, language: CallersLanguage, visit: _Number) -> Place:
    book = await services.rulebooks.book(course.state.municipality, course.row.rules_sha256)
    found = next((one for one in course.state.open_visits if one.number == visit), None)
    return Place(course, services, Labels(book, language), found)


GivenPlace = Annotated[Place, Depends(_place)]
