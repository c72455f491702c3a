"""Deciding about notes: knowledge in words."""

from typing import Any
from uuid import UUID

from domain import commands as cmd
from domain import events as ev
from domain.decide.decision import Decision, decides
from domain.decide.disputes import answer_dispute, find_dispute
from domain.decide.shown import acknowledge_with_report, visit_read_of
from domain.errors import Code, Problem, RefusedError, refuse
from domain.identity import GATE_ROLES, Role
from domain.rules_port import NoteRule, RuleBook
from domain.state.bounds import has_room_for_note
from domain.state.course import Visit
from domain.state.facts import NEVER_WAIT, Audience, Note


@decides(cmd.AddNotes)
def add_notes(decision: Decision, command: cmd.AddNotes) -> None:
    """Add knowledge in words, all or nothing, and the writer's own receipt when he writes from the full version.

    Refuses with `briefing-missing`, `course-closed`, `course-paused`, `dispute-unknown`, `disputed-in-person`,
    `material-note-hidden`, `nobody-in-role`, `not-the-party`, `note-cannot-wait`, `note-kind-unknown`,
    `notes-too-many`, `observer-changes-nothing`, `one-human-once`, `question-unknown`, `reason-missing`,
    `role-not-yours`, `system-cannot-acknowledge`, `version-outdated`, `version-used-up`, `visit-unknown`.
    """
    named, version = command.visit, command.acknowledge
    read = visit_read_of(decision, named, version) if isinstance(version, int) and named is not None else None
    visits = _visits_for(decision, command.notes, named)
    if isinstance(version, int) and read is None:
        only = visits[0].number if len({visit.number for visit in visits}) == 1 else None
        read = visit_read_of(decision, only, version)
    _write_notes(decision, command.notes, visits)
    if read is not None:
        acknowledge_with_report(decision, read)


def add_notes_beside(decision: Decision, notes: tuple[cmd.NewNote, ...], visit: int | None) -> None:
    """Add the notes that come with facts; raises RefusedError."""
    if notes:
        _write_notes(decision, notes, _visits_for(decision, notes, visit))


def _visits_for(decision: Decision, notes: tuple[cmd.NewNote, ...], visit: int | None) -> list[Visit]:
    """Return the visit of each note: the one named, else the one that waits for it, else the newest open one.

    Raises RefusedError with all that is wrong with any of them.
    """
    problems = [
        problem.model_copy(update={"field": f"notes.{index}.{problem.field}"})
        for index, note in enumerate(notes)
        for problem in _problems(decision, note)
    ]
    if problems:
        raise RefusedError(*problems)
    return [decision.open_visit(visit) if visit else _visit_for(decision, note.note_kind) for note in notes]


def _problems(decision: Decision, note: cmd.NewNote) -> tuple[Problem, ...]:
    """Return what is wrong with a note."""
    try:
        _expect_possible(decision, note)
    except RefusedError as refusal:
        return refusal.problems
    return ()


def _expect_possible(decision: Decision, note: cmd.NewNote) -> None:
    """Raise RefusedError for a note that says what its writer cannot, waits although it may not, or answers nothing."""
    rule = note_rule(decision.rules, note.note_kind)
    is_material = note.changes_the_agreement or rule.is_material
    if is_material and decision.is_by_observer:
        raise refuse(Code.OBSERVER_CHANGES_NOTHING, "changes_the_agreement")
    if is_material and note.audience is not Audience.BOTH:
        raise refuse(Code.MATERIAL_NOTE_HIDDEN, "audience")
    if note.may_wait and (is_material or note.answers is not None or note.note_kind in NEVER_WAIT):
        raise refuse(Code.NOTE_CANNOT_WAIT, "may_wait")
    _expect_asked(decision, note.answers)


def _write_notes(decision: Decision, notes: tuple[cmd.NewNote, ...], visits: list[Visit]) -> None:
    """Record the notes, each in its visit, and the end of the disputes that they answer."""
    for note, visit in zip(notes, visits, strict=True):
        write_note(
            decision,
            note.note,
            note_rule(decision.rules, note.note_kind),
            visit,
            answers=note.answers,
            audience=note.audience,
            changes_the_agreement=note.changes_the_agreement,
            may_wait=note.may_wait or decision.is_by_observer,
            may_tell_company=note.may_tell_company,
            to=note.to,
        )
        _end_dispute(decision, note)


def _end_dispute(decision: Decision, note: cmd.NewNote) -> None:
    """End the dispute that a note answers, if it answers one."""
    if note.answers is not None and find_dispute(decision, note.answers) is not None:
        answer_dispute(decision, note.answers, (note.note,))


def write_note(
    decision: Decision,
    note: UUID,
    rule: NoteRule,
    visit: Visit,
    *,
    answers: UUID | None = None,
    **more: Any,  # noqa: ANN401 - the note's own model checks its fields
) -> None:
    """Record a note of the actor in a visit; refuses with `notes-too-many`."""
    if not has_room_for_note(decision.state):
        raise refuse(Code.NOTES_TOO_MANY)
    written = Note(
        id=note,
        kind=rule.kind,
        by=decision.actor.person,
        by_roles=speaking_as(decision),
        at=decision.now,
        visit=visit.number,
        material=rule.is_material,
        carried=rule.carried,
        **more,
    )
    decision.record(ev.NoteAdded, note=written, answers=answers)


def _expect_asked(decision: Decision, question: UUID | None) -> None:
    """Raise unless the actor holds the role that is asked, covers its holder, has it in a queue, or supervises.

    Who answers a dispute is judged with it. Refuses with `not-the-party`, `question-unknown`.
    """
    if question is None or find_dispute(decision, question) is not None:
        return
    asked = next((note for note in decision.state.notes if note.id == question and note.to is not None), None)
    if asked is None or asked.to is None:
        raise refuse(Code.QUESTION_UNKNOWN, "answers")
    holder, actor = decision.state.holder(Role(asked.to)), decision.actor
    may_answer = {actor.person, *actor.covers} if holder is not None else set()
    has_role = holder is None and asked.to in actor.roles
    if holder not in may_answer and not has_role and Role.SUPERVISOR not in actor.roles:
        raise refuse(Code.NOT_THE_PARTY, "answers")


def note_rule(rules: RuleBook, kind: str, field: str = "kind") -> NoteRule:
    """Return the rule of a kind of note; raises RefusedError, naming `field`, for one that the rules do not know."""
    rule = rules.note(kind)
    if rule is None:
        raise refuse(Code.NOTE_KIND_UNKNOWN, field, known=", ".join(rules.note_kinds))
    return rule


def _visit_for(decision: Decision, kind: str) -> Visit:
    """Return the open visit of which a requirement asks for such a note, if it is the only one, else the newest."""
    open_visits = decision.state.open_visits
    if len(open_visits) > 1:
        asking = {
            gate.visit
            for gate in decision.verdict.visits
            for asked in gate.requirements
            if asked.is_open and kind in decision.rules.asks_for_notes(asked.requirement)
        }
        if len(asking) == 1:
            return decision.open_visit(asking.pop())
    return open_visits[-1]


def speaking_as(decision: Decision) -> tuple[Role, ...]:
    """Return the roles a note speaks for: those held in this course before what the token says."""
    held = decision.state.roles_of(decision.actor.person)
    return held or tuple(role for role in GATE_ROLES if role in decision.actor.roles) or decision.actor.roles
