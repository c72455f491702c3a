"""Notice rows as a course's events write them: raised once, seen once, and done when their cause is over (P4, P7)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from domain.address import AddressKind
from domain.events import BriefingAcknowledged, Event, NoticeRaised, NoticeSeen
from domain.state.course import CourseState
from domain.state.notice import APPOINTMENT, TO_SUPERVISOR
from domain.state.waiting import WaitingKind
from infra.store.courses.errands import UNRESOLVED, queue_of
from infra.store.courses.projection import Row

_ASKS: Final = sorted(kind.value for kind in WaitingKind)
_TO_OTHERS: Final = sorted({*TO_SUPERVISOR, APPOINTMENT})
"""What is not only of who holds a role."""


def raised(after: CourseState, events: Iterable[Event]) -> list[Row]:
    """Return the rows of the notices that `events` raise, each once."""
    rows = {event.notice: _row(after, event) for event in events if isinstance(event, NoticeRaised)}
    return list(rows.values())


def errands(raised: Iterable[Mapping[str, object]], channels: Collection[str]) -> list[Row]:
    """Return an errand for each outward channel of some notices."""
    return [
        {"notice_id": row["notice_id"], "channel": channel, "person": _ordered_for(row), "due_at": row["queued_at"]}
        for row in raised
        for channel in channels
    ]


def seen(events: Iterable[Event]) -> list[Row]:
    """Return who saw which notice by `events`."""
    return [
        {"notice_id": event.notice, "seen_at": event.at, "seen_by": event.by}
        for event in events
        if isinstance(event, NoticeSeen)
    ]


def corrections_read(states: Sequence[CourseState], events: Sequence[Event]) -> list[Row]:
    """Return who has read in a version, and acknowledged in person, what was corrected since when and until when.

    A version shows what was corrected since its visit was entered and until it was issued.
    """
    read: list[Row] = []
    for event, state in zip(events, states[1:], strict=False):
        if not isinstance(event, BriefingAcknowledged) or event.by != event.person:
            continue
        visit = state.visit(event.visit)
        if visit is not None and visit.briefing is not None:
            read.append({"reader": event.person, "since": visit.entered_at, "until": visit.briefing.issued_at})
    return read


def reasons_to_stand(after: CourseState) -> Row:
    """Return what notices still stand for; all others are done.

    Done are those whose wait is over, whose news is seen or shown in a briefing, or whose reader is another.
    What was told to who holds a role is his no longer when he does not, and what a queue was asked is no longer when
    somebody holds the role (P14). Of a meeting the newest notice to each stands, also that he is no longer to come.
    That the course is closed stands until it is open again.
    """
    holders = [party.person for party in after.parties if party.person is not None]
    meetings = (planned for visit in after.visits for planned in visit.appointments)
    return {
        "keys": [str(waiting.key) for waiting in after.waiting],
        "news": [each.notice for each in after.news],
        "asked": [f"{waiting.key}/{person}" for waiting in after.waiting for person in waiting.persons],
        "held": [str(waiting.key) for waiting in after.waiting if waiting.persons],
        "holders": holders,
        "is_open": not after.is_over,
        "to_come": [*holders, *(person for planned in meetings for person in planned.told)],
        "asks": _ASKS,
        "to_others": _TO_OTHERS,
    }


def _ordered_for(row: Mapping[str, object]) -> str:
    """Return whom an errand is for: a person, a queue, or supervisors who are found when it is due."""
    recipient = str(row["recipient"])
    match AddressKind(str(row["recipient_kind"])):
        case AddressKind.PERSON:
            return recipient
        case AddressKind.UNIT:
            return queue_of(recipient)
        case AddressKind.SUPERVISORS:
            return UNRESOLVED


def _row(after: CourseState, event: NoticeRaised) -> Row:
    return {
        "about": event.about,
        "recipient_kind": event.recipient.kind,
        "recipient": event.recipient.name,
        "subject": event.subject.model_dump(mode="json", exclude_none=True),
        "visit": event.visit,
        "level": event.level,
        "waiting": str(event.waiting) if event.waiting else None,
        "notice_id": event.notice,
        "course_id": after.course,
        "revision": after.revision,
        "queued_at": event.queued_at,
    }
