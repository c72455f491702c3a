"""What an inbox says of each thing: a requirement by name, a meeting with its day, all else by what it is about."""

from typing import Final

from api.phrases import Phrases
from domain.course import Appointment, CourseState, Visit
from domain.identity import notice_id
from domain.waiting import WaitingKind
from infra.store.inbox import InboxItem

APPOINTMENT: Final = "appointment"
TAKING: Final = ("look_again", "taken_over")
"""What is told to whoever took a silent wait, on top of what the wait is about."""


def inbox_text(item: InboxItem, course: CourseState | None, phrases: Phrases) -> str:
    """Return what is to be known or done; `course` is how it stands, which only a meeting is looked up in."""
    visit = course.visit(item.visit) if course and item.visit else None
    meeting = _meeting(item, visit) if visit and item.about == APPOINTMENT else None
    if visit and meeting:
        return _meeting_text(visit, meeting, phrases)
    return notice_text(item.about, item.kind, item.what, phrases)


def notice_text(about: str | None, kind: WaitingKind | None, what: str | None, phrases: Phrases) -> str:
    """Return what a notice says of a wait of some kind, if it tells of one."""
    said = phrases.words.inbox
    if kind is WaitingKind.REQUIREMENT and what:
        asked = said["requirement"] if phrases.requirement_blocks(what) else said["reminder"]
        text = f"{asked}: {phrases.requirement(what)}"
    else:
        text = said.get(kind or about or "", phrases.words.term(kind or about or ""))
    return f"{said[about]}: {text}" if about in TAKING else text


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
