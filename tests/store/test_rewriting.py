from collections.abc import Callable
from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain import events as ev
from domain.address import Address
from domain.identity import Role
from domain.state.course import CourseState
from infra.store import tables as t
from infra.store.courses import record
from infra.store.queries.journal import journal
from infra.store.registers.texts import TextKind
from tests.store.vocabulary import MONDAY, PROJECTION_TABLES, RecordedCourse, mend
from tests.stores import Stores

Act = Callable[[RecordedCourse, CourseState], list[ev.Event]]
_REFERENCES = (f"sag-{number}" for number in count(1))


async def test_a_store_that_is_behind_takes_the_workflows_word(stored: RecordedCourse) -> None:
    await stored.starts(
        stored.waits(stored.waiting("gone")), stored.raised("gone", Address.person("bo"), waiting="gone")
    )
    stored.state = stored.entry(
        stored.waits(stored.waiting("new"), ended=["gone"]), stored.assigned(Role.CASEWORKER, person="carl")
    ).after

    mended = await mend(stored)

    async with stored.stores.worker.municipality(stored.municipality) as connection:
        assert await record.snapshot(connection, stored.course) == mended
        entry = (await journal(connection, stored.course, 100))[-1]
    assert (entry.kind, entry.event) == ("reconciled", None)
    assert entry.detail == {"store_revision": 1, "workflow_revision": 2}
    rows = await stored.rows(*PROJECTION_TABLES)
    assert [row["what"] for row in rows["waiting"]] == ["new"]
    assert [row["person"] for row in rows["party"]] == ["carl", "bo"]
    assert [row["done_at"] for row in rows["notice"]] == [MONDAY]


async def test_a_store_that_lost_a_course_gets_it_back_and_goes_on(stored: RecordedCourse) -> None:
    stored.state = stored.entry(*stored.start(), stored.issued(1, 1)).after

    await mend(stored)
    await stored.does(stored.acknowledged(1, 1, Role.CASEWORKER, "anna"))

    rows = await stored.rows(*PROJECTION_TABLES)
    assert [(row["epoch"], row["revision"]) for row in rows["course"]] == [(2, 2)]
    assert [row["person"] for row in rows["receipt"]] == ["anna"]


async def test_what_only_the_store_knows_survives_its_mending(stored: RecordedCourse) -> None:
    await stored.starts(stored.issued(1, 1), citizen_key="hash")
    await stored.does(stored.acknowledged(1, 1, Role.CASEWORKER, "anna"), stored.left(1), stored.entered(2, "trial"))
    before = await stored.rows(t.visit, t.receipt)

    await mend(stored)

    assert await stored.rows(t.visit, t.receipt) == before
    assert (await stored.rows(t.course))["course"][0]["citizen_key"] == "hash"


def _enter(stored: RecordedCourse, state: CourseState) -> list[ev.Event]:
    number = max(visit.number for visit in state.visits) + 1
    return [stored.entered(number, ("trial", "visit")[number % 2], number)]


def _issue(stored: RecordedCourse, state: CourseState) -> list[ev.Event]:
    return [stored.issued(visit.number, visit.versions + 1) for visit in state.open_visits[-1:]]


def _leave(stored: RecordedCourse, state: CourseState) -> list[ev.Event]:
    return [stored.left(visit.number, visit.versions) for visit in state.open_visits[:1]]


def _reopen(stored: RecordedCourse, state: CourseState) -> list[ev.Event]:
    left = [visit.number for visit in state.visits if not visit.is_open][-1:]
    return [ev.VisitReopened(at=stored.now, by="anna", visit=number, reason=stored.reason) for number in left]


def _withdraw(stored: RecordedCourse, state: CourseState) -> list[ev.Event]:
    return [ev.VisitWithdrawn(at=stored.now, by="anna", visit=visit.number) for visit in state.open_visits[1:2]]


