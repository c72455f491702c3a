"""The one course that tests, demo and benchmarks play is taken by the shipped rules on any calendar."""

from datetime import date, timedelta

import pytest

from clients.courses.script import Script
from domain import commands as cmd
from domain.state.course import Status
from tests.domain.jobfirst import JobFirst, as_handed_on
from tests.domain.vocabulary import ANNA, BO, MONDAY

HOLDERS = {"caseworker": ANNA, "company_consultant": BO}


@pytest.mark.parametrize("days_ago", [0, 10, 150], ids=lambda days: f"begun {days} days ago")
def test_the_course_of_the_script_goes_from_intake_to_its_end(days_ago: int) -> None:
    today: date = MONDAY.date()
    script = Script(today - timedelta(days=days_ago), today)
    course = JobFirst().begins(started_on=today - timedelta(days=days_ago))

    for act in script.whole():
        match act.where:
            case "facts":
                facts = as_handed_on(act.body["facts"])
                course.command(cmd.ReportFacts, HOLDERS[act.by], **{**act.body, "facts": facts})
            case "notes":
                course.notes(HOLDERS[act.by], act.body["kind"])
            case "close":
                course.closes(act.body["outcome"])
            case _:
                course.command(cmd.Acknowledge, HOLDERS[act.by], **act.body)

    assert (course.state.status, course.state.outcome) == (Status.COMPLETED, "ordinary_job")
