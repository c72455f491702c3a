"""What a person wrote about another citizen can be removed: hidden at once, erased when a second one agrees (P10)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from clients.caller import Caller
from domain.calendar import danish_day
from tests.api.vocabulary import case, expect
from tools.town.silence import falls_silent
from tools.town.town import Town

PARTS = ("", "/journal?limit=200", "/briefing", "/explanation")
REASON = "Handler om en anden borger."
LONG_AGO = danish_day(datetime.now(UTC) - timedelta(days=60)).isoformat()


def removed(town: Town) -> dict[str, dict[str, Any]]:
    """Return what is on the list for those who protect data, by its id."""
    page = town.speaks("dorte", "data_protection", units=("*",)).get("/v1/data-protection/removals", limit=200)
    return {row["id"]: row for row in page["items"]}


def shown(caller: Caller, course: str) -> str:
    """Return everything that is shown of a course, and the caller's lists."""
    texts = [caller.http.get(f"{course}{part}").text for part in PARTS]
    return "".join([*texts, caller.http.get("/v1/inbox?limit=200").text])


@pytest.fixture
def course(town: Town) -> str:
    """A course in which people wrote every kind of words, each of which names its kind."""
    unit = "written"
    system = town.speaks("case-system", "system", units=("*",))
    anna, bo = town.speaks("anna", "caseworker"), town.speaks("bo", "company_consultant")
    sara = town.speaks("sara", "supervisor", units=(unit,))
    path = f"/v1/courses/{system.does('/v1/courses', **case(unit=unit, started_on=LONG_AGO))['course']}"
    notes = anna.does(
        f"{path}/notes",
        notes=[{"kind": "barrier", "text": f"ord-{name}"} for name in ("superseded", "retracted", "standing")],
    )["notes"]
    anna.does(f"{path}/notes/{notes[0]['id']}/supersede", text="ord-right", reason="ord-why-right")
    anna.does(f"{path}/notes/{notes[1]['id']}/retract", reason="ord-why-retracted")
    falls_silent(town, sara, path.rpartition("/")[2])
    mine = [item for item in sara.get("/v1/escalations", limit=200)["items"] if item["course"]["id"] in path]
    sara.does(f"/v1/escalations/{mine[0]['id']}/take", comment="ord-comment")
    sara.does(f"{path}/waivers", requirement="wish_heard", ground="other", reason="ord-waiver")
    wait = next(wait for wait in anna.get(path)["waiting"] if wait["kind"] == "requirement")
    until = danish_day(datetime.now(UTC) + timedelta(days=14 + 3)).isoformat()
    anna.does(f"{path}/waits/{wait['key']}/answer", waiting_on="company", until=until, note="ord-answer")
    anna.does(f"{path}/briefings")
    bo.does(f"{path}/disputes", briefing=1, version=1, reason="ord-dispute")
    return path


def test_every_text_that_the_journal_shows_can_be_removed_and_is_erased_by_a_second_person(
    town: Town, course: str
) -> None:
    anna, sara = town.speaks("anna", "caseworker"), town.speaks("sara", "supervisor", units=("written",))
    lines = anna.get(f"{course}/journal", limit=200)["items"]
    words = {line["words_id"]: line["words"] for line in lines if line["words"]}
    assert len(words) >= 10

    for text in words:
        anna.does(f"{course}/texts/{text}/remove", reason=REASON)
        anna.does(f"{course}/texts/{text}/remove", reason=REASON)

    assert not [kept for kept in words.values() if kept in shown(anna, course) or kept in shown(sara, course)]
    listed = removed(town)
    assert {text: listed[text]["content"] for text in words} == words
    assert {listed[text]["removed_by"] for text in words} == {"anna"}
    for text in words:
        sara.does(f"{course}/texts/{text}/remove", reason=REASON)
    listed = removed(town)
    assert {(listed[text]["content"], listed[text]["agreed_by"]) for text in words} == {(None, "sara")}


def test_a_note_that_counts_no_more_is_taken_back_as_another_citizens_and_so_is_one_of_a_closed_course(
    town: Town, course: str
) -> None:
    anna = town.speaks("anna", "caseworker")
    lines = anna.get(f"{course}/journal", limit=200)["items"]
    notes = {line["words"]: line["words_id"] for line in lines if line["kind"] == "note_added"}
    for name in ("superseded", "retracted"):
        anna.does(f"{course}/notes/{notes[f'ord-{name}']}/retract", reason=REASON, wrong_citizen=True)
    anna.does(f"{course}/close", outcome="moved", reason="Flyttet.")
    anna.does(f"{course}/notes/{notes['ord-standing']}/retract", reason=REASON, wrong_citizen=True)

    assert not [name for name in ("superseded", "retracted", "standing") if f"ord-{name}" in shown(anna, course)]


def test_nobody_removes_what_he_may_not_read_or_what_is_of_no_course(town: Town, anna: Caller, course: str) -> None:
    (hidden,) = anna.does(f"{course}/notes", kind="observation", text="ord-skjult", audience="caseworker_only")["notes"]
    anna.does(f"{course}/notes/{hidden['id']}/retract", reason="x")
    bo = town.speaks("bo", "company_consultant")

    for text in (hidden["id"], course.rpartition("/")[2]):
        expect(bo.sends(f"{course}/texts/{text}/remove", reason=REASON), 404, "nothing-to-retract")
    assert "ord-skjult" in anna.http.get(f"{course}/journal?limit=200").text


def test_why_a_note_for_caseworkers_only_counts_no_more_is_for_them_only(town: Town, anna: Caller, course: str) -> None:
    words = {"text": "ord-skjult", "kind": "observation"}
    notes = anna.does(f"{course}/notes", notes=[{**words, "audience": "caseworker_only"}] * 3)["notes"]
    anna.does(f"{course}/notes/{notes[0]['id']}/supersede", text="ord-ret", reason="skjult-rettet")
    anna.does(f"{course}/notes/{notes[1]['id']}/retract", reason="skjult-taget")
    anna.does(f"{course}/texts/{notes[1]['id']}/remove", reason="skjult-fjernet")
    anna.does(f"{course}/texts/{notes[2]['id']}/remove", reason="skjult-borger")
    lines = anna.get(f"{course}/journal", limit=200)["items"]
    reasons = {line["words"]: line["words_id"] for line in lines if "skjult-" in (line["words"] or "")}
    assert reasons.keys() == {"skjult-rettet", "skjult-taget", "skjult-fjernet", "skjult-borger"}

    bo = town.speaks("bo", "company_consultant")
    read = shown(bo, course)
    assert not [reason for reason in reasons if reason in read]
    feed = town.speaks("case-system", "system", units=("*",)).http.get(
        f"/v1/changes?course={course.rpartition('/')[2]}&limit=200"
    )
    for answer in (feed, bo.http.get(f"{course}/journal?limit=200")):
        assert '"note_retracted"' in answer.text
        assert not [reason for reason in reasons.values() if f'"reason":"{reason}"' in answer.text]
    for reason in reasons.values():
        expect(bo.sends(f"{course}/texts/{reason}/remove", reason=REASON), 404, "nothing-to-retract")
    anna.does(f"{course}/texts/{reasons['skjult-taget']}/remove", reason="skjult-grund")
    assert "skjult-grund" not in shown(bo, course)
