"""A supervisor is shown what the audit finds in the unit's courses, in words, until it is found no longer (P5, P14)."""

import asyncio
import time
from collections.abc import Iterator
from typing import Any

import pytest
from temporalio.client import Client, ScheduleOverlapPolicy

from api.http.negotiation import LANGUAGES
from clients.caller import Caller
from infra.store.finding_rows import FindingKind
from tests.api.vocabulary import case
from tests.architecture.files import ROOT
from tests.journeys.vocabulary import ANSWER_WITHIN, POLL
from tests.municipalities import fresh_municipality
from tools.town.town import Town, own_town
from wording.catalog import catalog
from workflows.audit import SCHEDULE

UNIT = "unheard"
TOWN = fresh_municipality()


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    """A town of its own: an audit looks at every course there is, and those of other tests are many."""
    with own_town() as town:
        yield town


async def audit_now(town: Town) -> None:
    """Let an audit begin that the schedule would only begin later."""
    client = await Client.connect(town.temporal.address, namespace=town.temporal.namespace)
    await client.get_schedule_handle(SCHEDULE).trigger(overlap=ScheduleOverlapPolicy.ALLOW_ALL)


def found(speaker: Caller, course: str, **wanted: Any) -> list[dict[str, Any]]:
    """Return what somebody is shown of a course."""
    items = speaker.get("/v1/findings", limit=200, **wanted)["items"]
    return [item for item in items if item["course"] == course]


def until(speaker: Caller, course: str, number: int) -> list[dict[str, Any]]:
    """Return what is found of a course once it is so much, or anything at all."""
    deadline = time.monotonic() + 2 * ANSWER_WITHIN
    while bool(items := found(speaker, course)) != bool(number):
        assert time.monotonic() < deadline, items
        time.sleep(POLL)
    return items


@pytest.fixture
def sara(town: Town) -> Caller:
    """A supervisor of the unit."""
    return town.speaks("sara", "supervisor", municipality=TOWN, units=(UNIT,))


def test_a_rung_that_reaches_nobody_is_shown_to_its_supervisors_until_the_directory_knows_somebody(
    town: Town, sara: Caller
) -> None:
    system = town.speaks("case-system", "system", municipality=TOWN, units=("*",))
    course = system.does("/v1/courses", **case(municipality=TOWN, unit=UNIT))["course"]
    asyncio.run(audit_now(town))

    (item, *_) = until(sara, course, 1)
    danish = sara.http.get("/v1/findings", headers={"Accept-Language": "da"}).json()

    assert (item["kind"], item["unit"], item["mended_at"]) == ("rung_to_nobody", UNIT, None)
    assert item["text"].startswith("A reminder of the next two weeks reaches nobody.")
    assert danish["items"][0]["text"].startswith("En påmindelse i de næste to uger når ingen.")
    assert danish["audited_at"]
    assert found(town.speaks("tove", "supervisor", municipality=TOWN, units=("youth",)), course) == []
    assert found(town.speaks("ulla", "supervisor", municipality=fresh_municipality(), units=("*",)), course) == []

    for person, role in (("anna", "caseworker"), ("bo", "company_consultant"), ("sara", "supervisor")):
        body = {"name": person.title(), "roles": [role], "unit": UNIT}
        assert sara.http.put(f"/v1/people/{person}", json=body).is_success
    asyncio.run(audit_now(town))

    assert until(sara, course, 0) == []
    assert [each["kind"] for each in found(sara, course, mended=True)].count("rung_to_nobody")


@pytest.mark.parametrize("kind", FindingKind)
def test_every_kind_has_words_in_both_languages_and_a_row_in_the_guide(kind: FindingKind) -> None:
    guide = (ROOT / "docs" / "guides" / "operate.md").read_text()

    assert all(kind in catalog(language).findings for language in LANGUAGES)
    assert f"| `{kind}` |" in guide
