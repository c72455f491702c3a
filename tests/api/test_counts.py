"""Whatever a list is narrowed by, it is counted too: by cause, step, unit and person."""

import pytest

from clients.caller import Caller

NARROWED = {
    "step": "intake",
    "waiting_for_role": "caseworker",
    "waiting_for_person": "anna",
    "waiting_for_unit": "job",
    "waiting_on": "requirement",
    "waiting_for_unknown": "true",
    "stalled": "true",
    "overdue": "true",
    "party": "anna",
    "company": "1000000001",
    "q": "anna",
}


@pytest.mark.parametrize("name", NARROWED)
def test_a_narrowed_list_of_courses_is_counted(anna: Caller, name: str) -> None:
    for by in ("cause", "step", "unit", "person"):
        answer = anna.http.get("/v1/courses", params={name: NARROWED[name], "counts": by})

        assert answer.is_success, answer.text
