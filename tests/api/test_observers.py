"""An observer sees the courses he observes and nothing else, and gates nothing there."""

from typing import Any

import pytest

from clients.caller import Caller
from tests.api.vocabulary import case, expect
from tools.town.town import Town

MENTOR = {"kind": "mentor", "reason": "Mentor efter aftale med borgeren."}


@pytest.fixture
def course(town: Town) -> str:
    """A course that Olga observes."""
    started = town.speaks("case-system", "system").does("/v1/courses", **case())
    path = f"/v1/courses/{started['course']}"
    assert town.speaks("anna", "caseworker").http.put(f"{path}/observers/mille", json=MENTOR).is_success
    return path


@pytest.fixture
def mille(town: Town) -> Caller:
    return town.speaks("mille", "observer")


def listed(speaker: Caller) -> list[str]:
    paths, query = [], {"limit": 200}
    while True:
        page = speaker.get("/v1/courses", **query)
        paths += [f"/v1/courses/{line['id']}" for line in page["items"]]
        if not page["next"]:
            return paths
        query = {"limit": 200, "cursor": page["next"]}


def test_an_observer_reads_the_course_and_finds_it_in_the_list(course: str, mille: Caller) -> None:
    read = mille.get(course)

    assert [(o["person"], o["kind"]) for o in read["observers"]] == [("mille", "mentor")]
    assert course in listed(mille)
    assert mille.http.get(f"{course}/journal").is_success
    for part in ("briefing", "explanation", "rehearsal"):
        assert mille.http.get(f"{course}/{part}").json()["code"] == "not-permitted"


def test_no_other_course_exists_for_an_observer_whatever_units_the_token_names(town: Town, mille: Caller) -> None:
    other = town.speaks("case-system", "system").does("/v1/courses", **case())["course"]

    assert mille.http.get(f"/v1/courses/{other}").status_code == 404
    assert f"/v1/courses/{other}" not in listed(mille)
    assert mille.sends(f"/v1/courses/{other}/notes", kind="observation", text="Hej").status_code == 404


def test_an_observer_of_another_municipality_with_the_same_id_sees_nothing(town: Town, course: str) -> None:
    stranger = town.speaks("mille", "observer", municipality="0991")

    assert stranger.http.get(course).status_code == 404
    assert listed(stranger) == []


def test_who_no_longer_observes_sees_nothing_any_more(town: Town, course: str, mille: Caller) -> None:
    town.speaks("anna", "caseworker").does(f"{course}/observers/mille/remove", reason="Mentoraftalen er slut.")

    assert mille.http.get(course).status_code == 404
    assert course not in listed(mille)


def test_an_observer_does_not_read_what_is_for_caseworkers_only(town: Town, course: str, mille: Caller) -> None:
    note = {"kind": "barrier", "text": "Kun for os.", "audience": "caseworker_only"}
    town.speaks("anna", "caseworker").does(f"{course}/notes", **note)

    assert mille.get(course)["notes"] == []
    assert "Kun for os." not in mille.http.get(f"{course}/journal").text


def test_an_observer_notes_and_reports_what_the_rules_let_him(course: str, mille: Caller, town: Town) -> None:
    mille.does(f"{course}/notes", kind="observation", text="Karla er glad for at være ude.")
    refused = mille.sends(f"{course}/facts", facts={"goal_paid_hours": 12})

    assert (refused.status_code, refused.json()["code"]) == (403, "fact-not-yours")
    decided = expect(mille.sends(f"{course}/facts", facts={"trial_decision": "granted"}), 403, "fact-not-yours")
    assert decided["errors"][0]["params"]["roles"] == "caseworker, supervisor, system, grant_clerk"
    texts = [note["text"] for note in town.speaks("anna", "caseworker").get(course)["notes"]]
    assert texts == ["Karla er glad for at være ude."]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("briefings", {}),
        ("acknowledgements", {"briefing": 1, "version": 1}),
        ("pause", {"reason": "Nej."}),
        ("close", {"outcome": "job", "reason": "Nej."}),
        ("waivers", {"requirement": "x", "ground": "other", "reason": "Nej."}),
    ],
)
def test_an_observer_steers_and_informs_nobody(course: str, mille: Caller, path: str, body: dict[str, Any]) -> None:
    refused = mille.sends(f"{course}/{path}", **body)

    assert (refused.status_code, refused.json()["code"]) == (403, "not-permitted")


def test_who_both_observes_and_works_sees_his_unit_as_before(town: Town, course: str) -> None:
    both = town.speaks("mille", "observer", "caseworker", units=("youth",))

    assert both.http.get(course).is_success
    other = town.speaks("case-system", "system").does("/v1/courses", **case())["course"]
    assert both.http.get(f"/v1/courses/{other}").status_code == 404
    assert course in listed(both)
