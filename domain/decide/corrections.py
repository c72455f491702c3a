"""Deciding how what was wrong is put right: taken back, superseded, or removed because it is of another citizen."""

from uuid import UUID

from domain import commands as cmd
from domain import events as ev
from domain.decide.facts import may_report
from domain.decide.turn import Turn
from domain.errors import Code, RefusedError, refuse
from domain.identity import Role, entry_id
from domain.state.facts import Fact


def retract_fact(turn: Turn, command: cmd.RetractFact) -> None:
    """Take back one statement; what was said before it counts again."""
    _statement(turn, command.fact)
    turn.happen(ev.FactRetracted, fact=command.fact, reason=command.reason, wrong_citizen=command.wrong_citizen)


def supersede_fact(turn: Turn, command: cmd.SupersedeFact) -> None:
    """Put a right statement in the place of a wrong one, of the same visit and, unless it is said, the same day."""
    said = _statement(turn, command.fact)
    wrong = turn.rules.problem_with(said.fact, command.value)
    if wrong is not None:
        raise RefusedError(wrong.model_copy(update={"field": "value"}))
    occurred_on = command.occurred_on or said.occurred_on
    rule = turn.rules.fact(said.fact)
    if occurred_on > turn.today:
        raise refuse(Code.IN_THE_FUTURE, "occurred_on")
    if rule is not None and rule.has_come and str(command.value) > turn.today.isoformat():
        raise refuse(Code.IN_THE_FUTURE, "value")
    right = Fact(
        id=entry_id(turn.command, said.fact),
        fact=said.fact,
        value=turn.rules.as_stored(said.fact, command.value),
        step=said.step,
        visit=said.visit,
        occurred_on=occurred_on,
        recorded_at=turn.now,
        reporter=turn.actor.person,
        by_system=turn.actor.is_system,
    )
    turn.happen(ev.FactRetracted, fact=said.id, reason=command.reason, superseded_by=right.id)
    turn.happen(ev.FactsReported, facts=(right,), reason=command.reason)


def _statement(turn: Turn, statement: UUID) -> Fact:
    """Return a statement that the actor may put right; raises RefusedError."""
    said = next((fact for fact in turn.state.facts if fact.id == statement), None)
    if said is None:
        raise refuse(Code.NOTHING_TO_RETRACT, "fact")
    rule = turn.rules.fact(said.fact)
    is_own = said.reporter == turn.actor.person or not turn.is_by_observer
    if rule is not None and not (is_own and may_report(turn, rule)) and Role.SUPERVISOR not in turn.actor.roles:
        raise refuse(Code.FACT_NOT_YOURS, "fact", roles=", ".join(sorted(rule.reporters)))
    return said


def retract_note(turn: Turn, command: cmd.RetractNote) -> None:
    """Take back a note; an observer takes back his own only."""
    note = next((note for note in turn.state.notes if note.id == command.note), None)
    if note is None:
        raise refuse(Code.NOTHING_TO_RETRACT, "note")
    if turn.is_by_observer and note.by != turn.actor.person:
        raise refuse(Code.OBSERVER_CHANGES_NOTHING, "note")
    turn.happen(ev.NoteRetracted, note=command.note, reason=command.reason, wrong_citizen=command.wrong_citizen)
