"""A registered cover is waited for and keeps the clock while he covers, and nothing else changes by it (P3, P5, P6)."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings

from domain import commands as cmd
from domain import events as ev
from domain.calendar import danish_day, start_of_day
from domain.identity import Actor, Role
from domain.state.waiting import WaitingKind
from rules.calendar.data import Absence, CalendarData, NamedCover, PersonTime
from rules.calendar.working_time import WorkingTime
from tests.domain.vocabulary import ANNA, BO, MONDAY, SARA, Story
from tests.rules.absences import FIRST, OFFICE, TIMES, acting_on
from tests.rules.spans import hours

TODAY = MONDAY.date()
A_DAY = timedelta(days=1)
WEDNESDAY, FRIDAY = TODAY + 2 * A_DAY, TODAY + 4 * A_DAY
CARL = Actor(person="carl", roles=(Role.CASEWORKER,), covers=("anna",))
ALONE, COVERED = ("anna",), ("carl", "anna")


def cover(person: str, *courses: UUID) -> NamedCover:
    return NamedCover(person=person, courses=courses or None)


def calendar(*covers: NamedCover, since: date = WEDNESDAY, until: date | None = FRIDAY, **more: Any) -> WorkingTime:
    """Return the offices' time in which Anna is away from Wednesday until Friday, with these to cover."""
    away = PersonTime(absences=(Absence(since=since, until=until, covers=covers),))
    return WorkingTime(CalendarData(), {"anna": away, **more})


def asked(story: Story) -> set[tuple[str, ...]]:
    """Return who of the caseworkers is asked, by every wait for that role."""
    return {tuple(p for p in w.persons if p != "bo") for w in story.state.waiting if Role.CASEWORKER in w.roles}


def briefed(calendar_: WorkingTime) -> Story:
    """A course in which both are to acknowledge the first version since Monday."""
    story = Story(calendar=calendar_).starts()
    story.reports(ANNA, agreed=True, way="again")
    return story


@given(times=TIMES)
@settings(max_examples=25, deadline=None)
def test_every_day_the_course_waits_for_who_covers_then_although_nobody_touches_it(
    times: dict[str, PersonTime],
) -> None:
    story = Story(calendar=WorkingTime(OFFICE, times))
    story.now = start_of_day(FIRST) - timedelta(hours=10)
    story.starts()
    story.reports(ANNA, agreed=True, way="again")

    for passed in range(70):
        day = FIRST + timedelta(days=passed)
        for at in (timedelta(minutes=16), timedelta(hours=23, minutes=59)):
            story.time_passes_to(start_of_day(day) + at)
            acting = acting_on(times, day)
            assert asked(story) == {(acting, "anna") if acting else ALONE}, day
    assert len(story.happened(ev.BriefingIssued)) == 1, "P3: no absence makes a version"


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (start_of_day(WEDNESDAY) - timedelta(seconds=1), ALONE),
        (start_of_day(WEDNESDAY) + timedelta(minutes=16), COVERED),
        (start_of_day(FRIDAY + A_DAY) - timedelta(seconds=1), COVERED),
        (start_of_day(FRIDAY + A_DAY) + timedelta(minutes=16), ALONE),
    ],
    ids=["the evening before", "the first morning", "the last evening", "the morning after"],
)
def test_the_cover_is_named_first_from_the_first_day_until_the_last(at: datetime, expected: tuple[str, ...]) -> None:
    story = briefed(calendar(cover("carl")))

    story.time_passes_to(at)

    assert asked(story) == {expected}
    assert story.state.awaited >= {*expected, "bo"}


def test_another_cover_counts_from_the_next_time_that_the_course_is_woken() -> None:
    story = briefed(calendar(cover("carl"), since=TODAY))
    assert asked(story) == {COVERED}

    story.calendar = calendar(cover("dina"), since=TODAY)
    story.command(cmd.TimePassed, Actor(person="@fodslag", roles=(Role.SYSTEM,)))
    assert asked(story) == {("dina", "anna")}

    story.calendar = calendar(since=TODAY)
    story.command(cmd.TimePassed, Actor(person="@fodslag", roles=(Role.SYSTEM,)))
    assert asked(story) == {ALONE}


