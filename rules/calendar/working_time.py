"""Reckoning deadlines over closed days, working hours, absences and pauses, all of them given as data (P6)."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Self
from uuid import UUID

from domain.calendar import NEVER, WORKING_UNITS, Cover, Pause, Span, TimeUnit, danish_day
from rules.calendar.covers import covers_of
from rules.calendar.danish_offices import OwnTime, person_times
from rules.calendar.data import Absence, CalendarData, PersonTime
from rules.calendar.in_turn import InTurn
from rules.calendar.open_days import DAY, OpenDays, OpenTime
from rules.calendar.wall_time import instant_of, months_after, wall_of
from rules.language.text import Text

_HOUR: Final = 3_600_000_000
_LONGEST_ABSENCE: Final = 731
_FURTHEST: Final = NEVER.toordinal() * DAY
_PAUSED: Final = Text(da="Pause", en="Paused")
_NOBODY: Final[Mapping[str, PersonTime]] = {}
_ABSENT: Final = Text(da="Fravær", en="Absent")


@dataclass(frozen=True, slots=True)
class Skipped:
    """Days that did not count towards a deadline, both included, and why."""

    since: date
    until: date
    why: Text


@dataclass(frozen=True, slots=True)
class Derivation:
    """A deadline and what was left out on the way to it, by date."""

    due: datetime
    skipped: tuple[Skipped, ...]


class WorkingTime:
    """Implements `domain.calendar.Calendar` over a `CalendarData`; total, and monotone in start and in amount.

    Working hours are open time.
    Working days lead to the same time of day, moved into that day's hours, so many open days later.
    A start outside open hours counts from the next opening, an amount of zero (or less) included.
    Calendar days and months are reckoned in Danish wall time; a month too short for the day is used to its end.
    A pause moves the start later by its length in the unit asked for; behind a pause without end lies `NEVER`.
    What is asked of a person runs in his or her own time, and on the days of a cover in that of the cover, but at most
    `longest_postponement` of the office's working days longer than it would for the office.
    """

    def __init__(
        self,
        data: CalendarData,
        persons: Mapping[str, PersonTime] = _NOBODY,
        offices: Self | None = None,
    ) -> None:
        """Prepare the office's days; those of each person are prepared when first asked for."""
        self.offices = self if offices is None else offices
        """The working time of the offices alone."""
        self._data = data
        self._persons = persons
        self._labels = {closed.on: closed.label for closed in sorted(data.closed_days, key=lambda day: day.on)}
        self._closed = frozenset(day.toordinal() for day in self._labels)
        self._office = OpenDays(data.office_hours, self._closed)
        self._of_person: dict[tuple[str, tuple[Cover, ...]], OpenTime] = {}

    @property
    def reference(self) -> str:
        """Return the SHA-256 of the offices' calendar; what a person's own time moved is kept by its result (P8)."""
        return self._data.sha256

    def with_own_times(self, people: Mapping[str, OwnTime]) -> "WorkingTime":
        """Return the working time of the same offices, in which these people have time of their own."""
        return WorkingTime(self._data, person_times(self._data.office_hours, people), self.offices)

    def covers(self, person: str, course: UUID, parties: Collection[str]) -> tuple[Cover, ...]:
        """Return who acts for a person in a course whose roles `parties` hold, while that person is away, by day."""
        theirs = self._persons.get(person)
        absences = theirs.absences if theirs is not None else ()
        return tuple(cover for away in absences for cover in covers_of(away, self._persons, course, parties))

    def after(
        self,
        start: datetime,
        span: Span,
        *,
        person: str | None = None,
        covers: tuple[Cover, ...] = (),
        pauses: tuple[Pause, ...] = (),
    ) -> datetime:
        """Return the UTC instant at which `span` has passed since `start`, leaving out `pauses`."""
        wall = wall_of(start)
        pauses_as_walls = _as_walls(pauses) if pauses else ()
        due = _due(self._office, wall, span, pauses_as_walls)
        if person is not None and person in self._persons and span.unit in WORKING_UNITS:
            postponement = Span(amount=self._data.longest_postponement, unit=TimeUnit.WORKING_DAYS)
            latest = _due(self._office, due, postponement, pauses_as_walls)
            due = min(_due(self._days_of(person, covers), wall, span, pauses_as_walls), latest)
        return instant_of(due)

    def before(self, end: datetime, span: Span) -> datetime:
        """Return the UTC instant from which `span` of the office's time is left until `end`.

        In working units it is the latest from which `after` does not lead beyond `end`.
        """
        return instant_of(_left(self._office, wall_of(end), span))

    def working_days_between(self, since: date, until: date) -> int:
        """Return how many of the office's working days lie from `since` on until, and not including, `until`.

        Backwards it is the same number below zero. From a working day on `after` reaches `until` in so many days.
        """
        return self._office.days_between(since.toordinal(), until.toordinal())

    def derive(
        self, start: datetime, span: Span, *, person: str | None = None, pauses: tuple[Pause, ...] = ()
    ) -> Derivation:
        """Return the deadline of `after` together with every labelled stretch that it leaves out (P8)."""
        due = self.after(start, span, person=person, pauses=pauses)
        first, last = danish_day(start), danish_day(due)
        skipped = [
            Skipped(max(since, first), min(until, last), why)
            for since, until, why in self._left_out(span.unit, person, pauses)
            if since <= last and until >= first
        ]
        return Derivation(due, tuple(sorted(skipped, key=lambda line: (line.since, line.until, line.why.da))))

    def _left_out(
        self, unit: TimeUnit, person: str | None, pauses: tuple[Pause, ...]
    ) -> Iterator[tuple[date, date, Text]]:
        for pause in pauses:
            yield danish_day(pause.since), danish_day(pause.until or NEVER), _PAUSED
        if unit not in WORKING_UNITS:
            return
        theirs = self._persons.get(person or "", PersonTime())
        hours = theirs.hours or self._data.office_hours
        for day, label in self._labels.items():
            if day.isoweekday() in hours:
                yield day, day, label
        for absence in theirs.absences:
            yield absence.since, _until(absence), _ABSENT

    def _days_of(self, person: str, covers: tuple[Cover, ...] = ()) -> OpenTime:
        """Return when a person works, or who covers for that person."""
        if (person, covers) not in self._of_person:
            self._of_person[person, covers] = self._in_turn(person, covers) if covers else self._own_days(person)
        return self._of_person[person, covers]

    def _own_days(self, person: str) -> OpenTime:
        theirs = self._persons.get(person)
        if theirs is None:
            return self._office
        away = {
            day
            for absence in theirs.absences
            for day in range(absence.since.toordinal(), _until(absence).toordinal() + 1)
        }
        return OpenDays(theirs.hours or self._data.office_hours, self._closed | away)

    def _in_turn(self, person: str, covers: tuple[Cover, ...]) -> OpenTime:
        """Return the days of a person, but on the days of each cover those of the cover."""
        turns: dict[int, OpenTime] = {}
        for cover in covers:
            begin, *end = (day.toordinal() for day in cover.edges)
            turns |= {begin: self._days_of(cover.person), **{day: self._days_of(person) for day in end}}
        return InTurn(self._days_of(person), sorted(turns.items(), key=lambda turn: turn[0]))


