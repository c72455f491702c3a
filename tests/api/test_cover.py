"""Cover over HTTP: who acts while somebody is away, what he reads for whom, and what a dry run tells (P1, P4)."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from clients.caller import Caller
from domain.calendar import danish_day
from rules.language.formats import written_day
from tests.api.vocabulary import case, expect, inbox, renew_now
from tests.journeys.vocabulary import ANSWER_WITHIN, complete_intake, reach_trial
from tests.municipalities import fresh_municipality
from tools.town.town import Town

TODAY = danish_day(datetime.now(UTC))
YESTERDAY, TOMORROW = (str(TODAY + timedelta(days=days)) for days in (-1, 1))
ACKNOWLEDGED_FOR_ANNA: dict[str, Any] = {"briefing": 1, "version": 1, "on_behalf_of": "anna", "reason": "on_leave"}


class Office:
    """A municipality of its own: Anna and Bo work together, Carl and Dina in another unit."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.municipality = fresh_municipality()
        self.sara = self.speaks("sara", "supervisor", units=("*",))
        self.system = self.speaks("case-system", "system", units=("*",))
        self.anna, self.bo = self.speaks("anna", "caseworker"), self.speaks("bo", "company_consultant")
        self.carl, self.dina = (self.speaks(name, "caseworker", units=("other",)) for name in ("carl", "dina"))
        roles = {"anna": "caseworker", "bo": "company_consultant", "carl": "caseworker", "dina": "caseworker"}
        for person, role in {**roles, "mona": "observer"}.items():
            entry = {"name": f"{person} Prøve", "roles": [role]}
            assert self.sara.http.put(f"/v1/people/{person}", json=entry).is_success

    def speaks(self, person: str, *roles: str, units: tuple[str, ...] = ("job",)) -> Caller:
        """Return somebody of this municipality."""
        return self.town.speaks(person, *roles, municipality=self.municipality, units=units)

    def briefed(self) -> UUID:
        """Start a course of Anna's and Bo's in which both are to acknowledge the first briefing."""
        course = UUID(self.started()["course"])
        complete_intake(f"/v1/courses/{course}", self.anna, self.bo)
        return course

    def started(self, **what: Any) -> dict[str, Any]:
        """Start a course of Anna's and Bo's."""
        return self.system.does("/v1/courses", **{**case(municipality=self.municipality), **what})

    def anna_is_away(self, *cover: dict[str, Any], dry_run: bool = False, **days: str | None) -> httpx.Response:
        """Let Anna say that she is away around today."""
        absence = {"from": YESTERDAY, "until": TOMORROW, **days, "cover": cover}
        query = {"dry_run": "true"} if dry_run else {}
        return self.anna.http.put("/v1/people/anna/absences", params=query, json={"absences": [absence]})


@pytest.fixture
def office(town: Town) -> Office:
    """A municipality of its own."""
    return Office(town)


def items(speaker: Caller, course: UUID) -> list[dict[str, Any]]:
    """Return what is in somebody's inbox about a course."""
    return [item for item in inbox(speaker) if item["course"]["id"] == str(course)]


def test_a_cover_acknowledges_for_who_is_away_and_reads_for_whom(office: Office) -> None:
    course = office.briefed()
    path = f"/v1/courses/{course}"
    expect(office.carl.http.get(path), 404, "course-not-found")
    assert items(office.carl, course) == []

    office.anna_is_away({"person": "carl"})

    (caseworker, consultant) = sorted(office.bo.get(path)["parties"], key=lambda party: party["role"])
    assert (caseworker["cover"], consultant["cover"]) == ("carl", None), "the other role sees who acts for her"
    assert office.carl.get(path)["id"] == str(course)
    assert [line["id"] for line in office.carl.get("/v1/courses")["items"]] == [str(course)]
    (item,) = items(office.carl, course)
    assert (item["kind"], item["on_behalf_of"], item["notice"]) == ("acknowledgement", "anna", None)
    assert {own["on_behalf_of"] for own in items(office.anna, course)} == {None}
    office.carl.does(f"{path}/acknowledgements", **ACKNOWLEDGED_FOR_ANNA)

    assert items(office.carl, course) == []
    (receipt,) = (r for r in office.anna.get(path)["visits"][0]["briefing"]["receipts"] if r["person"] == "anna")
    assert (receipt["acknowledged_by"], receipt["on_behalf"]) == ("carl", "on_leave")
    assert "acknowledgement" not in {item["kind"] for item in items(office.anna, course)}, "nothing is asked of her"
    assert {party["role"]: party["on_behalf"] for party in office.sara.get(path)["parties"]} == {
        "caseworker": 1,
        "company_consultant": 0,
    }
    (line,) = (line for line in office.sara.get("/v1/courses")["items"] if line["id"] == str(course))
    assert line["on_behalf"] == {"caseworker": 1}


