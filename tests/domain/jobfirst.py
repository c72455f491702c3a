"""The vocabulary of JobFirst told as stories: what each step asks, said by whoever says it, on real Danish days."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final, NamedTuple, Self
from uuid import UUID

from clients.courses.script import Script
from domain import commands as cmd
from domain import events as ev
from domain.calendar import DANISH_TIME, Calendar
from domain.identity import Role
from domain.rules_port import RuleBook
from domain.state.briefing import Manifest
from domain.state.course import Visit
from domain.state.facts import FactValue
from domain.state.notice import Subject
from domain.state.verdict import Judgement, Outcome, RequirementVerdict
from rules.calendar.danish_offices import customary
from rules.calendar.working_time import WorkingTime
from rules.engine.book import Book
from rules.language.steps import Refused
from tests.domain.vocabulary import ANNA, BO, COURSE, MONDAY, Story, default_book

Facts = dict[str, Any]

RULES: Final = default_book()
OPEN: Final = (Outcome.UNMET, Outcome.UNKNOWN, Outcome.REFUSED)
DANISH_DAYS: Final = WorkingTime(customary())

SCRIPT: Final = Script(MONDAY.date())


def as_handed_on(facts: Facts) -> Facts:
    """Return facts with their numbers written as the API hands them on."""
    return {fact: value if isinstance(value, bool | str) else str(value) for fact, value in facts.items()}


def reported(name: str) -> Facts:
    """Return the facts of a report of the script."""
    return as_handed_on(SCRIPT.facts(name))


VISIT: Final = reported("visit")
GRANT: Final = reported("grant")
TRIAL: Final = {name: GRANT[name] for name in ("trial_starts_on", "trial_ends_on", "trial_weekly_hours")}
FACTORY: Final = {"company_p_number": VISIT["company_p_number"]}


def refusing_twice() -> Book:
    """Return the shipped rules, in which forty hours a week are refused as well as a trial that is rejected."""
    rules = RULES.rule_set
    refused = Refused.model_validate(
        {"when": {"fact": "trial_weekly_hours", "is": 40}, "missing": {"da": "Aftal færre timer."}}
    )
    (visit,) = (step for step in rules.steps if step.id == "trial")
    asks = tuple(
        r.model_copy(update={"refused": refused}) if r.id == "hours_within_cap" else r for r in visit.requirements
    )
    changed = visit.model_copy(update={"requirements": asks})
    steps = tuple(changed if step is visit else step for step in rules.steps)
    return Book(rules.model_copy(update={"steps": steps}))


class Raised(NamedTuple):
    """A notice as the courier reads it."""

    notice_id: UUID
    subject: Subject


def on(day: str, at: int = 10) -> datetime:
    """Return the instant of an hour of a Danish day."""
    return datetime.combine(date.fromisoformat(day), time(at), DANISH_TIME).astimezone(MONDAY.tzinfo)


@dataclass
class JobFirst(Story):
    """A course under the shipped rules with the Danish calendar; Anna is caseworker, Bo company consultant."""

    rules: RuleBook = field(default_factory=lambda: RULES)
    calendar: Calendar = field(default_factory=lambda: DANISH_DAYS)

    def begins(self, target_group: str = "cash_benefit_activity_ready", **what: Any) -> Self:
        """Start on Monday, 7 September 2026."""
        self.starts(target_group, **what)
        return self

    def it_is(self, day: str, at: int = 10) -> None:
        """Let the clock run to an hour of a Danish day."""
        assert on(day, at) >= self.now, "time runs one way"
        self.time_passes_to(on(day, at))

    def both_acknowledge(self, visit: int | None = None) -> None:
        """Let Anna and Bo acknowledge; the course must not move before the second of them has."""
        before = self.steps
        self.acknowledges(ANNA, visit=visit)
        assert self.steps == before
        self.acknowledges(BO, visit=visit)

    def adds_lessons(self, visit: int | None = None) -> list[str]:
        """Let Bo write down what a step taught, and return the ids of the notes."""
        return [str(self.notes(BO, kind, visit=visit)) for kind in SCRIPT.notes("lessons")]

    def intake_is_done(self) -> None:
        """Hold the first interview on the Thursday and share what each knows."""
        self.it_is("2026-09-10")
        self.reports(ANNA, **reported("interview"))
        for kind in SCRIPT.notes("citizen"):
            self.notes(ANNA, kind)
        self.notes(BO, "opportunity")

    def company_is_visited(self, day: str, *, visit: int | None = None, **company: FactValue) -> None:
        """Visit a company with all present, the factory unless another is named; told the same day or later."""
        self.it_is(max(day, self.today))
        facts: Facts = {**VISIT, "visit_held_on": day, **company}
        self.reports(BO, visit=visit, **facts)
        self.notes(BO, "visit_agreed", visit=visit)

    def trial_is_granted(self, **facts: FactValue) -> None:
        """Grant a trial of thirteen weeks from 5 October on 29 September."""
        self.it_is(max("2026-09-29", self.today))
        self.reports(ANNA, **{**GRANT, **facts})

    def reaches_company_visit(self, target_group: str = "cash_benefit_activity_ready") -> Self:
        """Begin and come to the first company visit, number 2."""
        self.begins(target_group)
        self.intake_is_done()
        self.both_acknowledge()
        return self

    def reaches_trial(self, target_group: str = "cash_benefit_activity_ready", **facts: FactValue) -> Self:
        """Begin and come to a granted trial, number 3, that is to begin on 5 October."""
        self.reaches_company_visit(target_group)
        self.company_is_visited("2026-09-22")
        self.trial_is_granted(**facts)
        self.reports(BO, visit_outcome="trial")
        self.both_acknowledge()
        return self

    def runs_trial(self, target_group: str = "cash_benefit_activity_ready") -> Self:
        """Begin and come to a trial that began on 5 October as planned."""
        self.reaches_trial(target_group)
        self.it_is("2026-10-05")
        return self

    def reaches_paid_hours(self, schedule: str = "2026-10-05=8") -> Self:
        """Begin and come straight from the company visit to paid hours, number 3, on 22 September."""
        self.reaches_company_visit()
        self.company_is_visited("2026-09-22")
        self.reports(BO, hours_schedule=schedule, visit_outcome="paid_hours")
        self.both_acknowledge()
        return self

    def works(self, since: str = "2026-10-05", schedule: str = "2026-10-05=8") -> Self:
        """Begin and come to paid hours that are worked since a day."""
        self.reaches_paid_hours(schedule)
        self.it_is(since)
        self.reports(BO, contract_given=True)
        return self

    def has_hours_beside(self) -> None:
        """Agree on 2 November on four hours a week beside a running trial, from 9 November."""
        self.it_is("2026-11-02")
        self.reports(BO, hours_beside=True, hours_schedule="2026-11-09=4")
        self.reports(BO, beside_trial="other_company")
        self.both_acknowledge()

    def breaches_the_grant(self) -> Self:
        """Begin and come to the end of a trial that began the day before it was granted."""
        self.reaches_trial(trial_granted_on="2026-09-29")
        self.it_is("2026-10-02")
        self.reports(BO, trial_started_on="2026-09-28")
        self.reports(BO, trial_outcome="ended_early", trial_ended_on="2026-10-02")
        self.adds_lessons()
        return self

    def trial_ends(self, day: str, outcome: str, visit: int | None = None) -> list[str]:
        """End the trial on a day, and return the notes of what it taught."""
        self.it_is(day)
        self.reports(BO, visit=visit, trial_ended_on=day, trial_outcome=outcome)
        return self.adds_lessons(visit)

    def closes(self, outcome: str) -> None:
        """Let Anna decide that the course is to end."""
        self.command(cmd.CloseCourse, ANNA, outcome=outcome, reason=COURSE)

    def takes_back(self, fact: str, *, from_system: bool) -> None:
        """Let Anna take back what a system, or a person, said of a fact."""
        result = next(f for f in self.state.facts if f.fact == fact and f.by_system is from_system)
        self.command(cmd.RetractFact, ANNA, fact=result.id, reason=COURSE)

    @property
    def verdicts(self) -> tuple[RequirementVerdict, ...]:
        """Return the verdict on each requirement of the newest open visit."""
        return self.rules.judge(self.state, self.now, self.calendar).visits[-1].requirements

    @property
    def today(self) -> str:
        """Return the Danish day it is."""
        return self.now.astimezone(DANISH_TIME).date().isoformat()

    @property
    def manifest(self) -> Manifest:
        """Return what the newest open visit's briefing says."""
        assert self.visit.briefing is not None
        return self.visit.briefing.manifest

    def numbered(self, number: int) -> Visit:
        """Return a visit by its number."""
        result = self.state.visit(number)
        assert result is not None
        return result

    def judgement(self, visit: int | None = None) -> Judgement:
        """Return how the newest open visit, or the one named, stands."""
        return (self.visit if visit is None else self.numbered(visit)).judgement

    def lacks(self, visit: int | None = None) -> set[str]:
        """Return what a visit lacks, warnings included."""
        outcomes = self.judgement(visit).outcomes
        return {name for name, outcome in outcomes.items() if outcome in OPEN}

    def stated(self, fact: str, visit: int | None = None) -> FactValue | None:
        """Return what counts of a fact in a visit, of the course or of a step to come."""
        on_record = self.state.on_record(fact, visit)
        return on_record.fact.value if on_record else None

    def escalated(self, about: str) -> list[tuple[str, str]]:
        """Return on which Danish day who was told, by a ladder, of a wait for a requirement or of a kind."""
        result = [e for e in self.happened(ev.NoticeRaised) if e.about == "escalation"]
        return [
            (e.at.astimezone(DANISH_TIME).date().isoformat(), str(e.recipient))
            for e in result
            if e.waiting is not None and about in (e.waiting.what, e.waiting.kind)
        ]

    def days_reminded(self, about: str) -> list[str]:
        """Return the Danish days on which anybody was told of a wait."""
        return list(dict.fromkeys(day for day, _ in self.escalated(about)))

    def receipts_by_role(self) -> Counter[Role]:
        """Return how often each role acknowledged."""
        return Counter(role for e in self.happened(ev.BriefingAcknowledged) for role in e.roles)


def weeks_after(day: str, weeks: int) -> str:
    """Return the same weekday so many weeks later."""
    return (date.fromisoformat(day) + timedelta(weeks=weeks)).isoformat()
