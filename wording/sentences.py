"""What an inbox says of each thing: in the words that the rules have for it, else by what it is about (P4, P6)."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import chain
from string import Formatter
from typing import Final, NamedTuple, Protocol
from uuid import UUID

from domain.calendar import danish_day
from domain.identity import Role
from domain.state.course import CourseState, Visit
from domain.state.facts import Audience
from domain.state.notice import (
    APPOINTMENT,
    BEGINS,
    CORRECTION,
    NEWS,
    CaseloadSubject,
    StepSubject,
    Subject,
    WaitSubject,
)
from domain.state.waiting import WaitingKind
from infra.store.registers.people import Person
from rules.explain.contradictions import contradictions
from wording.causes import with_contradictions
from wording.labels import Labels
from wording.meetings import notified_text
from wording.news import NOBODY, name_of, subject_text
from wording.refusals import refused_in

_CASELOAD: Final = "caseload"
_ESCALATION: Final = "escalation"
_ABOUT_COURSE: Final = frozenset({APPOINTMENT, _CASELOAD, CORRECTION, NEWS})
_QUOTING: Final = frozenset({WaitingKind.DISPUTE, WaitingKind.QUESTION})
"""Waits that are about what somebody wrote."""
_SENTENCES: Final = re.compile(r"(?<=[.!?])\s+")
_RESTS_ON_FACTS: Final = frozenset({WaitingKind.DECISION, WaitingKind.REQUIREMENT})
TAKING: Final = ("look_again", "taken_over")
"""Notices to the supervisor who took a silent wait, on top of what the wait is about."""


class InboxEntry(Protocol):
    """A notice, raised or foreseen, the wait it is about, or both."""

    @property
    def about(self) -> str | None: ...
    @property
    def subject(self) -> Subject | None: ...
    @property
    def level(self) -> int | None: ...
    @property
    def visit(self) -> int | None: ...
    @property
    def kind(self) -> WaitingKind | None: ...
    @property
    def what(self) -> str | None: ...
    @property
    def missing(self) -> Sequence[str] | None: ...
    @property
    def roles(self) -> Sequence[Role] | None: ...
    @property
    def until(self) -> datetime | None: ...


class Entry(NamedTuple):
    """Something that no inbox has, worded as an inbox would."""

    about: str | None = None
    subject: Subject | None = None
    level: int | None = None
    visit: int | None = None
    kind: WaitingKind | None = None
    what: str | None = None
    missing: Sequence[str] | None = None
    roles: Sequence[Role] | None = None
    until: datetime | None = None


def depends_on_course(item: InboxEntry) -> bool:
    """Say whether the words for a thing depend on how its course stands."""
    rests_on_it = item.kind in _RESTS_ON_FACTS or item.kind in _QUOTING or item.kind is WaitingKind.ACKNOWLEDGEMENT
    return item.about in _ABOUT_COURSE or rests_on_it or _has_climbed(item)


class Quote(NamedTuple):
    """What somebody wrote that a wait is about: a dispute or a question; `words` is the id of its text."""

    by: str
    words: UUID
    audience: Audience


def quote_of(waiting: str | None, course: CourseState | None) -> Quote | None:
    """Return what somebody wrote that is waited for an answer to, by the key of the wait."""
    if waiting is None or course is None:
        return None
    key = next((wait.key for wait in course.waiting if wait.kind in _QUOTING and str(wait.key) == waiting), None)
    if key is None:
        return None
    disputes = (Quote(d.by, d.id, Audience.BOTH) for visit in course.visits for d in visit.disputes)
    questions = (Quote(note.by, note.id, note.audience) for note in course.notes)
    return next((quote for quote in chain(disputes, questions) if quote.words == key.note), None)


def quoting(text: str, name: str, words: str | None, labels: Labels) -> str:
    """Return what is asked with what somebody wrote."""
    params = {"text": text.rstrip("."), "name": name, "words": words or labels.catalog.briefing["erased"]}
    return labels.catalog.fill(labels.catalog.inbox["quoting"], params)


def inbox_text(
    item: InboxEntry,
    course: CourseState | None,
    labels: Labels,
    now: datetime,
    people: Mapping[str, Person] = NOBODY,
) -> str:
    """Return what is to be known or done; `course` is how it stands, unless it is erased or not depended on."""
    if course is None:
        return _about(item, labels)
    if words := subject_text(item.subject, course, labels, people):
        return words
    text = _beginning(item, _text(item, course, labels, now, people), labels)
    if item.kind not in _RESTS_ON_FACTS:
        return text
    each = (contradictions(labels.book, course, item.kind, what, item.visit) for what in item.missing or (item.what,))
    return with_contradictions(text, dict.fromkeys(chain.from_iterable(each)), labels)


def open_text(item: InboxEntry, course: CourseState | None, labels: Labels, now: datetime) -> str:
    """Return what is to be known or done, without any value, name, outcome or words of people (P10)."""
    if course is None:
        return _about(item, labels)
    message = _message(item, course, labels)
    if words := _filled(message, None, _params(item, course, labels, now), labels) if message else "":
        return _beginning(item, _with_about(item, words, course, labels), labels)
    return notified_text(item.subject, course, labels) or _about(item, labels)


def _beginning(item: InboxEntry, text: str, labels: Labels) -> str:
    """Return what is to be done, with the day on which that begins which waits for it."""
    begins = item.subject.begins if isinstance(item.subject, WaitSubject) else None
    return labels.catalog.fill(labels.catalog.inbox[BEGINS], {"on": begins, "text": text}) if begins else text


def _text(item: InboxEntry, course: CourseState, labels: Labels, now: datetime, people: Mapping[str, Person]) -> str:
    message = _message(item, course, labels)
    words = _filled(message, _visit(item, course), _params(item, course, labels, now), labels) if message else ""
    if words:
        return _with_about(item, words, course, labels)
    if item.about == _CASELOAD:
        return _caseload(item, course, labels, people) or _about(item, labels, course)
    return notified_text(item.subject, course, labels) or _about(item, labels, course)


def _about(item: InboxEntry, labels: Labels, course: CourseState | None = None) -> str:
    if isinstance(item.subject, StepSubject):
        return labels.catalog.fill(labels.catalog.inbox["ahead_at"], {"step": labels.step(item.subject.step)})
    refused = refused_in(course, item.visit) if course and item.kind is WaitingKind.DECISION and item.what else ()
    missing = refused or item.missing or ((item.what,) if item.what else ())
    return notice_text(item.about, item.kind, missing, labels)


def notice_text(about: str | None, kind: WaitingKind | None, missing: Sequence[str], labels: Labels) -> str:
    """Return the text of a notice, with the kind of the wait that it is about, if any; requirements by name."""
    texts = labels.catalog.inbox
    if kind is WaitingKind.REQUIREMENT and missing:
        asked = texts["requirement" if any(map(labels.requirement_blocks, missing)) else "reminder"]
        text = f"{asked}: {labels.requirements_missing(missing)}"
    elif kind is WaitingKind.DECISION and missing:
        text = " ".join(map(labels.requirement_refused, missing))
    else:
        text = texts.get(kind or about or "", labels.catalog.term(kind or about or ""))
    return f"{texts[about]}: {text}" if about in TAKING else text


def _has_climbed(item: InboxEntry) -> bool:
    """Say whether it is about a rung: a notice of one, or a wait that has climbed and of which there is no notice."""
    return bool(item.kind and item.level) and item.about in (None, _ESCALATION)


def _message(item: InboxEntry, course: CourseState, labels: Labels) -> str | None:
    """Return the rules' words, if they have any: of the rung that was climbed, or of the step to be informed of."""
    step = visit.step if (visit := _visit(item, course)) else None
    if item.kind and item.level and _has_climbed(item):
        return labels.rung(item.kind, step, item.what or "", item.level)
    if item.kind is WaitingKind.ACKNOWLEDGEMENT and step:
        return labels.step_message(step)
    return None


