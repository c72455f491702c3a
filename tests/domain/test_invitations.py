"""Who is asked to a meeting, over all lives of one: who holds a role, or covers on its day (P1, P7)."""

from collections import defaultdict
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import uuid5

from hypothesis import given, settings
from hypothesis import strategies as st

from domain import commands as cmd
from domain import events as ev
from domain.calendar import danish_day
from domain.errors import RefusedError
from domain.identity import ENGINE_ACTOR, Actor, Role
from domain.state.facts import FactValue
from domain.state.notice import APPOINTMENT, AppointmentSubject
from rules.calendar.data import Absence, NamedCover, PersonTime
from rules.calendar.working_time import WorkingTime
from tests.domain.vocabulary import ANNA, BO, COURSE, MONDAY, SARA, Story
from tests.domain.wider import at_trial
from tests.rules.absences import OFFICE, TIMES

REASON = uuid5(COURSE, "reason")
A_DAY = timedelta(days=1)
DAYS = st.integers(-2, 30).map(lambda passed: (MONDAY + passed * A_DAY).date().isoformat())
HOLDERS = {Role.CASEWORKER: ("anna", "carl", "dina"), Role.COMPANY_CONSULTANT: ("bo", "erik")}

Act = tuple[Any, ...]

PLANS = st.tuples(st.just("plans"), DAYS.map(lambda day: {"meets_on": day}))
GIVES = [st.tuples(st.just("gives"), st.just(role), st.sampled_from([*who, None])) for role, who in HOLDERS.items()]
GOES_ON = st.one_of(
    PLANS,
    st.tuples(st.just("plans"), st.sampled_from(["09:00", "13:30"]).map(lambda at: {"meets_at": at})),
    st.tuples(st.just("plans"), st.booleans().map(lambda is_off: {"meets_not": is_off})),
    st.tuples(st.just("retracts"), st.integers(0, 9)),
    *GIVES,
    st.tuples(st.just("works"), TIMES),
    st.tuples(st.just("passes"), st.integers(0, 6)),
    st.tuples(st.just("declines"), st.sampled_from([ANNA, BO])),
)
ENDS = st.lists(st.sampled_from([("reopens",), ("closes",)]), max_size=1)
LIVES = st.builds(
    lambda *parts: [act for part in parts for act in part],
    st.tuples(PLANS),
    st.lists(GOES_ON, min_size=2, max_size=10),
    ENDS,
    st.lists(GOES_ON, max_size=3),
)


class Calendars(Story):
    """A course with a trial, and what each person's calendar was sent: the sequence, and whether he is to come."""

    def __init__(self) -> None:
        before = at_trial()
        super().__init__(rules=before.rules, calendar=WorkingTime(OFFICE), now=before.now, state=before.state)
        self.told = before.told
        self.sent: defaultdict[tuple[int, str, str], list[tuple[int, bool]]] = defaultdict(list)

    def acts(self, act: Act) -> None:
        """Do something, whatever comes of it, and let time be told of it, as what changes working time does."""
        what, *how = act
        with suppress(RefusedError):
            getattr(self, what)(*how)
        self.command(cmd.TimePassed, ENGINE_ACTOR)

    def plans(self, facts: dict[str, FactValue]) -> None:
        self.command(cmd.ReportFacts, BO, facts=facts)

    def retracts(self, number: int) -> None:
        fact = self.state.facts[number % len(self.state.facts)]
        self.command(cmd.RetractFact, BO, fact=fact.id, reason=REASON)

    def gives(self, role: Role, person: str | None) -> None:
        to = cmd.PartyClaim(person=person) if person else cmd.PartyClaim(unit="job")
        self.command(cmd.AssignParty, SARA, role=role, to=to, reason=REASON)

    def works(self, times: dict[str, PersonTime]) -> None:
        self.calendar = WorkingTime(OFFICE, times)

    def passes(self, days: int) -> None:
        self.time_passes_to(self.now + days * A_DAY)

    def declines(self, actor: Actor) -> None:
        self.command(cmd.DeclineAppointment, actor, appointment="meeting")

    def reopens(self) -> None:
        self.command(cmd.ReopenVisit, SARA, visit=1, reason=REASON)

    def closes(self) -> None:
        self.command(cmd.CloseCourse, ANNA, outcome="job", reason=REASON)
        for role in HOLDERS:
            if self.state.open_visits and (person := self.state.holder(role)):
                self.acknowledges(Actor(person=person, roles=(role,)))

    def command(self, *args: Any, **what: Any) -> tuple[ev.Event, ...]:
        """Give a command, and write down what is sent of meetings because of it."""
        events = super().command(*args, **what)
        for event in events:
            if isinstance(event, ev.NoticeRaised) and event.about == APPOINTMENT:
                assert isinstance(event.subject, AppointmentSubject)
                visit = self.state.visit(event.subject.visit)
                planned = visit.appointment(event.subject.appointment) if visit else None
                assert visit is not None
                assert planned is not None
                assert planned.sequence == event.subject.sequence
                person = event.recipient.name
                self.sent[visit.number, planned.id, person].append((planned.sequence, planned.expects(person)))
        return events

    def to_come(self, day: Any) -> set[str]:
        """Return who is to come to a meeting on a day, by the words of the promise."""
        persons, holders = set(), set(filter(None, map(self.state.holder, HOLDERS)))
        for person in holders:
            covers = self.calendar.covers(person, self.state.course, holders)
            persons.add(next((cover.person for cover in covers if cover.is_on(day)), person))
        return persons


