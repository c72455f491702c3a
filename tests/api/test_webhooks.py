"""Webhooks as systems manage them: each its own, with secrets that are shown once (P10, P14)."""

import base64
import time
from collections.abc import Iterator
from typing import Any, Final
from uuid import uuid4

import pytest

from api.webhooks.subscriber import MOST, MOST_OF_ONE
from clients.caller import Caller
from tests.api.vocabulary import case, expect
from tests.journeys.vocabulary import ANSWER_WITHIN
from tests.municipalities import fresh_municipality
from tools.town.town import Town

URL: Final = "https://receiver.invalid/fodslag"


class Office:
    """A municipality of its own, and the webhooks of its systems."""

    def __init__(self, town: Town) -> None:
        self.town, self.municipality = town, fresh_municipality()
        self.system = self.speaks("case-system", "job")

    def speaks(self, system: str, *units: str) -> Caller:
        return self.town.speaks(system, "system", municipality=self.municipality, units=units)

    def makes(self, speaker: Caller | None = None, **body: Any) -> str:
        """Make a webhook and return its path."""
        path = f"/v1/webhooks/{uuid4()}"
        answer = (speaker or self.system).http.put(path, json={"url": URL, **body})
        assert answer.status_code == 201, answer.text
        return path

    def close(self) -> None:
        """Leave nothing that the worker would go on sending."""
        whole = self.speaks("whole", "*")
        for webhook in whole.get("/v1/webhooks")["items"]:
            assert whole.sends(f"/v1/webhooks/{webhook['id']}/remove").status_code == 204


@pytest.fixture
def office(town: Town) -> Iterator[Office]:
    """A municipality that has no webhook yet."""
    office = Office(town)
    yield office
    office.close()


def deliveries(speaker: Caller, webhook: str, at_least: int, **query: Any) -> list[dict[str, Any]]:
    """Return what a webhook was sent, once the worker has attempted so many."""
    deadline = time.monotonic() + ANSWER_WITHIN
    while True:
        items: list[dict[str, Any]] = speaker.get(f"{webhook}/deliveries", **query)["items"]
        if len([item for item in items if item["outcome"] not in {None, "begun"}]) >= at_least:
            return items
        assert time.monotonic() < deadline, items


def test_a_webhook_is_made_once_and_its_secret_is_in_no_later_answer(office: Office) -> None:
    path, body = f"/v1/webhooks/{uuid4()}", {"url": URL, "kinds": ["briefing.final"]}
    made, again = (office.system.http.put(path, json=body) for _ in range(2))

    assert (made.status_code, again.status_code) == (201, 200)
    secret = made.json()["secret"]
    assert secret.startswith("whsec_")
    assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32
    assert again.json() == {**made.json(), "secret": None}
    for route in (path, "/v1/webhooks", f"{path}/deliveries"):
        assert secret not in office.system.http.get(route).text
    assert office.system.get(path)["kinds"] == ["briefing.final"]


def test_a_new_secret_is_shown_once_and_the_one_before_it_overlaps(office: Office) -> None:
    webhook = office.makes()

    first, second = (office.system.does(f"{webhook}/secret", overlap_hours=hours) for hours in (24, 0))

    assert first["secret"] != second["secret"]
    assert second["former_until"] < first["former_until"]
    expect(office.system.sends(f"{webhook}/secret", overlap_hours=169), 422, "not-in-range", "overlap_hours")


@pytest.mark.parametrize(
    "url",
    [
        "http://receiver.example/",
        "ftp://receiver.example/",
        "https://user:word@receiver.example/",
        "https://receiver.example/#part",
        "https://",
        "receiver.example",
        "https://localhost/",
        "https://LOCALHOST./",
        "https://a.localhost:8443/",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://0x7f.0.0.1/",
        "https://2130706433/",
        "https://10.0.0.1/",
        "https://169.254.169.254/latest",
        "https://[::1]/",
        "https://[::ffff:9.9.9.9]/",
        "https://[fd00::1]/",
        "https://receiver.example/\n",
        "https://receiver.exa\nmple/",
        "https://receiver.example/a\tb",
        "https://receiver.example/a\u2028b",
        "https://receiver.example/\u202egnp",
        " https://receiver.example/",
        "https://receiver.example/a b",
        "https:\\\\receiver.example\\",
        "https:receiver.example",
        "https:///receiver.example/",
        "https://receiver.example:0/",
        "https://./",
        "https://../",
        "https://receiver..example/",
        "https://.receiver.example/",
    ],
)
def test_an_address_that_is_not_outside_is_refused_by_its_field(office: Office, url: str) -> None:
    answer = office.system.http.put(f"/v1/webhooks/{uuid4()}", json={"url": url})

    expect(answer, 422, "url-unusable", "url")


def test_a_kind_that_the_feed_does_not_have_is_refused(office: Office) -> None:
    answer = office.system.http.put(f"/v1/webhooks/{uuid4()}", json={"url": URL, "kinds": ["everything"]})

    expect(answer, 422, "value-not-allowed", "kinds.0")


def every_route(webhook: str) -> list[tuple[str, str, dict[str, Any] | None]]:
    return [
        ("GET", webhook, None),
        ("PUT", webhook, {"url": URL}),
        ("POST", f"{webhook}/pause", None),
        ("POST", f"{webhook}/resume", None),
        ("POST", f"{webhook}/secret", {}),
        ("POST", f"{webhook}/test", None),
        ("GET", f"{webhook}/deliveries", None),
        ("POST", f"{webhook}/deliveries/{uuid4()}/redeliver", None),
        ("POST", f"{webhook}/remove", None),
    ]


