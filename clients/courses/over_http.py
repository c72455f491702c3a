"""One course played over HTTP, each command given by the person whose role it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from clients.caller import Caller, expect_success
from clients.courses.script import ROLES, Act, Script


@dataclass
class CourseOverHttp:
    """A course: its path, its days, the persons who hold its roles, and everybody's caller by person."""

    path: str
    script: Script
    parties: Mapping[str, str]
    callers: Mapping[str, Caller]

    def read(self) -> dict[str, Any]:
        """Return the course as it stands."""
        return self.callers[self.parties["caseworker"]].get(self.path)

    def post(self, person: str, where: str, **body: Any) -> httpx.Response:  # noqa: ANN401 - whatever the route takes
        """Let a person give a command, which must be taken."""
        return expect_success(self.callers[person].post(f"{self.path}/{where}", body))

    def does(self, *acts: Act) -> None:
        """Let each role give its commands."""
        for act in acts:
            self.post(self.parties[act.by], act.where, **act.body)

    def reports(self, name: str, **changed: Any) -> None:  # noqa: ANN401 - facts are as the rules declare
        """Give a report of the script, facts of it changed."""
        self.does(*self.script.acts(name, **changed))

    def both_acknowledge(self) -> None:
        """Let each read the briefing and acknowledge it; one who holds both roles does so once."""
        for person in dict.fromkeys(self.parties[role] for role in ROLES):
            briefing = self.callers[person].get(f"{self.path}/briefing")
            self.post(person, "acknowledgements", briefing=briefing["briefing"], version=briefing["version"])