def test_nobody_registers_himself_as_the_cover_of_another(office: Office) -> None:
    entry = {"name": "Sara Prøve", "roles": ["supervisor"]}
    assert office.sara.http.put("/v1/people/sara", json=entry).is_success
    absence = {"from": YESTERDAY, "until": TOMORROW, "cover": [{"person": "carl"}, {"person": "sara"}]}
    path, body = "/v1/people/anna/absences", {"absences": [absence]}

    for dry_run in ("true", "false"):
        refused = office.sara.http.put(path, params={"dry_run": dry_run}, json=body)
        expect(refused, 403, "covers-oneself", "absences.0.cover.1.person")
    assert office.sara.get(path)["absences"] == []

    assert office.anna.http.put(path, json=body).is_success
    assert office.sara.http.put(path, json=body).is_success, "what Anna has said may stand"
    later = {"absences": [absence, {"from": "2199-01-01", "cover": [{"person": "sara"}]}]}
    expect(office.sara.http.put(path, json=later), 403, "covers-oneself", "absences.1.cover.0.person")


@pytest.mark.parametrize(
    "changed",
    [
        {"until": TOMORROW},
        {"until": None},
        {"cover": [{"person": "sara"}]},
        {"cover": [{"person": "sara"}, {"person": "carl"}]},
    ],
    ids=["later", "for good", "alone", "first"],
)
def test_nobody_lets_himself_cover_for_longer_or_before_others(office: Office, changed: dict[str, Any]) -> None:
    entry = {"name": "Sara Prøve", "roles": ["supervisor"]}
    assert office.sara.http.put("/v1/people/sara", json=entry).is_success
    absence = {"from": YESTERDAY, "until": str(TODAY), "cover": [{"person": "carl"}, {"person": "sara"}]}
    path = "/v1/people/anna/absences"
    assert office.anna.http.put(path, json={"absences": [absence]}).is_success

    refused = office.sara.http.put(path, json={"absences": [{**absence, **changed}]})

    assert refused.status_code == 403, refused.text
    assert {error["code"] for error in refused.json()["errors"]} == {"covers-oneself"}
    assert office.sara.http.put(path, json={"absences": [{**absence, "until": YESTERDAY}]}).is_success, "for less"


def test_nobody_else_acts_for_who_is_away_nor_the_cover_once_she_is_back(office: Office) -> None:
    course = office.briefed()
    path = f"/v1/courses/{course}/acknowledgements"
    office.anna_is_away({"person": "carl"})
    expect(office.dina.sends(path, **ACKNOWLEDGED_FOR_ANNA), 404, "course-not-found")
    other = office.speaks("erik", "caseworker")
    expect(other.sends(path, **ACKNOWLEDGED_FOR_ANNA), 403, "not-the-party")

    office.anna_is_away({"person": "carl"}, until=YESTERDAY)

    expect(office.carl.sends(path, **ACKNOWLEDGED_FOR_ANNA), 404, "course-not-found")


def test_who_holds_the_other_role_cannot_act_for_both(office: Office) -> None:
    course = office.briefed()
    written = office.anna_is_away({"person": "bo"}).json()

    assert [line["standing"] for line in written["concerns"][0]["courses"]] == ["holds_the_other_role"]
    refused = office.bo.sends(f"/v1/courses/{course}/acknowledgements", **ACKNOWLEDGED_FOR_ANNA)
    expect(refused, 403, "not-the-party")
    assert {item["on_behalf_of"] for item in items(office.bo, course)} == {None}


