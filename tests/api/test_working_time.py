"""Office hours, closing days, part time and absences over HTTP: who may say so, and what is refused (P6)."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from clients.caller import Caller
from domain.calendar import danish_day
from tests.api.vocabulary import case, expect, renew_now
from tests.municipalities import fresh_municipality
from tools.town.town import Town

ANSWER_WITHIN = 60.0
CUSTOMARY: dict[str, Any] = {
    "office_hours": {str(day): {"opens": "09:00", "closes": "15:00"} for day in range(1, 6)},
    "customary_closing_days": {
        "day_after_ascension": True,
        "constitution_day": True,
        "christmas_eve": True,
        "new_years_eve": True,
    },
    "closing_days": [],
    "longest_postponement": 10,
}


class Townhall:
    """A municipality in which nobody has said anything of working time."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.municipality = fresh_municipality()
        self.sara = self.speaks("sara", "supervisor", units=("*",))
        self.anna = self.speaks("anna", "caseworker")

    def speaks(self, person: str, *roles: str, units: tuple[str, ...] = ("job",)) -> Caller:
        """Return somebody of this municipality."""
        return self.town.speaks(person, *roles, municipality=self.municipality, units=units)

    def knows(self, person: str, **more: Any) -> httpx.Response:
        """Let Sara put somebody into the directory."""
        entry = {"name": "Anna Prøve", "roles": ["caseworker"], **more}
        return self.sara.http.put(f"/v1/people/{person}", json=entry)

    def sets_calendar(self, **calendar: Any) -> httpx.Response:
        """Let Sara say when the offices are open."""
        return self.sara.http.put("/v1/calendar", json=calendar)


def away(speaker: Caller, person: str, *absences: dict[str, Any]) -> httpx.Response:
    """Let somebody say when a person is away."""
    return speaker.http.put(f"/v1/people/{person}/absences", json={"absences": absences})


@pytest.fixture
def hall(town: Town) -> Townhall:
    """A municipality of its own."""
    return Townhall(town)


def test_what_nobody_has_said_is_customary(hall: Townhall) -> None:
    read = hall.anna.get("/v1/calendar")

    assert {name: read[name] for name in CUSTOMARY} == CUSTOMARY
    assert len(read["calendar"]) == 64


def test_what_the_supervisor_says_is_read_by_everybody_and_what_she_leaves_out_is_customary(hall: Townhall) -> None:
    body = {
        "office_hours": {"1": {"opens": "08:30", "closes": "15:00"}, "4": {"opens": "10:00", "closes": "17:00"}},
        "customary_closing_days": {**CUSTOMARY["customary_closing_days"], "new_years_eve": False},
        "closing_days": [{"on": "2026-09-11", "label": {"da": "Temadag", "en": None}}],
        "longest_postponement": 5,
    }
    before = hall.anna.get("/v1/calendar")["calendar"]

    written = hall.sets_calendar(**body)

    assert written.is_success, written.text
    read = hall.anna.get("/v1/calendar")
    assert read == written.json() == {**body, "calendar": read["calendar"]}
    assert read["calendar"] != before
    assert hall.sets_calendar().json() == {**CUSTOMARY, "calendar": before}


def test_a_person_s_days_and_hours_are_read_as_written_and_are_the_office_s_otherwise(hall: Townhall) -> None:
    hours = {"4": {"opens": "09:00", "closes": "12:00"}}
    before = hall.anna.get("/v1/calendar")["calendar"]

    assert hall.knows("anna").is_success
    read = hall.anna.get("/v1/people/anna")
    assert (read["working_days"], read["working_hours"]) == (None, {})
    assert hall.anna.get("/v1/calendar")["calendar"] == before

    assert hall.knows("anna", working_days=[1, 4], working_hours=hours).is_success
    read = hall.anna.get("/v1/people/anna")
    assert (read["working_days"], read["working_hours"]) == ([1, 4], hours)
    assert hall.anna.get("/v1/calendar")["calendar"] == before, "the calendar of the offices names nobody"


