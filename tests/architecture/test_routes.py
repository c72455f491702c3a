"""What every route is made of: nothing of it waits for a thread."""

from collections.abc import Iterator
from inspect import isasyncgenfunction, iscoroutinefunction, isfunction, ismethod

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from api.app import OPEN_PAGES
from api.operations import routes as operations
from api.pages.every_page import PAGES
from api.resources import RESOURCES


def routes() -> Iterator[APIRoute]:
    """Yield every route of the API and of the pages."""
    for part in (*RESOURCES, *PAGES, *OPEN_PAGES, operations):
        yield from (route for route in part.router.routes if isinstance(route, APIRoute))


def asked_by(dependant: Dependant) -> Iterator[object]:
    """Yield what is called for a request besides the route itself."""
    for one in dependant.dependencies:
        yield one.call
        yield from asked_by(one)


def test_nothing_that_a_request_needs_is_called_in_a_thread() -> None:
    called = {call for route in routes() for call in (route.endpoint, *asked_by(route.dependant))}

    run = {call if isfunction(call) or ismethod(call) else type(call).__call__ for call in called}
    in_threads = [call for call in run if not (iscoroutinefunction(call) or isasyncgenfunction(call))]
    assert in_threads == [], "The framework calls in a thread what is not `async`, which costs more than the call."
    assert len(called) > 200, "it sees the routes"
