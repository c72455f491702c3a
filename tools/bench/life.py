"""One full course of the default rules, as twenty-six commands that two people give: over HTTP, or straight to it."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, Protocol
from uuid import UUID, uuid4

import httpx
from temporalio.client import Client

from domain import commands as cmd
from domain.identity import Actor, Role, course_id
from domain.state.facts import FactValue
from infra.store.engine import Store
from infra.store.registers import data_keys, texts
from infra.store.registers.texts import TextKind
from infra.temporal.keyring import new_wrapped_key
from rules.loading.library import shipped
from tools.town.course import CASE, HOURS, INTERVIEW, TAUGHT, TRIAL, VISIT, WORDS
from workflows.mailbox import send
from workflows.messages import CourseInput

Step = tuple[str, str, Mapping[str, Any]]
"""Who says it, where under the course, and the body."""

_MASTER_KEY_ID: Final = "m1"
ACKNOWLEDGING: Final = "acknowledgements"


def _facts(who: str, **facts: FactValue) -> Step:
    return who, "facts", {"facts": facts}


def _both(briefing: int, version: int = 1) -> tuple[Step, Step]:
    said = {"briefing": briefing, "version": version}
    return ("anna", ACKNOWLEDGING, said), ("bo", ACKNOWLEDGING, said)


def _notes(who: str, words: Mapping[str, str]) -> list[Step]:
    return [(who, "notes", {"kind": kind, "text": text}) for kind, text in words.items()]


TODAY: Final = datetime.now(UTC).date().isoformat()
"""All of it happens today, so that nobody is late and nobody is reminded."""


def _life() -> Iterator[Step]:
    """Yield what is said of a course, from intake to its end."""
    today = datetime.now(UTC).date()
    months = [(today.replace(day=1) - timedelta(days=28 * back)).replace(day=1) for back in (4, 3, 2, 1)]
    staff = " ".join(f"{month.isoformat()}=12" for month in sorted(set(months)))
    later = (today + timedelta(days=42)).isoformat()
    trial = {"trial_starts_on": TODAY, "trial_ends_on": later, "ordinary_fte_by_month": staff}
    yield _facts("anna", **{**INTERVIEW, "first_interview_on": TODAY})
    yield from _notes("anna", WORDS)
    yield from _notes("bo", {"opportunity": "Planteskolen mangler hænder."})
    yield from _both(1)
    yield _facts("bo", **{**VISIT, "visit_held_on": TODAY, **TRIAL, **trial})
    yield _facts("anna", trial_decision="granted", trial_granted_on=TODAY)
    yield _facts("bo", visit_outcome="trial")
    yield from _both(2)
    yield _facts("bo", trial_started_on=TODAY, next_step="paid_hours")
    yield from _notes("anna", TAUGHT)
    ended = {"trial_ended_on": TODAY, "hours_reached": 15, "trial_outcome": "hired"}
    yield _facts("bo", **{**ended, **HOURS, "hours_schedule": f"{TODAY}=8 {later}=12"})
    yield from _both(3)
    yield _facts("bo", paid_hours_started_on=TODAY)
    yield "anna", "close", {"outcome": "moved", "reason": "Flyttet med sit nye arbejde."}
    yield from _both(4)


LIFE: Final = tuple(_life())
COMMANDS: Final = 1 + len(LIFE)


@dataclass
class Lived:
    """How long each command took in seconds, and those among them that acknowledged."""

    took: list[float] = field(default_factory=list)
    acknowledged: list[float] = field(default_factory=list)

    def note(self, where: str, seconds: float) -> None:
        """Take down one command."""
        self.took.append(seconds)
        if where == ACKNOWLEDGING:
            self.acknowledged.append(seconds)


class Way(Protocol):
    """A way to live a course, or the beginning of one."""

    async def live(self, reference: str, lived: Lived, *, only_start: bool = False) -> None:
        """Give each command in turn; raises when one is refused."""


@dataclass
class OverHttp:
    """By the API, as every client does."""

    clients: Mapping[str, httpx.AsyncClient]

    async def live(self, reference: str, lived: Lived, *, only_start: bool = False) -> None:
        """Give each command as a request."""
        body = {**CASE, "started_on": TODAY, "reference": reference, "citizen": {"reference": f"citizen-{reference}"}}
        started = await self._post("system", "/v1/courses", body, lived)
        course = started.json()["course"]
        for who, where, said in () if only_start else LIFE:
            await self._post(who, f"/v1/courses/{course}/{where}", said, lived)

    async def _post(self, who: str, path: str, body: Mapping[str, Any], lived: Lived) -> httpx.Response:
        begun = time.perf_counter()
        answer = await self.clients[who].post(path, json=body)
        lived.note(path.rpartition("/")[2], time.perf_counter() - begun)
        answer.raise_for_status()
        return answer


@dataclass
class Straight:
    """Straight to the workflow, as the API's own code does it, without HTTP."""

    client: Client
    store: Store
    master_key: bytes

    async def live(self, reference: str, lived: Lived, *, only_start: bool = False) -> None:
        """Give each command to the workflow."""
        course = course_id(CASE["municipality"], reference, 1)
        to = CourseInput(course=course, municipality=CASE["municipality"])
        async with self.store.municipality(to.municipality) as connection:
            wrapped = new_wrapped_key(self.master_key, _MASTER_KEY_ID, str(course))
            await data_keys.ensure(connection, course, wrapped)
        await self._send(to, _start(reference), "start", lived)
        async for command, where in self.commands(() if only_start else LIFE):
            await self._send(to, command, where, lived)

    async def _send(self, to: CourseInput, command: cmd.Command, where: str, lived: Lived) -> None:
        begun = time.perf_counter()
        answer = await send(self.client, to, command)
        lived.note(where, time.perf_counter() - begun)
        if answer.refused:
            raise RuntimeError(f"{where} was refused: {answer.refused}")

    async def commands(self, life: tuple[Step, ...]) -> AsyncIterator[tuple[cmd.Command, str]]:
        """Yield each command; its personal text is staged first."""
        for who, where, said in life:
            given: dict[str, Any] = {"id": uuid4(), "actor": _ACTORS[who]}
            match where:
                case "facts":
                    yield cmd.ReportFacts(**given, facts=said["facts"]), where
                case "notes":
                    note = await self._stage(TextKind.NOTE, said["text"])
                    yield cmd.AddNote(**given, note=note, note_kind=said["kind"]), where
                case "close":
                    reason = await self._stage(TextKind.REASON, said["reason"])
                    yield cmd.CloseCourse(**given, outcome=said["outcome"], reason=reason), where
                case _:
                    yield cmd.Acknowledge(**given, **said), where

    async def _stage(self, kind: TextKind, text: str) -> UUID:
        async with self.store.municipality(CASE["municipality"]) as connection:
            return await texts.stage(connection, kind, text, "anna", datetime.now(UTC))


