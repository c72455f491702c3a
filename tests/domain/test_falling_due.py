"""What a course has a date for on some days: what an absence must be prepared for (P5)."""

from datetime import date

from domain import commands as cmd
from domain.falling_due import DueKind, FallingDue, falling_due, window
from tests.domain.jobfirst import DANISH_DAYS, RULES, JobFirst
from tests.domain.vocabulary import BO, SARA


def due(story: JobFirst, since: str, until: str) -> list[tuple[str, DueKind, str]]:
    """Return what falls due on some days."""
    found = falling_due(story.state, RULES, DANISH_DAYS, date.fromisoformat(since), date.fromisoformat(until))
    assert all(isinstance(one, FallingDue) for one in found)
    return [(str(one.on), one.kind, one.what) for one in found]


def test_what_is_dated_within_the_days_is_named_and_nothing_else() -> None:
    trial = JobFirst().runs_trial()

    assert due(trial, "2026-10-05", "2027-01-31") == [
        ("2026-10-05", DueKind.DAY, "trial_starts_on"),
        ("2026-10-20", DueKind.ASKED, "trial_going_well"),
        ("2026-12-14", DueKind.DEADLINE, "trial_outcome_known"),
        ("2027-01-03", DueKind.DAY, "trial_ends_on"),
        ("2027-01-05", DueKind.DEADLINE, "first_paid_hour_agreed"),
    ]
    assert due(trial, "2026-10-06", "2026-10-19") == []
    assert due(trial, "2026-10-20", "2026-10-20") == []
    assert due(trial, "2026-10-19", "2026-10-20") == [("2026-10-20", DueKind.ASKED, "trial_going_well")]


def test_a_meeting_is_named_until_it_was_held_or_called_off() -> None:
    story = JobFirst().reaches_company_visit()
    story.reports(BO, visit_planned_on="2026-09-22")
    days = ("2026-09-20", "2026-09-24")
    assert (DueKind.MEETING, "company_visit") in {one[1:] for one in due(story, *days)}
    assert DueKind.DAY not in {one[1] for one in due(story, *days)}, "the day of a meeting is told once"

    story.it_is("2026-09-22")
    story.reports(BO, visit_held_on="2026-09-22")

    assert DueKind.MEETING not in {one[1] for one in due(story, *days)}


def test_a_receipt_that_is_waited_for_has_its_end_too_and_a_pause_has_no_dates() -> None:
    story = JobFirst().begins()
    story.command(cmd.BriefNow, BO)
    receipts = {one[2] for one in due(story, "2026-09-07", "2026-10-07") if one[1] is DueKind.WAIT}
    assert receipts == {"acknowledgement"}

    story.command(cmd.PauseCourse, SARA, reason=story.state.course)

    assert due(story, "2026-09-07", "2026-10-07") == []


def test_what_is_left_of_an_absence_is_looked_at_and_four_weeks_of_one_without_an_end() -> None:
    first, last = date(2026, 7, 6), date(2026, 7, 24)

    assert window(first, last, date(2026, 7, 1)) == (first, last)
    assert window(first, last, date(2026, 7, 10)) == (date(2026, 7, 10), last)
    assert window(first, None, date(2026, 7, 1)) == (first, date(2026, 8, 3))
