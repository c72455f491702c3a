"""Running courses move to other rules over the API: a dry run, a command to each, and the way back (P3, P7)."""

from datetime import timedelta
from typing import Final

import pytest
from typer.testing import CliRunner

from cli import app
from tests.api.leading import TODAY
from tests.api.ruling import ASKED_TOO, CLOSES, Ruled
from tests.api.vocabulary import expect
from tests.journeys.vocabulary import both_acknowledge
from tools.town.town import Town

TOMORROW: Final = TODAY + timedelta(days=1)


@pytest.fixture(scope="module")
def office(town: Town) -> Ruled:
    """A municipality of its own."""
    return Ruled(town)


def test_a_dry_run_lists_the_courses_what_moves_and_what_is_told_on_which_day_and_writes_nothing(office: Ruled) -> None:
    mine, elsewhere = office.begins(), office.begins(unit="syd")
    body = {"rules": office.five, "instead_of": office.ten, "on": TODAY.isoformat()}

    plan = office.whole.does("/v1/re-pins/plan", **body)
    of_unit = office.sara.does("/v1/re-pins/plan", **body)

    assert {mine, elsewhere} <= {line["course"] for line in plan["courses"]}
    assert elsewhere not in {line["course"] for line in of_unit["courses"]}
    line = next(line for line in plan["courses"] if line["course"] == mine)
    (moved,) = (wait for wait in line["waits"] if wait["what"] == "is_agreed")
    assert moved["until"] < moved["until_before"]
    assert line["problem"] is None
    assert all({"day", "before", "after"} == set(day) for day in plan["notices"])
    assert plan["notices"]
    assert plan["next"] is None
    assert office.follows(mine) == "ten"


def test_the_courses_of_a_unit_follow_and_the_act_is_read_and_taken_back(office: Ruled) -> None:
    mine, elsewhere = office.begins(), office.begins(unit="syd")
    before = office.whole.get(f"/v1/courses/{mine}")

    act = office.orders(office.sara, rules=office.five, instead_of=office.ten, on=TODAY.isoformat())
    done = office.over(act["at"])

    assert (done["kind"], done["failed"]) == ("re_pin", 0)
    assert (office.follows(mine), office.follows(elsewhere)) == ("five", "ten")
    journal = office.whole.get(f"/v1/courses/{mine}/journal", limit=200)["items"]
    assert "course_re_pinned" in {line["kind"] for line in journal}
    assert "briefing_issued" not in {line["kind"] for line in journal if line["revision"] > before["revision"]}

    back = office.whole.http.post(f"/v1/re-pins/{act['id']}/take-back", json={})
    assert back.status_code == 202, back.text
    office.over(back.headers["Location"])
    assert office.follows(mine) == "ten"


def test_what_is_to_come_is_called_off_when_it_is_taken_back(office: Ruled) -> None:
    mine = office.begins()
    act = office.orders(office.whole, rules=office.five, instead_of=office.ten, on=TOMORROW.isoformat())
    assert act["waiting"] == act["total"]

    back = office.whole.http.post(f"/v1/re-pins/{act['id']}/take-back", json={})
    office.over(back.headers["Location"])

    assert office.over(act["at"])["done"] == 0
    failed = office.whole.get(f"{act['at']}/items", state="failed", limit=200)["items"]
    assert {item["problem"]["code"] for item in failed} == {"called-off"}
    assert office.follows(mine) == "ten"


def test_from_the_next_visit_on_a_course_follows_and_who_moved_meanwhile_is_left(office: Ruled) -> None:
    planned, moved = office.begins(), office.begins()
    third = office.published("third", 7)
    office.over(office.orders(office.sara, rules=third, instead_of=office.ten, units=["job"])["at"])
    assert office.follows(planned) == "ten", "its visit is the same"

    first = office.orders(office.sara, rules=office.five, instead_of=office.ten, on=TODAY.isoformat())
    office.over(first["at"])
    late = office.orders(office.sara, rules=third, instead_of=office.five, on=TODAY.isoformat())
    office.over(late["at"])
    assert office.follows(moved) == "third"

    back = office.whole.http.post(f"/v1/re-pins/{first['id']}/take-back", json={}).headers["Location"]
    office.over(back)
    failed = office.whole.get(f"{back}/items", state="failed", limit=200)["items"]
    assert {item["problem"]["code"] for item in failed if item["course"] == moved} == {"followed-rules-changed"}
    assert office.follows(moved) == "third", "who was moved on since stays there"


