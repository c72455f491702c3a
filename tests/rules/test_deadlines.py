from datetime import UTC, date, datetime, time, timedelta

import pytest

from domain.calendar import Pause, Span, TimeUnit, danish_day, danish_instant, end_of_day
from tests.rules.vocabulary import NOW, Cell, course, judged, parameter, requirement, row, rule_set, stated, visit

YES: Cell = {"fact": "yes", "is": True}
IN_TEN: Cell = {"amount": 10, "unit": "calendar_days", "from": "entered"}


@pytest.mark.parametrize(
    ("deadline", "due"),
    [
        (IN_TEN, datetime(2026, 9, 26, 21, 59, tzinfo=UTC)),
        ({**IN_TEN, "unit": "working_days"}, datetime(2026, 9, 30, 21, 59, tzinfo=UTC)),
        ({**IN_TEN, "from": "fact:day"}, datetime(2026, 9, 19, 21, 59, tzinfo=UTC)),
        ({**IN_TEN, "from": "fact:there_day"}, None),
        ({**IN_TEN, "from": "ready"}, None),
        ({**IN_TEN, "amount": {"param": "limit"}}, datetime(2026, 9, 20, 21, 59, tzinfo=UTC)),
        ({**IN_TEN, "amount": {"param": "limit"}, "dated_by": "fact:day"}, datetime(2026, 9, 19, 21, 59, tzinfo=UTC)),
        ({**IN_TEN, "amount": {"param": "limit"}, "dated_by": "fact:there_day"}, None),
    ],
)
def test_a_deadline_runs_from_its_anchor_and_is_not_known_without_it(deadline: Cell, due: datetime | None) -> None:
    limit = parameter(rows=[row("2020-01-01", 3), row("2026-09-16", 4)])
    sample_rules = rule_set(requirement(YES, deadline=deadline), parameters=[limit])

    assert judged(sample_rules, course(stated("day", "2026-09-01"))).requirements[0].due == due


def test_a_visit_that_began_earlier_in_reality_counts_from_the_end_of_that_day() -> None:
    sample_rules = rule_set(requirement(YES, deadline=IN_TEN))
    state = course(visits=[visit(entered_on=date(2026, 9, 12))])

    assert judged(sample_rules, state).requirements[0].due == datetime(2026, 9, 22, 21, 59, tzinfo=UTC)


def test_a_visit_that_began_long_ago_in_reality_has_a_quarter_of_the_length_from_its_entering() -> None:
    sample_rules = rule_set(requirement(YES, deadline=IN_TEN))
    state = course(visits=[visit(entered_on=date(2026, 8, 1))])

    assert judged(sample_rules, state).requirements[0].due == datetime(2026, 9, 19, 21, 59, tzinfo=UTC)


def test_a_pause_moves_a_deadline_and_one_without_end_stops_it() -> None:
    sample_rules = rule_set(requirement(YES, deadline=IN_TEN))
    begun = NOW + timedelta(days=1)

    ended = course(pauses=[Pause(since=begun, until=begun + timedelta(days=3))])
    running = course(pauses=[Pause(since=begun)])

    assert judged(sample_rules, ended).requirements[0].due == datetime(2026, 9, 29, 21, 59, tzinfo=UTC)
    assert judged(sample_rules, running).requirements[0].due is None


LONG_AGO = visit(entered_at=NOW - timedelta(days=60), entered_on=NOW.date() - timedelta(days=60))
BACK: Cell = {"amount": 10, "unit": "working_days", "before": "fact:day"}


@pytest.mark.parametrize(
    ("deadline", "due"),
    [
        (BACK, datetime(2026, 9, 14, 21, 59, tzinfo=UTC)),
        ({**BACK, "amount": 0}, datetime(2026, 9, 28, 21, 59, tzinfo=UTC)),
        ({**BACK, "unit": "working_hours"}, datetime(2026, 9, 25, 21, 59, tzinfo=UTC)),
        ({**BACK, "unit": "calendar_days"}, datetime(2026, 9, 18, 21, 59, tzinfo=UTC)),
        ({**BACK, "amount": 1, "unit": "calendar_months"}, datetime(2026, 8, 28, 21, 59, tzinfo=UTC)),
        ({**BACK, "amount": {"param": "limit"}}, datetime(2026, 9, 22, 21, 59, tzinfo=UTC)),
        ({**BACK, "before": "fact:there_day"}, None),
    ],
)
def test_a_deadline_may_be_counted_back_from_the_end_of_a_day(deadline: Cell, due: datetime | None) -> None:
    limit = parameter(rows=[row("2020-01-01", 4)])
    sample_rules = rule_set(requirement(YES, deadline=deadline), parameters=[limit])

    state = course(stated("day", "2026-09-28"), visits=[LONG_AGO])

    assert judged(sample_rules, state).requirements[0].due == due


@pytest.mark.parametrize("unit", ["working_days", "calendar_days"])
@pytest.mark.parametrize("day", ["2026-10-05", "2026-09-18", "2026-09-16", "2026-09-01"])
def test_nothing_is_late_before_it_could_be_done(unit: str, day: str) -> None:
    sample_rules = rule_set(requirement(YES, deadline={**BACK, "amount": 30, "unit": unit}))
    state = course(stated("day", day))
    entered, end = state.visits[0].entered_at, danish_instant(date.fromisoformat(day), time(23, 59))

    due = judged(sample_rules, state).requirements[0].due

    assert due is not None
    assert due >= min(end - timedelta(hours=13), entered + (end - entered) / 4)
    assert due <= max(end, end_of_day(danish_day(entered)))


def test_no_pause_moves_what_must_be_done_before_a_day() -> None:
    sample_rules = rule_set(requirement(YES, deadline=BACK))
    paused = course(stated("day", "2026-09-28"), visits=[LONG_AGO], pauses=[Pause(since=NOW - timedelta(days=3))])

    assert judged(sample_rules, paused).requirements[0].due == datetime(2026, 9, 14, 21, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("deadline", "span"),
    [
        (IN_TEN, Span(amount=10, unit=TimeUnit.CALENDAR_DAYS)),
        ({**IN_TEN, "from": "fact:there_day"}, Span(amount=10, unit=TimeUnit.CALENDAR_DAYS)),
        ({**IN_TEN, "amount": {"param": "limit"}, "dated_by": "fact:there_day"}, None),
        (BACK, Span(amount=10, unit=TimeUnit.WORKING_DAYS)),
    ],
)
def test_the_verdict_says_how_long_a_deadline_runs_and_whether_it_is_counted_back(
    deadline: Cell, span: Span | None
) -> None:
    limit = parameter(rows=[row("2020-01-01", 4)])
    sample_rules = rule_set(requirement(YES, deadline=deadline), parameters=[limit])

    verdict = judged(sample_rules, course(stated("day", "2026-09-28"))).requirements[0]

    assert (verdict.span, verdict.counts_back) == (span, deadline is BACK)
