"""Where somebody reports: an open visit of a course, as its reader may read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Path
from starlette.responses import RedirectResponse

from api.courses.read.course import read_in_full
from api.courses.read.models import CourseRead
from api.courses.visible import GivenCourse
from api.http.caller import Caller
from api.http.dependencies import GivenServices, Services
from api.http.fields import MOST
from api.http.negotiation import CallersLanguage
from api.pages.addresses import see_other
from domain.calendar import danish_day
from domain.identity import GATE_ROLES, Role
from domain.state.briefing import Dispute
from domain.state.course import Visit
from infra.security.tokens import Claims
from infra.store.queries.courses import VisibleCourse
from rules.engine.book import Book
from rules.language.formats import Language
from wording.labels import Labels

_Number = Annotated[int, Path(ge=1, le=MOST)]


@dataclass(frozen=True, slots=True)
class Place:
    """A visit of a course and who reads it; `visit` is None of one that is not open."""

    course: VisibleCourse
    read: CourseRead
    caller: Claims
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

    @property
    def subject(self) -> str:
        """Return of whom the course is, as the reader knows the citizen."""
        return self.read.citizen.name or self.read.citizen.reference

    @property
    def today(self) -> str:
        """Return the Danish day."""
        return danish_day(self.services.clock.now()).isoformat()

    @property
    def roles(self) -> frozenset[Role]:
        """Return the roles in which the reader is asked: held, covered, or else those of the login."""
        state = self.course.state
        held = {role for person in (self.caller.person, *self.course.covers) for role in state.roles_of(person)}
        return frozenset(held or self.caller.roles.intersection(GATE_ROLES) or GATE_ROLES)

    @property
    def others(self) -> str:
        """Return the names of who holds the other role."""
        others = [party for party in self.read.parties if party.role in set(GATE_ROLES) - self.roles]
        named = [party.name or party.person or party.unit_name or party.unit or "" for party in others]
        return self.labels.listed(named) if named else self.labels.roles(GATE_ROLES)

    @property
    def disputes(self) -> Sequence[Dispute]:
        """Return the disputes that hold the course."""
        return [dispute for visit in self.course.state.open_visits for dispute in visit.open_disputes]

    def left(self, done: str = "") -> RedirectResponse:
        """Lead to the course, which says what is done."""
        return see_other(f"{self.address}{f'?done={done}' if done else ''}")

    def sent(self) -> RedirectResponse:
        """Lead to what was sent, where it can be taken back and put right for a while."""
        return see_other(f"{self.address}/sent?done=saved")


async def _place(
    course: GivenCourse, services: GivenServices, caller: Caller, language: CallersLanguage, visit: _Number
) -> Place:
    book = await services.rulebooks.book(caller.municipality, course.row.rules_sha256)
    read = await read_in_full(services, caller, course, language)
    found = next((one for one in course.state.open_visits if one.number == visit), None)
    return Place(course, read, caller, services, Labels(book, language), found)


GivenPlace = Annotated[Place, Depends(_place)]
