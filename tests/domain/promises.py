"""The promises as checks of one transition of a course: what it was, what was asked, what happened, what it is."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from domain import events as ev
from domain.calendar import Calendar
from domain.evolve import evolve
from domain.identity import GATE_ROLES
from domain.state.course import CourseState, Status, Visit
from domain.state.verdict import Kind, LeftRequirement
from domain.state.waiting import WaitingKind
from rules.engine.book import Book
from tests.domain import oracle

Advance = ev.VisitLeft | ev.VisitBranched
_TINY_STEPS = ("talk", "trial", "work")
WayOf = Callable[[CourseState, Visit, Advance], list[str] | None]


def check_transition(before: CourseState, events: Sequence[ev.Event], after: CourseState) -> None:
    """Check P1, P2, P3, P5 and P11 in one transition under the tiny rules."""
    check_promises(before, events, after, _way_by_the_tiny_rules)
    _check_version(before, after)
    _check_ahead(after)


def check_promises(before: CourseState, events: Sequence[ev.Event], after: CourseState, way_of: WayOf) -> None:
    """Check what holds in one transition under any rules; `way_of` says what an advance enters if it may be."""
    state = before
    to_enter: list[str] = []
    for event in events:
        if isinstance(event, ev.VisitLeft | ev.VisitBranched):
            to_enter = _check_advanced(state, event, way_of)
            check_shown(state, event)
        if isinstance(event, ev.BriefingIssued):
            _check_issued(state, event)
            _check_waited(state, event)
        if isinstance(event, ev.VisitEntered) and before.status is not Status.NOT_STARTED:
            assert to_enter[:1] == [event.step], "entered from nowhere"
            to_enter = to_enter[1:]
        earlier, state = state, evolve(state, event)
        _check_joined(event, state)
        _check_anew(earlier, event, state)
    assert not to_enter, "did not enter where the way leads"
    check_observers(after)
    _check_waits(after)


def _check_advanced(state: CourseState, event: Advance, way_of: WayOf) -> list[str]:
    """P1 and P2: everything required holds, and both are informed of this very version; return what is entered."""
    visit = state.visit(event.visit)
    assert visit is not None
    assert visit.is_open
    assert state.status is Status.OPEN, "advanced while paused or closed"
    if isinstance(event, ev.VisitLeft) and event.closing is not None:
        assert event.closing == oracle.facts_of(state, None).get("closing_outcome"), "P9: closed without a decision"
        check_informed(state, state.open_visits[-1], state.open_visits[-1].versions)
        return []
    check_informed(state, visit, event.version)
    entered = way_of(state, visit, event)
    assert entered is not None, "P1/P2: advanced without what is required"
    return entered


def _way_by_the_tiny_rules(state: CourseState, visit: Visit, event: Advance) -> list[str] | None:
    way = oracle.way_on(state, visit)
    stays = isinstance(event, ev.VisitBranched)
    if way is None or not oracle.may_advance(state, visit, event.to, stays=stays):
        return None
    return oracle.entered(state, visit, way)


def check_shown(state: CourseState, event: Advance) -> None:
    """P1, P3: the version that both acknowledged shows every note for both of what is left; the last one, all."""
    is_last = isinstance(event, ev.VisitLeft) and event.closing is not None
    acknowledged = state.open_visits[-1] if is_last else state.visit(event.visit)
    assert acknowledged is not None
    assert acknowledged.briefing is not None
    shown = {*acknowledged.briefing.manifest.notes, *acknowledged.briefing.manifest.first_notes}
    notes = [n for n in state.notes if (n.answered_in or n.visit) == event.visit and oracle.is_for_both(n)]
    assert {n.id for n in notes if is_last or not n.may_wait} <= shown, "P1: advanced before both heard of a note"
    left = state.visit(event.visit)
    assert left is not None
    unheard = set(left.waivers) - set(acknowledged.briefing.manifest.waivers)
    assert not unheard, "P1: advanced before both heard of a waiver"


def _check_waited(state: CourseState, event: ev.BriefingIssued) -> None:
    """P3: what could wait in a visit that is left heads the next version, whatever that is of."""
    left = {visit.number for visit in state.visits if not visit.is_open}
    waited = {n.id for n in state.notes if n.waits_for_version and n.visit in left and oracle.is_for_both(n)}
    assert waited <= set(event.manifest.notes), "P3: what could wait was forgotten"
    known = {n.id for n in state.notes if oracle.is_known_ever_after(n) and not n.may_wait}
    assert known <= {*event.manifest.notes, *event.manifest.knowledge}, "P13: what is known was forgotten"


def check_informed(state: CourseState, visit: Visit, version: int) -> None:
    briefing = visit.briefing
    assert briefing is not None
    assert briefing.version == version == visit.versions
    assert version > visit.used_up, "P1: one version advanced a visit twice"
    assert not visit.open_disputes, "P1: advanced in spite of a dispute"
    by_role = {receipt.role: receipt for receipt in briefing.receipts if not receipt.disputed}
    assert set(by_role) == set(GATE_ROLES), "P1: advanced before both are informed"
    for role, receipt in by_role.items():
        assert receipt.person == state.holder(role), "P1: a receipt of somebody who holds the role no more"
        assert receipt.by == receipt.person or receipt.on_behalf is not None
    humans = {receipt.by for receipt in by_role.values()}
    assert len(humans) == len(GATE_ROLES) or state.shared_role, "P1: one human counted twice"


def _check_joined(event: ev.Event, after: CourseState) -> None:
    """P11: nothing is left waiting for a visit to a step whose open visit was joined."""
    joined = {visit.step for visit in after.visits if isinstance(event, ev.VisitLeft) and visit.number in event.joined}
    assert not any(fact.visit is None and fact.step in joined for fact in after.facts), "P11: told of no visit"


def _check_anew(before: CourseState, event: ev.Event, after: CourseState) -> None:
    """P2: where a step is entered again, nothing told ahead of a later one counts but what reality is at."""
    if not isinstance(event, Advance):
        return
    assert len(after.facts) == len(before.facts), "P2: forgotten"
    joined = {v.step for v in before.visits if isinstance(event, ev.VisitLeft) and v.number in event.joined}
    visited = {visit.step for visit in before.visits if not visit.withdrawn}
    again = [_TINY_STEPS.index(step) for step in event.to if step in visited - joined and step in _TINY_STEPS]
    later = set(_TINY_STEPS[min(again) + 1 :]) if again else set()
    told = {fact.step for fact in after.facts if fact.visit is None}
    assert not told & later.difference(event.to, before.ahead_of_informing), "P2: counts for another place"


def check_observers(state: CourseState) -> None:
    """P1: who only observes is asked for nothing and holds nothing."""
    observers = {observer.person for observer in state.observers}
    assert not observers & {party.person for party in state.parties}
    assert not observers & {person for waiting in state.waiting for person in waiting.persons}
    assert not observers & {r.person for v in state.visits if v.briefing for r in v.briefing.receipts}


def _check_issued(state: CourseState, event: ev.BriefingIssued) -> None:
    """P3: versions rise one by one, and only when there is something new to tell."""
    visit = state.visit(event.visit)
    assert visit is not None
    assert event.version == visit.versions + 1
    assert visit.briefing is None or visit.briefing.digest != event.digest


def _check_version(before: CourseState, after: CourseState) -> None:
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
    """P11: the course says exactly when reality is ahead of it, though an older visit of the step is open."""
    begun = _believed(state) and state.status in {Status.OPEN, Status.PAUSED}
    assert state.is_ahead_of_informing == begun, f"P11: told {oracle.facts_of(state, None)}"


def _believed(state: CourseState) -> bool:
    """Say whether somebody's newest word is that work has begun; what happened is believed though it is disputed."""
    statements = [fact for fact in state.facts if fact.fact == "work_begun" and fact.visit is None]
    return bool(statements) and bool(max(statements, key=lambda f: f.newness).value)


