"""Lists and commands among very many courses: `python -m tools.bench.scale` fills a store by SQL and asks everything.

One real course is copied as often as is wanted, each copy under its own id, reference, unit and people.
Copies have rows and no workflow, so they are read and never change; beside them real courses are started.
"""

import argparse
import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

import httpx
import psycopg
from rich.console import Console
from rich.table import Table

from clients.caller import Caller
from tools.bench.life import SCRIPT, TODAY
from tools.bench.watching import Watch
from tools.town.silence import falls_silent
from tools.town.town import MUNICIPALITY, Town

_UNITS: Final = 40
_PEOPLE: Final = 1500
_TIMES: Final = 15
LONG_AGO: Final = (TODAY - timedelta(days=60)).isoformat()
"""The original began so long ago that its supervisors hear of it before long, and more than once."""
_FROM_ONE: Final = """
    CREATE TEMPORARY TABLE copy AS
        SELECT n, gen_random_uuid() AS id, 'unit-' || n %% {units} AS unit, 'person-' || n %% {people} AS person,
               now() - n * interval '37 seconds' AS at
        FROM generate_series(1, %(copies)s) AS n;
    CREATE INDEX ON copy (n);
"""
_COPIES: Final = {
    "course": {
        "course_id": "copy.id",
        "unit": "copy.unit",
        "reference": "'COPY-' || copy.n",
        "citizen": "'citizen-' || copy.n",
        "updated_at": "copy.at",
        "due_at": "copy.at + interval '20 days'",
        "waiting_since": "copy.at",
        "started_on": "copy.at::date",
    },
    "revision": {
        "course_id": "copy.id",
        "snapshot": "jsonb_set(template.snapshot, '{course}', to_jsonb(copy.id))",
    },
    "visit": {"course_id": "copy.id", "entered_at": "copy.at - interval '9 days'"},
    "party": {"course_id": "copy.id", "person": "copy.person"},
    "waiting": {
        "course_id": "copy.id",
        "persons": "ARRAY[copy.person]",
        "since": "copy.at",
        "until": "copy.at + interval '20 days'",
        "escalation": "md5(copy.id::text || template.escalation)::uuid",
        "escalated_at": "CASE WHEN template.escalation IS NULL THEN NULL ELSE copy.at END",
        "waiting_on": "(ARRAY['us', 'company', 'citizen'])[copy.n %% 5]",
        "answered_until": "CASE WHEN copy.n %% 5 IN (1, 2, 3) THEN now() + interval '5 days' END",
        "taken_by": "CASE WHEN copy.n %% 7 = 0 THEN 'sara' END",
        "look_again_at": "CASE WHEN copy.n %% 7 = 0 THEN now() + interval '2 days' END",
    },
    "notice": {
        "notice_id": "gen_random_uuid()",
        "course_id": "copy.id",
        "recipient": "CASE template.recipient_kind WHEN 'person' THEN copy.person ELSE copy.unit END",
        "queued_at": "copy.at + coalesce(template.level, 0) * interval '1 second'",
        "item": "CASE template.item WHEN template.waiting THEN template.item"
        " ELSE md5(copy.id::text || template.item)::uuid::text END",
        "until": "CASE WHEN template.until IS NOT NULL THEN copy.at + interval '20 days' END",
        "look_again_at": "CASE WHEN template.recipient_kind = 'supervisors' AND copy.n %% 7 = 0"
        " THEN now() + interval '2 days' END",
    },
    "journal": {"course_id": "copy.id", "at": "copy.at"},
}
_SOME: Final = {
    "revision": "template.revision = (SELECT max(revision) FROM revision WHERE course_id = %(course)s)",
    "journal": "template.revision <= 2",
}
"""Of what the original went through copies have the beginning and the end."""
_GENERATED: Final = {"position", "tx"}
_BESIDE: Final = (
    """
    INSERT INTO visit SELECT (jsonb_populate_record(v, jsonb_build_object('number', 2, 'step', 'company_visit',
        'entered_at', v.entered_at + interval '8 days', 'went_ahead', random() < 0.1))).*
        FROM visit AS v WHERE v.number = 1
    """,
    """
    INSERT INTO person (person_id, name, roles, language, gathering, updated_at)
        SELECT DISTINCT person, person, ARRAY['caseworker', 'company_consultant'], 'da', 'two_lists', now() FROM copy
    """,
    """
    INSERT INTO absence (person_id, since)
        SELECT person_id, current_date - 1 FROM person WHERE person_id LIKE 'person-%7'
    """,
)
"""What copies have beside the original: a second visit, and people one in ten of whom is away without cover."""

ASKED: Final = {
    "courses by deadline": ("anna", "/v1/courses?limit=50"),
    "courses by change": ("anna", "/v1/courses?limit=50&sort=updated_at"),
    "overdue courses of a step": ("anna", "/v1/courses?limit=50&overdue=true&step=intake"),
    "courses waiting for a person": ("anna", "/v1/courses?limit=50&waiting_for_person=person-7"),
    "courses in a unit's queue": ("anna", "/v1/courses?limit=50&waiting_for_unit=unit-3"),
    "courses by case number": ("anna", "/v1/courses?limit=50&q=COPY-777"),
    "a person's inbox": ("person-7", "/v1/inbox?limit=50"),
    "a supervisor's inbox": ("sara", "/v1/inbox?limit=50"),
    "escalations": ("sara", "/v1/escalations?limit=50"),
    "the board of everything, counted": ("sara", "/v1/board?counts=true"),
    "the board of a unit, counted": ("leader-3", "/v1/board?counts=true"),
    **{
        f"the board of everything, {narrowed}, counted": ("sara", f"/v1/board?counts=true&{narrowed}")
        for narrowed in (
            "unit=unit-3",
            "step=intake",
            "rule_set=jobfirst",
            "held_up_by=company",
            "stalled=true&new=true",
            "away=without_cover",
            "away=without_cover&falls_due=true",
            "taken_by=me",
            "overdue=true&held_up_by=system",
        )
    },
    "units": ("anna", "/v1/units?limit=50"),
    "people": ("anna", "/v1/people?limit=50"),
    "changes, the newest": ("case-system", "/v1/changes?limit=100"),
    "a course": ("anna", "{course}"),
    "its briefing": ("anna", "{course}/briefing"),
    "its journal": ("anna", "{course}/journal?limit=50"),
}


