"""The default set asks a straight course little, and sees what no single visit shows."""

from clients.courses.script import Script
from domain import commands as cmd
from domain import events as ev
from domain.state.course import Status
from tests.domain.jobfirst import RULES, VISIT, Facts, JobFirst, as_handed_on
from tests.domain.vocabulary import ANNA, BO, MONDAY

HOLDERS = {"caseworker": ANNA, "company_consultant": BO}
MOST_THINGS, MOST_REPORTS, MOST_ACKNOWLEDGEMENTS = 20, 30, 8
GRANTED_ON, TRIAL_OVER = 22, 118


def test_a_straight_course_asks_twenty_things_and_tells_no_supervisor() -> None:
    course, script = JobFirst().begins(), Script(MONDAY.date())
    things, reports = {"closing_outcome"}, 0
    for step in script.steps:
        for act in script.step(step):
            facts = act.body.get("facts", {})
            day = script.day(GRANTED_ON) if "trial_decision" in facts else act.body.get("occurred_on", course.today)
            course.it_is(max(day, course.today))
            things |= {act.body["kind"]} if act.where == "notes" else set(facts)
            reports += 1
            match act.where:
                case "facts":
                    body = {**act.body, "facts": as_handed_on(facts)}
                    course.command(cmd.ReportFacts, HOLDERS[act.by], **body)
                case "notes":
                    course.notes(HOLDERS[act.by], act.body["kind"])
                case _:
                    course.closes(act.body["outcome"])
        if step == "trial":
            course.it_is(script.day(TRIAL_OVER))
        course.acknowledges(ANNA)
        course.acknowledges(BO)

    assert (course.state.status, course.state.outcome) == (Status.COMPLETED, "ordinary_job")
    assert len(things) <= MOST_THINGS
    assert reports <= MOST_REPORTS
    assert course.receipts_by_role().total() == MOST_ACKNOWLEDGEMENTS
    told = {str(notice.recipient) for notice in course.happened(ev.NoticeRaised)}
    assert told == {f"person/{person}" for person in ("anna", "bo")}


def test_trials_of_one_course_at_one_workplace_are_summed() -> None:
    course = JobFirst().runs_trial()
    course.trial_ends("2026-11-02", "ended_early")
    course.both_acknowledge()
    course.company_is_visited("2026-11-03")
    course.reports(BO, visit_outcome="trial")
    again: Facts = {"trial_starts_on": "2026-11-09", "trial_ends_on": "2027-01-31", "trial_weekly_hours": "15"}
    course.reports(ANNA, trial_decision="granted", **again)
    course.both_acknowledge()

    assert "repeated_at_company" in course.lacks()
    course.reports(BO, trial_p_number="1000000002")
    assert "repeated_at_company" not in course.lacks()


def test_the_whole_way_is_where_the_company_was_visited_unless_another_place_is_named() -> None:
    story = JobFirst().reaches_trial()
    story.trial_ends("2026-11-02", "hired")
    story.reports(BO, hours_schedule="2026-11-09=8")
    story.both_acknowledge()

    assert story.steps == ["paid_hours"]
    where = [RULES.workplaces.of(story.state, visit.number) for visit in story.state.visits]
    assert where == [None, *[VISIT["company_p_number"]] * 3]

    story.reports(BO, visit=3, trial_p_number="1000000002")
    where = [RULES.workplaces.of(story.state, visit.number) for visit in story.state.visits]
    assert where == [None, VISIT["company_p_number"], "1000000002", "1000000002"]


def test_what_a_trial_taught_is_told_with_the_company_that_was_visited() -> None:
    story = JobFirst().reaches_trial()
    story.trial_ends("2026-11-02", "ended_early")
    story.both_acknowledge()
    story.company_is_visited("2026-11-10", company_p_number="1000000002")
    story.reports(BO, visit_outcome="another_company")

    lessons = {lesson.visit: lesson.p_number for lesson in story.manifest.lessons}
    assert lessons[3] == lessons[2] == VISIT["company_p_number"]
