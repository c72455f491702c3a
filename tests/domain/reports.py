"""What is said at each step of the shipped rules in a life that goes on, as facts that can be reported on any day."""

from domain.state.facts import FactValue

Facts = dict[str, FactValue]
INTAKE: Facts = {"first_interview_on": "2026-09-07", "hours_spoken_of": True, "goal_paid_hours": "10"}
VISITED: Facts = {
    "visit_purpose": "match",
    "visit_held_on": "2026-09-07",
    "company_cvr": "10000009",
    "company_p_number": "1000000001",
    "citizen_at_company_visit": True,
    "caseworker_at_company_visit": True,
}
TRIAL: Facts = {
    "trial_p_number": "1000000001",
    "purpose_skills": True,
    "employer_statement": True,
    "employee_statement": "given",
    "trial_decision": "granted",
    "trial_granted_on": "2026-09-07",
    "trial_starts_on": "2026-09-14",
    "trial_ends_on": "2026-12-13",
    "trial_weekly_hours": "15",
    "ordinary_fte_by_month": "2026-05-01=12 2026-06-01=12 2026-07-01=12 2026-08-01=12",
    "supported_fte": "2",
    "company_consent": "accommodations",
    "company_told": "accommodations",
    "beside_hours": "other_company",
}
HOURS: Facts = {"hours_schedule": "2026-09-14=8", "contract_signed": True, "beside_trial": "other_company"}
ENDED: Facts = {"trial_ended_on": "2026-09-07", "hours_reached": "12"}
OVER: Facts = {"paid_hours_ended_on": "2026-09-07"}
WORDS = ("what_worked", "what_did_not", "citizens_view")

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
        {"next_step": "new_company"},
        {**HOURS, **ENDED, "trial_outcome": "hired", "next_step": "paid_hours"},
        {**ENDED, "trial_outcome": "no_job", "next_step": "other"},
        {**ENDED, "trial_outcome": "hours_go_on", "next_step": "other"},
    ],
    "paid_hours": [
        {**OVER, "after_paid_hours": "new_company"},
        {**OVER, "after_paid_hours": "trial_goes_on"},
        {"paid_hours_started_on": "2026-09-07"},
    ],
}
"""What may be said at a step so that it is over, or branches: one of these is chosen for each."""
