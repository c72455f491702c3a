from datetime import UTC, date, datetime
from typing import Any

from domain.calendar import Pause
from domain.state.verdict import Kind, Outcome
from domain.state.waiting import Waiting, WaitingKey, WaitingKind
from rules.calendar.data import CalendarData, ClosedDay
from rules.calendar.working_time import WorkingTime
from rules.engine.book import Book
from rules.engine.view import FactStatus
from rules.explain.explain import ENGINE_SEMANTICS, explain
from rules.explain.models import ExplainedRequirement, ExplainedVisit, Explanation
from rules.language.rule_set import RuleSet
from rules.language.text import Text
from rules.loading.read_toml import from_canonical
from tests.rules.vocabulary import (
    NOW,
    TODAY,
    WEEKDAYS,
    Cell,
    contradicted,
    course,
    parameter,
    requirement,
    row,
    rule_set,
    stated,
    visit,
)

YES: Cell = {"fact": "yes", "is": True}
FIVE: Cell = {"fact": "count", "at_least": {"param": "limit"}}
LIMIT = parameter(rows=[row("2020-01-01", 5), row("2027-01-01", 6)])


def explained(sample_rules: RuleSet, state: Any, calendar: WorkingTime = WEEKDAYS) -> Explanation:
    """Return the explanation now."""
    return explain(Book(sample_rules), state, NOW, calendar)


def of_visit(*requirements: Cell, state: Any, **more: Any) -> ExplainedVisit:
    """Return the explanation of the newest visit."""
    return explained(rule_set(*requirements, **more), state).visits[-1]


def of_requirement(must: Cell, *facts: Any, **more: Any) -> ExplainedRequirement:
    """Return the explanation of one requirement."""
    return of_visit(requirement(must), state=course(*facts), **more).requirements[0]


def test_a_schedule_has_its_rows_wherever_it_is_explained() -> None:
    plan = contradicted("plan", "2026-09-01=5 2026-10-01=7.5", "2026-09-01=6")
    is_known = {"not": {"fact": "plan", "is_missing": True}}

    (known,) = of_requirement(is_known, stated("plan", "2026-09-01=5 2026-10-01=7.5")).must.parts[0].values
    (against,) = of_requirement(is_known, *plan).must.parts[0].values
    (count,) = of_requirement({"fact": "count", "is_missing": True}, stated("count", 3)).must.values

    rows = [(date(2026, 9, 1), 5.0), (date(2026, 10, 1), 7.5)]
    assert known.statement is not None
    for shown in (known, known.statement):
        assert [(row.since, row.amount) for row in shown.rows or ()] == rows
    assert against.statement is not None
    assert against.contradicted_by is not None
    assert {len(said.rows or ()) for said in (against.statement, against.contradicted_by)} == {1, 2}
    assert (against.rows, count.rows) == (None, None)


def test_the_same_inputs_give_the_same_bytes() -> None:
    sample_rules = rule_set(requirement({"all": [YES, FIVE]}), parameters=[LIMIT])
    facts = [stated("yes", value=True), stated("count", 4)]

    once = explained(sample_rules, course(*facts)).model_dump_json()
    again = explained(from_canonical(sample_rules.canonical), course(*reversed(facts))).model_dump_json()

    assert once == again
    assert Explanation.model_validate_json(once).model_dump_json() == once


def test_an_explanation_names_rules_engine_and_calendar() -> None:
    sample_rules = rule_set()

    explanation = explained(sample_rules, course())

    assert (explanation.rules, explanation.engine_semantics, explanation.calendar) == (
        sample_rules.reference,
        ENGINE_SEMANTICS,
        WEEKDAYS.reference,
    )
    assert explanation.at == NOW


