"""Deciding about notes: knowledge in words."""

from domain import commands as cmd
from domain import events as ev
from domain.decide.turn import Turn
from domain.errors import Code, refuse
from domain.identity import GATE_ROLES, Role
from domain.state.course import Visit
from domain.state.facts import Audience, Note


def add_note(turn: Turn, command: cmd.AddNote) -> None:
    """Add knowledge in words to a visit: the one named, else the one that waits for it, else the newest open one."""
    rule = turn.rules.note(command.note_kind)
    if rule is None:
        raise refuse(Code.NOTE_KIND_UNKNOWN, "kind", known=", ".join(turn.rules.note_kinds))
    is_material = command.changes_the_agreement or rule.is_material
    if is_material and turn.is_by_observer:
        raise refuse(Code.OBSERVER_CHANGES_NOTHING, "changes_the_agreement")
    if is_material and command.audience is not Audience.BOTH:
        raise refuse(Code.MATERIAL_NOTE_HIDDEN, "audience")
    visit = turn.open_visit(command.visit) if command.visit else _visit_for(turn, command.note_kind)
    note = Note(
        id=command.note,
        kind=command.note_kind,
        by=turn.actor.person,
        by_roles=_speaking_as(turn),
        at=turn.now,
        visit=visit.number,
        audience=command.audience,
        changes_the_agreement=command.changes_the_agreement,
        material=rule.is_material,
        carried=rule.carried,
        may_tell_company=command.may_tell_company,
        to=command.to,
    )
    turn.happen(ev.NoteAdded, note=note, answers=command.answers)


def _visit_for(turn: Turn, kind: str) -> Visit:
    """Return the open visit of which a requirement asks for such a note, if it is the only one, else the newest."""
    open_visits = turn.state.open_visits
    if len(open_visits) > 1:
        asking = {
            gate.visit
            for gate in turn.judge().visits
            for asked in gate.requirements
            if asked.is_open and kind in turn.rules.asks_for_notes(asked.requirement)
        }
        if len(asking) == 1:
            return turn.open_visit(asking.pop())
    return open_visits[-1]


def _speaking_as(turn: Turn) -> tuple[Role, ...]:
    """Return the roles a note speaks for: those held in this course before what the token says."""
    held = turn.state.roles_of(turn.actor.person)
    return held or tuple(role for role in GATE_ROLES if role in turn.actor.roles) or turn.actor.roles
