"""The mailbox while Temporal is away from the very beginning (P7)."""

from uuid import uuid4

import pytest

from domain.commands import TimePassed
from domain.identity import ENGINE_ACTOR
from infra.temporal.client import connect
from tests.infra.static_keyring import StaticKeyring
from workflows.mailbox import CourseAwayError, send
from workflows.messages import CourseInput


async def test_a_sender_who_has_never_reached_temporal_learns_that_the_course_is_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", "127.0.0.1:1")
    client = await connect(StaticKeyring(), lazy=True)

    with pytest.raises(CourseAwayError):
        await send(client, CourseInput(course=uuid4(), municipality="0990"), TimePassed(id=uuid4(), actor=ENGINE_ACTOR))
