"""Everybody who reads one course as it stands: each view and each list, by the functions beneath the routes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from api.briefings.changes import differences
from api.briefings.documents import as_pdf, as_text
from api.briefings.models import BriefingRead
from api.briefings.since import Since
from api.briefings.versions import BriefingVersion
from api.briefings.view import briefing_read
from api.companies.workplaces import Beside as BesideThere
from api.companies.workplaces import course_there
from api.courses.read.course import course_read
from api.courses.read.former import FormerCourse
from api.courses.read.listing import Beside, course_line
from api.courses.read.load import CourseRecords
from api.feed.changes import change_read
from api.http.caller import reach_of
from api.http.negotiation import LANGUAGES
from api.inbox.escalations import escalation_read
from api.inbox.forecast import rehearsed_read
from api.journal.sentences import JournalWords
from api.journal.statements import StatementIndex
from domain.decide.proposals import proposals_of
from domain.events import Event, NoteAdded, NoticeRaised
from domain.forecast import rehearse
from domain.identity import Role
from domain.state.course import CourseState
from domain.state.facts import Note
from infra.security.tokens import Claims
from infra.store.courses.projection import course_row, visit_rows, waiting_rows, workplace_rows
from infra.store.queries.courses import VisibleCourse
from infra.store.queries.escalations import EscalationRow
from infra.store.queries.feed import FeedEntry
from infra.store.queries.inbox_item import InboxItem
from infra.store.queries.workplaces import WorkplaceVisit
from infra.store.rows import CourseRow, VisitRow
from rules.engine.book import Book
from rules.explain.explain import explain
from rules.explain.models import Explanation
from tests.api.vocabulary import parsed
from tests.domain.vocabulary import COURSE, plain_calendar
from wording.calendars import appointments_of, calendar_file
from wording.labels import Labels
from wording.sentences import inbox_text, quote_of, quoting

READERS = tuple(
    Claims(person=person, roles=frozenset({role}), municipality="0990", units=frozenset({"*"}))
    for person, role in (("anna", Role.CASEWORKER), ("bo", Role.COMPANY_CONSULTANT), ("sara", Role.SUPERVISOR))
)
FORESEEN = timedelta(days=10)


@dataclass(frozen=True)
class Stand:
    """A course as it stands, with what happened, of which `news` was not read before."""

    book: Book
    state: CourseState
    now: datetime
    events: Sequence[Event]
    news: Sequence[Event]
    texts: Mapping[UUID, str] = field(default_factory=dict)

    @property
    def row(self) -> CourseRow:
        """The course's own row."""
        return CourseRow.model_validate({**course_row(self.state), "citizen_text": None, "citizen_key": None})

    def is_read_by_all(self, *, with_pdf: bool = False, with_rehearsal: bool = False) -> None:
        """Read everything in both languages as each role, and check that the explanation says what the gate says."""
        explanation = explain(self.book, self.state, self.now, plain_calendar())
        assert explanation.model_dump_json()
        outcomes = {v.visit: {r.id: r.outcome for r in v.requirements} for v in explanation.visits}
        assert outcomes == {visit.number: visit.judgement.outcomes for visit in self.state.open_visits}
        readable = dict.fromkeys(self.notes_of(claims) for claims in READERS)
        for language in LANGUAGES:
            labels = Labels(self.book, language)
            for notes in readable:
                assert all(self.views(explanation, labels, notes))
                assert not with_pdf or all(pdf.startswith(b"%PDF") for pdf in self.pdfs(explanation, labels, notes))
            assert all(self.lists(labels))
            assert not with_rehearsal or all(self.rehearsal(labels))
        for claims in READERS:
            assert all(
                change_read(reach_of(claims, self.now), entry, "x", self.book).model_dump_json()
                for entry in self._feed()
            )

    def notes_of(self, reader: Claims) -> tuple[Note, ...]:
        """Return the notes that somebody may read."""
        return tuple(note for note in self.state.notes if note.audience.includes(reader.roles))

    def views(self, explanation: Explanation, labels: Labels, notes: tuple[Note, ...]) -> Iterator[str]:
        """Yield the course, its inbox, journal, appointments and briefings for who may read these notes."""
        yield from _Reader(self, explanation, labels, notes).views()

    def pdfs(self, explanation: Explanation, labels: Labels, notes: tuple[Note, ...]) -> Iterator[bytes]:
        """Yield the briefings as PDF."""
        for read, since in _Reader(self, explanation, labels, notes).briefings():
            yield as_pdf(read, "Kommune 0990", labels, self.now, since)

    def lists(self, labels: Labels) -> Iterator[str]:
        """Yield the course as a line of lists, at its workplaces, and on the board of the supervisors."""
        yield course_line(self.row, Beside({}, {}, {}), labels, self.now).model_dump_json()
        named = workplace_rows(self.state, self.book.workplaces)
        stays = [WorkplaceVisit(step=row["step"], visit=row["visit"], is_open=True) for row in named]
        yield course_there(self.row, BesideThere(stays, (), {}), labels).model_dump_json()
        for row in self._escalations():
            text = inbox_text(row, self.state, labels, self.now)
            quote = quote_of(row.waiting, self.state)
            quoted = quoting(text, quote.by, self.texts.get(quote.words), labels) if quote else text
            yield escalation_read(row, self.texts, (), labels, self.now, quoted).model_dump_json()

    def _escalations(self) -> Iterator[EscalationRow]:
        steps = {visit.number: visit.step for visit in self.state.visits}
        for wait in waiting_rows(self.state):
            more = {"step": steps.get(wait["visit"] or 0), "missing": (wait["what"],), "rules_sha256": ""}
            about = {name: getattr(self.row, name) for name in ("unit", "reference", "citizen", "citizen_text")}
            if wait["escalation"] is not None:
                yield EscalationRow.model_validate({**wait, **more, **about})

    def rehearsal(self, labels: Labels) -> Iterator[str]:
        """Yield the notices of the next days."""
        foreseen = rehearse(self.state, self.book, plain_calendar(), self.now, self.now + FORESEEN)
        yield from (rehearsed_read(each, self.state, labels).model_dump_json() for each in foreseen.notices)

    def _feed(self) -> Iterator[FeedEntry]:
        about = {
            "course_id": self.state.course,
            "reference": self.state.reference,
            "rules_sha256": "",
            "unit": self.state.unit,
            "tx": 1,
            "part": 0,
        }
        for number, event in enumerate(self.news, 1):
            envelope = {"kind": event.kind, "v": event.v, "at": event.at, "actor": event.by}
            place = {"position": number, "epoch": 1, "revision": 1, "seq": number}
            detail = event.model_dump(mode="json", exclude={"kind", "v", "at", "by", "visit"})
            more = {"visit": getattr(event, "visit", None), "detail": detail}
            yield FeedEntry.model_validate({**about, **envelope, **place, **more})


