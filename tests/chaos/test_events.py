"""The checker finds each event that did not reach the system outside as it should, and nothing of one that yet may."""

from datetime import timedelta

import pytest

from tests.chaos.vocabulary import NOW, sound
from tools.chaos.checking import findings
from tools.chaos.events import owed, repeated
from tools.chaos.evidence import Evidence

NOTE = "c/1/3/1"
LAST = "c/1/5/1"


def without(event: str, *queued: str) -> Evidence:
    """Return a course of which one event did not arrive, or is queued in some states."""
    records = sound()
    records.arrived = [each for each in records.arrived if each != event]
    records.queued = [{"event_id": event, "state": state} for state in queued]
    return records


def kinds(records: Evidence) -> list[str]:
    return [finding.kind for finding in findings([records])]


def test_what_arrives_again_under_its_id_is_counted_and_no_fault() -> None:
    records = sound()
    records.arrived = [each for each in records.arrived for _ in range(2)]

    assert findings([records]) == []
    assert repeated(records) == len(records.arrived) / 2


def test_what_never_arrived_is_found() -> None:
    assert [finding.what for finding in findings([without(NOTE)])] == [f"the event {NOTE} never arrived"]
    assert kinds(without("c/briefing.final/1/2")) == ["lost_events"]


@pytest.mark.parametrize("state", ["delivered", "dead_letter"])
def test_what_was_queued_and_is_done_must_have_arrived(state: str) -> None:
    assert kinds(without(NOTE, state)) == ["lost_events"]


@pytest.mark.parametrize("state", ["pending", "failing"])
def test_what_is_queued_is_owed_as_long_as_the_webhook_is_served(state: str) -> None:
    records = without(NOTE, state)
    assert records.webhook is not None
    assert (findings([records]), owed(records)) == ([], [NOTE])

    records.webhook["due_at"] = NOW - timedelta(minutes=1)
    assert kinds(records) == ["lost_events"]

    records.webhook = {**records.webhook, "due_at": NOW, "state": "gone"}
    assert kinds(records) == ["lost_events"]


def test_what_is_behind_the_place_of_the_webhook_is_owed() -> None:
    records = without(LAST)
    assert records.webhook is not None
    records.arrived = [each for each in records.arrived if "final" not in each]

    records.webhook |= {"tx": 4, "position": 11}
    assert owed(records) == [LAST, "c/briefing.final/1/2"]
    assert findings([records]) == []


def test_what_arrives_after_a_later_one_is_found() -> None:
    records = sound()
    records.arrived = [*records.arrived, NOTE]

    assert [finding.what for finding in findings([records])] == [f"the event {NOTE} arrived after a later one"]


def test_what_nobody_recorded_is_found() -> None:
    records = sound()
    records.arrived = ["c/1/99/1", *records.arrived]

    assert kinds(records) == ["disordered_events"]


def test_what_the_audit_finds_is_found() -> None:
    records = sound()
    records.findings = [{"kind": "workflow_missing", "subject": "c", "what": ""}]

    assert kinds(records) == ["audit_findings"]
