"""A new year: rules published in December reach the right courses in January, as it was foretold, and can be undone."""

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any, Final
from uuid import UUID

import pytest
from sqlalchemy import select

from clients.caller import Caller
from clients.courses.over_http import CourseOverHttp
from clients.courses.script import Script
from domain.calendar import danish_day, danish_instant
from domain.identity import GATE_ROLES
from infra.store import tables as t
from tests.journeys.days_ahead import DaysAhead, days_ahead
from tools.town.town import Town

_TODAY: Final = danish_day(datetime.now(UTC))
YEAR: Final = _TODAY.year + 1 + (date(_TODAY.year, 12, 18) <= _TODAY)
"""The year that begins in the story."""
NEW_YEAR: Final = date(YEAR, 1, 1)
PEOPLE: Final = {"job": ("anna", "bo"), "syd": ("carl", "dina"), "nord": ("eva", "finn")}
HEAD: Final = """id = "{id}"
version = "{version}"
valid_from = {day}
title = "{title}"
description = "Kommunens egne regler."
authors = ["Rie Regel"]
"""
FIVE: Final = f"""amends = "jobfirst"
{HEAD.format(id="jobfirst", version=f"{YEAR}-1", day=NEW_YEAR, title="JobFirst hos os")}
[local]
first_visit_days = {{ value = 5, source = "Byrådet, november" }}

[[examples]]
say = "Et aftalt besøg er ikke gennemført."
expect = {{ holds = ["visit_held"], undecided = true, due = {{ visit_held = 2026-09-16 }} }}
"""
GROUPS: Final = f"""amends = "jobfirst-2027"
{HEAD.format(id="jobfirst-groups", version=f"{YEAR}-1", day=NEW_YEAR, title="JobFirst med de nye målgrupper")}
draft = false
"""


def at(month: int, day: int, hour: int = 9) -> datetime:
    """Return an hour of a day of the winter."""
    return danish_instant(date(YEAR - (month == 12), month, day), time(hour))


class Winter:
    """A municipality from the week before Christmas on, with two people in each of its three units."""

    def __init__(self, ahead: DaysAhead) -> None:
        self.ahead = ahead

    async def opens(self) -> None:
        """Let it be the week before Christmas, and the directory name who works where."""
        await self.ahead.passes_until(at(12, 18))
        for unit, people in PEOPLE.items():
            for person, role in zip(people, GATE_ROLES, strict=True):
                entry = {"name": f"{person.title()} Prøve", "roles": [role], "unit": unit}
                assert self.leader.put(f"/v1/people/{person}", entry).is_success

    @property
    def leader(self) -> Caller:
        """Return the leader of the whole municipality."""
        return self.ahead.speaks("lise", "supervisor")

    async def begins(self, unit: str, reference: str, **what: Any) -> str:
        """Start a course of the two of a unit and return its id."""
        parties = {role: {"person": person} for role, person in zip(GATE_ROLES, PEOPLE[unit], strict=True)}
        return await self.ahead.starts(reference, unit=unit, **parties, **what)

    async def visits(self, unit: str) -> str:
        """Start a course of the two of a unit, in which the visit to a company begins the same day."""
        course = await self.begins(unit, f"visit-{unit}")
        self.ends_intake(unit, course)
        return course

    def ends_intake(self, unit: str, course: str) -> None:
        """Let the two of a unit do all that intake asks, so that the visit to a company begins."""
        today = danish_day(self.ahead.clock.now())
        parties = dict(zip(map(str, GATE_ROLES), PEOPLE[unit], strict=True))
        callers = {person: self.ahead.speaks(person, role, units=()) for role, person in parties.items()}
        played = CourseOverHttp(f"/v1/courses/{course}", Script(today, today), parties, callers)
        played.does(*played.script.step("intake"))
        played.both_acknowledge()

    def publishes(self, toml: str) -> str:
        """Let one rule editor propose a set and another publish it, and return its hash."""
        rie, ruth = (self.ahead.speaks(person, "rule_editor") for person in ("rie", "ruth"))
        line = rie.does("/v1/rulesets", toml=toml)
        address = f"/v1/rulesets/{line['id']}/versions/{line['version']}/approve"
        assert rie.sends(address, sha256=line["sha256"]).status_code == 403
        sha256: str = ruth.does(address, sha256=line["sha256"])["sha256"]
        return sha256

    def orders(self, **body: Any) -> tuple[dict[str, dict[str, Any]], dict[date, int], str]:
        """Try a re-pin, then order it; return the courses and the days that were foretold, and the id of the order."""
        lise = self.leader
        plan = lise.does("/v1/re-pins/plan", **body)
        bulk: str = lise.does("/v1/re-pins", **body)["id"]
        assert plan["next"] is None
        lines = {line["course"]: line for line in plan["courses"]}
        return lines, {date.fromisoformat(day["day"]): day["after"] for day in plan["notices"]}, bulk

    def stands(self, course: str) -> dict[tuple[str, int | None, str | None], tuple[str | None, str | None]]:
        """Return until when a course waits for what, and when somebody is reminded next."""
        waits = self.leader.get(f"/v1/courses/{course}")["waiting"]
        return {(w["kind"], w["visit"], w["what"]): (w["until"], to_the_minute(w["next_rung_at"])) for w in waits}

    def follows(self, *courses: str) -> list[str]:
        """Return the versions that courses follow, by the hash."""
        lise = self.leader
        return [lise.get(f"/v1/courses/{course}")["rules"]["sha256"] for course in courses]

    def news(self) -> list[dict[str, Any]]:
        """Return what is new in the rules for a caseworker."""
        items: list[dict[str, Any]] = self.ahead.speaks("anna", "caseworker", units=()).get("/v1/staff-news")["items"]
        return items

    async def told(self, courses: Iterable[str], since: datetime, until: datetime) -> Counter[date]:
        """Return how many notices courses have raised on each day between two instants."""
        j = t.journal.c
        raised = select(j.at).where(
            j.kind == "notice_raised", j.course_id.in_(map(UUID, courses)), j.at.between(since, until)
        )
        async with self.ahead.store.municipality(self.ahead.municipality) as connection:
            return Counter(map(danish_day, await connection.scalars(raised)))


