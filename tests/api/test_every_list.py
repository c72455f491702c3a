"""Every list page by page while others write: what was there when it began is told once, whatever comes meanwhile."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Final
from uuid import uuid4

import psycopg
import pytest

from clients.caller import Caller
from domain.calendar import danish_day
from infra.store.logins import Login
from tests.api.vocabulary import case
from tests.architecture.files import ROOT
from tests.municipalities import fresh_municipality
from tools.town.silence import falls_silent
from tools.town.town import Town

TOWN, UNIT = fresh_municipality(), "lists"
ALREADY, A_PAGE, MEANWHILE = 5, 2, 4
LONG_AGO = danish_day(datetime.now(UTC) - timedelta(days=60)).isoformat()
_numbers = count(1)
_ordinals = count(1)

Add = Callable[[], None]


class Office:
    """Those who write in one municipality, and what makes each list longer by one."""

    def __init__(self, town: Town) -> None:
        self.town = town
        speakers = {role: town.speaks(role, role, municipality=TOWN, units=("*",)) for role in ("system", "supervisor")}
        self.system, self.supervisor = speakers["system"], speakers["supervisor"]
        self.anna = town.speaks("anna", "caseworker", municipality=TOWN, units=("*",))
        self.bo = town.speaks("bo", "company_consultant", municipality=TOWN, units=("*",))
        self.dorte = town.speaks("dorte", "data_protection", municipality=TOWN, units=("*",))
        self.course = self.starts()
        self.webhook = self.makes_a_webhook()
        entry = {"name": "Bodo", "roles": ["caseworker", "company_consultant"]}
        assert self.supervisor.http.put("/v1/people/bodo", json=entry).is_success
        self.hands_over()
        self.act = self.supervisor.get("/v1/bulk-acts")["items"][0]["id"]

    def starts(self, **changed: Any) -> str:
        """Start a course and return its path."""
        started = case(municipality=TOWN, unit=UNIT, **changed)
        return f"/v1/courses/{self.system.does('/v1/courses', **started)['course']}"

    def starts_anew(self) -> None:
        """Start a course."""
        self.starts()

    def starts_long_ago(self) -> None:
        """Start a course in which somebody has been silent for long."""
        self.starts(started_on=LONG_AGO)

    def stays_silent(self) -> None:
        """Start such a course, and let a week pass until the supervisors hear of it."""
        course = self.starts(started_on=LONG_AGO).rpartition("/")[2]
        falls_silent(self.town, self.supervisor, course, timedelta(days=7))

    def writes(self, path: str, **body: Any) -> None:
        """Write one more of a register."""
        assert self.supervisor.http.put(path.format(next(_numbers)), json=body).is_success

    def removes_a_note(self) -> None:
        """Write a note of another citizen and take it back."""
        self.anna.does(f"{self.course}/notes", kind="barrier", text="Om en anden.")
        note = self.anna.get(self.course)["notes"][-1]["id"]
        self.anna.does(f"{self.course}/notes/{note}/retract", reason="En anden borger", wrong_citizen=True)

    def tells_a_story(self) -> None:
        """Tell the story of a course that stands at its paid hours."""
        visits = [{"step": "paid_hours", "entered_on": LONG_AGO}]
        course = self.starts(started_on=LONG_AGO, taken_over={"visits": visits})
        self.bo.does(f"{course}/story", story={"worked": ["small_beginning"], "branch": "industry"})

    def reports(self) -> None:
        """Let something happen to a course."""
        self.anna.does(f"{self.course}/facts", facts={"goal_paid_hours": next(_numbers)})

    def makes_a_webhook(self) -> str:
        """Make a webhook that is sent nothing, and return its path."""
        path = f"/v1/webhooks/{uuid4()}"
        assert self.system.http.put(path, json={"url": "https://receiver.invalid/"}).is_success
        self.system.does(f"{path}/pause")
        return path

    def pings(self) -> None:
        """Try the webhook."""
        self.system.does(f"{self.webhook}/test")

    def falls_asleep(self) -> None:
        """Let an audit find one more course."""
        with psycopg.connect(self.town.postgres.url(Login.WORKER)) as store:
            store.execute("SELECT set_config('fodslag.municipality', %s, true)", (TOWN,))
            store.execute(
                "INSERT INTO finding (kind, subject, what, course_id, first_seen, last_seen)"
                " VALUES ('asleep', %(course)s, '', %(course)s, now(), now())",
                {"course": uuid4()},
            )

    def is_away(self) -> None:
        """Let one more person be away."""
        path = f"/v1/people/away-{next(_ordinals)}"
        assert self.supervisor.http.put(path, json={"name": "Birte", "roles": ["caseworker"]}).is_success
        days = {"absences": [{"from": LONG_AGO}]}
        assert self.supervisor.http.put(f"{path}/absences", json=days).is_success

    def hands_over(self) -> None:
        """Order that a course is handed over."""
        self.starts(caseworker={"person": "caroline"})
        self.supervisor.does(
            "/v1/hand-overs", **{"from": {"person": "caroline"}, "to": [{"person": "bodo"}], "reason": "Prøve."}
        )

    def is_ordered(self) -> None:
        """Let an act be ordered of one course more."""
        ordinal, course = next(_ordinals), self.starts().rpartition("/")[2]
        with psycopg.connect(self.town.postgres.url(Login.API)) as store:
            store.execute("SELECT set_config('fodslag.municipality', %s, true)", (TOWN,))
            store.execute(
                "INSERT INTO bulk_item (bulk_id, ordinal, course_id, state, due_at) VALUES (%s, %s, %s, 'done', now())",
                (self.act, ordinal, course),
            )

    def lists(self) -> dict[str, tuple[Caller, Add, dict[str, Any]]]:
        """Return for each list who reads it, what adds to it, and how it is asked for."""
        company = {"cvr": "10000009", "name": f"Gartneri {next(_numbers)}"}
        person = {"name": "Bodil", "roles": ["caseworker"]}
        return {
            "/v1/absences": (self.supervisor, self.is_away, {}),
            "/v1/board": (self.supervisor, self.starts_anew, {}),
            "/v1/bulk-acts": (self.supervisor, self.hands_over, {}),
            "/v1/bulk-acts/{bulk}/items": (self.supervisor, self.is_ordered, {}),
            "/v1/changes": (self.system, self.reports, {}),
            "/v1/companies": (self.anna, lambda: self.writes("/v1/companies/10030{:05}", **company), {}),
            "/v1/courses": (self.anna, self.starts_anew, {"sort": "started_on"}),
            "/v1/courses/{course}/journal": (self.anna, self.reports, {}),
            "/v1/data-protection/removals": (self.dorte, self.removes_a_note, {}),
            "/v1/escalations": (self.supervisor, self.stays_silent, {}),
            "/v1/findings": (self.supervisor, self.falls_asleep, {}),
            "/v1/inbox": (self.anna, self.starts_long_ago, {}),
            "/v1/people": (self.anna, lambda: self.writes("/v1/people/person-{}", **person), {}),
            "/v1/webhooks/{webhook}/deliveries": (self.system, self.pings, {}),
            "/v1/stories": (self.supervisor, self.tells_a_story, {}),
            "/v1/units": (self.anna, lambda: self.writes("/v1/units/unit-{}", name="Enhed"), {}),
        }


LISTS: Final = sorted(
    path
    for path, item in json.loads((ROOT / "docs" / "openapi.json").read_text())["paths"].items()
    if any(parameter["name"] == "limit" for parameter in item.get("get", {}).get("parameters", ()))
)


@pytest.fixture(scope="module")
def office(town: Town) -> Office:
    """The office in which the lists are read."""
    return Office(town)


def identity(item: dict[str, Any]) -> str:
    """Return what an item of any list is known by."""
    if "first_seen" in item:
        return f"{item['kind']} {item['subject']} {item['what']}"
    return str(next(item[name] for name in ("id", "p_number", "position", "course", "person") if name in item))


def read(speaker: Caller, path: str, query: dict[str, Any], meanwhile: Iterator[Add]) -> list[str]:
    """Return the items of a list by following its links, something being written after each page."""
    answer = speaker.http.get(path, params=query)
    identities: list[str] = []
    while True:
        assert answer.is_success, answer.text
        identities += [identity(item) for item in answer.json()["items"]]
        next(meanwhile, lambda: None)()
        if "next" not in answer.links:
            return identities
        answer = speaker.http.get(answer.links["next"]["url"])


@pytest.mark.parametrize("path", LISTS)
def test_nothing_is_lost_and_nothing_comes_twice_while_others_write(office: Office, path: str) -> None:
    reader, add, query = office.lists()[path]
    ids = {"course": office.course.rpartition("/")[2], "webhook": office.webhook.rpartition("/")[2], "bulk": office.act}
    path = path.format(**ids)
    for _ in range(ALREADY):
        add()
    before = read(reader, path, {**query, "limit": 200}, iter(()))

    identities = read(reader, path, {**query, "limit": A_PAGE}, iter([add] * MEANWHILE))

    assert len(before) >= ALREADY
    assert set(before) <= set(identities)
    assert len(identities) == len(set(identities))


def test_a_course_that_changes_or_goes_moves_no_other_to_another_page(office: Office) -> None:
    query = {"sort": "started_on", "status": "open", "limit": A_PAGE}
    before = read(office.anna, "/v1/courses", query, iter(()))
    gone = before[0]

    def pause() -> None:
        office.anna.does(f"/v1/courses/{gone}/pause", reason="Venter")

    identities = read(office.anna, "/v1/courses", query, iter([pause]))

    assert set(identities) == set(before)
    assert gone not in read(office.anna, "/v1/courses", query, iter(()))
