"""What is said at each step of the shipped rules in a life that goes on, as facts that can be reported on any day."""

from domain.state.facts import FactValue

Facts = dict[str, FactValue]
INTAKE: Facts = {"first_interview_on": "2026-09-07", "goal_paid_hours": "10"}
VISITED: Facts = {
    "visit_held_on": "2026-09-07",
    "company_p_number": "1000000001",
    "citizen_at_company_visit": True,
    "caseworker_at_company_visit": True,
}
TRIAL: Facts = {
    "trial_decision": "granted",
    "trial_granted_on": "2026-09-07",
    "trial_starts_on": "2026-09-14",
    "trial_ends_on": "2026-12-13",
    "trial_weekly_hours": "15",
    "beside_hours": "other_company",
}
HOURS: Facts = {"hours_schedule": "2026-09-14=8", "beside_trial": "other_company"}
ENDED: Facts = {"trial_ended_on": "2026-09-07"}
OVER: Facts = {"paid_hours_ended_on": "2026-09-07"}
WORDS = ("visit_agreed", "lesson")

REPORTS: dict[str, list[Facts]] = {
    "intake": [INTAKE, {**INTAKE, "hours_found": True, **HOURS}],
    "company_visit": [
        {**VISITED, **TRIAL, "visit_outcome": "trial"},
        {**VISITED, **HOURS, "visit_outcome": "paid_hours"},
        {**VISITED, **TRIAL, **HOURS, "visit_outcome": "trial_and_paid_hours"},
        {**VISITED, "visit_outcome": "another_company"},
        {"visit_outcome": "search_ended"},
    ],
    "trial": [
        {**HOURS, "hours_beside": True},
        {"trial_outcome": "no_job"},
        {**HOURS, **ENDED, "trial_outcome": "hired"},
        {**ENDED, "trial_outcome": "no_job"},
        {**ENDED, "trial_outcome": "hours_go_on"},
    ],
    "paid_hours": [
        {**OVER, "after_paid_hours": "new_company"},
        {**OVER, "after_paid_hours": "trial_goes_on"},
        {"paid_hours_started_on": "2026-09-07"},
    ],
}
"""What may be said at a step so that it is over, or branches: one of these is chosen for each."""
