"""A dry run of a re-pin: each course decided under the other rules, and foreseen by both."""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from pydantic import Field

from api.http.problems import ProblemDocument, refused
from api.http.read_model import ReadModel
from domain.address import Address
from domain.calendar import Calendar, danish_day
from domain.commands import RePinCourse
from domain.decide import decide
from domain.errors import RefusedError
from domain.events import NoticeRaised
from domain.forecast import rehearse
from domain.state.course import CourseState
from domain.state.waiting import WaitingKind
from rules.engine.book import Book

FORESEEN: Final = timedelta(days=28)
"""For how long from the day on the notices are foreseen."""

PASSED: Final = timedelta(days=92)
"""For how long at most a course goes on by its own rules until the day; what lies farther ahead nobody foresees."""


class MovedWait(ReadModel):
    """A wait that the other rules begin, end or move: until when it is held and when somebody is reminded next."""

    kind: WaitingKind
    visit: int | None
    what: str
    until_before: datetime | None
    until: datetime | None
    reminded_before: datetime | None
    reminded: datetime | None
    is_new: bool
    is_over: bool


class RePinnedCourse(ReadModel):
    """A course of a dry run, what of it moves, and why it could not follow the other rules, if so."""

    course: UUID
    reference: str
    waits: list[MovedWait]
    left: list[str] = Field(
        description="The requirements that only the other rules have in steps that it has left; with `ask_left` it is"
        " asked for them in its next step."
    )
    problem: ProblemDocument | None


class NoticesOfDay(ReadModel):
    """How many notices the courses of this page raise on a day if nobody acts, as it is and by the other rules."""

    day: date
    before: int
    after: int


class Told(NamedTuple):
    """One of the notices that a dry run foresees: on which day, to whom, and what it is about."""

    day: date
    recipient: Address
    about: str


class Trial:
    """A dry run: each course decided under the other rules, and foreseen by both."""

    def __init__(self, before: Book, after: Book, calendar: Calendar, now: datetime, at: datetime) -> None:
        """Take the rules that are followed, those that would be, and the instant from which they would be."""
        self._before, self._after, self._calendar, self._now, self._at = before, after, calendar, now, at
        self.told: tuple[Counter[Told], Counter[Told]] = (Counter(), Counter())

    def play(self, state: CourseState, command: RePinCourse) -> list[MovedWait]:
        """Decide and foresee one course, and return what of it moves; raises ProblemError where it is refused.

        Until the day it goes on by its own rules, as it does when nobody acts.
        """
        until = min(self._at, self._now + PASSED)
        passed = rehearse(state, self._before, self._calendar, self._now, until)
        try:
            decision = decide(passed.state, command, self._before, self._at, self._calendar, next_rules=self._after)
        except RefusedError as refusal:
            raise refused(refusal.problems) from None
        told = [event for event in decision.events if isinstance(event, NoticeRaised)]
        for counted, stand, rules, at_once in (
            (self.told[0], passed.state, self._before, ()),
            (self.told[1], decision.state, decision.rules, told),
        ):
            foreseen = rehearse(stand, rules, self._calendar, self._at, self._at + FORESEEN)
            raised = (notice.notice for notice in (*passed.notices, *foreseen.notices))
            by_identity = {each.notice: each for each in (*raised, *at_once)}
            counted.update(Told(danish_day(each.at), each.recipient, each.about) for each in by_identity.values())
        return _moved(passed.state, decision.state)

    def notices(self) -> list[NoticesOfDay]:
        """Return the notices of each day on which there are any."""
        before, after = (_by_day(told) for told in self.told)
        return [NoticesOfDay(day=day, before=before[day], after=after[day]) for day in sorted({*before, *after})]


def _by_day(told: Counter[Told]) -> Counter[date]:
    days = Counter[date]()
    for each, number in told.items():
        days[each.day] += number
    return days


def _moved(before: CourseState, after: CourseState) -> list[MovedWait]:
    """Return the waits that begin, end, or have another deadline or reminder."""
    formerly = {waiting.key: waiting for waiting in before.shown_waits}
    then = {waiting.key: waiting for waiting in after.shown_waits}
    moved = []
    for key in {**formerly, **then}:
        old, new = formerly.get(key), then.get(key)
        stands = [(wait.until, wait.next_rung_at) if wait else None for wait in (old, new)]
        if stands[0] == stands[1]:
            continue
        moved.append(
            MovedWait.of(
                key,
                until_before=old.until if old else None,
                until=new.until if new else None,
                reminded_before=old.next_rung_at if old else None,
                reminded=new.next_rung_at if new else None,
                is_new=old is None,
                is_over=new is None,
            )
        )
    return moved
