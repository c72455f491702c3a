"""What another system tells comes late, twice and in any order, and the course ends up the same (P7, P11)."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any, NamedTuple

import pytest

from domain import commands as cmd
from domain.errors import Code
from domain.identity import Actor
from domain.state.course import CourseState, Visit
from domain.state.waiting import WaitingKind
from tests.domain.vocabulary import ANNA, BO, CASE_SYSTEM, MONDAY, Story, default_book, tiny_book
from tests.domain.wider import both_acknowledge

FRIDAY, MONDAY_ON = date(2026, 9, 4), date(2026, 9, 7)

ORDERS = pytest.mark.parametrize(
    "orders", [pytest.param(20, id="some"), pytest.param(400, id="many", marks=pytest.mark.verify)]
)


class Report(NamedTuple):
    """One event of a feed: what, about which day, and when its source issued it."""

    event: str
    facts: dict[str, Any]
    occurred_on: date
    issued_at: datetime | None
    by: Actor = CASE_SYSTEM


def issued(hours: int) -> datetime:
    return MONDAY - timedelta(hours=hours)


FEED = [
    Report("e1", {"way": "trial"}, FRIDAY, issued(50)),
    Report("e2", {"way": "work"}, MONDAY_ON, issued(9)),
    Report("e3", {"way": "both"}, MONDAY_ON, issued(5)),
    Report("e4", {"contract": False}, MONDAY_ON, issued(6)),
    Report("e5", {"contract": True}, MONDAY_ON, issued(4)),
    Report("e6", {"contract": False}, MONDAY_ON, issued(8)),
    Report("e7", {"work_begun": True}, FRIDAY, issued(30)),
]
AGREED = Report("a1", {"agreed": True}, MONDAY_ON, None, ANNA)
CONTRADICTION = Report("b1", {"contract": False}, MONDAY_ON, None, BO)


def after(feed: list[Report]) -> Story:
    """Return the course after a feed; the same event twice has the same id, and is once."""
    story = Story(rules=tiny_book()).starts(started_on=FRIDAY)
    seen: set[str] = set()
    for number, told in enumerate(feed):
        if told.event in seen:
            continue
        seen.add(told.event)
        story.now = MONDAY + timedelta(minutes=number)
        story.told = int(told.event[1:]) * 1000 + ord(told.event[0])
        what = {"facts": told.facts, "occurred_on": told.occurred_on, "issued_at": told.issued_at}
        story.command(cmd.ReportFacts, told.by, **what)
    story.now = MONDAY + timedelta(hours=1)
    return story


def stand(state: CourseState) -> object:
    """Return what a course says, but for when it was heard and how often it was told."""
    on_record = {(f.fact, f.visit): state.on_record(f.fact, f.visit) for f in state.facts}
    counts = {place: (entry.fact.value, entry.contradicted_by is None) for place, entry in on_record.items() if entry}
    visits = [(v.step, v.is_open, v.entered_on, v.to, v.judgement.ready and _briefing_digest(v)) for v in state.visits]
    gates = {WaitingKind.REQUIREMENT, WaitingKind.DECISION, WaitingKind.ASSIGNMENT}
    waits = sorted((w.kind, w.what, w.visit) for w in state.waiting if w.kind in gates)
    return counts, visits, waits, state.ahead_of_informing, state.status


def _briefing_digest(visit: Visit) -> str | None:
    """Return what the briefing of a visit tells; one that is not ready may have been briefed on the way, or not."""
    return visit.briefing.digest if visit.briefing else None


def shuffled(feed: list[Report], seed: int) -> list[Report]:
    """Return a feed in another order, some of it more than once."""
    random = Random(seed)  # noqa: S311 - It orders, and guards nothing.
    order = [*feed, *random.choices(feed, k=4)]
    random.shuffle(order)
    return order


@ORDERS
@pytest.mark.parametrize("more", [[], [AGREED], [AGREED, CONTRADICTION]], ids=["fed", "agreed", "contradicted"])
def test_the_course_ends_up_the_same_whatever_the_order_and_repetition(more: list[Report], orders: int) -> None:
    feed = [*FEED, *more]
    expected = stand(after(feed).state)

    for seed in range(orders):
        assert stand(after(shuffled(feed, seed)).state) == expected, f"seed {seed}"


def test_of_two_events_about_one_day_the_one_issued_last_counts_however_late_it_comes() -> None:
    earlier, later = FEED[1], FEED[2]

    for order in ([earlier, later], [later, earlier]):
        on_record = after(order).state.on_record("way", 1)
        assert on_record is not None
        assert on_record.fact.value == "both"


def test_two_events_issued_at_the_same_instant_end_up_the_same_in_either_order() -> None:
    twins = [FEED[1], FEED[2]._replace(issued_at=FEED[1].issued_at)]

    assert stand(after(twins).state) == stand(after(twins[::-1]).state)


@ORDERS
def test_a_contradiction_is_a_hold_in_every_order(orders: int) -> None:
    feed = [*FEED, AGREED, CONTRADICTION]

    for seed in range(orders):
        story = after(shuffled(feed, seed))
        on_record = story.state.on_record("contract")
        assert on_record is not None
        assert on_record.contradicted_by is not None
        if story.version is not None:
            both_acknowledge(story)
        assert story.steps == ["talk"], "P2: what is contradicted is no yes"


def test_what_a_system_tells_of_a_step_to_come_is_kept_for_it_and_a_person_is_told_where_it_belongs() -> None:
    story = Story(rules=default_book()).starts("cash_benefit_activity_ready")
    of_the_trial = {"trial_ended_on": "2026-09-07"}

    assert story.refusal(cmd.ReportFacts, BO, facts=of_the_trial) is Code.FACT_NOT_EXPECTED
    story.command(cmd.ReportFacts, CASE_SYSTEM, facts=of_the_trial)

    on_record = story.state.on_record("trial_ended_on")
    assert on_record is not None
    assert on_record.fact.step == "trial"


def test_a_source_cannot_issue_in_the_future() -> None:
    story = Story().starts()
    what = {"facts": {"way": "work"}, "issued_at": MONDAY + timedelta(minutes=6)}

    assert story.refusal(cmd.ReportFacts, CASE_SYSTEM, **what) is Code.IN_THE_FUTURE
    story.command(cmd.ReportFacts, CASE_SYSTEM, facts={"way": "work"}, issued_at=MONDAY + timedelta(minutes=4))


def test_ids_of_statements_follow_from_their_event_so_that_they_are_the_same_in_every_order() -> None:
    one, other = after(FEED), after(FEED[::-1])

    assert {f.id for f in one.state.facts} == {f.id for f in other.state.facts}
