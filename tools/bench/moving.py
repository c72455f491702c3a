"""Ten thousand running courses that are moved to other rules while the worker is killed again and again.

`python -m tools.bench.moving` starts the courses by the API, publishes other rules, orders that all follow them, kills
the worker several times in the middle, and then reads in the journal of each that it was moved once, which takes
about a quarter of an hour. It ends with 1 when one was not.
"""

import argparse
import asyncio
import sys
import time
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import Progress

from clients.caller import Caller
from tools.bench.life import TODAY
from tools.bench.monday import Monday, tell
from tools.town.town import own_town

_TOML: Final = f"""amends = "jobfirst"
id = "jobfirst-moved"
version = "1"
valid_from = {TODAY}
title = "JobFirst med fem dage"
description = "Fem arbejdsdage til det første besøg."
authors = ["Rie Regel"]

[local]
first_visit_days = {{ value = 5, source = "Opdigtet" }}

[[examples]]
say = "Et aftalt besøg er ikke gennemført."
expect = {{ holds = ["visit_held"], undecided = true, due = {{ visit_held = 2026-09-16 }} }}
"""
_MOVED: Final = """
    SELECT (SELECT count(*) FROM journal
            WHERE course_id = course.course_id AND epoch = course.epoch AND kind = 'course_re_pinned')
    FROM course WHERE rules_id = 'jobfirst-moved'
"""
_STILL: Final = "SELECT count(*) FROM course WHERE rules_id <> 'jobfirst-moved'"
_BETWEEN_LOOKS: Final = 0.1


async def move(monday: Monday, courses: int, deaths: int) -> dict[str, float]:
    """Move so many courses while the worker dies so often, and return what became of them."""
    await monday.opens(courses)
    town = monday.town
    rie, lise = town.speaks("rie", "rule_editor", units=("*",)), town.speaks("lise", "supervisor", units=("*",))
    old = next(line for line in rie.get("/v1/rulesets")["items"] if line["id"] == "jobfirst" and line["is_in_force"])
    new = rie.does("/v1/rulesets", toml=_TOML)
    lise.does("/v1/rulesets/jobfirst-moved/versions/1/approve", sha256=new["sha256"])
    began = time.perf_counter()
    act = lise.does("/v1/re-pins", rules=new["sha256"], instead_of=old["sha256"], on=TODAY.isoformat())
    figures = {"ordered_s": time.perf_counter() - began, "deaths": 0.0}
    with Progress(console=monday.console) as progress:
        bar = progress.add_task("Moving courses", total=act["total"])
        while act["waiting"]:
            await asyncio.sleep(_BETWEEN_LOOKS)
            act = lise.get(f"/v1/bulk-acts/{act['id']}")
            progress.update(bar, completed=act["done"] + act["failed"])
            if act["waiting"] and (1 + figures["deaths"]) * act["total"] < (1 + deaths) * act["done"]:
                town.worker.kill()
                town.worker.start()
                figures["deaths"] += 1
    spent = time.perf_counter() - began
    figures |= {"moved_per_s": courses / spent, "moved_in_s": spent, "done": act["done"], "failed": act["failed"]}
    times, (left,) = monday.asks(_MOVED), monday.asks(_STILL)
    figures |= {"once": times.count(1), "more_than_once": sum(one > 1 for one in times), "left": left}
    caseworker = town.speaks("caseworker-0", "caseworker", units=())
    return figures | _news("leader", lise) | _news("caseworker", caseworker)


def _news(name: str, reader: Caller) -> dict[str, float]:
    """Return how long it takes to be told what is new in the rules, the second time, and of how many courses."""
    reader.get("/v1/staff-news")
    began = time.perf_counter()
    (news,) = reader.get("/v1/staff-news")["items"]
    return {f"news_to_{name}_ms": 1000 * (time.perf_counter() - began), f"news_to_{name}_of": news["courses"]}


async def measured(console: Console, courses: int, deaths: int) -> dict[str, float]:
    """Move courses in a town of its own, and return the figures."""
    with own_town() as town:
        monday = Monday(town, town.speaks("case-system", "system"), town.speaks("sara", "supervisor"), console)
        return await move(monday, courses, deaths)


def main() -> None:
    """Move them, print the figures and write them to a file."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench.moving", description=__doc__)
    parser.add_argument("--courses", type=int, default=10_000, help="how many courses are moved")
    parser.add_argument("--deaths", type=int, default=3, help="how often the worker is killed meanwhile")
    parser.add_argument("--to", type=Path, default=Path("var/moving.json"), help="where the figures are written")
    asked = parser.parse_args()
    console = Console()
    figures = asyncio.run(measured(console, asked.courses, asked.deaths))
    tell(console, figures, asked.to)
    right = (figures["once"], figures["deaths"]) == (asked.courses, asked.deaths)
    sys.exit(0 if right and not figures["failed"] + figures["more_than_once"] + figures["left"] else 1)


if __name__ == "__main__":
    main()
