"""Notice rows as a course's events write them: raised once, seen once, and done when their cause is over (P4, P7)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import and_, any_, bindparam, exists, func, not_, or_, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Boolean, Text, Uuid

from domain.address import AddressKind
from domain.events import BriefingAcknowledged, Event, NoticeRaised, NoticeSeen
from domain.state.course import CourseState
from domain.state.notice import APPOINTMENT, COMPLETED, CORRECTION, NEWS, TO_SUPERVISOR
from domain.state.waiting import WaitingKind
from infra.store import tables as t
from infra.store.courses.errands import UNRESOLVED, queue_of
from infra.store.engine import Connection

_KEYS: Final = bindparam("keys", type_=ARRAY(Text))
_NEWS: Final = bindparam("news", type_=ARRAY(Uuid))
_ASKED: Final = bindparam("asked", type_=ARRAY(Text))
_HELD: Final = bindparam("held", type_=ARRAY(Text))
_HOLDERS: Final = bindparam("holders", type_=ARRAY(Text))
_TO_COME: Final = bindparam("to_come", type_=ARRAY(Text))
_SEE: Final = (
    update(t.notice)
    .where(t.notice.c.notice_id == bindparam("notice"), t.notice.c.seen_at.is_(None))
    .values(seen_at=bindparam("at"), seen_by=bindparam("by"))
)
_TO_PERSON: Final = t.notice.c.recipient_kind == AddressKind.PERSON
_TO_HOLDER: Final = and_(_TO_PERSON, t.notice.c.about.not_in({*TO_SUPERVISOR, APPOINTMENT}))
_ASKS: Final = t.notice.c.about.in_([kind.value for kind in WaitingKind])
_ASKED_PERSON: Final = func.concat(t.notice.c.waiting, "/", t.notice.c.recipient)
_NEWER: Final = t.notice.alias("newer")
_SAME: Final = ("municipality", "course_id", "about", "recipient_kind", "recipient", "visit")
_OF_MEETING: Final = t.notice.c.about == APPOINTMENT
_IS_RELEASED: Final = func.coalesce(t.notice.c.subject["released"].as_boolean(), False)
_IS_TOLD_ANEW: Final = and_(
    _OF_MEETING,
    exists().where(
        *(_NEWER.c[name] == t.notice.c[name] for name in _SAME),
        _NEWER.c.subject["appointment"] == t.notice.c.subject["appointment"],
        _NEWER.c.subject["sequence"].as_integer() > t.notice.c.subject["sequence"].as_integer(),
    ),
)
"""A notice of a meeting to which there is a newer one to the same person: both would say how the meeting stands now."""
_END: Final = (
    update(t.notice)
    .where(
        t.notice.c.course_id == bindparam("course"),
        t.notice.c.done_at.is_(None),
        or_(
            # NULL = ANY of nothing is false, and not unknown.
            and_(t.notice.c.waiting.is_not(None), not_(t.notice.c.waiting == any_(_KEYS))),
            and_(t.notice.c.about == NEWS, not_(t.notice.c.notice_id == any_(_NEWS))),
            and_(_TO_HOLDER, not_(t.notice.c.recipient == any_(_HOLDERS))),
            and_(_ASKS, _TO_PERSON, not_(any_(_ASKED) == _ASKED_PERSON)),
            and_(_ASKS, not_(_TO_PERSON), t.notice.c.waiting == any_(_HELD)),
            and_(_OF_MEETING, not_(_IS_RELEASED), not_(t.notice.c.recipient == any_(_TO_COME))),
            _IS_TOLD_ANEW,
            and_(t.notice.c.about == COMPLETED, bindparam("is_open", type_=Boolean)),
        ),
    )
    .values(done_at=bindparam("now"))
)
_END_CORRECTIONS: Final = (
    update(t.notice)
    .where(
        t.notice.c.course_id == bindparam("course"),
        t.notice.c.done_at.is_(None),
        t.notice.c.about == CORRECTION,
        _TO_PERSON,
        t.notice.c.recipient == bindparam("reader"),
        t.notice.c.queued_at.between(bindparam("entered_at"), bindparam("issued_at")),
    )
    .values(done_at=bindparam("now"))
)
"""A version shows what was corrected since its visit was entered and until it was issued."""


async def end_corrections(
    connection: Connection, states: Sequence[CourseState], events: Sequence[Event], now: datetime
) -> None:
    """Mark the notices of corrections done that somebody has read in a version and acknowledged in person."""
    for event, state in zip(events, states[1:], strict=False):
        if not isinstance(event, BriefingAcknowledged) or event.by != event.person:
            continue
        visit = state.visit(event.visit)
        if visit is not None and visit.briefing is not None:
            span = {"entered_at": visit.entered_at, "issued_at": visit.briefing.issued_at}
            reader = {"course": state.course, "reader": event.person, "now": now}
            await connection.execute(_END_CORRECTIONS, {**reader, **span})


def raised(after: CourseState, events: Iterable[Event]) -> list[dict[str, object]]:
    """Return the rows of the notices that `events` raise, each once."""
    rows = {event.notice: _row(after, event) for event in events if isinstance(event, NoticeRaised)}
    return list(rows.values())


def errands(raised: Iterable[Mapping[str, object]], channels: Collection[str]) -> list[dict[str, object]]:
    """Return an errand for each outward channel of some notices."""
    return [
        {"notice_id": row["notice_id"], "channel": channel, "person": _ordered_for(row), "due_at": row["queued_at"]}
        for row in raised
        for channel in channels
    ]


async def see(connection: Connection, events: Iterable[Event]) -> None:
    """Note who saw which notice by `events`."""
    seen = [
        {"notice": event.notice, "at": event.at, "by": event.by} for event in events if isinstance(event, NoticeSeen)
    ]
    if seen:
        await connection.execute(_SEE, seen)


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


def _row(after: CourseState, event: NoticeRaised) -> dict[str, object]:
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


async def settle(connection: Connection, after: CourseState, now: datetime) -> None:
    """Mark the notices done whose wait is over, whose news is seen or shown in a briefing, or whose reader is another.

    What was told to who holds a role is his no longer when he does not, and what a queue was asked is no longer when
    somebody holds the role (P14). Of a meeting the newest notice to each stands, also that he is no longer to come.
    That the course is closed stands until it is open again.
    """
    holders = [party.person for party in after.parties if party.person is not None]
    meetings = (planned for visit in after.visits for planned in visit.appointments)
    still = {
        "keys": [str(waiting.key) for waiting in after.waiting],
        "news": [each.notice for each in after.news],
        "asked": [f"{waiting.key}/{person}" for waiting in after.waiting for person in waiting.persons],
        "held": [str(waiting.key) for waiting in after.waiting if waiting.persons],
        "holders": holders,
        "is_open": not after.is_over,
        "to_come": [*holders, *(person for planned in meetings for person in planned.told)],
    }
    await connection.execute(_END, {"course": after.course, "now": now, **still})
