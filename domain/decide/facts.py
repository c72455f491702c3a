"""Deciding which reported facts are recorded, and when they happened (P2, P9, P11)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from domain import commands as cmd
from domain import events as ev
from domain.decide.decision import Decision, decides
from domain.decide.disputes import answer_dispute
from domain.decide.notes import add_notes_beside
from domain.decide.shown import acknowledge_with_report, visit_read_of
from domain.errors import Code, Problem, RefusedError, refuse
from domain.identity import ENGINE_ACTOR, Role, entry_id
from domain.rules_port import FactRule, RuleBook
from domain.state.bounds import has_room_for_lessons
from domain.state.course import Status
from domain.state.facts import Carried, Fact, FactValue

CLOCKS_DIFFER_BY: Final = timedelta(minutes=5)
"""How far ahead of ours a source's clock may be."""


@decides(cmd.ReportFacts)
def report_facts(decision: Decision, command: cmd.ReportFacts) -> None:
    """Record facts and notes, all or nothing, and the reporter's own receipt when he reports from the full version.

    Refuses with `briefing-missing`, `course-closed`, `course-paused`, `dispute-unknown`, `disputed-in-person`,
    `fact-not-expected`, `fact-not-yours`, `in-the-future`, `lessons-too-many`, `material-note-hidden`,
    `nobody-in-role`, `not-the-party`, `note-cannot-wait`, `note-kind-unknown`, `notes-too-many`,
    `observer-changes-nothing`, `one-human-once`, `question-unknown`, `reason-missing`, `role-not-yours`,
    `system-cannot-acknowledge`, `version-outdated`, `version-used-up`, `visit-unknown`.
    """
    version = command.acknowledge
    read = visit_read_of(decision, command.visit, version) if isinstance(version, int) else None
    state_facts(
        decision,
        command.facts,
        Origin(command.occurred_on, command.source, command.source_event_id, command.issued_at),
        visit=command.visit,
    )
    if not has_room_for_lessons(decision.before, decision.state.facts):
        raise refuse(Code.LESSONS_TOO_MANY)
    add_notes_beside(decision, command.notes, command.visit)
    if command.answers is not None:
        stated = tuple(entry_id(command.id, fact.fact) for name in command.facts if (fact := decision.rules.fact(name)))
        answer_dispute(decision, command.answers, (*stated, *(note.note for note in command.notes)))
    if read is not None:
        acknowledge_with_report(decision, read)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where statements come from: the day it happened, and the source's own words on who, which and when."""

    occurred_on: date | None = None
    source: str | None = None
    event: str | None = None
    issued_at: datetime | None = None


def state_facts(
    decision: Decision,
    facts: Mapping[str, FactValue],
    origin: Origin,
    *,
    visit: int | None = None,
    reason: UUID | None = None,
    of_others: bool = False,
) -> None:
    """Record `facts` as stated by the actor, who passes on what `of_others` he is told when a course is taken over.

    Raises RefusedError naming every fact that is unknown, wrongly typed, not the actor's to report, or of a
    step that is neither visited nor observed.
    """
    occurred = origin.occurred_on or decision.today
    problems = [p for name in facts for p in _problems(decision, name, facts, visit, of_others=of_others)]
    if occurred > decision.today:
        problems.insert(0, Problem(code=Code.IN_THE_FUTURE, field="occurred_on"))
    if origin.issued_at is not None and origin.issued_at > decision.now + CLOCKS_DIFFER_BY:
        problems.insert(0, Problem(code=Code.IN_THE_FUTURE, field="issued_at"))
    if problems:
        raise RefusedError(*problems)
    statements = tuple(
        _statement(decision, rule, value, _place(decision, rule, visit, facts), origin)
        for name, value in facts.items()
        if (rule := decision.rules.fact(name))
    )
    decision.record(ev.FactsReported, facts=statements, source_event_id=origin.event, reason=reason)


def value_problems(rules: RuleBook, stated: Mapping[str, tuple[str, FactValue]]) -> Iterator[Problem]:
    """Yield a problem for each field whose fact the rules do not know, or whose value is not of the fact's type.

    The API asks the same before it sends a command, because a refusal is recorded under the command's id.
    """
    for field, (fact, value) in stated.items():
        problem = rules.problem_with(fact, value)
        if problem is not None:
            yield problem.model_copy(update={"field": field})


def expect_value(rules: RuleBook, fact: str, value: FactValue, field: str) -> None:
    """Raise RefusedError, naming `field`, for a value that the rules do not know for `fact`."""
    problems = tuple(value_problems(rules, {field: (fact, value)}))
    if problems:
        raise RefusedError(*problems)


