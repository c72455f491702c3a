"""Companies: what one course learns the next one knows, nobody overwrites another's words, and who is there is told."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import httpx
import pytest

from clients.caller import Caller
from domain.calendar import danish_day
from tests.api.vocabulary import CPR, case, expect, own_file
from tests.journeys.vocabulary import TRIAL, VISIT, reach_trial
from tools.town.town import Town

_numbers = count(1003900001)
NURSERY: dict[str, Any] = {
    "cvr": "10000009",
    "name": "Nordgartneriet",
    "address": "Havevej 1, 9000 Aalborg",
    "contacts": [{"name": "Grethe Eksempel", "role": "driftsleder", "phone": "+45 98 00 00 00", "email": None}],
    "opportunities": [
        {
            "text": "Hænder i marts",
            "tasks": ["plante"],
            "hours": 7.5,
            "since": "2026-02-16",
            "until": None,
            "by": "nobody",
            "by_name": None,
        }
    ],
    "ratios": [
        {"month": "2026-01", "ordinary_fte": 12.0, "supported_fte": 2.0},
        {"month": "2026-02", "ordinary_fte": 12.25, "supported_fte": 1.0},
    ],
}


@pytest.fixture
def p_number() -> str:
    """A workplace that nobody knows, whose number looks like a CPR number."""
    return str(next(_numbers))


def put(speaker: Caller, p_number: str, tag: str | None = None, **changed: Any) -> httpx.Response:
    """Write a company."""
    headers = {"If-Match": tag} if tag else {}
    return speaker.http.put(f"/v1/companies/{p_number}", json={**NURSERY, **changed}, headers=headers)


def visiting(system: Caller) -> str:
    """Return a course that has come to the visit to a company, by rules that ask for the ratio."""
    intake = {"step": "intake", "entered_on": "2026-01-05", "left_on": "2026-01-19"}
    taken_over = {"visits": [intake, {"step": "company_visit", "entered_on": "2026-01-19"}]}
    started = case(rule_set="jobfirst-vitas", started_on="2026-01-05", taken_over=taken_over)
    return str(system.does("/v1/courses", **started)["course"])


def test_what_one_writes_everybody_reads(anna: Caller, bo: Caller, p_number: str) -> None:
    written = put(bo, p_number)
    read = anna.http.get(f"/v1/companies/{p_number}")

    assert written.is_success, written.text
    assert read.json() == written.json()
    assert {name: read.json()[name] for name in NURSERY} == NURSERY
    assert (read.json()["version"], read.json()["changed_by"]) == (1, "bo")
    assert read.headers["etag"].startswith('"1-')


def test_what_nobody_knows_has_no_version_that_could_be_seen(bo: Caller, p_number: str) -> None:
    expect(put(bo, p_number, "*"), 412, "company-changed")


def test_who_told_of_an_opportunity_is_the_caller_unless_another_is_named(bo: Caller, p_number: str) -> None:
    report = [{"text": "Pakke", "since": "2026-03-01"}, {"text": "Plante", "since": "2026-03-01", "by": "carl"}]

    assert [opportunity["by"] for opportunity in put(bo, p_number, opportunities=report).json()["opportunities"]] == [
        "bo",
        "carl",
    ]


def test_nobody_writes_over_what_he_has_not_seen(anna: Caller, bo: Caller, p_number: str) -> None:
    expect(put(bo, p_number, '"1"'), 412, "company-changed")
    first = put(bo, p_number)
    second = put(anna, p_number, first.headers["etag"], name="Nordplanter")
    late = put(bo, p_number, first.headers["etag"], name="Sydplanter")
    again = put(anna, p_number, first.headers["etag"], name="Nordplanter")

    assert second.headers["etag"] == again.headers["etag"] == '"2"'
    assert "2" in expect(late, 412, "company-changed")["detail"]
    expect(put(bo, p_number, "2"), 422, "header-malformed", "If-Match")


def test_a_company_that_others_know_is_not_written_over_unseen(anna: Caller, bo: Caller, p_number: str) -> None:
    before = put(bo, p_number).json()

    expect(anna.http.put(f"/v1/companies/{p_number}", json={"cvr": "10000009", "name": "N"}), 428, "condition-missing")

    assert anna.get(f"/v1/companies/{p_number}") == before
    assert put(anna, p_number).json() == before, "what changes nothing is no writing over"
    assert put(anna, p_number, "*", name="Nordplanter").json()["version"] == 2


@pytest.mark.parametrize(
    ("part", "entry"),
    [
        ("contacts", {"name": "Hans Eksempel", "role": None, "phone": "98 00 00 01", "email": None}),
        (
            "opportunities",
            {
                "text": "Pakke",
                "tasks": [],
                "hours": 5.0,
                "since": "2026-03-01",
                "until": None,
                "by": "nobody",
                "by_name": None,
            },
        ),
    ],
)
def test_a_part_is_added_and_taken_away_by_itself(
    anna: Caller, bo: Caller, p_number: str, part: str, entry: dict[str, Any]
) -> None:
    path, before = f"/v1/companies/{p_number}", put(bo, p_number).json()

    added = [speaker.does(f"{path}/{part}", **entry) for speaker in (bo, anna)]
    assert added[0] == added[1] == {**before, **added[0], part: [*before[part], entry], "version": 2}

    taken = [anna.does(f"{path}/{part}/remove", **entry) for _ in range(2)]
    assert taken[0] == taken[1]
    assert {**taken[0], "version": 1, "changed_at": "", "changed_by": ""} == {
        **before,
        "changed_at": "",
        "changed_by": "",
    }


def test_the_staff_of_one_month_is_written_by_itself(system: Caller, bo: Caller, p_number: str) -> None:
    path, before = f"/v1/companies/{p_number}/ratios", put(bo, p_number).json()
    right = {"month": "2026-01", "ordinary_fte": 11.0, "supported_fte": 2.0}
    older = {"month": "2025-12", "ordinary_fte": 10.0, "supported_fte": 0.0}

    system.does(path, **right)
    written = system.does(path, **older)

    assert written["ratios"] == [older, right, before["ratios"][1]]
    assert written["contacts"] == before["contacts"]


def test_a_part_is_refused_as_the_whole_is(anna: Caller, bo: Caller, town: Town, p_number: str) -> None:
    path = f"/v1/companies/{p_number}"
    expect(bo.sends(f"{path}/contacts", name="Hans"), 404, "company-not-found")
    tag = put(bo, p_number, contacts=[{"name": f"Nr. {number}"} for number in range(50)]).headers["etag"]
    late = {"text": "x", "since": "2026-03-02", "until": "2026-03-01"}

    expect(bo.sends(f"{path}/contacts", name="Hans"), 422, "list-too-long", "contacts")
    expect(bo.sends(f"{path}/contacts", name=f"Grethe {CPR}"), 422, "cpr-not-allowed", "name")
    expect(bo.sends(f"{path}/opportunities", **late), 422, "not-in-range", "until")
    expect(town.speaks("dorte", "data_protection").sends(f"{path}/contacts", name="Hans"), 403, "not-permitted")
    bo.does(f"{path}/contacts/remove", name="Nr. 7")
    answer = anna.http.post(f"{path}/contacts", json={"name": "Hans"}, headers={"If-Match": tag})
    expect(answer, 412, "company-changed")


def test_a_company_that_nobody_has_written_is_not_there(anna: Caller, town: Town, bo: Caller, p_number: str) -> None:
    put(bo, p_number)
    elsewhere = town.speaks("gert", "caseworker", municipality="0991")

    expect(anna.http.get(f"/v1/companies/{next(_numbers)}"), 404, "company-not-found")
    for path in (f"/v1/companies/{p_number}", f"/v1/companies/{p_number}/ratio"):
        expect(elsewhere.http.get(path), 404, "company-not-found")
    assert elsewhere.get("/v1/companies")["items"] == []


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"cvr": "12345678"}, "wrong-type", "cvr"),
        ({"name": " "}, "text-empty", "name"),
        ({"contacts": [{"name": f"Grethe {CPR}"}]}, "cpr-not-allowed", "contacts.0.name"),
        ({"contacts": [{"name": "Grethe", "phone": "ring"}]}, "value-malformed", "contacts.0.phone"),
        ({"opportunities": [{"text": CPR, "since": "2026-03-01"}]}, "cpr-not-allowed", "opportunities.0.text"),
        ({"opportunities": [{"text": "x", "since": "2026-02-30"}]}, "not-a-date", "opportunities.0.since"),
        (
            {"opportunities": [{"text": "x", "since": "2026-03-02", "until": "2026-03-01"}]},
            "not-in-range",
            "opportunities.0.until",
        ),
        (
            {"opportunities": [{"text": "x", "since": "2026-03-02", "hours": 169}]},
            "not-in-range",
            "opportunities.0.hours",
        ),
        ({"ratios": [{**NURSERY["ratios"][0], "month": "2026-13"}]}, "value-malformed", "ratios.0.month"),
        ({"ratios": [{**NURSERY["ratios"][0], "ordinary_fte": -1}]}, "not-in-range", "ratios.0.ordinary_fte"),
        ({"ratios": [{**NURSERY["ratios"][0], "ordinary_fte": "12"}]}, "wrong-type", "ratios.0.ordinary_fte"),
        ({"ratios": [{**NURSERY["ratios"][0], "supported_fte": 1.005}]}, "wrong-type", "ratios.0.supported_fte"),
        ({"ratios": [NURSERY["ratios"][0]] * 2}, "not-in-range", "ratios.1.month"),
        ({"nme": "x"}, "field-unknown", "nme"),
    ],
)
def test_what_cannot_be_is_named(bo: Caller, p_number: str, changed: dict[str, Any], code: str, field: str) -> None:
    expect(put(bo, p_number, **changed), 422, code, field)
    expect(bo.http.get(f"/v1/companies/{p_number}"), 404, "company-not-found")


@pytest.mark.parametrize(
    "path",
    [
        f"/v1/companies/{CPR}",
        f"/v1/courses?company={CPR}",
        "/v1/courses?party=1003901234",
        f"/v1/courses?company={CPR}&company=1003901234",
    ],
)
def test_only_ten_digits_where_a_p_number_belongs_pass_for_one(anna: Caller, path: str) -> None:
    assert CPR not in str(expect(anna.http.get(path), 422, "cpr-not-allowed"))


def test_the_list_finds_by_name_and_goes_on_from_page_to_page(bo: Caller) -> None:
    names = [f"Skovhjælp {number}" for number in range(3)]
    for name in names:
        put(bo, str(next(_numbers)), name=name)

    first = bo.http.get("/v1/companies", params={"q": "skovhjælp", "limit": 2})
    rest = bo.get("/v1/companies", q="skovhjælp", limit=2, cursor=first.json()["next"])

    assert [line["name"] for line in (*first.json()["items"], *rest["items"])] == names
    assert 'rel="next"' in first.headers["link"]
    assert rest["next"] is None


def test_observers_do_not_read_and_data_protection_does_not_write(town: Town, p_number: str) -> None:
    olga, dorte = town.speaks("olga", "observer"), town.speaks("dorte", "data_protection")

    expect(olga.http.get(f"/v1/companies/{p_number}"), 403, "not-permitted")
    expect(put(dorte, p_number), 403, "not-permitted")


def test_the_courses_of_a_company_are_those_there_that_the_caller_may_see(
    town: Town, system: Caller, anna: Caller, bo: Caller, p_number: str
) -> None:
    put(bo, p_number)
    course = visiting(system)
    bo.does(f"/v1/courses/{course}/facts", facts={**VISIT, "company_p_number": p_number})
    bo.does(f"/v1/courses/{course}/facts", facts={**TRIAL, "trial_p_number": p_number})

    def there(speaker: Caller) -> list[dict[str, Any]]:
        listed = speaker.get("/v1/courses", company=p_number)["items"]
        read: list[dict[str, Any]] = speaker.get(f"/v1/companies/{p_number}")["courses"]
        assert [line["id"] for line in read] == [line["id"] for line in listed]
        return read

    (course_line,) = there(anna)
    assert (course_line["id"], course_line["status"]) == (course, "open")
    assert [step["id"] for step in course_line["steps"]] == ["company_visit"]
    assert course_line["stays"] == [
        {"step": {"id": "trial", "label": "Company trial"}, "visit": None, "is_open": False},
        {"step": {"id": "company_visit", "label": "Company visit"}, "visit": 2, "is_open": True},
    ]
    assert there(town.speaks("carl", "caseworker", units=("youth",))) == []

    bo.does(f"/v1/courses/{course}/facts", facts={"company_p_number": "1000000001", "trial_p_number": "1000000001"})
    assert there(anna) == []


def test_a_trial_is_at_the_company_that_was_visited(system: Caller, anna: Caller, bo: Caller, p_number: str) -> None:
    put(bo, p_number)
    course = str(system.does("/v1/courses", **case())["course"])
    reach_trial(f"/v1/courses/{course}", anna, bo)
    bo.does(f"/v1/courses/{course}/facts", visit=2, facts={"company_p_number": p_number})

    assert [line["id"] for line in bo.get("/v1/courses", company=p_number)["items"]] == [course]
    (there,) = bo.get(f"/v1/companies/{p_number}")["courses"]
    assert [(stay["step"]["id"], stay["visit"], stay["is_open"]) for stay in there["stays"]] == [
        ("company_visit", 2, False),
        ("trial", 3, True),
    ]
    assert [line["id"] for line in bo.get(f"/v1/companies/{p_number}/ratio", on="2026-02-28")["courses"]] == [course]


def test_the_ratio_is_read_ready_to_report_to_planned_starts_first(
    system: Caller, anna: Caller, bo: Caller, p_number: str
) -> None:
    put(bo, p_number)
    planned, visited, awaited = (visiting(system) for _ in range(3))
    bo.does(f"/v1/courses/{planned}/facts", facts={**VISIT, "company_p_number": p_number})
    bo.does(f"/v1/courses/{planned}/facts", facts={"trial_p_number": p_number})
    bo.does(f"/v1/courses/{visited}/facts", facts={**VISIT, "company_p_number": p_number})
    bo.does(f"/v1/courses/{awaited}/facts", facts={"company_p_number": p_number})

    ratio = bo.get(f"/v1/companies/{p_number}/ratio", on="2026-02-28")
    report = bo.does("/v1/facts", **ratio["report"])

    there = [(line["id"], line["is_planned"]) for line in ratio["courses"]]
    assert there == [(awaited, True), (planned, True), (visited, False)]
    assert ratio["report"] == {
        "courses": [awaited, planned, visited],
        "facts": {"ordinary_fte_by_month": "2026-01-01=12 2026-02-01=12.25", "supported_fte": 1.0},
    }
    assert [result["problem"] for result in report["results"]] == [None] * 3
    facts = {fact["fact"]: fact["value"] for fact in anna.get(f"/v1/courses/{planned}")["facts"]}
    assert (facts["ordinary_fte_by_month"], facts["supported_fte"]) == ("2026-01-01=12 2026-02-01=12.25", 1)


def test_the_ratio_knows_no_month_after_the_day_and_reports_nothing_to_nobody(bo: Caller, p_number: str) -> None:
    put(bo, p_number)

    assert bo.get(f"/v1/companies/{p_number}/ratio", on="2025-12-31")["report"] is None
    assert bo.get(f"/v1/companies/{p_number}/ratio")["report"] is None
    assert bo.get(f"/v1/companies/{p_number}/ratio")["courses"] == []


def test_an_appointment_is_at_the_company_by_its_name(system: Caller, bo: Caller, p_number: str) -> None:
    course = visiting(system)
    day = danish_day(datetime.now(UTC)) + timedelta(days=60)
    bo.does(f"/v1/courses/{course}/facts", facts={"visit_planned_on": day.isoformat(), "company_p_number": p_number})
    path = f"/v1/courses/{course}/appointments.ics"
    before = bo.http.get(path)
    put(bo, p_number)
    after = bo.http.get(path, headers={"If-None-Match": before.headers["etag"]})

    assert f"LOCATION:P-number {p_number}" in before.text
    assert f"LOCATION:Nordgartneriet\\, P-number {p_number}" in after.text
    (own,) = [event for event in own_file(bo)[1] if event["UID"] == f"{course}-2-company_visit@fodslag"]
    assert own["LOCATION"] == f"Nordgartneriet, P-number {p_number}"
