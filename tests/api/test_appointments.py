"""Appointments as calendar files: the same meeting keeps its identity, and nobody is named in it (P10)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from clients.caller import Caller
from domain import commands as cmd
from domain.calendar import danish_day
from rules.language.formats import written_day
from tests.api.vocabulary import begun, case, inbox, labels, own_file, parsed
from tests.domain.jobfirst import JobFirst
from tests.domain.vocabulary import ANNA, BO, Story, default_book
from tests.journeys.vocabulary import both_acknowledge, complete_intake
from tools.town.town import Town
from wording.calendars import appointments_of, calendar_file
from wording.labels import Labels

COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def file_of(story: Story, names: dict[str, str] | None = None) -> bytes:
    """Return the calendar file of a course."""
    return calendar_file("course", "Appointments", appointments_of(story.state, labels(), names or {}))


def only(story: Story) -> Any:
    """Return the only appointment of a course."""
    (event,) = parsed(file_of(story))[1]
    return event


def planned() -> Story:
    """Return a course in which a meeting at ten is planned."""
    story = begun()
    story.reports(BO, workplace="1000000001", meeting_on="2026-09-14", meeting_at="10:00")
    return story


def test_a_planned_meeting_is_an_event_of_its_length_at_its_place() -> None:
    event = only(planned())

    assert event.start == datetime(2026, 9, 14, 10, tzinfo=COPENHAGEN)
    assert event.end == datetime(2026, 9, 14, 10, 45, tzinfo=COPENHAGEN)
    assert (event["SUMMARY"], event["LOCATION"]) == ("Meeting at the company, case case-1", "P-number 1000000001")
    assert event["STATUS"] == "CONFIRMED"


def test_a_place_is_called_by_the_company_s_name_when_that_is_known() -> None:
    companies, other = {"1000000001": "Nordgartneriet"}, {"1000000002": "Sydplanter"}

    assert "LOCATION:Nordgartneriet\\, P-number 1000000001" in file_of(planned(), companies).decode()
    assert "LOCATION:P-number 1000000001" in file_of(planned(), other).decode()


def test_an_appointment_keeps_its_identity_when_it_is_moved_and_cancelled() -> None:
    story = planned()
    made = only(story)

    story.reports(ANNA, meeting_on="2026-09-15")
    moved = only(story)
    (day,) = [fact for fact in story.state.facts if fact.value == "2026-09-15"]
    (first,) = [fact for fact in story.state.facts if fact.value == "2026-09-14"]
    for fact in (day, first):
        story.command(cmd.RetractFact, BO, fact=fact.id, reason=fact.id)
    cancelled = only(story)

    assert made["UID"] == moved["UID"] == cancelled["UID"]
    assert made["SEQUENCE"] < moved["SEQUENCE"] < cancelled["SEQUENCE"]
    assert moved.start.date() == date(2026, 9, 15)
    assert cancelled["STATUS"] == "CANCELLED"


def test_a_meeting_that_was_held_early_says_so_and_is_not_cancelled() -> None:
    story = JobFirst().reaches_company_visit()
    story.reports(BO, visit_planned_on="2026-09-22", visit_planned_at="10:00")
    story.reports(BO, visit_held_on=story.now.date().isoformat())

    (event,) = parsed(calendar_file("x", "x", appointments_of(story.state, Labels(default_book(), "da"), {})))[1]

    assert (event["STATUS"], event["SEQUENCE"]) == ("CONFIRMED", 1)
    assert event["SUMMARY"] == "Virksomhedsbesøg, sag case-1 (holdt)"
    assert event.start == story.now.date()


def test_while_only_the_day_is_agreed_it_is_an_event_of_that_day() -> None:
    story = begun()
    story.reports(BO, meeting_on="2026-09-14")

    event = only(story)

    assert event.start == date(2026, 9, 14)
    assert not isinstance(event.start, datetime)


@pytest.mark.parametrize(("day", "written"), [("2026-10-24", "20261024T080000Z"), ("2026-10-26", "20261026T090000Z")])
def test_the_file_tells_the_instant_that_danish_wall_time_means_that_day(day: str, written: str) -> None:
    story = begun()
    story.reports(BO, meeting_on=day, meeting_at="10:00")

    assert f"DTSTART:{written}" in file_of(story).decode()


def test_the_file_names_the_case_and_nobody_by_name() -> None:
    story = Story(rules=begun().rules).starts(citizen="citizen-17", reference="case-17")
    story.notes(ANNA, "barrier")
    story.reports(BO, meeting_on="2026-09-14")

    text = file_of(story).decode()

    assert "DESCRIPTION:Case case-17" in text
    assert not [name for name in ("citizen-17", "anna", "bo@", "ORGANIZER", "ATTENDEE") if name in text]


def test_the_file_is_the_same_until_something_changes() -> None:
    story = planned()

    assert file_of(story) == file_of(story)
    assert parsed(file_of(story))[0]["METHOD"] == "PUBLISH"
    assert only(story).stamp == story.now


def test_a_day_far_away_breaks_nothing() -> None:
    story = begun()
    story.reports(BO, meeting_on="2199-12-31", meeting_at="23:59")

    assert only(story).start.date() == date(2199, 12, 31)


@pytest.mark.parametrize(("day", "time"), [("0001-01-01", "00:30"), ("2026-09-14", "half past")])
def test_an_appointment_that_no_calendar_can_hold_is_left_out_and_the_others_stay(day: str, time: str) -> None:
    story = planned()
    (visit,) = story.state.visits
    (appointment,) = visit.appointments
    unusable = appointment.model_copy(update={"id": "unusable", "on": date.fromisoformat(day), "at": time})
    visit = visit.model_copy(update={"appointments": (unusable, appointment)})
    story.state = story.state.model_copy(update={"visits": (visit,)})

    assert only(story).start == datetime(2026, 9, 14, 10, tzinfo=COPENHAGEN)


def test_a_calendar_program_fetches_a_course_s_file_and_is_told_when_nothing_is_new(town: Town) -> None:
    system, anna = town.speaks("case-system", "system"), town.speaks("anna", "caseworker")
    path = f"/v1/courses/{system.does('/v1/courses', **case())['course']}/appointments.ics"

    first = anna.http.get(path)
    again = anna.http.get(path, headers={"If-None-Match": first.headers["etag"]})

    assert first.headers["content-type"] == "text/calendar; charset=utf-8"
    assert parsed(first.content)[0]["X-WR-CALNAME"] == "Appointments in Fodslag"
    assert again.status_code == 304


def test_a_planned_visit_is_in_the_file_and_the_inbox_of_those_who_hold_the_course(town: Town) -> None:
    system, anna = town.speaks("case-system", "system"), town.speaks("anna", "caseworker")
    bo, carl = town.speaks("bo", "company_consultant"), town.speaks("carl", "caseworker")
    started = system.does("/v1/courses", **case())["course"]
    complete_intake(f"/v1/courses/{started}", anna, bo)
    both_acknowledge(f"/v1/courses/{started}", anna, bo)
    day = danish_day(datetime.now(UTC)) + timedelta(days=60)

    bo.does(f"/v1/courses/{started}/facts", facts={"visit_planned_on": day.isoformat(), "visit_planned_at": "10:00"})

    uid = f"{started}-2-company_visit@fodslag"
    for reader in (anna, bo):
        assert uid in [event["UID"] for event in own_file(reader)[1]]
        texts = [item["text"] for item in items(reader) if item["course"]["id"] == started]
        assert f"Agreed: Company visit, {written_day(day, 'en')} at 10:00" in texts
    assert uid not in [event["UID"] for event in own_file(carl)[1]]


def items(reader: Caller) -> list[dict[str, Any]]:
    """Return what is in the reader's inbox."""
    inbox_items: list[dict[str, Any]] = inbox(reader)
    return inbox_items


def test_everybody_has_a_file_of_his_own(town: Town) -> None:
    anna, bo = town.speaks("anna", "caseworker"), town.speaks("bo", "company_consultant")

    assert own_file(anna)[0]["UID"] != own_file(bo)[0]["UID"]
