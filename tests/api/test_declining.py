"""A role that cannot come to a meeting is shown beside it, in every view and in the calendar file (P3, P10, P13)."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid5

import pytest

from clients.caller import Caller
from domain import commands as cmd
from domain import events as ev
from domain.calendar import DANISH_TIME, danish_day
from domain.events import NoticeRaised
from rules.language.formats import written_moment
from tests.api.vocabulary import begun, case, expect, inbox, labels, parsed
from tests.domain.vocabulary import ANNA, BO, COURSE, Story
from tests.journeys.vocabulary import both_acknowledge, complete_intake
from tools.town.town import Town
from wording.calendars import appointments_of, calendar_file
from wording.labels import Labels
from wording.news import subject_text

ANOTHER_TIME = datetime.fromisoformat("2026-09-16T10:00:00+02:00")
WORDS = uuid5(COURSE, "words")


def planned() -> Story:
    """Return a course in which a meeting at ten is planned; what is new so far is read."""
    story = begun()
    story.reports(BO, meeting_on="2026-09-14", meeting_at="10:00")
    for news in story.state.news:
        story.command(cmd.MarkSeen, BO, notice=news.notice)
    return story


def event_of(story: Story) -> Any:
    """Return the only event of the course's calendar file."""
    (event,) = parsed(calendar_file("course", "x", appointments_of(story.state, labels(), {})))[1]
    return event


def declines(story: Story, **more: Any) -> None:
    (planned_meeting,) = story.visit.appointments
    story.now += timedelta(minutes=1)
    story.command(cmd.DeclineAppointment, ANNA, appointment=planned_meeting.id, **more)


def test_the_calendar_names_the_role_under_the_same_sequence_and_a_newer_stamp() -> None:
    story = planned()
    before = event_of(story)

    declines(story, another_time=ANOTHER_TIME, reason=WORDS)
    after = event_of(story)

    said = "Cannot come: caseworker. Suggests 16 September 2026 at 10:00"
    assert after["DESCRIPTION"] == f"{before['DESCRIPTION']}\n{said}"
    assert (after["UID"], after["SEQUENCE"], after["STATUS"]) == (before["UID"], before["SEQUENCE"], "CONFIRMED")
    assert after.stamp > before.stamp


def test_a_published_calendar_has_no_attendees_and_names_nobody() -> None:
    story = planned()
    declines(story, reason=WORDS)

    text = calendar_file("x", "x", appointments_of(story.state, labels(), {})).decode()

    assert not [name for name in ("ATTENDEE", "ORGANIZER", "PARTSTAT", "anna") if name in text]


def test_who_can_come_after_all_is_out_of_the_calendar_again() -> None:
    story = planned()
    before = event_of(story)
    declines(story)
    declined = event_of(story)
    story.now += timedelta(minutes=1)

    story.command(cmd.AcceptAppointment, ANNA, appointment=story.visit.appointments[0].id)

    after = event_of(story)
    assert (after["DESCRIPTION"], after["SEQUENCE"]) == (before["DESCRIPTION"], before["SEQUENCE"])
    assert after.stamp > declined.stamp


@pytest.mark.parametrize(
    ("language", "more", "text"),
    [
        ("da", {}, "Nyt: kan ikke komme til Møde i virksomheden, 14. september 2026 kl. 10.00"),
        ("en", {"another_time": ANOTHER_TIME}, "suggests 16 September 2026 at 10:00 (caseworker)"),
    ],
)
def test_the_other_role_reads_which_meeting_and_what_is_suggested(language: Any, more: Any, text: str) -> None:
    story = planned()
    declines(story, **more)

    (news,) = [e for e in story.happened(NoticeRaised) if e.about == "news" and e.at == story.now]
    words = subject_text(news.subject, story.state, Labels(labels().book, language))

    assert words is not None
    assert text in words


