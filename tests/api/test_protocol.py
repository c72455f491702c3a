"""The manners of HTTP: whatever arrives, the answer is a problem with a remedy, and never a failure of ours."""

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from clients.caller import Caller
from tests.api.vocabulary import case, expect
from tests.journeys.vocabulary import complete_intake
from tests.municipalities import fresh_municipality
from tools.town.town import Town

JSON = {"Content-Type": "application/json"}
FACTS = {"facts": {"goal_paid_hours": 5}}


@pytest.fixture(scope="session")
def course(town: Town) -> str:
    """The path of a course that is briefed about."""
    system, anna = town.speaks("case-system", "system"), town.speaks("anna", "caseworker")
    path = f"/v1/courses/{system.does('/v1/courses', **case())['course']}"
    complete_intake(path, anna, town.speaks("bo", "company_consultant"))
    return path


def test_an_unknown_address_and_an_unknown_method_are_problems_too(anna: Caller) -> None:
    expect(anna.http.get("/v1/nowhere"), 404, "route-unknown")
    refused = anna.http.delete("/v1/courses")

    expect(refused, 405, "method-not-allowed")
    assert refused.headers["allow"]


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_a_body_that_is_not_called_json_is_refused(anna: Caller, course: str, content_type: str) -> None:
    headers = {"Content-Type": content_type} if content_type else {}

    expect(anna.http.post(f"{course}/facts", content=b'{"facts":{}}', headers=headers), 415, "media-type-unsupported")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff\xfe",
        '{"facts":{"goal_paid_hours":3}}'.encode("utf-16"),
        b'{"facts":' + b"[" * 5000,
        b'{"facts":' + b"9" * 5000 + b"}",
    ],
    ids=["cut off", "not UTF-8", "UTF-16", "bottomless", "a number without end"],
)
def test_a_body_that_cannot_be_read_is_refused(anna: Caller, course: str, body: bytes) -> None:
    expect(anna.http.post(f"{course}/facts", content=body, headers=JSON), 400, "body-not-json")


def test_a_packed_body_is_refused_with_what_to_do(anna: Caller, course: str) -> None:
    packed = gzip.compress(b'{"facts":{"goal_paid_hours":3}}')
    headers = {**JSON, "Content-Encoding": "gzip"}

    problem = expect(anna.http.post(f"{course}/facts", content=packed, headers=headers), 415, "media-type-unsupported")

    assert "no Content-Encoding" in problem["detail"]


def test_a_command_without_a_body_is_told_that_it_must_be_json(course: str, anna: Caller) -> None:
    problem = expect(anna.http.post(f"{course}/briefings"), 400, "body-not-json")

    assert "an empty one" in problem["detail"]


def test_a_body_in_chunks_cannot_hide_its_size(anna: Caller, course: str) -> None:
    def chunks() -> Iterator[bytes]:
        yield from (b'"' + b"a" * 9999 for _ in range(60))

    expect(anna.http.post(f"{course}/notes", content=chunks(), headers=JSON), 413, "body-too-large")


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e999", "null", "[]", "{}"])
def test_what_is_no_value_is_no_fact(anna: Caller, course: str, value: str) -> None:
    body = f'{{"facts":{{"goal_paid_hours":{value}}}}}'

    expect(anna.http.post(f"{course}/facts", content=body, headers=JSON), 422, "wrong-type", "facts.goal_paid_hours")


def test_a_number_beyond_all_measure_is_wrong_and_breaks_nothing(anna: Caller, course: str) -> None:
    body = f'{{"facts":{{"goal_paid_hours":1{"0" * 400}}}}}'

    expect(anna.http.post(f"{course}/facts", content=body, headers=JSON), 422, "fact-value", "facts.goal_paid_hours")


@pytest.mark.parametrize("text", [r"\u0000", r"\ud800", r"\u001b[31m"])
def test_text_that_cannot_be_kept_is_refused(anna: Caller, course: str, text: str) -> None:
    body = f'{{"kind":"barrier","text":"Karla {text}"}}'

    expect(anna.http.post(f"{course}/notes", content=body, headers=JSON), 422, "text-unusable", "text")


def test_a_decimal_is_kept_as_it_was_said(anna: Caller, course: str) -> None:
    anna.does(f"{course}/facts", facts={"goal_paid_hours": 12.5})
    anna.does(f"{course}/facts", facts={"goal_paid_hours": 12.0})

    values = [fact["value"] for fact in anna.get(course)["facts"] if fact["fact"] == "goal_paid_hours"]
    assert values[-2:] == ["12.5", 12]