def test_a_requirement_is_told_with_text_reference_and_the_values_it_compared() -> None:
    explanation = of_requirement(FIVE, stated("count", 4), parameters=[LIMIT])

    assert (explanation.outcome, explanation.text.en, explanation.reference) == (Outcome.UNMET, "It must be so.", "§ 1")
    assert explanation.must.kind == "at_least"
    count, limit = explanation.must.values
    assert (count.name, count.value, count.standing) == ("count", 4, FactStatus.KNOWN)
    assert count.statement is not None
    assert (count.statement.reporter, count.statement.occurred_on) == ("anna", TODAY)
    assert (limit.name, limit.value, limit.valid_from, limit.reference) == ("limit", 5, date(2020, 1, 1), "§ 2")
    assert limit.dated_by == "today"


def test_what_is_not_known_is_named_in_both_languages() -> None:
    both: Cell = {"all": [YES, {"fact": "count", "is": 1}]}

    nothing = of_requirement(both)
    wrong = of_requirement(both, *contradicted("count", 1, 2), stated("yes", "ja"))

    assert [text.da for text in nothing.not_known] == ["Endnu ikke kendt: yes", "Endnu ikke kendt: count"]
    assert [text.en for text in nothing.not_known] == ["Not known yet: yes", "Not known yet: count"]
    assert [text.en for text in wrong.not_known] == ["Cannot be read: yes", "Contradicted: count"]
    contradiction = wrong.must.parts[1].values[0]
    assert contradiction.statement is not None
    assert contradiction.contradicted_by is not None
    assert {contradiction.statement.value, contradiction.contradicted_by.value} == {1, 2}


def test_what_would_not_matter_is_not_named_as_unknown() -> None:
    either: Cell = {"any": [YES, {"fact": "count", "is": 1}]}

    assert of_requirement(either, stated("yes", value=True)).not_known == ()


def test_a_derived_value_is_told_with_what_it_was_reckoned_from() -> None:
    must: Cell = {"derived": "days_between", "of": ["day", "today"], "at_most": 14}

    days, fourteen = of_requirement(must, stated("day", "2026-09-10")).must.values

    assert (days.value, [part.value for part in days.of], fourteen.value) == (6, ["2026-09-10", "2026-09-16"], 14)


def test_weeks_are_told_with_every_report_that_was_made() -> None:
    of: list[str | Cell] = ["plan", "worked", "day", "other_day", "today"]
    must: Cell = {"derived": "total_paid_hours", "of": of, "at_least": 10}
    agreed = [stated("plan", "2026-08-03=5"), stated("day", "2026-09-01")]
    reports = [stated("worked", "7.5", on=date(2026, 9, 2)), stated("worked", 0, on=date(2026, 9, 9), by_system=True)]

    hours = of_requirement(must, *reports[::-1], *agreed).must.values[0]

    plan, weeks, _, ended, today = hours.of
    assert (hours.kind, hours.value, plan.value, today.value) == ("derived", "7.5", "2026-08-03=5", "2026-09-16")
    assert (weeks.kind, weeks.name, weeks.value) == ("weeks", "worked", None)
    assert [(week.value, week.statement and week.statement.by_system) for week in weeks.of] == [
        ("7.5", False),
        (0, True),
    ]
    assert ended.standing is FactStatus.MISSING


def test_what_nothing_can_be_reckoned_from_is_named_and_what_never_ended_is_not() -> None:
    of: list[str | Cell] = ["plan", "worked", "day", "other_day", "today"]
    length: Cell = {"derived": "length_in_days", "of": ["day", "other_day"], "at_most": 28}
    backwards = [stated("day", "2026-09-10"), stated("other_day", "2026-09-01")]

    paid = of_requirement({"derived": "total_paid_hours", "of": of, "at_least": 10}, stated("day", "2026-08-03"))

    assert [text.en for text in paid.not_known] == ["Not known yet: plan"]
    assert [text.en for text in of_requirement(length, *backwards).not_known] == [
        "Gives no result: day",
        "Gives no result: other_day",
    ]


def test_an_explanation_tells_whether_law_method_or_municipality_sets_a_number_and_asks_for_it() -> None:
    own = {**LIMIT, "kind": "local"}

    by_law = of_requirement(FIVE, stated("count", 4), parameters=[LIMIT])
    assert (by_law.kind, by_law.must.values[1].rule_kind) == (Kind.LOCAL, Kind.LAW)
    assert of_requirement(FIVE, stated("count", 4), parameters=[own]).must.values[1].rule_kind is Kind.LOCAL


