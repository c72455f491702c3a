"""Runs one simulation: makes the feed, plays it, and reports the courses."""

from collections import Counter
from datetime import date
from random import Random
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from clients.caller import AwayError, Caller
from clients.simulation.events import Place, case_system, trial_applications
from clients.simulation.faults import PERSON, Fault, faulty
from clients.simulation.playing import Played, Player

FEEDS: Final = {"case-system": case_system, "trial-applications": trial_applications}
"""The systems that are simulated, by name."""


def simulate(
    feed: str,
    place: Place,
    courses: int,
    faults: frozenset[Fault],
    seed: int,
    today: date,
    callers: tuple[Caller, Caller],
) -> int:
    """Play a feed and tell of it; `callers` are the system and the person. Return the exit code.

    0: every event was taken. 1: some were refused for good, and are named. 2: the API does not answer.
    """
    console, random = Console(stderr=True), Random(seed)  # noqa: S311 - It repeats a run, and guards nothing.
    events = faulty(FEEDS[feed](place, courses, random, today), faults, random)
    system, person = callers
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    try:
        with Progress(*columns, console=console, transient=not console.is_terminal) as progress:
            task = progress.add_task(feed, total=len(events))
            played = Player(system, {PERSON: person}).play(events, lambda: progress.advance(task))
        _report(played, system, console)
    except AwayError as error:
        console.print(f"{error} svarer ikke. / {error} does not answer.", highlight=False)
        return 2
    return 1 if played.refused else 0


def _report(played: Played, caller: Caller, console: Console) -> None:
    """Print the answers counted, the refused events, and the steps of the courses."""
    for answer, times in sorted(played.answers.items()):
        console.print(f"{times:6} {answer}", markup=False, highlight=False)
    console.print(f"{played.parked:6} lagt til side og sendt igen / parked and sent again", highlight=False)
    for event, code in played.refused[:10]:
        console.print(f"{event.id}: {code}", markup=False, highlight=False)
    steps_of_courses: Counter[str] = Counter()
    for course in played.courses.values():
        read = caller.get(f"/v1/courses/{course}")
        steps = "+".join(visit["step"]["id"] for visit in read["visits"] if visit["is_open"])
        holds = sum(1 for fact in read["facts"] if fact["contradicted_by"])
        ahead = ", ahead of informing" if read["is_ahead_of_informing"] else ""
        steps_of_courses[f"{steps or read['status']}{ahead}{', contradicted' if holds else ''}"] += 1
    for steps, times in sorted(steps_of_courses.items()):
        console.print(f"{times:6} {steps}", markup=False, highlight=False)