def test_a_question_to_who_is_away_is_read_and_answered_by_the_cover(office: Office) -> None:
    course = UUID(office.started()["course"])
    path = f"/v1/courses/{course}"
    office.anna_is_away({"person": "carl"})
    office.bo.does(f"{path}/notes", kind="question", text="Må vi ringe til planteskolen?", to="caseworker")
    asked = {item["kind"]: item for item in items(office.carl, course)}
    assert {item["on_behalf_of"] for item in asked.values()} == {"anna"}, "what is missing waits for him too"
    item = asked["question"]
    assert item["text"].endswith(": Må vi ringe til planteskolen?")
    (question,) = office.carl.get(path)["notes"]

    office.carl.does(f"{path}/notes", kind="observation", text="Ja, gør det.", answers=question["id"])

    assert "question" not in {item["kind"] for item in items(office.carl, course)}


def test_a_cover_says_that_a_version_is_not_right_and_settles_it(office: Office) -> None:
    course = office.briefed()
    path = f"/v1/courses/{course}"
    office.anna_is_away({"person": "carl"})
    why = {"briefing": 1, "version": 1, "reason": "Timetallet er ikke det, vi aftalte."}
    office.carl.does(f"{path}/disputes", **why)

    (disputed,) = office.bo.get(path)["visits"][0]["disputes"]
    assert (disputed["by"], disputed["roles"]) == ("carl", ["caseworker"])
    settled = f"{path}/disputes/{disputed['id']}/end"
    office.carl.does(settled, reason="Det passer alligevel.")

    (disputed,) = office.bo.get(path)["visits"][0]["disputes"]
    assert disputed["ended_by"] == "carl"
    office.anna_is_away({"person": "carl"}, until=YESTERDAY)
    expect(office.carl.sends(f"{path}/disputes", **{**why, "version": 2}), 404, "course-not-found")


def test_a_cover_tells_the_good_story_that_who_is_away_is_asked_for(office: Office) -> None:
    visits = [{"step": "paid_hours", "entered_on": YESTERDAY}]
    course = UUID(office.started(started_on=YESTERDAY, facts={}, taken_over={"visits": visits})["course"])
    path, story = f"/v1/courses/{course}/story", {"worked": ["tried_again"], "branch": "farming"}
    gitte = office.speaks("gitte", "company_consultant", units=("other",))
    entry = {"name": "Gitte Prøve", "roles": ["company_consultant"]}
    assert office.sara.http.put("/v1/people/gitte", json=entry).is_success
    expect(gitte.sends(path, story=story), 404, "course-not-found")
    absence = {"from": YESTERDAY, "until": TOMORROW, "cover": [{"person": "gitte"}]}
    assert office.bo.http.put("/v1/people/bo/absences", json={"absences": [absence]}).is_success
    assert "bo" in {item["on_behalf_of"] for item in items(gitte, course) if item["kind"] == "story"}

    gitte.does(path, story=story)

    assert "story" not in {item["kind"] for item in items(gitte, course) + items(office.bo, course)}
    (told,) = gitte.get("/v1/stories")["items"]
    assert told["is_own"]
    gitte.does(f"/v1/stories/{told['id']}/remove")
    assert gitte.get("/v1/stories")["items"] == []


def test_a_cover_reads_of_a_meeting_and_leaves_it_to_who_is_away_to_have_seen_it(office: Office) -> None:
    course = office.briefed()
    path = f"/v1/courses/{course}"
    for speaker in (office.anna, office.bo):
        speaker.does(f"{path}/acknowledgements", briefing=1, version=1)
    office.anna_is_away({"person": "carl"})
    day = TODAY + timedelta(days=60)
    office.bo.does(f"{path}/facts", facts={"visit_planned_on": str(day), "visit_planned_at": "10:00"})

    def meeting(speaker: Caller) -> dict[str, Any]:
        (item,) = (item for item in items(speaker, course) if item["about"] == "appointment")
        return item

    told = f"Agreed: Company visit, {written_day(day, 'en')} at 10:00"
    assert meeting(office.carl)["text"] == meeting(office.anna)["text"] == told
    assert (meeting(office.carl)["notice"], meeting(office.carl)["on_behalf_of"]) == (None, "anna")
    notice = meeting(office.anna)["notice"]
    expect(office.carl.sends(f"/v1/inbox/{notice}/seen"), 404, "notice-not-found")
    office.anna.does(f"/v1/inbox/{notice}/seen")
    assert items(office.carl, course) == []


