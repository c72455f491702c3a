"""Long random lives under the shipped rules, with time: what must hold after every command is checked after each."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID, uuid5

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from domain import commands as cmd
from domain import events as ev
from domain.address import AddressKind
from domain.errors import RefusedError
from domain.evolve import evolve
from domain.identity import ENGINE_ACTOR, GATE_ROLES, Actor, Role, escalation_id
from domain.state.briefing import OnBehalfReason
from domain.state.course import CourseState, Status, Visit
from domain.state.facts import NOTE_KINDS
from domain.state.notice import TO_SUPERVISOR
from domain.state.waiting import Waiting, WaitingKind
from rules.engine.book import Book
from tests.domain import promises
from tests.domain.promises import check_births, check_informed, check_rungs, check_shown, check_waits
from tests.domain.reports import INTAKE, REPORTS, WORDS, Facts
from tests.domain.versions import versions_of
from tests.domain.vocabulary import ANNA, BO, CARL, CASE_SYSTEM, COURSE, MONDAY, SARA, Story, add_note, default_book

VERSIONS = versions_of(default_book())
REASON = uuid5(COURSE, "reason")
MOST_WAKINGS = 400

PEOPLE = (ANNA, BO, CARL)
EVERYBODY = Actor(person="anna", roles=GATE_ROLES)
people = st.sampled_from([*PEOPLE, SARA])
parties = st.sampled_from(PEOPLE)
spans = st.timedeltas(timedelta(hours=1), timedelta(weeks=6))
statements = st.sampled_from(
    [
        (ANNA, INTAKE),
        (BO, {"goal_paid_hours": "20"}),
        (CASE_SYSTEM, {"first_interview_on": "2026-09-08"}),
        (BO, {"visit_planned_on": "2026-09-21"}),
        (BO, {"visit_planned_on": "2026-10-12", "visit_planned_at": "10:30"}),
        (CASE_SYSTEM, {"visit_planned_on": "2026-09-28"}),
        (ANNA, {"target_group": "unemployment_benefit"}),
        (CASE_SYSTEM, {"target_group": "cash_benefit_activity_ready"}),
        (ANNA, {"visit_outcome": "trial"}),
        (BO, {"trial_started_on": "2026-09-07", "trial_ends_on": "2026-10-04"}),
        (CASE_SYSTEM, {"trial_ends_on": "2026-11-01"}),
        (ANNA, {"absence_kind": "unknown", "absent_on": "2026-09-07"}),
        (BO, {"company_consent": "withdrawn"}),
        (BO, {"paid_hours_started_on": "2026-09-07", "hours_in_week": "6"}),
        (CASE_SYSTEM, {"paid_hours_started_on": "2026-12-01"}),
        (ANNA, {"hours_going": "as_agreed"}),
    ]
)


RARE = {
    "appointment_cancelled",
    "course_completed",
    "course_reopened",
    "escalation_taken",
    "joined",
    "visit_branched",
    "visit_withdrawn",
}
"""What the lives must come to somewhere, together with every step, for the checks to mean anything."""


def comes_again(notice: ev.NoticeRaised, before: CourseState, after: CourseState) -> bool:
    """Whether what a notice tells of had gone and is here anew; it is then the same notice, to be done again."""
    if notice.about == "ahead":
        return not {*after.ahead_of_informing} <= {*before.ahead_of_informing}
    if notice.about == "news":
        return notice.notice not in {news.notice for news in before.news}
    if notice.about not in TO_SUPERVISOR and is_to_new_holder(notice, before):
        return True
    return notice.waiting is not None and notice.waiting not in {waiting.key for waiting in before.waiting}


def is_to_new_holder(notice: ev.NoticeRaised, before: CourseState) -> bool:
    """Whether a notice is to who was not asked before: what was told before the role was given away is done."""
    asked = [wait for wait in before.waiting if wait.key == notice.waiting and wait.kind == notice.about]
    if notice.recipient.kind is AddressKind.PERSON:
        return not before.roles_of(notice.recipient.name) or any(notice.recipient.name not in w.persons for w in asked)
    return any(wait.persons for wait in asked)


class Life(RuleBasedStateMachine):
    """One course; every command goes through `does`, which checks what it did."""

    reached: ClassVar[set[str]] = set()

    @initialize(
        number=st.sampled_from([0, 1, 450, 899]),
        days_ago=st.sampled_from([0, 0, 3, 40]),
        shared=st.sampled_from([False, False, True]),
    )
    def begins(self, number: int, days_ago: int, shared: bool) -> None:  # noqa: FBT001 - Hypothesis gives it by name
        course = UUID(int=COURSE.int - COURSE.int % 900 + number)
        self.story = Story(rules=VERSIONS.books[0], state=CourseState(course=course, municipality="0990"))
        self.notices: set[UUID] = set()
        started_on = (MONDAY - timedelta(days=days_ago)).date()
        consultant = cmd.PartyClaim() if shared else cmd.PartyClaim(person="bo")
        before, told = self.story.state, len(self.story.events)
        group = "cash_benefit_activity_ready"
        self.story.starts(group, started_on=started_on, shared_role=shared, company_consultant=consultant)
        self.check(before, self.story.events[told:])

    def does(self, kind: Callable[..., Any], actor: Actor, **what: Any) -> None:
        """Give a command, which may be refused, and check everything after it."""
        before = self.story.state
        self.story.next_rules = VERSIONS.next_of(before, kind, what)
        try:
            events = self.story.command(kind, actor, **what)
        except RefusedError:
            assert self.story.state is before
            return
        self.check(before, list(events))

    @rule(statement=statements)
    def states(self, statement: tuple[Actor, dict[str, Any]]) -> None:
        self.does(cmd.ReportFacts, statement[0], facts=statement[1])

    @rule(version=st.sampled_from(VERSIONS.books), at_next_visit=st.booleans())
    def re_pins(self, version: Book, at_next_visit: bool) -> None:  # noqa: FBT001 - as above
        self.does(cmd.TimePassed, ENGINE_ACTOR)
        before, named = self.story.state, {"instead_of": self.story.rules.reference.sha256}
        self.does(cmd.RePinCourse, SARA, rules=version.reference.sha256, at_next_visit=at_next_visit, **named)
        if self.story.state.rules != before.rules:
            promises.check_re_pinned(before, self.story.state, version, self.story.now, self.story.calendar)

    @rule(actor=people, kind=st.sampled_from(NOTE_KINDS), agreed=st.booleans())
    def adds_a_note(self, actor: Actor, kind: str, agreed: bool) -> None:  # noqa: FBT001 - as above
        to = Role.COMPANY_CONSULTANT if kind == "question" else None
        note = uuid5(COURSE, f"note {self.story.told}")
        self.does(add_note, actor, note=note, note_kind=kind, changes_the_agreement=agreed, to=to)

    @precondition(lambda self: any(n.kind == "question" for n in self.story.state.notes))
    @rule()
    def answers(self) -> None:
        asked = next(n for n in self.story.state.notes if n.kind == "question")
        note = uuid5(COURSE, f"note {self.story.told}")
        self.does(add_note, BO, note=note, note_kind="observation", answers=asked.id)

    @rule()
    def shares_all_of_intake(self) -> None:
        self.does(cmd.ReportFacts, ANNA, facts=INTAKE)
        self.writes((ANNA, "wish"), (ANNA, "resource"), (BO, "opportunity"))

    def writes(self, *notes: tuple[Actor, str], visit: int | None = None) -> None:
        """Let each add a note of a kind."""
        for actor, kind in notes:
            note = uuid5(COURSE, f"note {self.story.told}")
            self.does(add_note, actor, note=note, note_kind=kind, visit=visit)

    @rule(data=st.data(), times=st.integers(min_value=1, max_value=4))
    def lives_on(self, data: st.DataObject, times: int) -> None:
        """Let a visit be over or branch, and the next one that comes of it, and so on."""
        for _ in range(times):
            self.lives_a_step(data, newest=data.draw(st.booleans()))

    def lives_a_step(self, data: st.DataObject, *, newest: bool) -> None:
        """Say all that a step asks, and let those who hold the roles acknowledge it."""
        for visit in self.story.state.open_visits[-1:] if newest else self.story.state.open_visits[:1]:
            self.ends(visit, data.draw(st.sampled_from(REPORTS[visit.step])))

    def ends(self, visit: Visit, facts: Facts) -> None:
        if visit.step == "intake":
            self.shares_all_of_intake()
        self.writes(*((BO, kind) for kind in WORDS), visit=visit.number)
        self.does(cmd.ReportFacts, EVERYBODY, facts=facts, visit=visit.number)
        self.both_acknowledge(visit.number)

    @rule()
    def branches_and_joins(self) -> None:
        """Live a trial beside which paid hours begin and which then goes on in them, as far as the course allows."""
        for step, choice in (("intake", 0), ("company_visit", 0), ("trial", 0), ("trial", 2)):
            for visit in self.story.state.open_visits:
                if visit.step == step:
                    self.ends(visit, REPORTS[step][choice])

    def both_acknowledge(self, number: int) -> None:
        """Let those who hold the roles acknowledge what a visit tells now."""
        for person in dict.fromkeys(map(self.story.state.holder, GATE_ROLES)):
            visit = self.story.state.visit(number)
            if visit is not None and person is not None:
                actor = next(p for p in PEOPLE if p.person == person)
                self.does(cmd.Acknowledge, actor, briefing=number, version=visit.versions)

    @rule(first=parties, second=parties)
    def acknowledge(self, first: Actor, second: Actor) -> None:
        for actor in (first, second):
            for visit in self.story.state.open_visits[-1:]:
                self.does(cmd.Acknowledge, actor, briefing=visit.number, version=visit.versions)

    @rule(actor=people, person=st.sampled_from(["anna", "bo", "carl"]))
    def acknowledges_for(self, actor: Actor, person: str) -> None:
        for visit in self.story.state.open_visits[-1:]:
            on_behalf = {"on_behalf_of": person, "on_behalf_reason": OnBehalfReason.ON_LEAVE}
            self.does(cmd.Acknowledge, actor, briefing=visit.number, version=visit.versions, **on_behalf)

    @rule(actor=parties)
    def disputes(self, actor: Actor) -> None:
        reason = uuid5(REASON, f"{self.story.told}")
        for visit in self.story.state.open_visits[-1:]:
            self.does(cmd.Dispute, actor, briefing=visit.number, version=visit.versions, reason=reason)

    @rule(role=st.sampled_from(GATE_ROLES))
    def hands_over_between_two_receipts(self, role: Role) -> None:
        holders = [p for p in PEOPLE if p.person in map(self.story.state.holder, GATE_ROLES)]
        for actor in sorted(holders, key=lambda p: p.person != self.story.state.holder(role)):
            self.acknowledge(actor, actor)
            if actor.person == self.story.state.holder(role):
                free = next(p.person for p in PEOPLE if p not in holders)
                self.does(cmd.AssignParty, SARA, role=role, to=cmd.PartyClaim(person=free), reason=REASON)

    @rule(role=st.sampled_from(GATE_ROLES), to=st.sampled_from(["anna", "bo", "carl", None]))
    def hands_over(self, role: Role, to: str | None) -> None:
        claim = cmd.PartyClaim(person=to) if to else cmd.PartyClaim(unit="job")
        self.does(cmd.AssignParty, SARA, role=role, to=claim, reason=REASON)

    @rule(to=parties, apart=st.booleans(), role=st.sampled_from(GATE_ROLES))
    def shares_or_separates(self, to: Actor, apart: bool, role: Role) -> None:  # noqa: FBT001 - as above
        if apart:
            self.does(cmd.SeparateRoles, SARA, role=role, to=cmd.PartyClaim(person=to.person), reason=REASON)
        else:
            self.does(cmd.ShareRoles, SARA, person=to.person, reason=REASON)

    @rule(since=st.none() | spans, until=st.none() | spans)
    def pauses(self, since: timedelta | None, until: timedelta | None) -> None:
        now = self.story.now
        period = {"since": now - since if since else None, "until": now + until if until else None}
        self.does(cmd.PauseCourse, SARA, reason=REASON, **period)

    @rule()
    def plans_what_another_system_contradicts(self) -> None:
        for actor, day in ((BO, "2026-10-12"), (CASE_SYSTEM, "2026-09-28")):
            self.does(cmd.ReportFacts, actor, facts={"visit_planned_on": day})

    @precondition(lambda self: self.story.state.open_visits)
    @rule(which=st.integers(min_value=0, max_value=5))
    def waives(self, which: int) -> None:
        outcomes = sorted(self.story.state.open_visits[-1].judgement.outcomes)
        if outcomes:
            waiver = {"requirement": outcomes[which % len(outcomes)], "waiver": cmd.WaiverReason.OTHER}
            self.does(cmd.WaiveRequirement, SARA, reason=REASON, **waiver)

    @rule()
    def resumes(self) -> None:
        self.does(cmd.ResumeCourse, SARA)

    @rule(outcome=st.sampled_from(["moved", "ordinary_job"]))
    def closes(self, outcome: str) -> None:
        self.does(cmd.CloseCourse, ANNA, outcome=outcome, reason=REASON)

    @rule()
    def reopens(self) -> None:
        self.does(cmd.ReopenCourse, SARA, reason=REASON)
        for visit in self.story.state.visits[-2:]:
            self.does(cmd.ReopenVisit, SARA, visit=visit.number, reason=REASON)

    @precondition(lambda self: len(self.story.state.facts) > 1)
    @rule(which=st.integers(min_value=1, max_value=5))
    def retracts(self, which: int) -> None:
        facts = self.story.state.facts
        self.does(cmd.RetractFact, ANNA, fact=facts[-1 - which % (len(facts) - 1)].id, reason=REASON)

    @precondition(lambda self: self.story.state.is_stalled)
    @rule(actor=people, by=st.none() | spans)
    def takes(self, actor: Actor, by: timedelta | None) -> None:
        now, course = self.story.now, self.story.state.course
        wait = next(waiting for waiting in self.story.state.waiting if waiting.is_stalled)
        escalation = escalation_id(course, wait.key, wait.since)
        again = now + by if by else None
        self.does(cmd.TakeEscalation, actor, escalation=escalation, reason=REASON, look_again_at=again)

    @rule(by=spans)
    def time_passes(self, by: timedelta) -> None:
        """Wake whenever the course asked to be woken."""
        until = self.story.now + by
        for _ in range(MOST_WAKINGS):
            if self.story.state.wakeup is None or self.story.state.wakeup > until:
                break
            self.wakes(max(self.story.state.wakeup, self.story.now))
        else:
            raise AssertionError("wakes again and again")
        self.story.now = until

    @rule(by=spans)
    def sleeps_through(self, by: timedelta) -> None:
        """Let everything be away for so long, and wake once."""
        self.wakes(self.story.now + by)

    def wakes(self, at: datetime) -> None:
        """Let time pass to an instant and expect the next to lie ahead of it."""
        self.story.now = at
        self.does(cmd.TimePassed, ENGINE_ACTOR)
        wakeup = self.story.state.wakeup
        assert wakeup is None or wakeup > at, "P5: asks to be woken in the past"

    def check(self, before: CourseState, events: list[ev.Event]) -> None:
        """Check what holds after every command."""
        after = self.story.state
        self.reached.update(visit.step for visit in after.open_visits)
        self.reached.update(e.kind for e in events)
        self.reached.update("joined" for e in events if isinstance(e, ev.VisitLeft) and e.joined)
        self.check_notices(before, after, [e for e in events if isinstance(e, ev.NoticeRaised)])
        check_rungs(before, after, self.story.now)
        self.check_deadlines(before, after)
        self.check_advances(before, events)
        self.check_appointments(after)
        check_waits(after, self.story.now)
        check_births(before, after, self.story.now, VERSIONS.law)
        assert CourseState.model_validate_json(after.model_dump_json()) == after

    def check_notices(self, before: CourseState, after: CourseState, raised: list[ev.NoticeRaised]) -> None:
        """P6, P7: each notice once while its cause stands; the supervisors only when it is time."""
        assert len({notice.notice for notice in raised}) == len(raised), "P7: one notice twice in one command"
        for notice in raised:
            assert notice.notice not in self.notices or comes_again(notice, before, after), f"P7: {notice.about} twice"
            self.notices.add(notice.notice)
        climbs = [n for n in raised if n.about == "escalation"]
        most = Counter((n.waiting, n.recipient) for n in climbs)
        assert not most or max(most.values()) == 1, "P6: told twice of one wait"
        waits = {w.key: w for w in after.waiting}
        for notice in climbs:
            assert notice.waiting is not None
            waiting = waits[notice.waiting]
            assert notice.level == waiting.level, "P6: another than the highest overdue rung"
            is_taken = waiting.taken is not None and not waiting.taken.is_over
            is_to_supervisors = notice.recipient.kind is AddressKind.SUPERVISORS
            assert not (is_taken and is_to_supervisors), "P6: told of what one of them has"
            if waiting.kind is WaitingKind.ACKNOWLEDGEMENT and is_to_supervisors:
                self.check_last_thing(after, waiting)

    def check_last_thing(self, after: CourseState, waiting: Waiting) -> None:
        """P6: the supervisors hear of a missing receipt only when nothing else is missing."""
        visit = after.visit(waiting.visit or 0)
        assert visit is not None
        assert visit.judgement.ready, "P6: the supervisors are told although the gate is not met"

    def check_deadlines(self, before: CourseState, after: CourseState) -> None:
        """P6: what was waited for until later is not overdue at once."""
        until = {w.key: w.until for w in before.waiting if w.reckoned}
        for waiting in after.waiting:
            had = until.get(waiting.key)
            if had is not None:
                assert waiting.until is not None
                assert waiting.until >= min(had, self.story.now), f"P6: {waiting.key} ends early"

    def check_advances(self, before: CourseState, events: list[ev.Event]) -> None:
        """P1: what is left or branches does so with both informed of the current version, and nobody left behind."""
        state = before
        closed = any(isinstance(event, ev.CourseCompleted) for event in events)
        for event in events:
            newest = state.open_visits[-1].number if state.open_visits else None
            if isinstance(event, ev.VisitLeft | ev.VisitBranched) and (not closed or event.visit == newest):
                visit = state.visit(event.visit)
                assert visit is not None
                assert visit.is_open
                assert state.status is Status.OPEN
                check_informed(state, visit, event.version)
                check_shown(state, event)
            state = evolve(state, event)

    def check_appointments(self, after: CourseState) -> None:
        """P7: what is planned in an open visit stands, and both roles and nobody else are to come while it is ahead."""
        holders = {person for role in GATE_ROLES if (person := after.holder(role))}
        for visit in after.visits:
            day = after.on_record("visit_planned_on", visit.number)
            planned = visit.appointment("company_visit")
            if after.on_record("visit_held_on", visit.number) is not None:
                continue
            if visit.is_open and day is not None and day.contradicted_by is None:
                assert planned is not None
                assert str(planned.on) == day.fact.value
                assert planned.on < self.story.now.date() or holders == {*planned.told}
            elif planned is not None:
                assert planned.cancelled or planned.on <= self.story.now.date()


# Which lives are drawn follows from the constants of the product's code, so few of them may miss what is rare.
@pytest.mark.parametrize(("lives", "rare"), [(20, set()), pytest.param(600, RARE, marks=pytest.mark.verify)])
def test_what_must_hold_holds_throughout_long_random_lives(lives: int, rare: set[str]) -> None:
    Life.reached = set()

    drawn_alike = settings(derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Life, settings=settings(drawn_alike, max_examples=lives, stateful_step_count=40))

    assert {*REPORTS, *rare} <= Life.reached, "a life was too short or too narrow to try what it should"