def test_a_sane_correlation_id_is_kept_and_any_other_is_made_anew(anna: Caller) -> None:
    def correlated(offered: str) -> str:
        return str(anna.http.get("/v1/people", headers={"X-Correlation-Id": offered}).headers["x-correlation-id"])

    assert correlated("case-system-4711") == "case-system-4711"
    for number in ("010190-1234", "B0101901234", "010190_1234", "0101901234er"):
        assert number not in correlated(f"request-{number}")
    assert correlated("a b") != "a b"


def test_what_the_caller_has_already_is_not_sent_again(anna: Caller, course: str) -> None:
    read = anna.http.get(course)
    again = anna.http.get(course, headers={"If-None-Match": read.headers["etag"]})

    assert read.headers["etag"].startswith(f'"{read.json()["revision"]}-')
    assert again.status_code == 304
    assert not again.content
    assert again.headers["etag"] == read.headers["etag"]


def test_the_tag_is_of_what_is_sent_and_for_a_write_of_the_revision(town: Town) -> None:
    there: dict[str, Any] = {"municipality": fresh_municipality(), "units": ("*",)}
    anna, sara = town.speaks("anna", "caseworker", **there), town.speaks("sara", "supervisor", **there)
    course = f"/v1/courses/{anna.does('/v1/courses', **case(municipality=there['municipality']))['course']}"
    seen = anna.http.get(course).headers["etag"]
    assert sara.http.put("/v1/people/anna", json={"name": "Anna Nytnavn", "roles": ["caseworker"]}).is_success

    news = anna.http.get(course, headers={"If-None-Match": seen})

    assert "Anna Nytnavn" in news.text, "a name changes without the course"
    assert anna.http.post(f"{course}/facts", json=FACTS, headers={"If-Match": seen}).is_success
    expect(anna.http.post(f"{course}/facts", json=FACTS, headers={"If-Match": seen}), 412, "revision-mismatch")


@pytest.mark.parametrize("tags", ['W/"{}"', '"x"', '"98", W/"{}"', '"98","99"', '"99999999999"', '""'])
def test_a_tag_that_is_weak_or_not_the_courses_matches_nothing(anna: Caller, course: str, tags: str) -> None:
    tags = tags.format(anna.get(course)["revision"])

    answer = anna.http.post(f"{course}/facts", json=FACTS, headers={"If-Match": tags})

    expect(answer, 412, "revision-mismatch")


@pytest.mark.parametrize("tags", ['"98", "{}"', '"{}","98"', 'W/"98" ,\t"{}"', "*"])
def test_one_tag_of_a_list_that_is_the_courses_is_enough(anna: Caller, course: str, tags: str) -> None:
    tags = tags.format(anna.get(course)["revision"])

    assert anna.http.post(f"{course}/facts", json=FACTS, headers={"If-Match": tags}).is_success


def test_a_list_of_tags_may_come_on_several_lines(anna: Caller, course: str) -> None:
    revision = anna.get(course)["revision"]
    lines = [("If-Match", '"98"'), ("If-Match", f'"{revision}"')]

    assert anna.http.post(f"{course}/facts", json=FACTS, headers=lines).is_success
    assert anna.http.get(course, headers=[("If-None-Match", tag) for _, tag in lines]).status_code == 200
    now = anna.http.get(course).headers["etag"]
    if_none_match = [("If-None-Match", '"98"'), ("If-None-Match", f"W/{now}")]
    assert anna.http.get(course, headers=if_none_match).status_code == 304


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/metrics", "{course}", "/v1/inbox", "{course}/briefing"])
def test_head_is_answered_as_get_without_the_content(anna: Caller, course: str, path: str) -> None:
    asked, headed = anna.http.get(path.format(course=course)), anna.http.head(path.format(course=course))

    assert (headed.status_code, headed.content) == (asked.status_code, b"")
    assert headed.headers["content-type"] == asked.headers["content-type"]
    assert headed.headers.get("etag") == asked.headers.get("etag")


def test_a_stream_has_no_head_for_it_has_no_end(town: Town, course: str) -> None:
    system = town.speaks("case-system", "system")

    assert system.http.head("/v1/events").headers["allow"] == "GET"
    assert system.http.put(course).headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize("header", [{"If-Match": "7"}, {"If-Match": '"7", x'}, {"Idempotency-Key": "a b"}])