@given(acts=LIVES)
@settings(max_examples=120, deadline=None)
def test_each_calendar_is_sent_ever_higher_sequences_and_ends_with_who_is_to_come(acts: list[Act]) -> None:
    story = Calendars()
    for act in acts:
        story.acts(act)

        for sent in story.sent.values():
            sequences = [sequence for sequence, _ in sent]
            assert sequences == sorted(set(sequences)), "it strictly rises for each person"
        for visit in story.state.visits:
            for planned in visit.appointments:
                if planned.on < danish_day(story.now):
                    continue
                comes = set() if planned.cancelled else story.to_come(planned.on)
                last = {
                    person: sent[-1][1]
                    for (number, name, person), sent in story.sent.items()
                    if (number, name) == (visit.number, planned.id)
                }
                assert {person for person, is_called in last.items() if is_called} == comes


def test_who_handed_over_since_leaves_a_meeting_that_was_called_off_after_its_day_and_is_planned_again() -> None:
    story, day = Calendars(), MONDAY.date() + 7 * A_DAY
    for act in (
        ("plans", {"meets_on": day.isoformat()}),
        ("passes", 8),
        ("plans", {"meets_not": True}),
        ("gives", Role.CASEWORKER, "carl"),
        ("plans", {"meets_on": (day + 4 * A_DAY).isoformat()}),
        ("plans", {"meets_not": False}),
    ):
        story.acts(act)

    assert [is_called for _, is_called in story.sent[2, "meeting", "anna"]] == [True, False]
    assert story.sent[2, "meeting", "carl"][-1][1]


def away(*absences: Absence) -> WorkingTime:
    """Return the offices' time with Anna's absences."""
    return WorkingTime(OFFICE, {"anna": PersonTime(absences=absences)})


def test_who_covers_on_the_day_is_asked_and_released_when_the_meeting_moves_to_a_day_after_it() -> None:
    story, (since, until) = Calendars(), ((MONDAY + 7 * A_DAY).date(), (MONDAY + 9 * A_DAY).date())
    story.calendar = away(Absence(since=since, until=until, covers=(NamedCover(person="carl"),)))

    story.reports(BO, meets_on=since.isoformat())
    assert set(story.sent) == {(2, "meeting", "carl"), (2, "meeting", "bo")}

    story.reports(BO, meets_on=(until + A_DAY).isoformat())
    assert story.sent[2, "meeting", "carl"] == [(0, True), (1, False)]
    assert story.sent[2, "meeting", "anna"] == [(1, True)]


def test_a_meeting_that_takes_place_before_its_day_leaves_the_calendars_of_both() -> None:
    story = Calendars()
    story.reports(BO, meets_on=(MONDAY + 7 * A_DAY).date().isoformat())

    story.reports(BO, meets_on=(MONDAY - A_DAY).date().isoformat())

    assert story.sent[2, "meeting", "anna"] == [(0, True), (1, True)]


def test_the_word_of_the_other_role_that_it_cannot_come_outlives_a_hand_over() -> None:
    story = Calendars()
    story.reports(BO, meets_on=(MONDAY + 7 * A_DAY).date().isoformat())
    story.command(cmd.DeclineAppointment, BO, appointment="meeting")
    news = {item.kind for each in story.state.news for item in each.items if each.person == "anna"}

    story.hand_over(Role.CASEWORKER, "carl")

    assert "declined" in {kind.value for kind in news}
    assert [decline.by for decline in story.state.visits[1].declines] == ["bo"]
