"""The production topology: courses go on whichever API is asked, while workers and APIs are replaced one by one."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.journeys.cluster_at_work import COURSES, numbers, people_at_work, through_intake
from tools.town.cluster import APIS, Cluster, cluster

pytestmark = pytest.mark.verify


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with cluster(tmp_path_factory.mktemp("cluster")) as running:
        yield running


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
