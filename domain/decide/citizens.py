"""Deciding what is known of the citizen himself: a name, and whether it is protected (P10)."""

from domain import commands as cmd
from domain import events as ev
from domain.decide.turn import Turn


def describe_citizen(turn: Turn, command: cmd.DescribeCitizen) -> None:
    """Take another name, or protect the name from now on or no longer; saying the same again changes nothing."""
    if command.citizen_text is not None or command.protected != turn.state.protected:
        turn.happen(
            ev.CitizenDescribed,
            citizen_text=command.citizen_text,
            protected=command.protected,
            reason=command.reason,
        )