def test_a_header_that_cannot_be_read_is_named(anna: Caller, course: str, header: dict[str, str]) -> None:
    answer = anna.http.post(f"{course}/briefings", json={}, headers=header)

    expect(answer, 422, "header-malformed", next(iter(header)))


def test_the_briefing_comes_as_text_or_data_and_in_no_other_form(anna: Caller, course: str) -> None:
    def asked(accept: str) -> httpx.Response:
        return anna.http.get(f"{course}/briefing", headers={"Accept": accept})

    assert asked("text/plain").headers["content-type"].startswith("text/plain")
    assert asked("text/plain;q=0.5, application/json").headers["content-type"] == "application/json"
    assert "Karla Eksempel" in asked("text/plain").text
    assert asked("application/pdf").content.startswith(b"%PDF-1.7")
    expect(asked("application/xml"), 406, "not-acceptable")


def test_pages_follow_each_other_without_gap_or_repeat(anna: Caller, course: str) -> None:
    whole = anna.get(f"{course}/journal", limit=200)["items"]
    seen, query = [], {"limit": "3"}
    while query:
        page = anna.http.get(f"{course}/journal", params=query)
        seen += page.json()["items"]
        query = dict(httpx.URL(page.links["next"]["url"]).params) if "next" in page.links else {}

    assert len(whole) > 3
    assert seen == whole


def test_a_cursor_is_good_for_its_own_list_and_reader_only(anna: Caller, town: Town, course: str) -> None:
    cursor = anna.get(f"{course}/journal", limit=1)["next"]
    bo = town.speaks("bo", "company_consultant")

    for reader, path, offered in (
        (anna, f"{course}/journal", "nonsense"),
        (anna, f"{course}/journal", "æøå"),
        (anna, f"{course}/journal", cursor[:-4]),
        (anna, "/v1/inbox", cursor),
        (bo, f"{course}/journal", cursor),
    ):
        expect(reader.http.get(path, params={"cursor": offered}), 422, "cursor-invalid", "cursor")


def test_the_api_s_page_needs_no_foreign_host(anna: Caller) -> None:
    page = anna.http.get("/docs")
    assets = [piece.split('"')[0] for piece in page.text.split('src="')[1:] + page.text.split('href="')[1:]]

    assert page.status_code == 200
    assert assets
    assert all(part.startswith("/") and anna.http.get(part).is_success for part in assets)


def test_liveness_and_readiness_ask_for_no_token_and_tell_of_nobody(anna: Caller) -> None:
    bare = httpx.Client(base_url=anna.http.base_url)
    try:
        assert bare.get("/livez").json() == {"status": "alive"}
        assert bare.get("/readyz").json() == {"store": True, "temporal": True, "worker": True}
    finally:
        bare.close()


def test_a_deadline_shows_how_it_was_reckoned(town: Town) -> None:
    system, anna = town.speaks("case-system", "system"), town.speaks("anna", "caseworker")
    course = system.does("/v1/courses", **case(started_on="2025-12-23"))["course"]

    visit = anna.get(f"/v1/courses/{course}")["visits"][0]

    first = next(deadline for deadline in visit["deadlines"] if deadline["requirement"] == "first_interview_held")
    assert (first["amount"], first["unit"], first["counted_from"]) == (7, "calendar_days", "course_start")
    assert first["reckoned"].startswith("2025-12-30")
    assert first["due"] > datetime.now(UTC).isoformat(), "nothing is late before anybody could have done it"


@pytest.mark.parametrize(
    ("path", "field"),
    [("journal?after={}", "after"), ("briefing?visit={}", "visit"), ("briefing?version={}", "version")],
)
def test_a_number_beyond_what_is_counted_is_named(anna: Caller, course: str, path: str, field: str) -> None:
    expect(anna.http.get(f"{course}/{path.format(2**64)}"), 422, "not-in-range", field)


def test_a_key_that_started_one_course_starts_no_other(town: Town) -> None:
    system = town.speaks("case-system", "system")
    values = case()
    first = system.sends("/v1/courses", "start-once", **values)
    again = system.sends("/v1/courses", "start-once", **values)
    other = system.sends("/v1/courses", "start-once", **case())

    assert first.json()["course"] == again.json()["course"]
    expect(other, 422, "idempotency-key-reused", "Idempotency-Key")
