"""Everything the store keeps about one course, fetched together in one transaction so that it fits together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from domain.identity import Role
from domain.state.appointments import Decline
from domain.state.briefing import Dispute
from domain.state.course import CourseState
from domain.state.facts import Note
from domain.state.reads import Reads
from infra.store.engine import Connection
from infra.store.queries import courses, notices
from infra.store.queries.courses import VisibleCourse
from infra.store.queries.unknown_holders import UnknownHolder
from infra.store.registers import people
from infra.store.registers import texts as text_register
from infra.store.registers.people import Person
from infra.store.rows import NoticeRow, VisitRow


@dataclass(frozen=True, slots=True)
class CourseRecords:
    """The rows that belong to a course beside its state; `notes` are those the caller may read.

    `away` are those who are waited for and are away, each with the last day of it, `covers` who acts for parties who
    are away, and `unknown` those whom the directory does not know in their role, where that is asked for; `companies`
    are the names of workplaces, `on_behalf` how often others acknowledged on behalf of who holds a role.
    """

    visits: tuple[VisitRow, ...]
    notices: Mapping[int, list[NoticeRow]]
    undone: tuple[NoticeRow, ...]
    people: Mapping[str, Person]
    notes: tuple[Note, ...]
    texts: Mapping[UUID, str]
    away: Mapping[str, date | None] = field(default_factory=dict)
    covers: Mapping[str, str] = field(default_factory=dict)
    companies: Mapping[str, str] = field(default_factory=dict)
    unknown: Sequence[UnknownHolder] = ()
    on_behalf: Mapping[Role, int] = field(default_factory=dict)

    def name(self, person: str) -> str:
        """Return a person's name, or the id where the directory does not know it."""
        on_record = self.people.get(person)
        return on_record.name if on_record else person


async def fetch(connection: Connection, course: VisibleCourse) -> CourseRecords:
    """Load the records of a course as it is read."""
    state = course.state
    notes = tuple(note for note in state.notes if note.audience.includes(course.roles))
    wanted = [*(note.id for note in notes), *(waiting.taken.reason for waiting in state.waiting if waiting.taken)]
    wanted += [waiting.answer.reason for waiting in state.waiting if waiting.answer and waiting.answer.reason]
    disputes = [dispute for visit in state.visits for dispute in visit.disputes]
    wanted += [words for dispute in disputes for words in dispute.words]
    declines = [decline for visit in state.visits for decline in visit.declines]
    wanted += [decline.reason for decline in declines if decline.reason]
    if course.row.citizen_text is not None:
        wanted.append(course.row.citizen_text)
    briefed = [visit.number for visit in state.visits if visit.briefing is not None]
    visits = await courses.visits(connection, course.id)
    return CourseRecords(
        visits=tuple(visits if course.reads is None else visits_read_by(course.reads, visits)),
        notices=await notices.of_visits(connection, course.id, briefed),
        undone=tuple(await notices.undone_since(connection, course.id, 0)) if course.reads is None else (),
        people=await people.some(connection, _persons(state, disputes, declines)),
        notes=notes,
        texts=await text_register.texts(connection, wanted),
        on_behalf=(await courses.times_on_behalf(connection, [course.id]))[course.id] if course.reads is None else {},
    )


def visits_read_by(reads: Reads, visits: Iterable[VisitRow]) -> list[VisitRow]:
    """Return the visits that an observer reads, without what of the law was not met there (P14)."""
    return [visit.model_copy(update={"breaches": []}) for visit in visits if visit.step in reads.steps]


def _persons(state: CourseState, disputes: Iterable[Dispute], declines: Iterable[Decline]) -> set[str]:
    """Return who is named: the parties, who reported facts, made and ended disputes, or cannot come to a meeting."""
    persons = {
        *(party.person for party in state.parties),
        *(fact.reporter for fact in state.facts),
        *(p for d in disputes for p in (d.by, d.ended_by)),
        *(decline.by for decline in declines),
    }
    return {person for person in persons if person is not None}
