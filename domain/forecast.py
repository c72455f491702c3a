"""Rehearsing a course: who will be told what, when and with which list, if nobody acts; nothing of it is kept."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from heapq import heappop, heappush
from itertools import count
from typing import Final, NamedTuple
from uuid import UUID

from domain import events as ev
from domain.address import AddressKind
from domain.calendar import Calendar, danish_day
from domain.commands import TimePassed
from domain.decide import Decision, decide
from domain.gathering import Arrival, Gathering, arrival, is_for_today, is_invitation, list_for
from domain.identity import ENGINE_ACTOR, GATE_ROLES, Role, command_id
from domain.rules_port import RuleBook
from domain.state.course import CourseState
from domain.state.notice import NEWS, Subject
from domain.state.waiting import Waiting

MOST_WAKEUPS: Final = 400
"""How often a rehearsed course is woken at most."""

MOST_LOOKS: Final = 4_000
"""How often it is looked at most whether a rehearsed notice goes out now."""


@dataclass(frozen=True)
class Readers:
    """How people want what can wait, two lists a day unless they say otherwise, and the supervisors by their unit."""

    gathering: Mapping[str, Gathering]
    supervisors: Mapping[str | None, Sequence[str]]

    def supervising(self, unit: str) -> Sequence[str]:
        """Return who supervises a unit: those in it, and those in none, who supervise them all."""
        return [*self.supervisors.get(unit, ()), *self.supervisors.get(None, ())]


class Errand(NamedTuple):
    """A notice that was raised already and goes out to a person, None for supervisors, not before an instant."""

    notice: ev.NoticeRaised
    person: str | None
    at: datetime


@dataclass(frozen=True)
class RehearsedNotice:
    """A notice that would be raised or go out, the wait it tells of, if any, and who would cover for its recipient.

    `arrivals` say to whom it goes out, when and with which list; what goes out after the period is not among them.
    """

    notice: ev.NoticeRaised
    waiting: Waiting | None
    cover: str | None
    arrivals: list[Arrival] = field(default_factory=list)

    @property
    def notice_id(self) -> UUID:
        return self.notice.notice

    @property
    def subject(self) -> Subject:
        return self.notice.subject


class Rehearsal(NamedTuple):
    """What would be told until an instant, which is sooner than asked for when too much would happen.

    `state` is the course as it would stand then.
    """

    until: datetime
    notices: tuple[RehearsedNotice, ...]
    state: CourseState


def rehearse(
    state: CourseState,
    rules: RuleBook,
    calendar: Calendar,
    now: datetime,
    until: datetime,
    unknown: Collection[tuple[Role, str]] = (),
    readers: Readers | None = None,
    errands: Collection[Errand] = (),
) -> Rehearsal:
    """Return who will be told what from `now` until `until` if nobody acts (P5, P6).

    Pure: the course is woken whenever it would wake, by the same rules, working time and decisions.
    `unknown` are the holders of a role whom the directory does not know in it.
    With `readers` it says also when each notice goes out by a channel that gathers, and `errands` that wait for that.
    What an absence or other rules would change later is not foreseen.
    """
    stage = _Stage(state, rules, calendar, now, until, unknown, readers)
    for errand in errands:
        stage.take_over(errand)
    return stage.play()


@dataclass
class _Stage:
    """One course while it is rehearsed: how it stands now, and the looks that are due, the earliest first."""

    state: CourseState
    rules: RuleBook
    calendar: Calendar
    now: datetime
    until: datetime
    unknown: Collection[tuple[Role, str]]
    readers: Readers | None
    notices: dict[UUID, RehearsedNotice] = field(default_factory=dict)
    ordered: set[UUID] = field(default_factory=set)
    looks: list[tuple[datetime, int, UUID, str | None]] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=count)

    def play(self) -> Rehearsal:
        """Let time pass: the course wakes and errands are looked at, whichever comes first."""
        wakeups = looks = 0
        while wakeups < MOST_WAKEUPS and looks < MOST_LOOKS:
            wakeup, look = self.state.wakeup, self.looks[0][0] if self.looks else None
            if wakeup is not None and wakeup <= self.until and (look is None or wakeup <= max(look, self.now)):
                wakeups += 1
                self._wake(wakeup)
            elif look is not None and look <= self.until and self.readers is not None:
                looks += 1
                self._look(self.readers)
            else:
                return Rehearsal(self.until, tuple(self.notices.values()), self.state)
        return Rehearsal(self.now, tuple(self.notices.values()), self.state)

    def take_over(self, errand: Errand) -> None:
        """Let a notice go out that was raised before."""
        notice = errand.notice
        waiting = next((waiting for waiting in self.state.waiting if waiting.key == notice.waiting), None)
        self.notices.setdefault(notice.notice, RehearsedNotice(notice, waiting, None))
        self._order(notice.notice, errand.at, errand.person)

    def _wake(self, at: datetime) -> None:
        self.now = max(self.now, at)
        cause = f"rehearsal/{self.state.revision}/{self.now.isoformat()}"
        passed = TimePassed(id=command_id(self.state.course, cause), actor=ENGINE_ACTOR)
        decision = decide(self.state, passed, self.rules, self.now, self.calendar, unknown=self.unknown)
        self.state = decision.state
        for raised in _raised_by(decision):
            # What is raised again is the same notice, which goes out once (P7).
            self.notices.setdefault(raised.notice_id, raised)
            to, is_ordered = raised.notice.recipient, raised.notice_id in self.ordered
            if self.readers is not None and to.kind is not AddressKind.UNIT and not is_ordered:
                person = to.name if to.kind is AddressKind.PERSON else None
                self._order(raised.notice_id, raised.notice.queued_at, person)

    def _order(self, notice: UUID, at: datetime, person: str | None) -> None:
        self.ordered.add(notice)
        heappush(self.looks, (at, next(self._numbers), notice, person))

    def _look(self, readers: Readers) -> None:
        """Look at the errand that is due next: it is over, goes out, or is put off."""
        due, _, notice, person = heappop(self.looks)
        self.now = max(self.now, due)
        rehearsed = self.notices[notice]
        if not self._is_open(rehearsed.notice):
            self.ordered.discard(notice)
        elif person is None:
            for supervisor in readers.supervising(rehearsed.notice.recipient.name):
                self._order(notice, self.now, supervisor)
        elif (arrives := self._arrival(rehearsed, person, readers)).at > self.now:
            self._order(notice, arrives.at, person)
        else:
            rehearsed.arrivals.append(arrives)

    def _is_open(self, notice: ev.NoticeRaised) -> bool:
        """Whether what a notice is about is so still: its wait goes on, or its news is unseen."""
        if notice.waiting is not None:
            return any(waiting.key == notice.waiting for waiting in self.state.waiting)
        return notice.about != NEWS or any(news.notice == notice.notice for news in self.state.news)

    def _arrival(self, rehearsed: RehearsedNotice, person: str, readers: Readers) -> Arrival:
        """Return when a notice goes out to a person, or to who covers today for one who holds a role."""
        if rehearsed.notice.recipient.kind is AddressKind.PERSON and not is_invitation(rehearsed):
            person = self._responsible(person)
        gathering = readers.gathering.get(person, Gathering.TWO_LISTS)
        listed = list_for(rehearsed, rehearsed.notice.queued_at, gathering, self.calendar, person)
        may_wait = listed is not None and listed.at > self.now
        if may_wait and is_for_today(rehearsed, self.state, self.rules, self.calendar, self.now):
            listed = None
        return arrival(self.now, self.calendar, person, listed)

    def _responsible(self, person: str) -> str:
        holders = {holder for role in GATE_ROLES if (holder := self.state.holder(role))}
        covers = self.calendar.covers(person, self.state.course, holders) if person in holders else ()
        return next((cover.person for cover in covers if cover.is_on(danish_day(self.now))), person)


def _raised_by(decision: Decision) -> Iterator[RehearsedNotice]:
    waits = {waiting.key: waiting for state in (decision.before, decision.state) for waiting in state.waiting}
    for event in decision.events:
        if isinstance(event, ev.NoticeRaised):
            rehearsed = RehearsedNotice(event, waits.get(event.waiting) if event.waiting else None, None)
            to, is_person = event.recipient.name, event.recipient.kind is AddressKind.PERSON
            if is_person and to in decision.holders() and not is_invitation(rehearsed):
                rehearsed = replace(rehearsed, cover=decision.cover(to))
            yield rehearsed
