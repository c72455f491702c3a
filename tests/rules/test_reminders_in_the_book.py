"""The day that the rule book names for a reminder is the day on which the engine gives it (P6)."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Final, NamedTuple

import pytest

from domain.calendar import danish_day
from domain.errors import RefusedError
from domain.state.course import CourseState
from domain.state.waiting import Waiting, WaitingKey, WaitingKind
from rules.calendar.danish_offices import customary
from rules.calendar.working_time import WorkingTime
from rules.engine.book import Book
from rules.language.examples import Example, whole_circumstances
from rules.language.steps import Ladder, Requirement, RungRecipient
from rules.loading.library import shipped
from rules.proving.scenario import Scenario
from rules.reading.requirements import RequirementWords
from rules.reading.words import Words

BOOKS: Final = {rules.id: Book(rules) for rules in shipped()}
CLOSED: Final = frozenset(closed.on for closed in customary().closed_days)
DAY: Final = timedelta(days=1)

AT_ONCE: Final = "straks"
FIRST_DAY: Final = "første arbejdsdag efter fristen"
SINCE: Final = re.compile(r"efter (\d+) (arbejdsdage?|dage?)")
AFTER_DEADLINE: Final = re.compile(r"når (\d+) hele? (arbejdsdage?|dage?) er gået siden fristen")


class Climb(NamedTuple):
    """A rung that a wait reached: since when the wait was there, before and after, and what the book says of it."""

    appeared_on: date
    before: Waiting
    after: Waiting
    ladder: Ladder
    sentence: str


def open_day(day: date) -> date:
    """Return the day, or the next on which the offices are open."""
    while day.isoweekday() > 5 or day in CLOSED:
        day += DAY
    return day


def open_days_later(day: date, days: int) -> date:
    """Return the nth open day after a day."""
    for _ in range(days):
        day = open_day(day + DAY)
    return day


def named_day(sentence: str, since: date, deadline: date | None) -> date:
    """Return the day that a sentence of the book names, by the wait's beginning and its deadline."""
    when, _, _ = sentence.partition(":")
    if when == AT_ONCE:
        return open_day(since)
    if counted := SINCE.fullmatch(when):
        number, unit = int(counted[1]), counted[2]
        is_working = unit.startswith("arbejds")
        return open_days_later(open_day(since), number) if is_working else open_day(since + number * DAY)
    assert deadline is not None, sentence
    if when == FIRST_DAY:
        return open_days_later(deadline, 1)
    counted = AFTER_DEADLINE.fullmatch(when)
    assert counted, sentence
    number = int(counted[1])
    passed = open_days_later(deadline, number) if counted[2].startswith("arbejds") else deadline + number * DAY
    return open_days_later(passed, 1)


@cache
def climbs_of(name: str) -> tuple[Climb, ...]:
    """Return every rung that a requirement with a deadline reaches while nobody acts after an example of the set."""
    book = BOOKS[name]
    return tuple(climb for example in book.rule_set.examples for climb in _climbs(book, example))


def _climbs(book: Book, example: Example) -> Iterator[Climb]:
    words = RequirementWords(book, Words(book.rule_set, "da"))
    asked = {r.id: (step.id, r) for step in book.rule_set.steps for r in step.requirements}
    appeared: dict[WaitingKey, date] = {}
    earlier: dict[WaitingKey, Waiting] = {}
    for state, today in _states(book, example):
        for waiting in state.waiting:
            if waiting.kind is not WaitingKind.REQUIREMENT:
                continue
            step, requirement = asked[waiting.what]
            ladder = words.ladder(step, requirement)
            was = earlier.get(waiting.key) or waiting.model_copy(update={"level": 0, "climbed_at": None})
            appeared_on = appeared.setdefault(waiting.key, today)
            is_next = ladder is not None and waiting.level == was.level + 1 <= len(ladder.rungs)
            if requirement.deadline is not None and ladder is not None and is_next:
                yield Climb(appeared_on, was, waiting, ladder, words.rung(ladder.rungs[waiting.level - 1]))
        earlier = {waiting.key: waiting for waiting in state.waiting}
        appeared = {key: day for key, day in appeared.items() if key in earlier}


def _states(book: Book, example: Example) -> Iterator[tuple[CourseState, date]]:
    """Yield the course and the day: as an example leaves it, and as it wakes while a requirement is waited for."""
    circumstances = whole_circumstances(book.rule_set.situations, example)
    try:
        scenario = Scenario(book, WorkingTime(customary()), circumstances, example)
    except RefusedError:
        return
    yield scenario.state, danish_day(scenario.now)
    while any(_is_climbing(waiting) for waiting in scenario.state.waiting) and scenario.state.wakeup is not None:
        scenario.passes_to(danish_day(scenario.state.wakeup))
        yield scenario.state, danish_day(scenario.now)


def _is_climbing(waiting: Waiting) -> bool:
    return waiting.kind is WaitingKind.REQUIREMENT and waiting.next_rung_at is not None


def reminded(book: Book) -> Iterator[tuple[Requirement, int]]:
    """Yield each rung, from 1, of each requirement of a set that has a deadline."""
    words = RequirementWords(book, Words(book.rule_set, "da"))
    for step in book.rule_set.steps:
        for requirement in step.requirements:
            ladder = words.ladder(step.id, requirement)
            if requirement.deadline is not None and ladder is not None:
                yield from ((requirement, level) for level in range(1, len(ladder.rungs) + 1))


def tells_leader_after_both(climb: Climb) -> bool:
    """Say whether the supervisors hear of it for the first time, after others did."""
    rungs, level = climb.ladder.rungs, climb.after.level
    return (
        level > 1
        and RungRecipient.SUPERVISOR in rungs[level - 1].tell
        and RungRecipient.SUPERVISOR not in rungs[level - 2].tell
    )


@pytest.mark.parametrize("name", BOOKS)
def test_the_day_the_book_names_is_the_day_on_which_people_are_told(name: str) -> None:
    climbs = climbs_of(name)

    for climb in climbs:
        before, after = climb.before, climb.after
        assert after.climbed_at is not None
        deadline = danish_day(before.until) if before.until and before.reckoned else None
        named = max(named_day(climb.sentence, danish_day(before.since), deadline), open_day(climb.appeared_on))
        if before.climbed_at and tells_leader_after_both(climb):
            named = max(named, open_days_later(danish_day(before.climbed_at), 1))
        assert danish_day(after.climbed_at) == named, (climb.sentence, before)

    fired = {(climb.after.what, climb.after.level) for climb in climbs}
    missing = [(r.id, level) for r, level in reminded(BOOKS[name]) if (r.id, level) not in fired]
    assert not missing
