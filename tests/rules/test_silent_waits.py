"""Every deadline and ladder of every shipped set: nothing is late at birth, the supervisor is told last (P6)."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from itertools import product

import pytest

from domain import events as ev
from domain.address import Address
from domain.calendar import DANISH_TIME, Span, TimeUnit, danish_day, end_of_day
from domain.identity import GATE_ROLES
from domain.state.facts import Fact
from domain.state.waiting import WaitingKey
from rules.calendar.danish_offices import customary
from rules.calendar.working_time import WorkingTime
from rules.engine.book import Book
from rules.engine.gates import CompiledRequirement
from rules.language.examples import Example, whole_circumstances
from rules.language.facts import FactType
from rules.language.rule_set import RuleSet
from rules.language.steps import FACT_PREFIX
from rules.loading.library import shipped
from rules.proving.scenario import UNIT, Scenario
from tests.rules.vocabulary import course, stated, visit

OFFICE_HOURS = WorkingTime(customary())
DAY = timedelta(days=1)
NEXT_DAY = Span(amount=1, unit=TimeUnit.WORKING_DAYS)
SUPERVISORS = Address.supervisors(UNIT)
IN_USE = [rules for rules in shipped() if not rules.draft]
each_set = pytest.mark.parametrize("rules", IN_USE, ids=lambda rules: rules.id)

ENTERED = [datetime(2026, 9, day, hour, 50, tzinfo=DANISH_TIME) for day, hour in ((16, 10), (18, 14), (19, 23))]
BEGUN_DAYS_AGO = (0, 1, 20, 200)
ANCHORED_IN_DAYS = (-200, -20, -1, 0, 1, 3, 14, 90)


def with_deadlines(rules: RuleSet) -> Iterator[tuple[str, CompiledRequirement]]:
    """Yield each requirement that has a deadline, with its step."""
    for step, gate in Book(rules).gates.items():
        for compiled in (*gate.leave, *gate.enter, *gate.close):
            if compiled.deadline is not None:
                yield step, compiled


def facts_of(rules: RuleSet, day: datetime) -> tuple[Fact, ...]:
    """Return the target group, and every date that a deadline is counted from, on that day."""
    deadlines = (requirement.deadline for step in rules.steps for requirement in step.requirements)
    anchors = {deadline.anchor.removeprefix(FACT_PREFIX) for deadline in deadlines if deadline is not None}
    group = next(fact.values[0].id for fact in rules.facts if fact.id == "target_group")
    dates = [fact for fact in rules.facts if fact.id in anchors]
    hours = {FactType.SCHEDULE: "=5"}
    return (
        stated("target_group", group),
        *(stated(fact.id, f"{danish_day(day)}{hours.get(fact.type, '')}", 1) for fact in dates),
    )


@each_set
def test_no_deadline_is_over_before_a_share_of_its_length_has_passed_since_the_entering(rules: RuleSet) -> None:
    book, seen = Book(rules), set()
    for (step, asked), entered, ago, ahead in product(with_deadlines(rules), ENTERED, BEGUN_DAYS_AGO, ANCHORED_IN_DAYS):
        begun = entered - ago * DAY
        visits = [visit(step=step, entered_at=entered, entered_on=begun.date())]
        facts, long_ago = facts_of(rules, entered + ahead * DAY), begun - 40 * DAY
        started = {"started_on": long_ago.date(), "started_at": long_ago}
        state = course(*facts, visits=visits, **started)
        (view,) = book.views(state, entered, OFFICE_HOURS)
        assert asked.deadline is not None
        span = asked.deadline.span(view)
        assert span is not None
        due = asked.deadline.due(view, span)

        assert due is not None
        assert due == end_of_day(danish_day(due))
        assert due >= entered
        if asked.deadline.deadline.before is None:
            share = Span(amount=span.amount // 4, unit=span.unit)
            assert due >= OFFICE_HOURS.after(entered, share)
        elif ahead > 0:
            assert due >= entered + ahead * DAY / 4 - DAY
        seen.add(asked.requirement.id)

    assert len(seen) > 3


def silent(rules: RuleSet) -> list[Example]:
    """Return the examples of silent waits, which climb every ladder of a set."""
    return [example for example in rules.examples if example.waiting is not None]


def played(book: Book, example: Example, away: timedelta) -> Scenario:
    """Return the course of an example of which nobody takes care, woken so much later than it wished at first."""
    scenario = Scenario(book, OFFICE_HOURS, whole_circumstances(book.rule_set.situations, example), example)
    if away:
        scenario.state = scenario.state.model_copy(update={"wakeup": scenario.now + away})
    scenario.passes_to(scenario.today + timedelta(days=140))
    return scenario


def escalations(scenario: Scenario) -> list[ev.NoticeRaised]:
    """Return the notices of silent waits."""
    raised = (event for event in scenario.events if isinstance(event, ev.NoticeRaised))
    return [event for event in raised if event.about == "escalation"]


def is_alike(notice: ev.NoticeRaised, waiting: WaitingKey) -> bool:
    """Say whether a notice is of waits of this kind at this visit, of which people are told together."""
    return notice.waiting is not None and (notice.waiting.kind, notice.waiting.visit) == (waiting.kind, waiting.visit)


def a_day_after(notice: ev.NoticeRaised) -> datetime:
    """Return a working day after a notice."""
    return OFFICE_HOURS.after(notice.at, NEXT_DAY)


@each_set
@pytest.mark.parametrize("away", [timedelta(), timedelta(days=61, hours=9)], ids=["silence", "outage"])
def test_each_role_is_told_a_working_day_before_the_supervisors_are_first_told(rules: RuleSet, away: timedelta) -> None:
    book, kinds = Book(rules), set()
    for example in silent(rules):
        notices = escalations(played(book, example, away))
        firsts = {n.waiting: n for n in reversed(notices) if n.recipient == SUPERVISORS and n.waiting is not None}
        for waiting, first in firsts.items():
            about = [
                n for n in notices if n.waiting and (n.waiting.kind, n.waiting.visit) == (waiting.kind, waiting.visit)
            ]
            early = {n.recipient for n in about if OFFICE_HOURS.after(n.at, NEXT_DAY) <= first.at}
            vacant = {Address.person(role.value) for role in GATE_ROLES if role.value in example.vacant}
            assert early >= {Address.person(role.value) for role in GATE_ROLES} - vacant, (example.say.en, str(waiting))
            kinds.add(waiting.kind)

    assert kinds == {ladder.waiting for ladder in rules.ladders}


@each_set
@pytest.mark.parametrize("away", [timedelta(), timedelta(days=61, hours=9)], ids=["silence", "outage"])
def test_people_are_reminded_in_working_hours_and_waits_end_with_their_day(rules: RuleSet, away: timedelta) -> None:
    book = Book(rules)
    for example in silent(rules)[::3]:
        scenario = played(book, example, away)
        told = [notice.at.astimezone(DANISH_TIME) for notice in escalations(scenario)]
        assert all(at.isoweekday() < 6 and time(9) <= at.time() <= time(15) for at in told)
        waits = [w for e in scenario.events if isinstance(e, ev.Settled) for w in e.opened]
        assert all(w.until == end_of_day(danish_day(w.until)) for w in waits if w.until is not None)