def _acknowledge(role: Role, person: str) -> Act:
    def act(stored: RecordedCourse, state: CourseState) -> list[ev.Event]:
        return [
            stored.acknowledged(visit.number, visit.versions, role, person)
            for visit in state.open_visits
            if visit.briefing
        ]

    return act


def _assign(role: Role, **to: str) -> Act:
    return lambda stored, _state: [stored.assigned(role, **to)]


def _wait(name: str, days: int | None = 3, level: int = 0, *, is_stalled: bool = False) -> Act:
    return lambda stored, _state: [stored.waits(stored.waiting(name, days=days, level=level, is_stalled=is_stalled))]


def _end(key: str) -> Act:
    return lambda stored, _state: [stored.waits(ended=[key])]


def _raise(key: str, recipient: Address) -> Act:
    return lambda stored, _state: [stored.raised(f"{key}/told", recipient, waiting=key)]


ACTS: dict[str, Act] = {
    "enter": _enter,
    "issue": _issue,
    "leave": _leave,
    "reopen": _reopen,
    "withdraw": _withdraw,
    "anna acknowledges": _acknowledge(Role.CASEWORKER, "anna"),
    "bo acknowledges": _acknowledge(Role.COMPANY_CONSULTANT, "bo"),
    "carl takes over": _assign(Role.CASEWORKER, person="carl"),
    "the queue takes over": _assign(Role.COMPANY_CONSULTANT, unit="job"),
    "mia observes": _assign(Role.OBSERVER, person="mia"),
    "wait a": _wait("a"),
    "wait a longer": _wait("a", days=9, level=1, is_stalled=True),
    "wait b": _wait("b", days=None),
    "end a": _end("a"),
    "end b": _end("b"),
    "tell of a": _raise("a", Address.supervisors("job")),
    "tell of b": _raise("b", Address.person("bo")),
}

COMMANDS = st.lists(st.lists(st.sampled_from(sorted(ACTS)), min_size=1, max_size=5), max_size=8)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(commands=COMMANDS)
async def test_writing_what_changed_comes_to_the_same_as_writing_it_all_anew(
    stores: Stores, municipality: str, commands: list[list[str]]
) -> None:
    stored = RecordedCourse(stores, municipality, reference=next(_REFERENCES))
    await stored.starts()
    stored.reason = await stored.stages(TextKind.REASON)
    for acts in commands:
        state, events = stored.state, list[ev.Event]()
        for act in acts:
            happened = ACTS[act](stored, state)
            state = stored.entry(*events, *happened).after
            events += happened
        await stored.does(*events)
    written = await stored.rows(*PROJECTION_TABLES)

    await mend(stored)

    anew = await stored.rows(*PROJECTION_TABLES)
    anew["course"][0]["epoch"] -= 1
    assert anew == written
    _expect_current(stored.state, written)


def _expect_current(state: CourseState, rows: dict[str, list[dict[str, Any]]]) -> None:
    """Hold the rows against the state itself, lest both ways of writing are wrong alike."""
    assert {row["key"]: row["level"] for row in rows["waiting"]} == {str(w.key): w.level for w in state.waiting}
    assert {row["role"]: row["person"] for row in rows["party"]} == {p.role: p.person for p in state.parties}
    current = {(v.number, v.versions): v.briefing.receipts for v in state.visits if v.briefing}
    receipts = {place: {(r.role, r.person) for r in given} for place, given in current.items()}
    actual = {
        place: {(r["role"], r["person"]) for r in rows["receipt"] if (r["visit"], r["version"]) == place}
        for place in current
    }
    assert actual == receipts
    expected = {v.number: (v.left_at, v.versions, v.withdrawn) for v in state.visits}
    stored = {row["number"]: (row["left_at"], row["version"], row["withdrawn"]) for row in rows["visit"]}
    assert expected.items() <= stored.items()
    undone = {row["waiting"] for row in rows["notice"] if row["done_at"] is None}
    assert undone <= {str(waiting.key) for waiting in state.waiting}
