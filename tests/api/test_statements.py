"""What a request asks of the store: a few statements, and not one more when there is more to tell of."""

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import event

from api.app import create_app
from api.docs.openapi import description
from api.http.streams import Streams
from api.pages.my_list import MOST_RECEIPTS
from clients.caller import Caller
from infra.settings import Settings
from infra.store.logins import Login
from rules.loading.library import shipped_library
from tests.api.leading import TODAY
from tests.api.pages.browser import logged_in
from tests.api.vocabulary import case
from tests.journeys.vocabulary import ANSWER_WITHIN, TRIAL, VISIT, both_acknowledge, complete_intake
from tests.municipalities import fresh_municipality
from tools.town.town import Town

MOST: Final = 15
"""How many statements a request makes at most, those that open its transactions among them."""
ROWS: Final = 6
TOWN, UNIT = fresh_municipality(), "much"
_numbers = count(1)


@dataclass
class Counted:
    """An API in this process, and the statements it has made."""

    http: httpx.AsyncClient
    app: FastAPI
    statements: list[str] = field(default_factory=list)

    async def asked(self, speaker: Caller, method: str, path: str, **body: Any) -> int:
        """Send a request and return how many statements it took."""
        self.statements.clear()
        headers = {"Authorization": speaker.http.headers["authorization"]}
        answer = await self.http.request(method, path, headers=headers, json=body or None)
        assert answer.is_success, answer.text
        return len(self.statements)


@asynccontextmanager
async def counting(town: Town) -> AsyncIterator[Counted]:
    """Let an API in this process work on the store and the courses of the town."""
    with pytest.MonkeyPatch.context() as environment:
        more = {"FODSLAG_DATABASE_URL": town.postgres.url(Login.API), "FODSLAG_VAR": str(town.settings.var)}
        temporal = {"TEMPORAL_ADDRESS": town.temporal.address, "TEMPORAL_NAMESPACE": town.temporal.namespace}
        for name, value in {**town.keys, **more, **temporal}.items():
            environment.setenv(name, value)
        app = create_app(Settings(), Streams())
        transport = httpx.ASGITransport(app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://api") as http,
        ):
            counted = Counted(http, app)
            engine = app.state.services.store._engine.sync_engine  # noqa: SLF001 - Nothing else knows what is executed.
            event.listen(engine, "before_cursor_execute", lambda *call: counted.statements.append(call[2]))
            yield counted


@dataclass
class Office:
    """Those who read, and a course that has gone on for a while."""

    speakers: dict[str, Caller]
    course: str
    trial: str
    bulk: str = ""
    hands: tuple[str, ...] = ("carl", "dina")

    def changes_hands(self) -> None:
        """Let all courses of one person be handed over to another at once, one more than the last time."""
        sara, system = self.speakers["supervisor"], self.speakers["system"]
        for person in self.hands:
            entry = {"name": person.title(), "roles": ["caseworker"], "unit": UNIT}
            assert sara.http.put(f"/v1/people/{person}", json=entry).is_success
        giver, taker = self.hands
        self.hands = (taker, giver)
        system.does("/v1/courses", **case(municipality=TOWN, unit=UNIT, caseworker={"person": giver}))
        order = {"from": {"person": giver}, "to": [{"person": taker}], "reason": "Nye opgaver."}
        self.bulk = sara.does("/v1/hand-overs", **order)["id"]
        deadline = time.monotonic() + ANSWER_WITHIN
        while sara.get(f"/v1/bulk-acts/{self.bulk}")["waiting"]:
            assert time.monotonic() < deadline

    def grows(self) -> None:
        """Let there be more of everything that lists tell of and courses hold."""
        anna, sara, system = (self.speakers[name] for name in ("anna", "supervisor", "system"))
        for number in (next(_numbers) for _ in range(ROWS)):
            person, company = f"person-{number}", f"10040{number:05}"
            registers = {
                f"/v1/people/{person}": {"name": "Bodil", "roles": ["caseworker"], "unit": f"unit-{number}"},
                f"/v1/companies/{company}": {"cvr": "10000009", "name": f"Gartneri {number}"},
                f"/v1/units/unit-{number}": {"name": "Enhed"},
                f"{self.course}/observers/observer-{number % ROWS}": {"kind": "mentor", "reason": "Aftalt"},
            }
            for path, body in registers.items():
                assert sara.http.put(path, json=body).is_success
            system.does("/v1/courses", **case(municipality=TOWN, unit=UNIT, started_on="2026-03-02"))
            anna.does(f"{self.course}/facts", facts={"goal_paid_hours": 1 + number % 30})
            for course in (self.course, self.trial):
                anna.does(f"{course}/notes", kind="barrier", text="Noget i vejen.")
        note = anna.get(self.course)["notes"][-1]["id"]
        anna.does(f"{self.course}/notes/{note}/retract", reason="En anden borger", wrong_citizen=True)
        self.changes_hands()


