"""The promises as checks of one transition of a course: what it was, what was asked, what happened, what it is."""

from collections.abc import Sequence

from domain import events as ev
from domain.course import CourseState, Status, Visit
from domain.evolve import evolve
from domain.identity import GATE_ROLES
from domain.waiting import WaitingKind
from tests.domain import oracle


def check_transition(before: CourseState, events: Sequence[ev.Event], after: CourseState) -> None:
    """Check P1, P2, P3, P5 and P11 in one transition."""
    state = before
    for event in events:
        if isinstance(event, ev.VisitLeft):
            _check_left(state, event)
        if isinstance(event, ev.BriefingIssued):
            _check_issued(state, event)
        if isinstance(event, ev.VisitEntered) and before.status is not Status.UNBORN:
            assert any(isinstance(e, ev.VisitLeft) and event.step in e.to for e in events), "entered from nowhere"
        state = evolve(state, event)
    _check_told(before, after)
    _check_waits(after)
    _check_ahead(after)


def _check_left(state: CourseState, event: ev.VisitLeft) -> None:
    """P1 and P2: everything required holds, and both are informed of this very version."""
    visit = state.visit(event.visit)
    assert visit is not None
    assert visit.is_open
    assert state.status is Status.OPEN, "advanced while paused or closed"
    if event.closing is None:
        assert oracle.may_leave(state, visit, event.to), "P1/P2: advanced without what is required"
        _check_informed(state, visit, event.version)
        return
    assert event.closing == oracle.facts_of(state, None).get("closing_outcome"), "P9: closed without a decision"
    _check_informed(state, state.open_visits[-1], state.open_visits[-1].versions)


def _check_informed(state: CourseState, visit: Visit, version: int) -> None:
    briefing = visit.briefing
    assert briefing is not None
    assert briefing.version == version == visit.versions
    by_role = {receipt.role: receipt for receipt in briefing.receipts if not receipt.disputed}
    assert set(by_role) == set(GATE_ROLES), "P1: advanced before both are informed"
    for role, receipt in by_role.items():
        assert receipt.person == state.holder(role), "P1: a receipt of somebody who holds the role no more"
        assert receipt.by == receipt.person or receipt.on_behalf is not None
    humans = {receipt.by for receipt in by_role.values()}
    assert len(humans) == len(GATE_ROLES) or state.shared_role, "P1: one human counted twice"
    left = {c.visit for c in state.catch_ups} - {v.number for v in state.open_visits}
    assert not left, "P1: advanced before the absent had caught up"


def _check_issued(state: CourseState, event: ev.BriefingIssued) -> None:
    """P3: versions rise one by one, and only when there is something new to tell."""
    visit = state.visit(event.visit)
    assert visit is not None
    assert event.version == visit.versions + 1
    assert visit.briefing is None or visit.briefing.digest != event.digest


def _check_told(before: CourseState, after: CourseState) -> None:
    """P3: while a briefing stands, its version rises exactly when what it tells has changed."""
    for visit in after.open_visits:
        earlier = before.visit(visit.number)
        if before.is_paused or not (earlier and earlier.briefing and visit.briefing and _is_current(after, visit)):
            continue
        changed = oracle.content(before, earlier) != oracle.content(after, visit)
        assert changed == (visit.briefing.version > earlier.briefing.version), "P3: version and content part ways"


def _is_current(state: CourseState, visit: Visit) -> bool:
    """Say whether the visit is kept up to date: a paused course and the side visits of one that ends are not."""
    return state.status is Status.OPEN and (state.closing_outcome is None or visit is state.open_visits[-1])


def _check_waits(state: CourseState) -> None:
    """P5: an open course names what it waits for, from whom and since when, and will wake; a closed one is at rest."""
    if state.status is Status.COMPLETED:
        assert not state.waiting
        assert state.outcome, "P9: completed without an outcome"
        return
    assert state.waiting, "P5: waits for nothing"
    assert state.wakeup is not None, "P5: never wakes"
    for waiting in state.waiting:
        assert waiting.roles or waiting.persons
    blockers = [w for w in state.waiting if w.kind is not WaitingKind.SILENCE]
    assert blockers, "P5: stands still for no reason that anybody could see"


def _check_ahead(state: CourseState) -> None:
    """P11: the course says exactly when reality is ahead of it."""
    ahead = oracle.facts_of(state, None)
    held = all(visit.step != "work" for visit in state.open_visits)
    begun = _believed(state) and held and state.status in {Status.OPEN, Status.PAUSED}
    assert state.is_ahead_of_informing == begun, f"P11: ahead is {state.ahead}, told {ahead}"


def _believed(state: CourseState) -> bool:
    """Say whether somebody's newest word is that work has begun; what happened is believed though it is disputed."""
    told = [fact for fact in state.facts if fact.fact == "work_begun" and fact.visit is None]
    return bool(told) and bool(max(told, key=lambda f: f.newness).value)
