"""How many verdicts and full explanations one core gives a second, beside a fixed loop of Python on the same core."""

import sys
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import cycle
from typing import Final
from uuid import UUID, uuid5

from domain.identity import Role
from domain.state.course import CourseState, Status, Visit
from domain.state.facts import Fact, FactValue, Note
from rules.calendar.danish_offices import customary
from rules.calendar.working_time import WorkingTime
from rules.engine.book import Book
from rules.explain.explain import explain
from rules.loading.library import shipped

NOW: Final = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
COURSE: Final = UUID("00000000-0000-5000-8000-000000000001")
_STRETCHES: Final = 150
_TIMES: Final = 4
"""How often a thing is done in each stretch; the best of many short ones is least disturbed by what else goes on."""
_TURNS: Final = 1_000
_STRANGERS: Final = 400
"""So many courses have more deadlines than the engine remembers, so that each is judged as if for the first time."""

_COURSE_FACTS: Final[dict[str, FactValue]] = {
    "target_group": "cash_benefit_activity_ready",
    "goal_paid_hours": "12.5",
}
_VISIT_FACTS: Final[dict[str, FactValue]] = {
    "visit_planned_on": "2026-09-22",
    "visit_held_on": "2026-09-22",
    "company_p_number": "1000000001",
    "citizen_at_company_visit": True,
    "caseworker_at_company_visit": True,
    "visit_outcome": "trial_and_paid_hours",
}
_TRIAL_FACTS: Final[dict[str, FactValue]] = {
    "trial_p_number": "1000000001",
    "trial_decision": "granted",
    "trial_granted_on": "2026-09-29",
    "trial_starts_on": "2026-10-05",
    "trial_ends_on": "2027-01-03",
    "trial_weekly_hours": "15",
    "company_consent": "given",
    "trial_started_on": "2026-10-05",
    "trial_going": "as_agreed",
}
_HOURS_FACTS: Final[dict[str, FactValue]] = {
    "hours_schedule": "2026-10-05=4 2026-11-02=8",
    "contract_given": True,
    "beside_trial": "other_function",
    "paid_hours_started_on": "2026-10-05",
    "hours_in_week": "7.5",
    "hours_going": "as_agreed",
}


Stated = Iterable[tuple[Mapping[str, FactValue], str | None, int | None]]
"""Facts and their values by step and visit."""


def _fact(name: str, value: FactValue, step: str | None, visit: int | None) -> Fact:
    return Fact(
        id=uuid5(COURSE, f"{name}/{visit}"),
        fact=name,
        value=value,
        step=step,
        visit=visit,
        occurred_on=date(2026, 11, 1),
        recorded_at=NOW,
        reporter="anna",
    )


def visited_course(note_kinds: Iterable[str]) -> CourseState:
    """Return a course whose one open visit is to a company, as most have."""
    return _course(note_kinds, [(_COURSE_FACTS, None, None), (_VISIT_FACTS, "company_visit", 2)], 2, NOW)


def busy_course(note_kinds: Iterable[str], entered_at: datetime = NOW) -> CourseState:
    """Return a course with a trial beside paid hours, some history and a note of each kind."""
    stated = [(_COURSE_FACTS, None, None), (_VISIT_FACTS, "company_visit", 2)]
    stated += [(_TRIAL_FACTS, "trial", 3), (_HOURS_FACTS, "paid_hours", 4)]
    return _course(note_kinds, stated, 4, entered_at)


def _course(note_kinds: Iterable[str], stated: Stated, visits: int, entered_at: datetime) -> CourseState:
    steps = ("intake", "company_visit", "trial", "paid_hours")
    left = 2 if visits > 2 else 1  # noqa: PLR2004 - The trial and the paid hours are open beside each other.
    return CourseState(
        course=COURSE,
        status=Status.OPEN,
        started_on=date(2026, 9, 1),
        facts=tuple(_fact(name, value, step, visit) for facts, step, visit in stated for name, value in facts.items()),
        notes=tuple(
            Note(id=uuid5(COURSE, kind), kind=kind, by="anna", by_roles=(Role.CASEWORKER,), at=NOW, visit=1)
            for kind in note_kinds
        ),
        visits=tuple(
            Visit(
                number=number,
                step=step,
                entered_on=entered_at.date(),
                entered_at=entered_at,
                left_at=NOW if number <= left else None,
            )
            for number, step in enumerate(steps[:visits], 1)
        ),
    )


def per_second(action: Callable[[], object]) -> float:
    """Return how often `action` can be done in a second of one core."""
    return 1 / min(_seconds(action) for _ in range(_STRETCHES))


def _seconds(action: Callable[[], object]) -> float:
    """Return the seconds of this thread's processor time that `action` takes, in one stretch of several times."""
    begun = time.thread_time()
    for _ in range(_TIMES):
        action()
    return (time.thread_time() - begun) / _TIMES


def _loop() -> int:
    """Add up some numbers: what every machine does, to hold the others against."""
    total = 0
    for number in range(_TURNS):
        total += number
    return total


def figures() -> dict[str, float]:
    """Return how many of each one core does in a second, and how many fixed loops of a thousand turns each is worth."""
    newest = {rule_set.id: rule_set for rule_set in shipped() if not rule_set.draft}
    loops = per_second(_loop)
    rates: dict[str, float] = {}
    for name in ("jobfirst", "jobfirst-vitas"):
        rates |= {f"{figure}_{name.replace('-', '_')}": rate for figure, rate in _rates(Book(newest[name])).items()}
    worth = {f"{name}_in_loops": loops / rate for name, rate in rates.items()}
    return {"loops_per_second": loops} | {f"{name}_per_second": rate for name, rate in rates.items()} | worth


def _rates(book: Book) -> dict[str, float]:
    """Return the rates of one rule set, of one visit and of a trial beside paid hours."""
    calendar, kinds = WorkingTime(customary()), book.note_kinds
    one_visit, busy = visited_course(kinds), busy_course(kinds)
    strangers = cycle([busy_course(kinds, NOW - timedelta(minutes=number)) for number in range(_STRANGERS)])
    return {
        "verdicts_on_one_visit": per_second(lambda: book.judge(one_visit, NOW, calendar)),
        "verdicts": per_second(lambda: book.judge(busy, NOW, calendar)),
        "first_verdicts": per_second(lambda: book.judge(next(strangers), NOW, calendar)),
        "explanations": per_second(lambda: explain(book, busy, NOW, calendar)),
    }


def main() -> None:
    """Print each figure."""
    for name, figure in figures().items():
        sys.stdout.write(f"{name:44}{figure:>14,.1f}\n")


if __name__ == "__main__":
    main()
