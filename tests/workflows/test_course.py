"""The course's workflow: one writer, one mailbox, one clock (P5, P7)."""

import asyncio
from datetime import timedelta

import pytest
from temporalio.client import WorkflowExecutionStatus

from domain import commands as cmd
from domain.errors import Code
from domain.identity import Role
from domain.state.course import Status
from tests.domain.vocabulary import ANNA, BO, CARL
from tests.workflows.vocabulary import Stack
from workflows import options
from workflows.messages import COURSE_QUEUE, Answer


def codes(answer: Answer) -> list[Code]:
    """Return why a command was refused."""
    return [problem.code for problem in answer.refused]


async def test_a_started_course_is_in_the_store_when_the_answer_is_given(house: Stack) -> None:
    async with house.working():
        told = await house.started()

        stored = await told.stored()
        assert stored == await told.state()
        assert stored.status is Status.OPEN


async def test_both_acknowledgements_queued_behind_a_fact_are_of_an_outdated_version(house: Stack) -> None:
    async with house.working():
        told = await house.started()
        await told.completes_intake()
        state = await told.state()
    fact = told.command(cmd.ReportFacts, ANNA, facts={"goal_paid_hours": 20})
    acks = [told.command(cmd.Acknowledge, actor, briefing=1, version=1) for actor in (ANNA, BO)]
    queued = told.input.model_copy(update={"state": state, "queue": (fact, *acks)})
    await told.handle.terminate()
    await house.client.start_workflow("Course", queued, id=told.handle.id, task_queue=COURSE_QUEUE)

    async with house.working():
        answers = await asyncio.gather(*(told.send(command) for command in (fact, *acks)))
        state = await told.state()

    assert [codes(answer) for answer in answers] == [[], [Code.VERSION_OUTDATED], [Code.VERSION_OUTDATED]]
    assert state.open_visits[0].versions == 2


async def test_updates_sent_while_no_worker_runs_are_applied_once_each_when_one_comes(house: Stack) -> None:
    async with house.working():
        told = await house.started()
    hours = [told.command(cmd.ReportFacts, ANNA, facts={"goal_paid_hours": n}) for n in range(1, 9)]
    sending = asyncio.gather(*(told.send(command) for command in hours))

    async with house.working():
        answers = await sending

    assert sorted(answer.revision for answer in answers) == list(range(2, 10))


async def test_a_command_sent_twice_is_applied_once_and_answered_the_same(house: Stack) -> None:
    async with house.working():
        told = await house.started()
        command = told.command(cmd.ReportFacts, ANNA, facts={"hours_spoken_of": True})

        first, again = await told.send(command), await told.send(command)

        assert first == again
        assert (await told.stored()).revision == first.revision


async def test_the_same_identity_with_another_body_is_refused(house: Stack) -> None:
    async with house.working():
        told = await house.started()
        command = told.command(cmd.ReportFacts, ANNA, facts={"hours_spoken_of": True}, digest="one")
        await told.send(command)

        answer = await told.send(command.model_copy(update={"digest": "two"}))

        assert codes(answer) == [Code.IDEMPOTENCY_KEY_REUSED]


async def test_a_refused_start_leaves_no_course_and_no_running_workflow(house: Stack) -> None:
    async with house.working():
        told = await house.new_course()

        answer = await told.starts(target_group="nobody")

        assert codes(answer) == [Code.TARGET_GROUP_UNKNOWN]
        await told.handle.result()


async def test_what_nobody_can_refuse_wedges_no_course(house: Stack) -> None:
    async with house.working():
        told = await house.started()

        broken = await told.does(cmd.AddNote, ANNA, note=told.course, note_kind="resource")
        sound = await told.does(cmd.ReportFacts, ANNA, facts={"hours_spoken_of": True})

    assert codes(broken) == [Code.INTERNAL], "a text that was never staged"
    assert not sound.refused


async def test_a_silent_acknowledgement_climbs_its_ladder_in_the_course_s_own_time(house: Stack) -> None:
    async with house.working():
        told = await house.started()
        await told.completes_intake()

        await told.time_passes(timedelta(days=12))

        state = await told.state()
        assert state.is_stalled
        assert state.wakeup is not None
        assert state == await told.stored()


async def test_a_closed_course_ends_its_workflow_and_reopens_in_a_new_run(house: Stack) -> None:
    async with house.working():
        told = await house.started()
        reason = await house.stage("moved away")
        await told.does(cmd.CloseCourse, ANNA, outcome="moved", reason=reason)
        await told.does(cmd.Acknowledge, ANNA, briefing=1, version=1)
        await told.does(cmd.Acknowledge, BO, briefing=1, version=1)
        await told.handle.result()
        assert (await told.stored()).status is Status.COMPLETED

        late = await told.does(cmd.ReportFacts, ANNA, facts={"hours_spoken_of": True})
        again = await told.does(cmd.ReopenCourse, ANNA, reason=await house.stage("not moved"))

        assert codes(late) == [Code.COURSE_CLOSED]
        assert not again.refused
        assert (await told.state()).status is Status.OPEN


async def test_continuing_as_new_carries_state_and_a_full_queue(house: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(options, "EVENTS_PER_RUN", 100)
    async with house.working():
        told = await house.started()
        first_run = (await told.handle.describe()).run_id
        answers = []
        for hours in range(1, 181):
            answers.append(asyncio.create_task(told.does(cmd.ReportFacts, ANNA, facts={"goal_paid_hours": hours % 37})))
            if len(answers) % 8 == 0:
                await asyncio.gather(*answers[-8:])
        revisions = [answer.revision for answer in await asyncio.gather(*answers)]

        described = await told.handle.describe()
        state = await told.stored()

    assert described.run_id != first_run
    assert described.status is WorkflowExecutionStatus.RUNNING
    assert sorted(revisions) == list(range(2, 182)), "each applied once"
    assert state.revision == 181


async def test_every_task_replayed_from_the_start_gives_the_same_course(house: Stack) -> None:
    async with house.working(max_cached_workflows=0):
        told = await house.started()
        await told.completes_intake()
        await told.does(cmd.Acknowledge, ANNA, briefing=1, version=1)
        await told.does(cmd.Acknowledge, BO, briefing=1, version=1)

        state = await told.state()

        assert [visit.step for visit in state.open_visits] == ["company_visit"]
        assert state == await told.stored()


async def test_temporal_s_own_pages_are_readable_and_name_nobody(house: Stack) -> None:
    async with house.working():
        told = await house.started()
        described = await told.handle.describe()
        attributes = {pair.key.name: pair.value for pair in described.typed_search_attributes}

    assert attributes["FodslagStep"] == ["intake"]
    assert attributes["FodslagStatus"] == "open"
    assert attributes["FodslagMunicipality"] == house.municipality
    assert "anna" not in str(attributes)


async def test_a_hand_over_reaches_the_new_caseworker(house: Stack) -> None:
    async with house.working():
        told = await house.started()
        reason = await house.stage("on leave")
        claim = cmd.PartyClaim(person="carl")
        await told.does(cmd.AssignParty, CARL, role="caseworker", to=claim, reason=reason)

        assert (await told.stored()).holder(Role.CASEWORKER) == "carl"
