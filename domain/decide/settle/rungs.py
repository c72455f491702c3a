"""When the rungs of a ladder are reached: in the working time of those asked, and the supervisors last (P6)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from domain.calendar import WORKING_UNITS, Span, TimeUnit, danish_day, end_of_day
from domain.decide.decision import Decision
from domain.state.waiting import Rung, Waiting

SUPERVISOR: Final = "supervisor"

_NEXT_DAY: Final = Span(amount=1, unit=TimeUnit.WORKING_DAYS)
_LONGEST_AWAY: Final = timedelta(days=7)
_NO_TIME: Final = timedelta()
_OPEN_NOW: Final = Span(amount=0, unit=TimeUnit.WORKING_HOURS)


def next_opening(decision: Decision, waiting: Waiting) -> datetime:
    """Return now, or when the office or the person asked is at work next: nobody is reminded at night."""
    return min(decision.after(decision.now, _OPEN_NOW, person) for person in (None, _person(decision, waiting)))


def _person(decision: Decision, waiting: Waiting) -> str | None:
    """Return the person in whose working time, or that of who covers for him, the wait runs."""
    return next(iter(decision.holders(waiting.roles)), None)


def end_of_first_rung(
    decision: Decision, waiting: Waiting, rungs: tuple[Rung, ...], next_rung: datetime | None
) -> datetime | None:
    """Return the end of a wait without a deadline: the day of its first rung, as the calendar has it now.

    No answer moves it.
    """
    anew = waiting.model_copy(update={"answer": None, "level": 0})
    first = next_rung_due(decision, anew, rungs) or next_rung
    return end_of_day(danish_day(first)) if first is not None else None


def next_rung_due(decision: Decision, waiting: Waiting, rungs: tuple[Rung, ...]) -> datetime | None:
    """Return when the next rung is reached; a last rung that repeats comes again and again.

    One that is counted from the deadline is not reached while that is not known.
    People are told in their working hours: what a calendar day ends or begins is told when they are at work next, and
    two rungs that a weekend would make one are a working day apart, so that nobody is passed over.
    The supervisors are told a working day after both roles were, however late that was.
    In a course that was taken over, what was due before its quiet time ends counts as due then.
    """
    level = waiting.level
    if not rungs or (level >= len(rungs) and not rungs[-1].repeat):
        return None
    rung = rungs[min(level, len(rungs) - 1)]
    times = max(1, level - len(rungs) + 2)
    span = Span(amount=rung.after.amount * times, unit=rung.after.unit)
    person = _person(decision, waiting)
    since = waiting.since if not rung.from_due else waiting.until if waiting.reckoned else None
    if since is None:
        return None
    answered_until = waiting.answer.until if waiting.answer else since
    since = max(since, decision.state.quiet_until or since, since if rung.from_due else answered_until)
    reached = _reached_at_work(decision, since, span, person)
    if 0 < level < len(rungs) and rungs[level - 1].from_due == rung.from_due and span.unit not in WORKING_UNITS:
        earlier = _reached_at_work(decision, since, rungs[level - 1].after, person)
        reached = decision.after(reached, _NEXT_DAY, person) if earlier == reached else reached
    if 0 < level < len(rungs) and SUPERVISOR in rung.tell and SUPERVISOR not in rungs[level - 1].tell:
        reached = max((reached, *_a_day_after_both(decision, waiting)))
    return max(reached, answered_until, waiting.rung_not_before or reached)


def held_to_former_rung(
    decision: Decision, waiting: Waiting, rungs: tuple[Rung, ...], former: Waiting | None
) -> Waiting:
    """Return a wait of which other rules bring the next rung forward so that nobody is overrun by it (P6).

    It has the whole new amount from now on, though no longer than until the rung was to be reached before.
    """
    if former is None or decision.state.re_pinned_at != decision.now:
        return waiting
    before = former.next_rung_at
    waiting = waiting.model_copy(update={"rung_not_before": None})
    due = next_rung_due(decision, waiting, rungs)
    if due is None or before is None or due >= before:
        return waiting
    span = rungs[min(waiting.level, len(rungs) - 1)].after
    anew = decision.after(decision.now, span, _person(decision, waiting), decision.ended_pauses)
    return waiting.model_copy(update={"rung_not_before": min(before, max(due, anew))})


def _a_day_after_both(decision: Decision, waiting: Waiting) -> Iterator[datetime]:
    """Yield when a working day has passed since the last rung notified both, for the offices and each holder (P6).

    Who is asked and was away then has been waited for already; the other is not when away for more than a week.
    """
    notified_at = waiting.climbed_at
    if notified_at is None:
        return
    yield decision.calendar.after(notified_at, _NEXT_DAY)
    for holder in decision.holders():
        patience = _NO_TIME if holder in decision.holders(waiting.roles) else _LONGEST_AWAY
        if decision.after(notified_at, _OPEN_NOW, holder) <= notified_at + patience:
            yield decision.after(notified_at, _NEXT_DAY, holder)


def _reached_at_work(decision: Decision, since: datetime, span: Span, person: str | None) -> datetime:
    """Return when a span has passed and the person is at work."""
    reached = decision.after(since, span, person, decision.ended_pauses)
    return reached if span.unit in WORKING_UNITS else decision.after(reached, _OPEN_NOW, person)


def moved_days(decision: Decision, waiting: Waiting, rungs: tuple[Rung, ...], due: datetime | None) -> int:
    """Return the offices' working days by which the next rung is later in the time of the person asked."""
    if due is None:
        return 0
    offices = next_rung_due(decision, waiting.model_copy(update={"roles": ()}), rungs)
    if offices is None or offices >= due:
        return 0
    return decision.calendar.working_days_between(danish_day(offices), danish_day(due))
