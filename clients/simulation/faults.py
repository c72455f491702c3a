"""Faults of a feed: events twice, late, out of order, in former words, or against those of a person."""

from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum
from itertools import chain, repeat
from random import Random
from typing import Any, Final

from clients.simulation.events import Event


class Fault(StrEnum):
    """One way in which a feed is not as it should be."""

    TWICE = "twice"
    LATE = "late"
    OUT_OF_ORDER = "out-of-order"
    FORMER_NAMES = "former-names"
    CONTRADICTIONS = "contradictions"


_SHARE: Final = 0.25
_FORMER: Final = {"first_interview_on": "first_conversation_on", "trial_weekly_hours": "trial_hours_per_week"}
_FORMER_VALUES: Final = {"cash_benefit_activity_ready": "aktivitetsparat", "granted": "bevilget"}
_AGAINST: Final[dict[str, Any]] = {"trial_weekly_hours": 30, "asked_for_help_on": "2020-01-01"}
PERSON: Final = "anna"
"""The caseworker who contradicts the system."""


def faulty(events: Iterable[Event], faults: frozenset[Fault], random: Random) -> list[Event]:
    """Return the events as they arrive, with these faults, and the same ones for the same seed."""
    feed = list(events)
    if Fault.CONTRADICTIONS in faults:
        feed = list(chain.from_iterable(_contradicted(event, random) for event in feed))
    if Fault.FORMER_NAMES in faults:
        feed = [_in_former_words(event) if random.random() < _SHARE else event for event in feed]
    if Fault.TWICE in faults:
        feed = list(chain.from_iterable(repeat(event, 2 if random.random() < _SHARE else 1) for event in feed))
    if Fault.LATE in faults:
        late = [event for event in feed if random.random() < _SHARE]
        feed = [*(event for event in feed if event not in late), *late]
    if Fault.OUT_OF_ORDER in faults:
        random.shuffle(feed)
    return feed


def _contradicted(event: Event, random: Random) -> list[Event]:
    """Return the event, and at times a person's contradiction about the same day."""
    against = {name: _AGAINST[name] for name in event.facts if name in _AGAINST}
    if not against or random.random() > _SHARE:
        return [event]
    other = replace(event, id=f"{event.id}-person", source="journal", facts=against)
    return [event, replace(other, issued_at=None, by_person=PERSON)]


def _in_former_words(event: Event) -> Event:
    facts = {_FORMER.get(name, name): _former(value) for name, value in event.facts.items()}
    starts = {name: _former(value) for name, value in event.starts.items()} if event.starts else None
    return replace(event, facts=facts, starts=starts)


def _former(value: Any) -> Any:  # noqa: ANN401 - whatever a fact or a start holds
    return _FORMER_VALUES.get(value, value) if isinstance(value, str) else value
