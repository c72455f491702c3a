"""Writes the mail of a batch: its notices in the words of the inbox, without what is said of a citizen (P10)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from activities.channels import Mail
from activities.inviting import Sender, invitation, meeting_of
from activities.lines import Case, Reader, mail_lines, of_courses
from domain.calendar import Calendar, danish_day
from domain.gathering import is_for_today
from domain.identity import ACTING
from domain.since_last import is_first_day_back
from infra.documents.calendars import Calendars
from infra.documents.rulebooks import Rulebooks
from infra.store.courses.errands import unit_of
from infra.store.engine import Connection
from infra.store.queries import courses, opportunities, stories
from infra.store.registers import absences, companies, people, units
from infra.store.registers.people import Person
from infra.store.rows import NoticeRow
from wording.absences import away_in
from wording.calendars import Meeting
from wording.catalog import catalog
from wording.labels import Labels
from wording.mails import Surroundings, mail_words
from wording.stories import story_text

_SINCE_LAST: Final = "/since-last"
_A_WEEK: Final = timedelta(days=7)
_FRIDAY: Final = 5


@dataclass(frozen=True)
class Writer:
    """Writes mails."""

    rulebooks: Rulebooks
    calendars: Calendars
    sender: Sender = field(default_factory=Sender)

    async def mail(
        self, connection: Connection, municipality: str, person: str, rows: Sequence[NoticeRow], now: datetime
    ) -> Mail:
        """Return the mail that brings a person some notices; one of a meeting by itself is an invitation."""
        stored = await courses.several(connection, {row.course_id for row in rows if row.course_id})
        books = await self.rulebooks.books(municipality, {each.row.rules_sha256 for each in stored.values()})
        cases = {
            each.row.course_id: Case(each.row.reference, each.state, books[each.row.rules_sha256])
            for each in stored.values()
        }
        away = away_in(row.subject for row in rows)
        known = await people.some(connection, {person, *_named(cases.values()), *away})
        calendar = await self.calendars.in_force(connection)
        entry = known.get(person)
        to = entry.email if entry else await _address_of_queue(connection, person)
        reader = Reader(person, entry.language if entry else "da", now)
        if len(rows) == 1 and (meeting := _meeting_of(rows[0], cases)) is not None:
            labels = Labels(cases[meeting.course.course].book, reader.language)
            names = await companies.names(connection, [place] if (place := meeting.planned.place) else ())
            return invitation(meeting, labels, names, person, to, self.sender)
        pressing = {
            row.notice_id for course, row in of_courses(rows) if _is_pressing(row, cases[course], calendar, now)
        }
        lines = mail_lines(rows, cases, pressing, known, reader, self.sender.public_url)
        is_list, today = len(pressing) < len(rows), danish_day(now)
        is_friday = is_list and today.isoweekday() == _FRIDAY
        told = await self._story(connection, entry, today) if is_friday and entry else None
        around = await self._around(connection, today, is_list=is_list, is_friday=is_friday)
        is_back = is_list and await self._is_back(connection, person, calendar, today)
        since_last = f"{self.sender.public_url}{_SINCE_LAST}" if is_back and self.sender.public_url else ""
        around = replace(around, story=told.words if told else "", since_last=since_last)
        words = mail_words(lines, around, reader.language)
        story = told.id if told else None
        return Mail(to=to, language=reader.language, story=story, **asdict(words))

    async def _around(self, connection: Connection, today: date, *, is_list: bool, is_friday: bool) -> Surroundings:
        """Return what stands around the lines; a list on a Friday ends with how much the week brought."""
        new = await opportunities.since(connection, today - _A_WEEK) if is_friday else 0
        return Surroundings(today, not is_list, self.sender.foot, new)

    async def _is_back(self, connection: Connection, person: str, calendar: Calendar, today: date) -> bool:
        """Say whether it is somebody's first working day after an absence."""
        return is_first_day_back(await absences.of_person(connection, person), calendar, today)

    async def _story(self, connection: Connection, entry: Person, today: date) -> "_Story | None":
        """Return a good story of the reader's unit, which names a company only where that agreed (P10)."""
        if entry.unit is None or ACTING.isdisjoint(entry.roles):
            return None
        found = await stories.story_to_tell(connection, entry.unit, entry.person_id, today)
        if found is None:
            return None
        story, fields = found
        names = await companies.names(connection, [fields.p_number] if fields.p_number else ())
        return _Story(story, story_text(fields, names, catalog(entry.language)))


async def _address_of_queue(connection: Connection, person: str) -> str | None:
    """Return the address of the unit whose queue a mail is for; None where it has none, and for an unknown person."""
    unit = unit_of(person)
    return await units.email_of(connection, unit) if unit is not None else None


class _Story(NamedTuple):
    """A good story, and its words."""

    id: UUID
    words: str


def _meeting_of(row: NoticeRow, cases: Mapping[UUID, Case]) -> Meeting | None:
    """Return the meeting that a notice is about, None where there is none."""
    return meeting_of(row.subject, cases[row.course_id].state) if row.course_id is not None else None


def _is_pressing(row: NoticeRow, case: Case, calendar: Calendar, now: datetime) -> bool:
    return case.state is not None and is_for_today(row, case.state, case.book, calendar, now)


def _named(cases: Iterable[Case]) -> set[str]:
    """Return whom lines may name: those who hold a role, and those who are waited for."""
    states = [case.state for case in cases if case.state is not None]
    holders = {party.person for state in states for party in state.parties if party.person}
    return holders.union(*(wait.persons for state in states for wait in state.waiting))
