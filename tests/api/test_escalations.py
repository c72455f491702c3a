"""Escalations: the supervisors see every silent wait, one takes it, and the others see who has it (P5, P6, P7)."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from clients.caller import Caller
from domain.calendar import danish_day
from tests.api.vocabulary import case, expect, inbox
from tools.town.silence import falls_silent
from tools.town.town import Town

WORDS = "Jeg ringer til Anna i dag."
LONG_AGO = danish_day(datetime.now(UTC) - timedelta(days=60)).isoformat()
SILENCE = timedelta(days=14)
_units = (f"silent-{number}" for number in count(1))


@pytest.fixture
def unit() -> str:
    """A unit that no other test uses."""
    return next(_units)


@pytest.fixture
def course(town: Town, unit: str) -> str:
    """A course of the unit that was begun so long ago that its supervisors were told once both roles had been."""
    system = town.speaks("case-system", "system", units=("*",))
    started: str = system.does("/v1/courses", **case(unit=unit, started_on=LONG_AGO))["course"]
    falls_silent(town, town.speaks("sally", "supervisor", units=("*",)), started)
    return started


@pytest.fixture
def sara(town: Town, unit: str) -> Caller:
    """A supervisor of the unit."""
    return town.speaks("sara", "supervisor", units=(unit,))


@pytest.fixture
def tove(town: Town, unit: str) -> Caller:
    """Another supervisor of the unit."""
    return town.speaks("tove", "supervisor", units=(unit,))


UNKNOWN = {"not_in_directory": "Not in the directory", "without_role": "Without the role"}


def listed(speaker: Caller, **wanted: Any) -> list[dict[str, Any]]:
    """Return the escalations that somebody sees."""
    items: list[dict[str, Any]] = speaker.get("/v1/escalations", limit=200, **wanted)["items"]
    return items


def take(item: dict[str, Any]) -> str:
    """Return the path at which an escalation is taken."""
    return f"/v1/escalations/{item['id']}/take"


def in_days(days: int) -> str:
    """Return an instant so many days from now, as the silent course has it."""
    return (datetime.now(UTC) + SILENCE + timedelta(days=days)).isoformat()


def test_every_silent_wait_is_listed_with_what_is_asked_of_whom_and_since_when(course: str, sara: Caller) -> None:
    items = listed(sara)

    assert items
    assert {item["course"]["id"] for item in items} == {course}
    asked = next(item for item in items if "first_interview_held" in item["missing"])
    assert asked["step"]["id"] == "intake"
    assert [person["id"] for person in asked["persons"]] == ["anna", "bo"]
    assert asked["text"]
    assert asked["text"] != asked["what"]
    assert asked["level"] >= 1
    assert (asked["is_taken"], asked["taken"]) == (False, None)
    assert [item["since"] for item in items] == sorted(item["since"] for item in items)


def test_who_is_reminded_reads_that_he_may_say_on_whom_he_waits_until_he_has_said_it_twice(
    town: Town, course: str, sara: Caller
) -> None:
    anna, path = town.speaks("anna", "caseworker"), f"/v1/courses/{course}"
    hint = "If you wait on somebody, say on whom and until when"

    def line(reader: Caller, key: str) -> dict[str, Any]:
        of_course = (item for item in inbox(reader) if item["course"]["id"] == course)
        return next(item for item in of_course if item["waiting"] == key)

    def wait() -> dict[str, Any]:
        waits = anna.get(path)["waiting"]
        return next(wait for wait in waits if wait["what"] == "first_interview_held")

    key = wait()["key"]
    assert wait()["may_be_answered"]
    assert hint in line(anna, key)["text"]
    assert not any(hint in item["text"] for item in inbox(sara)), "she is not asked"

    until = danish_day(datetime.now(UTC) + SILENCE + timedelta(days=4)).isoformat()
    for on in ("company", "citizen"):
        anna.does(f"{path}/waits/{key}/answer", waiting_on=on, until=until)

    assert not wait()["may_be_answered"]
    assert hint not in line(anna, key)["text"]


def test_all_whom_an_escalation_asks_are_shown_in_list_and_inbox(town: Town, course: str, sara: Caller) -> None:
    asked = town.speaks("anna", "caseworker").get(f"/v1/courses/{course}")["waiting"]
    both = {person["id"] for wait in asked if wait["escalation"] for person in wait["persons"]}
    assert both == {"anna", "bo"}

    (item,) = [item for item in listed(sara) if item["kind"] == "requirement"]
    (in_inbox,) = [line for line in inbox(sara) if line["course"]["id"] == course and line["kind"] == "requirement"]

    assert {person["id"] for person in item["persons"]} == both
    assert item["roles"] == in_inbox["roles"] == ["caseworker", "company_consultant"]


def test_one_supervisor_takes_it_and_all_see_who_has_it(course: str, sara: Caller, tove: Caller) -> None:
    item = listed(sara)[0]

    sara.does(take(item), comment=WORDS, look_again_at=in_days(3))

    (seen,) = listed(tove, taken=True)
    assert (seen["id"], seen["is_taken"]) == (item["id"], True)
    assert (seen["taken"]["by"], seen["taken"]["comment"]) == ("sara", WORDS)
    assert item["id"] not in {other["id"] for other in listed(tove, taken=False)}
    waiting = tove.get(f"/v1/courses/{course}")["waiting"]
    shown = [wait for wait in waiting if wait["taken"]]
    assert {wait["what"] for wait in shown} == set(item["missing"])
    assert {(wait["escalation"], wait["taken"]["comment"]) for wait in shown} == {(item["id"], WORDS)}
    journal = tove.get(f"/v1/courses/{course}/journal", limit=200)["items"]
    assert [line["words"] for line in journal if line["kind"] == "escalation_taken"] == [WORDS]


def test_what_nobody_has_taken_comes_first_in_the_inbox_of_the_supervisors(
    town: Town, unit: str, course: str, sara: Caller, tove: Caller
) -> None:
    system = town.speaks("case-system", "system", units=("*",))
    left = system.does("/v1/courses", **case(unit=unit, started_on=LONG_AGO))["course"]
    falls_silent(town, sara, left)
    for item in listed(sara):
        if item["course"]["id"] == course:
            sara.does(take(item), comment=WORDS)

    lines = [item for item in inbox(tove) if item["kind"] == "requirement"]
    texts = {item["course"]["id"]: item["text"] for item in listed(sara)}
    asked = {course: text.partition("Still to be done: ")[2] for course, text in texts.items()}
    assert all(asked[item["course"]["id"]] in item["text"] for item in lines), "the line names all that is missing"
    assert all(asked.values())

    assert [(item["course"]["id"], item["taken_by"]) for item in lines] == [(left, None), (course, "sara")]


def test_whoever_had_it_is_told_that_another_has_taken_over(course: str, sara: Caller, tove: Caller) -> None:
    item = listed(sara)[0]
    sara.does(take(item), comment=WORDS)

    expect(tove.sends(take(item), comment="Det gør jeg i stedet."), 409, "taken")
    tove.does(take(item), comment="Det gør jeg i stedet.", take_over=True)

    inbox_notices = [one for one in inbox(sara) if one["about"] == "taken_over"]
    assert [one["course"]["id"] for one in inbox_notices] == [course]
    assert inbox_notices[0]["text"].startswith("Another supervisor has taken over: ")


@pytest.mark.usefixtures("course")
def test_a_repeat_takes_it_once_and_another_body_under_the_same_key_is_refused(sara: Caller) -> None:
    path = take(listed(sara)[0])

    first = sara.sends(path, "taking", comment=WORDS)
    again = sara.sends(path, "taking", comment=WORDS)

    assert first.status_code == again.status_code == 200, again.text
    assert first.json()["applied_revision"] == again.json()["applied_revision"]
    expect(sara.sends(path, "taking", comment="Andet."), 422, "idempotency-key-reused")


def test_a_repeat_is_answered_as_at_first_though_what_was_waited_for_has_happened(
    town: Town, course: str, unit: str, sara: Caller
) -> None:
    anna = town.speaks("anna", "caseworker", units=(unit,))
    path = take(next(item for item in listed(sara) if "first_interview_held" in item["missing"]))
    first = sara.sends(path, "taking", comment=WORDS)
    anna.does(f"/v1/courses/{course}/facts", facts={"first_interview_on": LONG_AGO}, occurred_on=LONG_AGO)

    assert sara.sends(path, "taking", comment=WORDS).json()["applied_revision"] == first.json()["applied_revision"]


def test_nobody_takes_what_is_not_his_to_supervise(town: Town, course: str, sara: Caller) -> None:
    item = listed(sara)[0]
    other_unit = town.speaks("gerda", "supervisor", units=("youth",))
    elsewhere = town.speaks("gert", "supervisor", municipality="0991", units=("*",))

    for stranger in (other_unit, elsewhere):
        assert course not in {one["course"]["id"] for one in listed(stranger)}
        expect(stranger.sends(take(item), comment=WORDS), 404, "escalation-not-found")


@pytest.mark.usefixtures("course")
def test_the_list_is_filtered_and_paged(sara: Caller, unit: str) -> None:
    everything = [item["id"] for item in listed(sara, unit=unit)]
    assert listed(sara, unit="youth") == []
    assert {item["kind"] for item in listed(sara, kind="requirement")} == {"requirement"}
    assert all(item["is_overdue"] for item in listed(sara, overdue=True))

    ids: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = sara.get("/v1/escalations", limit=1, unit=unit, **cursor)
        ids += [item["id"] for item in page["items"]]
        if not page["next"]:
            break
        cursor = {"cursor": page["next"]}
    assert ids == everything


@pytest.mark.usefixtures("course")
def test_what_cannot_be_done_says_what_is_wrong(sara: Caller) -> None:
    path = take(listed(sara)[0])

    expect(sara.sends(path, comment=WORDS, look_again_at=in_days(-1)), 422, "time-not-ahead", "look_again_at")
    expect(sara.sends(path, comment=WORDS, look_again_at=in_days(90)), 422, "time-not-ahead", "look_again_at")
    expect(sara.sends(path, comment="Borgeren er 010190-1234."), 422, "cpr-not-allowed", "comment")
    expect(sara.http.post(path, json={"comment": WORDS}, headers={"If-Match": '"9999"'}), 412, "revision-mismatch")


def test_a_rehearsal_says_who_will_be_told_what_and_changes_nothing(town: Town, unit: str, sara: Caller) -> None:
    registry = town.speaks("case-system", "system", units=("*",))
    course = f"/v1/courses/{registry.does('/v1/courses', **case(unit=unit))['course']}"
    registry.http.put("/v1/people/anna", json={"name": "Anna Ager", "roles": ["caseworker"]}).raise_for_status()
    revision = sara.get(course)["revision"]

    foretold = sara.get(f"{course}/rehearsal", days=120)

    notices = foretold["notices"]
    instants = [datetime.fromisoformat(notice["at"]) for notice in notices]
    assert instants == sorted(instants)
    assert all(notice["text"] for notice in notices)
    climbed = [notice["text"] for notice in notices if notice["level"] and notice["to"]["person"] == "anna"]
    assert "Still nothing has happened in the course. What is the next step?" in climbed, "the ladder's own words"
    heard = [notice["to"] for notice in notices]
    nobody = dict.fromkeys(("person", "name", "cover", "cover_name", "unit", "unit_name"))
    assert {**nobody, "roles": ["caseworker"], "person": "anna", "name": "Anna Ager"} in heard
    assert {**nobody, "roles": ["supervisor"], "unit": unit} in heard
    assert sara.get(course)["revision"] == revision
    assert sara.get(f"{course}/rehearsal", days=1)["until"] < foretold["until"]
    expect(sara.http.get(f"{course}/rehearsal", params={"days": 121}), 422, "not-in-range", "days")


@pytest.mark.usefixtures("course")
def test_the_whole_list_is_counted_as_it_is_listed_where_asked(sara: Caller, unit: str) -> None:
    items = listed(sara)
    page = sara.get("/v1/escalations", limit=1, counts=["cause", "step", "unit", "person"])

    counts = page["counts"]
    assert counts["total"] == len(items)
    assert {count["cause"]: count["count"] for count in counts["by_cause"]} == Counter(
        cause
        for item in items
        for cause in (item["kind"], *(name for name in ("not_in_directory", "without_role") if item[name]))
    )
    assert [(count["unit"], count["count"]) for count in counts["by_unit"]] == [(unit, len(items))]
    assert {count["step"]["id"]: count["count"] for count in counts["by_step"]} == Counter(
        item["step"]["id"] for item in items if item["step"]
    )
    assert {count["person"]["id"]: count["count"] for count in counts["by_person"]} == Counter(
        person["id"] for item in items for person in item["persons"]
    )
    assert listed(sara, taken=True) == []
    assert sara.get("/v1/escalations", taken=True, counts="cause")["counts"]["total"] == 0
    assert sara.get("/v1/escalations")["counts"] is None


@pytest.mark.usefixtures("course")
def test_an_inbox_is_counted_as_it_is_listed(sara: Caller, unit: str) -> None:
    items = inbox(sara)
    counts = sara.get("/v1/inbox", limit=1, counts=["cause", "unit"])["counts"]

    assert (counts["total"], counts["by_step"]) == (len(items), None)
    assert {count["cause"]: count["count"] for count in counts["by_cause"]} == Counter(
        cause
        for item in items
        for cause in (
            item["kind"] or item["about"],
            *(name for name, said in UNKNOWN.items() if item["kind"] and said in item["text"]),
        )
    )
    assert [(count["unit"], count["count"]) for count in counts["by_unit"]] == [(unit, len(items))]
