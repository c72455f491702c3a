"""Plays the demo: registers people and companies, plays forty courses a few at a time, and reports."""

import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import date, timedelta
from importlib import resources
from typing import Any, Final, NamedTuple

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from clients.caller import AwayError, Caller, RequestRefusedError, expect_success
from clients.courses.script import Script
from clients.demo.course import Course
from clients.demo.stories import STORIES, is_as_expected, open_steps

AT_ONCE: Final = 6
"""How many courses are played together."""

_STALLED: Final = (
    "er gået i stå; lederne hører det en arbejdsdag efter begge roller"
    " / are stalled; the supervisors hear of it a working day after both roles: GET /v1/escalations"
)
_OTHERS: Final = {"case-system": ["system"]}

SHARED_ROLE: Final = {"shared_role": True, "shared_role_reason": "Holdet har én medarbejder i begge roller."}

CallerFor = Callable[[str, list[str]], Caller]


class PlannedCourse(NamedTuple):
    """One course to play: the story, the citizen, its age in days, and its parties."""

    number: int
    story: str
    citizen: str
    days: int
    unit: str
    caseworker: str
    consultant: str


class Played(NamedTuple):
    """A played course, and whether it ended as its story says."""

    planned: PlannedCourse
    course: str
    steps: str
    is_as_expected: bool
    trouble: str = ""


def read_cohort() -> dict[str, Any]:
    """Return the people, the companies and the storylines."""
    return tomllib.loads(resources.files("clients.demo").joinpath("cohort.toml").read_text(encoding="utf-8"))


def planned_courses(cohort: Mapping[str, Any]) -> Iterator[PlannedCourse]:
    """Yield each course of the cohort."""
    number = 0
    for line in cohort["storylines"]:
        for citizen in line["citizens"]:
            number += 1
            yield PlannedCourse(
                number,
                line["story"],
                citizen,
                line["days"],
                line.get("unit", "nord"),
                line.get("caseworker", "anna"),
                line.get("company_consultant", "bo"),
            )


class Demo:
    """One run of the demo in one municipality; its courses bear the run's own references."""

    def __init__(
        self, caller_for: CallerFor, municipality: str, run: str, today: date, *, is_short: bool = False
    ) -> None:
        """Take a maker of callers, the name of this run in references, and whether each story is played once."""
        self._caller_for = caller_for
        self._municipality = municipality
        self._run = run
        self._today = today
        self._is_short = is_short
        self._cohort = read_cohort()

    def play(self, console: Console) -> int:
        """Return the exit code: 0 when every course ended as its story says, 1 if not, 2 without an API."""
        try:
            with ExitStack() as stack:
                people = {person["id"]: person["roles"] for person in self._cohort["people"]} | _OTHERS
                made = {name: self._caller_for(name, roles) for name, roles in people.items()}
                callers = {name: stack.enter_context(caller) for name, caller in made.items()}
                self._register(callers)
                played = self._play_all(callers, console)
                self._goes_on_holiday(callers)
                return self._report(played, callers, console)
        except AwayError as error:
            console.print(
                f"{error} svarer ikke. Kør først `make run` i et andet vindue.\n"
                f"{error} does not answer. Start `make run` in another terminal first.",
                highlight=False,
            )
            return 2

    def _register(self, callers: Mapping[str, Caller]) -> None:
        """Put units, people and companies in the registers; the same again changes nothing."""
        system = callers["case-system"]
        for kind in ("units", "people"):
            for entry in self._cohort[kind]:
                body = {name: value for name, value in entry.items() if name != "id"}
                expect_success(system.put(f"/v1/{kind}/{entry['id']}", body))
        for company in self._cohort["companies"]:
            path = f"/v1/companies/{company['p_number']}"
            opportunity = {"text": company["task"], "since": self._today.isoformat(), "by": "bo"}
            body = {
                "cvr": company["cvr"],
                "name": company["name"],
                "contacts": [company["contact"]],
                "opportunities": [opportunity],
            }
            expect_success(callers["bo"].put(path, body))

    def _goes_on_holiday(self, callers: Mapping[str, Caller]) -> None:
        """Let Lise be away with Dina as cover, who in two of her courses holds the other role already."""
        until = self._today + timedelta(days=10)
        away = {"from": self._today.isoformat(), "until": until.isoformat(), "cover": [{"person": "dina"}]}
        expect_success(callers["lise"].put("/v1/people/lise/absences", {"absences": [away]}))

    def _play_all(self, callers: Mapping[str, Caller], console: Console) -> list[Played]:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        wanted = list(planned_courses(self._cohort))
        if self._is_short:
            wanted = list({planned.story: planned for planned in wanted}.values())
        with (
            ThreadPoolExecutor(AT_ONCE) as pool,
            Progress(*columns, console=console, transient=not console.is_terminal) as progress,
        ):
            task = progress.add_task("Forløb / Courses", total=len(wanted))

            def play(planned: PlannedCourse) -> Played:
                played = self._play(planned, callers)
                progress.advance(task)
                return played

            return list(pool.map(play, wanted))

    def _play(self, planned: PlannedCourse, callers: Mapping[str, Caller]) -> Played:
        story, end = STORIES[planned.story]
        began = self._today - timedelta(days=planned.days)
        reference = f"DEMO-{self._run}-{planned.number:02}"
        script = Script(began, self._today)
        body = script.start(
            self._municipality,
            reference,
            unit=planned.unit,
            citizen={"reference": f"demo-citizen-{planned.number:02}", "name": planned.citizen},
            caseworker={"person": planned.caseworker},
            company_consultant={"person": planned.consultant},
            **(SHARED_ROLE if planned.caseworker == planned.consultant else {}),
        )
        started = callers["case-system"].does("/v1/courses", reference, **body)["course"]
        company = self._cohort["companies"][planned.number % len(self._cohort["companies"])]
        parties = {"caseworker": planned.caseworker, "company_consultant": planned.consultant}
        course = Course(f"/v1/courses/{started}", script, parties, callers, company)
        try:
            story(course)
        except RequestRefusedError as error:
            return Played(planned, started, "", is_as_expected=False, trouble=str(error))
        read = course.read()
        return Played(planned, started, open_steps(read), is_as_expected(read, end))

    def _report(self, played: list[Played], callers: Mapping[str, Caller], console: Console) -> int:
        """Print the courses of each story; one that did not end as its story says makes the exit code 1."""
        wrong = [one for one in played if not one.is_as_expected]
        for one in wrong:
            console.print(f"{one.planned.story} ({one.course}): {one.trouble or one.steps}", markup=False)
        for story in dict.fromkeys(one.planned.story for one in played):
            first = next(one for one in played if one.planned.story == story)
            meaning = (STORIES[story][0].__doc__ or "").strip().splitlines()[0]
            console.print(
                f"  {first.course}  {first.steps:18} {meaning}", markup=False, highlight=False, soft_wrap=True
            )
        for steps, times in sorted(Counter(one.steps for one in played).items()):
            console.print(f"{times:4} {steps}", markup=False, highlight=False)
        silent = callers["sara"].get("/v1/escalations", limit=200)["items"]
        stalled = {item["course"]["id"] for item in silent} & {one.course for one in played}
        console.print(f"{len(stalled):4} {_STALLED}", highlight=False, soft_wrap=True)
        return 1 if wrong else 0