async def until_asked(office: Office, course: UUID, *persons: str) -> None:
    """Wait until these are asked for the receipt of the caseworker, the cover first."""
    await renew_now(office.town)
    deadline = time.monotonic() + ANSWER_WITHIN
    while persons not in [
        tuple(asked["id"] for asked in waiting["persons"])
        for waiting in office.bo.get(f"/v1/courses/{course}")["waiting"]
        if waiting["kind"] == "acknowledgement"
    ]:
        assert time.monotonic() < deadline


async def test_the_cover_is_named_wherever_it_is_said_who_is_waited_for(office: Office) -> None:
    course = office.briefed()
    path = f"/v1/courses/{course}"

    def waited_for(person: str) -> list[str]:
        return [line["id"] for line in office.sara.get("/v1/courses", waiting_for_person=person)["items"]]

    assert (waited_for("carl"), waited_for("anna")) == ([], [str(course)])
    office.anna_is_away({"person": "carl"}, until=None)

    await until_asked(office, course, "carl", "anna")
    assert waited_for("carl") == waited_for("anna") == [str(course)]
    counts = office.sara.get("/v1/courses", counts="person")["counts"]["by_person"]
    assert {count["person"]["id"] for count in counts} == {"anna", "bo", "carl"}
    foretold = office.sara.get(f"{path}/rehearsal", days=60)["notices"]
    assert {(one["to"]["person"], one["to"]["cover"]) for one in foretold if one["to"]["person"]} >= {
        ("anna", "carl"),
        ("bo", None),
    }

    office.anna_is_away({"person": "dina"})
    await until_asked(office, course, "dina", "anna")
    assert (waited_for("carl"), waited_for("dina")) == ([], [str(course)])
    office.anna_is_away({"person": "dina"}, until=YESTERDAY)
    await until_asked(office, course, "anna")
    assert (waited_for("dina"), waited_for("anna")) == ([], [str(course)])


def test_news_to_who_is_away_is_read_and_seen_by_the_cover_and_she_is_not_told_twice(office: Office) -> None:
    course = UUID(office.started()["course"])
    path = f"/v1/courses/{course}"
    reach_trial(path, office.anna, office.bo)
    office.anna_is_away({"person": "carl"})
    office.bo.does(f"{path}/visits/3/stop", last_day="2026-03-24", by="citizen", note="Ryggen kunne ikke holde.")

    def news(speaker: Caller) -> list[dict[str, Any]]:
        return [item for item in items(speaker, course) if item["about"] == "news"]

    (read,) = news(office.carl)
    assert (read["on_behalf_of"], read["text"]) == ("anna", news(office.anna)[0]["text"])
    expect(office.dina.sends(f"/v1/inbox/{read['notice']}/seen"), 404, "notice-not-found")
    expect(office.bo.sends(f"/v1/inbox/{read['notice']}/seen"), 404, "notice-not-found")

    office.carl.does(f"/v1/inbox/{read['notice']}/seen")

    assert news(office.carl) == news(office.anna) == []


