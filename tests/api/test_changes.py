"""The changes feed: other systems follow a municipality at their own pace, and miss and repeat nothing."""

import base64
from typing import Any

import httpx
import pytest
from pydantic import TypeAdapter
from sqlalchemy import text

from api.http.paging import Cursors
from clients.caller import Caller
from infra.store.engine import Store, create_engine
from infra.store.logins import Login
from tests.api.vocabulary import case, expect
from tests.municipalities import fresh_municipality
from tools.town.town import Town

FEED = "/v1/changes"
TOWN = fresh_municipality()
SECRET = "Kun for sagsbehandlere."


@pytest.fixture(scope="module")
def system(town: Town) -> Caller:
    """A case system of a municipality of its own, with two courses in different units."""
    system = town.speaks("case-system", "system", municipality=TOWN, units=("*",))
    for unit in ("job", "youth"):
        started = system.does("/v1/courses", **case(municipality=TOWN, unit=unit))
        anna = town.speaks("anna", "caseworker", municipality=TOWN, units=("*",))
        note = {"kind": "barrier", "text": SECRET, "audience": "caseworker_only"}
        anna.does(f"/v1/courses/{started['course']}/notes", **note)
    return system


def everything(reader: Caller, **query: Any) -> list[dict[str, Any]]:
    """Follow the feed to its end, by its links."""
    answer = reader.http.get(FEED, params=query)
    seen = []
    while True:
        assert answer.is_success, answer.text
        seen += answer.json()["items"]
        assert answer.json()["more"] == ("next" in answer.links)
        if "next" not in answer.links:
            return seen
        answer = reader.http.get(answer.links["next"]["url"])


def test_the_feed_tells_what_the_journals_tell_without_the_words(system: Caller) -> None:
    changes = everything(system, limit=3)

    for course in {change["course"] for change in changes}:
        lines = system.get(f"/v1/courses/{course}/journal", limit=200)["items"]
        same = [change for change in changes if change["course"] == course]
        assert [(c["kind"], c["revision"], c["at"], c["actor"], c["visit"], c["detail"]) for c in same] == [
            (line["kind"], line["revision"], line["at"], line["by"], line["visit"], line["detail"]) for line in lines
        ]
        assert {change["reference"] for change in same} == {system.get(f"/v1/courses/{course}")["reference"]}
    assert len({change["id"] for change in changes}) == len(changes) > 6


def test_a_cursor_is_kept_and_leads_to_what_happens_later(town: Town, system: Caller) -> None:
    course = system.does("/v1/courses", **case(municipality=TOWN))["course"]
    position = everything(system)[-1]["cursor"]
    assert system.get(FEED, after=position) == {"items": [], "next": position, "more": False}

    anna = town.speaks("anna", "caseworker", municipality=TOWN)
    anna.does(f"/v1/courses/{course}/facts", facts={"goal_paid_hours": 12})

    page = system.get(FEED, after=position)
    assert page["items"][0]["kind"] == "facts_reported"
    assert {change["course"] for change in page["items"]} == {course}
    assert page["next"] == page["items"][-1]["cursor"]


def test_who_wants_nothing_of_what_was_begins_at_the_head(system: Caller) -> None:
    head = system.get(FEED, after="now")
    assert head == {"items": [], "next": everything(system)[-1]["cursor"], "more": False}

    course = system.does("/v1/courses", **case(municipality=TOWN))["course"]

    assert {change["course"] for change in everything(system, after=head["next"])} == {course}


def test_the_head_of_a_feed_without_events_is_its_beginning(town: Town) -> None:
    nobody = town.speaks("case-system", "system", municipality="0933", units=("*",))

    assert nobody.get(FEED, after="now") == {"items": [], "next": None, "more": False}


def test_any_of_the_own_roles_may_go_on_from_the_same_cursor(town: Town, system: Caller) -> None:
    changes = everything(system)
    sara = town.speaks("sara", "supervisor", municipality=TOWN, units=("*",))

    assert [change["id"] for change in everything(sara, after=changes[2]["cursor"])] == [c["id"] for c in changes[3:]]


def test_only_the_kinds_and_the_course_asked_for_are_told(system: Caller) -> None:
    changes = everything(system)
    course = changes[0]["course"]
    kinds = ["course_started", "note_added"]

    assert everything(system, kind=kinds) == [change for change in changes if change["kind"] in kinds]
    assert everything(system, course=course) == [change for change in changes if change["course"] == course]
    assert everything(system, course=course, kind=kinds, limit=1) == [
        change for change in changes if change["course"] == course and change["kind"] in kinds
    ]


