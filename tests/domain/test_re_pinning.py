"""A course follows other rules by a recorded re-pin: nobody is overrun, and it can be taken back (P3, P6)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

import pytest

from domain import commands as cmd
from domain import events as ev
from domain.calendar import Span, TimeUnit
from domain.errors import Code
from domain.state.briefing import Manifest
from domain.state.waiting import Waiting, WaitingKind
from rules.engine.book import Book
from rules.loading.read_toml import read_rule_set
from tests.domain.vocabulary import ANNA, BO, SARA, Story, tiny_book
from tests.rules.own_sets import NUMBER, TOML

FIVE_DAYS: Final = Span(amount=5, unit=TimeUnit.WORKING_DAYS)
MAPPED: Final = (
    TOML.replace('values = { a = "A" }', 'values = { b = "B" }')
    .replace('target_group = "a"', 'target_group = "b"')
    .replace("[reminders]", '[mappings.target_group]\na = "b"\n\n[reminders]', 1)
)


def other(change: Callable[[str], str] = lambda toml: toml, toml: str = TOML) -> Book:
    """Return another version of the small rules."""
    changed = change(toml.replace('version = "1"', 'version = "2"'))
    return Book(read_rule_set(changed, "other.toml"))


def with_days(days: int, reminder: int | None = None) -> str:
    """Return the small rules with a deadline, and a reminder, of so many working days for the agreement."""
    deadline = 'deadline = { amount = "days", from = "entered" }'
    toml = TOML.replace('must = { yes = "agreed" }', f'must = {{ yes = "agreed" }}\n{deadline}')
    toml = toml.replace("[reminders]", NUMBER.format(days=days) + "\n[reminders]", 1)
    if reminder is None:
        return toml
    slow = f'requirement = [\n  {{ after = "{reminder} working_days", tell = "both" }},\n  {{ after = "30 working_days"'
    return toml.replace(
        'requirement = [\n  { after = "0 working_days", tell = "both" },\n  { after = "1 working_days"', slow
    )


def agreement(story: Story) -> Waiting:
    """Return the wait for the agreement."""
    return next(w for w in story.state.waiting if w.kind is WaitingKind.REQUIREMENT and w.what == "is_agreed")


def shown(story: Story) -> Manifest:
    """Return what the current version of the newest open visit shows."""
    assert story.visit.briefing is not None
    return story.visit.briefing.manifest


def both_acknowledge(story: Story) -> None:
    """Let both acknowledge what stands."""
    story.acknowledges(ANNA)
    story.acknowledges(BO)


def test_a_re_pin_is_recorded_and_makes_no_version_and_voids_no_receipt() -> None:
    story = Story().starts()
    story.reports(ANNA, agreed=True, way="trial")
    story.acknowledges(ANNA)
    before, rules = story.visit.briefing, story.state.rules

    events = story.re_pins(other())

    assert [type(event) for event in events] == [ev.CourseRePinned]
    assert story.state.rules == story.rules.reference != rules
    assert story.visit.briefing == before
    story.acknowledges(BO)
    assert story.visit.step == "trial", "both had acknowledged what they were shown"


def test_a_fact_that_becomes_content_only_by_the_new_rules_makes_no_version() -> None:
    story = Story(rules=other(lambda toml: toml.replace('label = "Aftalt"', 'label = "Aftalt"\nmaterial = false', 1)))
    story.starts()
    story.reports(ANNA, agreed=True, way="trial")
    versions = story.visit.versions
    assert versions

    story.re_pins(Book(read_rule_set(TOML.replace('version = "1"', 'version = "3"'), "third.toml")))
    assert story.visit.versions == versions

    story.reports(ANNA, agreed=True, way="both")
    assert story.visit.versions == versions + 1, "what is said afterwards is content by the new rules"


def test_after_a_re_pin_what_is_new_makes_one_version_and_not_another() -> None:
    story = Story(rules=other(lambda toml: toml.replace('label = "Aftalt"', 'label = "Aftalt"\nmaterial = false', 1)))
    story.starts()
    story.reports(ANNA, agreed=True, way="trial")
    story.re_pins(tiny_book())
    versions = story.visit.versions

    story.reports(ANNA, agreed=True, way="both")
    story.notes(BO, "observation", may_wait=True)

    assert story.visit.versions == versions + 1
    assert {fact.fact for fact in shown(story).facts} == {"agreed", "way"}


@pytest.mark.parametrize("carried", ["no", "next"])
def test_what_a_left_visit_teaches_only_by_the_new_rules_makes_no_version(carried: str) -> None:
    rules = other(lambda toml: toml.replace('carried = "next"', f'carried = "{carried}"'))
    story = Story(rules=rules).starts()
    story.reports(ANNA, agreed=True, way="trial")
    both_acknowledge(story)
    story.reports(BO, tried=True)
    both_acknowledge(story)
    story.command(cmd.BriefNow, ANNA, visit=story.visit.number)
    lessons, versions = shown(story).lessons, story.visit.versions
    assert bool(lessons) == (carried == "next")

    swapped = {"no": "next", "next": "no"}[carried]
    story.re_pins(other(lambda toml: toml.replace('carried = "next"', f'carried = "{swapped}"'), TOML + "\n"))
    story.notes(BO, "observation", may_wait=True)

    assert (story.visit.versions, shown(story).lessons) == (versions, lessons)


NOTED: Final = 'kind = "law"\nlevel = "warn"'
WARNING: Final = 'kind = "local"\nlevel = "warn"'


def asking(toml: str, how: str, deadline: str = "") -> str:
    """Return rules that ask for the agreement in another way."""
    line = 'kind = "local"\nroles = ["caseworker"]\nmust = { yes = "agreed" }'
    return toml.replace(line, line.replace('kind = "local"', how) + deadline)


@pytest.mark.parametrize(
    ("deadline", "over"), [("", False), ('\ndeadline = { amount = "5 calendar_days", from = "entered" }', True)]
)
def test_what_the_law_asks_only_by_the_new_rules_is_no_breach_at_once(deadline: str, over: bool) -> None:  # noqa: FBT001 - pytest names it
    story = Story(rules=other(lambda toml: asking(toml, WARNING))).starts()
    story.reports(ANNA, agreed=False, way="trial")
    versions = story.visit.versions
    story.now += timedelta(days=30)

    story.re_pins(other(lambda toml: asking(toml, NOTED, deadline)))

    assert (story.visit.versions, story.visit.judgement.breaches) == (versions, ())
    story.time_passes_to(story.now + timedelta(days=4))
    assert not story.visit.judgement.breaches
    story.time_passes_to(story.now + timedelta(days=4))
    assert story.visit.judgement.breaches == (("is_agreed",) if over else ())


def test_a_breach_that_was_noted_stays_told_until_the_next_version_though_it_is_not_asked_any_more() -> None:
    story = Story(rules=other(lambda toml: asking(toml, NOTED))).starts()
    story.reports(ANNA, agreed=False, way="trial")
    versions = story.visit.versions
    assert shown(story).breaches == ("is_agreed",)

    story.re_pins(other(lambda toml: asking(toml, WARNING)))

    assert story.visit.versions == versions
    story.reports(ANNA, way="both")
    assert (story.visit.versions, shown(story).breaches) == (versions + 1, ())


def test_the_same_again_is_done_and_what_was_moved_meanwhile_is_refused() -> None:
    story, former = Story().starts(), tiny_book()
    story.re_pins(other())

    named = {"rules": story.rules.reference.sha256, "instead_of": former.reference.sha256}
    assert story.command(cmd.RePinCourse, SARA, **named) == ()
    story.next_rules = third = other(lambda toml: toml.replace('version = "2"', 'version = "3"'))
    named = {"rules": third.reference.sha256, "instead_of": former.reference.sha256}
    assert story.refusal(cmd.RePinCourse, SARA, **named) is Code.FOLLOWED_RULES_CHANGED


def test_a_re_pin_is_taken_back_by_another_and_the_course_stands_as_before() -> None:
    story = Story(rules=Book(read_rule_set(with_days(10), "ten.toml"))).starts()
    former, waiting = story.rules, story.state.waiting

    story.re_pins(other(toml=with_days(5)))
    assert agreement(story).reckoned != next(w for w in waiting if w.key == agreement(story).key).reckoned
    story.re_pins(former)

    assert story.state.rules == former.reference
    assert agreement(story).reckoned == next(w for w in waiting if w.key == agreement(story).key).reckoned


def test_from_the_next_visit_on_the_course_follows_the_other_rules_and_not_before() -> None:
    story, former = Story().starts(), tiny_book().reference
    then = other()

    events = story.re_pins(then, at_next_visit=True)
    assert [type(event) for event in events] == [ev.RePinPlanned]
    story.reports(ANNA, agreed=True, way="trial")
    story.acknowledges(ANNA)
    assert story.state.rules == former
    story.acknowledges(BO)

    assert (story.visit.step, story.state.rules, story.state.rules_next) == ("trial", then.reference, None)


def test_what_is_planned_for_the_next_visit_is_called_off() -> None:
    story = Story().starts()
    story.re_pins(other(), at_next_visit=True)

    story.re_pins(tiny_book())

    assert (story.state.rules, story.state.rules_next) == (tiny_book().reference, None)


def test_a_mapped_target_group_is_read_as_the_new_one_and_stays_as_it_was_said() -> None:
    story = Story().starts(target_group="a")
    rules = other(toml=MAPPED)

    story.re_pins(rules)

    group = story.state.on_record("target_group")
    assert group is not None
    assert group.fact.value == "a"
    assert rules.as_stored("target_group", "a") == "b"
    story.re_pins(tiny_book())
    assert story.state.rules == tiny_book().reference


@pytest.mark.parametrize("days", [0, 2, 7, 9])
def test_a_deadline_that_is_shortened_leaves_the_whole_new_amount_and_never_lengthens(days: int) -> None:
    story = Story(rules=Book(read_rule_set(with_days(10), "ten.toml"))).starts()
    until = agreement(story).until
    assert until is not None
    story.now += timedelta(days=days)

    story.re_pins(other(toml=with_days(5)))

    given = agreement(story).until
    assert given is not None
    five_days_on = story.calendar.after(story.now, FIVE_DAYS)
    assert given == min(until, max(given, five_days_on))
    assert min(until, five_days_on) <= given <= until


def test_a_new_deadline_that_would_be_over_leaves_its_whole_amount() -> None:
    story = Story().starts()
    story.now += timedelta(days=60)

    story.re_pins(other(toml=with_days(5)))

    until = agreement(story).until
    assert until is not None
    assert until >= story.calendar.after(story.now, FIVE_DAYS)


def test_a_reminder_that_is_brought_forward_leaves_the_whole_new_amount() -> None:
    story = Story(rules=Book(read_rule_set(with_days(40, reminder=20), "slow.toml"))).starts()
    first = agreement(story).next_rung_at
    story.now += timedelta(days=14)

    story.re_pins(other(toml=with_days(40, reminder=5)))

    following = agreement(story).next_rung_at
    assert first is not None
    assert following is not None
    assert story.calendar.after(story.now, FIVE_DAYS) <= following <= first
    assert agreement(story).level == 0


def test_a_step_that_the_other_rules_do_not_have_keeps_the_course_where_it_is() -> None:
    story = Story().starts()
    lacking = other(lambda toml: toml.replace('id = "talk"', 'id = "chat"').replace('to = ["talk"]', 'to = ["chat"]'))
    story.next_rules = lacking

    named = {"rules": lacking.reference.sha256, "instead_of": story.rules.reference.sha256}
    assert story.refusal(cmd.RePinCourse, SARA, **named) is Code.STEP_UNKNOWN