def test_a_cover_who_is_away_himself_is_passed_over_for_the_next_one_named() -> None:
    thursday = WEDNESDAY + A_DAY
    away = PersonTime(absences=(Absence(since=thursday, until=thursday),))
    story = briefed(calendar(cover("carl"), cover("dina"), carl=away))

    found: list[tuple[str, ...]] = []
    for day in (WEDNESDAY, thursday, FRIDAY):
        story.time_passes_to(start_of_day(day) + timedelta(minutes=16))
        found += asked(story)

    assert found == [COVERED, ("dina", "anna"), COVERED]


def test_a_cover_of_other_courses_or_who_holds_the_other_role_changes_nothing_here() -> None:
    without = briefed(calendar())
    for named in (cover("carl", UUID(int=2)), cover("bo")):
        story = briefed(calendar(named))
        assert story.state == without.state
        story.time_passes_to(start_of_day(WEDNESDAY) + timedelta(hours=10))
        assert asked(story) == {ALONE}


def test_who_is_given_the_role_is_not_covered_for_by_the_cover_of_who_had_it() -> None:
    story = briefed(calendar(cover("carl"), since=TODAY))

    story.hand_over(Role.CASEWORKER, "dina")
    assert asked(story) == {("dina",)}
    story.hand_over(Role.CASEWORKER, "carl")
    assert asked(story) == {("carl",)}


def test_a_pause_is_waited_out_by_who_covers_and_what_it_found_too() -> None:
    story = briefed(calendar(cover("carl")))
    story.command(cmd.PauseCourse, SARA, reason=UUID(int=3))
    assert asked(story) == {ALONE}

    story.time_passes_to(start_of_day(WEDNESDAY) + timedelta(minutes=16))

    assert asked(story) == {COVERED}


def test_what_a_pause_found_is_waited_for_from_who_has_the_role_now() -> None:
    story = briefed(calendar())
    story.command(cmd.PauseCourse, SARA, reason=UUID(int=3))

    story.hand_over(Role.CASEWORKER, "dina")

    assert asked(story) == {("dina",)}


def receipt_due(story: Story) -> datetime | None:
    """Return when the missing receipt of the caseworker is due."""
    (wait,) = (w for w in story.waits(WaitingKind.ACKNOWLEDGEMENT) if Role.CASEWORKER in w.roles)
    return wait.until


def reminders(story: Story) -> list[tuple[date, str]]:
    """Return when who was reminded of the receipt of the caseworker, by address."""
    raised = (e for e in story.happened(ev.NoticeRaised) if e.about == "escalation")
    return [
        (danish_day(e.at), str(e.recipient))
        for e in raised
        if e.waiting.kind is WaitingKind.ACKNOWLEDGEMENT and str(e.recipient) != "person/bo"
    ]


def test_the_ladder_runs_in_the_time_of_the_cover_while_he_covers() -> None:
    nobody_away = briefed(WorkingTime(CalendarData()))
    alone = briefed(calendar(since=TODAY))
    covered = briefed(calendar(cover("carl"), since=TODAY))
    mornings = PersonTime(hours={5: hours(9, 12)})
    on_fridays = briefed(calendar(cover("carl"), since=TODAY, carl=mornings))

    assert receipt_due(covered) == receipt_due(nobody_away)
    due = [receipt_due(story) for story in (covered, on_fridays, alone)]
    assert due == sorted(due, key=lambda at: at or MONDAY)
    assert len(set(due)) == 3
    for story in (covered, nobody_away):
        story.time_passes_to(MONDAY + timedelta(days=10))
    assert reminders(covered) == reminders(nobody_away), "and the cover reads what she is told"


def test_only_the_days_on_which_he_covers_run_in_the_time_of_the_cover() -> None:
    """Anna works on Mondays alone, so what is asked on Monday goes on with the cover on Wednesday."""
    mondays = {1: hours(9, 15)}
    away = Absence(since=WEDNESDAY, until=FRIDAY, covers=(cover("carl"),))
    alone, covered = (
        briefed(WorkingTime(CalendarData(), {"anna": PersonTime(hours=mondays, absences=absences)}))
        for absences in ((), (away,))
    )

    assert receipt_due(alone) is not None
    assert danish_day(receipt_due(alone) or MONDAY).isoweekday() == 1
    assert danish_day(receipt_due(covered) or MONDAY) == WEDNESDAY


