"""Entering steps: when they began in reality, and what is asked anew at another workplace (P2, P11)."""

from collections.abc import Collection, Sequence
from datetime import date

from domain import events as ev
from domain.calendar import iso_day
from domain.decide.decision import Decision
from domain.identity import ENGINE
from domain.state.course import Status
from domain.state.facts import Fact


def asked_anew(decision: Decision, to: Sequence[str], beside: Collection[str]) -> tuple[str, ...]:
    """Return the steps of which all is asked anew: those after one that is entered again, at another workplace (P2).

    The papers of one company say nothing of the next; what reality is at already is not asked anew (P11).
    """
    order, here = decision.rules.steps, decision.rules.workplaces.steps_at_same_place
    visited = {visit.step for visit in decision.state.visits if not visit.withdrawn} - here
    again = [order.index(step) for step in to if step in visited and step not in beside]
    told = {fact.step for fact in decision.state.facts if fact.visit is None and fact.step}
    after = order[min(again) + 1 :] if again else ()
    return tuple(step for step in after if step in told.difference(to, steps_ahead(decision)))


def enter(decision: Decision, step: str, follows: int) -> None:
    """Enter a step after the visit that led there, dated when it began in reality."""
    visits = decision.state.visits
    begun = _begun(decision, step)
    decision.record(
        ev.VisitEntered,
        by=ENGINE,
        visit=max(visit.number for visit in visits) + 1,
        step=step,
        ordinal=max((visit.ordinal for visit in visits if visit.step == step), default=0) + 1,
        entered_on=_begun_on(begun, decision.today) if begun else decision.today,
        follows=follows,
    )


def _begun(decision: Decision, step: str) -> Fact | None:
    """Return the fact by which `step` has begun in reality while the course holds it (P11)."""
    for name in sorted(decision.rules.begun_by(step)):
        on_record = decision.state.on_record(name)
        if on_record is not None and on_record.fact.step == step and _means_begun(on_record.fact, decision.today):
            return on_record.fact
    return None


def _means_begun(fact: Fact, today: date) -> bool:
    """Say whether a statement means that something has begun: `yes`, an amount, or a date that has come."""
    day = iso_day(fact.value)
    if day is not None:
        return day <= today
    return bool(fact.value)


def _begun_on(fact: Fact, today: date) -> date:
    return min(iso_day(fact.value) or fact.occurred_on, today)


def steps_ahead(decision: Decision) -> dict[str, Fact]:
    """Return the steps that reality is at although the course holds them, with the fact that says so (P11)."""
    if decision.state.status in (Status.NOT_STARTED, Status.COMPLETED):
        return {}
    unheld = {fact.step for fact in decision.state.facts if fact.visit is None and fact.step}
    begun = {step: _begun(decision, step) for step in sorted(unheld)}
    return {step: fact for step, fact in begun.items() if fact is not None}
