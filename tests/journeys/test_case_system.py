"""A case system that follows by a webhook: one task per person and course, and one journal text per gate (P5, P7)."""

import base64
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import pytest

from activities.webhooks.message import body_of, event_of, headers_of
from clients.caller import AwayError, Caller
from clients.receiving.case_system import CaseSync, Task, tasks_of
from clients.receiving.receiver import CannotTakeError, Event, WebhookReceiver
from infra.store.registers.webhook_events import WebhookDelivery
from tests.journeys.vocabulary import CASE, SCRIPT, both_acknowledge, complete_intake, played
from tools.town.town import MUNICIPALITY, Town

_references = count(1)
SECRET = bytes(range(32))


class MadeUpCaseSystem:
    """Tasks and journals in memory; it counts what was asked of it."""

    def __init__(self) -> None:
        self.tasks: dict[tuple[str, str], Task] = {}
        self.journal: dict[tuple[str, str], str] = {}
        self.acts = 0

    def open_tasks(self, case: str) -> dict[str, Task]:
        return {person: task for (of, person), task in self.tasks.items() if of == case}

    def put_task(self, case: str, person: str, task: Task) -> None:
        self.acts += 1
        self.tasks[case, person] = task

    def close_task(self, case: str, person: str) -> None:
        self.acts += 1
        del self.tasks[case, person]

    def put_journal(self, case: str, key: str, text: str) -> None:
        self.journal.setdefault((case, key), text)


def sent(event: str, kind: str = "ping", now: datetime | None = None, **what: Any) -> tuple[bytes, dict[str, str]]:
    """Return body and headers of an event, as a worker sends them."""
    now = now or datetime.now(UTC)
    ids = {"webhook_id": uuid4(), "delivery_id": uuid4(), "event_id": event, "kind": kind}
    delivery = WebhookDelivery.model_validate({**ids, **dict.fromkeys(("at", "queued_at", "due_at"), now), **what})
    body = body_of(event_of(MUNICIPALITY, delivery))
    return body.encode(), headers_of(event, body, [SECRET], now)


def shown(secret: bytes) -> str:
    return "whsec_" + base64.b64encode(secret).decode()


class Feed:
    """All that happens to a course, as a worker sends it, each once."""

    def __init__(self, system: Caller, course: str) -> None:
        self.system, self.course = system, course
        self.place: dict[str, str] = {}

    def news(self) -> list[tuple[bytes, dict[str, str]]]:
        """Return what has happened since it was asked last."""
        page = self.system.get("/v1/changes", course=self.course, limit=500, **self.place)
        self.place = {"after": page["next"]}
        return [self._sent(change) for change in page["items"]]

    def _sent(self, change: dict[str, Any]) -> tuple[bytes, dict[str, str]]:
        place = {"course_id": UUID(self.course), "revision": change["revision"], "visit": change["visit"]}
        return sent(change["id"], change["kind"], **place)


@pytest.fixture
def begun(town: Town) -> tuple[Caller, str, str]:
    """The case system as a caller, a course that it has started, and its reference."""
    system = town.speaks("case-system", "system")
    reference = f"synced-{next(_references)}"
    return system, str(system.does("/v1/courses", **{**CASE, "reference": reference})["course"]), reference


