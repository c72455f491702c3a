"""Deciding how what was wrong is put right: taken back, superseded, or removed because it is of another citizen."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from domain import commands as cmd
from domain import events as ev
from domain.decide.decision import Decision, decides
from domain.decide.facts import expect_value, is_still_to_come, may_report, those_who_report
from domain.decide.shown import acknowledge_as_author, is_current
from domain.errors import Code, refuse
from domain.identity import Role, entry_id
from domain.state.course import Visit
from domain.state.facts import Fact, Note
from domain.state.verdict import CLOSING_OUTCOME

SLIP: Final = timedelta(minutes=15)
"""How long a note's author may correct it without a reason."""


@decides(cmd.RetractFact, after_closing=True)
def retract_fact(decision: Decision, command: cmd.RetractFact) -> None:
    """Take back one statement; what was said before it counts again.

    A second person who takes back one of another citizen has it erased. A closed course stays closed, so the outcome
    by which it was closed is taken back by reopening it.
    Refuses with `course-closed`, `fact-not-yours`, `nothing-to-retract`.
    """
    if command.wrong_citizen and _agrees(decision, command.fact):
        return
    original = _statement(decision, command.fact)
    if decision.state.is_over and original.fact == CLOSING_OUTCOME:
        raise refuse(Code.COURSE_CLOSED, "fact")
    removed: dict[str, Any] = {"wrong_citizen": True, "name": original.fact} if command.wrong_citizen else {}
    decision.record(ev.FactRetracted, fact=command.fact, reason=command.reason, **removed)


@decides(cmd.RemoveFact, after_closing=True)
def remove_fact(decision: Decision, command: cmd.RemoveFact) -> None:
    """Hide a statement of another citizen, whether it counts or not.

    A second person who removes it has it erased. Refuses with `observer-changes-nothing`.
    """
    if _agrees(decision, command.fact) or _is_removed(decision, command.fact):
        return
    if decision.is_by_observer:
        raise refuse(Code.OBSERVER_CHANGES_NOTHING)
    decision.record(ev.FactRetracted, fact=command.fact, name=command.name, reason=command.reason, wrong_citizen=True)


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
        raise refuse(Code.FACT_NOT_YOURS, "fact", roles=those_who_report(rule))
    return original


@decides(cmd.RetractNote, after_closing=True)
def retract_note(decision: Decision, command: cmd.RetractNote) -> None:
    """Take back a note that the actor may read; an observer takes back own notes only.

    What was kept of a former course may be put right as it was there, and stays its author's.
    A second person who takes back one of another citizen has it erased.
    Refuses with `nothing-to-retract`, `observer-changes-nothing`.
    """
    if command.wrong_citizen and _agrees(decision, command.note):
        return
    wrong = _note(decision, command.note)
    decision.record(
        ev.NoteRetracted,
        note=command.note,
        reason=command.reason,
        wrong_citizen=command.wrong_citizen,
        ground=command.ground,
        superseded_by=command.instead,
    )
    if command.instead is not None:
        right = wrong.model_copy(update={"id": command.instead, "at": decision.now, "is_heard": False})
        decision.record(ev.NoteAdded, note=right)


@decides(cmd.RemoveText, after_closing=True)
def remove_text(decision: Decision, command: cmd.RemoveText) -> None:
    """Hide words of another citizen, whatever they belong to; a note among those that count is taken back with them.

    A second person who removes them has them erased. Refuses with `nothing-to-retract`, `observer-changes-nothing`.
    """
    if _agrees(decision, command.text) or _is_removed(decision, command.text):
        return
    if any(note.id == command.text for note in decision.state.notes):
        _note(decision, command.text)
        decision.record(ev.NoteRetracted, note=command.text, reason=command.reason, wrong_citizen=True)
        return
    if decision.is_by_observer:
        raise refuse(Code.OBSERVER_CHANGES_NOTHING)
    decision.record(ev.TextRemoved, text=command.text, audience=command.audience, reason=command.reason)


@decides(cmd.SupersedeNote)
def supersede_note(decision: Decision, command: cmd.SupersedeNote) -> None:
    """Put right words in the place of a note's; all else of the note stays as it was.

    Its author may correct a slip for fifteen minutes, while it is heard by nobody else: no reason is asked for, and
    who has acknowledged a version with the slip is informed of the one without it.
    Refuses with `briefing-missing`, `course-closed`, `disputed-in-person`, `nobody-in-role`, `not-the-party`,
    `nothing-to-retract`, `observer-changes-nothing`, `one-human-once`, `reason-missing`, `role-not-yours`,
    `system-cannot-acknowledge`, `version-outdated`, `version-used-up`, `visit-unknown`.
    """
    wrong = _note(decision, command.note)
    is_own = wrong.by == decision.actor.person
    is_slip = is_own and not wrong.is_heard and decision.now - wrong.at <= SLIP
    if not is_slip and command.reason is None:
        raise refuse(Code.REASON_MISSING, "reason")
    update: dict[str, Any] = {"id": command.right, "at": decision.now, "is_heard": False}
    if not is_own:
        update["by"] = decision.actor.person
    informed = _informed_of(decision, wrong) if is_slip else []
    decision.record(ev.NoteRetracted, note=wrong.id, reason=command.reason, superseded_by=command.right)
    decision.record(ev.NoteAdded, note=wrong.model_copy(update=update))
    for visit in informed:
        acknowledge_as_author(decision, visit)


def _informed_of(decision: Decision, note: Note) -> list[Visit]:
    """Return the open visits of which the actor has acknowledged the current version, that shows a note."""
    if decision.state.is_paused:
        return []
    return [
        visit
        for visit in decision.state.open_visits
        if visit.briefing is not None and note.id in visit.briefing.manifest.every_note and is_current(decision, visit)
        if any(
            receipt.person == receipt.by == note.by and not receipt.disputed and receipt.role in decision.actor.roles
            for receipt in visit.briefing.receipts
        )
    ]


def _note(decision: Decision, name: UUID) -> Note:
    """Return a note that the actor may put right; raises RefusedError."""
    note = next((note for note in decision.state.notes if note.id == name), None)
    if note is None or not note.audience.includes(decision.actor.roles):
        raise refuse(Code.NOTHING_TO_RETRACT, "note")
    authors = {note.by, note.former.by} if note.former is not None else {note.by}
    if decision.is_by_observer and decision.actor.person not in authors:
        raise refuse(Code.OBSERVER_CHANGES_NOTHING, "note")
    return note


def _is_removed(decision: Decision, entry: UUID) -> bool:
    """Whether something was removed as another citizen's before."""
    return any(removal.entry == entry for removal in decision.state.removed)


def _agrees(decision: Decision, entry: UUID) -> bool:
    """Have erased what another person removed as another citizen's; return whether the actor is such a second one."""
    removal = next((removal for removal in decision.state.removed if removal.entry == entry), None)
    if removal is None or removal.is_agreed or removal.by == decision.actor.person or decision.is_by_observer:
        return False
    if not removal.audience.includes(decision.actor.roles):
        return False
    decision.record(ev.RemovalAgreed, entry=entry)
    return True
