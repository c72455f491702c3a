"""Gathers what is new to those who did not report it: a line in their inbox the next morning at the latest (P13).

That something stopped, or that a role cannot come to a meeting, is told at once.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from domain import events as ev
from domain.address import Address
from domain.calendar import Span, TimeUnit, start_of_day
from domain.decide.decision import Decision
from domain.decide.settle.attendance import attendance_items, is_overtaken, undoes_unseen
from domain.decide.settle.own_notices import has_own_notice
from domain.identity import ENGINE, GATE_ROLES, Role, notice_id
from domain.rules_port import is_told_at_once
from domain.state.briefing import Manifest
from domain.state.company_sheets import TOLD_AT_ONCE
from domain.state.course import Status
from domain.state.facts import Audience, Fact
from domain.state.news import MOST_NEWS, News, NewsItem, NewsKind, NewsReader
from domain.state.notice import NEWS, NewsSubject

_OPEN: Final = Span(amount=0, unit=TimeUnit.WORKING_HOURS)
_WITHOUT_MORE: Final[Mapping[type[ev.EventBase], NewsKind]] = {
    ev.CoursePaused: NewsKind.PAUSE,
    ev.CourseReopened: NewsKind.REOPENED,
    ev.CourseResumed: NewsKind.RESUMED,
    ev.RolesShared: NewsKind.SHARED_ROLE,
}
"""What is new by events that say no more than that they happened."""


class _Reported(NamedTuple):
    item: NewsItem
    to: frozenset[NewsReader]


def gather_news(decision: Decision, breaches: tuple[str, ...] = ()) -> tuple[News, ...]:
    """Return what is new to each reader, and raise a notice for each morning on which there is something.

    `breaches` are what of the law was found not met just now; they are news to both.
    What a version issued now shows is read there; it has a line of its own, and is news no more.
    """
    manifests = tuple(event.manifest for event in decision.events if isinstance(event, ev.BriefingIssued))
    readers = _readers(decision)
    seen = {event.notice for event in decision.events if isinstance(event, ev.NoticeSeen)}
    taken_back = {e.fact for e in decision.events if isinstance(e, ev.FactRetracted)}
    taken_back |= {e.note for e in decision.events if isinstance(e, ev.NoteRetracted)}
    before = [news for news in decision.state.news if news.reader in readers and news.notice not in seen]
    unseen = {(news.reader, item.entry) for news in before for item in news.items if item.entry is not None}
    remaining = [
        left for news in before if (left := _without(decision, news, taken_back, manifests)).items or left.more
    ]
    found = tuple(NewsItem(kind=NewsKind.BREACH, what=name, by=ENGINE) for name in breaches)
    reported_now = (*_reported(decision), *(_Reported(item, readers) for item in found))
    for reader in sorted(readers):
        items = tuple(
            reported.item
            for reported in reported_now
            if reader in reported.to and not _is_shown(reported.item, manifests)
            if reported.item.kind is not NewsKind.TAKEN_BACK or (reader, reported.item.entry) not in unseen
            if not undoes_unseen(reported.item, before, reader)
            if not has_own_notice(decision, reported.item, reader)
        )
        if items:
            remaining = _with(decision, remaining, reader, items)
    return tuple(remaining)


def _readers(decision: Decision) -> frozenset[NewsReader]:
    """Return to whom something may be new: the holders of the roles, and who covers for one of them today."""
    holders = decision.holders()
    covered = (person for person in holders if decision.cover(person) is not None)
    return frozenset((*map(NewsReader, holders), *(NewsReader(person, for_cover=True) for person in covered)))


def _without(decision: Decision, news: News, taken_back: set[UUID], manifests: tuple[Manifest, ...]) -> News:
    """Return the news without what was taken back or overtaken, and what a version or a notice of its own says now."""
    left = (i for i in news.items if i.kind is NewsKind.TAKEN_BACK or i.entry not in taken_back)
    left = (i for i in left if not is_overtaken(decision, i) and not has_own_notice(decision, i, news.reader))
    return news.model_copy(update={"items": tuple(item for item in left if not _is_shown(item, manifests))})


def _is_shown(item: NewsItem, manifests: tuple[Manifest, ...]) -> bool:
    """Whether one of the versions issued now shows it; each of them has what was taken back no longer."""
    if item.kind is NewsKind.TAKEN_BACK:
        return bool(manifests)
    for m in manifests:
        facts = {fact.fact for fact in (*m.facts, *(fact for lesson in m.lessons for fact in lesson.facts))}
        told = {NewsKind.WAIVER: {waiver.requirement for waiver in m.waivers}, NewsKind.BREACH: set(m.breaches)}
        if item.entry in m.every_note or (item.kind is NewsKind.FACT and item.what in facts):
            return True
        if item.what in told.get(item.kind, ()):
            return True
    return False


def _with(decision: Decision, every: list[News], reader: NewsReader, items: tuple[NewsItem, ...]) -> list[News]:
    """Return the news with something new to a reader; it is one line for each morning, and of old ones one in all."""
    from_ = decision.now if _is_for_today(decision) else _morning(decision)
    subject, address = NewsSubject(**reader._asdict(), at=from_), Address.person(reader.person)
    notice = notice_id(decision.before.course, NEWS, subject, address)
    before = next((news for news in every if news.notice == notice), None)
    if notice not in {news.notice for news in decision.state.news}:
        decision.notify(address, NEWS, subject)
    news = (before or News(notice=notice, **reader._asdict(), at=from_, items=())).with_items(items)
    others = [other for other in every if other.notice != notice]
    own = sorted((other for other in others if other.reader == reader), key=lambda other: other.at)
    if len(own) >= MOST_NEWS:
        oldest, next_oldest = own[:2]
        merged = oldest.with_items(next_oldest.items, next_oldest.more)
        merged = merged.model_copy(update={"notice": next_oldest.notice, "at": next_oldest.at})
        others = [merged if other is next_oldest else other for other in others if other is not oldest]
    return [*others, news]


def _is_for_today(decision: Decision) -> bool:
    """Whether it is told at once: facts of which the rules say so, and who comes to a meeting."""
    if any(attendance_items(event) for event in decision.events):
        return True
    if any(isinstance(event, ev.SheetStopped) and event.because in TOLD_AT_ONCE for event in decision.events):
        return True
    facts = (fact for event in decision.events if isinstance(event, ev.FactsReported) for fact in event.facts)
    return any(is_told_at_once(fact, decision.rules) for fact in facts)


def _morning(decision: Decision) -> datetime:
    """Return when the office opens next: today for what a system tells by night, else on the next working day."""
    today, tomorrow = decision.today, decision.today + timedelta(days=1)
    openings = (decision.calendar.after(start_of_day(day), _OPEN) for day in (today, tomorrow))
    return next(opening for opening in openings if opening > decision.now)


def _reported(decision: Decision) -> Iterator[_Reported]:
    """Yield what the command reported, and the persons to whom it is new; a start is news to nobody.

    What a cover reports for somebody absent is no news to that person, who finds it in the next version (P13); what
    that person reports, as by phone, is news to who covers.
    """
    if decision.before.status is Status.NOT_STARTED:
        return
    for event in decision.events:
        holders = decision.holders(_roles_to_tell(decision, event))
        readers = (_reader_for(decision, person, event.by) for person in holders)
        to = frozenset(reader for reader in readers if reader is not None)
        for item in _items(decision, event):
            yield _Reported(item, to)


def _reader_for(decision: Decision, holder: str, by: str) -> NewsReader | None:
    """Return to whom of a holder and the cover it is new what somebody reported; None when they know."""
    cover = decision.cover(holder)
    if by == holder:
        return NewsReader(holder, for_cover=True) if cover is not None else None
    return NewsReader(holder) if by != cover else None


def _roles_to_tell(decision: Decision, event: ev.Event) -> Collection[Role]:
    """Return the roles whose holders an event is news to; of a role that is given away, the other one."""
    match event:
        case ev.NoteAdded():
            return [role for role in GATE_ROLES if _may_be_news(event, role)]
        case ev.PartyAssigned(role=given, to=to):
            return [role for role in GATE_ROLES if role != given and decision.state.holder(role) != to.person]
    return GATE_ROLES


def _may_be_news(event: ev.NoteAdded, role: Role) -> bool:
    """Whether a role may read a note, and is not asked to answer it anyway."""
    is_asked = event.note.is_open_question and event.note.to == role
    return not is_asked and (event.note.audience is Audience.BOTH or role is Role.CASEWORKER)


def _items(decision: Decision, event: ev.Event) -> tuple[NewsItem, ...]:
    """Return what is new by an event."""
    match event:
        case ev.FactsReported():
            new = (fact for fact in event.facts if _is_new(decision, fact))
            return tuple(NewsItem(kind=NewsKind.FACT, what=f.fact, by=event.by, entry=f.id) for f in new)
        case ev.NoteAdded(note=note):
            return (NewsItem(kind=NewsKind.NOTE, what=note.kind, by=event.by, entry=note.id),)
        case ev.FactRetracted(superseded_by=None):
            return _taken_back(event.by, event.fact, {fact.id: fact.fact for fact in decision.before.facts})
        case ev.NoteRetracted(superseded_by=None):
            return _taken_back(event.by, event.note, {note.id: note.kind for note in decision.before.notes})
        case ev.RequirementWaived():
            return (NewsItem(kind=NewsKind.WAIVER, what=event.requirement, by=event.by),)
    return attendance_items(event) or _of_a_sheet(event) or _of_the_course(event)


def _of_a_sheet(event: ev.Event) -> tuple[NewsItem, ...]:
    """Return that what a company was given stands no longer, which the company must hear."""
    if not isinstance(event, ev.SheetStopped):
        return ()
    return (NewsItem(kind=NewsKind.SHEET_STOPPED, what=event.because, by=event.by, visit=event.visit),)


def _taken_back(by: str, entry: UUID, names: Mapping[UUID, str]) -> tuple[NewsItem, ...]:
    """Return that something of those that counted was taken back; what counted no more is no news when it goes."""
    return tuple(NewsItem(kind=NewsKind.TAKEN_BACK, what=names[e], by=by, entry=e) for e in (entry,) if e in names)


def _of_the_course(event: ev.Event) -> tuple[NewsItem, ...]:
    """Return that somebody paused, resumed, reopened or handed over the course, or waits.

    The end of a pause is no news.
    """
    match event:
        case ev.CoursePaused() | ev.CourseReopened() | ev.RolesShared() | ev.CourseResumed(ended_at=None):
            return (NewsItem(kind=_WITHOUT_MORE[type(event)], by=event.by),)
        case ev.WaitAnswered():
            return (NewsItem(kind=NewsKind.ANSWER, what=event.waiting_on, by=event.by),)
        case ev.PartyAssigned():
            return (NewsItem(kind=NewsKind.HAND_OVER, what=event.role, by=event.by, told_by=event.citizen_told_by),)
    return ()


def _is_new(decision: Decision, fact: Fact) -> bool:
    """Whether a statement counts, or contradicts one, and says something else than before.

    Of a system's daily facts the material ones are news.
    """
    rule = decision.rules.fact(fact.fact)
    before = decision.before.on_record(fact.fact, fact.visit)
    is_repeated = before is not None and before.fact.value == fact.value
    return (
        not is_repeated and _counts(decision, fact) and (not fact.by_system or (rule is not None and rule.is_material))
    )


def _counts(decision: Decision, stated: Fact) -> bool:
    """Whether a statement is the one that counts now, wherever it was put since, or the one that contradicts that."""
    visits = {fact.visit for fact in decision.state.facts if fact.id == stated.id}
    known = [on_record for visit in visits if (on_record := decision.state.on_record(stated.fact, visit)) is not None]
    return any(each is not None and each.id == stated.id for k in known for each in (k.fact, k.contradicted_by))
