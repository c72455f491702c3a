"""How a set is counted: steps by their own days, and closing outcomes that there are."""

import pytest

from domain.state.measures import MeasureKind
from rules.burden.course import PlayedCourse
from rules.burden.player import play, usual_group
from rules.calendar.danish_offices import customary
from rules.calendar.working_time import WorkingTime
from rules.engine.book import Book
from rules.loading.library import shipped
from rules.reading.rule_book import rule_book
from tests.rules.flawed import PLAN, TRIAL, flaws, planned


@pytest.mark.parametrize(
    ("measure", "field", "words"),
    [
        ('begins = ["lost"]', ".begins[0]", "the fact 'lost' is not declared"),
        ('begins = ["agreed"]', ".begins[0]", "a step is counted by facts of its own"),
        ('begins = ["meets_at"]', ".begins[0]", "'meets_at' is of type time"),
        ('begins = ["meets_on"], ends = ["meets_at"]', ".ends[0]", "'meets_at' is of type time"),
        ('begins = ["meets_on"], present = ["meets_on"]', ".present[0]", "'meets_on' is of type date"),
    ],
)
def test_a_step_is_counted_by_days_of_its_own(measure: str, field: str, words: str) -> None:
    found = flaws(planned((TRIAL, f'{TRIAL}measure = {{ kind = "trial", {measure} }}\n')))

    assert any(at == f"steps[1].measure{field}" and said.startswith(words) for at, said in found), found


def test_an_outcome_that_clarifies_is_one_of_the_set() -> None:
    document = 'clarifying = ["well"]\n' + planned((PLAN, PLAN))

    assert [at for at, _ in flaws(document)] == ["clarifying[0]"]


@pytest.mark.parametrize("name", ["jobfirst", "jobfirst-vitas", "ips"])
def test_a_straight_course_of_each_shipped_set_is_counted_from_day_one_to_its_close(name: str) -> None:
    rules = next(each for each in shipped() if each.id == name)
    course = PlayedCourse(Book(rules), WorkingTime(customary()), usual_group(rules))
    play(course)

    real = sorted(Book(rules).measures.of(course.state), key=lambda measure: measure.begun_on)

    declared = [step.measure.kind for step in rules.steps if step.measure]
    assert [measure.kind for measure in real if measure.kind is not MeasureKind.CLARIFIED] == declared
    assert all(measure.ended_on is None or measure.ended_on >= measure.begun_on for measure in real)
    both = [measure.both_present for measure in real if measure.kind is MeasureKind.FIRST_VISIT]
    assert both == [None if name == "ips" else True]


def test_the_rule_book_says_how_a_set_is_counted() -> None:
    rules = next(each for each in shipped() if each.id == "jobfirst")

    book = "\n".join(rule_book(Book(rules), "en"))

    assert "In the figures the step counts as trial." in book
    assert "In the figures the citizen is clarified by:" in book
