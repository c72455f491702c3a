"""How often each role must acknowledge under the shipped rules, when everybody does so as soon as asked (P3)."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from operator import methodcaller
from random import Random
from typing import Any, Final

import pytest

from clients.courses.script import Act, Script
from domain import commands as cmd
from domain import events as ev
from domain.calendar import Calendar
from domain.errors import RefusedError
from domain.identity import GATE_ROLES, Actor, Role
from domain.state.course import Status
from domain.state.waiting import WaitingKind
from rules.calendar.danish_offices import OwnTime
from rules.calendar.data import Absence, NamedCover
from tests.domain.jobfirst import DANISH_DAYS, TRIAL, JobFirst, as_handed_on
from tests.domain.vocabulary import ANNA, BO, CARL, MONDAY

AT_MOST_STRAIGHT: Final = 4
AT_MOST_CROOKED: Final = 10
BAKERY: Final = "1000000002"
COVER: Final = Actor(person="cora", roles=(Role.CASEWORKER,), covers=("anna",))


@dataclass
class Eager(JobFirst):
    """A course in which everybody acknowledges at once what is asked, whatever may still come, unless `busy`."""

    busy: set[str] = field(default_factory=set)

    def command(self, kind: Callable[..., Any], actor: Actor, **what: Any) -> tuple[ev.Event, ...]:
        """Give a command, and let those who are asked by it acknowledge."""
        events = super().command(kind, actor, **what)
        if kind is not cmd.Acknowledge:
            while asked := [reader for reader in (ANNA, BO, CARL) if reader.person in self._asked() - self.busy]:
                self.acknowledges(asked[0])
        return events

    def both_acknowledge(self, visit: int | None = None) -> None:
        """Whoever was asked has acknowledged; nobody does so twice."""
        assert not self._asked(), visit

    def _asked(self) -> set[str]:
        return {person for wait in self.waits(WaitingKind.ACKNOWLEDGEMENT) for person in wait.persons}

    def must(self) -> Counter[Role]:
        """Return how often each role acknowledged in person."""
        given = self.happened(ev.BriefingAcknowledged)
        return Counter(role for event in given if event.on_behalf is None for role in event.roles)


def paid_hours(story: JobFirst, since: str, until: str) -> None:
    """Work from a day on, and end the course when the hours have lasted."""
    story.it_is(since)
    story.reports(BO, paid_hours_started_on=since)
    story.it_is(until)
    story.closes("sustained_ordinary_hours")


def test_a_straight_course_asks_each_role_four_times() -> None:
    story = Eager().runs_trial()
    story.reports(BO, hours_schedule="2027-01-04=8")
    story.trial_ends("2027-01-03", "hired")
    paid_hours(story, "2027-01-04", "2027-04-05")

    assert story.state.status is Status.COMPLETED
    assert story.must() == dict.fromkeys(GATE_ROLES, AT_MOST_STRAIGHT)


@pytest.mark.parametrize("seed", range(5))
def test_a_straight_course_asks_as_often_when_each_thing_is_reported_by_itself_in_any_order(seed: int) -> None:
    today = MONDAY.date()
    script = Script(today - timedelta(days=150), today)
    story = Eager().begins(started_on=today - timedelta(days=150))
    for step in script.steps:
        acts = [each for act in script.step(step) for each in singly(act)]
        Random(seed).shuffle(acts)  # noqa: S311 - It orders, and guards nothing.
        for act in acts:
            with suppress(RefusedError):  # What comes after the closing is refused.
                act(story)

    assert story.state.status is Status.COMPLETED
    assert story.must() == dict.fromkeys(GATE_ROLES, AT_MOST_STRAIGHT)


def singly(act: Act) -> Iterator[Callable[[JobFirst], object]]:
    """Yield the commands of an act, one for each fact."""
    actor = ANNA if act.by == "caseworker" else BO
    match act.where:
        case "facts":
            for fact, value in as_handed_on(act.body["facts"]).items():
                report = {"facts": {fact: value}, "occurred_on": act.body.get("occurred_on")}
                yield methodcaller("command", cmd.ReportFacts, actor, **report)
        case "notes":
            yield methodcaller("notes", actor, act.body["kind"])
        case _:
            yield methodcaller("closes", act.body["outcome"])


def crooked(kinds: Iterable[str], *, calendar: Calendar = DANISH_DAYS, reader: Actor = COVER, **how: Any) -> Eager:
    """Play two companies, a failed trial, a holiday with cover, a hand-over, and notes after a receipt."""
    story = Eager(calendar=calendar).runs_trial()

    # The holiday: the cover acknowledges what the failed trial taught, and the caseworker is back at the next gate.
    story.busy = {"anna"}
    story.trial_ends("2027-01-03", "no_job")
    story.acknowledges(reader)
    story.busy = set()
    assert story.steps == ["company_visit"]

    # The second company: the caseworker acknowledges, and three notes come before the consultant does.
    story.company_is_visited("2027-01-06", company_p_number=BAKERY)
    again = {"trial_starts_on": "2027-01-18", "trial_ends_on": "2027-04-18", "trial_p_number": BAKERY}
    story.reports(BO, **{**TRIAL, **again})
    story.reports(ANNA, trial_decision="granted", trial_granted_on="2027-01-06")
    story.busy = {"bo"}
    story.reports(BO, visit_outcome="trial")
    for kind in kinds:
        story.notes(BO, kind, **how)

    # The hand-over: the new caseworker acknowledges before anything advances.
    story.hand_over(Role.CASEWORKER, "carl")
    story.acknowledges(BO)
    story.busy = set()
    assert story.steps == ["trial"]

    story.it_is("2027-01-18")
    story.reports(BO, trial_started_on="2027-01-18")
    story.reports(BO, hours_schedule="2027-04-19=8")
    story.trial_ends("2027-04-18", "hired")
    assert story.steps == ["paid_hours"]
    paid_hours(story, "2027-04-19", "2027-07-19")
    assert story.state.status is Status.COMPLETED
    return story


@pytest.mark.parametrize("kinds", [("barrier", "agreement", "resource")])
def test_a_crooked_course_asks_each_role_ten_times_at_most(kinds: tuple[str, ...]) -> None:
    counted = crooked(kinds).must()

    assert max(counted.values()) <= AT_MOST_CROOKED, counted
    assert set(counted) == set(GATE_ROLES)


def test_a_holiday_with_cover_costs_no_acknowledgement_beyond_those_without_it() -> None:
    holiday = Absence(since=date(2027, 1, 1), until=date(2027, 1, 5), covers=(NamedCover(person=COVER.person),))
    away = DANISH_DAYS.with_own_times({"anna": OwnTime(absences=(holiday,))})

    at_work, covered = (
        crooked((), calendar=calendar, reader=reader) for calendar, reader in ((DANISH_DAYS, ANNA), (away, COVER))
    )

    assert given_by_role(covered) == given_by_role(at_work)
    assert max(given_by_role(covered).values()) <= AT_MOST_CROOKED
    assert [event.by for event in covered.happened(ev.BriefingAcknowledged) if event.on_behalf] == [COVER.person]
    assert len(covered.happened(ev.BriefingIssued)) == len(at_work.happened(ev.BriefingIssued))


def given_by_role(story: Eager) -> Counter[Role]:
    """Return how often each role was informed, by whomever."""
    return Counter(role for event in story.happened(ev.BriefingAcknowledged) for role in event.roles)


def test_notes_that_may_wait_ask_nobody_again() -> None:
    waiting = crooked(["observation"] * 3, may_wait=True)
    none = crooked(())

    assert waiting.must() == none.must()
    assert len(waiting.happened(ev.BriefingIssued)) == len(none.happened(ev.BriefingIssued))
