"""What is said of absences: when somebody is away, what falls due meanwhile, and where a course stands."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Final

from domain.calendar import danish_day
from domain.falling_due import DueKind, FallingDue
from domain.state.course import CourseState
from domain.state.notice import HAND_OVER, AbsenceSubject, Subject
from infra.store.registers.people import Person
from rules.language.formats import Language
from wording.catalog import Catalog, catalog
from wording.labels import Labels
from wording.mails import MailLine
from wording.meetings import meeting_name
from wording.news import name_of

_MOST_MISSING: Final = 2
"""How many things that are missing a line names; of more it says how many."""


def absence_text(about: str | None, subject: Subject | None, people: Mapping[str, Person], words: Catalog) -> str:
    """Return what the notice of an absence says: whose it is, when, and in how many courses something is to be done."""
    if not isinstance(subject, AbsenceSubject):
        return words.term(about or "")
    days = words.inbox["absence_days" if subject.until else "absence_open"]
    params = {"since": subject.since, "until": subject.until}
    counts = {"courses": subject.courses, "due": subject.due}
    name = name_of(subject.person, people)
    return words.fill(words.inbox[about or ""], {"name": name, "days": words.fill(days, params), **counts})


def absence_line(
    about: str, subject: Subject, people: Mapping[str, Person], language: Language, public_url: str
) -> MailLine:
    """Return the line of a mail about an absence, which names colleagues alone."""
    text = absence_text(about, subject, people, catalog(language))
    own = subject if isinstance(subject, AbsenceSubject) and about == HAND_OVER else None
    page = f"/absences/hand-over/{own.since.isoformat()}" if own is not None else "/absences"
    return MailLine(about=about, reference="", step="", text=text, link=f"{public_url}{page}" if public_url else "")


def away_in(subjects: Iterable[Subject]) -> set[str]:
    """Return whose absences notices are about."""
    return {subject.person for subject in subjects if isinstance(subject, AbsenceSubject)}


def due_text(due: FallingDue, course: CourseState, labels: Labels) -> str:
    """Return one thing that is on a day, with the day."""
    visit, words = course.visit(due.visit) if due.visit is not None else None, labels.catalog
    planned = visit.appointment(due.what) if visit is not None and due.kind is DueKind.MEETING else None
    if visit is not None and planned is not None:
        return meeting_name(visit, planned, labels)
    match due.kind:
        case DueKind.DEADLINE | DueKind.ASKED:
            what = labels.requirement_missing(due.what).rstrip(".")
        case DueKind.WAIT:
            what = words.inbox[due.what]
        case _:
            what = labels.fact(due.what)
    text = "due_until" if due.kind in (DueKind.DEADLINE, DueKind.WAIT) else "due_on"
    return words.fill(words.inbox[text], {"what": what, "on": due.on})


def stands_text(course: CourseState, labels: Labels, now: datetime) -> str:
    """Return in one line where a course stands: its steps and day, and what is missing."""
    words = labels.catalog
    head = steps_text((visit.step for visit in course.open_visits), course.started_on, labels, now)
    missing = list(
        dict.fromkeys(labels.waiting(wait).rstrip(".") for wait in course.shown_waits if not wait.is_optional)
    )
    if not missing:
        return head
    text = words.fill(words.inbox["stands_missing"], {"head": head, "missing": "; ".join(missing[:_MOST_MISSING])})
    more = len(missing) - _MOST_MISSING
    return words.fill(words.inbox["news_more"], {"items": text, "count": more}) if more > 0 else text


def steps_text(steps: Iterable[str], started_on: date | None, labels: Labels, now: datetime) -> str:
    """Return at which steps a course is, and on which day."""
    day = (danish_day(now) - started_on).days + 1 if started_on else None
    return labels.catalog.fill(labels.catalog.inbox["stands_at"], {"steps": labels.steps(steps), "day": day})