def test_absences_are_the_whole_list_by_day_and_without_a_reason(hall: Townhall) -> None:
    hall.knows("anna")
    summer: dict[str, Any] = {"from": "2026-07-06", "until": "2026-07-24", "cover": []}
    open_ended: dict[str, Any] = {"from": "2026-10-01", "until": None, "cover": []}

    written = away(hall.anna, "anna", open_ended, summer)

    assert written.json() == {"absences": [summer, open_ended], "dry_run": False, "concerns": []}
    assert hall.sara.get("/v1/people/anna/absences") == {"absences": [summer, open_ended]}
    assert away(hall.anna, "anna", summer).json()["absences"] == [summer]
    assert away(hall.anna, "anna").json()["absences"] == []
    sick = {**summer, "reason": "sygdom"}
    expect(away(hall.anna, "anna", sick), 422, "field-unknown", "absences.0.reason")


def test_absences_are_told_by_the_person_a_supervisor_or_a_system(hall: Townhall) -> None:
    hall.knows("anna")
    leave = {"from": "2026-07-06"}

    for speaker in (hall.anna, hall.sara, hall.speaks("staff-system", "system", units=("*",))):
        assert away(speaker, "anna", leave).is_success
    expect(away(hall.speaks("bo", "company_consultant"), "anna", leave), 403, "not-governed", "person")


def test_the_absences_of_somebody_unknown_do_not_exist(hall: Townhall) -> None:
    expect(hall.anna.http.get("/v1/people/nobody/absences"), 404, "person-not-found")
    expect(away(hall.sara, "nobody", {"from": "2026-07-06"}), 404, "person-not-found")


@pytest.mark.parametrize(
    ("absences", "code", "field"),
    [
        ([{"from": "2026-07-24", "until": "2026-07-06"}], "not-in-range", "absences.0.until"),
        ([{"from": "2026-07-24"}, {"from": "2026-08-03", "until": "2026-08-04"}], "not-in-range", "absences.1.from"),
        (
            [{"from": "2026-08-04"}, {"from": "2026-08-03", "until": "2026-08-04"}],
            "not-in-range",
            "absences.0.from",
        ),
        ([{"from": "2026-02-30"}], "not-a-date", "absences.0.from"),
        ([{"until": "2026-07-06"}], "field-missing", "absences.0.from"),
    ],
)
def test_an_absence_that_cannot_be_is_named(
    hall: Townhall, absences: list[dict[str, str]], code: str, field: str
) -> None:
    hall.knows("anna")

    expect(away(hall.anna, "anna", *absences), 422, code, field)
    assert hall.anna.get("/v1/people/anna/absences") == {"absences": []}


def test_absences_that_follow_each_other_are_two(hall: Townhall) -> None:
    hall.knows("anna")

    assert away(hall.anna, "anna", {"from": "2026-07-06", "until": "2026-07-10"}, {"from": "2026-07-11"}).is_success


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"office_hours": {"1": {"opens": "15:00", "closes": "09:00"}}}, "not-in-range", "office_hours.1.closes"),
        ({"office_hours": {"1": {"opens": "9", "closes": "15:00"}}}, "value-malformed", "office_hours.1.opens"),
        ({"office_hours": {"1": {"opens": "09:00", "closes": "24:00"}}}, "value-malformed", "office_hours.1.closes"),
        ({"longest_postponement": -1}, "not-in-range", "longest_postponement"),
        ({"longest_postponement": 31}, "not-in-range", "longest_postponement"),
        ({"customary_closing_days": {"may_day": True}}, "field-unknown", "customary_closing_days.may_day"),
        ({"closing_days": [{"on": "2026-09-11", "label": {"da": " "}}]}, "text-empty", "closing_days.0.label.da"),
        (
            {"closing_days": [{"on": "2026-09-11", "label": {"da": label}} for label in ("A", "B")]},
            "not-in-range",
            "closing_days.1.on",
        ),
    ],
)
def test_a_calendar_that_cannot_be_is_named(hall: Townhall, body: dict[str, Any], code: str, field: str) -> None:
    expect(hall.sets_calendar(**body), 422, code, field)
    assert hall.anna.get("/v1/calendar")["office_hours"] == CUSTOMARY["office_hours"]


