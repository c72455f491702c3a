"""The course as it stands is read in a briefing's own words before one is issued, and nothing is issued by it (P3)."""

import pytest

from clients.caller import Caller
from tests.api.vocabulary import case
from tests.journeys.vocabulary import complete_intake


@pytest.fixture
def course(system: Caller) -> str:
    """The path of a course just started."""
    return f"/v1/courses/{system.does('/v1/courses', **case())['course']}"


def test_the_course_as_it_stands_is_what_the_first_version_says(anna: Caller, bo: Caller, course: str) -> None:
    note = {"kind": "resource", "text": "Taler tysk."}
    bo.does(f"{course}/notes", **note)
    before = anna.get(f"{course}/briefing")

    anna.does(f"{course}/briefings")

    issued = anna.get(f"{course}/briefing")
    unissued = {"issued": False, "version": None, "issued_at": None, "standing": "preview"}
    assert before == {**issued, **unissued}
    assert (issued["version"], [note["text"] for note in issued["notes"]]) == (1, ["Taler tysk."])


def test_nothing_is_issued_by_reading(anna: Caller, bo: Caller, course: str) -> None:
    before = anna.get(course)

    for accept in ("application/json", "text/plain", "application/pdf"):
        assert bo.http.get(f"{course}/briefing", headers={"Accept": accept}).is_success

    assert anna.get(course) == before


def test_text_and_pdf_say_that_it_is_not_issued(anna: Caller, bo: Caller, course: str) -> None:
    complete_intake(course, anna, bo)
    anna.does(f"{course}/briefings")
    for reader in (anna, bo):
        reader.does(f"{course}/acknowledgements", briefing=1, version=1)

    danish = {"Accept": "text/plain", "Accept-Language": "da"}
    text = bo.http.get(f"{course}/briefing", headers=danish).text
    pdf = bo.http.get(f"{course}/briefing", headers={"Accept": "application/pdf"})

    assert "sådan står forløbet nu" in text
    assert "Ikke udsendt" in text
    assert "Mangler kvittering" not in text
    assert pdf.content.startswith(b"%PDF")
    assert "preview.pdf" in pdf.headers["content-disposition"]
