"""The production topology: courses go on whichever API is asked, while workers and APIs are replaced one by one."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from threading import Event
from typing import Any

import httpx
import pytest

from tests.journeys.cluster import APIS, Cluster, cluster
from tests.journeys.test_whole_way import CASE, both_acknowledge, complete_intake, steps

pytestmark = pytest.mark.verify
COURSES = 6
numbers = count(1)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with cluster(tmp_path_factory.mktemp("cluster")) as running:
        yield running


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


def test_every_course_goes_on_whichever_api_is_asked(running: Cluster) -> None:
    with ThreadPoolExecutor(COURSES) as people:
        reached = list(people.map(lambda _: through_intake(running, next(numbers)), range(COURSES)))

    assert reached == [["company_visit"]] * COURSES


def test_workers_are_replaced_one_by_one_under_load_without_a_failed_request(running: Cluster) -> None:
    with people_at_work(running):
        for worker in running.workers:
            assert worker.stop(), "It drained in good order."
            worker.start()


def test_a_worker_that_dies_is_done_without(running: Cluster) -> None:
    with people_at_work(running):
        running.workers[0].kill()

    running.workers[0].start()


def test_each_api_tells_of_the_same_courses(running: Cluster) -> None:
    through_intake(running, next(numbers))

    listed = [running.speaks(api, "sara", "supervisor").get("/v1/courses", limit=100) for api in range(APIS)]

    assert listed[0]["items"]
    assert listed[0] == listed[1]


def test_an_api_that_stops_answers_what_it_has_begun(running: Cluster) -> None:
    stopping, (port, api) = running.speaks(0, "sara", "supervisor"), next(iter(running.apis.items()))
    assert stopping.get("/v1/courses")

    assert api.stop()
    with pytest.raises(httpx.ConnectError):
        stopping.http.get("/livez")

    api.start()
    assert httpx.get(f"http://127.0.0.1:{port}/readyz").is_success
