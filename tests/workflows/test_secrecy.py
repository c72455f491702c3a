"""What Temporal writes to disk tells nobody about a person (P10)."""

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from temporalio.client import Client

from activities.channels import Batch
from domain import commands as cmd
from domain.identity import Actor, Role
from infra.store.registers.texts import TextKind
from infra.temporal.converter import data_converter
from standalone.temporal import TemporalServer
from tests.domain.vocabulary import add_note
from tests.stores import Stores
from tests.workflows.outward import MONDAY, times_of_work
from tests.workflows.vocabulary import RunningCourse, Stack, keyring_of
from tools.town.ports import free_port

REFERENCE = "sag-kanariefugl-1"
CITIZEN = "borger-kanariefugl-2"
CASEWORKER = Actor(person="sagsbehandler-kanariefugl-3", roles=(Role.CASEWORKER,))
CONSULTANT = Actor(person="konsulent-kanariefugl-4", roles=(Role.COMPANY_CONSULTANT,))
HOURS = "31.4159"
NOTE = "Spiller på kanariefugl-5"
REASON = "Flytter med kanariefugl-6"
FAILURE = "kanariefugl-7 kunne ikke nås"
CANARIES = (REFERENCE, CITIZEN, CASEWORKER.person, CONSULTANT.person, HOURS, NOTE, REASON, FAILURE, "kanariefugl")


class Leaking:
    """A channel that tells in its error what nobody should read."""

    name = "leaking"
    gathers = False

    def __init__(self) -> None:
        """Begin without a failure."""
        self.failures = 0

    async def carry(self, batch: Batch) -> bool:
        """Fail with a personal text."""
        self.failures += 1
        raise RuntimeError(f"{FAILURE}: {batch.recipient}")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[TemporalServer]:
    """A Temporal whose state is a file."""
    database = tmp_path / "temporal" / "temporal.db"
    running = TemporalServer(database, free_port(), time_skipping=True, log=tmp_path / "temporal.log")
    running.start()
    yield running
    running.kill()


async def lives_through_everything(stack: Stack) -> RunningCourse:
    """Drive a course that names all canaries, a refused command and a failed delivery among them."""
    parties = {
        "caseworker": cmd.PartyClaim(person=CASEWORKER.person),
        "company_consultant": cmd.PartyClaim(person=CONSULTANT.person),
    }
    course = await stack.started(REFERENCE, citizen=CITIZEN, **parties)
    await course.does(cmd.ReportFacts, CASEWORKER, facts={"goal_paid_hours": HOURS})
    refused = await course.does(cmd.ReportFacts, CASEWORKER, facts={"closing_outcome": NOTE})
    assert refused.refused
    note = await stack.stage(NOTE, TextKind.NOTE)
    await course.does(add_note, CASEWORKER, note=note, note_kind="resource")
    failed = await course.does(add_note, CASEWORKER, note=uuid4(), note_kind="resource")
    assert failed.refused, "a text that was never staged"
    await course.does(cmd.CloseCourse, CASEWORKER, outcome="moved", reason=await stack.stage(REASON))
    return course


async def reaches_nobody(stack: Stack) -> None:
    """Let every attempt fail until the course is told by a command that nobody can be reached."""
    leaking = stack.channels[0]
    assert isinstance(leaking, Leaking)
    async for _ in times_of_work(stack.activities.courier, MONDAY):
        pass
    assert leaking.failures


def on_disk(folder: Path, words: tuple[str, ...]) -> set[str]:
    """Return which of the words stand anywhere in the files of a folder."""
    written = [path.read_bytes() for path in folder.iterdir()]
    assert written
    return {word for word in words if any(form in content for form in forms(word) for content in written)}


def forms(word: str) -> tuple[bytes, bytes]:
    """Return a word as it would be written: in UTF-8, or escaped as JSON."""
    return word.encode(), json.dumps(word)[1:-1].encode()


async def test_nothing_that_a_person_is_known_by_is_in_temporal_s_files(
    server: TemporalServer, stores: Stores, tmp_path: Path
) -> None:
    client = await Client.connect(server.address, data_converter=data_converter(keyring_of(stores.worker)))
    stack = Stack(stores, client, tmp_path / "cache", channels=(Leaking(),))
    plain = await Client.connect(server.address)
    await plain.start_workflow("Plain", "en åben dompap", id="plain", task_queue="nobody")
    async with stack.working():
        course = await lives_through_everything(stack)
        await reaches_nobody(stack)
        state = await course.state()
    server.kill()

    files = tmp_path / "temporal"
    assert any(path.name.endswith("-wal") for path in files.iterdir())
    seen = (course.handle.id, stack.municipality, "en åben dompap")
    assert on_disk(files, seen) == set(seen), "the search finds what is there"
    assert state.holder(Role.CASEWORKER) == CASEWORKER.person
    assert on_disk(files, CANARIES) == set()