def test_a_misspelt_kind_is_refused_and_not_waited_for_in_vain(system: Caller) -> None:
    problem = expect(system.http.get(FEED, params={"kind": "note_aded"}), 422, "value-not-allowed", "kind.0")

    assert "note_added" in problem["errors"][0]["remedy"]
    assert "note_aded" not in str(problem)


def test_the_words_of_a_note_are_in_nobody_s_feed_and_the_rest_follows_its_audience(town: Town, system: Caller) -> None:
    sara = town.speaks("sara", "supervisor", municipality=TOWN, units=("*",))
    paul = town.speaks("paul", "data_protection", municipality=TOWN, units=("*",))

    for reader in (system, sara, paul):
        assert SECRET not in reader.http.get(FEED, params={"limit": 500}).text
    assert {change["detail"] for change in everything(system, kind="note_added")} == {None}
    for reader in (sara, paul):
        assert all(change["detail"]["note"]["kind"] == "barrier" for change in everything(reader, kind="note_added"))


def test_a_token_follows_its_own_units_and_municipality_only(town: Town, system: Caller) -> None:
    changes = everything(system)
    youth = town.speaks("case-system", "system", municipality=TOWN, units=("youth",))
    nowhere = town.speaks("case-system", "system", municipality=TOWN, units=("elsewhere",))
    other = town.speaks("case-system", "system", municipality=fresh_municipality(), units=("*",))

    seen = {change["id"] for change in everything(youth)}
    assert 0 < len(seen) < len(changes)
    assert {c["course"] for c in changes if c["id"] in seen}.isdisjoint(
        {c["course"] for c in changes if c["id"] not in seen}
    )
    assert everything(nowhere) == everything(other) == []
    assert everything(nowhere, course=changes[0]["course"]) == []
    assert system.get(FEED, after=changes[-1]["cursor"])["items"] == []


def test_a_feed_in_which_nothing_ever_happened_has_no_cursor(town: Town) -> None:
    other = town.speaks("case-system", "system", municipality=fresh_municipality(), units=("*",))

    assert other.get(FEED) == {"items": [], "next": None, "more": False}


def test_a_cursor_of_another_list_or_municipality_is_refused(town: Town, system: Caller) -> None:
    other = town.speaks("case-system", "system", municipality=fresh_municipality(), units=("*",))
    of_courses, of_feed = system.get("/v1/courses", limit=1)["next"], system.get(FEED, limit=1)["next"]

    expect(system.http.get(FEED, params={"after": of_courses}), 422, "cursor-invalid", "after")
    expect(system.http.get("/v1/courses", params={"cursor": of_feed}), 422, "cursor-invalid", "cursor")
    expect(other.http.get(FEED, params={"after": of_feed}), 422, "cursor-invalid", "after")


@pytest.mark.parametrize("cursor", ["nonsense", "æøå", "MTIz", "x" * 99, "LjEuMQ==", ""])
def test_what_is_no_cursor_is_refused(system: Caller, cursor: str) -> None:
    expect(system.http.get(FEED, params={"after": cursor}), 422, "cursor-invalid", "after")


@pytest.mark.parametrize("place", [(1, 1, 0), (10**18 - 1, 10**18 - 1, 0)])
def test_a_cursor_from_before_a_restore_is_refused_and_never_skips(
    town: Town, system: Caller, place: tuple[int, int, int]
) -> None:
    key = base64.b64decode(town.keys["FODSLAG_HMAC_KEY"])
    cursor = Cursors(key, f"{TOWN} {FEED}", TypeAdapter(tuple[int, int, int])).write(place)

    expect(system.http.get(FEED, params={"after": cursor}), 410, "cursor-lost", "after")
    expect(system.http.get("/v1/events", headers={"Last-Event-ID": cursor}), 410, "cursor-lost", "Last-Event-ID")


async def test_an_erased_detail_leaves_the_event_in_the_feed(town: Town) -> None:
    here = fresh_municipality()
    system = town.speaks("case-system", "system", municipality=here, units=("*",))
    system.does("/v1/courses", **case(municipality=here))
    before = everything(system)

    store = Store(create_engine(town.postgres.url(Login.WORKER), Login.WORKER))
    async with store.municipality(here) as connection:
        await connection.execute(text("UPDATE journal SET detail = NULL"))
    await store.close()

    assert everything(system) == [{**change, "detail": None} for change in before]


def test_the_link_keeps_what_was_asked(system: Caller) -> None:
    answer = system.http.get(FEED, params={"kind": ["course_started", "note_added"], "limit": 1})

    query = httpx.URL(answer.links["next"]["url"]).params
    assert query.get_list("kind") == ["course_started", "note_added"]
    assert (query["limit"], query["after"]) == ("1", answer.json()["next"])
