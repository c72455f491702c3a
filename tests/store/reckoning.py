"""What the tables must hold of a course, reckoned from its events alone and in no other way than they are written.

It knows neither the course's state nor how the store's rows are made: each event says here once more what it means.
"""

from collections.abc import Collection
from datetime import datetime
from functools import singledispatchmethod
from typing import Any
from uuid import UUID

from domain import events as ev
from domain.commands import Command
from domain.events import Event
from domain.state.measures import Measures
from domain.state.workplaces import Workplaces
from tests.store.reckoned_facts import ReckonedFacts
from tests.store.reckoned_history import ENGINE, ReckonedHistory
from tests.store.reckoned_notices import ReckonedNotices
from tests.store.reckoned_waits import waiting_row, with_foremost

Row = dict[str, Any]
Rows = dict[tuple[Any, ...], Row]


class Reckoning:
    """The rows of one course by table and key; each table has the columns of the store but for the municipality."""

    def __init__(self, course: UUID, channels: Collection[str]) -> None:
        self.id = course
        self.course: Row = {}
        self.visits: dict[int, Row] = {}
        self.current: dict[int, int] = {}
        """The version of each visit that is to be acknowledged now."""
        self.parties: Rows = {}
        self.observers: Rows = {}
        self.receipts: Rows = {}
        self.waits: dict[str, Row] = {}
        self.texts: dict[UUID, Row] = {}
        self.history = ReckonedHistory()
        self.facts = ReckonedFacts()
        self.notices = ReckonedNotices(course, channels)

    def staged(self, row: Row) -> None:
        """Take a text that was staged for whoever names it."""
        self.texts[row["text_id"]] = {**row, "course_id": None, "adopted_at": None}

    def applied(
        self, command: Command, events: tuple[Event, ...], now: datetime, rules: tuple[Workplaces, Measures]
    ) -> None:
        """Let a command have happened."""
        named = self.history.happened(command, events, now)
        self.notices.revision = self.history.revision
        for event in events:
            self._on(event)
            self.facts.happened(event)
            self.notices.happened(event)
            if event.by != ENGINE and not isinstance(event, ev.NoticeSeen | ev.EscalationTaken):
                self.course["updated_at"] = event.at
        self.facts.count(*rules, self.course["status"], self.course["outcome"])
        self.notices.end(now, self)
        for text in named & self.texts.keys():
            row = self.texts[text]
            row["course_id"], row["adopted_at"] = self.id, row["adopted_at"] or now

    def tables(self) -> dict[str, Rows]:
        """Return every row that is to be there, by table and key."""
        by_table: dict[str, Rows] = {
            "course": {(self.id,): self._course_row()},
            "visit": {(number,): row for number, row in self.visits.items()},
            "party": self.parties,
            "observer": self.observers,
            "receipt": self.receipts,
            "waiting": {(key,): row for key, row in with_foremost(self.waits).items()},
            "personal_text": {(id_,): row for id_, row in self.texts.items()},
            "workplace": self.facts.workplaces,
            "measure": self.facts.measures,
            "notice": self.notices.rows,
            **self.history.tables,
        }
        every = {
            name: {key: {"course_id": self.id, **row} for key, row in rows.items()} for name, rows in by_table.items()
        }
        return {**every, "errand": self.notices.errands}

    @property
    def holders(self) -> set[str]:
        """Return the persons who hold a role."""
        return {row["person"] for row in self.parties.values()} - {None}

    def _course_row(self) -> Row:
        waits = list(self.waits.values())
        shown = [row for row in waits if row["kind"] != "silence" or row["level"]]
        asked = [row["since"] for row in shown if row["kind"] not in {"story", "story_approval"}]
        return {
            **self.course,
            **self.history.place,
            "steps": [row["step"] for row in self.visits.values() if row["left_at"] is None],
            "is_stalled": any(row["escalation"] for row in waits),
            "due_at": min((row["until"] for row in shown if row["until"]), default=None),
            "waiting_since": min(asked, default=None),
        }

    @singledispatchmethod
    def _on(self, event: Event) -> None:
        """Take what changes nothing but the history."""

    @_on.register
    def _(self, event: ev.CourseStarted) -> None:
        told = ("unit", "reference", "ordinal", "follows", "citizen", "citizen_text", "citizen_key", "protected")
        self.course = {name: getattr(event, name) for name in (*told, "started_on")}
        self.course |= {"status": "open", "outcome": None, "story": None, "story_approved": False}
        self.course |= {"wakeup": None, "is_ahead_of_informing": False, "updated_at": event.at}
        self._follow(event)

    @_on.register(ev.CourseRePinned)
    def _follow(self, event: ev.CourseStarted | ev.CourseRePinned) -> None:
        self.course |= {f"rules_{name}": getattr(event.rules, name) for name in ("id", "version", "sha256")}

    @_on.register
    def _(self, event: ev.CitizenDescribed) -> None:
        self.course["protected"] = event.protected
        self.course["citizen_text"] = event.citizen_text or self.course["citizen_text"]

    @_on.register(ev.CourseReopened)
    @_on.register(ev.CourseResumed)
    @_on.register(ev.CoursePaused)
    @_on.register(ev.CourseCompleted)
    def _(self, event: Event) -> None:
        stands = {"course_completed": "completed", "course_paused": "paused"}
        self.course |= {"status": stands.get(event.kind, "open"), "outcome": getattr(event, "outcome", None)}

    @_on.register
    def _(self, event: ev.StoryAnswered) -> None:
        self.course |= {"story": event.story, "story_approved": False}

    @_on.register
    def _(self, _event: ev.StoryApproved) -> None:
        self.course["story_approved"] = True

    @_on.register
    def _(self, _event: ev.StoryRemoved) -> None:
        self.texts[self.course["story"]]["text"] = None

    @_on.register
    def _(self, event: ev.PartyAssigned) -> None:
        row = {"role": event.role, "person": event.to.person, "unit": event.to.unit, "since": event.at}
        self.parties[(event.role,)] = row
        self.observers.pop((event.to.person,), None)
        for visit, version in self.current.items():
            self._void(visit, version, (event.role,))

    @_on.register
    def _(self, event: ev.ObserverAdded) -> None:
        row = {"person": event.person, "kind": event.observer_kind, "since": event.at}
        self.observers[(event.person,)] = row

    @_on.register
    def _(self, event: ev.ObserverRemoved) -> None:
        self.observers.pop((event.person,), None)

    @_on.register
    def _(self, event: ev.VisitEntered) -> None:
        told = {name: getattr(event, name) for name in ("step", "ordinal", "entered_on", "left_at")}
        begun = {"number": event.visit, "entered_at": event.at, "went_ahead": event.step in self.facts.ahead}
        none_yet = {"ready": False, "breaches": [], "version": 0, "issued_at": None, "withdrawn": False}
        self.visits[event.visit] = {**told, **begun, **none_yet}

    @_on.register(ev.VisitWithdrawn)
    @_on.register(ev.VisitReopened)
    @_on.register(ev.VisitBranched)
    @_on.register(ev.VisitLeft)
    def _(self, event: Any) -> None:
        """Take that a visit's version is used up; its receipts stay as they are."""
        row = self.visits[event.visit]
        self.current.pop(event.visit, None)
        if event.kind != "visit_branched":
            row["left_at"] = None if event.kind == "visit_reopened" else event.at
        row["withdrawn"] |= event.kind == "visit_withdrawn"

    @_on.register
    def _(self, event: ev.BriefingIssued) -> None:
        self.visits[event.visit] |= {"version": event.version, "issued_at": event.at}
        self.current[event.visit] = event.version

    @_on.register(ev.BriefingDisputed)
    @_on.register(ev.BriefingAcknowledged)
    def _(self, event: Any) -> None:
        self._void(event.visit, event.version, event.roles)
        told = {"visit": event.visit, "version": event.version, "person": event.person, "acted_by": event.by}
        is_dispute, on_behalf = event.kind == "briefing_disputed", getattr(event, "on_behalf", None)
        times = {"acknowledged_at": None if is_dispute else event.at, "disputed_at": event.at if is_dispute else None}
        for role in event.roles:
            key = (event.visit, event.version, role, event.person)
            self.receipts[key] = {**told, **times, "role": role, "on_behalf": on_behalf}

    @_on.register
    def _(self, event: ev.AcknowledgementTakenBack) -> None:
        self._void(event.visit, event.version, event.roles)

    def _void(self, visit: int, version: int, roles: Collection[str]) -> None:
        gone = [key for key in self.receipts if key[:2] == (visit, version) and key[2] in roles]
        for key in gone:
            del self.receipts[key]

    @_on.register
    def _(self, event: ev.Settled) -> None:
        for number, judgement in event.judgements.items():
            self.visits[number] |= {"ready": judgement.ready, "breaches": list(judgement.breaches)}
        for ended in event.ended:
            del self.waits[str(ended)]
        for waiting in event.opened:
            self.waits[str(waiting.key)] = waiting_row(waiting)
        self.course |= {"wakeup": event.wakeup, "is_ahead_of_informing": bool(event.ahead)}

    @_on.register
    def _(self, event: ev.EscalationTaken) -> None:
        taken = {"taken_by": event.by, "taken_at": event.at, "look_again_at": event.look_again_at}
        for row in self.waits.values():
            if row["escalation"] == event.escalation:
                row |= {**taken, "taken_reason": event.reason}

    @_on.register
    def _(self, event: ev.WaitAnswered) -> None:
        answer = {"waiting_on": event.waiting_on, "answered_until": event.until, "level": 0}
        self.waits[str(event.waiting)] |= answer
