"""`fodslag rules replay` as who runs an installation, or its nightly job, runs it (P8)."""

import json
from typing import Any, Final

from typer.testing import CliRunner, Result

from cli import app
from infra.store.logins import Login
from tests.api.ruling import Ruled
from tools.town.town import Town


def run(town: Town, municipality: str, *words: str, database: str = "") -> Result:
    """Run the command in the environment of a worker."""
    environment = {**town.environment, "FODSLAG_DATABASE_URL": database or town.postgres.url(Login.WORKER)}
    return CliRunner().invoke(app, ["rules", "replay", "--municipality", municipality, *words], env=environment)


def test_a_replay_of_all_courses_says_how_much_was_judged_again_and_ends_well(town: Town) -> None:
    office = Ruled(town)
    office.begins()

    ended = run(town, office.municipality, "--json")

    assert ended.exit_code == 0, ended.output
    report: dict[str, Any] = json.loads(ended.stdout)
    assert (report["courses"], report["not_the_same"]) == (1, [])
    assert report["verdicts"] > 0
    assert "1 courses" in run(town, office.municipality).stdout


def test_who_cannot_reach_the_database_is_told_so_by_the_exit_code(town: Town) -> None:
    away: Final = "postgresql://nobody@127.0.0.1:1/fodslag"

    assert run(town, "0990", database=away).exit_code == 2
