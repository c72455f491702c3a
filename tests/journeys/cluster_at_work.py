"""People who begin courses and carry them through intake while something is done to a cluster."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from threading import Event
from typing import Any

from tests.journeys.vocabulary import CASE, both_acknowledge, complete_intake, steps
from tools.town.cluster import Cluster

COURSES = 6
numbers = count(1)


def case(number: int) -> dict[str, Any]:
    return {**CASE, "reference": f"case-{number}", "citizen": {"reference": f"citizen-{number}"}}


def through_intake(running: Cluster, number: int) -> list[str]:
    """Carry a course through intake, each person at another API, and return where it is then."""
    system = running.speaks(number, "case-system", "system")
    anna = running.speaks(number + 1, "anna", "caseworker")
    bo = running.speaks(number, "bo", "company_consultant")
    course = f"/v1/courses/{system.does('/v1/courses', **case(number))['course']}"
    complete_intake(course, anna, bo)
    both_acknowledge(course, anna, bo)
    return steps(course, anna)


@contextmanager
def people_at_work(running: Cluster) -> Iterator[None]:
    """Let courses be started and carried on without a pause; whatever is not answered well fails the test."""
    is_over = Event()

    def works() -> int:
        carried = 0
        while not is_over.is_set():
            assert through_intake(running, next(numbers)) == ["company_visit"]
            carried += 1
        return carried

    with ThreadPoolExecutor(COURSES) as people:
        working: list[Future[int]] = [people.submit(works) for _ in range(COURSES)]
        try:
            yield
        finally:
            is_over.set()
        assert all(person.result() for person in working)
