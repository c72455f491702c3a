"""What is said of a course of JobFirst at each step over HTTP."""

from typing import Any

from tools.town.town import MUNICIPALITY

CASE: dict[str, Any] = {
    "municipality": MUNICIPALITY,
    "unit": "job",
    "reference": "case-42",
    "citizen": {"reference": "citizen-42", "name": "Karla Eksempel"},
    "target_group": "cash_benefit_activity_ready",
    "started_on": "2026-03-02",
    "caseworker": {"person": "anna"},
    "company_consultant": {"person": "bo"},
}
INTERVIEW: dict[str, Any] = {"first_interview_on": "2026-03-04", "hours_spoken_of": True, "goal_paid_hours": 12}
WORDS = {
    "wish": "Vil gerne arbejde ude.",
    "job_goal": "Gartner.",
    "tasks_wanted": "Plante og passe.",
    "resource": "Er god med dyr.",
    "barrier": "Kan ikke møde før klokken ti.",
}
VISIT: dict[str, Any] = {
    "visit_purpose": "match",
    "visit_held_on": "2026-03-09",
    "company_cvr": "10000009",
    "company_p_number": "1000000001",
    "citizen_at_company_visit": True,
    "caseworker_at_company_visit": True,
}
TRIAL: dict[str, Any] = {
    "trial_p_number": "1000000001",
    "purpose_skills": True,
    "employer_statement": True,
    "employee_statement": "given",
    "trial_starts_on": "2026-03-23",
    "trial_ends_on": "2026-06-21",
    "trial_weekly_hours": 15,
    "ordinary_fte_by_month": "2025-11-01=12 2025-12-01=12 2026-01-01=12 2026-02-01=12",
    "supported_fte": 1,
    "company_consent": "accommodations",
    "company_told": "tasks_and_hours",
}
TAUGHT = {"what_worked": "Mødte hver dag.", "what_did_not": "Tunge løft.", "citizens_view": "Det var godt at være ude."}
HOURS: dict[str, Any] = {"hours_schedule": "2026-06-22=8 2026-08-03=12", "contract_signed": True}
