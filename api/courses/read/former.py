"""A citizen's former course, shown on top of the one that follows it to who reads the caseworker's part (P13, P14).

The former course may be of another unit: who may read what is for caseworkers only in the new one reads this too.
Nothing is shown of a course that is erased.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.directory.names import NameOf, Register
from api.http.dependencies import Services
from api.http.read_model import ReadModel
from api.text.steps import StepRead, step_read
from domain.calendar import danish_day
from domain.decide.proposals import proposals_of
from domain.state.course import CourseState
from domain.state.facts import Audience
from domain.state.proposals import Proposal
from infra.store.queries import courses
from infra.store.queries.courses import VisibleCourse
from infra.store.registers import companies, texts
from infra.store.rows import CourseRow, VisitRow
from rules.language.formats import Language, labelled
from wording.labels import Labels, Names


class ProposalRead(ReadModel):
    """What the former course knew at its close, to be kept or dropped; a lesson has its visit, company and days."""

    id: UUID
    kind: str
    label: str = Field(description="What the kind is called.")
    text: str | None = Field(description="Null when it is erased.")
    audience: Audience
    by: str
    at: datetime
    step: StepRead | None = Field(description="The step that taught it; null for what holds wherever it was learned.")
    ordinal: int | None = Field(description="Which visit to its step it was.")
    p_number: str | None
    entered_on: date | None
    left_on: date | None
    by_name: Annotated[str | None, NameOf("by")] = None
    company: Annotated[str | None, NameOf("p_number", Register.COMPANIES)] = None


class FormerCourseRead(ReadModel):
    """The course before, how it ended, and what of it nobody has gone through yet."""

    course: UUID
    ordinal: int
    started_on: date
    closed_on: date | None
    outcome: str | None
    proposals: list[ProposalRead]


@dataclass(frozen=True, slots=True)
class FormerCourse:
    """A former course with the words for it, in the language of its reader."""

    row: CourseRow
    state: CourseState
    labels: Labels
    visits: tuple[VisitRow, ...]
    texts: dict[UUID, str]
    companies: dict[str, str]
    proposals: tuple[Proposal, ...]

    def read(self, unreviewed: tuple[UUID, ...]) -> FormerCourseRead:
        """Return the course as it is read, with those of its proposals that nobody has gone through."""
        left = [visit.left_at for visit in self.visits if visit.left_at is not None]
        outcome = self.state.outcome
        return FormerCourseRead.of(
            self.row,
            course=self.row.course_id,
            closed_on=danish_day(max(left)) if left else None,
            outcome=self.labels.outcome(outcome) if outcome else None,
            proposals=[self._proposal(each) for each in self.proposals if each.id in unreviewed],
        )

    def _proposal(self, proposal: Proposal) -> ProposalRead:
        visit = self._visit(proposal)
        return ProposalRead.of(
            proposal,
            proposal.former,
            label=self.labels.catalog.term("lesson") if proposal.facts else self.labels.note_kind(proposal.kind),
            text=self._text(proposal),
            step=step_read(visit.step, self.labels) if visit else None,
            ordinal=visit.ordinal if visit else None,
            entered_on=visit.entered_on if visit else None,
            left_on=danish_day(visit.left_at) if visit and visit.left_at else None,
        )

    def words_to_keep(self, proposal: Proposal) -> str | None:
        """Return the words of the note that a proposal becomes; a lesson says where and when it was learned."""
        text, visit = self._text(proposal), self._visit(proposal)
        if text is None or visit is None:
            return text
        fill, words = self.labels.catalog.fill, self.labels.catalog.briefing
        company = self.companies.get(proposal.p_number or "", proposal.p_number or "")
        days = self.labels.days(visit.entered_on, danish_day(visit.left_at) if visit.left_at else None)
        where = fill(words["lesson_at"], {"company": company, "days": days}) if company else days
        step = fill(words["visit_by_step"], {"step": self.labels.step(visit.step), "ordinal": visit.ordinal})
        return f"{text}\n{step} ({where})"

    def _text(self, proposal: Proposal) -> str | None:
        if not proposal.facts:
            return self.texts.get(proposal.id)
        facts = sorted(proposal.facts, key=lambda fact: self.labels.place_of_fact(fact.fact))
        labels = self.labels
        return "; ".join(labelled(labels.fact(fact.fact), labels.value(fact.fact, fact.value)) for fact in facts)

    def _visit(self, proposal: Proposal) -> VisitRow | None:
        return next((visit for visit in self.visits if visit.number == proposal.visit), None)


async def former_course(
    services: Services, municipality: str, course: VisibleCourse, language: Language
) -> FormerCourse | None:
    """Return the course that another one follows; None without one, for who may not read it, and once it is erased."""
    if course.state.follows is None or not Audience.CASEWORKER_ONLY.includes(course.roles):
        return None
    return await _read(services, municipality, course.state.follows, language)


async def lesson_words(services: Services, municipality: str, former: UUID, lesson: UUID) -> str | None:
    """Return the words of the note that a lesson of a course becomes where it is kept; None without such a lesson."""
    course = await _read(services, municipality, former, "da")
    found = next((each for each in course.proposals if each.id == lesson), None) if course else None
    return course.words_to_keep(found) if course and found else None


async def _read(services: Services, municipality: str, former: UUID, language: Language) -> FormerCourse | None:
    async with services.store.municipality(municipality) as connection:
        stored = await courses.course(connection, former)
        if stored is None or stored.state is None:
            return None
        book = await services.rulebooks.book(municipality, stored.row.rules_sha256)
        proposals = proposals_of(stored.state, book)
        places = {each.p_number for each in proposals if each.p_number}
        places_named = await companies.names(connection, places)
        return FormerCourse(
            row=stored.row,
            state=stored.state,
            labels=Labels(book, language, Names(companies=places_named)),
            visits=tuple(await courses.visits(connection, former)),
            texts=await texts.texts(connection, [each.id for each in proposals]),
            companies=places_named,
            proposals=proposals,
        )


async def proposals_to_next(services: Services, before: VisibleCourse | None) -> tuple[UUID, ...]:
    """Return what a course proposes to the one that shall follow it."""
    if before is None:
        return ()
    book = await services.rulebooks.book(before.state.municipality, before.row.rules_sha256)
    return tuple(proposal.id for proposal in proposals_of(before.state, book))