@contextmanager
def filled(copies: int, console: Console) -> Iterator[tuple[Town, str]]:
    """Start a town, copy one of its courses so many times, and yield it with the path of the course."""
    with TemporaryDirectory() as folder:
        town = Town.start(Path(folder))
        try:
            system, anna = town.speaks("case-system", "system"), town.speaks("anna", "caseworker")
            started = SCRIPT.start(MUNICIPALITY, "original", started_on=LONG_AGO)
            course = f"/v1/courses/{system.does('/v1/courses', **started)['course']}"
            anna.does(f"{course}/briefings")
            sara = town.speaks("sara", "supervisor", units=("*",))
            for person, role in (("anna", "caseworker"), ("bo", "company_consultant")):
                sara.put(f"/v1/people/{person}", {"name": person, "roles": [role], "unit": "job"})
            falls_silent(town, sara, course.rpartition("/")[2])
            begun = time.perf_counter()
            _copy(town, course.rpartition("/")[2], copies)
            console.print(f"{copies} courses were copied in {time.perf_counter() - begun:.0f} s")
            yield town, course
        finally:
            town.close()


def _copy(town: Town, course: str, copies: int) -> None:
    url, options = town.postgres.owner_url, f"-c fodslag.municipality={MUNICIPALITY}"
    with psycopg.connect(url, options=options, autocommit=True) as store:
        for statement in _FROM_ONE.format(units=_UNITS, people=_PEOPLE).split(";")[:-1]:
            store.execute(statement, {"copies": copies} if "%(" in statement else None)
        for table, changed in _COPIES.items():
            named = store.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table])
            columns = [name for (name,) in named if name not in _GENERATED]
            values = ", ".join(changed.get(name, f"template.{name}") for name in columns)
            store.execute(
                f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values}"  # noqa: S608 - Our own names.
                f" FROM {table} AS template, copy WHERE template.course_id = %(course)s AND {_SOME.get(table, 'true')}",
                {"course": course},
            )
        for statement in _BESIDE:
            store.execute(statement)
        store.execute("VACUUM ANALYZE")


class Took(NamedTuple):
    """How many milliseconds something took, the middle of several times, and how many of processors on average."""

    middle: float
    store: float
    api: float


def asked(town: Town, course: str) -> dict[str, Took]:
    """Return how long each thing takes."""
    roles = {"anna": "caseworker", "person-7": "caseworker", "sara": "supervisor", "case-system": "system"}
    speakers = {person: town.speaks(person, role, units=("*",)) for person, role in roles.items()}
    speakers["leader-3"] = town.speaks("leader-3", "supervisor", units=("unit-3",))
    does: dict[str, Callable[[], object]] = {
        name: partial(speakers[who].get, path.format(course=course)) for name, (who, path) in ASKED.items()
    }
    numbers = count()
    does["start"] = lambda: _start(speakers["case-system"], next(numbers))
    does["report a fact"] = lambda: _report(speakers["anna"], course, next(numbers))
    pids = {"store": town.postgres.pid, "api": town.api.pid}
    return {name: _took(each, pids) for name, each in does.items()}


def _start(system: Caller, number: int) -> dict[str, Any]:
    return system.does("/v1/courses", **SCRIPT.start(MUNICIPALITY, f"another-{number}"))


def _report(anna: Caller, course: str, number: int) -> httpx.Response:
    return anna.sends(f"{course}/facts", facts={"goal_paid_hours": number % 37})


def _took(does: Callable[[], object], pids: Mapping[str, int]) -> Took:
    """Return how long an action takes after it was done once, and what it costs the processes."""
    does()
    times = []
    with Watch(pids) as watch:
        for _ in range(_TIMES):
            begun = time.perf_counter()
            does()
            times.append(1000 * (time.perf_counter() - begun))
    return Took(median(times), *(1000 * watch.seconds[name] / _TIMES for name in ("store", "api")))


def main() -> None:
    """Ask everything in a small store and in a large one, and print both side by side."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench.scale", description=__doc__)
    parser.add_argument("--courses", type=int, default=100_000, help="how many courses the large store has")
    parser.add_argument("--to", type=Path, default=Path("var/scale.json"), help="where the figures are written")
    wanted = parser.parse_args()
    console = Console()
    sizes, figures = (1_000, wanted.courses), {}
    for size in sizes:
        with filled(size, console) as (town, course):
            figures[size] = asked(town, course)
    table = Table("milliseconds, the middle, and of processors: PostgreSQL's and the API's", *map("{:,}".format, sizes))
    for name in figures[sizes[0]]:
        table.add_row(name, *("{:.1f}  {:.0f} + {:.0f}".format(*figures[size][name]) for size in sizes))
    console.print(table)
    wanted.to.parent.mkdir(parents=True, exist_ok=True)
    told = {size: {name: took._asdict() for name, took in each.items()} for size, each in figures.items()}
    wanted.to.write_text(json.dumps(told, indent=2) + "\n")


if __name__ == "__main__":
    main()
