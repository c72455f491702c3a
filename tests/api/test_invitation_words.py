"""What an invitation says and what calendar programs understand of it: the case, and nobody but who is asked (P10)."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activities.channels import Invitation, Mail
from activities.inviting import Sender, invitation, meeting_of
from domain import commands as cmd
from domain.calendar import danish_instant
from domain.identity import Role
from domain.state.notice import AppointmentSubject
from tests.api.vocabulary import begun, labels
from tests.calendars import read_by_both, read_by_vobject
from tests.domain.vocabulary import ANNA, BO, COURSE, Story
from wording.calendars import appointments_of, calendar_file
from wording.mails import LONGEST_SUBJECT

SENDER = Sender("fodslag@kommune.example", "https://fodslag.example", "Spørg Sara Leder.")
COPENHAGEN = ZoneInfo("Europe/Copenhagen")
A_DAY = timedelta(days=1)
CLOCKS_CHANGE = [date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31)]
DAYS = st.dates(date(2026, 1, 1), date(2037, 12, 31)) | st.sampled_from(
    [day + n * A_DAY for day in CLOCKS_CHANGE for n in (-1, 0, 1)]
)
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0, fold=0))


def planned(**what: Any) -> Story:
    """Return a course in which a meeting at ten is planned."""
    story = Story(rules=begun().rules).starts(reference="26-0402", citizen="citizen-17", **what)
    story.reports(BO, workplace="1000000001", meeting_on="2026-09-14", meeting_at="10:00")
    return story


def invites(story: Story, person: str = "anna", to: str | None = "anna@kommune.example") -> Mail:
    """Return the invitation of a person as the meeting stands."""
    (visit,) = story.state.visits
    (meeting,) = visit.appointments
    subject = AppointmentSubject(visit=visit.number, appointment=meeting.id, sequence=meeting.sequence)
    found = meeting_of(subject, story.state)
    assert found is not None
    return invitation(found, labels("da"), {"1000000001": "Nordgartneriet"}, person, to, SENDER)


def file_of(mail: Mail) -> str:
    assert isinstance(mail.invitation, Invitation)
    return mail.invitation.file


def test_both_programs_read_an_invitation_as_it_is_meant(tmp_path: Path) -> None:
    story = planned()
    mail = invites(story)

    (read,) = read_by_both([file_of(mail)], tmp_path)

    assert mail.subject == "Møde i virksomheden, sag 26-0402"
    assert read == {
        "method": "REQUEST",
        "uid": f"{COURSE}-1-{story.state.visits[0].appointments[0].id}@fodslag",
        "sequence": 0,
        "summary": "Møde i virksomheden, sag 26-0402",
        "class": "PRIVATE",
        "status": "CONFIRMED",
        "location": "Nordgartneriet, P-nummer 1000000001",
        "organizer": "mailto:fodslag@kommune.example",
        "attendees": ["mailto:anna@kommune.example"],
        "start": datetime(2026, 9, 14, 10, tzinfo=COPENHAGEN).timestamp(),
        "minutes": 45,
    }


def test_a_meeting_is_the_same_one_in_the_invitation_and_in_the_file_that_is_fetched(tmp_path: Path) -> None:
    story = planned()
    fetched = calendar_file("x", "x", appointments_of(story.state, labels("da"), {"1000000001": "Nordgartneriet"}))

    (read,) = read_by_both([file_of(invites(story))], tmp_path)

    theirs = read_by_vobject(fetched.decode())
    assert {name for name in read if read[name] != theirs[name]} == {"method", "organizer", "attendees"}


def test_a_meeting_that_is_dropped_is_cancelled_under_a_higher_sequence(tmp_path: Path) -> None:
    story = planned()
    made = file_of(invites(story))
    story.command(cmd.CloseCourse, ANNA, outcome="job", reason=COURSE)
    story.acknowledges(ANNA)
    story.acknowledges(BO)

    mail = invites(story)

    before, read = read_by_both([made, file_of(mail)], tmp_path)
    assert mail.subject == "Aflyst: Møde i virksomheden, sag 26-0402"
    assert (read["method"], read["status"], read["uid"]) == ("CANCEL", "CANCELLED", before["uid"])
    assert read["sequence"] > before["sequence"]


def test_who_gave_the_role_away_is_told_that_it_is_off_and_who_took_it_that_it_is_to_be(tmp_path: Path) -> None:
    story = planned()
    story.hand_over(Role.CASEWORKER, "carl")

    former, new = invites(story), invites(story, "carl", "carl@kommune.example")

    read = read_by_both([file_of(former), file_of(new)], tmp_path)
    assert [each["method"] for each in read] == ["CANCEL", "REQUEST"]
    assert [each["status"] for each in read] == ["CANCELLED", "CONFIRMED"]
    assert [each["sequence"] for each in read] == [1, 1]
    assert former.subject == "Ikke længere dig: Møde i virksomheden, sag 26-0402"
    assert "Flyttet" not in new.text, "to whom takes over it was never to be at another time"


def test_the_place_of_a_protected_citizen_s_meeting_is_in_no_calendar(tmp_path: Path) -> None:
    story = planned(protected=True)
    fetched = calendar_file("x", "x", appointments_of(story.state, labels("da"), {"1000000001": "Nordgartneriet"}))

    (read,) = read_by_both([file_of(invites(story))], tmp_path)

    assert read["location"] is None
    assert b"LOCATION" not in fetched


def test_an_invitation_names_nobody_but_who_is_asked_and_no_company_outside_the_place() -> None:
    story = planned()
    story.notes(ANNA, "barrier")
    story.command(cmd.DeclineAppointment, BO, appointment=story.state.visits[0].appointments[0].id, reason=COURSE)
    mail = invites(story)

    unfolded = file_of(mail).replace("\r\n ", "")
    but_for_the_place = [line for line in unfolded.splitlines() if "LOCATION" not in line]
    said = "\n".join([mail.subject, mail.text, mail.html, *but_for_the_place])
    assert [name for name in ("citizen-17", "1000000001", "Nordgartneriet", "carl", "bo@") if name in said] == []
    assert "DESCRIPTION:Sag 26-0402\\nKan ikke komme: virksomhedskonsulent" in unfolded


def test_a_name_that_is_too_long_for_a_subject_is_left_out() -> None:
    story = Story(rules=begun().rules).starts(reference="x" * 45)
    story.reports(BO, meeting_on="2026-09-14")
    assert invites(story).subject == f"Møde, sag {'x' * 45}"

    story = Story(rules=begun().rules).starts(reference="x" * 64)
    story.reports(BO, meeting_on="2026-09-14")
    assert len(invites(story).subject) <= LONGEST_SUBJECT


def test_who_has_no_address_gets_no_invitation() -> None:
    assert invites(planned(), to=None).invitation is None


@settings(max_examples=8, deadline=None)
@given(wall=st.lists(st.tuples(DAYS, TIMES), min_size=12, max_size=12))
def test_both_programs_read_the_instant_that_danish_clocks_show(
    tmp_path_factory: pytest.TempPathFactory, wall: list[tuple[date, time]]
) -> None:
    """On the nights of both clock changes too: an hour that comes twice is its first, one that is left out the next."""
    planned_at = planned()
    files = []
    for day, at in wall:
        (visit,) = planned_at.state.visits
        (meeting,) = visit.appointments
        moved = meeting.model_copy(update={"on": day, "at": at.isoformat("minutes")})
        visits = (visit.model_copy(update={"appointments": (moved,)}),)
        planned_at.state = planned_at.state.model_copy(update={"visits": visits})
        files.append(file_of(invites(planned_at)))

    read = read_by_both(files, tmp_path_factory.mktemp("read"))

    assert [each["start"] for each in read] == [danish_instant(*each).timestamp() for each in wall]
    shown = [datetime.fromtimestamp(each["start"], COPENHAGEN) for each in read]
    for (day, at), clock in zip(wall, shown, strict=True):
        is_left_out = day.month == 3 and day in CLOCKS_CHANGE and at.hour == 2
        assert is_left_out or clock.replace(tzinfo=None) == datetime.combine(day, at)


def test_a_day_without_a_time_is_a_whole_day(tmp_path: Path) -> None:
    story = begun()
    story.reports(BO, meeting_on="2026-10-25")

    (read,) = read_by_both([file_of(invites(story))], tmp_path)

    assert (read["start"], read["minutes"]) == (date(2026, 10, 25), None)
