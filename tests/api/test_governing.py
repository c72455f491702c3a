"""Who governs a unit writes what belongs to it; what is the municipality's is for those who have all of it (P14)."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

import httpx
import pytest

from clients.caller import Caller
from domain.calendar import danish_day
from tests.api.vocabulary import case, expect
from tests.municipalities import fresh_municipality
from tools.town.town import Town

TOWN: Final = fresh_municipality()
CALENDAR: Final[dict[str, Any]] = {}
ABSENT: Final = {"absences": [{"from": "2026-07-06", "until": "2026-07-24"}]}


@pytest.fixture(scope="module")
def whole(town: Town) -> Caller:
    """A supervisor of the whole municipality, in which Anna is in the north and Sven in no unit."""
    whole = town.speaks("sara", "supervisor", municipality=TOWN, units=("*",))
    for person, unit in (("anna", "nord"), ("sven", None)):
        assert put(whole, f"/v1/people/{person}", person_of(unit)) == 200
    return whole


def person_of(unit: str | None) -> dict[str, Any]:
    return {"name": "Prøve", "roles": ["caseworker"], "unit": unit}


def put(speaker: Caller, path: str, body: dict[str, Any]) -> int:
    return speaker.http.put(path, json=body).status_code


@pytest.mark.parametrize("role", ["supervisor", "system"])
@pytest.mark.parametrize(
    ("path", "body", "field", "governing"),
    [
        ("/v1/units/nord", {"name": "Jobcenter Nord"}, "unit", {"nord"}),
        ("/v1/people/anna", person_of("nord"), "person", {"nord"}),
        ("/v1/people/anna/absences", ABSENT, "person", {"nord"}),
        ("/v1/people/sven", person_of(None), "person", set()),
        ("/v1/people/sven", person_of("nord"), "person", set()),
        ("/v1/people/sven/absences", ABSENT, "person", set()),
    ],
)
def test_only_who_governs_a_unit_writes_what_belongs_to_it(
    town: Town, whole: Caller, role: str, path: str, body: dict[str, Any], field: str, governing: set[str]
) -> None:
    for unit in ("nord", "syd"):
        somebody = town.speaks("sine", role, municipality=TOWN, units=(unit,))
        if unit in governing:
            assert put(somebody, path, body) == 200
        else:
            expect(somebody.http.put(path, json=body), 403, "not-governed", field)

    assert put(whole, "/v1/people/sven", person_of(None)) == 200
    assert put(whole, path, body) == 200
    assert put(whole, "/v1/people/sven", person_of(None)) == 200


def test_nobody_takes_a_person_from_another_unit_or_hands_one_to_it(town: Town, whole: Caller) -> None:
    nord, syd = (town.speaks("sine", "supervisor", municipality=TOWN, units=(unit,)) for unit in ("nord", "syd"))
    assert put(whole, "/v1/people/anna", person_of("nord")) == 200

    expect(syd.http.put("/v1/people/anna", json=person_of("syd")), 403, "not-governed", "person")
    expect(nord.http.put("/v1/people/anna", json=person_of("syd")), 403, "not-governed", "person")
    assert whole.get("/v1/people/anna")["unit"] == "nord"


def test_the_calendar_is_the_whole_municipality_s(town: Town, whole: Caller) -> None:
    nord = town.speaks("sine", "supervisor", municipality=TOWN, units=("nord",))

    expect(nord.http.put("/v1/calendar", json=CALENDAR), 403, "not-governed", "calendar")
    assert put(whole, "/v1/calendar", CALENDAR) == 200


def test_everybody_says_when_they_are_away_themselves(town: Town, whole: Caller) -> None:
    assert whole.get("/v1/people/anna")["id"] == "anna"
    anna = town.speaks("anna", "caseworker", municipality=TOWN, units=("syd",))
    bo = town.speaks("bo", "company_consultant", municipality=TOWN, units=("nord",))

    assert put(anna, "/v1/people/anna/absences", ABSENT) == 200
    expect(bo.http.put("/v1/people/anna/absences", json=ABSENT), 403, "not-governed", "person")


def test_when_somebody_is_away_is_read_in_the_units_of_the_person_and_by_who_covers(town: Town, whole: Caller) -> None:
    path, away = "/v1/people/anna/absences", ABSENT["absences"][0]
    assert put(whole, "/v1/people/carl", person_of("syd")) == 200
    assert put(whole, path, {"absences": [{**away, "cover": [{"person": "carl"}]}]}) == 200

    def reads(person: str, *units: str, role: str = "caseworker") -> int:
        return town.speaks(person, role, municipality=TOWN, units=units).http.get(path).status_code

    assert [reads("anna"), reads("carl"), reads("bo", "nord"), reads("bo", "*", role="system")] == [200] * 4
    assert [reads("bo"), reads("bo", "syd"), reads("sine", "syd", role="supervisor")] == [403] * 3
    bo = town.speaks("bo", "caseworker", municipality=TOWN, units=())
    expect(bo.http.get(path), 403, "elsewhere", "person")
    assert put(whole, path, {"absences": []}) == 200


WAIVES: Final = {"requirement": "first_interview_held", "ground": "not_relevant", "reason": "Er holdt før."}
REASON: Final = {"reason": "Afgjort af lederen."}


@pytest.mark.parametrize(
    ("method", "act", "body"),
    [
        ("POST", "waivers", WAIVES),
        ("POST", "shared-role", {"person": "otto", **REASON}),
        ("POST", "shared-role/end", {"role": "caseworker", "person": "otto", **REASON}),
        ("PUT", "parties/caseworker", {"person": "otto", **REASON}),
        ("POST", "acknowledgements", {"briefing": 1, "version": 1, "on_behalf_of": "bo", "reason": "absent"}),
        (
            "POST",
            "disputes/0e0e0e0e-0e0e-5e0e-8e0e-0e0e0e0e0e0e/end",
            REASON,
        ),
    ],
)
def test_what_a_leader_decides_of_a_course_only_who_governs_its_unit_does(
    town: Town, method: str, act: str, body: dict[str, Any]
) -> None:
    whole = town.speaks("sara", "supervisor", units=("*",))
    course = f"/v1/courses/{whole.does('/v1/courses', **case(unit='syd', caseworker={'unit': 'syd'}))['course']}"
    assert whole.http.put(f"{course}/observers/olga", json={"kind": "mentor", **REASON}).is_success
    olga = town.speaks("olga", "observer", "supervisor", units=("nord",))
    assert olga.get(course)["unit"] == "syd"

    expect(olga.http.request(method, f"{course}/{act}", json=body), 403, "not-for-observers")

    assert whole.http.request(method, f"{course}/{act}", json=body).status_code != 403


TODAY: Final = danish_day(datetime.now(UTC))
TOMORROW: Final = (TODAY + timedelta(days=1)).isoformat()
AWAY: Final = {"from": (TODAY - timedelta(days=1)).isoformat(), "until": TOMORROW}
OTHER: Final = {"caseworker": "company_consultant", "company_consultant": "caseworker"}
OF_ONE_ROLE: Final = {
    "caseworker": {"asked_for_help_on": "2026-03-02"},
    "company_consultant": {"opportunity_reused": "1000000001"},
}
"""What the caseworker reports and no company consultant, and the other way round."""


class Standing(NamedTuple):
    """Somebody with some roles in some units, as whom he works with a course of the south, if in any role."""

    title: str
    roles: tuple[str, ...]
    units: tuple[str, ...]
    works_as: str | None = None
    by: str = "person"
    """How he holds the role: himself, by covering for its holder, or in the queue of his unit."""


LEADING: Final = (
    Standing("the leader of the unit", ("supervisor",), ("syd",)),
    Standing("the leader of all", ("supervisor",), ("*",)),
    *(Standing(f"a {one} who leads the unit", (one, "supervisor"), ("syd",), one) for one in OTHER),
)
NOT_LEADING: Final = (
    *(
        Standing(f"a {one} {by} who leads another unit", (one, "supervisor"), ("nord",), one, by)
        for one in OTHER
        for by in ("person", "cover", "queue")
    ),
    Standing("the leader of the unit in whose queue a role lies", ("supervisor",), ("nord",), "caseworker", "queue"),
    Standing("a caseworker of the unit who leads nothing", ("caseworker",), ("syd",)),
)


class Led:
    """A course of the south as it stands when there is something for a leader to decide, and somebody who may try."""

    def __init__(self, town: Town, standing: Standing) -> None:
        self.town, role = town, standing.works_as or "caseworker"
        self.other = OTHER[role]
        whole = self.speaks("sara", "supervisor", "system", units=("*",))
        holder = {"person": "lise"} if standing.by == "person" and standing.works_as else {"person": f"dina-{role}"}
        if standing.by == "cover":
            covers = {"absences": [{**AWAY, "cover": [{"person": "lise"}]}]}
            for person in (holder["person"], "lise"):
                entry = {"name": "Prøve", "roles": [*OTHER], "unit": "syd"}
                assert put(whole, f"/v1/people/{person}", entry) == 200
            assert put(whole, f"/v1/people/{holder['person']}/absences", covers) == 200
        who = {role: {"unit": "nord"} if standing.by == "queue" else holder, self.other: {"person": "otto"}}
        body = case(municipality=LED, unit="syd", **who)
        self.path = f"/v1/courses/{whole.does('/v1/courses', **body)['course']}"
        self.otto = self.speaks("otto", self.other)
        self._stands(whole)
        self.lise = self.speaks("lise", *standing.roles, units=standing.units)

    def speaks(self, person: str, *roles: str, units: tuple[str, ...] = ()) -> Caller:
        return self.town.speaks(person, *roles, municipality=LED, units=units)

    def _stands(self, whole: Caller) -> None:
        """Let something be reported, asked, briefed and disputed by others than who may try."""
        self.otto.does(f"{self.path}/facts", facts=OF_ONE_ROLE[self.other])
        note = {"kind": "question", "text": "Hvornår kan du?", "to": self.other}
        self.speaks("sara", "supervisor", units=("*",)).does(f"{self.path}/notes", **note)
        self.otto.does(f"{self.path}/briefings")
        self.otto.does(f"{self.path}/disputes", briefing=1, version=1, reason="Det var ikke det.")
        read = whole.get(self.path)
        (self.fact,) = (fact["id"] for fact in read["facts"] if fact["fact"] in OF_ONE_ROLE[self.other])
        (self.question,) = (note["id"] for note in read["notes"])
        visit = read["visits"][-1]
        (self.dispute,) = (dispute["id"] for dispute in visit["disputes"])
        self.wait = next(wait["key"] for wait in read["waiting"] if [p["id"] for p in wait["persons"]] == ["otto"])

    def decided(self) -> dict[str, str]:
        """Return how each act of a leader was answered; none that is refused changes anything."""
        later = (TODAY + timedelta(days=3)).isoformat()
        acts: dict[str, dict[str, Any]] = {
            f"waits/{self.wait}/answer": {"waiting_on": "company", "until": later},
            "waivers": {**WAIVES, "requirement": "wish_heard"},
            "notes": {"kind": "observation", "text": "På fredag.", "answers": self.question},
            f"facts/{self.fact}/retract": REASON,
            f"disputes/{self.dispute}/end": REASON,
            "shared-role": {"person": "otto", **REASON},
        }
        return {act: self.answered(self.lise.sends(f"{self.path}/{act}", **body)) for act, body in acts.items()}

    @staticmethod
    def answered(answer: httpx.Response) -> str:
        if answer.is_success:
            return DONE
        assert answer.status_code == 403, answer.text
        problem = answer.json()
        return str(problem["errors"][0]["code"] if problem.get("errors") else problem["code"])


LED: Final = fresh_municipality()
DONE: Final = "done"
REFUSED: Final = frozenset({"not-the-party", "waiver-not-yours", "fact-not-yours", "not-governed", "not-permitted"})


@pytest.mark.parametrize("standing", LEADING, ids=lambda standing: standing.title)
def test_who_governs_the_unit_decides_as_its_leader(town: Town, standing: Standing) -> None:
    answers = Led(town, standing).decided()

    assert answers == dict.fromkeys(answers, DONE)


@pytest.mark.parametrize("standing", NOT_LEADING, ids=lambda standing: standing.title)
def test_who_leads_another_unit_decides_nothing_as_a_leader_in_a_course_he_works_with(
    town: Town, standing: Standing
) -> None:
    led = Led(town, standing)
    before = led.otto.get(led.path)["revision"]
    assert led.lise.get(led.path)["revision"] == before, "he works with it"

    answers = led.decided()

    assert set(answers.values()) <= REFUSED, answers
    assert led.otto.get(led.path)["revision"] == before
