"""Events of older shapes are read in the newest one; the shapes are made up, because no stored event is older yet."""

from typing import Any

import pytest

from domain import upcast as upcasting
from domain.events import CoursePaused, read_event
from domain.upcast import upcast

STORED = {"kind": "course_paused", "at": "2026-09-07T08:00:00Z", "by": "anna", "from": "2026-09-07T08:00:00Z"}
REASON = "00000000-0000-4000-8000-000000000001"


def renamed(event: dict[str, Any]) -> dict[str, Any]:
    """Lift the first shape, in which the beginning had another name."""
    return {**{name: value for name, value in event.items() if name != "from"}, "since": event["from"]}


def reasoned(event: dict[str, Any]) -> dict[str, Any]:
    """Lift the second shape, which had no reason."""
    return {**event, "reason": REASON}


LIFTS = {("course_paused", 1): renamed, ("course_paused", 2): reasoned}


def test_a_stored_event_is_lifted_shape_by_shape() -> None:
    lifted = upcast(STORED, LIFTS)

    assert (lifted["v"], lifted["since"], lifted["reason"]) == (3, STORED["from"], REASON)
    assert "from" not in lifted
    assert upcast({**STORED, "v": 3}, LIFTS) == {**STORED, "v": 3}
    assert "since" not in STORED, "what is stored stays as it is"


def test_an_old_event_of_the_journal_is_read_as_one_of_today(monkeypatch: pytest.MonkeyPatch) -> None:
    for shape, lift in LIFTS.items():
        monkeypatch.setitem(upcasting.UPCASTERS, shape, lift)

    event = read_event(dict(STORED))

    assert isinstance(event, CoursePaused)
    assert event.since.isoformat() == "2026-09-07T08:00:00+00:00"


def test_every_shape_that_was_ever_stored_has_a_way_to_the_newest() -> None:
    lifted = {(kind, shape + 1) for kind, shape in upcasting.UPCASTERS}
    firsts = {(kind, 1) for kind, _ in upcasting.UPCASTERS}

    assert upcasting.UPCASTERS.keys() <= lifted | firsts
