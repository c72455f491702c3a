"""Long random lives under the shipped rules, with time: what must hold after every command is checked after each."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from domain import commands as cmd
from domain import events as ev
from domain.briefing import OnBehalfReason
from domain.course import CourseState, Status
from domain.errors import RefusedError
from domain.evolve import evolve
from domain.facts import NoteKind
from domain.identity import ENGINE_ACTOR, GATE_ROLES, Actor, Role
from domain.waiting import Waiting, WaitingKind
from tests.story import ANNA, BO, CARL, CASE_SYSTEM, COURSE, MONDAY, SARA, Story, default_book

RULES = default_book()
REASON = uuid5(COURSE, "reason")
MOST_WAKINGS = 400

PEOPLE = (ANNA, BO, CARL)
people = st.sampled_from([*PEOPLE, SARA])
parties = st.sampled_from(PEOPLE)
spans = st.timedeltas(timedelta(hours=1), timedelta(weeks=6))
statements = st.sampled_from(
    [
        (ANNA, {"first_interview_on": "2026-09-07", "job_goal_agreed": True, "goal_paid_hours": 10}),
        (BO, {"goal_paid_hours": 20}),
        (CASE_SYSTEM, {"first_interview_on": "2026-09-08"}),
        (BO, {"company_cvr": "13585628", "company_p_number": "1003388394", "visit_held_on": "2026-09-07"}),
        (BO, {"paid_hours_agreed": 6, "contract_signed": True}),
        (ANNA, {"visit_outcome": "match"}),
        (BO, {"visit_outcome": "no_match"}),
        (BO, {"paid_hours_started_on": "2026-09-07", "weekly_hours": 8}),
        (CASE_SYSTEM, {"paid_hours_started_on": "2026-12-01"}),
        (ANNA, {"follow_up_on": "2026-09-14"}),
    ]
)


def comes_again(notice: ev.NoticeRaised, before: CourseState, after: CourseState) -> bool:
    """Say whether what a notice tells of had gone and is here anew; it is then the same notice, to be done again."""
    if notice.about == "ahead":
        return not {*after.ahead} <= {*before.ahead}
    return notice.waiting is not None and notice.waiting not in {waiting.key for waiting in before.waiting}


class Life(RuleBasedStateMachine):
    """One course; every command goes through `does`, which checks what it did."""

    @initialize(
        number=st.sampled_from([0, 1, 450, 899]),
        days_ago=st.sampled_from([0, 0, 3, 40]),
        shared=st.sampled_from([False, False, True]),
    )
    def begins(self, number: int, days_ago: int, shared: bool) -> None:  # noqa: FBT001 - Hypothesis gives it by name
        course = UUID(int=COURSE.int - COURSE.int % 900 + number)
        self.story = Story(rules=RULES, state=CourseState(course=course, municipality="0990"))
        self.notices: set[UUID] = set()
        started_on = (MONDAY - timedelta(days=days_ago)).date()
        consultant = cmd.PartyClaim() if shared else cmd.PartyClaim(person="bo")
        before, told = self.story.state, len(self.story.events)
        group = "cash_benefit_activity_ready"
        self.story.starts(group, started_on=started_on, shared_role=shared, company_consultant=consultant)
        self.check(before, self.story.events[told:])

    def does(self, kind: type[Any], actor: Actor, **what: Any) -> None:
        """Give a command, which may be refused, and check everything after it."""
        before = self.story.state
        try:
            events = self.story.command(kind, actor, **what)
        except RefusedError:
            assert self.story.state is before
            return
        self.check(before, list(events))

    @rule(statement=statements)
    def states(self, statement: tuple[Actor, dict[str, Any]]) -> None:
        self.does(cmd.ReportFacts, statement[0], facts=statement[1])

    @rule(actor=people, kind=st.sampled_from(NoteKind), agreed=st.booleans())
    def adds_a_note(self, actor: Actor, kind: NoteKind, agreed: bool) -> None:  # noqa: FBT001 - as above
        to = Role.COMPANY_CONSULTANT if kind is NoteKind.QUESTION else None
        note = uuid5(COURSE, f"note {self.story.told}")
        self.does(cmd.AddNote, actor, note=note, note_kind=kind, changes_the_agreement=agreed, to=to)

    @precondition(lambda self: any(n.kind is NoteKind.QUESTION for n in self.story.state.notes))
    @rule()
    def answers(self) -> None:
        asked = next(n for n in self.story.state.notes if n.kind is NoteKind.QUESTION)
        note = uuid5(COURSE, f"note {self.story.told}")
        self.does(cmd.AddNote, BO, note=note, note_kind=NoteKind.OBSERVATION, answers=asked.id)

    @rule()
    def shares_all_of_intake(self) -> None:
        self.does(
            cmd.ReportFacts,
            ANNA,
            facts={"first_interview_on": "2026-09-07", "job_goal_agreed": True, "goal_paid_hours": 10},
        )
        for actor, kind in ((ANNA, NoteKind.RESOURCE), (ANNA, NoteKind.BARRIER), (BO, NoteKind.OPPORTUNITY)):
            self.does(cmd.AddNote, actor, note=uuid5(COURSE, f"note {self.story.told}"), note_kind=kind)

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
    def catches_up(self, actor: Actor) -> None:
        for due in self.story.state.catch_ups:
            self.does(cmd.Acknowledge, actor, briefing=due.visit, version=due.version)

    @rule(actor=parties)
    def disputes(self, actor: Actor) -> None:
        for visit in self.story.state.open_visits[-1:]:
            self.does(cmd.Dispute, actor, briefing=visit.number, version=visit.versions, reason=REASON)

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

    @rule(since=st.none() | spans, until=st.none() | spans)
    def pauses(self, since: timedelta | None, until: timedelta | None) -> None:
        now = self.story.now
        period = {"since": now - since if since else None, "until": now + until if until else None}
        self.does(cmd.PauseCourse, SARA, reason=REASON, **period)

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
        self.check_notices(before, after, [e for e in events if isinstance(e, ev.NoticeRaised)])
        self.check_levels(before, after)
        self.check_advances(before, events)
        self.check_waits(after)
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
            waiting = waits[notice.waiting or ""]
            assert notice.level == waiting.level, "P6: another than the highest overdue rung"
            if waiting.kind is WaitingKind.ACKNOWLEDGEMENT and notice.recipient.startswith("supervisors/"):
                self.check_last_thing(after, waiting)

    def check_last_thing(self, after: CourseState, waiting: Waiting) -> None:
        """P6: the supervisors hear of a missing receipt only when nothing else is missing."""
        visit = after.visit(waiting.visit or 0)
        assert visit is not None
        assert visit.judgement.ready, "P6: the supervisors are told although the gate is not met"

    def check_levels(self, before: CourseState, after: CourseState) -> None:
        """P6: a rung that was fired stays fired, and none that is due is left."""
        levels = {w.key: w.level for w in before.waiting}
        for waiting in after.waiting:
            assert waiting.level >= levels.get(waiting.key, 0), f"P6: {waiting.key} falls back"
            due = waiting.next_rung_at
            assert due is None or due > self.story.now, f"P6: {waiting.key} leaves a rung that is due"

    def check_advances(self, before: CourseState, events: list[ev.Event]) -> None:
        """P1: what is left is left with both informed of the current version."""
        state = before
        closed = any(isinstance(event, ev.CourseCompleted) for event in events)
        for event in events:
            newest = state.open_visits[-1].number if state.open_visits else None
            if isinstance(event, ev.VisitLeft) and (not closed or event.visit == newest):
                self.check_informed(state, event)
            state = evolve(state, event)

    def check_informed(self, state: CourseState, event: ev.VisitLeft) -> None:
        visit = state.visit(event.visit)
        assert visit is not None
        assert visit.briefing is not None
        assert visit.briefing.version == event.version == visit.versions
        receipts = {r.role: r for r in visit.briefing.receipts if not r.disputed}
        assert {role: r.person for role, r in receipts.items()} == {role: state.holder(role) for role in GATE_ROLES}
        assert state.shared_role or len({r.by for r in receipts.values()}) == len(GATE_ROLES), "P1: one human twice"
        assert state.status is Status.OPEN

    def check_waits(self, after: CourseState) -> None:
        """P5: an open course waits for something, and will wake; a closed one does neither."""
        is_alive = after.status is not Status.COMPLETED
        assert bool(after.waiting) == is_alive
        assert (after.wakeup is not None) == is_alive
        assert after.wakeup is None or after.wakeup >= self.story.now
        assert all(w.persons or w.roles for w in after.waiting)


TestLife = Life.TestCase
TestLife.settings = settings(
    max_examples=200,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
