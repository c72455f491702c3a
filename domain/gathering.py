"""When a notice reaches a person: in the lists of the day, or at once when it must be dealt with today (P5, P6)."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import chain
from types import MappingProxyType
from typing import Final, NamedTuple, Protocol
from uuid import UUID

from domain.calendar import Calendar, Span, TimeUnit, danish_day, danish_instant, start_of_day
from domain.decide.beginnings import beginnings, next_working_day
from domain.rules_port import RuleBook, is_told_at_once
from domain.state.course import CourseState
from domain.state.facts import Note
from domain.state.news import NewsKind
from domain.state.notice import AppointmentSubject, NewsSubject, Subject, WaitSubject
from domain.state.waiting import WaitingKey, WaitingKind


class Gathering(StrEnum):
    """How a person wants what can wait for a list: at once, in two lists a day, or in one."""

    AT_ONCE = "at_once"
    TWO_LISTS = "two_lists"
    ONE_LIST = "one_list"


MORNING: Final = time(7, 30)
NOON: Final = time(12, 30)

_LISTS: Final = MappingProxyType(
    {Gathering.AT_ONCE: (), Gathering.TWO_LISTS: (MORNING, NOON), Gathering.ONE_LIST: (MORNING,)}
)
LOOK_AGAIN: Final = timedelta(hours=1)
"""How long, while the office is open, before it is asked anew who answers for somebody who is not at work."""

_OPEN: Final = Span(amount=0, unit=TimeUnit.WORKING_HOURS)
_A_DAY: Final = timedelta(days=1)


class Listed(NamedTuple):
    """When a list reaches a person, in UTC, and which of the day's it is; None for who wants none."""

    at: datetime
    list: time | None


def next_list(now: datetime, gathering: Gathering, calendar: Calendar, person: str) -> Listed:
    """Return the first list that has what came by `now`, within the person's working hours.

    A list whose time is before the person begins to work comes when he does, and one after he has gone is left out.
    Who is gone before them all has one list when he begins, and who wants none gets it when he is at work next.
    """
    opening = calendar.after(now, _OPEN, person=person)
    times = _LISTS[gathering]
    if not times:
        return Listed(opening, None)
    day = danish_day(opening)
    tomorrow = calendar.after(start_of_day(day + _A_DAY), _OPEN, person=person)
    lists = [listed for on in (day, danish_day(tomorrow)) for listed in _lists_on(on, times, calendar, person)]
    return min((each for each in lists if each.at >= now), default=Listed(tomorrow, times[0]))


def _lists_on(day: date, times: Sequence[time], calendar: Calendar, person: str) -> list[Listed]:
    """Return when the lists of a day reach a person who works on it; when he begins, if he is gone before them all."""
    opened = (Listed(calendar.after(danish_instant(day, each), _OPEN, person=person), each) for each in times)
    begins = Listed(calendar.after(start_of_day(day), _OPEN, person=person), times[0])
    return [listed for listed in opened if danish_day(listed.at) == day] or [begins]


class Arrival(NamedTuple):
    """To whom a notice goes out, not before when, in UTC, and with which list of that day; None for by itself."""

    person: str
    at: datetime
    list: time | None


def arrival(now: datetime, calendar: Calendar, person: str, listed: Listed | None = None) -> Arrival:
    """Return when a notice goes out to a person in his hours, with the list that has it if there is one.

    Where that is not now, it is looked again then; and sooner, while somebody is not at work, who answers for him.
    """
    opening = calendar.after(now, _OPEN, person=person)
    at = max(opening, listed.at) if listed is not None else opening
    if opening > now:
        at = min(at, max(calendar.after(now, _OPEN), now + LOOK_AGAIN))
    return Arrival(person, at, listed.list if listed is not None and listed.at == at else None)


class OpenNotice(Protocol):
    """A notice that is still to reach somebody."""

    @property
    def notice_id(self) -> UUID: ...
    @property
    def subject(self) -> Subject: ...


def is_invitation(notice: OpenNotice) -> bool:
    """Whether a notice is for a calendar, and goes by itself to who is to come."""
    return isinstance(notice.subject, AppointmentSubject)


def list_for(
    notice: OpenNotice, queued_at: datetime, gathering: Gathering, calendar: Calendar, person: str
) -> Listed | None:
    """Return the first list that has a notice; None for an invitation, which waits only for one list a day."""
    if is_invitation(notice) and gathering is not Gathering.ONE_LIST:
        return None
    return next_list(queued_at, gathering, calendar, person)


def is_for_today(notice: OpenNotice, state: CourseState, rules: RuleBook, calendar: Calendar, now: datetime) -> bool:
    """Whether what a notice is about must be dealt with today, and so waits for no list.

    So are that a step stopped, that a role cannot come, or can, to a meeting by the next working day, a question that
    holds what comes next, and a briefing that is not acknowledged while what it is for begins by then.
    And so is a meeting by then, and what changes one that is in somebody's calendar.
    """
    tomorrow = next_working_day(danish_day(now), calendar)
    match notice.subject:
        case NewsSubject():
            return _is_told_at_once(notice.notice_id, state, rules) or _is_of_a_meeting(
                notice.notice_id, state, tomorrow
            )
        case AppointmentSubject(visit=of, appointment=name, sequence=sequence):
            meetings = (meeting for visit in state.visits if visit.number == of for meeting in visit.appointments)
            return sequence > 0 or any(meeting.id == name and meeting.on <= tomorrow for meeting in meetings)
        case WaitSubject(key=WaitingKey(kind=WaitingKind.QUESTION, note=asked)):
            return any(note.id == asked and _holds(note, state) for note in state.notes)
        case WaitSubject(key=WaitingKey(kind=WaitingKind.ACKNOWLEDGEMENT, visit=number)):
            visit = state.visit(number) if number is not None else None
            days = beginnings(visit, state, rules) if visit is not None else ()
            return any(danish_day(now) <= day <= tomorrow for day in days)
    return False


def _is_told_at_once(notice: UUID, state: CourseState, rules: RuleBook) -> bool:
    items = chain.from_iterable(news.items for news in state.news if news.notice == notice)
    entries = {item.entry for item in items if item.kind is NewsKind.FACT}
    return any(fact.id in entries and is_told_at_once(fact, rules) for fact in state.facts)


def _is_of_a_meeting(notice: UUID, state: CourseState, by: date) -> bool:
    """Whether news is of who comes to a meeting that is to be by a day."""
    items = chain.from_iterable(news.items for news in state.news if news.notice == notice)
    named = {(item.visit, item.what) for item in items if item.kind in (NewsKind.DECLINED, NewsKind.ACCEPTED)}
    return any((v.number, meeting.id) in named and meeting.on <= by for v in state.visits for meeting in v.appointments)


def _holds(note: Note, state: CourseState) -> bool:
    """Whether the author of a question chose that it cannot wait; before a version stands there is no choice."""
    visit = state.visit(note.visit)
    return not note.may_wait and visit is not None and visit.briefing is not None
