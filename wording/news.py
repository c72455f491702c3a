"""What is new or put right in a course, in one line of its reader's inbox (P13)."""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import chain
from types import MappingProxyType
from typing import Final

from domain.identity import Role
from domain.state.briefing import ManifestFact
from domain.state.course import CourseState
from domain.state.news import News, NewsItem, NewsKind
from domain.state.notice import AbsenceSubject, CaseloadSubject, CorrectionSubject, NewsSubject, Subject
from infra.store.registers.people import Person
from rules.language.formats import labelled
from wording.corrections import correction_text
from wording.labels import Labels
from wording.meetings import meeting_name

NOBODY: Final[Mapping[str, Person]] = MappingProxyType({})


def persons_named(subject: Subject | None, course: CourseState | None) -> set[str]:
    """Return whom the text of a notice may name: who is away, holds the roles now, or reported what is new."""
    if isinstance(subject, AbsenceSubject):
        return {subject.person}
    if course is not None and isinstance(subject, CaseloadSubject):
        return {party.person for party in course.parties if party.person}
    news = _news(subject, course) if isinstance(subject, NewsSubject) and course else None
    if news is None or course is None:
        return set()
    return {item.by for item in news.items} | {party.person for party in course.parties if party.person}


def _news(subject: NewsSubject, course: CourseState) -> News | None:
    named = (subject.person, subject.for_cover, subject.at)
    return next((news for news in course.news if (*news.reader, news.at) == named), None)


def subject_text(
    subject: Subject | None, course: CourseState, labels: Labels, people: Mapping[str, Person] = NOBODY
) -> str | None:
    """Return what is new or put right, None when a notice is about neither, or no longer."""
    match subject:
        case NewsSubject():
            return _news_text(subject, course, labels, people)
        case CorrectionSubject():
            return _correction_text(subject, course, labels)
    return None


def facts_put_right(course: CourseState) -> Iterator[ManifestFact]:
    """Yield what left visits rested on and what holds in its place, for the names of what their values say."""
    for made in chain.from_iterable(visit.corrections for visit in course.visits):
        yield from (fact for fact in (made.before, made.after) if fact is not None)


def _correction_text(subject: CorrectionSubject, course: CourseState, labels: Labels) -> str | None:
    """Return which visit rested on what was put right, and from what to what, or that it holds after all."""
    visit, texts = course.visit(subject.visit), labels.catalog.briefing
    if visit is None:
        return None
    place = labels.catalog.fill(texts["visit_by_step"], {"step": labels.step(visit.step), "ordinal": visit.ordinal})
    of_note = subject.statement if subject.fact is None else None
    made = next((made for made in visit.corrections if (made.fact, made.note) == (subject.fact, of_note)), None)
    if made is None:
        undone = {"place": place, "fact": labels.fact(subject.fact)} if subject.fact is not None else None
        return labels.catalog.fill(texts["correction_undone"], undone) if undone else None
    params = {"place": place, "change": correction_text(made, labels)}
    return labels.catalog.fill(labels.catalog.inbox["correction_of"], params)


def _news_text(
    subject: NewsSubject, course: CourseState, labels: Labels, people: Mapping[str, Person] = NOBODY
) -> str | None:
    """Return what is new to a person, the newest last, or None when it is no news any more.

    `people` are those whom the directory knows; others are called by their ids.
    """
    texts = labels.catalog.inbox
    news = _news(subject, course)
    if news is None or not news.items:
        return None
    counts = Counter(_item(item, course, labels, people) for item in news.items)
    items = "; ".join(
        labels.catalog.fill(texts["news_several"], {"item": item, "count": count}) if count > 1 else item
        for item, count in counts.items()
    )
    if news.more:
        items = labels.catalog.fill(texts["news_more"], {"items": items, "count": news.more})
    return labels.catalog.fill(texts["news_of"], {"items": items})


def _item(item: NewsItem, course: CourseState, labels: Labels, people: Mapping[str, Person]) -> str:
    """Return one thing that is new, and from which role or person it is."""
    texts = labels.catalog.inbox
    if item.kind in (NewsKind.DECLINED, NewsKind.ACCEPTED):
        params = {"what": _attendance(item, course, labels), "by": labels.roles(item.roles)}
        return labels.catalog.fill(texts["news_item"], params)
    if item.kind is NewsKind.HAND_OVER:
        text = _hand_over(Role(item.what), course, labels, people)
        if item.told_by is not None:
            text = labels.catalog.fill(texts["news_citizen_told_by"], {"what": text, "role": labels.role(item.told_by)})
    else:
        text = _what(item, course, labels)
        if item.kind not in (NewsKind.FACT, NewsKind.NOTE):
            text = labels.catalog.fill(texts[f"news_{item.kind}"], {"what": text})
    if item.kind in (NewsKind.BREACH, NewsKind.SHEET_STOPPED):
        return text
    by = labels.roles(course.roles_of(item.by)) or name_of(item.by, people)
    return labels.catalog.fill(texts["news_item"], {"what": text, "by": by})


def _attendance(item: NewsItem, course: CourseState, labels: Labels) -> str:
    """Return that a role cannot come to a meeting, with the other time that it suggests, or that it can after all."""
    visit = course.visit(item.visit) if item.visit is not None else None
    planned = visit.appointment(item.what) if visit is not None else None
    meeting = meeting_name(visit, planned, labels) if visit is not None and planned is not None else item.what
    declines = (planned.decline_of(role) for role in item.roles) if planned is not None else ()
    another_time = next((decline.another_time for decline in declines if decline is not None), None)
    text = f"news_{item.kind}" if another_time is None else "news_declined_suggesting"
    params = {"meeting": meeting, "at": labels.moment(another_time)}
    return labels.catalog.fill(labels.catalog.inbox[text], params)


def name_of(person: str, people: Mapping[str, Person]) -> str:
    """Return what a person is called: by name where the directory knows it, else by id."""
    return people[person].name if person in people else person


def _hand_over(role: Role, course: CourseState, labels: Labels, people: Mapping[str, Person]) -> str:
    """Return who has a role now: a person with a phone number, a unit's queue, or nobody."""
    texts, party = labels.catalog.inbox, course.party(role)
    params = {"role": labels.role(role)}
    if party is None or (party.person is None and party.unit is None):
        return labels.catalog.fill(texts["news_role_open"], params)
    if party.person is None:
        return labels.catalog.fill(texts["news_role_queued"], {**params, "unit": labels.named_unit(party.unit or "")})
    known = people.get(party.person)
    name = name_of(party.person, people)
    if known is not None and known.phone is not None:
        name = labels.catalog.fill(texts["news_reached"], {"name": name, "phone": known.phone})
    return labels.catalog.fill(texts["news_hand_over"], {**params, "name": name})


def _what(item: NewsItem, course: CourseState, labels: Labels) -> str:
    """Return what it is about: a fact with its value, a kind of note, a requirement."""
    if item.kind in (NewsKind.WAIVER, NewsKind.BREACH):
        return labels.requirement(item.what).rstrip(".")
    if item.kind in (NewsKind.ANSWER, NewsKind.SHEET_STOPPED):
        return labels.catalog.term(item.what)
    if item.kind is NewsKind.NOTE:
        return labels.note_kind(item.what)
    if labels.book.declaration(item.what) is None:
        return labels.note_kind(item.what) if item.what in labels.book.note_kinds else item.what
    value = next((labels.value(f.fact, f.value) for f in course.facts if f.id == item.entry), None)
    label = labels.fact(item.what)
    return labelled(label, value) if value is not None else label