def test_what_the_cover_reports_is_news_to_the_other_role_and_not_to_who_is_away() -> None:
    story = Story(calendar=calendar(cover("carl"), since=TODAY)).starts()

    story.notes(CARL, "barrier")
    assert story.recipients_of("news") == ["person/bo"]

    story.notes(BO, "resource")
    assert story.recipients_of("news") == ["person/bo", "person/anna"], "who covers reads it in her place"


def test_what_is_reported_by_one_who_covers_no_more_is_news_to_who_is_back() -> None:
    story = Story(calendar=calendar(cover("carl"), since=TODAY, until=TODAY)).starts()
    story.now += A_DAY

    story.notes(CARL, "barrier")

    assert story.recipients_of("news") == ["person/anna", "person/bo"]


def test_what_the_cover_has_seen_is_news_to_nobody_any_more() -> None:
    story = Story(calendar=calendar(cover("carl"), since=TODAY)).starts()
    story.notes(BO, "resource")
    (news,) = story.state.news

    story.command(cmd.MarkSeen, CARL, notice=news.notice)

    assert story.state.news == ()


def test_an_absence_without_cover_wakes_nothing() -> None:
    far_ahead = TODAY + 200 * A_DAY

    without = briefed(calendar(since=far_ahead, until=None))

    assert without.state == briefed(WorkingTime(CalendarData())).state


def news_of(story: Story) -> list[tuple[str, bool, list[str]]]:
    """Return to whom what is new: the person, whether it is for the cover alone, and what."""
    return sorted((n.person, n.for_cover, [item.what for item in n.items]) for n in story.state.news)


def test_what_who_is_away_reports_is_news_to_the_cover_and_to_the_other_role() -> None:
    story = Story(calendar=calendar(cover("carl"), since=TODAY)).starts()

    story.notes(ANNA, "barrier")

    assert news_of(story) == [("anna", True, ["barrier"]), ("bo", False, ["barrier"])]
    (raised,) = [e for e in story.happened(ev.NoticeRaised) if str(e.recipient) == "person/anna" and e.about == "news"]
    assert raised.notice == story.state.news[0].notice

    story.notes(BO, "opportunity")
    assert news_of(story) == [
        ("anna", False, ["opportunity"]),
        ("anna", True, ["barrier"]),
        ("bo", False, ["barrier"]),
    ]

    story.notes(CARL, "resource")
    assert ("bo", False, ["barrier", "resource"]) in news_of(story)
    assert len(news_of(story)) == 3, "what the cover reports is news to the other role alone"


def test_what_the_other_role_reports_while_both_are_away_is_news_to_both_covers() -> None:
    away = PersonTime(absences=(Absence(since=TODAY, until=FRIDAY, covers=(cover("dina"),)),))
    story = Story(calendar=calendar(cover("carl"), since=TODAY, bo=away)).starts()

    story.notes(BO, "opportunity")

    assert news_of(story) == [("anna", False, ["opportunity"]), ("bo", True, ["opportunity"])]


def test_news_for_a_cover_ends_when_it_is_seen_and_when_nobody_covers_any_more_and_goes_to_the_next_cover() -> None:
    story = Story(calendar=calendar(cover("carl"), since=TODAY)).starts()
    story.notes(ANNA, "barrier")
    seen = replace(story, events=[*story.events])

    story.calendar = calendar(cover("dina"), since=TODAY)
    story.command(cmd.TimePassed, SARA)
    assert ("anna", True, ["barrier"]) in news_of(story)

    story.time_passes_to(start_of_day(FRIDAY + A_DAY) + timedelta(minutes=16))
    assert news_of(story) == [("bo", False, ["barrier"])]

    (notice,) = [news.notice for news in seen.state.news if news.for_cover]
    seen.command(cmd.MarkSeen, CARL, notice=notice)
    assert news_of(seen) == [("bo", False, ["barrier"])]


def test_what_who_is_away_without_a_cover_reports_is_news_to_the_other_role_alone() -> None:
    story = Story(calendar=calendar(since=TODAY)).starts()

    story.notes(ANNA, "barrier")

    assert news_of(story) == [("bo", False, ["barrier"])]
