"""The course's workflow: one writer, one mailbox, one clock (P5, P7)."""

import asyncio
import re
from datetime import timedelta
from typing import Any

import pytest
from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.client import Client, WorkflowExecutionStatus

from domain import commands as cmd
from domain.calendar import danish_day
from domain.errors import Code
from domain.identity import Role
from domain.state.course import Status
from tests.domain.vocabulary import ANNA, BO, CARL, add_note
from tests.workflows.vocabulary import RunningCourse, Stack
from workflows import options
from workflows.describe import LINKS
from workflows.messages import COURSE_QUEUE, Answer


def codes(answer: Answer) -> list[Code]:
    """Return why a command was refused."""
    return [problem.code for problem in answer.refused]


async def test_a_started_course_is_in_the_store_when_the_answer_is_given(stack: Stack) -> None:
    async with stack.working():
        course = await stack.started()

        stored = await course.stored()
        assert stored == await course.state()
        assert stored.status is Status.OPEN


async def test_both_acknowledgements_queued_behind_a_fact_are_of_an_outdated_version(stack: Stack) -> None:
    async with stack.working():
        course = await stack.started()
        await course.completes_intake()
        state = await course.state()
    fact = course.command(cmd.ReportFacts, ANNA, facts={"goal_paid_hours": 20})
    acks = [course.command(cmd.Acknowledge, actor, briefing=1, version=1) for actor in (ANNA, BO)]
    queued = course.input.model_copy(update={"state": state, "queue": (fact, *acks)})
    await course.handle.terminate()
    await stack.client.start_workflow("Course", queued, id=course.handle.id, task_queue=COURSE_QUEUE)

    async with stack.working():
        answers = await asyncio.gather(*(course.send(command) for command in (fact, *acks)))
        state = await course.state()

    assert [codes(answer) for answer in answers] == [[], [Code.VERSION_OUTDATED], [Code.VERSION_OUTDATED]]
    assert state.open_visits[0].versions == 2


async def test_updates_sent_while_no_worker_runs_are_applied_once_each_when_one_comes(stack: Stack) -> None:
    async with stack.working():
        course = await stack.started()
    hours = [course.command(cmd.ReportFacts, ANNA, facts={"goal_paid_hours": n}) for n in range(1, 9)]
    sending = asyncio.gather(*(course.send(command) for command in hours))

    async with stack.working():
        answers = await sending

    assert sorted(answer.revision for answer in answers) == list(range(2, 10))


async def test_a_command_sent_twice_is_applied_once_and_answered_the_same(stack: Stack) -> None:
    async with stack.working():
        course = await stack.started()
        command = course.command(cmd.ReportFacts, ANNA, facts={"search_together": True})

        first, again = await course.send(command), await course.send(command)

        assert first == again
        assert (await course.stored()).revision == first.revision


async def test_the_same_identity_with_another_body_is_refused(stack: Stack) -> None:
    async with stack.working():
        course = await stack.started()
        command = course.command(cmd.ReportFacts, ANNA, facts={"search_together": True}, digest="one")
        await course.send(command)

        answer = await course.send(command.model_copy(update={"digest": "two"}))

        assert codes(answer) == [Code.IDEMPOTENCY_KEY_REUSED]


async def test_a_refused_start_leaves_no_course_and_no_running_workflow(stack: Stack) -> None:
    async with stack.working():
        course = await stack.new_course()

        answer = await course.starts(target_group="nobody")

        assert codes(answer) == [Code.TARGET_GROUP_UNKNOWN]
        await course.handle.result()


async def test_what_nobody_can_refuse_wedges_no_course(stack: Stack) -> None:
    async with stack.working():
        course = await stack.started()

        broken = await course.does(add_note, ANNA, note=course.id, note_kind="resource")
        sound = await course.does(cmd.ReportFacts, ANNA, facts={"search_together": True})

    assert codes(broken) == [Code.INTERNAL], "a text that was never staged"
    assert not sound.refused


async def test_a_silent_acknowledgement_climbs_its_ladder_in_the_course_s_own_time(stack: Stack) -> None:
    async with stack.working():
        course = await stack.started()
        await course.completes_intake()

        await course.time_passes(timedelta(days=12))

        state = await course.state()
        assert state.is_stalled
        assert state.wakeup is not None
        assert state == await course.stored()