@pytest.fixture(scope="module")
def office(town: Town) -> Office:
    """A course at its second step, among others."""
    roles = {"anna": "caseworker", "bo": "company_consultant"} | {
        role: role for role in ("system", "supervisor", "data_protection")
    }
    speakers = {name: town.speaks(name, role, municipality=TOWN, units=("*",)) for name, role in roles.items()}
    started = case(municipality=TOWN, unit=UNIT)
    course = f"/v1/courses/{speakers['system'].does('/v1/courses', **started)['course']}"
    anna, bo = speakers["anna"], speakers["bo"]
    complete_intake(course, anna, bo)
    both_acknowledge(course, anna, bo)
    bo.does(f"{course}/facts", facts={**VISIT, **TRIAL})
    anna.does(f"{course}/briefings")
    at_trial = case(
        municipality=TOWN, unit=UNIT, started_on=AWAY, taken_over={"visits": [{"step": "trial", "entered_on": AWAY}]}
    )
    trial = f"/v1/courses/{speakers['system'].does('/v1/courses', **at_trial)['course']}"
    office = Office(speakers, course, trial)
    office.grows()
    return office


HOOK: Final = "3d5c0f57-6d0c-4a0b-9d56-0d1f6a1c2b3e"
AWAY: Final = "2026-07-06"
RULES_HASH: Final = shipped_library().by_name["jobfirst"].sha256
FINDINGS: Final = "/v1/findings?limit=200"
READS: Final = {
    "/v1/absences?limit=200": "supervisor",
    "/v1/board?limit=200&counts=true": "supervisor",
    "/v1/bulk-acts?limit=200": "supervisor",
    "/v1/bulk-acts/{bulk}": "supervisor",
    "/v1/bulk-acts/{bulk}/items?limit=200": "supervisor",
    "/v1/calendar": "anna",
    "/v1/changes?limit=200": "system",
    "/v1/companies?limit=200": "anna",
    "/v1/companies/1000000001/ratio": "anna",
    "/v1/companies/1000000001": "anna",
    "/v1/courses?limit=200": "anna",
    "/v1/data-protection/removals?limit=200": "data_protection",
    "/v1/escalations?limit=200": "supervisor",
    "/v1/export": "data_protection",
    FINDINGS: "supervisor",
    "/v1/inbox?limit=200": "anna",
    "/v1/inbox/appointments.ics": "anna",
    "/v1/people?limit=200": "anna",
    "/v1/people/anna": "anna",
    "/v1/people/anna/absences": "anna",
    f"/v1/people/anna/absences/{AWAY}/hand-over": "anna",
    "/v1/people/anna/rehearsal": "anna",
    "/v1/rulesets": "anna",
    "/v1/rulesets/jobfirst": "anna",
    "/v1/rulesets/jobfirst/book": "anna",
    f"/v1/rulesets/jobfirst/changes?before={RULES_HASH}&after={RULES_HASH}": "anna",
    f"/v1/rulesets/jobfirst/changes/proof?before={RULES_HASH}&after={RULES_HASH}": "supervisor",
    "/v1/rulesets/jobfirst/document": "anna",
    "/v1/rulesets/jobfirst/followers": "supervisor",
    "/v1/rulesets/jobfirst/proof": "supervisor",
    "/v1/rulesets/jobfirst/what-if": "supervisor",
    "/v1/search?q=case": "anna",
    "/v1/since-last": "anna",
    "/v1/staff-news": "anna",
    "/v1/statistics": "supervisor",
    "/v1/stories": "anna",
    "/v1/units?limit=200": "anna",
    "/v1/units/much": "anna",
    "/v1/webhooks": "system",
    f"/v1/webhooks/{HOOK}": "system",
    f"/v1/webhooks/{HOOK}/deliveries?limit=200": "system",
    "{course}": "anna",
    "{course}/appointments.ics": "anna",
    f"{{course}}/as-of?on={TODAY}": "anna",
    "{course}/briefing": "anna",
    "{course}/explanation": "anna",
    "{course}/journal?limit=200": "anna",
    "{course}/rehearsal": "anna",
    "{trial}/company-sheet": "anna",
}