def test_each_person_who_is_waited_for_has_one_task_and_each_gate_one_journal_text(
    town: Town, begun: tuple[Caller, str, str]
) -> None:
    system, course, reference = begun
    anna, bo = town.speaks("anna", "caseworker"), town.speaks("bo", "company_consultant")
    path = f"/v1/courses/{course}"
    cases = MadeUpCaseSystem()
    receiver, feed = WebhookReceiver([shown(SECRET)], CaseSync(system, cases).take), Feed(system, course)

    def receives() -> None:
        for body, headers in feed.news():
            assert receiver.receive(body, headers) == HTTPStatus.NO_CONTENT

    receives()
    assert cases.open_tasks(reference) == tasks_of(system.get(path))
    assert "anna" in cases.open_tasks(reference)
    complete_intake(path, anna, bo)
    both_acknowledge(path, anna, bo)
    receives()
    assert cases.open_tasks(reference) == tasks_of(system.get(f"/v1/courses/{course}"))
    assert len(cases.journal) == 1
    played(path, anna, bo).does(*SCRIPT.step("company_visit"))
    both_acknowledge(path, anna, bo)
    receives()
    assert cases.open_tasks(reference) == tasks_of(system.get(f"/v1/courses/{course}"))
    assert len(cases.journal) == 2
    assert all("Karla" in text or "citizen-42" in text for text in cases.journal.values())
    anna.does(f"{path}/close", outcome="moved", reason="Flyttet.")
    both_acknowledge(path, anna, bo)
    receives()
    assert cases.open_tasks(reference) == {}


def test_whatever_comes_twice_or_out_of_order_ends_up_the_same(town: Town, begun: tuple[Caller, str, str]) -> None:
    system, course, reference = begun
    anna, bo = town.speaks("anna", "caseworker"), town.speaks("bo", "company_consultant")
    complete_intake(f"/v1/courses/{course}", anna, bo)
    both_acknowledge(f"/v1/courses/{course}", anna, bo)
    events = Feed(system, course).news() * 2
    random.Random(7).shuffle(events)  # noqa: S311 - An order, not a secret.
    cases = MadeUpCaseSystem()
    receiver = WebhookReceiver([shown(SECRET)], CaseSync(system, cases).take)

    for body, headers in events:
        assert receiver.receive(body, headers) == HTTPStatus.NO_CONTENT

    wanted = tasks_of(system.get(f"/v1/courses/{course}"))
    assert cases.open_tasks(reference) == wanted
    assert cases.acts == len(wanted), "nothing was done twice"
    assert len(cases.journal) == 1


def refusing(error: Exception) -> Callable[[Event], None]:
    def take(_event: Event) -> None:
        raise error

    return take


def test_what_cannot_be_taken_now_comes_again() -> None:
    receiver = WebhookReceiver([shown(SECRET)], refusing(CannotTakeError()))

    assert receiver.receive(*sent("1", "paused", course_id=uuid4())) == HTTPStatus.SERVICE_UNAVAILABLE
    assert receiver.receive(*sent("1")) == HTTPStatus.NO_CONTENT, "a ping asks for nothing"


def test_a_case_system_whose_api_is_away_takes_nothing() -> None:
    class Away(Caller):
        def get(self, path: str, **query: Any) -> dict[str, Any]:
            raise AwayError(path, query)

    with Away("http://127.0.0.1:1", "token") as api, pytest.raises(CannotTakeError):
        CaseSync(api, MadeUpCaseSystem()).take({"id": "1", "data": {"kind": "paused", "read": "/v1/courses/1"}})


def test_only_what_is_signed_by_a_secret_of_ours_and_new_is_taken() -> None:
    taken: list[Event] = []
    both = WebhookReceiver([shown(b"another secret of 24 bytes"), shown(SECRET)], taken.append)
    other = WebhookReceiver([shown(b"another secret of 24 bytes")], taken.append)
    body, headers = sent("1", "paused", course_id=uuid4())
    old = sent("1", "paused", datetime.now(UTC) - timedelta(hours=1), course_id=uuid4())

    assert both.receive(body, headers) == HTTPStatus.NO_CONTENT
    assert both.receive(body + b" ", headers) == HTTPStatus.UNAUTHORIZED
    assert both.receive(body, {**headers, "webhook-id": "2"}) == HTTPStatus.UNAUTHORIZED
    assert both.receive(body, {}) == HTTPStatus.UNAUTHORIZED
    assert both.receive(*old) == HTTPStatus.UNAUTHORIZED
    assert other.receive(body, headers) == HTTPStatus.UNAUTHORIZED
    assert [event["id"] for event in taken] == ["1"]
