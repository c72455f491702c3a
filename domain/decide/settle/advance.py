"""Settling the course after a command: issue what must be told, advance what may, and say what is waited for."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain
from typing import Final

from domain import events as ev
from domain.address import Address
from domain.calendar import NEVER, iso_day, start_of_day
from domain.decide.briefings import briefed_visits, gates, is_shown_with, issue_versions
from domain.decide.decision import Decision
from domain.decide.re_pinning import follow_planned_rules
from domain.decide.settle.appointments import keep_appointments
from domain.decide.settle.entering import asked_anew, enter, steps_ahead
from domain.decide.settle.judgements import judgements_that_differ
from domain.decide.settle.news import gather_news
from domain.decide.settle.waits import open_waits
from domain.identity import ENGINE
from domain.state.briefing import Manifest
from domain.state.course import Status, Visit
from domain.state.facts import Fact
from domain.state.notice import COMPLETED, CourseSubject, StepSubject
from domain.state.verdict import Judgement, Verdict, VisitVerdict
from domain.state.waiting import Waiting

SPREAD: Final = timedelta(minutes=15)
"""Over how long the wake-ups of many courses at one instant are spread, by course id."""


def settle(decision: Decision) -> None:
    """Bring the course to rest; what is already so makes no event."""
    if decision.state.status is Status.OPEN:
        while _advance(decision) and decision.state.status is Status.OPEN:
            pass
    ahead = steps_ahead(decision)
    for step, fact in ahead.items():
        if step not in decision.state.ahead_of_informing:
            _notify_ahead(decision, step, fact)
    keep_appointments(decision)
    _record_stand(decision, tuple(ahead))


def _advance(decision: Decision) -> bool:
    """Issue what must be told, advance the visits of which both are informed, and say whether any was (P1)."""
    issue_versions(decision)
    read: list[Manifest] = []
    for number in [visit.number for visit, _ in gates(decision)]:
        for visit, gate in _gates_while_open(decision):
            if visit.number == number and visit.briefing and _is_informed(decision, visit, gate, read):
                read.append(visit.briefing.manifest)
                _leave(decision, visit, gate)
    return bool(read)


def _gates_while_open(decision: Decision) -> list[tuple[Visit, VisitVerdict]]:
    return gates(decision) if decision.state.status is Status.OPEN else []


def _is_informed(decision: Decision, visit: Visit, gate: VisitVerdict, read: Sequence[Manifest]) -> bool:
    """Say whether a visit may be advanced by its version; of what those left just before taught by theirs too (P1)."""
    if not gate.is_ready or visit.briefing is None or not visit.briefing.is_acknowledged:
        return False
    if any(briefed.open_disputes for briefed in briefed_visits(decision.state, visit, gate)):
        return False
    return not read or is_shown_with(decision, visit, gate, read)


def _leave(decision: Decision, visit: Visit, gate: VisitVerdict) -> None:
    """Advance a visit to its next steps, beside it when it stays, or complete the course by its recorded outcome."""
    if gate.route is None:
        return
    to, closing, stays, joins = gate.route
    beside = {v.step: v.number for v in decision.state.open_visits if joins and v.number != visit.number}
    joined = tuple(beside[step] for step in to if step in beside)
    way = {"to": to, "asked_anew": asked_anew(decision, to, beside)}
    if stays:
        decision.record(ev.VisitBranched, by=ENGINE, visit=visit.number, version=visit.versions, **way)
    leaving = decision.state.open_visits if closing is not None else () if stays else (visit,)
    for left in leaving:
        more = {**way, "joined": joined, "closing": closing}
        decision.record(ev.VisitLeft, by=ENGINE, visit=left.number, version=left.versions, **more)
    entered = [step for step in to if step not in beside]
    follow_planned_rules(decision, entered)
    for step in entered:
        enter(decision, step, visit.number)
    if closing is not None:
        decision.record(ev.CourseCompleted, by=ENGINE, outcome=closing)


def _notify_ahead(decision: Decision, step: str, fact: Fact) -> None:
    """Say that reality went ahead of the informing, and tell the supervisors once."""
    decision.record(ev.WentAhead, by=ENGINE, step=step, fact=fact.id)
    decision.notify(Address.supervisors(decision.state.unit), "ahead", StepSubject(step=step, fact=fact.id))


def _record_stand(decision: Decision, ahead: tuple[str, ...]) -> None:
    """Record judgements, waits and the next wake-up where they differ from what the course says."""
    verdict = decision.verdict if decision.state.status is not Status.NOT_STARTED else Verdict(())
    waits = open_waits(decision, _gates_while_alive(decision))
    judgements = judgements_that_differ(decision.state, verdict, waits, decision.now)
    before = {waiting.key: waiting for waiting in decision.state.waiting}
    opened = tuple(waiting for waiting in waits if before.get(waiting.key) != waiting)
    ended = tuple(sorted(before.keys() - {waiting.key for waiting in waits}, key=str))
    news = gather_news(decision, _untold_breaches(decision, verdict, judgements))
    news_before = {each.notice: each for each in decision.state.news}
    changed = tuple(each for each in news if news_before.get(each.notice) != each)
    news_ended = tuple(sorted(news_before.keys() - {each.notice for each in news}))
    wakeup = _wakeup(decision, waits, verdict)
    stand = (decision.state.ahead_of_informing, decision.state.wakeup)
    if judgements or opened or ended or changed or news_ended or stand != (ahead, wakeup):
        decision.record(
            ev.Settled,
            by=ENGINE,
            judgements=judgements,
            opened=opened,
            ended=ended,
            news=changed,
            news_ended=news_ended,
            ahead=ahead,
            wakeup=wakeup,
            calendar=decision.calendar.reference,
        )
    if decision.state.is_over and any(isinstance(e, ev.CourseCompleted) for e in decision.events):
        _notify_completed(decision)


def _gates_while_alive(decision: Decision) -> list[tuple[Visit, VisitVerdict]]:
    return gates(decision) if decision.state.status in (Status.OPEN, Status.PAUSED) else []


def _untold_breaches(decision: Decision, verdict: Verdict, judgements: Mapping[int, Judgement]) -> tuple[str, ...]:
    """Return what of the law was found not met just now and no ladder tells of."""
    on_ladder = {asked.requirement for v in verdict.visits for asked in v.requirements if asked.reminds}
    before = {visit.number: visit.judgement.breaches for visit in decision.state.open_visits}
    found = (set(judged.breaches) - set(before[number]) for number, judged in judgements.items())
    return tuple(sorted(set().union(*found) - on_ladder))


def _wakeup(decision: Decision, waits: tuple[Waiting, ...], verdict: Verdict) -> datetime | None:
    """Return the next instant at which time alone may change anything, spread by course id (P5)."""
    instants = [waiting.next_rung_at for waiting in waits]
    if decision.state.status is Status.OPEN:
        instants += [verdict.changes_at, *_days_to_come(decision), *_deadlines_of_law(decision, verdict)]
    instants += [decision.state.resumes_at, *_mornings_of_covers(decision)]
    to_come = [instant for instant in instants if instant is not None]
    if not to_come:
        return None
    spread = SPREAD * (decision.state.course.int % 900 + 1) / 900
    return max(min(to_come), decision.now) + spread


def _deadlines_of_law(decision: Decision, verdict: Verdict) -> list[datetime]:
    """Return when it will be noted that the law was not met in time."""
    asked = (asked for visit in verdict.visits for asked in visit.requirements if asked.is_noted and asked.is_open)
    over = (*(each.due for each in asked), *(grace.until for grace in decision.state.graces))
    return [instant for instant in over if instant is not None and decision.now < instant < NEVER]


def _mornings_of_covers(decision: Decision) -> list[datetime]:
    """Return when somebody begins to cover for a holder of a role, and when he does not any more."""
    if decision.state.is_over:
        return []
    covers = chain.from_iterable(map(decision.covers, decision.holders()))
    return [start_of_day(day) for cover in covers for day in cover.edges if day > decision.today]


def _days_to_come(decision: Decision) -> list[datetime]:
    """Return the mornings on which a step reported ahead of time begins."""
    days = [
        iso_day(fact.value)
        for fact in decision.state.facts
        if fact.visit is None and fact.step and fact.fact in decision.rules.begun_by(fact.step)
    ]
    return [start_of_day(day) for day in days if day is not None and day > decision.today]


def _notify_completed(decision: Decision) -> None:
    """Tell both roles that the course is closed; who holds both is told once."""
    for person in decision.holders():
        decision.notify(Address.person(person), COMPLETED, CourseSubject(revision=decision.state.revision))