async def test_a_reading_takes_as_many_statements_however_much_there_is(town: Town, office: Office) -> None:
    sara = office.speakers["supervisor"]
    sara.http.put("/v1/people/anna", json={"name": "Anna", "roles": ["caseworker"], "unit": UNIT})
    sara.http.put("/v1/people/anna/absences", json={"absences": [{"from": AWAY}]})
    office.speakers["system"].http.put(f"/v1/webhooks/{HOOK}", json={"url": "https://sag.example/fodslag"})
    sara.http.put("/v1/companies/1000000001", json={"cvr": "10000009", "name": "Gartneri"})

    async def table() -> dict[str, int]:
        """Count them, of findings those besides the names, for the audit may find its first one in between."""
        paths = {path: path.format(course=office.course, trial=office.trial, bulk=office.bulk) for path in READS}
        asked = {path: await counted.asked(office.speakers[READS[path]], "GET", at) for path, at in paths.items()}
        asked[FINDINGS] -= bool(office.speakers[READS[FINDINGS]].get(FINDINGS)["items"])
        return asked

    async with counting(town) as counted:
        await table()  # What is read once is known from now on.
        before = await table()
        office.grows()
        await counted.asked(sara, "GET", "/v1/absences")  # So is a calendar that was changed.
        assert await table() == before

    assert {path: number for path, number in before.items() if number > MOST} == {}


def test_every_way_of_reading_is_counted() -> None:
    served = {path for path, item in json.loads(description())["paths"].items() if "get" in item}
    course = "/v1/courses/{course}"
    named = {path.partition("?")[0].format(course=course, trial=course, bulk="{bulk}") for path in READS}
    ids = {
        "1000000001": "{p_number}",
        "anna": "{person}",
        "much": "{unit}",
        "jobfirst": "{rule_set}",
        HOOK: "{webhook}",
        AWAY: "{first_day}",
    }
    described = {"/".join(ids.get(part, part) for part in path.split("/")) for path in named}

    assert {path for path in served if path.startswith("/v1/")} == described | {"/v1/events"}


async def test_a_command_takes_as_many_statements_however_much_there_is(town: Town, office: Office) -> None:
    anna, system = office.speakers["anna"], office.speakers["system"]

    async def table() -> dict[str, int]:
        number = next(_numbers)
        started = case(municipality=TOWN, unit=UNIT)
        facts, note = {"goal_paid_hours": 1 + number % 30}, {"kind": "barrier", "text": "Noget i vejen."}
        return {
            "start": await counted.asked(system, "POST", "/v1/courses", **started),
            "report": await counted.asked(anna, "POST", f"{office.course}/facts", facts=facts),
            "note": await counted.asked(anna, "POST", f"{office.course}/notes", **note),
            "brief": await counted.asked(anna, "POST", f"{office.course}/briefings", visit=2),
        }

    async with counting(town) as counted:
        await table()  # What is read once is known from now on.
        before = await table()
        office.grows()
        assert await table() == before

    assert max(before.values()) <= MOST


def briefed(office: Office) -> None:
    """Start a course whose briefing waits for the receipts of both."""
    parties = {"caseworker": {"person": "lise"}, "company_consultant": {"person": "bo"}}
    started = case(municipality=TOWN, unit=UNIT, **parties)
    course = f"/v1/courses/{office.speakers['system'].does('/v1/courses', **started)['course']}"
    complete_intake(course, office.speakers["lise"], office.speakers["bo"])


async def test_a_list_takes_as_many_statements_however_many_receipts_it_asks_for(town: Town, office: Office) -> None:
    office.speakers["lise"] = town.speaks("lise", "caseworker", municipality=TOWN, units=("*",))
    for _ in range(MOST_RECEIPTS):
        briefed(office)

    with logged_in(town, "lise", "caseworker", municipality=TOWN).http as session:
        cookie = {"Cookie": f"fodslag-session={session.cookies['fodslag-session']}"}
        async with counting(town) as counted:

            async def listed() -> int:
                counted.statements.clear()
                answer = await counted.http.get("/list?limit=200", headers={**cookie, "Accept": "text/html"})
                assert answer.is_success
                return len(counted.statements)

            await listed()  # What is read once is known from now on.
            before = await listed()
            for _ in range(3):
                briefed(office)
            assert await listed() == before