def check_rungs(before: CourseState, after: CourseState, now: datetime) -> None:
    """P6: a rung that was fired stays fired, and none that is due is left."""
    levels = {w.key: w.level for w in before.waiting}
    for waiting in after.waiting:
        assert waiting.level >= levels.get(waiting.key, 0), f"P6: {waiting.key} falls back"
        due = waiting.next_rung_at
        assert due is None or due > now, f"P6: {waiting.key} leaves a rung that is due"


def check_waits(after: CourseState, now: datetime) -> None:
    """P5: an open course waits for something, and will wake; a closed one does neither."""
    is_alive = after.status is not Status.COMPLETED
    assert bool(after.waiting) == is_alive
    assert (after.wakeup is not None) == is_alive
    assert after.wakeup is None or after.wakeup >= now
    assert all(w.persons or w.roles for w in after.waiting)


def check_births(before: CourseState, after: CourseState, now: datetime, law: Collection[str]) -> None:
    """P6: no command makes a deadline of anything that the `law` does not ask be over; only time does."""
    late = {w.key for w in before.waiting if w.until is not None and w.until <= now}
    reckoned = (w for w in after.waiting if w.reckoned is not None and w.key not in late)
    for waiting in reckoned:
        if waiting.what not in law:
            assert waiting.until is None or waiting.until > now, f"P6: {waiting.key} is late at once"


