"""Checks what else a step says of its facts: they are its own, of fitting types, and somebody may report them."""

from domain.identity import GATE_ROLES
from domain.state.facts import NOTE_KINDS, QUESTION
from rules.checks.cell_types import Cells
from rules.checks.flaws import Flaws, Path, unknown_name
from rules.language.facts import FactDeclaration, FactType
from rules.language.phrases import phrase
from rules.language.planning import Appointment, Stop
from rules.language.rule_set import RuleSet
from rules.language.steps import Step


def planning_flaws(rule_set: RuleSet, step: Step, path: Path) -> Flaws:
    """Yield the flaws of a step's appointments, of what it means that it stops, and of the story it asks for."""
    for number, planned in enumerate(step.appointments):
        yield from _appointment(rule_set, step, planned, (*path, "appointments", number))
    if step.stop is not None:
        yield from _stop(rule_set, step, step.stop, (*path, "stop"))
    if step.story is not None:
        yield from own_fact(rule_set, step, step.story.hours, FactType.SCHEDULE, (*path, "story", "hours"), "begins")


def _appointment(rule_set: RuleSet, step: Step, planned: Appointment, path: Path) -> Flaws:
    planning = (
        ("day", planned.day, FactType.DATE),
        ("time", planned.time, FactType.TIME),
        ("called_off", planned.called_off, FactType.BOOL),
        ("held", planned.held, FactType.DATE),
    )
    for key, name, kind in planning:
        if name is not None:
            yield from own_fact(rule_set, step, name, kind, (*path, key), "plans")


def _stop(rule_set: RuleSet, step: Step, stop: Stop, path: Path) -> Flaws:
    yield from own_fact(rule_set, step, stop.last_day, FactType.DATE, (*path, "last_day"), "stops")
    yield from own_fact(rule_set, step, stop.by, FactType.ENUM, (*path, "by"), "stops")
    kinds = {*NOTE_KINDS, *(kind.id for kind in rule_set.note_kinds)} - {QUESTION}
    yield from unknown_name(phrase("noun-note-kind"), stop.note, kinds, (*path, "note"))
    facts = facts_by_name(rule_set)
    if stop.last_day in facts and stop.by in facts:
        both = set(facts[stop.last_day].reporters) & set(facts[stop.by].reporters)
        if both.isdisjoint(GATE_ROLES):
            yield (*path, "by"), phrase("stop-unreported", day=stop.last_day, by=stop.by)


def own_fact(rule_set: RuleSet, step: Step, name: str, kind: FactType | None, path: Path, does: str) -> Flaws:
    yield from Cells(rule_set).declared(name, path, kind)
    fact = facts_by_name(rule_set).get(name)
    if fact is not None and fact.step != step.id:
        yield path, phrase(f"{does}-by-others", name=name, step=fact.scope)


def facts_by_name(rule_set: RuleSet) -> dict[str, FactDeclaration]:
    return {name: fact for fact in rule_set.facts for name in (fact.id, *fact.aliases)}
