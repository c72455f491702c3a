"""What is new in a course, in one line of its reader's inbox (P13)."""

from api.text.labels import Labels
from domain.state.course import CourseState
from domain.state.news import NewsItem, NewsKind
from domain.state.notice import NewsSubject


def news_text(subject: NewsSubject, course: CourseState, labels: Labels) -> str | None:
    """Return what is new to a person, the newest last, or None when it is no news any more."""
    texts = labels.catalog.inbox
    news = next((n for n in course.news if (n.person, n.at) == (subject.person, subject.at)), None)
    if news is None:
        return None
    items = "; ".join(_item(item, course, labels) for item in news.items)
    if news.more:
        items = labels.catalog.fill(texts["news_more"], {"items": items, "count": news.more})
    return labels.catalog.fill(texts["news_of"], {"items": items})


def _item(item: NewsItem, course: CourseState, labels: Labels) -> str:
    """Return one thing that is new, and from which role or person it is."""
    texts = labels.catalog.inbox
    text = _what(item, course, labels)
    if item.kind not in (NewsKind.FACT, NewsKind.NOTE):
        text = labels.catalog.fill(texts[f"news_{item.kind}"], {"what": text})
    by = labels.roles(course.roles_of(item.by)) or item.by
    return labels.catalog.fill(texts["news_item"], {"what": text, "by": by})


def _what(item: NewsItem, course: CourseState, labels: Labels) -> str:
    """Return what it is about: a fact with its value, a kind of note, a requirement."""
    if item.kind is NewsKind.WAIVER:
        return labels.requirement(item.what).rstrip(".")
    if item.kind is NewsKind.ANSWER:
        return labels.catalog.term(item.what)
    if item.kind is NewsKind.NOTE:
        return labels.note_kind(item.what)
    if labels.book.declaration(item.what) is None:
        return labels.note_kind(item.what) if item.what in labels.book.note_kinds else item.what
    value = next((labels.value(f.fact, f.value) for f in course.facts if f.id == item.entry), None)
    label = labels.fact(item.what)
    return f"{label}: {value}" if value is not None else label