def check_re_pinned(before: CourseState, after: CourseState, book: Book, now: datetime, calendar: Calendar) -> None:
    """P3, P6: a re-pin makes no version and voids no receipt but where it leads elsewhere, and overruns nobody."""
    verdicts = {verdict.visit: verdict for verdict in book.judge(after, now, calendar).visits}
    for visit in after.open_visits:
        earlier = before.visit(visit.number)
        if earlier is None or earlier.briefing is None or visit.briefing is None:
            continue
        leads_elsewhere = visit.briefing.manifest.route != earlier.briefing.manifest.route
        assert leads_elsewhere or visit.briefing == earlier.briefing, "P3: a re-pin alone makes a version"
    formerly = {waiting.key: waiting for waiting in before.waiting}
    for waiting in (waiting for waiting in after.waiting if waiting.kind is WaitingKind.REQUIREMENT):
        judged = next(r for r in verdicts[waiting.visit or 0].requirements if r.requirement == waiting.what)
        former = formerly.get(waiting.key)
        had = former.until if former is not None else None
        if waiting.until is None or judged.span is None or judged.counts_back or (had and waiting.until >= had):
            continue
        whole = calendar.after(now, judged.span)
        assert waiting.until >= (min(whole, had) if had else whole), f"P6: {waiting.key} is overrun by a re-pin"


def check_left(before: CourseState, events: Sequence[ev.Event], after: CourseState, book: Book) -> None:
    """P3: what is asked of a step that was left is what a re-pin was to ask, and in the next step entered alone."""
    state = before
    for event in events:
        if isinstance(event, ev.VisitEntered):
            entered = evolve(state, event).visits[-1]
            assert entered.asks_left == tuple(left for left in state.ask_next if left.step != event.step)
        if isinstance(event, ev.CourseRePinned):
            was_asked = {*state.ask_next, *(left for visit in state.open_visits for left in visit.asks_left)}
            _check_newly_asked({*event.asked_left} - was_asked, state)
        earlier, state = state, evolve(state, event)
        for visit in earlier.visits:
            kept = state.visit(visit.number)
            assert kept is None or set(kept.asks_left) <= set(visit.asks_left), "asked where the course stands"
    for visit in after.open_visits if after.closing_outcome is None else ():
        elsewhere = {r for step in book.steps if step != visit.step for r in book.holding(step)}
        asked = elsewhere & visit.judgement.outcomes.keys()
        assert asked == elsewhere & {left.requirement for left in visit.asks_left}, "asks what is of another step"


def _check_newly_asked(new: set[LeftRequirement], state: CourseState) -> None:
    """Check that only steps that are left are asked of."""
    left = {visit.step for visit in state.visits if not visit.is_open and not visit.withdrawn}
    assert {one.step for one in new} <= left - {visit.step for visit in state.open_visits}


def asked_by_law(book: Book) -> frozenset[str]:
    """Return the requirements of law."""
    return frozenset(r.id for step in book.rule_set.steps for r in step.requirements if r.kind is Kind.LAW)
