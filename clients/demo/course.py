"""One course of the demo, and the requests that its people send."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import httpx

from clients.caller import Caller, taken

INTERVIEW: Final = {"hours_spoken_of": True, "goal_paid_hours": 12}
WORDS: Final = {
    "wish": "Vil gerne ud blandt andre og arbejde med noget praktisk.",
    "job_goal": "Medhjælper i en mindre virksomhed, først formiddage.",
    "tasks_wanted": "Pakke, plante og holde orden.",
    "resource": "Møder stabilt, når aftalen er tydelig, og er god med hænderne.",
    "barrier": "Bliver træt efter tre timer og kan ikke møde før klokken ni.",
}
LESSONS: Final = {
    "what_worked": "Mødte hver dag og tog selv opgaver hen ad vejen.",
    "what_did_not": "Tunge løft, og støj i pakkeriet.",
    "citizens_view": "Det var godt at være en del af et hold.",
}


@dataclass
class Course:
    """A course: its path, dates and parties, and a caller for each person."""

    path: str
    began: date
    today: date
    caseworker: str
    consultant: str
    callers: Mapping[str, Caller]
    company: Mapping[str, str]

    def date_of(self, number: int) -> date:
        """Return the date so many days after the beginning, today at the latest."""
        return min(self.began + timedelta(days=number), self.today)

    def day(self, number: int) -> str:
        """Return the same date as the API takes it."""
        return self.date_of(number).isoformat()

    def read(self) -> dict[str, Any]:
        """Read the course."""
        return self.callers[self.caseworker].get(self.path)

    def post(self, person: str, path: str, **body: Any) -> httpx.Response:  # noqa: ANN401 - whatever the route takes
        """Post a body as a person; raises NotTakenError with the text of a refusal."""
        return taken(self.callers[person].post(f"{self.path}/{path}", body))

    def reports(self, person: str, on: int | None = None, **facts: Any) -> None:  # noqa: ANN401 - as the rules declare
        """Report facts as a person, for a day after the beginning if one is given."""
        dated = {"occurred_on": self.day(on)} if on is not None else {}
        self.post(person, "facts", facts=facts, **dated)

    def notes(self, person: str, kind: str, text: str, **more: str) -> None:
        """Write a note as a person."""
        self.post(person, "notes", kind=kind, text=text, **more)

    def both_acknowledge(self) -> None:
        """Read and acknowledge the briefing as each party, once for a person in both roles."""
        for person in dict.fromkeys((self.caseworker, self.consultant)):
            briefing = self.callers[person].get(f"{self.path}/briefing")
            self.post(person, "acknowledgements", briefing=briefing["briefing"], version=briefing["version"])

    def completes_intake(self) -> None:
        """Hold the interview and write the notes of both."""
        self.reports(self.caseworker, on=4, first_interview_on=self.day(4), **INTERVIEW)
        for kind, text in WORDS.items():
            self.notes(self.caseworker, kind, text)
        self.notes(self.consultant, "opportunity", f"{self.company['name']}: {self.company['task'].lower()}.")

    def visits_the_company(self, on: int) -> None:
        """Visit the company with all present."""
        self.reports(
            self.consultant,
            on=on,
            visit_purpose="match",
            visit_held_on=self.day(on),
            company_cvr=self.company["cvr"],
            company_p_number=self.company["p_number"],
            citizen_at_company_visit=True,
            caseworker_at_company_visit=True,
        )

    def applies_for_a_trial(self, on: int, weeks: int = 13) -> None:
        """Apply for a trial, with the statements and the grant."""
        first = self.date_of(on + 14)
        months = sorted({(first - timedelta(days=30 * back)).replace(day=1) for back in range(1, 7)})[-5:]
        self.reports(
            self.consultant,
            trial_p_number=self.company["p_number"],
            purpose_skills=True,
            trial_applied_on=self.day(on),
            employer_statement=True,
            employee_statement="given",
            trial_starts_on=first.isoformat(),
            trial_ends_on=(first + timedelta(weeks=weeks, days=-1)).isoformat(),
            trial_weekly_hours=15,
            ordinary_fte_by_month=" ".join(f"{month.isoformat()}=12" for month in months),
            supported_fte=1,
            company_consent="accommodations",
            company_told="tasks_and_hours",
        )
        self.reports(self.caseworker, trial_decision="granted", trial_granted_on=self.day(on + 7))

    def runs_the_trial(self, first: int, last: int, outcome: str, next_step: str) -> None:
        """Begin the trial, and end it with its lessons."""
        self.reports(self.consultant, on=first, trial_started_on=self.day(first), next_step=next_step)
        for kind, text in LESSONS.items():
            self.notes(self.caseworker, kind, text)
        self.reports(self.consultant, on=last, trial_ended_on=self.day(last), hours_reached=15, trial_outcome=outcome)

    def is_hired(self, on: int) -> None:
        """Agree on rising hours, with a contract."""
        rising = f"{self.day(on)}=8 {(self.date_of(on) + timedelta(weeks=6)).isoformat()}=12"
        self.reports(self.consultant, hours_schedule=rising, contract_signed=True)
