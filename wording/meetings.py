"""A meeting of both roles in words: what it is and when, how it stands, and which role cannot come."""

from datetime import time

from domain.calendar import danish_instant
from domain.state.appointments import Appointment, Decline
from domain.state.course import CourseState, Visit
from domain.state.notice import AppointmentSubject, Subject
from wording.labels import Labels


def meeting_text(
    course: CourseState, visit: Visit, planned: Appointment, labels: Labels, *, is_released: bool = False
) -> str:
    """Return how a meeting stands now: made, moved, held or cancelled, or that the reader is not to come."""
    stands = "held" if labels.was_held(course, visit, planned) else "moved" if planned.moved else "made"
    became = "cancelled" if planned.cancelled else "released" if is_released else stands
    params = {"label": labels.appointment(visit.step, planned.id), "when": _when(planned, labels)}
    return labels.catalog.fill(labels.catalog.inbox[f"appointment_{became}"], params)


def notified_text(subject: Subject | None, course: CourseState, labels: Labels) -> str | None:
    """Return how a meeting stands now, whatever it was when its notice was raised, and which role cannot come.

    None where a notice is about none.
    """
    if not isinstance(subject, AppointmentSubject) or (visit := course.visit(subject.visit)) is None:
        return None
    planned = visit.appointment(subject.appointment)
    if planned is None:
        return None
    text = meeting_text(course, visit, planned, labels, is_released=subject.released)
    return ". ".join([text, *(decline_text(decline, labels) for decline in planned.declines)])


def meeting_name(visit: Visit, planned: Appointment, labels: Labels) -> str:
    """Return which meeting it is, with its day and time."""
    params = {"label": labels.appointment(visit.step, planned.id), "when": _when(planned, labels)}
    return labels.catalog.fill(labels.catalog.calendar["meeting"], params)


def decline_text(decline: Decline, labels: Labels) -> str:
    """Return which role cannot come, and the other time that it suggests."""
    texts, role = labels.catalog.calendar, {"role": labels.role(decline.role)}
    if decline.another_time is None:
        return labels.catalog.fill(texts["declined"], role)
    return labels.catalog.fill(texts["declined_suggesting"], {**role, "at": labels.moment(decline.another_time)})


def _when(planned: Appointment, labels: Labels) -> str:
    at = danish_instant(planned.on, time.fromisoformat(planned.at)) if planned.at else None
    return labels.moment(at) or labels.day(planned.on)
