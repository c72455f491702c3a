"""Deciding how what was wrong is put right: taken back, superseded, or removed because it is of another citizen."""

from uuid import UUID

from domain import commands as cmd
from domain import events as ev
from domain.decide.decision import Decision, decides
from domain.decide.facts import expect_value, is_still_to_come, may_report
from domain.errors import Code, refuse
from domain.identity import Role, entry_id
from domain.state.facts import Fact


@decides(cmd.RetractFact)
def retract_fact(decision: Decision, command: cmd.RetractFact) -> None:
    """Take back one statement; what was said before it counts again.

    A second person who takes back one of another citizen has it erased.

    Refuses with `fact-not-yours`, `nothing-to-retract`.
    """
    if command.wrong_citizen and _agrees(decision, command.fact):
        return
    _statement(decision, command.fact)
    decision.record(ev.FactRetracted, fact=command.fact, reason=command.reason, wrong_citizen=command.wrong_citizen)


@decides(cmd.SupersedeFact)
def supersede_fact(decision: Decision, command: cmd.SupersedeFact) -> None:
    """Put a right statement in the place of a wrong one, of the same visit and, unless it is said, the same day.

    Refuses with `fact-not-yours`, `in-the-future`, `nothing-to-retract`.
    """
    original = _statement(decision, command.fact)
    expect_value(decision.rules, original.fact, command.value, "value")
    occurred_on = command.occurred_on or original.occurred_on
    rule = decision.rules.fact(original.fact)
    if occurred_on > decision.today:
        raise refuse(Code.IN_THE_FUTURE, "occurred_on")
    if rule is not None and is_still_to_come(decision, rule, command.value):
        raise refuse(Code.IN_THE_FUTURE, "value")
    right = Fact(
        id=entry_id(decision.command, original.fact),
        fact=original.fact,
        value=decision.rules.as_stored(original.fact, command.value),
        step=original.step,
        visit=original.visit,
        occurred_on=occurred_on,
        recorded_at=decision.now,
        reporter=decision.actor.person,
        by_system=decision.actor.is_system,
        outlives_visit=original.outlives_visit,
    )
    decision.record(ev.FactRetracted, fact=original.id, reason=command.reason, superseded_by=right.id)
    decision.record(ev.FactsReported, facts=(right,), reason=command.reason)


def _statement(decision: Decision, statement: UUID) -> Fact:
    """Return a statement that the actor may put right; raises RefusedError."""
    original = next((fact for fact in decision.state.facts if fact.id == statement), None)
    if original is None:
        raise refuse(Code.NOTHING_TO_RETRACT, "fact")
    rule = decision.rules.fact(original.fact)
    is_own = original.reporter == decision.actor.person or not decision.is_by_observer
    if rule is not None and not (is_own and may_report(decision, rule)) and Role.SUPERVISOR not in decision.actor.roles:
        raise refuse(Code.FACT_NOT_YOURS, "fact", roles=", ".join(sorted(rule.reporters)))
    return original


@decides(cmd.RetractNote)
def retract_note(decision: Decision, command: cmd.RetractNote) -> None:
    """Take back a note that the actor may read; an observer takes back own notes only.

    A second person who takes back one of another citizen has it erased.
    Refuses with `nothing-to-retract`, `observer-changes-nothing`.
    """
    if command.wrong_citizen and _agrees(decision, command.note):
        return
    note = next((note for note in decision.state.notes if note.id == command.note), None)
    if note is None or not note.audience.includes(decision.actor.roles):
        raise refuse(Code.NOTHING_TO_RETRACT, "note")
    if decision.is_by_observer and note.by != decision.actor.person:
        raise refuse(Code.OBSERVER_CHANGES_NOTHING, "note")
    decision.record(
        ev.NoteRetracted,
        note=command.note,
        reason=command.reason,
        wrong_citizen=command.wrong_citizen,
        ground=command.ground,
    )


def _agrees(decision: Decision, entry: UUID) -> bool:
    """Have erased what another person removed as another citizen's; return whether the actor is such a second one."""
    removal = next((removal for removal in decision.state.removed if removal.entry == entry), None)
    if removal is None or removal.is_agreed or removal.by == decision.actor.person or decision.is_by_observer:
        return False
    if not removal.audience.includes(decision.actor.roles):
        return False
    decision.record(ev.RemovalAgreed, entry=entry)
    return True