def test_news_of_a_meeting_that_the_course_no_longer_carries_names_it_by_its_id() -> None:
    story = planned()
    declines(story)
    (news,) = [e for e in story.happened(NoticeRaised) if e.about == "news" and e.at == story.now]
    bare = story.visit.model_copy(update={"appointments": ()})

    words = subject_text(news.subject, story.state.model_copy(update={"visits": (bare,)}), labels())

    assert words == f"New: cannot come to {story.happened(ev.AppointmentDeclined)[0].appointment} (caseworker)"


@pytest.fixture
def course(town: Town, anna: Caller, bo: Caller) -> str:
    """A course with a visit agreed in sixty days."""
    path = f"/v1/courses/{town.speaks('case-system', 'system').does('/v1/courses', **case())['course']}"
    complete_intake(path, anna, bo)
    both_acknowledge(path, anna, bo)
    day = danish_day(datetime.now(UTC) + timedelta(days=60)).isoformat()
    bo.does(f"{path}/facts", facts={"visit_planned_on": day, "visit_planned_at": "10:00"})
    return path


def shown(course: str, reader: Caller) -> list[list[dict[str, Any]]]:
    """Return who cannot come, by the course and by the briefing as it stands."""
    visit, briefing = reader.get(course)["visits"][-1], reader.get(f"{course}/briefing")
    return [one["appointments"][0]["declines"] for one in (visit, briefing)]


def test_both_read_beside_the_meeting_who_cannot_come_and_what_was_said(course: str, anna: Caller, bo: Caller) -> None:
    before = bo.get(f"{course}/briefing")
    at = datetime.now(DANISH_TIME).replace(hour=10, minute=0) + timedelta(days=7)
    note = {"another_time": at.isoformat(), "note": "Jeg er på kursus den dag."}
    done = anna.does(f"{course}/appointments/company_visit/decline", **note)
    again = anna.does(f"{course}/appointments/company_visit/decline", **note)

    ((declined,), beside) = shown(course, bo)
    assert beside == [declined]
    assert (declined["role"], declined["by"], declined["note"]) == ("caseworker", "anna", note["note"])
    assert bo.get(f"{course}/briefing")["digest"] == before["digest"], "it is beside what is acknowledged"
    assert again["revision"] == done["revision"]
    text = bo.http.get(f"{course}/briefing", headers={"Accept": "text/plain", "Accept-Language": "da"}).text
    assert f"Kan ikke komme: sagsbehandler. Foreslår {written_moment(at, 'da')}" in text
    assert note["note"] in text
    pdf = bo.http.get(f"{course}/briefing", headers={"Accept": "application/pdf"})
    assert pdf.content.startswith(b"%PDF"), pdf.text


def test_the_other_role_has_it_in_the_inbox_at_once_and_the_one_who_said_it_has_not(
    course: str, anna: Caller, bo: Caller
) -> None:
    anna.does(f"{course}/appointments/company_visit/decline")

    def told(reader: Caller) -> list[str]:
        mine = [one["text"] for one in inbox(reader) if one["course"]["id"] in course]
        return [text for text in mine if text.startswith("New: cannot come to Company visit")]

    assert (len(told(bo)), told(anna)) == (1, [])
    anna.does(f"{course}/appointments/company_visit/accept")
    assert told(bo) == []
    assert shown(course, bo) == [[], []]


def test_nobody_declines_for_a_role_that_is_not_his_or_a_meeting_that_is_not(course: str, town: Town) -> None:
    carl, sara = town.speaks("carl", "caseworker"), town.speaks("sara", "supervisor")
    anna, path = town.speaks("anna", "caseworker"), f"{course}/appointments"

    expect(carl.sends(f"{path}/company_visit/decline"), 403, "not-the-party", "role")
    expect(sara.sends(f"{path}/company_visit/decline"), 403, "not-the-party", "role")
    expect(anna.sends(f"{path}/party/decline"), 422, "appointment-unknown", "appointment")
