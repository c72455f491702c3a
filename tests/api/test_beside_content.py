"""What a briefing shows beside its content, such as names and a company's contacts, makes no version (P3)."""

from typing import Any

from clients.caller import Caller
from tests.api.vocabulary import case
from tests.journeys.vocabulary import SCRIPT, both_acknowledge, played
from tests.municipalities import fresh_municipality
from tools.town.town import Town

TOWN = fresh_municipality()
NURSERY: dict[str, Any] = {
    "cvr": "10000009",
    "name": "Nordgartneriet",
    "contacts": [{"name": "Grethe", "phone": "98 00 00 00"}],
}
CORRECTED = {**NURSERY, "name": "Nordgartneriet ApS", "contacts": [{"name": "Grete", "phone": "98 00 00 01"}]}


def put_company(bo: Caller, company: dict[str, Any]) -> None:
    """Write what is known of the company of the course, over what was known."""
    path = f"/v1/companies/{SCRIPT.facts('visit')['company_p_number']}"
    known = bo.http.get(path)
    headers = {"If-Match": known.headers["etag"]} if known.is_success else {}
    written = bo.http.put(path, json={"opportunities": [], "ratios": [], **company}, headers=headers)
    assert written.is_success, written.text


def test_a_corrected_name_or_phone_number_makes_no_version_and_is_shown(town: Town) -> None:
    anna = town.speaks("anna", "caseworker", municipality=TOWN, units=("*",))
    bo = town.speaks("bo", "company_consultant", municipality=TOWN)
    sara = town.speaks("sara", "supervisor", municipality=TOWN, units=("*",))
    put_company(bo, NURSERY)
    course = f"/v1/courses/{anna.does('/v1/courses', **case(municipality=TOWN))['course']}"
    for step in ("intake", "company_visit", "trial"):
        played(course, anna, bo).does(*SCRIPT.step(step))
        both_acknowledge(course, anna, bo)
    bo.does(f"{course}/briefings")
    bo.does(f"{course}/acknowledgements", briefing=4, version=1)
    before = anna.get(f"{course}/briefing", visit=4)

    put_company(bo, CORRECTED)
    renamed = sara.http.put("/v1/people/bo", json={"name": "Bo Nytnavn", "roles": ["company_consultant"]})
    assert renamed.is_success, renamed.text

    after = anna.get(f"{course}/briefing", visit=4)
    assert (before["version"], after["version"], after["changes"]) == (1, 1, before["changes"])
    assert {lesson["company"] for lesson in before["lessons"]} == {NURSERY["name"]}
    assert {lesson["company"] for lesson in after["lessons"]} == {CORRECTED["name"]}
    (receipt,) = [receipt for receipt in after["receipts"] if receipt["acknowledged_at"]]
    assert (receipt["role"], receipt["name"]) == ("company_consultant", "Bo Nytnavn")
