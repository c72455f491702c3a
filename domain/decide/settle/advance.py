"""Settling the course after a command: issue what must be told, advance what may, and say what is waited for."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final

from domain import events as ev
from domain.calendar import iso_day, start_of_day
from domain.decide.briefings import issue_if_changed
from domain.decide.settle.appointments import keep_appointments
from domain.decide.settle.waits import open_waits
from domain.decide.turn import Turn
from domain.identity import ENGINE, GATE_ROLES, notice_id, person_address, supervisors_address
from domain.state.course import CourseState, Judgement, Status, Visit
from domain.state.facts import Fact
from domain.state.verdict import Verdict, VisitVerdict
from domain.state.waiting import Waiting, WaitingKind

SPREAD: Final = timedelta(minutes=15)
"""Over how long the wake-ups of many courses at one instant are spread, by course id."""


def settle(turn: Turn) -> None:
    """Bring the course to rest; what is already so makes no event."""
    if turn.state.status is Status.OPEN:
        while _advance(turn):
            pass
    ahead = _steps_ahead(turn)
    for step, fact in ahead.items():
        if step not in turn.state.ahead:
            _tell_ahead(turn, step, fact)
    keep_appointments(turn)
    _record_stand(turn, tuple(ahead))


def _gates(turn: Turn) -> list[tuple[Visit, VisitVerdict]]:
    """Return the gate of each visit that waits to be advanced; a course that ends waits at its newest visit only."""
    verdicts = {verdict.visit: verdict for verdict in turn.judge().visits}
    visits = turn.state.open_visits
    if turn.state.closing_outcome is not None:
        visits = visits[-1:]
    return [(visit, verdicts[visit.number]) for visit in visits]


def _advance(turn: Turn) -> bool:
    """Issue what must be told, advance at most one visit, and say whether one was (P1)."""
    for visit, gate in _gates(turn):
        issue_if_changed(turn, visit, gate)
    for visit, gate in _gates(turn):
        briefing = visit.briefing
        if gate.is_ready and briefing is not None and briefing.is_acknowledged and _all_caught_up(turn):
            _leave(turn, visit, gate)
            return turn.state.status is Status.OPEN
    return False


def _all_caught_up(turn: Turn) -> bool:
    """Say whether nobody has yet to read what somebody else acknowledged for him at an earlier advance."""
    used_up = {visit.number: visit.used_up for visit in turn.state.open_visits}
    return all(c.visit in used_up and c.version > used_up[c.visit] for c in turn.state.catch_ups)


def _leave(turn: Turn, visit: Visit, gate: VisitVerdict) -> None:
    """Advance a visit to its next steps, beside it when it stays, or complete the course by its recorded outcome."""
    if gate.route is None:
        return
    to, closing, stays, joins = gate.route
    beside = {v.step: v.number for v in turn.state.open_visits if joins and v.number != visit.number}
    joined = tuple(beside[step] for step in to if step in beside)
    if stays:
        turn.happen(ev.VisitBranched, by=ENGINE, visit=visit.number, version=visit.versions, to=to)
    leaving = turn.state.open_visits if closing is not None else () if stays else (visit,)
    for left in leaving:
        way = {"to": to, "joined": joined, "closing": closing, "ahead": tuple(_steps_ahead(turn))}
        turn.happen(ev.VisitLeft, by=ENGINE, visit=left.number, version=left.versions, **way)
    for step in to:
        if step not in beside:
            _enter(turn, step, visit.number)
    if closing is not None:
        turn.happen(ev.CourseCompleted, by=ENGINE, outcome=closing)


def _enter(turn: Turn, step: str, follows: int) -> None:
    """Enter a step after the visit that led there, dated when it began in reality."""
    visits = turn.state.visits
    begun = _begun(turn.state, turn, step)
    turn.happen(
        ev.VisitEntered,
        by=ENGINE,
        visit=max(visit.number for visit in visits) + 1,
        step=step,
        ordinal=max((visit.ordinal for visit in visits if visit.step == step), default=0) + 1,
        entered_on=_begun_on(begun, turn.today) if begun else turn.today,
        follows=follows,
    )


def _begun(state: CourseState, turn: Turn, step: str) -> Fact | None:
    """Return the fact by which `step` has begun in reality while the course holds it (P11)."""
    for name in sorted(turn.rules.begun_by(step)):
        known = state.known(name)
        if known is not None and known.fact.step == step and _means_begun(known.fact, turn.today):
            return known.fact
    return None


def _means_begun(fact: Fact, today: date) -> bool:
    """Say whether a statement means that something has begun: `yes`, an amount, or a date that has come."""
    day = iso_day(fact.value)
    if day is not None:
        return day <= today
    return bool(fact.value)


def _begun_on(fact: Fact, today: date) -> date:
    return min(iso_day(fact.value) or fact.occurred_on, today)


def _steps_ahead(turn: Turn) -> dict[str, Fact]:
    """Return the steps that reality is at although the course holds them, with the fact that says so (P11)."""
    if turn.state.status in (Status.UNBORN, Status.COMPLETED):
        return {}
    unheld = {fact.step for fact in turn.state.facts if fact.visit is None and fact.step}
    begun = {step: _begun(turn.state, turn, step) for step in sorted(unheld)}
    return {step: fact for step, fact in begun.items() if fact is not None}


def _tell_ahead(turn: Turn, step: str, fact: Fact) -> None:
    """Say that reality went ahead of the informing, and tell the supervisors once."""
    turn.happen(ev.WentAhead, by=ENGINE, step=step, fact=fact.id)
    recipient = supervisors_address(turn.state.unit)
    notice = notice_id(turn.state.course, f"ahead/{step}/{fact.id}", recipient)
    turn.happen(ev.NoticeRaised, by=ENGINE, notice=notice, about="ahead", recipient=recipient)


def _record_stand(turn: Turn, ahead: tuple[str, ...]) -> None:
    """Record judgements, waits and the next wake-up where they differ from what the course says."""
    verdict = turn.judge() if turn.state.status is not Status.UNBORN else Verdict(())
    waits = open_waits(turn, _gates_while_alive(turn))
    judgements = _judgements(turn, verdict, waits)
    before = {waiting.key: waiting for waiting in turn.state.waiting}
    opened = tuple(waiting for waiting in waits if before.get(waiting.key) != waiting)
    ended = tuple(sorted(before.keys() - {waiting.key for waiting in waits}))
    wakeup = _wakeup(turn, waits, verdict)
    stand = (turn.state.ahead, turn.state.wakeup)
    if judgements or opened or ended or stand != (ahead, wakeup):
        turn.happen(
            ev.Settled,
            by=ENGINE,
            judgements=judgements,
            opened=opened,
            ended=ended,
            ahead=ahead,
            wakeup=wakeup,
            calendar=turn.calendar.reference,
        )
    if turn.state.is_over and any(isinstance(e, ev.CourseCompleted) for e in turn.events):
        _tell_completed(turn)


def _gates_while_alive(turn: Turn) -> list[tuple[Visit, VisitVerdict]]:
    return _gates(turn) if turn.state.status in (Status.OPEN, Status.PAUSED) else []


def _judgements(turn: Turn, verdict: Verdict, waits: tuple[Waiting, ...]) -> dict[int, Judgement]:
    """Return the short verdict on each open visit that is not what the course says already (P8)."""
    held_to = {(w.visit, w.what): w.until for w in waits if w.kind is WaitingKind.REQUIREMENT}
    current = {v.visit: _judgement(v, held_to) for v in verdict.visits}
    return {
        visit.number: current[visit.number]
        for visit in turn.state.open_visits
        if visit.judgement != current[visit.number]
    }


def _judgement(verdict: VisitVerdict, held_to: Mapping[tuple[int | None, str], datetime | None]) -> Judgement:
    return Judgement(
        ready=verdict.is_ready,
        outcomes={r.requirement: r.outcome.value for r in verdict.requirements},
        to=verdict.route.to if verdict.route else None,
        closing=verdict.route.closing if verdict.route else None,
        due={
            r.requirement: held_to.get((verdict.visit, r.requirement)) or r.due
            for r in verdict.requirements
            if r.due and r.holds_back
        },
    )


def _wakeup(turn: Turn, waits: tuple[Waiting, ...], verdict: Verdict) -> datetime | None:
    """Return the next instant at which time alone may change anything, spread by course id (P5)."""
    instants = [waiting.next_rung_at for waiting in waits]
    if turn.state.status is Status.OPEN:
        instants += [verdict.changes_at, *_days_to_come(turn)]
    instants.append(turn.state.resumes_at)
    to_come = [instant for instant in instants if instant is not None]
    if not to_come:
        return None
    spread = SPREAD * (turn.state.course.int % 900 + 1) / 900
    return max(min(to_come), turn.now) + spread


def _days_to_come(turn: Turn) -> list[datetime]:
    """Return the mornings on which a step reported ahead of time begins."""
    days = [
        iso_day(fact.value)
        for fact in turn.state.facts
        if fact.visit is None and fact.step and fact.fact in turn.rules.begun_by(fact.step)
    ]
    return [start_of_day(day) for day in days if day is not None and day > turn.today]


def _tell_completed(turn: Turn) -> None:
    """Tell both roles that the course is closed; who holds both is told once."""
    holders = (turn.state.holder(role) for role in GATE_ROLES)
    for person in dict.fromkeys(person for person in holders if person is not None):
        recipient = person_address(person)
        notice = notice_id(turn.state.course, f"completed/{turn.state.revision}", recipient)
        turn.happen(ev.NoticeRaised, by=ENGINE, notice=notice, about="completed", recipient=recipient)
