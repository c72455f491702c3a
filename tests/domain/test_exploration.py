"""Every reachable state of a course over a tiny rule set without clock, each promise checked in each transition."""

import time
from math import inf

import pytest

from tests.domain.alphabets import ALPHABETS, AT_WORK, BEGINNINGS, STARTED
from tests.domain.explorations import Exploration

WITHIN_SECONDS = 500
NEAREST = 110
"""So many states of each alphabet are explored while a change waits; verify explores all."""


@pytest.mark.parametrize("alphabet", ALPHABETS)
@pytest.mark.parametrize(
    "most",
    [
        pytest.param(NEAREST, id="nearest"),
        pytest.param(inf, id="all", marks=pytest.mark.verify),
    ],
)
def test_every_promise_holds_in_every_reachable_state(
    alphabet: str, most: float, capsys: pytest.CaptureFixture[str]
) -> None:
    exploration = Exploration(ALPHABETS[alphabet], BEGINNINGS.get(alphabet, []), STARTED.get(alphabet, {}), most)

    exploration.explore(time.monotonic() + WITHIN_SECONDS)

    states, left = len(exploration.seen), len(exploration.queue)
    with capsys.disabled():
        print(f"\n  {alphabet}: {states} states, {exploration.transitions} transitions, {exploration.refused} refusals")
    assert not left or states >= most, f"{left} states were not reached in time; tighten the bounds"
    assert states >= NEAREST
    if BEGINNINGS.get(alphabet) is AT_WORK:
        joined = {"visit_left"} if most == inf else set()
        assert exploration.branched_and_joined >= {"visit_branched"} | joined