def _with_about(item: InboxEntry, message: str, course: CourseState, labels: Labels) -> str:
    """Return what the rules say together with what they may leave out: what to do of a step, the name of what is asked.

    One ladder serves many requirements, so its words alone need not name the one that is waited for (P5).
    """
    if item.kind is WaitingKind.REQUIREMENT or (item.kind is WaitingKind.DECISION and item.what):
        return f"{message} {_about(item, labels, course)}"
    return message if _has_climbed(item) else f"{_about(item, labels, course)}. {message}"


def _filled(message: str, visit: Visit | None, params: Mapping[str, object], labels: Labels) -> str:
    """Return the sentences of a message that say something: those about what is not known are left out.

    Where no step follows because the course closes, that is said in place of the next step.
    """
    known = {name for name, value in params.items() if value}
    kept = [sentence for sentence in _SENTENCES.split(message) if known.issuperset(_placeholders(sentence))]
    text = labels.catalog.fill(" ".join(kept), params)
    if visit is None or visit.judgement.closing is None or "next" not in _placeholders(message):
        return text
    outcome = {"outcome": labels.outcome(visit.judgement.closing)}
    return f"{text} {labels.catalog.fill(labels.catalog.briefing['closing'], outcome)}."


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def _params(item: InboxEntry, course: CourseState, labels: Labels, now: datetime) -> dict[str, object]:
    """Return what the placeholders of the rules' messages stand for; what is not known is empty."""
    visit = _visit(item, course)
    follows = (visit.judgement.to or ()) if visit else ()
    return {
        "step": labels.step(visit.step) if visit else "",
        "next": labels.steps(follows),
        "day": (danish_day(now) - course.started_on).days + 1 if course.started_on else "",
        "due": danish_day(item.until) if item.until else "",
        "role": labels.roles(item.roles or ()),
    }


def _visit(item: InboxEntry, course: CourseState) -> Visit | None:
    return course.visit(item.visit) if item.visit else None


def _caseload(item: InboxEntry, course: CourseState, labels: Labels, people: Mapping[str, Person]) -> str | None:
    """Return who has how many courses, unless the role has been handed over since."""
    subject = item.subject
    party = course.party(subject.role) if isinstance(subject, CaseloadSubject) else None
    if not isinstance(subject, CaseloadSubject) or party is None or party.generation != subject.generation:
        return None
    at_most = labels.book.caseload(party.role)
    name = name_of(party.person, people) if party.person else ""
    params = {"person": name, "count": subject.courses, "role": party.role, "at_most": at_most}
    return labels.catalog.fill(labels.catalog.inbox["caseload_of"], params)