def test_what_who_is_away_reports_by_phone_is_read_and_seen_by_the_cover_and_is_no_news_to_her(office: Office) -> None:
    course = UUID(office.started()["course"])
    path = f"/v1/courses/{course}"
    reach_trial(path, office.anna, office.bo)
    office.anna_is_away({"person": "carl"})
    office.anna.does(f"{path}/visits/3/stop", last_day="2026-03-24", by="citizen", note="Ryggen kunne ikke holde.")

    def news(speaker: Caller) -> list[dict[str, Any]]:
        return [item for item in items(speaker, course) if item["about"] == "news"]

    (read,) = news(office.carl)
    assert read["on_behalf_of"] == "anna"
    assert "Why it stopped (caseworker)" in read["text"]
    assert news(office.anna) == []
    assert len(news(office.bo)) == 1
    expect(office.anna.sends(f"/v1/inbox/{read['notice']}/seen"), 404, "notice-not-found")

    office.carl.does(f"/v1/inbox/{read['notice']}/seen")

    assert news(office.carl) == []


def test_a_dry_run_tells_what_would_be_and_writes_nothing(office: Office) -> None:
    briefed, begun = office.briefed(), UUID(office.started()["course"])
    uncovered = UUID(office.started()["course"])
    cover = [
        {"person": "carl", "name": "carl Prøve", "courses": [str(briefed)]},
        {"person": "bo", "name": "bo Prøve", "courses": [str(begun)]},
    ]

    preview = office.anna_is_away(*cover, dry_run=True).json()

    assert preview["dry_run"]
    assert preview["absences"] == [{"from": YESTERDAY, "until": TOMORROW, "cover": cover}]
    (concerns,) = preview["concerns"]
    assert {line["course"]: (line["standing"], line["cover"]) for line in concerns["courses"]} == {
        str(briefed): ("covered", "carl"),
        str(begun): ("holds_the_other_role", "bo"),
        str(uncovered): ("uncovered", None),
    }
    (line,) = (line for line in concerns["courses"] if line["course"] == str(briefed))
    assert line["waits"]["acknowledgement"] == concerns["waits"]["acknowledgement"] == 1
    assert concerns["waits"]["requirement"] > line["waits"].get("requirement", 0)
    assert office.anna.get("/v1/people/anna/absences") == {"absences": []}
    assert items(office.carl, briefed) == []

    assert office.anna_is_away(*cover).json() == {**preview, "dry_run": False}


def test_a_supervisor_is_told_of_the_courses_of_her_own_units_only(office: Office) -> None:
    office.started()
    elsewhere = office.speaks("sine", "supervisor", units=("other",))
    absences = {"absences": [{"from": YESTERDAY}]}
    anna = {"name": "Anna Prøve", "roles": ["caseworker"], "unit": "other"}
    assert office.sara.http.put("/v1/people/anna", json=anna).is_success

    assert elsewhere.http.put("/v1/people/anna/absences", json=absences).json()["concerns"] == []
    assert office.sara.http.put("/v1/people/anna/absences", json=absences).json()["concerns"] != []


@pytest.mark.parametrize("person", ["nobody", "anna", "mona"])
def test_a_cover_is_somebody_else_who_may_acknowledge(office: Office, person: str) -> None:
    refused = office.anna_is_away({"person": "carl"}, {"person": person})

    expect(refused, 422, "cover-unsuitable", "absences.0.cover.1.person")
    assert office.anna.get("/v1/people/anna/absences") == {"absences": []}


def test_a_cover_is_named_for_courses_that_exist_for_the_caller(office: Office) -> None:
    hidden = office.started(unit="other", caseworker={"person": "dina"}, company_consultant=None)["course"]
    for course in (hidden, str(uuid4())):
        refused = office.anna_is_away({"person": "carl", "courses": [course]})
        expect(refused, 404, "course-not-found", "absences.0.cover.0.courses.0")


def test_who_covered_in_an_absence_that_is_over_is_not_judged_again(office: Office) -> None:
    mona = {"person": "mona", "name": "mona Prøve", "courses": [str(uuid4())]}
    past = {"from": "2026-01-05", "until": "2026-01-09", "cover": [mona]}
    answer = office.anna.http.put("/v1/people/anna/absences", json={"absences": [past]})

    assert answer.json() == {"absences": [past], "dry_run": False, "concerns": []}
    past["cover"] = [{"person": "nobody"}]
    refused = office.anna.http.put("/v1/people/anna/absences", json={"absences": [past]})
    expect(refused, 422, "cover-unsuitable", "absences.0.cover.0.person")