def test_a_step_that_is_open_beside_the_visit_is_told_as_the_table_and_the_requirement_saw_it() -> None:
    routes: list[Cell] = [{"when": {"open": "there"}, "to": ["here"]}, {"to": ["there"]}]

    explanation = of_visit(requirement({"open": "there"}), state=course(), routes=routes)

    (asked,) = explanation.requirements
    assert (asked.outcome, asked.must.kind, asked.must.open, asked.must.answer) == (Outcome.MET, "open", "there", "yes")
    assert [(row.answer, row.followed) for row in explanation.routes] == [("no", False), ("yes", True)]
    assert explanation.routes[0].when is not None
    assert explanation.routes[0].when.answer == "no"


def test_a_row_says_whether_the_visit_stays_and_whether_it_joins() -> None:
    routes: list[Cell] = [{"when": YES, "to": ["there"], "stay": True}, {"to": ["there"], "join": True}]

    explanation = of_visit(state=course(stated("yes", value=True)), routes=routes)

    assert [(row.stays, row.joins, row.followed) for row in explanation.routes] == [
        (True, False, True),
        (False, True, False),
    ]


def test_every_row_of_a_route_says_why_it_matches_or_not() -> None:
    routes: list[Cell] = [
        {"close": True},
        {"when": {"fact": "colour", "is": "red"}, "to": ["here"]},
        {"when": YES, "to": ["there"]},
        {"to": ["here"]},
    ]

    explanation = of_visit(state=course(stated("colour", "green"), stated("yes", value=True)), routes=routes)
    held = of_visit(state=course(), routes=routes)

    assert [(row.answer, row.followed) for row in explanation.routes] == [
        ("no", False),
        ("no", False),
        ("yes", True),
        ("yes", False),
    ]
    assert explanation.routes[1].when is not None
    assert explanation.routes[1].when.values[0].value == "green"
    assert explanation.routes[0].closing_outcome is not None
    assert explanation.routes[0].closing_outcome.standing is FactStatus.MISSING
    assert [row.followed for row in held.routes] == [False] * 4
    assert [text.en for text in held.routes[1].not_known] == ["Not known yet: colour"]
    assert held.would_advance_with.route_from


def test_what_would_let_it_advance_is_every_need_and_no_cell_too_many() -> None:
    must: Cell = {
        "all": [
            YES,
            {"any": [{"fact": "count", "is": 1}, {"all": [{"fact": "count", "is": 2}, {"fact": "hours", "is": 1}]}]},
        ]
    }
    unwanted = {**requirement({"not": {"any": [YES, {"fact": "colour", "is": "red"}]}}), "id": "unwanted"}
    warns = {**requirement({"fact": "hours", "is": 1}, level="warn"), "id": "warns"}
    state = course(stated("yes", value=True), stated("count", 3))

    way = of_visit(requirement(must), unwanted, warns, state=state).would_advance_with

    assert [need.requirement for need in way.needs] == ["asked", "unwanted"]
    first, second = way.needs
    assert [[value.name or value.value for value in cell.values] for cell in first.cells] == [["count", 1]]
    assert first.wanted == ("yes",)
    assert [cell.values[0].name for cell in second.cells] == ["yes", "colour"]
    assert second.wanted == ("no", "no")


def test_a_deadline_is_told_line_by_line() -> None:
    deadline: Cell = {"amount": {"param": "limit"}, "unit": "working_days", "from": "entered"}
    closing = WorkingTime(CalendarData(closed_days=(ClosedDay(on=date(2026, 9, 18), label=Text(da="Lukkedag")),)))
    pause = Pause(since=datetime(2026, 9, 21, 7, 0, tzinfo=UTC), until=datetime(2026, 9, 22, 7, 0, tzinfo=UTC))
    sample_rules = rule_set(requirement(YES, deadline=deadline), parameters=[LIMIT])

    state = course(pauses=[pause])
    explanation = explained(sample_rules, state, closing).visits[0].requirements[0].deadline

    assert explanation is not None
    assert explanation.due == datetime(2026, 9, 25, 21, 59, tzinfo=UTC)
    assert [(line.since, line.why.da) for line in explanation.skipped] == [
        (date(2026, 9, 18), "Lukkedag"),
        (date(2026, 9, 21), "Pause"),
    ]
    assert (explanation.amount.value, explanation.counted_from) == (5, "entered")
    assert explanation.due == Book(sample_rules).judge(state, NOW, closing).visits[0].requirements[0].due


