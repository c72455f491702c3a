"""Invites to meetings by mail: one for each meeting and person, as it stands when the batch is fixed (P7, P10)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from activities.channels import Invitation, Mail
from domain.state.course import CourseState
from domain.state.notice import AppointmentSubject, Subject
from wording.calendars import Invited, Meeting, invitation_file
from wording.labels import Labels
from wording.mails import short_mail
from wording.meetings import meeting_text


@dataclass(frozen=True)
class Sender:
    """Who invites: from which address, where the pages are, and whom to ask about working together."""

    address: str = ""
    public_url: str = ""
    foot: str = ""


def meeting_of(subject: Subject, course: CourseState | None) -> Meeting | None:
    """Return the meeting that a notice is about, None where there is none or its course is erased."""
    if not isinstance(subject, AppointmentSubject) or course is None:
        return None
    visit = course.visit(subject.visit)
    planned = visit.appointment(subject.appointment) if visit else None
    return Meeting(course, visit, planned) if visit and planned else None


def invitation(
    meeting: Meeting, labels: Labels, companies: Mapping[str, str], person: str, to: str | None, sender: Sender
) -> Mail:
    """Return the mail that puts a meeting into a person's calendar, or takes it out where he is not to come."""
    course, visit, planned = meeting
    is_to_come = planned.expects(person)
    text = meeting_text(course, visit, planned, labels, is_released=not is_to_come)
    subjects, ending = _subjects(meeting, labels, person), list(_ending(meeting, labels, person, sender))
    words = short_mail(subjects, text, ending, labels.language)
    invited = Invited(sender.address, to or "", is_to_come)
    file = invitation_file(meeting, labels, companies, invited) if to else None
    return Mail(
        to=to,
        language=labels.language,
        subject=words.subject,
        text=words.text,
        html=words.html,
        invitation=Invitation(method=invited.method, file=file) if file else None,
    )


def _subjects(meeting: Meeting, labels: Labels, person: str) -> Iterator[str]:
    """Yield what the subject may be, the fullest first."""
    course, visit, planned = meeting
    is_off = "_cancelled" if planned.cancelled else "_released"
    form = "" if planned.expects(person) else is_off
    params = {"label": labels.appointment(visit.step, planned.id), "reference": course.reference}
    for name in (f"invitation{form}", "invitation_short"):
        yield labels.catalog.fill(labels.catalog.calendar[name], params)


def _ending(meeting: Meeting, labels: Labels, person: str, sender: Sender) -> Iterator[tuple[str, str]]:
    """Yield the sentences below the meeting, each with its link, if any."""
    course, _, planned = meeting
    texts = labels.catalog
    link = f"{sender.public_url}/courses/{course.course}" if sender.public_url else ""
    yield texts.fill(texts.calendar["case"], {"reference": course.reference}), link
    if planned.expects(person):
        yield texts.calendar["invitation_replies"], ""
    if sender.foot:
        yield sender.foot, ""
    yield texts.mail["no_reply"], ""
