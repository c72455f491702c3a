"""Deciding about what a citizen's former course knew: what it proposes, and what of that is kept (P13)."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final
from uuid import UUID

from domain import commands as cmd
from domain import events as ev
from domain.decide.decision import Decision, decides
from domain.decide.notes import write_note
from domain.errors import Code, refuse
from domain.identity import entry_id
from domain.rules_port import NoteRule, RuleBook
from domain.state.course import CourseState
from domain.state.facts import OBSERVATION, Carried, Fact, FormerEntry
from domain.state.proposals import Proposal

_LESSON: Final = "lesson"


def proposals_of(former: CourseState, rules: RuleBook) -> tuple[Proposal, ...]:
    """Return what a course proposes to the one that follows it: its lessons, the newest first, and its knowledge."""
    lessons = sorted(_lessons(former, rules), key=lambda proposal: proposal.visit or 0, reverse=True)
    return (*lessons, *_notes(former, Carried.EVERY))


def lesson_of(course: UUID, fact: Fact) -> UUID | None:
    """Return the id of the lesson that a statement of a course belongs to, under which it is kept in the next one."""
    return _lesson_id(course, fact.visit) if fact.visit is not None and fact.outlives_visit else None


def _lesson_id(course: UUID, visit: int) -> UUID:
    return entry_id(course, f"{_LESSON}/{visit}")


def _lessons(former: CourseState, rules: RuleBook) -> Iterator[Proposal]:
    """Yield what the facts of each visit taught, then the notes of what visits taught."""
    taught = [fact for fact in former.facts if fact.visit is not None and _is_lesson(rules, fact)]
    for visit in dict.fromkeys(fact.visit for fact in taught if fact.visit is not None):
        names = dict.fromkeys(fact.fact for fact in taught if fact.visit == visit)
        on_record = (former.on_record(name, visit) for name in names)
        facts = tuple(found.fact for found in on_record if found is not None)
        last = max(facts, key=lambda fact: fact.recorded_at)
        entry = FormerEntry(
            course=former.course, id=_lesson_id(former.course, visit), by=last.reporter, at=last.recorded_at
        )
        p_number = rules.workplaces.of(former, visit)
        yield Proposal(kind=OBSERVATION, former=entry, visit=visit, p_number=p_number, facts=facts)
    for proposal in _notes(former, Carried.NEXT):
        p_number = rules.workplaces.of(former, proposal.visit) if proposal.visit else None
        yield proposal.model_copy(update={"p_number": p_number})


def _is_lesson(rules: RuleBook, fact: Fact) -> bool:
    rule = rules.fact(fact.fact)
    return rule is not None and rule.carried is Carried.NEXT


def _notes(former: CourseState, carried: Carried) -> Iterator[Proposal]:
    for note in former.notes:
        if note.carried is carried:
            entry = FormerEntry(course=former.course, id=note.id, by=note.by, at=note.at)
            visit = note.visit if carried is Carried.NEXT else None
            yield Proposal(kind=note.kind, audience=note.audience, former=entry, visit=visit)


@decides(cmd.ReviewProposals)
def review_proposals(decision: Decision, command: cmd.ReviewProposals) -> None:
    """Keep proposals of the former course as notes of the newest open visit, and drop others.

    A proposal that was reviewed before is left as it is, so that a repeat changes nothing (P7). What is kept is
    knowledge in every later briefing, whatever its kind. Refuses with `notes-too-many`, `proposal-unknown`.
    """
    _expect_proposed(decision, (kept.former.id for kept in command.keep), "keep")
    _expect_proposed(decision, (dropped.proposal for dropped in command.drop), "drop")
    unreviewed = set(decision.state.open_proposals)
    kept = {each.former.id: each for each in reversed(command.keep) if each.former.id in unreviewed}
    dropped = {each.proposal: each for each in reversed(command.drop) if each.proposal in unreviewed - kept.keys()}
    for each in reversed(kept.values()):
        rule = replace(decision.rules.note(each.note_kind) or NoteRule(OBSERVATION), carried=Carried.EVERY)
        visit = decision.state.open_visits[-1]
        write_note(decision, each.note, rule, visit, audience=each.audience, former=each.former)
    if kept or dropped:
        decision.record(ev.ProposalsReviewed, kept=tuple(reversed(kept)), dropped=tuple(reversed(dropped.values())))


def _expect_proposed(decision: Decision, proposals: Iterable[UUID], field: str) -> None:
    if not set(proposals) <= set(decision.state.proposals):
        raise refuse(Code.PROPOSAL_UNKNOWN, field)
