"""The course as it stands: one frozen value from which everything else is answered."""

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from domain.calendar import Pause
from domain.identity import GATE_ROLES, Role
from domain.model import Instant, Model
from domain.state.appointments import Appointment, Decline
from domain.state.briefing import Briefing, Correction, Dispute, Waiver
from domain.state.company_sheets import ApprovedNote, CompanySheet
from domain.state.facts import Fact, FactOnRecord, Note, Removal, on_record
from domain.state.news import News
from domain.state.observers import Observer
from domain.state.stories import Story
from domain.state.verdict import CLOSING_OUTCOME, Grace, Judgement, LeftRequirement, RulesReference
from domain.state.waiting import Waiting, foremost


class Status(StrEnum):
    """Where a course is in its life."""

    NOT_STARTED = "unborn"
    OPEN = "open"
    PAUSED = "paused"
    COMPLETED = "completed"


class Party(Model):
    """The person or unit queue holding a role; `generation` rises at each hand-over and voids receipts."""

    role: Role
    person: str | None = None
    unit: str | None = None
    since: Instant
    generation: int = 1


class Visit(Model):
    """One visit to a step, numbered within the course and, as `ordinal`, within its step.

    `follows` is the visit that led here and `joined_by` the last that went on here; `used_up` the newest version by
    which it was left or other steps were entered beside it, with its digest, and `used_up_by` the humans who
    acknowledged that version. `asks_left` is what it asks of steps that were left when other rules began to ask it.
    `corrections` are of what it rested on when it was left.
    """

    number: int
    step: str
    ordinal: int = 1
    entered_on: date
    entered_at: Instant
    follows: int | None = None
    joined_by: int | None = None
    used_up: int = 0
    used_up_digest: str = ""
    used_up_by: tuple[str, ...] = ()
    went_ahead: bool = False
    asked_early: bool = False
    left_at: Instant | None = None
    to: tuple[str, ...] = ()
    closing: str | None = None
    withdrawn: bool = False
    versions: int = 0
    waivers: tuple[Waiver, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    corrections: tuple[Correction, ...] = ()
    appointments: tuple[Appointment, ...] = ()
    briefing: Briefing | None = None
    sheet: CompanySheet | None = None
    asks_left: tuple[LeftRequirement, ...] = ()
    judgement: Judgement = Judgement()

    @property
    def is_open(self) -> bool:
        """Say whether the visit still waits to be advanced."""
        return self.left_at is None

    @property
    def waived(self) -> tuple[str, ...]:
        """Return the requirements that were waived."""
        return tuple(waiver.requirement for waiver in self.waivers)

    @property
    def open_disputes(self) -> tuple[Dispute, ...]:
        """Return the disputes that hold the advance."""
        return tuple(dispute for dispute in self.disputes if dispute.is_open)

    @property
    def declines(self) -> tuple[Decline, ...]:
        """Return who cannot come to which of its meetings."""
        return tuple(decline for appointment in self.appointments for decline in appointment.declines)

    def appointment(self, name: str) -> Appointment | None:
        """Return the appointment with this id."""
        return next((appointment for appointment in self.appointments if appointment.id == name), None)


class CourseState(Model):
    """One citizen's course. `revision` counts recorded commands, `digest` chains their events, `epoch` counts
    reconciliations with a restored store.

    `removed` are the facts and notes of a wrong citizen, which no restored store may bring back. `proposals` are what
    the course that this one follows knew at its close, and `reviewed` those that somebody went through.
    It follows `rules`, since `re_pinned_at` if it followed others before, which made `graces`, and `rules_next` from
    its next visit on, then with what they ask of steps that are left if `rules_next_ask_left`; `ask_next` waits for the
    next visit.
    """

    course: UUID
    municipality: str = ""
    unit: str = ""
    reference: str = ""
    ordinal: int = 1
    follows: UUID | None = None
    proposals: tuple[UUID, ...] = ()
    reviewed: tuple[UUID, ...] = ()
    citizen: str = ""
    protected: bool = False
    status: Status = Status.NOT_STARTED
    revision: int = 0
    epoch: int = 1
    digest: str = ""
    rules: RulesReference | None = None
    rules_next: RulesReference | None = None
    rules_next_ask_left: bool = False
    ask_next: tuple[LeftRequirement, ...] = ()
    re_pinned_at: Instant | None = None
    graces: tuple[Grace, ...] = ()
    calendar: str = ""
    started_on: date | None = None
    started_at: Instant | None = None
    updated_at: Instant | None = None
    quiet_until: Instant | None = None
    shared_role: bool = False
    parties: tuple[Party, ...] = ()
    observers: tuple[Observer, ...] = ()
    facts: tuple[Fact, ...] = ()
    notes: tuple[Note, ...] = ()
    removed: tuple[Removal, ...] = ()
    visits: tuple[Visit, ...] = ()
    pauses: tuple[Pause, ...] = ()
    resumes_at: Instant | None = None
    ahead_of_informing: tuple[str, ...] = ()
    outcome: str | None = None
    waiting: tuple[Waiting, ...] = ()
    news: tuple[News, ...] = ()
    wakeup: Instant | None = None
    story: Story | None = None
    approved: tuple[ApprovedNote, ...] = ()
    sheets: int = 0

    @property
    def open_proposals(self) -> tuple[UUID, ...]:
        """Return what the former course proposes and nobody has gone through."""
        return tuple(proposal for proposal in self.proposals if proposal not in self.reviewed)

    @property
    def open_visits(self) -> tuple[Visit, ...]:
        """Return the visits that wait to be advanced, oldest first."""
        return tuple(visit for visit in self.visits if visit.is_open)

    @property
    def is_paused(self) -> bool:
        """Say whether the clock stands still."""
        return self.status is Status.PAUSED

    @property
    def is_over(self) -> bool:
        """Say whether a human outcome has closed the course (P9)."""
        return self.status is Status.COMPLETED

    @property
    def shown_waits(self) -> tuple[Waiting, ...]:
        """Return the waits that people see."""
        return tuple(waiting for waiting in self.waiting if waiting.is_shown)

    @property
    def foremost_wait(self) -> Waiting | None:
        """Return the wait by which a board shows the course, of those that must be answered."""
        return foremost(waiting for waiting in self.shown_waits if not waiting.is_optional)

    @property
    def waiting_since(self) -> datetime | None:
        """Return since when the oldest of the waits that people see is; of what may be left undone it is never said."""
        return min((waiting.since for waiting in self.shown_waits if not waiting.is_optional), default=None)

    @property
    def due_at(self) -> datetime | None:
        """Return the earliest deadline of the waits that people see."""
        return min((waiting.until for waiting in self.shown_waits if waiting.until), default=None)

    @property
    def awaited(self) -> frozenset[str]:
        """Return the persons who are waited for."""
        return frozenset(person for waiting in self.shown_waits for person in waiting.persons)

    @property
    def is_stalled(self) -> bool:
        """Say whether the supervisors have been told of a wait that still stands (P6)."""
        return any(waiting.is_stalled for waiting in self.waiting)

    @property
    def is_ahead_of_informing(self) -> bool:
        """Say whether reality is at a step that the course still holds (P11)."""
        return bool(self.ahead_of_informing)

    def visit(self, number: int) -> Visit | None:
        """Return the visit with this number."""
        return next((visit for visit in self.visits if visit.number == number), None)

    def party(self, role: Role) -> Party | None:
        """Return who holds a role."""
        return next((party for party in self.parties if party.role == role), None)

    def holder(self, role: Role) -> str | None:
        """Return the person who holds a role, or None while a queue or nobody does."""
        party = self.party(role)
        return party.person if party else None

    def roles_of(self, person: str) -> tuple[Role, ...]:
        """Return the gate roles a person holds."""
        return tuple(role for role in GATE_ROLES if self.holder(role) == person)

    def observer(self, person: str) -> Observer | None:
        """Return a person's kind of observer, or None."""
        return next((observer for observer in self.observers if observer.person == person), None)

    def statements(self, fact: str, visit: int | None) -> Iterator[Fact]:
        """Yield the statements of `fact` in one visit, or of the course when `visit` is None."""
        return (f for f in self.facts if f.fact == fact and f.visit == visit)

    def on_record(self, fact: str, visit: int | None = None) -> FactOnRecord | None:
        """Return the statement of `fact` that counts in one visit, or in the course when `visit` is None."""
        return on_record(self.statements(fact, visit))

    @property
    def closing_outcome(self) -> str | None:
        """Return the recorded human decision to close, while it is not contradicted (P9)."""
        decision = self.on_record(CLOSING_OUTCOME)
        return None if decision is None or decision.contradicted_by is not None else str(decision.fact.value)