async def test_a_closed_course_ends_its_workflow_and_reopens_in_a_new_run(stack: Stack) -> None:
    async with stack.working():
        course = await stack.started()
        reason = await stack.stage("moved away")
        await course.does(cmd.CloseCourse, ANNA, outcome="moved", reason=reason)
        await course.does(cmd.Acknowledge, ANNA, briefing=1, version=1)
        await course.does(cmd.Acknowledge, BO, briefing=1, version=1)
        await course.handle.result()
        assert (await course.stored()).status is Status.COMPLETED

        late = await course.does(cmd.ReportFacts, ANNA, facts={"search_together": True})
        again = await course.does(cmd.ReopenCourse, ANNA, reason=await stack.stage("not moved"))

        assert codes(late) == [Code.COURSE_CLOSED]
        assert not again.refused
        assert (await course.state()).status is Status.OPEN


async def test_continuing_as_new_carries_state_and_a_full_queue(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(options, "EVENTS_PER_RUN", 100)
    async with stack.working():
        course = await stack.started()
        first_run = (await course.handle.describe()).run_id
        answers = []
        for hours in range(1, 181):
            answers.append(
                asyncio.create_task(course.does(cmd.ReportFacts, ANNA, facts={"goal_paid_hours": hours % 37}))
            )
            if len(answers) % 8 == 0:
                await asyncio.gather(*answers[-8:])
        revisions = [answer.revision for answer in await asyncio.gather(*answers)]

        described = await course.handle.describe()
        state = await course.stored()

    assert described.run_id != first_run
    assert described.status is WorkflowExecutionStatus.RUNNING
    assert sorted(revisions) == list(range(2, 182)), "each applied once"
    assert state.revision == 181


async def test_every_task_replayed_from_the_start_gives_the_same_course(stack: Stack) -> None:
    async with stack.working(max_cached_workflows=0):
        course = await stack.started()
        await course.completes_intake()
        await course.does(cmd.Acknowledge, ANNA, briefing=1, version=1)
        await course.does(cmd.Acknowledge, BO, briefing=1, version=1)

        state = await course.state()

        assert [visit.step for visit in state.open_visits] == ["company_visit"]
        assert state == await course.stored()


async def temporal_s_page(course: RunningCourse) -> dict[str, Any]:
    """Return what Temporal's own page shows of a course without a key, with what the course itself says there."""
    client = course.stack.client
    keyless = await Client.connect(client.service_client.config.target_host, namespace=client.namespace)
    handle = keyless.get_workflow_handle(course.handle.id)
    described = await handle.describe()
    about: WorkflowMetadata = await handle.query("__temporal_workflow_metadata", result_type=WorkflowMetadata)
    shown = {pair.key.name: pair.value for pair in described.typed_search_attributes}
    return {**shown, "details": about.current_details}


async def test_temporal_s_own_pages_follow_the_course_and_name_nobody(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LINKS, "pages", "https://fodslag.example/")
    async with stack.working():
        course = await stack.started()
        begun, begun_state = await temporal_s_page(course), await course.state()
        await course.completes_intake()
        informing, informing_state = await temporal_s_page(course), await course.state()
        for actor in (ANNA, BO):
            await course.does(cmd.Acknowledge, actor, briefing=1, version=1)
        advanced = await temporal_s_page(course)

    assert (begun["FodslagStep"], advanced["FodslagStep"]) == (["intake"], ["company_visit"])
    assert begun["FodslagStatus"] == "open"
    assert (begun["FodslagMunicipality"], begun["FodslagUnit"]) == (stack.municipality, begun_state.unit)
    assert "**requirement/" in begun["details"]
    assert informing_state.due_at is not None
    for page, state in ((begun, begun_state), (informing, informing_state)):
        assert page["details"].startswith(f"**{', '.join(page['FodslagStep'])}** · open · unit {state.unit}\n")
        assert f"(https://fodslag.example/courses/{course.id})" in page["details"]
    due = f"{danish_day(informing_state.due_at):%Y-%m-%d}"
    line = rf"^- \*\*acknowledgement\*\* caseworker, since [0-9-]+, due {due}$"
    assert re.search(line, informing["details"], re.MULTILINE)
    for named in ("anna", "bo", course.reference):
        assert named not in f"{begun} {informing} {advanced}".replace("FodslagMunicipality", "")


async def test_a_hand_over_reaches_the_new_caseworker(stack: Stack) -> None:
    async with stack.working():
        course = await stack.started()
        reason = await stack.stage("on leave")
        claim = cmd.PartyClaim(person="carl")
        await course.does(cmd.AssignParty, CARL, role="caseworker", to=claim, reason=reason)

        assert (await course.stored()).holder(Role.CASEWORKER) == "carl"
