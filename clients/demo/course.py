"""One course of the demo, with what the script of a course does not know."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from clients.courses.over_http import CourseOverHttp


@dataclass
class Course(CourseOverHttp):
    """A course of the demo, with the company that it is about."""

    company: Mapping[str, str]

    @property
    def caseworker(self) -> str:
        """Return who is caseworker."""
        return self.parties["caseworker"]

    @property
    def consultant(self) -> str:
        """Return who is company consultant."""
        return self.parties["company_consultant"]

    def states(self, person: str, on: int | None = None, **facts: Any) -> None:  # noqa: ANN401 - as the rules declare
        """Let somebody report facts that the script does not know, of a day after the first if one is given."""
        dated = {"occurred_on": self.script.day(on)} if on is not None else {}
        self.post(person, "facts", facts=facts, **dated)

    def notes(self, person: str, kind: str, text: str, **more: str) -> None:
        """Let somebody write a note."""
        self.post(person, "notes", kind=kind, text=text, **more)

    def completes_intake(self) -> None:
        """Hold the interview and share what each knows."""
        self.reports("interview")
        self.reports("citizen")
        self.notes(self.consultant, "opportunity", f"{self.company['name']}: {self.company['task'].lower()}.")

    def visits_the_company(self) -> None:
        """Visit the company, and write down what was seen and agreed."""
        self.reports("visit", company_p_number=self.company["p_number"])
        self.reports("visit_words")
