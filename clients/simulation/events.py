"""The events of simulated systems, in the order in which they happened."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Final

_COMPANIES: Final = (("10000009", "1000000001"), ("10000025", "1000000002"), ("10000033", "1000000003"))
_NOON: Final = 12
_GROUPS: Final = ("cash_benefit_activity_ready", "cash_benefit_job_ready", "sickness_benefit")


@dataclass(frozen=True)
class Event:
    """An event of a source about a course: its id, its day, and facts or a start."""

    source: str
    id: str
    reference: str
    on: date
    issued_at: datetime | None
    facts: dict[str, Any] = field(default_factory=dict)
    starts: dict[str, Any] | None = None
    by_person: str | None = None

    @property
    def body(self) -> dict[str, Any]:
        """Return the event as a report of facts; only systems name a source."""
        return {
            "facts": self.facts,
            "occurred_on": self.on.isoformat(),
            **({} if self.by_person else {"source": self.source, "source_event_id": self.id}),
            **({"issued_at": self.issued_at.isoformat()} if self.issued_at else {}),
        }


@dataclass(frozen=True)
class Place:
    """Where the simulated courses are: municipality, unit, and the prefix of their references."""

    municipality: str
    unit: str
    prefix: str


def case_system(place: Place, courses: int, random: Random, today: date) -> Iterator[Event]:
    """Yield the events of a case system: starts, requests for help, interviews and changing groups."""
    for number in range(courses):
        reference = f"{place.prefix}-{number:03}"
        began = today - timedelta(days=random.randrange(30, 90))
        course = _CourseEvents("case-system", reference, began)
        yield course.start(place, random.choice(_GROUPS))
        yield course.after(0, asked_for_help_on=course.day.isoformat())
        yield course.after(random.randrange(1, 6), first_interview_on=course.day.isoformat())
        yield course.after(random.randrange(3, 10), target_group="cash_benefit_job_ready")
        yield course.after(0, target_group="cash_benefit_activity_ready")
        yield course.after(random.randrange(3, 10), target_group="sickness_benefit")


def trial_applications(place: Place, courses: int, random: Random, today: date) -> Iterator[Event]:
    """Yield the events of a system of trial applications: drafted, decided, changed, and begun."""
    for number in range(courses):
        reference = f"{place.prefix}-{number:03}"
        began = today - timedelta(days=random.randrange(60, 90))
        course = _CourseEvents("trial-applications", reference, began)
        yield course.start(place, "cash_benefit_activity_ready")
        cvr, p_number = random.choice(_COMPANIES)
        yield course.after(5, trial_p_number=p_number)
        yield course.after(0, company_cvr=cvr, company_p_number=p_number)
        first = course.day + timedelta(days=12)
        ends = first + timedelta(days=90)
        yield course.after(3, trial_starts_on=first.isoformat(), trial_ends_on=ends.isoformat(), trial_weekly_hours=15)
        if random.random() < _SHARE_REJECTED:
            yield course.after(3, trial_decision="rejected")
            continue
        yield course.after(3, trial_decision="granted", trial_granted_on=(course.day + timedelta(days=3)).isoformat())
        yield course.after(2, trial_weekly_hours="18.5")
        if first <= today:
            yield course.after(max(0, (first - course.day).days), trial_started_on=first.isoformat())


_SHARE_REJECTED: Final = 0.2


class _CourseEvents:
    """Makes the events of one course, each later than the one before."""

    def __init__(self, source: str, reference: str, began: date) -> None:
        self._source = source
        self._reference = reference
        self._count = 0
        self.day = began

    def start(self, place: Place, target_group: str) -> Event:
        body = {
            "municipality": place.municipality,
            "unit": place.unit,
            "reference": self._reference,
            "citizen": {"reference": f"citizen-of-{self._reference}"},
            "target_group": target_group,
            "started_on": self.day.isoformat(),
        }
        return self._event({}, starts=body)

    def after(self, days: int, **facts: Any) -> Event:  # noqa: ANN401 - facts are whatever the rules declare
        self.day += timedelta(days=days)
        return self._event(facts)

    def _event(self, facts: dict[str, Any], starts: dict[str, Any] | None = None) -> Event:
        self._count += 1
        issued = datetime(self.day.year, self.day.month, self.day.day, _NOON, self._count).astimezone()
        identity = f"{self._source}-{self._reference}-{self._count}"
        return Event(self._source, identity, self._reference, self.day, issued, facts, starts)
