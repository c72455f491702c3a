"""Every route asks for a role, a municipality and a unit; another municipality's courses do not exist (P10)."""

import re
from collections.abc import Iterator
from inspect import isasyncgenfunction, iscoroutinefunction, isfunction
from pathlib import Path
from typing import Annotated, Any, Final

import pytest
from fastapi import APIRouter
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from fastapi_offline import FastAPIOffline

from api.app import guarded, routed, who_may_call
from api.docs.access_page import page
from api.http.access import Allowed, Supervisor, UnguardedRouteError, Worker, access_table
from api.http.caller import Caller
from api.resources import RESOURCES
from clients.caller import Caller as Client
from domain.identity import Role
from tests.api.vocabulary import case
from tools.town.town import Town

ROOT: Final = Path(__file__).parents[2]
OPEN = {"/livez", "/metrics", "/readyz", "/docs", "/openapi.json"}
NOBODY = "00000000-0000-5000-8000-000000000000"


def all_routes() -> list[str]:
    """Return every route of the API as `METHOD path`."""
    document = routed(FastAPIOffline()).openapi()
    return [f"{method.upper()} {path}" for path, item in document["paths"].items() for method in item]


V1 = sorted(who_may_call())


def test_every_route_that_is_open_to_all_is_known() -> None:
    routes = all_routes()
    assert {route for route in routes if "/v1/" in route} == set(V1)
    assert {route.split(" ")[1] for route in routes} - {route.split(" ")[1] for route in V1} <= OPEN


def test_the_page_of_roles_is_current() -> None:
    assert (ROOT / "docs" / "guides" / "roles.md").read_text() == page(), "run: make openapi"


async def unguarded(caller: Caller) -> None:
    """Name no role."""


async def guarded_twice(caller: Worker, again: Supervisor) -> None:
    """Name roles in two places."""


@pytest.mark.parametrize("endpoint", [unguarded, guarded_twice])
def test_a_route_that_does_not_name_its_roles_once_keeps_the_api_from_starting(endpoint: Any) -> None:
    router = APIRouter()
    router.add_api_route("/v1/secrets", endpoint)

    with pytest.raises(UnguardedRouteError, match=endpoint.__qualname__):
        guarded([router])


async def inside(caller: Annotated[Caller, Allowed(Role.SUPERVISOR, Role.SYSTEM)]) -> None:
    """Name two roles."""


def test_a_route_is_for_the_roles_that_its_signature_names() -> None:
    router = APIRouter()
    router.add_api_route("/v1/secrets", inside, methods=["PUT"])

    assert access_table(router) == {"PUT /v1/secrets": {Role.SUPERVISOR, Role.SYSTEM}}


def dependencies(dependant: Dependant) -> Iterator[Any]:
    """Yield whatever is called before a route is."""
    for one in dependant.dependencies:
        yield one.call
        yield from dependencies(one)


def test_no_dependency_of_a_route_is_handed_to_a_thread() -> None:
    routes = [route for resource in RESOURCES for route in resource.router.routes if isinstance(route, APIRoute)]
    called = {call for route in routes for call in dependencies(route.dependant)}
    called = {call if isfunction(call) else type(call).__call__ for call in called}

    assert len(routes) == len(V1)
    assert {call for call in called if not (iscoroutinefunction(call) or isasyncgenfunction(call))} == set()


def call(speaker: Client, route: str, course: str = NOBODY) -> Any:
    """Call a route, its placeholders filled and its body empty."""
    method, path = route.split(" ")
    filled = path.replace("{course}", course).replace("{visit}", "1").replace("{role}", "caseworker")
    filled = re.sub(r"\{person\}", "anna", filled)
    filled = re.sub(r"\{\w+\}", NOBODY, filled)
    with speaker.http.stream(method, filled, json={} if method in {"POST", "PUT"} else None) as answer:
        if not answer.headers["content-type"].startswith("text/event-stream"):
            answer.read()  # The other one never ends.
        return answer


@pytest.fixture(scope="session")
def speakers(town: Town) -> dict[Role, Client]:
    """One caller per role."""
    return {role: town.speaks(f"somebody-{role.value.replace('_', '-')}", role.value, units=("*",)) for role in Role}


@pytest.mark.parametrize("route", V1)
def test_a_route_lets_through_exactly_its_roles(route: str, speakers: dict[Role, Client]) -> None:
    for role, speaker in speakers.items():
        answer = call(speaker, route)
        allowed = role in who_may_call()[route]
        assert (answer.status_code == 403) != allowed, f"{role}: {answer.text}"


@pytest.mark.parametrize("route", V1)
def test_no_route_answers_without_a_token(route: str, town: Town) -> None:
    stranger = town.speaks("anna", "caseworker")
    stranger.http.headers.pop("authorization")

    answer = call(stranger, route)

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("route", [route for route in V1 if "{course}" in route])
def test_another_municipality_s_and_another_unit_s_course_does_not_exist(route: str, town: Town) -> None:
    system = town.speaks("case-system", "system")
    course = system.does("/v1/courses", **case())["course"]
    all_roles = [role.value for role in Role]
    elsewhere = town.speaks("gert", *all_roles, municipality="0991")
    other_unit = town.speaks("gert", *all_roles, units=("youth",))

    for stranger in (elsewhere, other_unit):
        here, nowhere = call(stranger, route, course), call(stranger, route)
        assert here.status_code == nowhere.status_code
        assert here.status_code in {404, 422}, here.text
        assert here.json()["code"] == nowhere.json()["code"]


def test_lists_show_only_what_the_caller_may_see(town: Town) -> None:
    system = town.speaks("case-system", "system")
    course = system.does("/v1/courses", **case())["course"]

    def listed(speaker: Client) -> set[str]:
        ids: set[str] = set()
        cursor: dict[str, Any] = {}
        while True:
            page = speaker.get("/v1/courses", limit=200, **cursor)
            ids |= {line["id"] for line in page["items"]}
            if not page["next"]:
                return ids
            cursor = {"cursor": page["next"]}

    assert course in listed(town.speaks("carl", "caseworker"))
    assert course not in listed(town.speaks("carl", "caseworker", units=("youth",)))
    assert course in listed(town.speaks("anna", "caseworker", units=("youth",))), "a party sees its course"
    assert course not in listed(town.speaks("carl", "caseworker", municipality="0991"))
    assert not listed(town.speaks("olga", "observer"))


def test_notes_for_caseworkers_only_are_hidden_from_the_others(town: Town) -> None:
    system, anna = town.speaks("case-system", "system"), town.speaks("anna", "caseworker")
    bo = town.speaks("bo", "company_consultant")
    course = f"/v1/courses/{system.does('/v1/courses', **case())['course']}"
    anna.does(f"{course}/notes", kind="barrier", text="Kun for os.", audience="caseworker_only")

    assert [note["text"] for note in anna.get(course)["notes"]] == ["Kun for os."]
    assert bo.get(course)["notes"] == []
    assert "Kun for os." not in bo.http.get(f"{course}/journal").text


def test_a_token_of_another_municipality_starts_nothing_here(town: Town) -> None:
    foreigner = town.speaks("gert", "caseworker", municipality="0991")

    assert foreigner.sends("/v1/courses", **case()).status_code in {403, 404, 422}
