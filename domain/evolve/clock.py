"""How pauses, waits and the next wake-up change the course."""

from domain import events as ev
from domain.calendar import Pause
from domain.evolve.base import on
from domain.state.bounds import with_pause
from domain.state.course import CourseState, Status


@on.register
def _(event: ev.CoursePaused, state: CourseState) -> CourseState:
    pauses = with_pause(state.pauses, Pause(since=event.since))
    return state.model_copy(update={"status": Status.PAUSED, "pauses": pauses, "resumes_at": event.until})


@on.register
def _(event: ev.CourseResumed, state: CourseState) -> CourseState:
    *earlier, last = state.pauses
    pauses = (*earlier, last.model_copy(update={"until": event.ended_at or event.at}))
    return state.model_copy(update={"status": Status.OPEN, "pauses": pauses, "resumes_at": None})


@on.register
def _(event: ev.Settled, state: CourseState) -> CourseState:
    opened = {waiting.key: waiting for waiting in event.opened}
    remaining = tuple(w for w in state.waiting if w.key not in opened and w.key not in event.ended)
    visits = tuple(
        visit.model_copy(update={"judgement": event.judgements[visit.number]})
        if visit.number in event.judgements
        else visit
        for visit in state.visits
    )
    gone = {*event.news_ended, *(news.notice for news in event.news)}
    unchanged = (news for news in state.news if news.notice not in gone)
    return state.model_copy(
        update={
            "visits": visits,
            "waiting": (*remaining, *event.opened),
            "news": tuple(sorted((*unchanged, *event.news), key=lambda news: news.at)),
            "ahead_of_informing": event.ahead,
            "wakeup": event.wakeup,
            "calendar": event.calendar,
        }
    )