def _until(absence: Absence) -> date:
    """Return the last day of an absence; what has no end, or a distant one, is not waited for that long anyway."""
    furthest = date.fromordinal(min(absence.since.toordinal() + _LONGEST_ABSENCE, date.max.toordinal()))
    return min(absence.until or furthest, furthest)


def _as_walls(pauses: tuple[Pause, ...]) -> tuple[tuple[int, int], ...]:
    """Return the pauses by their beginning, those that overlap as one."""
    merged: list[tuple[int, int]] = []
    for since, until in sorted((wall_of(p.since), wall_of(p.until) if p.until else _FURTHEST) for p in pauses):
        if merged and since <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], until)
        else:
            merged.append((since, until))
    return tuple(merged)


def _due(days: OpenTime, start: int, span: Span, pauses: tuple[tuple[int, int], ...]) -> int:
    origin = begin = start
    for since, until in pauses:
        if until <= origin:
            continue
        if since > origin and since >= _passed(days, begin, span):
            break
        if until >= _FURTHEST:
            return _FURTHEST
        if since <= origin:
            origin = begin = until
        else:
            begin = _moved(days, begin, span.unit, since, until)
    return _passed(days, begin, span)


def _passed(days: OpenTime, start: int, span: Span) -> int:
    amount = _bounded(span.amount)
    match span.unit:
        case TimeUnit.WORKING_HOURS:
            return days.time_after(start, amount * _HOUR)
        case TimeUnit.WORKING_DAYS:
            return days.days_after(start, amount)
        case TimeUnit.CALENDAR_DAYS:
            return start + amount * DAY
        case TimeUnit.CALENDAR_MONTHS:
            return months_after(start, amount)


def _left(days: OpenTime, end: int, span: Span) -> int:
    amount = _bounded(span.amount)
    match span.unit:
        case TimeUnit.WORKING_HOURS:
            return days.time_before(end, amount * _HOUR)
        case TimeUnit.WORKING_DAYS:
            return days.days_before(end, amount)
        case TimeUnit.CALENDAR_DAYS:
            return end - amount * DAY
        case TimeUnit.CALENDAR_MONTHS:
            return months_after(end, -amount)


def _bounded(amount: int) -> int:
    return min(max(amount, 0), _FURTHEST // DAY)


def _moved(days: OpenTime, start: int, unit: TimeUnit, since: int, until: int) -> int:
    match unit:
        case TimeUnit.WORKING_HOURS:
            paused = days.open_time(since, until)
            return days.time_after(start, paused) if paused else start
        case TimeUnit.WORKING_DAYS:
            return days.moved(start, since, until)
        case _:
            return start + until - since