_ACTORS: Final = {
    "anna": Actor(person="anna", roles=(Role.CASEWORKER,)),
    "bo": Actor(person="bo", roles=(Role.COMPANY_CONSULTANT,)),
}


def _start(reference: str) -> cmd.StartCourse:
    rules = next(found for found in shipped() if found.id == "jobfirst" and not found.draft)
    return cmd.StartCourse(
        id=uuid4(),
        actor=Actor(person="case-system", roles=(Role.SYSTEM,)),
        municipality=CASE["municipality"],
        unit=CASE["unit"],
        reference=reference,
        citizen=f"citizen-{reference}",
        rules=rules.sha256,
        started_on=date.fromisoformat(TODAY),
        target_group=CASE["target_group"],
        caseworker=cmd.PartyClaim(person="anna"),
        company_consultant=cmd.PartyClaim(person="bo"),
    )


async def whole(straight: Straight, reference: str) -> AsyncIterator[tuple[cmd.Command, str]]:
    """Yield every command of a course."""
    yield _start(reference), "start"
    async for command, where in straight.commands(LIFE):
        yield command, where


async def many(way: Way, references: list[str], at_once: int, *, only_start: bool = False) -> tuple[Lived, float]:
    """Live many courses, so many at a time; return how long the commands took, and how long all of it."""
    lived, turn = Lived(), asyncio.Semaphore(at_once)

    async def one(reference: str) -> None:
        async with turn:
            await way.live(reference, lived, only_start=only_start)

    begun = time.perf_counter()
    await asyncio.gather(*(one(reference) for reference in references))
    return lived, time.perf_counter() - begun
