"""The news that a role cannot come to a meeting, or can after all: told at once, and only while it holds (P13)."""

from domain import events as ev
from domain.decide.decision import Decision
from domain.state.course import CourseState
from domain.state.news import News, NewsItem, NewsKind, NewsReader

_OF_MEETINGS = frozenset({NewsKind.DECLINED, NewsKind.ACCEPTED})


def attendance_items(event: ev.Event) -> tuple[NewsItem, ...]:
    """Return what is new of who comes to a meeting."""
    match event:
        case ev.AppointmentDeclined():
            kind = NewsKind.DECLINED
        case ev.AppointmentAccepted():
            kind = NewsKind.ACCEPTED
        case _:
            return ()
    return (NewsItem(kind=kind, what=event.appointment, by=event.by, visit=event.visit, roles=event.roles),)


def is_overtaken(decision: Decision, item: NewsItem) -> bool:
    """Whether news of a meeting holds no longer: the meeting was moved or cancelled, or the role says otherwise now."""
    return item.kind in _OF_MEETINGS and _stand(decision.before, item) != _stand(decision.state, item)


def undoes_unseen(item: NewsItem, unseen: list[News], reader: NewsReader) -> bool:
    """Whether somebody never saw that the role could not come, so that it is no news to that reader that it can."""
    if item.kind is not NewsKind.ACCEPTED:
        return False
    declined = item.model_copy(update={"kind": NewsKind.DECLINED}).subject
    return any(other.subject == declined for news in unseen if news.reader == reader for other in news.items)


def _stand(state: CourseState, item: NewsItem) -> object:
    """Return what news of a meeting rests on."""
    visit = state.visit(item.visit) if item.visit is not None else None
    planned = visit.appointment(item.what) if visit is not None else None
    if planned is None:
        return None
    holders = [(state.holder(role), planned.decline_of(role)) for role in item.roles]
    return planned.on, planned.at, planned.place, planned.cancelled, holders