class _Reader:
    """Somebody who may read some notes, in one language."""

    def __init__(self, stand: Stand, explanation: Explanation, labels: Labels, notes: tuple[Note, ...]) -> None:
        self.stand, self.state, self.labels, self.explanation = stand, stand.state, labels, explanation
        visits = tuple(VisitRow.model_validate(row) for row in visit_rows((stand.state,)))
        self.beside = CourseRecords(visits, {}, (), {}, notes, stand.texts)
        self.course = VisibleCourse(row=stand.row, whole=stand.state, judged_at=stand.now, roles=frozenset())
        by_id = {note.id: note for note in notes}
        self.statements = replace(StatementIndex.of(stand.events), notes=by_id, texts=stand.texts)

    def views(self) -> Iterator[str]:
        """Yield the course, its inbox, journal, appointments and briefings."""
        labels, now = self.labels, self.stand.now
        yield course_read(self.course, self.beside, self.explanation, labels, now).model_dump_json()
        if any(visit.appointments for visit in self.state.visits):
            file = calendar_file("x", "x", appointments_of(self.state, labels, {"1000000001": "Nord"}))
            assert parsed(file)
            yield file.decode()
        yield from self.inbox()
        yield from self.journal()
        yield from self.as_former()
        for read, since in self.briefings():
            yield read.model_dump_json()
            yield as_text(read, labels, since)

    def as_former(self) -> Iterator[str]:
        """Yield the course as the next one of the citizen shows it, and the words in which its proposals are kept."""
        proposals = proposals_of(self.state, self.stand.book)
        row, visits, texts = self.stand.row, self.beside.visits, dict(self.stand.texts)
        former = FormerCourse(row, self.state, self.labels, visits, texts, {}, proposals)
        yield former.read(tuple(each.id for each in proposals)).model_dump_json()
        yield from (words for each in proposals if (words := former.words_to_keep(each)) is not None)

    def briefings(self) -> Iterator[tuple[BriefingRead, Since]]:
        """Yield each current briefing with what differs from one without facts and notes, some knowledge folded."""
        for visit in self.state.open_visits:
            if visit.briefing is not None:
                version, manifest = BriefingVersion(visit.briefing), visit.briefing.manifest
                before = manifest.model_copy(update={"facts": (), "notes": ()})
                new = differences(before, manifest, self.state, self.statements, self.labels)
                since = Since(new, frozenset(manifest.knowledge[:1]))
                read = briefing_read(self.course, version, self.beside, self.statements, self.labels, self.stand.now)
                yield read, since

    def inbox(self) -> list[str]:
        """Return what each wait and each of the last notices says."""
        of_a_wait = ("kind", "what", "visit", "roles", "until", "level")
        of_a_notice = ("about", "subject", "visit", "level")
        waits = [{name: getattr(wait, name) for name in of_a_wait} for wait in self.state.waiting]
        raised = [event for event in self.stand.news if isinstance(event, NoticeRaised)]
        told = [*waits, *({name: getattr(event, name) for name in of_a_notice} for event in raised)]
        return [
            inbox_text(self.item(**what), course, self.labels, self.stand.now)
            for what in told
            for course in (self.state, None)
        ]

    def item(self, **what: object) -> InboxItem:
        """Return something in an inbox about the course."""
        nothing = dict.fromkeys(InboxItem.model_fields)
        usual = {"id": "1", "urgency": 1, "reference": "case-1", "citizen": "c", "rules_sha256": ""}
        return InboxItem.model_validate(
            {**nothing, **usual, "at": self.stand.now, "course_id": self.state.course, **what}
        )

    def journal(self) -> list[str]:
        """Return what the journal says of the news, with their words and when those are erased."""
        visits = {row.number: row for row in self.beside.visits}
        words = JournalWords(self.statements, visits, self.labels)
        return [
            words.of(event, written)
            for event in self.stand.news
            for written in dict.fromkeys((None, self.stand.texts.get(_words_of(event))))
        ]


def _words_of(event: Event) -> UUID:
    """Return the id of the words that came with an event; one that none have for an event without."""
    return event.note.id if isinstance(event, NoteAdded) else getattr(event, "reason", None) or COURSE