def _problems(
    decision: Decision, name: str, facts: Mapping[str, FactValue], visit: int | None, *, of_others: bool
) -> Iterator[Problem]:
    """Yield the problems of one of the stated facts."""
    field, value = f"facts.{name}", facts[name]
    rule = decision.rules.fact(name)
    yield from value_problems(decision.rules, {field: (name, value)})
    if rule is None:
        return
    if is_still_to_come(decision, rule, value):
        yield Problem(code=Code.IN_THE_FUTURE, field=field)
    if not of_others and not may_report(decision, rule):
        yield Problem(code=Code.FACT_NOT_YOURS, field=field, params={"roles": those_who_report(rule)})
    try:
        _place(decision, rule, visit, facts)
    except RefusedError as refusal:
        yield refusal.problems[0].model_copy(update={"field": field})


def is_still_to_come(decision: Decision, rule: FactRule, value: FactValue) -> bool:
    """Whether the value is a day to come, of a fact that says what has happened."""
    return rule.has_come and isinstance(value, str) and value > decision.today.isoformat()


def may_report(decision: Decision, rule: FactRule) -> bool:
    """Say whether the actor is one of those who report the fact; of observers the kind in this course counts."""
    as_roles = rule.reporters.intersection(decision.actor.roles)
    if decision.actor == ENGINE_ACTOR or as_roles - {Role.OBSERVER}:
        return True
    observer = decision.state.observer(decision.actor.person)
    return bool(as_roles) and observer is not None and observer.kind in rule.observers


def those_who_report(rule: FactRule) -> str:
    """Return the roles that report a fact, of observers the kinds."""
    return ", ".join((*sorted(rule.reporters - {Role.OBSERVER}), *sorted(rule.observers)))


def _place(decision: Decision, rule: FactRule, number: int | None, facts: Mapping[str, FactValue]) -> int | None:
    """Return the visit a fact of a step belongs to, or None for the course or for a step reality is ahead at.

    Where neither the visit nor a workplace among `facts` says which of several it is, `visit-unknown` (P2).
    """
    if rule.step is None:
        return None
    of_step = [visit for visit in decision.state.visits if visit.step == rule.step and not visit.withdrawn]
    if number is not None and any(visit.number == number for visit in of_step):
        return number
    looking = [visit for visit in decision.state.open_visits if number in (None, visit.number)]
    observing = [visit.number for visit in looking if rule.fact in decision.rules.observes(visit.step)]
    open_there = [visit.number for visit in of_step if visit.is_open]
    if open_there and number is None:
        leads_on = any(visit > open_there[0] for visit in observing)
        return _chosen(decision, rule, open_there, facts, ahead=leads_on)
    is_asked_here = any(left.step == rule.step for visit in looking for left in visit.asks_left)
    asked_of_left = bool(of_step) and not open_there and is_asked_here
    if observing and not asked_of_left:
        return None
    if of_step and (number is None or asked_of_left):
        return of_step[-1].number
    if number is None and decision.actor.is_system:
        # Another system's events come in any order, and it cannot wait: what it says is kept for its step (P11).
        return None
    raise refuse(Code.FACT_NOT_EXPECTED, step=rule.step)


def _chosen(
    decision: Decision, rule: FactRule, visits: list[int], facts: Mapping[str, FactValue], *, ahead: bool
) -> int | None:
    """Return which of the open visits to a step a fact is of, or None for one `ahead`; if in doubt, by the workplace.

    What is said of a course that is taken over is of where it stands.
    """
    if (len(visits) == 1 and not ahead) or decision.before.status is Status.NOT_STARTED:
        return visits[-1]
    workplaces = decision.rules.workplaces
    named = {str(facts[name]) for name in workplaces.p_number_facts if name in facts and _is_of(decision, name, rule)}
    places = {visit: workplaces.of(decision.state, visit) for visit in visits}
    there = [visit for visit, place in places.items() if place in named]
    if len(there) == 1:
        return there[0]
    if ahead and named and not there and None not in places.values():
        return None
    raise refuse(Code.VISIT_UNKNOWN, open=", ".join(str(visit.number) for visit in decision.state.open_visits))


def _is_of(decision: Decision, fact: str, rule: FactRule) -> bool:
    """Whether a fact is of the same step as another."""
    named = decision.rules.fact(fact)
    return named is not None and named.step == rule.step


def _statement(decision: Decision, rule: FactRule, value: FactValue, visit: int | None, origin: Origin) -> Fact:
    return Fact(
        id=entry_id(decision.command, rule.fact),
        fact=rule.fact,
        value=decision.rules.as_stored(rule.fact, value),
        step=rule.step,
        visit=visit,
        occurred_on=origin.occurred_on or decision.today,
        recorded_at=decision.now,
        reporter=decision.actor.person,
        by_system=decision.actor.is_system,
        source=origin.source,
        issued_at=origin.issued_at,
        outlives_visit=rule.carried is Carried.NEXT or rule.fact in decision.rules.workplaces.p_number_facts,
    )
