"""Acknowledging what was read, by number or digest, one briefing or several, and told clearly what is past (P1, P7)."""

import pytest

from clients.caller import Caller
from tests.api.vocabulary import case, expect
from tests.journeys.vocabulary import complete_intake


@pytest.fixture
def course(system: Caller) -> str:
    """The path of a course just started."""
    return f"/v1/courses/{system.does('/v1/courses', **case())['course']}"


def test_what_was_read_is_acknowledged_by_its_digest_and_what_is_past_is_said(
    anna: Caller, bo: Caller, course: str
) -> None:
    complete_intake(course, anna, bo)
    read = {"briefing": 1, "digest": anna.get(f"{course}/briefing")["digest"]}
    nameless = {"briefing": 1, "also": [{"briefing": 1}]}
    elsewhere = {**read, "also": [{"briefing": 9, "version": 1}]}

    expect(anna.sends(f"{course}/acknowledgements", **nameless), 422, "field-missing", "version")
    expect(anna.sends(f"{course}/acknowledgements", **nameless), 422, "field-missing", "also.0.version")
    expect(anna.sends(f"{course}/acknowledgements", **elsewhere), 422, "visit-unknown", "also.0.briefing")
    assert len(anna.get(f"{course}/briefing")["missing"]) == 2, "of several all are acknowledged, or none"
    for reader in (anna, bo, bo):
        reader.does(f"{course}/acknowledgements", **read)

    assert anna.get(f"{course}/briefing", visit=1)["standing"] == "final"
    late = {"briefing": 1, "version": 1, "reason": "Timetallet er ikke det, vi aftalte."}
    refused = expect(bo.sends(f"{course}/disputes", **late), 409, "version-used-up", "version")
    assert refused["errors"][0]["params"] == {"open": "2"}