def test_offices_that_would_be_closed_for_more_than_three_weeks_are_refused_with_the_first_day(hall: Townhall) -> None:
    today = danish_day(datetime.now(UTC))
    monday = today + timedelta(days=100 - today.weekday())
    days = [(monday + timedelta(days=passed)).isoformat() for passed in range(70)]
    closing = [{"on": day, "label": {"da": "Ferie"}} for day in days]

    problem = expect(hall.sets_calendar(closing_days=closing), 422, "closed-too-long", "closing_days.0.on")
    expect(
        hall.sets_calendar(office_hours={"6": {"opens": "09:00", "closes": "12:00"}}),
        422,
        "closed-too-long",
        "office_hours",
    )

    assert f"{monday.day} {monday:%B %Y}" in problem["detail"]
    assert hall.anna.get("/v1/calendar")["closing_days"] == []
    assert hall.sets_calendar(closing_days=closing[:21]).is_success


@pytest.mark.parametrize("hours", [{}, {"8": {"opens": "09:00", "closes": "15:00"}}])
def test_an_office_that_never_opens_is_refused(hall: Townhall, hours: dict[str, Any]) -> None:
    assert hall.sets_calendar(office_hours=hours).status_code == 422


def test_own_hours_belong_to_own_days(hall: Townhall) -> None:
    morning = {"opens": "09:00", "closes": "12:00"}

    expect(
        hall.knows("anna", working_days=[1], working_hours={"2": morning}), 422, "value-not-allowed", "working_hours.2"
    )
    expect(hall.knows("anna", working_hours={"2": morning}), 422, "value-not-allowed", "working_hours.2")


def test_who_is_waited_for_and_is_away_is_named_with_the_last_day(hall: Townhall) -> None:
    hall.knows("anna")
    course = f"/v1/courses/{hall.sara.does('/v1/courses', **case(municipality=hall.municipality))['course']}"
    asked = next(waiting for waiting in hall.anna.get(course)["waiting"] if asks(waiting, "anna"))
    assert asked["away"] == []

    assert away(hall.anna, "anna", {"from": "2026-01-01", "until": "2099-12-31"}).is_success

    waits = {waiting["key"]: waiting for waiting in hall.anna.get(course)["waiting"]}
    assert waits[asked["key"]]["away"] == [{"person": "anna", "name": "Anna Prøve", "until": "2099-12-31"}]
    assert all(asks(waiting, "anna") for waiting in waits.values() if waiting["away"])


def asks(waiting: dict[str, Any], person: str) -> bool:
    """Say whether a person is waited for."""
    return person in [asked["id"] for asked in waiting["persons"]]


async def test_whatever_moves_a_wait_renews_it_everywhere(hall: Townhall) -> None:
    today = danish_day(datetime.now(UTC))
    started = case(municipality=hall.municipality, started_on=today.isoformat())
    course = hall.sara.does("/v1/courses", **started)["course"]

    def untils() -> dict[str, str]:
        waiting = hall.sara.get(f"/v1/courses/{course}")["waiting"]
        return {wait["key"]: wait["until"] for wait in waiting if wait["until"]}

    def listed() -> str:
        (due_at,) = [one["due_at"] for one in hall.sara.get("/v1/courses")["items"] if one["id"] == course]
        return str(due_at)

    before = untils()
    days = [today + timedelta(days=ahead) for ahead in range(15)]
    assert hall.sets_calendar(closing_days=[{"on": f"{day}", "label": {"da": "Lukket"}} for day in days]).is_success

    await renew_now(hall.town)
    deadline = time.monotonic() + ANSWER_WITHIN
    while (after := untils()) == before:
        assert time.monotonic() < deadline

    moved = {key for key, until in after.items() if until != before[key]}
    assert all(after[key] > before[key] for key in moved)
    assert listed() == min(after.values())
    foretold = hall.sara.get(f"/v1/courses/{course}/rehearsal", days=90)["notices"]
    first = {one["waiting"]: one["at"] for one in reversed(foretold) if one["level"]}
    assert all(first[key][:10] >= after[key][:10] for key in moved & first.keys())
