"""What else a step says, as the course asks for it: facts by their ids, whatever they are called in the set."""

from collections.abc import Iterable, Mapping

from domain.rules_port import AppointmentRule, CompanyRule, StopRule, StoryRule
from domain.state.measures import MeasureRule, Measures
from domain.state.workplaces import Workplaces
from rules.language.facts import FactType
from rules.language.planning import Appointment, CompanyTold, Measured, Stop, StoryAsked
from rules.language.rule_set import RuleSet

Ids = Mapping[str | None, str]
"""From each name of a fact to its id."""


def appointment_rule(planned: Appointment, ids: Ids) -> AppointmentRule:
    """Return a meeting of both roles."""
    called_off, held = ids.get(planned.called_off), ids.get(planned.held)
    return AppointmentRule(planned.id, ids[planned.day], ids.get(planned.time), planned.minutes, called_off, held)


def stop_rule(stop: Stop, ids: Ids) -> StopRule:
    """Return what it means that a step stops."""
    return StopRule(ids[stop.last_day], ids[stop.by], stop.note)


def story_rule(story: StoryAsked, ids: Ids) -> StoryRule:
    """Return of whom a step asks a good story."""
    return StoryRule(story.ask, ids[story.hours])


def company_rule(told: CompanyTold, ids: Ids) -> CompanyRule:
    """Return what a company may be told."""
    facts, notes = tuple(ids[fact] for fact in told.facts), frozenset(told.notes)
    return CompanyRule(facts, notes, frozenset(told.considerations), ids.get(told.consent), frozenset(told.given))


def workplaces_of(rule_set: RuleSet) -> Workplaces:
    """Return where visits take place; of the facts that name it, the one that the set declares first counts."""
    facts = tuple(fact.id for fact in rule_set.facts if fact.type is FactType.P_NUMBER)
    return Workplaces(facts, frozenset(step.id for step in rule_set.steps if step.same_place))


def measures_of(rule_set: RuleSet, ids: Ids) -> Measures:
    """Return how the steps of a set are counted."""
    rules = {step.id: _measure_rule(step.measure, step.begun_by, ids) for step in rule_set.steps if step.measure}
    return Measures(rules, frozenset(rule_set.clarifying))


def _measure_rule(measure: Measured, begun_by: Iterable[str], ids: Ids) -> MeasureRule:
    named = (measure.begins, measure.ends, begun_by, measure.present)
    return MeasureRule(measure.kind, *(tuple(ids[name] for name in names) for names in named))
