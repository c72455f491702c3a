"""How many verdicts and full explanations one core gives a second, beside what the machine itself is good for."""

import sys
import time
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
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
SECONDS: Final = 2.0
"""How long each thing is done; long enough to even out the machine's moods."""

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


def busy_course(note_kinds: Iterable[str]) -> CourseState:
    """Return a course in the default set with a trial beside paid hours, some history and a note of each kind."""
    stated = [(_COURSE_FACTS, None, None), (_VISIT_FACTS, "company_visit", 2)]
    stated += [(_TRIAL_FACTS, "trial", 3), (_HOURS_FACTS, "paid_hours", 4)]
    steps = ("intake", "company_visit", "trial", "paid_hours")
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
                entered_on=NOW.date(),
                entered_at=NOW,
                left_at=NOW if number in (1, 2) else None,
            )
            for number, step in enumerate(steps, 1)
        ),
    )


def per_second(action: Callable[[], object]) -> float:
    """Return how often `action` is done in a second."""
    done, begun = 0, time.perf_counter()
    while (spent := time.perf_counter() - begun) < SECONDS:
        for _ in range(50):
            action()
        done += 50
    return done / spent


def figures() -> dict[str, float]:
    """Return how many of each one core does in a second."""
    book = Book(next(rule_set for rule_set in shipped() if rule_set.id == "jobfirst" and not rule_set.draft))
    calendar = WorkingTime(customary())
    state = busy_course(book.note_kinds)
    return {
        "verdicts": per_second(lambda: book.judge(state, NOW, calendar)),
        "explanations": per_second(lambda: explain(book, state, NOW, calendar)),
        "explanations_as_json": per_second(lambda: explain(book, state, NOW, calendar).model_dump_json()),
    }


def main() -> None:
    """Print each figure with what it is worth in dictionary look-ups on this machine."""
    table = dict.fromkeys(range(100), 0)
    baseline = 1_000 * per_second(lambda: [table[50] for _ in range(1_000)])
    sys.stdout.write(f"{'look-ups in a dictionary':26}{baseline:>14,.0f}/s\n")
    for name, figure in figures().items():
        sys.stdout.write(f"{name:26}{figure:>14,.0f}/s  = {baseline / figure:>9,.0f} look-ups each\n")


if __name__ == "__main__":
    main()
