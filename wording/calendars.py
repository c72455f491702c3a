"""Appointments in iCalendar (RFC 5545), which every calendar program can read: as a file, and as invitations."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple

from icalendar import CLASS, STATUS, Calendar, Event, vCalAddress

from domain.calendar import danish_instant
from domain.state.appointments import Appointment
from domain.state.course import CourseState, Visit
from wording.labels import Labels, Names
from wording.meetings import decline_text

MEDIA_TYPE: Final = "text/calendar"

_PRODUCT: Final = "-//Fodslag//Fodslag//DA"
_ISSUER: Final = "fodslag"
_METHOD: Final = "PUBLISH"
_AN_HOUR: Final = 60
"""The minutes of an appointment that the rules no longer know."""


class Meeting(NamedTuple):
    """A meeting of a course, and the visit that plans it."""

    course: CourseState
    visit: Visit
    planned: Appointment


class Invited(NamedTuple):
    """Whose calendar an invitation is for, from which address, and whether the person is to come or no longer is."""

    sender: str
    recipient: str
    is_to_come: bool

    @property
    def method(self) -> str:
        """Return the method of RFC 5546."""
        return "REQUEST" if self.is_to_come else "CANCEL"


def calendar_file(about: str, name: str, events: Iterable[Event]) -> bytes:
    """Return the file; `about` tells whose calendar it is, and stays the same from one file to the next."""
    calendar = Calendar.new(method=_METHOD, prodid=_PRODUCT, uid=f"{about}@{_ISSUER}", name=name, subcomponents=events)
    file: bytes = calendar.to_ical()
    return file


def invitation_file(meeting: Meeting, labels: Labels, companies: Mapping[str, str], invited: Invited) -> str | None:
    """Return the invitation to a meeting, or its end, for one person; None for one that no calendar can hold.

    It names that person and nobody else. Replies are not asked for, since no program reads them.
    """
    event = _usable(meeting, labels, _place(meeting, labels, companies))
    if event is None:
        return None
    if not invited.is_to_come:
        event.status = STATUS.CANCELLED
    event.organizer = vCalAddress.new(invited.sender)
    event.attendees = [vCalAddress.new(invited.recipient, role="REQ-PARTICIPANT", partstat="NEEDS-ACTION", rsvp=False)]
    calendar = Calendar.new(method=invited.method, prodid=_PRODUCT, subcomponents=[event])
    del calendar["UID"]  # It is made up anew each time, and no calendar of its own is sent.
    file: bytes = calendar.to_ical()
    return file.decode()


def places_of(course: CourseState) -> set[str]:
    """Return the P-numbers of the places at which a course has appointments."""
    return {planned.place for visit in course.visits for planned in visit.appointments if planned.place is not None}


def appointments_of(course: CourseState, labels: Labels, companies: Mapping[str, str]) -> list[Event]:
    """Return the appointments of a course, those that were cancelled too; `companies` names places by P-number.

    They name the case by its reference and nobody by name, for calendars are shown to colleagues and synchronised
    to other systems (P10). So a role that cannot come is named in the description, and by no ATTENDEE, which a
    published calendar must not have (RFC 5545, 3.8.4.1); a newer DTSTAMP tells a program of it (RFC 5546, 2.1.5).
    One whose time no calendar can hold is left out, and keeps none of the others back.
    """
    meetings = (Meeting(course, visit, planned) for visit in course.visits for planned in visit.appointments)
    events = (_usable(meeting, labels, _place(meeting, labels, companies)) for meeting in meetings)
    return [event for event in events if event is not None]


def _usable(meeting: Meeting, labels: Labels, place: str | None) -> Event | None:
    try:
        return _event(*meeting, labels, place)
    except (ValueError, OverflowError):
        return None


def _place(meeting: Meeting, labels: Labels, companies: Mapping[str, str]) -> str | None:
    """Return how a place is written, with the company's name when it is known; nothing for a protected citizen."""
    p_number = meeting.planned.place
    if p_number is None or meeting.course.protected:
        return None
    return replace(labels, names=Names(companies=companies)).workplace(p_number)


def _event(course: CourseState, visit: Visit, planned: Appointment, labels: Labels, place: str | None) -> Event:
    text, label = labels.catalog.calendar, labels.appointment(visit.step, planned.id)
    summary = labels.catalog.fill(text["invitation"], {"label": label, "reference": course.reference})
    is_held = labels.was_held(course, visit, planned)
    case = labels.catalog.fill(text["case"], {"reference": course.reference})
    event = Event.new(
        uid=f"{course.course}-{visit.number}-{planned.id}@{_ISSUER}",
        sequence=planned.sequence,
        status=STATUS.CANCELLED if planned.cancelled else STATUS.CONFIRMED,
        classification=CLASS.PRIVATE,
        stamp=planned.since.astimezone(UTC),
        start=_start(planned),
        summary=labels.catalog.fill(text["held"], {"label": summary}) if is_held else summary,
        description="\n".join([case, *(decline_text(decline, labels) for decline in planned.declines)]),
        location=place,
    )
    if planned.at is not None:
        event.DURATION = timedelta(minutes=_minutes(visit, planned, labels))
    return event


def _start(planned: Appointment) -> date | datetime:
    """Return the beginning in UTC, which every calendar shows in its own time, or the day while no time is agreed."""
    if planned.at is None:
        return planned.on
    return danish_instant(planned.on, time.fromisoformat(planned.at))


def _minutes(visit: Visit, planned: Appointment, labels: Labels) -> int:
    rules = labels.book.appointments(visit.step)
    return next((rule.minutes for rule in rules if rule.appointment == planned.id), _AN_HOUR)