def test_a_system_manages_its_own_webhooks_and_who_has_the_whole_municipality_all(office: Office) -> None:
    webhook = office.makes()
    other, whole = office.speaks("other-system", "job"), office.speaks("other-system", "*")

    for method, path, body in every_route(webhook):
        expect(other.http.request(method, path, json=body), 404, "webhook-not-found")
    assert other.get("/v1/webhooks")["items"] == []
    assert [item["id"] for item in whole.get("/v1/webhooks")["items"]] == [webhook.rpartition("/")[2]]
    changed = whole.put(webhook, {"url": f"{URL}/new"}).json()
    assert (changed["owner"], changed["units"]) == ("case-system", ["job"]), "it reads as its owner still"
    assert whole.does(f"{webhook}/pause")["state"] == "paused"


def test_another_municipality_s_webhook_does_not_exist(office: Office, town: Town) -> None:
    webhook = office.makes()
    elsewhere = Office(town).speaks("case-system", "*")

    for method, path, body in every_route(webhook):
        if method != "PUT":  # It makes a webhook of its own under the same id.
            expect(elsewhere.http.request(method, path, json=body), 404, "webhook-not-found")
    assert elsewhere.get("/v1/webhooks")["items"] == []


def test_what_its_owner_reads_follows_the_token_by_which_he_writes_it(office: Office) -> None:
    webhook = office.makes()

    wider = office.speaks("case-system", "job", "youth").put(webhook, {"url": URL}).json()

    assert wider["units"] == ["job", "youth"]


def test_a_webhook_is_paused_resumed_and_removed(office: Office) -> None:
    webhook = office.makes()

    assert office.system.does(f"{webhook}/pause")["state"] == "paused"
    assert office.system.does(f"{webhook}/resume")["state"] == "active"
    assert office.system.sends(f"{webhook}/remove").status_code == 204
    expect(office.system.http.get(webhook), 404, "webhook-not-found")
    assert office.system.get("/v1/webhooks")["items"] == []


def test_a_system_has_so_many_webhooks_and_leaves_room_for_others(office: Office) -> None:
    for _ in range(MOST_OF_ONE):
        office.makes()

    answer = office.system.http.put(f"/v1/webhooks/{uuid4()}", json={"url": URL})

    expect(answer, 409, "own-webhooks-too-many")
    office.makes(office.speaks("other-system", "job"))


def test_a_municipality_has_so_many_webhooks_and_no_more(office: Office) -> None:
    for number in range(MOST // MOST_OF_ONE):
        system = office.speaks(f"system-{number}", "job")
        for _ in range(MOST_OF_ONE):
            office.makes(system)

    answer = office.system.http.put(f"/v1/webhooks/{uuid4()}", json={"url": URL})

    expect(answer, 409, "webhooks-too-many")


def test_a_narrower_token_reads_nothing_more_of_a_webhook_and_can_narrow_and_remove_it(office: Office) -> None:
    wider = office.speaks("case-system", "job", "youth")
    where = {"municipality": office.municipality}
    courses = {unit: wider.does("/v1/courses", **case(**where, unit=unit))["course"] for unit in ("job", "youth")}
    webhook = office.makes(wider, after=None)
    sent = deliveries(wider, webhook, 1)
    assert {item["course"] for item in sent} == {*courses.values()}

    read = office.system.get(f"{webhook}/deliveries")["items"]

    assert {item["course"] for item in read} == {courses["job"]}
    hidden = next(item["id"] for item in sent if item["course"] == courses["youth"])
    expect(office.system.sends(f"{webhook}/deliveries/{hidden}/redeliver"), 404, "delivery-not-found")
    office.system.does(f"{webhook}/pause")
    assert office.system.does(f"{webhook}/resume")["units"] == ["job"], "it goes on as this token reads"
    wider.put(webhook, {"url": URL})
    assert office.system.put(webhook, {"url": f"{URL}/new"}).json()["units"] == ["job"]
    after = wider.get(f"{webhook}/deliveries")["items"]
    assert {item["state"] for item in after if item["course"] == courses["youth"]} == {"dead_letter"}
    assert "dead_letter" not in {item["state"] for item in after if item["course"] == courses["job"]}
    assert office.system.sends(f"{webhook}/remove").status_code == 204


def test_a_ping_is_attempted_once_and_says_what_came_of_it(office: Office) -> None:
    webhook = office.makes()

    queued = office.system.does(f"{webhook}/test")
    (tried,) = deliveries(office.system, webhook, 1)

    assert (queued["kind"], queued["course"], queued["state"]) == ("ping", None, "pending")
    assert (tried["id"], tried["outcome"], tried["state"]) == (queued["id"], "unresolved", "dead_letter")


def test_the_worker_sends_what_happens_after_a_webhook_was_made(office: Office) -> None:
    job = {"municipality": office.municipality, "unit": "job"}
    office.system.does("/v1/courses", **case(**job))
    webhook = office.makes()
    before = office.makes(after=None)
    course = office.system.does("/v1/courses", **case(**job))["course"]

    sent = deliveries(office.system, webhook, 1)
    failing = office.system.get(f"{webhook}/deliveries", state="failing")["items"]
    changes = office.system.get("/v1/changes")["items"]
    feed = [change["id"] for change in changes if change["course"] == course]

    assert sorted(item["event"] for item in sent) == sorted(feed)
    assert [(item["event"], item["outcome"], item["attempts"]) for item in failing] == [(feed[0], "unresolved", 1)]
    assert len(deliveries(office.system, before, 1)) == len(changes)
    again = office.system.does(f"{webhook}/deliveries/{failing[0]['id']}/redeliver")
    assert (again["state"], again["out_of_order"]) == ("failing", False), "it keeps its place"
    expect(office.system.sends(f"{webhook}/deliveries/{uuid4()}/redeliver"), 404, "delivery-not-found")
