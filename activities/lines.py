"""The lines of a mail: each notice in the words of the inbox, without what is said of a citizen (P10)."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import NamedTuple
from uuid import UUID

from domain.address import AddressKind
from domain.calendar import danish_day
from domain.state.course import CourseState
from domain.state.news import NewsKind
from domain.state.notice import WaitSubject
from domain.state.waiting import Waiting, WaitingKind
from infra.store.registers.people import Person
from infra.store.rows import NoticeRow
from rules.engine.book import Book
from rules.language.formats import Language
from wording.absences import absence_line
from wording.labels import Labels
from wording.mails import MailLine
from wording.sentences import TAKING, Entry, open_text


class Case(NamedTuple):
    """A course as a mail knows it: by its number, and how it stands unless that is erased."""

    reference: str
    state: CourseState | None
    book: Book


class Reader(NamedTuple):
    """Who reads a mail when, and in which language."""

    person: str
    language: Language
    now: datetime


def mail_lines(
    rows: Sequence[NoticeRow],
    cases: Mapping[UUID, Case],
    pressing: Collection[UUID],
    known: Mapping[str, Person],
    reader: Reader,
    public_url: str,
) -> list[MailLine]:
    """Return the lines of some notices, the newest alone of one cause in one course; `pressing` are those for today."""
    newest: dict[tuple[UUID, str], NoticeRow] = {}
    for course, row in of_courses(sorted(rows, key=lambda row: (row.queued_at, row.notice_id))):
        newest[course, _cause(row, cases[course].state)] = row
    lines = [
        _Line(row, cases[course], known, reader, is_pressing=row.notice_id in pressing).read(public_url)
        for course, row in of_courses(newest.values())
    ]
    away = (row for row in rows if row.course_id is None)
    return lines + [absence_line(row.about, row.subject, known, reader.language, public_url) for row in away]


def of_courses(rows: Iterable[NoticeRow]) -> Iterator[tuple[UUID, NoticeRow]]:
    """Yield the notices that are of a course, with it."""
    yield from ((row.course_id, row) for row in rows if row.course_id is not None)


def _wait_of(row: NoticeRow, state: CourseState | None) -> Waiting | None:
    waits = state.waiting if state is not None else ()
    return next((wait for wait in waits if str(wait.key) == row.waiting), None)


def _cause(row: NoticeRow, state: CourseState | None) -> str:
    """Return what several notices have in common: the wait, or for who leads all that is missing together."""
    wait = _wait_of(row, state)
    is_led = row.recipient_kind is AddressKind.SUPERVISORS
    return str(wait.escalation) if is_led and wait and wait.escalation else row.waiting or row.about


@dataclass(frozen=True)
class _Line:
    """A notice as it becomes a line of a mail to a person."""

    row: NoticeRow
    case: Case
    known: Mapping[str, Person]
    reader: Reader
    is_pressing: bool

    @property
    def labels(self) -> Labels:
        return Labels(self.case.book, self.reader.language)

    def read(self, public_url: str) -> MailLine:
        """Return the line."""
        wait, kind = _wait_of(self.row, self.case.state), self._kind
        stopped = self._stopped_step if self.is_pressing else None
        visit = self.case.state.visit(self.row.visit) if self.case.state and self.row.visit else None
        step = stopped or (visit.step if visit else None)
        label = self.labels.step(step) if step else ""
        text = self.labels.catalog.mail["step_stopped"].format(step=label) if stopped else self._text(wait)
        return MailLine(
            about=self.row.about if kind is None or self.row.about in TAKING else kind.value,
            reference=self.case.reference,
            step=label,
            text=text,
            link=f"{public_url}{self._path}" if public_url else "",
            until=danish_day(wait.until) if wait and wait.until else None,
            colleagues=tuple(self._colleagues(wait)),
            is_led=self._is_led,
            may_answer=bool(wait and self.row.level and wait.may_be_answered and self.reader.person in wait.persons),
            stopped=stopped is not None,
        )

    @property
    def _is_led(self) -> bool:
        return self.row.recipient_kind is AddressKind.SUPERVISORS and self._kind is not None

    @property
    def _kind(self) -> WaitingKind | None:
        return self.row.subject.key.kind if isinstance(self.row.subject, WaitSubject) else None

    @property
    def _path(self) -> str:
        """Return where the course is, or the version to acknowledge; nothing in it is about anybody (P10)."""
        subject, path = self.row.subject, f"/courses/{self.row.course_id}"
        if isinstance(subject, WaitSubject) and subject.key.version is not None and subject.key.visit is not None:
            return f"{path}/briefings/{subject.key.visit}/{subject.key.version}"
        return path

    @property
    def _stopped_step(self) -> str | None:
        """Return the step that stopped, where the notice is the news of it."""
        book, every = self.case.book, self.case.state.news if self.case.state else ()
        for item in chain.from_iterable(news.items for news in every if news.notice == self.row.notice_id):
            rule = book.fact(item.what) if item.kind is NewsKind.FACT else None
            stop = book.stop(rule.step) if rule is not None and rule.step is not None else None
            if rule is not None and stop is not None and stop.by == item.what:
                return rule.step
        return None

    def _text(self, wait: Waiting | None) -> str:
        """Return what is to be known or done; a refusal is read after login alone."""
        subject, kind = self.row.subject, self._kind
        what = subject.key.what if isinstance(subject, WaitSubject) and kind is not WaitingKind.DECISION else ""
        entry = Entry(
            about=self.row.about,
            subject=subject,
            level=self.row.level,
            visit=self.row.visit,
            kind=kind,
            what=what,
            missing=self._missing(wait) if what else None,
            roles=wait.roles if wait else None,
            until=wait.until if wait else None,
        )
        return open_text(entry, self.case.state, self.labels, self.reader.now)

    def _missing(self, wait: Waiting | None) -> Sequence[str] | None:
        """Return all that is missing by the same cause, which who leads reads as one."""
        if not self._is_led or wait is None or wait.escalation is None or self.case.state is None:
            return None
        same = (each for each in self.case.state.waiting if each.escalation == wait.escalation)
        return self.labels.in_order(each.what for each in same)

    def _colleagues(self, wait: Waiting | None) -> Iterable[str]:
        """Yield who else is in it, with a phone number: who is waited for, or who holds the other role."""
        state = self.case.state
        holders = [party.person for party in state.parties if party.person] if state else []
        for person in dict.fromkeys(wait.persons if self._is_led and wait else holders):
            if person != self.reader.person:
                entry = self.known.get(person)
                yield ", ".join(filter(None, (entry.name, entry.phone))) if entry else person
