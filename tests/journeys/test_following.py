"""A system that follows by the event stream while parts of Fodslag stop, die and come back (P7)."""

import time
from itertools import count

import pytest

from clients.caller import Caller
from tests.api.event_stream import listening
from tests.journeys.vocabulary import CASE
from tools.town.town import Town

_references = count(1)
_AT_MOST_SECONDS = 4.0
"""Less than the grace after which the server cuts off whoever is still connected."""


@pytest.fixture(scope="module")
def town(frail_town: Town) -> Town:
    """A system that the journeys of this file may hurt."""
    return frail_town


def begin(system: Caller) -> str:
    """Start a course and return its id."""
    case = {**CASE, "reference": f"followed-{next(_references)}"}
    return str(system.does("/v1/courses", **case)["course"])


def test_a_stream_ends_in_good_order_with_the_server_and_is_resumed_with_the_next(town: Town) -> None:
    system = town.speaks("case-system", "system")
    begin(system)

    with listening(system) as listener:
        heard = listener.hears()
        began = time.monotonic()
        town.api.stop()
        assert listener.hears_the_end()
        assert time.monotonic() - began < _AT_MOST_SECONDS
    town.api.start()
    later = begin(system)

    with listening(system, last=listener.last) as listener:
        heard += listener.hears()
    assert heard == system.get("/v1/changes", limit=500)["items"]
    assert heard[-1]["course"] == later


def test_a_stream_waits_while_the_store_is_away_and_then_goes_on(town: Town) -> None:
    system = town.speaks("case-system", "system")
    begin(system)

    with listening(system) as listener:
        heard = listener.hears()
        town.postgres.kill()
        assert listener.hears() == []
        assert system.http.get("/v1/changes").status_code == 503
        town.postgres.start()
        answer = system.insists("/v1/courses", "after", **{**CASE, "reference": "after"})
        assert answer.is_success, answer.text
        while not (news := listener.hears()):
            pass

    assert heard + news == system.get("/v1/changes", limit=500)["items"]
    assert news[-1]["course"] == answer.json()["course"]