def test_the_courses_that_left_what_is_newly_asked_are_named_before_and_after_and_asked_only_by_choice(
    office: Ruled,
) -> None:
    ten, more = office.published("ten-before", 10), office.published("more", 10, **{CLOSES: ASKED_TOO})
    bo = office.speaks("bo", "company_consultant", units=())
    at_talk, at_trial = office.begins("ten-before"), office.begins("ten-before")
    office.anna.does(f"/v1/courses/{at_trial}/facts", facts={"agreed": True, "way": "trial"})
    both_acknowledge(f"/v1/courses/{at_trial}", office.anna, bo)
    body = {"rules": more, "instead_of": ten, "on": TODAY.isoformat()}

    plan = office.whole.does("/v1/re-pins/plan", **body)
    left = {line["course"]: line["left"] for line in plan["courses"]}
    assert left == {at_talk: [], at_trial: ["is_told"]}
    act = office.orders(office.whole, **body, ask_left=True)
    office.over(act["at"])

    items = office.whole.get(f"{act['at']}/items", limit=200)["items"]
    assert {item["course"]: item["asked_left"] for item in items} == left


def test_the_command_line_does_the_same(town: Town) -> None:
    office = Ruled(town)
    course = office.begins()
    url = {"FODSLAG_JWT_KEY": town.keys["FODSLAG_JWT_KEY"], "FODSLAG_API_PORT": str(town.settings.api_port)}
    at = ["--municipality", office.municipality, "--language", "en"]

    def run(*words: str, expected: int = 0) -> str:
        ended = CliRunner().invoke(app, ["rules", "re-pin", *words, *at], env=url)
        assert ended.exit_code == expected, ended.output
        return ended.output

    sets = [f"{item['id']}@{item['version']}" for item in office.whole.get("/v1/rulesets")["items"]]
    ten, five = (next(named for named in sets if named.startswith(f"{rule_set}@")) for rule_set in ("ten", "five"))
    moved = [ten, five, "--on", TODAY.isoformat(), "--unit", "job"]
    assert "is_agreed" in run("plan", *moved)
    assert "= 1" in run("plan", *moved)
    assert office.follows(course) == "ten"
    act = run("order", *moved, "--as", "lise").split()[0]
    office.over(f"/v1/bulk-acts/{act}")
    assert office.follows(course) == "five"
    assert "1/1" in run("progress", act)
    back = run("take-back", act, "--as", "lise").split()[0]
    office.over(f"/v1/bulk-acts/{back}")
    assert office.follows(course) == "ten"
    assert ten in run("plan", ten, ten, expected=2)
    past = (TODAY - timedelta(days=1)).isoformat()
    assert "not-in-range" in run("order", ten, five, "--on", past, "--as", "lise", expected=2)


def test_what_cannot_be_followed_is_refused(office: Ruled) -> None:
    told_of = {
        f'step = "{step}"\ntarget_group = "a"': f'step = "{step}"\ntarget_group = "b"' for step in ("trial", "work")
    }
    lost = office.published("lost", 5, **{'values = { a = "A" }': 'values = { b = "B" }'}, **told_of)
    body = {"rules": lost, "instead_of": office.ten, "on": TODAY.isoformat()}

    expect(office.whole.sends("/v1/re-pins", **body), 422, "groups-unmapped", "rules")
    expect(office.whole.sends("/v1/re-pins", **{**body, "rules": "0" * 64}), 422, "rule-set-unknown", "rules")
    past = {**body, "rules": office.five, "on": (TODAY - timedelta(days=1)).isoformat()}
    expect(office.whole.sends("/v1/re-pins/plan", **past), 422, "not-in-range", "on")
    assert office.rie.sends("/v1/re-pins", **body).status_code == 403
    missing = "/v1/re-pins/7d0f4c0e-0f0d-5a1a-9c59-f0d51a6f0d51/take-back"
    expect(office.whole.http.post(missing, json={}), 404, "bulk-act-not-found")


def test_who_follows_a_set_is_counted_by_version_and_unit_and_nobody_is_named(town: Town) -> None:
    office = Ruled(town)
    for unit in ("job", "job", "syd"):
        office.begins("ten", unit)
    closed = office.begins("five")

    of_editor = office.rie.get("/v1/rulesets/ten/followers")
    of_leader = office.sara.get("/v1/rulesets/ten/followers")

    counted = {(item["sha256"], item["unit"]): item["courses"] for item in of_editor["items"]}
    assert counted == {(office.ten, "job"): 2, (office.ten, "syd"): 1}
    assert (of_editor["total"], of_leader["total"]) == (3, 2)
    assert closed not in str(of_editor)
    expect(office.anna.http.get("/v1/rulesets/ten/followers"), 403, "not-permitted")
    assert office.rie.get("/v1/rulesets/nowhere/followers") == {"total": 0, "items": []}
