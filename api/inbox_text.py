"""What an inbox says of each thing: a requirement by name, a meeting with its day, all else by what it is about."""

from typing import Final

from api.phrases import Phrases
from domain.course import Appointment, CourseState, Visit
from domain.identity import notice_id
from domain.waiting import WaitingKind
from infra.store.inbox import InboxItem

APPOINTMENT: Final = "appointment"


def inbox_text(item: InboxItem, course: CourseState | None, phrases: Phrases) -> str:
    """Return what is to be known or done; `course` is how it stands, which only a meeting is looked up in."""
    said = phrases.words.inbox
    if item.kind is WaitingKind.REQUIREMENT and item.what:
        asked = said["requirement"] if phrases.requirement_blocks(item.what) else said["reminder"]
        return f"{asked}: {phrases.requirement(item.what)}"
    visit = course.visit(item.visit) if course and item.visit else None
    meeting = _meeting(item, visit) if visit and item.about == APPOINTMENT else None
    if visit and meeting:
        return _meeting_text(visit, meeting, phrases)
    about = item.kind or item.about or ""
    return said.get(about, phrases.words.term(about))


def _meeting(item: InboxItem, visit: Visit) -> Appointment | None:
    """Return which meeting of a visit a notice is about: the one whose identity it has (P7)."""
    for meeting in visit.appointments:
        cause = f"{APPOINTMENT}/{visit.number}/{meeting.id}/{item.level}"
        if item.recipient and notice_id(item.course_id, cause, item.recipient) == item.notice:
            return meeting
    return None


def _meeting_text(visit: Visit, meeting: Appointment, phrases: Phrases) -> str:
    """Return how a meeting stands now, whatever it was when the notice was raised."""
    moved = "appointment_moved" if meeting.sequence else "appointment_made"
    when = f"{meeting.on} {meeting.at or ''}".strip()
    params = {"label": phrases.appointment(visit.step, meeting.id), "when": when}
    return phrases.words.fill(phrases.words.inbox["appointment_cancelled" if meeting.cancelled else moved], params)
