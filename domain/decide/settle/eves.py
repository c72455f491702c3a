"""Tells who has not acknowledged a version, on the working day before that begins which it is for, once (P1, P6)."""

from domain.decide.beginnings import beginnings, eve_of, next_working_day
from domain.decide.decision import Decision
from domain.decide.settle.ladders import asked, notify
from domain.state.notice import BEGINS
from domain.state.waiting import Waiting, WaitingKind


def tell_on_the_eve(decision: Decision, waiting: Waiting) -> Waiting:
    """Return the wait for a receipt with the day of whose beginning those asked are told; all other waits as they are.

    Who was asked that same day has been told by that. One to come is told when the office opens on the day before it.
    """
    visit = decision.state.visit(waiting.visit) if waiting.visit is not None else None
    if waiting.kind is not WaitingKind.ACKNOWLEDGEMENT or visit is None or decision.is_quiet:
        return waiting
    to_come = [day for day in beginnings(visit, decision.state, decision.rules) if day > decision.today]
    tomorrow = next_working_day(decision.today, decision.calendar)
    soon = min((day for day in to_come if day <= tomorrow), default=None)
    if soon is not None and soon != waiting.begins and decision.now >= eve_of(soon, decision.calendar):
        if any(before.key == waiting.key for before in decision.state.waiting):
            notify(decision, waiting, BEGINS, asked(decision, waiting), begins=soon)
        waiting = waiting.model_copy(update={"begins": soon})
    eves = (eve_of(day, decision.calendar) for day in to_come if day != waiting.begins)
    instants = [waiting.next_rung_at, *(eve for eve in eves if eve > decision.now)]
    return waiting.model_copy(update={"next_rung_at": min(filter(None, instants), default=None)})
