"""A course whose workflow cannot go on is counted where operators look, and the others go on."""

import asyncio
import time
from uuid import uuid4

import httpx
import pytest
from temporalio.client import Client

from domain.identity import course_workflow_id
from tests.journeys.vocabulary import POLL
from tools.town.town import Town
from workflows.messages import COURSE_QUEUE

pytestmark = pytest.mark.verify
SEEN_WITHIN = 150.0  # Temporal reports a workflow after five attempts, which back off.


@pytest.fixture(scope="module")
def town(frail_town: Town) -> Town:
    """A system that the journeys of this file may hurt."""
    return frail_town


def failing(town: Town) -> bool:
    metrics = httpx.get(f"http://127.0.0.1:{town.settings.api_port}/metrics").text
    return 'fodslag_courses{trouble="failing"} 1.0' in metrics


async def test_a_course_whose_workflow_fails_is_counted_until_it_is_gone(town: Town) -> None:
    client = await Client.connect(town.temporal.address)
    assert not failing(town)

    wedged = await client.start_workflow(
        "Course", {"course": "no course"}, id=course_workflow_id(uuid4()), task_queue=COURSE_QUEUE
    )

    deadline = time.monotonic() + SEEN_WITHIN
    while not failing(town):
        assert time.monotonic() < deadline
        await asyncio.sleep(POLL)
    await wedged.terminate()
    while failing(town):
        assert time.monotonic() < deadline
        await asyncio.sleep(POLL)
