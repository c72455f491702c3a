"""One course for ten years: thousands of commands, several runs, and every promise kept at the end (P5, P7)."""

from datetime import timedelta

import pytest

from domain import commands as cmd
from domain.errors import Code
from tests.domain.vocabulary import ANNA, BO
from tests.workflows.vocabulary import Stack

YEARS = 10
ROUNDS = 40


@pytest.mark.parametrize("commands", [200, pytest.param(2_000, marks=pytest.mark.verify)])
@pytest.mark.parametrize("stack", [True], ids=["cached"], indirect=True)
async def test_a_course_of_ten_years_and_thousands_of_commands_is_still_one_course(
    stack: Stack, commands: int, capsys: pytest.CaptureFixture[str]
) -> None:
    async with stack.working():
        course = await stack.started()
        runs = {(await course.handle.describe()).run_id}
        sent = 1
        for year_part in range(ROUNDS):
            for number in range(commands // ROUNDS):
                actor = (ANNA, BO)[number % 2]
                answer = await course.does(cmd.ReportFacts, actor, facts={"goal_paid_hours": (year_part + number) % 37})
                assert not answer.refused, answer
                sent += 1
            await course.time_passes(timedelta(days=365 * YEARS / ROUNDS))
            runs.add((await course.handle.describe()).run_id)
        state = await course.state()
        size = len(state.model_dump_json())

    with capsys.disabled():
        print(f"\n  {sent} commands, {len(runs)} runs, revision {state.revision}, state of {size // 1024} KiB")
    assert state == await course.stored()
    assert len(runs) >= 1 + commands // 1_000
    assert state.revision > sent, "time passed too"
    assert state.wakeup is not None
    assert size < 64 * 1024, "a course carries what it needs, not its whole past"
    assert state.updated_at is not None
    assert state.started_at is not None
    assert state.updated_at - state.started_at > timedelta(days=365 * (YEARS - 1))
    async with stack.working():
        late = await course.does(cmd.Acknowledge, ANNA, briefing=1, version=1)
    assert late.refused[0].code is Code.BRIEFING_MISSING
