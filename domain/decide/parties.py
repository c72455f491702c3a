"""Deciding who observes a course: never a party to it, and never waited for (P1)."""

from typing import Final

from domain import commands as cmd
from domain import events as ev
from domain.decide.turn import Turn
from domain.errors import Code, refuse

MOST_OBSERVERS: Final = 20
"""How many observe a course at most."""


def add_observer(turn: Turn, command: cmd.AddObserver) -> None:
    """Let somebody observe; who does so already is left alone, or observes as another from now on."""
    state, person = turn.state, command.person
    if state.roles_of(person):
        raise refuse(Code.OBSERVER_IS_PARTY, "person")
    before = state.observer(person)
    if before is None and len(state.observers) >= MOST_OBSERVERS:
        raise refuse(Code.OBSERVERS_TOO_MANY, "person", most=MOST_OBSERVERS)
    if before is None or before.kind is not command.observer_kind:
        turn.happen(ev.ObserverAdded, person=person, observer_kind=command.observer_kind, reason=command.reason)


def remove_observer(turn: Turn, command: cmd.RemoveObserver) -> None:
    """Let somebody observe no longer; raises RefusedError when he does not."""
    if turn.state.observer(command.person) is None:
        raise refuse(Code.OBSERVER_UNKNOWN, "person")
    turn.happen(ev.ObserverRemoved, person=command.person, reason=command.reason)
