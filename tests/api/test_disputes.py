"""Disputes over HTTP: who and why stand in the inbox, the course and the briefing until one is settled (P1, P3)."""

from typing import Any
from uuid import uuid4

import pytest

from clients.caller import Caller, expect_success
from tests.api.vocabulary import case, expect, inbox

WHY = "Timetallet er ikke det, vi aftalte."
SETTLED = "Tolv timer er det, der blev aftalt på mødet."


@pytest.fixture
def disputed(system: Caller, anna: Caller, bo: Caller) -> str:
    """The path of a course whose first version Bo disputes."""
    course = f"/v1/courses/{system.does('/v1/courses', **case())['course']}"
    anna.does(f"{course}/briefings")
    expect_success(bo.sends(f"{course}/disputes", briefing=1, version=1, reason=WHY))
    return course


def dispute_in(read: dict[str, Any]) -> dict[str, Any]:
    """Return the only dispute of a briefing or of the newest visit of a course."""
    (dispute,) = (read["visits"][-1] if "visits" in read else read)["disputes"]
    return dict(dispute)


def plain(course: str, reader: Caller) -> str:
    """Return the briefing as a text in Danish."""
    return reader.http.get(f"{course}/briefing", headers={"Accept": "text/plain", "Accept-Language": "da"}).text


def test_who_and_why_stand_in_inbox_course_and_briefing(disputed: str, anna: Caller) -> None:
    course, briefing = anna.get(disputed), anna.get(f"{disputed}/briefing")

    assert briefing["version"] == 2
    for dispute in (dispute_in(course), dispute_in(briefing)):
        assert (dispute["by"], dispute["reason"], dispute["ended_at"]) == ("bo", WHY, None)
    asked = [item for item in inbox(anna) if item["kind"] == "dispute"]
    (item,) = (item for item in asked if item["course"]["id"] == course["id"])
    assert WHY in item["text"]
    assert WHY in anna.http.get(f"{disputed}/briefing", headers={"Accept": "text/plain"}).text
    assert anna.http.get(f"{disputed}/briefing", headers={"Accept": "application/pdf"}).is_success


def test_a_supervisor_ends_a_dispute_and_both_read_why(disputed: str, anna: Caller, sara: Caller) -> None:
    dispute = dispute_in(anna.get(disputed))["id"]
    end = f"{disputed}/disputes/{dispute}/end"
    stranger = expect(anna.sends(end, reason=SETTLED), 403, "not-the-party", "dispute")
    assert "on_behalf_of" not in stranger["detail"], "the body has no such field"
    expect(sara.sends(f"{disputed}/disputes/{uuid4()}/end", reason=SETTLED), 404, "dispute-unknown", "dispute")

    sara.does(end, reason=SETTLED)

    briefing = anna.get(f"{disputed}/briefing")
    ended = dispute_in(briefing)
    assert (briefing["version"], ended["ended_by"], ended["ended_because"]) == (3, "sara", SETTLED)
    assert SETTLED in anna.http.get(f"{disputed}/briefing", headers={"Accept": "text/plain"}).text
    sentences = [entry["text"] for entry in anna.get(f"{disputed}/journal", limit=200)["items"]]
    assert any(SETTLED in sentence for sentence in sentences)


def test_the_other_role_reads_at_once_that_an_acknowledgement_ended_a_dispute(
    disputed: str, anna: Caller, bo: Caller
) -> None:
    assert "Afgjort" not in plain(disputed, anna)

    bo.does(f"{disputed}/acknowledgements", briefing=1, version=2)

    briefing = anna.get(f"{disputed}/briefing")
    ended = dispute_in(briefing)
    assert (briefing["version"], ended["ended_by"], ended["ended_because"]) == (2, "bo", None), "no version by it"
    assert ended["ended_at"] is not None
    assert f"Afgjort af {ended['ended_by_name']} " in plain(disputed, anna)
    assert anna.http.get(f"{disputed}/briefing", headers={"Accept": "application/pdf"}).is_success


def test_a_note_that_names_it_settles_a_dispute(disputed: str, anna: Caller) -> None:
    dispute = dispute_in(anna.get(disputed))["id"]

    words = {"kind": "agreement", "text": "Det er rettet til tolv timer."}
    anna.does(f"{disputed}/notes", **words, answers=dispute, acknowledge=2)

    (visit,) = anna.get(disputed)["visits"]
    assert visit["briefing"]["missing"] == ["company_consultant"]
    assert visit["disputes"][0]["ended_by"] == "anna"


def test_the_same_dispute_again_is_there_already_and_another_one_is_of_an_outdated_version(
    disputed: str, bo: Caller, anna: Caller
) -> None:
    expect_success(bo.sends(f"{disputed}/disputes", briefing=1, version=1, reason=WHY))

    assert dispute_in(anna.get(disputed))["by"] == "bo", "one dispute, not two"
    expect(bo.sends(f"{disputed}/disputes", briefing=1, version=1, reason=SETTLED), 409, "version-outdated")


def test_there_is_room_for_some_disputes(disputed: str, bo: Caller) -> None:
    for version in range(2, 21):
        bo.does(f"{disputed}/disputes", briefing=1, version=version, reason=WHY)

    expect(bo.sends(f"{disputed}/disputes", briefing=1, version=21, reason=WHY), 409, "disputes-too-many")
