"""What else a step says, as the course asks for it: facts by their ids, whatever they are called in the set."""

from collections.abc import Mapping

from domain.rules_port import AppointmentRule, CompanyRule, StopRule, StoryRule
from rules.language.planning import Appointment, CompanyTold, Stop, StoryAsked

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