def to_the_minute(instant: str | None) -> str | None:
    """Return an instant without the seconds by which the reminders of courses are spread."""
    return instant and instant[:16]


def foretold(before: Mapping[Any, Any], line: Mapping[str, Any]) -> dict[Any, Any]:
    """Return how a course will stand by a line of a dry run."""
    assert line["problem"] is None
    then = dict(before)
    for wait in line["waits"]:
        key = (wait["kind"], wait["visit"], wait["what"])
        assert before.get(key) == (
            None if wait["is_new"] else (wait["until_before"], to_the_minute(wait["reminded_before"]))
        )
        then[key] = (wait["until"], to_the_minute(wait["reminded"]))
        if wait["is_over"]:
            del then[key]
    return then


@pytest.fixture
async def winter(town: Town) -> AsyncIterator[Winter]:
    """A municipality of its own."""
    async with days_ahead(town, "0932") as ahead:
        winter = Winter(ahead)
        await winter.opens()
        yield winter


@pytest.mark.timeout(600)
async def test_rules_of_the_new_year_reach_just_the_courses_they_should_as_foretold_and_can_be_undone(
    winter: Winter,
) -> None:
    ahead = winter.ahead
    early, waiting, left = [await winter.begins(unit, f"early-{unit}") for unit in PEOPLE]
    other = await winter.begins("job", "other", rule_set="ips", target_group="cash_benefit", facts={})
    await ahead.passes_until(at(12, 28))
    visit, south, north = [await winter.visits(unit) for unit in PEOPLE]
    (old,) = set(winter.follows(early, waiting, left, visit, south, north))
    (ips,) = winter.follows(other)
    five, groups = winter.publishes(FIVE), winter.publishes(GROUPS)
    began = ahead.clock.now()
    now, told, order = winter.orders(rules=five, instead_of=old, units=["job"], on=NEW_YEAR.isoformat())
    later, _, _ = winter.orders(rules=groups, instead_of=old, units=["syd"])
    assert (set(now), set(later)) == ({early, visit}, {waiting, south})
    december = await winter.begins("job", "december")

    await ahead.passes_until(at(12, 31, 23))
    before = {course: winter.stands(course) for course in now}
    await ahead.passes_until(at(1, 1, 0))
    assert {course: winter.stands(course) for course in now} == {c: foretold(before[c], now[c]) for c in now}
    assert winter.stands(visit) != before[visit]
    await ahead.passes_until(at(1, 4))
    new = [await winter.begins(unit, f"new-{unit}") for unit in PEOPLE]
    assert winter.follows(early, visit, *new) == [five] * 5
    assert winter.follows(other, december, waiting, south, left, north) == [ips, *[old] * 5]
    winter.ends_intake("syd", waiting)
    assert winter.follows(waiting, south) == [groups, old], "at the next visit"

    await ahead.passes_until(at(1, 11))
    assert await winter.told(now, began, at(1, 11, 0)) == {
        day: count for day, count in told.items() if day < at(1, 11).date()
    }
    assert winter.leader.sends(f"/v1/re-pins/{order}/take-back").status_code == 202
    await ahead.carries()
    assert winter.follows(early, visit, waiting, *new) == [old, old, groups, five, five, five]
    assert [winter.stands(course) for course in (early, visit)] == [winter.stands(twin) for twin in (left, north)]


async def test_the_news_of_rules_is_told_from_the_order_until_four_weeks_after_their_day(town: Town) -> None:
    async with days_ahead(town, "0765") as ahead:
        winter = Winter(ahead)
        await winter.opens()
        course = await winter.begins("job", "told")
        await ahead.passes_until(at(12, 28))
        (old,) = winter.follows(course)
        five = winter.publishes(FIVE)
        winter.orders(rules=five, instead_of=old, on=NEW_YEAR.isoformat())

        for day in (at(12, 29), at(1, 1), at(1, 29)):
            await ahead.passes_until(day)
            (news,) = winter.news()
            assert (news["before"]["sha256"], news["after"]["sha256"]) == (old, five)
            assert (news["begins_on"], news["courses"], news["new_courses_from"]) == (str(NEW_YEAR), 1, str(NEW_YEAR))
        await ahead.passes_until(at(1, 30))
        assert winter.news() == []