def test_a_deadline_counted_back_from_a_day_is_told_line_by_line() -> None:
    deadline: Cell = {"amount": 5, "unit": "working_days", "before": "fact:day"}
    closing = WorkingTime(CalendarData(closed_days=(ClosedDay(on=date(2026, 9, 30), label=Text(da="Lukkedag")),)))
    sample_rules = rule_set(requirement(YES, deadline=deadline))
    state = course(stated("day", "2026-10-02"))

    explanation = explained(sample_rules, state, closing).visits[0].requirements[0].deadline

    assert explanation is not None
    assert (explanation.since, explanation.counted_from, explanation.counted_back_from) == (None, None, "fact:day")
    assert explanation.due == Book(sample_rules).judge(state, NOW, closing).visits[0].requirements[0].due
    assert explanation.due is not None
    assert explanation.due.date() == date(2026, 9, 24)
    assert [(line.since, line.why.da) for line in explanation.skipped] == [(date(2026, 9, 30), "Lukkedag")]


def test_a_shortened_deadline_tells_until_when_the_running_wait_is_held() -> None:
    deadline: Cell = {"amount": {"param": "limit"}, "unit": "working_days", "from": "entered"}
    sample_rules = rule_set(requirement(YES, deadline=deadline), parameters=[LIMIT])
    due, longer = datetime(2026, 9, 23, 21, 59, tzinfo=UTC), datetime(2026, 9, 30, 8, 0, tzinfo=UTC)

    def held_to(until: datetime | None, visit: int = 1) -> datetime | None:
        wait = Waiting(key=WaitingKey(kind=WaitingKind.REQUIREMENT, visit=visit, what="asked"), since=NOW, until=until)
        explanation = explained(sample_rules, course(waiting=[wait])).visits[0].requirements[0].deadline
        assert explanation is not None
        assert explanation.due == due
        return explanation.held_to

    assert held_to(longer) == longer
    assert held_to(due) is None
    assert held_to(None) is None
    assert held_to(longer, visit=2) is None


def test_a_deadline_without_a_start_says_so() -> None:
    deadline: Cell = {"amount": 5, "unit": "working_days", "from": "fact:day"}

    explanation = of_visit(requirement(YES, deadline=deadline), state=course()).requirements[0].deadline

    assert explanation is not None
    assert (explanation.since, explanation.due, explanation.amount.value) == (None, None, 5)


def test_a_step_that_the_rules_do_not_have_is_told_as_a_hold() -> None:
    explanation = explained(rule_set(), course(visits=[visit(1, "elsewhere")])).visits[0]

    assert (explanation.label, explanation.is_ready, explanation.requirements, explanation.routes) == (
        None,
        False,
        (),
        (),
    )
    assert explanation.would_advance_with.route_from


def test_the_explanation_and_the_verdict_agree() -> None:
    sample_rules = rule_set(requirement(YES), requirement(FIVE, when=YES) | {"id": "second"}, parameters=[LIMIT])
    for facts in ([], [stated("yes", value=True)], [stated("yes", value=True), stated("count", 7)]):
        state = course(*facts, visits=[visit(1), visit(2, "there")])

        verdict, explanation = Book(sample_rules).judge(state, NOW, WEEKDAYS), explained(sample_rules, state)

        assert [v.is_ready for v in explanation.visits] == [v.is_ready for v in verdict.visits]
        assert [[r.outcome for r in v.requirements] for v in explanation.visits] == [
            [r.outcome for r in v.requirements] for v in verdict.visits
        ]
        assert explanation.changes_at == verdict.changes_at
