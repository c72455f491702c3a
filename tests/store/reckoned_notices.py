"""What notices stand for, and what channels still carry of them, reckoned from a course's events (P4, P7, P14)."""

from collections.abc import Collection
from datetime import datetime
from functools import singledispatchmethod
from typing import Any, Final, Protocol
from uuid import UUID

from domain import events as ev
from domain.events import Event
from domain.state.notice import NewsSubject, WaitSubject
from domain.state.waiting import WaitingKind

Row = dict[str, Any]
Rows = dict[tuple[Any, ...], Row]

_OF_SUPERVISORS: Final = {"look_again", "taken_over"}
_NOTHING_YET: Final = dict.fromkeys(("sent_at", "delivered_at", "seen_at", "seen_by", "done_at"))


class Surroundings(Protocol):
    """How the course stands for which notices are raised."""

    course: Row
    visits: dict[int, Row]
    waits: dict[str, Row]

    @property
    def holders(self) -> set[str]:
        """Return the persons who hold a role."""


class ReckonedNotices:
    """The notices of a course and their errands, by key; what is done is known when the command has ended."""

    def __init__(self, course: UUID, channels: Collection[str]) -> None:
        self.course, self.channels, self.revision = course, channels, 0
        self.rows: Rows = {}
        self.errands: Rows = {}
        self._news: set[UUID] = set()
        self._meetings: dict[tuple[int, str], tuple[str, ...]] = {}
        self._read: list[tuple[str, int]] = []

    def end(self, now: datetime, course: Surroundings) -> None:
        """End what nothing stands for after a command, and the corrections that somebody has read in person."""
        standing = [row for row in self.rows.values() if row["done_at"] is None]
        for row in standing:
            if not self._stands(row, course):
                row["done_at"] = now
        for reader, number in self._read:
            visit = course.visits[number]
            for row in standing:
                is_his = row["about"] == "correction" and row["recipient"] == reader
                if is_his and visit["entered_at"] <= row["queued_at"] <= visit["issued_at"]:
                    row["done_at"] = now
        self._read = []

    def carried(self, errand: tuple[Any, ...]) -> None:
        """Let a channel have run an errand."""
        del self.errands[errand]

    def _stands(self, row: Row, course: Surroundings) -> bool:
        """Return whether there is still a reason for a notice, and it is still its reader's."""
        about, is_personal = row["about"], row["recipient_kind"] == "person"
        if about == "appointment":
            return self._meeting_stands(row, course)
        if row["waiting"] is not None and not self._wait_stands(row, course):
            return False
        if about == "news" and row["notice_id"] not in self._news:
            return False
        if about == "completed" and course.course["status"] != "completed":
            return False
        return not is_personal or about in _OF_SUPERVISORS or row["recipient"] in course.holders

    def _wait_stands(self, row: Row, course: Surroundings) -> bool:
        """Return whether a wait goes on, and those it was announced to are still those who are asked."""
        wait = course.waits.get(row["waiting"])
        if wait is None or row["about"] not in set(WaitingKind):
            return wait is not None
        return row["recipient"] in wait["persons"] if row["recipient_kind"] == "person" else not wait["persons"]

    def _meeting_stands(self, row: Row, course: Surroundings) -> bool:
        """Return whether a notice is the newest to a person of a meeting, to which he is to come or is no longer."""
        subject, same = row["subject"], ("about", "visit", "recipient_kind", "recipient")
        alike = [other["subject"] for other in self.rows.values() if all(other[name] == row[name] for name in same)]
        mine = [other["sequence"] for other in alike if other["appointment"] == subject["appointment"]]
        if max(mine) > subject["sequence"]:
            return False
        told = self._meetings.get((row["visit"], subject["appointment"]), ())
        return subject["released"] or row["recipient"] in {*told, *course.holders}

    @singledispatchmethod
    def happened(self, event: Event) -> None:
        """Take what is about no notice."""

    @happened.register
    def _(self, event: ev.NoticeRaised) -> None:
        """Raise a notice once; one that is raised again is to be done again, and carried again if it was carried."""
        subject = event.subject.model_dump(mode="json", exclude_none=True)
        key = event.subject.key if isinstance(event.subject, WaitSubject) else None
        told = {"notice_id": event.notice, "about": event.about, "subject": subject, "attempts": 0}
        visit = key.visit if key else subject.get("visit")
        place = {"waiting": str(key) if key else None, "visit": visit}
        queued_at = event.subject.at if isinstance(event.subject, NewsSubject) else event.at
        level = {"wait": "level", "appointment": "sequence", "caseload": "courses"}.get(subject["kind"], "")
        row = self.rows.setdefault(
            (event.notice,),
            {
                **told,
                **place,
                **_NOTHING_YET,
                "queued_at": queued_at,
                "level": subject.get(level),
                "recipient_kind": event.recipient.kind,
                "recipient": event.recipient.name,
            },
        )
        row |= {"revision": self.revision, "done_at": None}
        kinds = {"person": event.recipient.name, "unit": f"unit/{event.recipient.name}", "supervisors": ""}
        for channel in self.channels:
            errand = {"notice_id": event.notice, "channel": channel, "person": kinds[event.recipient.kind]}
            rest = {"due_at": queued_at, "failures": 0, "failing_since": None, "batch_id": None}
            self.errands.setdefault(tuple(errand.values()), {**errand, **rest})

    @happened.register
    def _(self, event: ev.NoticeSeen) -> None:
        row = self.rows.get((event.notice,))
        if row is not None and row["seen_at"] is None:
            row |= {"seen_at": event.at, "seen_by": event.by}

    @happened.register
    def _(self, event: ev.Settled) -> None:
        self._news = (self._news - {*event.news_ended}) | {news.notice for news in event.news}

    @happened.register(ev.AttendeesChanged)
    @happened.register(ev.AppointmentMade)
    def _(self, event: Any) -> None:
        self._meetings[(event.visit, event.appointment)] = event.told

    @happened.register
    def _(self, event: ev.BriefingAcknowledged) -> None:
        if event.by == event.person:
            self._read.append((event.person, event.visit))
