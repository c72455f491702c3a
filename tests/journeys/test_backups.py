"""Store and Temporal restored from backups of different moments find together again, and nothing is told twice (P7)."""

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
from temporalio.client import Client

from clients.caller import Caller
from infra.store.logins import Login
from tests.architecture.files import ROOT
from tests.journeys.vocabulary import CASE, both_acknowledge, complete_intake
from tools.town.town import MUNICIPALITY, Town
from workflows.audit import SCHEDULE

pytestmark = pytest.mark.verify
_references = count(1)


@dataclass
class Office:
    """A town, those who work in it, and the backups that were taken."""

    town: Town
    backups: Path

    @property
    def anna(self) -> Caller:
        return self.town.speaks("anna", "caseworker")

    @property
    def bo(self) -> Caller:
        return self.town.speaks("bo", "company_consultant")

    def starts(self) -> str:
        """Start a course, and return its path."""
        started = {**CASE, "reference": f"backup-{next(_references)}", "started_on": None}
        done = self.town.speaks("case-system", "system").does("/v1/courses", **started)
        return f"/v1/courses/{done['course']}"

    def back_up(self, what: str) -> None:
        """Copy what a server keeps while it stands still."""
        self.town.stop()
        if what == "store":
            _copy_folder(self._postgres, self.backups / what)
        for file in self._temporal_files() if what == "temporal" else ():
            shutil.copy2(file, self.backups)
        self.start()

    def restore(self, what: str) -> None:
        """Put back what a server kept at the time of the backup."""
        self.town.stop()
        if what == "store":
            shutil.rmtree(self._postgres)
            _copy_folder(self.backups / what, self._postgres)
        for file in self._temporal_files() if what == "temporal" else ():
            file.unlink()
        for file in self.backups.glob("temporal.db*"):
            shutil.copy2(file, self.town.settings.var)
        self.start()

    def start(self) -> None:
        """Start everything again."""
        for part in (self.town.postgres, self.town.temporal, self.town.worker, self.town.api):
            part.start()

    def verify(self, *options: str) -> tuple[int, str]:
        """Run `fodslag verify` as an operator does."""
        environment = {
            **os.environ,
            **self.town.keys,
            "FODSLAG_DATABASE_URL": self.town.postgres.url(Login.WORKER),
            "TEMPORAL_ADDRESS": self.town.temporal.address,
            "TEMPORAL_NAMESPACE": self.town.temporal.namespace,
        }
        command = [sys.executable, "-m", "cli", "verify", "--municipality", MUNICIPALITY, *options]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=ROOT)
        return done.returncode, done.stdout + done.stderr

    def notices(self) -> list[tuple[object, ...]]:
        """Return what each notice says to whom."""
        url = self.town.postgres.url(Login.API)
        with psycopg.connect(url, options=f"-c fodslag.municipality={MUNICIPALITY}") as store:
            content = "SELECT course_id, about, recipient_kind, recipient, subject::text, level FROM notice"
            return store.execute(content).fetchall()

    @property
    def _postgres(self) -> Path:
        return self.town.settings.var / "postgres"

    def _temporal_files(self) -> list[Path]:
        """Return its file and what SQLite keeps beside it: the newest is in the log, also when it stands still."""
        return list(self.town.settings.var.glob("temporal.db*"))


def _copy_folder(source: Path, target: Path) -> None:
    shutil.copytree(source, target, symlinks=True, copy_function=_with_its_owner)
    shutil.copystat(source, target)
    _give(target, source)


def _with_its_owner(source: str, target: str) -> None:
    shutil.copy2(source, target)
    _give(Path(target), Path(source))


def _give(path: Path, like: Path) -> None:
    """Give a path to the owner of another, folders within it too."""
    owner = like.stat()
    os.chown(path, owner.st_uid, owner.st_gid)
    for folder in path.rglob("*") if path.is_dir() else ():
        os.chown(folder, owner.st_uid, owner.st_gid, follow_symlinks=False)


@pytest.fixture
def office(frail_town: Town) -> Iterator[Office]:
    asyncio.run(_pause_audit(frail_town))
    with TemporaryDirectory() as backups:
        yield Office(frail_town, Path(backups))


async def _pause_audit(town: Town) -> None:
    """Let no audit mend by itself what the operator's comparison is to find."""
    client = await Client.connect(town.temporal.address, namespace=town.temporal.namespace)
    await client.get_schedule_handle(SCHEDULE).pause()


@pytest.mark.parametrize("restored", ["store", "temporal"])
def test_what_is_restored_from_an_older_backup_catches_up_with_the_other(office: Office, restored: str) -> None:
    going, resting = office.starts(), office.starts()
    complete_intake(going, office.anna, office.bo)
    office.back_up(restored)
    both_acknowledge(going, office.anna, office.bo)
    before = {path: office.anna.get(path) for path in (going, resting)}
    assert [visit["step"]["id"] for visit in before[going]["visits"]] == ["intake", "company_visit"]

    office.restore(restored)

    code, content = office.verify()
    assert code == 1, content
    assert going.rpartition("/")[2] in content
    assert resting.rpartition("/")[2] not in content
    code, content = office.verify("--mend")
    assert code == 0, content
    assert office.verify()[0] == 0
    after = office.anna.get(going)
    assert [visit["step"]["id"] for visit in after["visits"]] == ["intake", "company_visit"]
    assert after["visits"][0]["left_at"] == before[going]["visits"][0]["left_at"]
    notices = office.notices()
    assert len(notices) == len(set(notices))
    office.bo.does(f"{going}/facts", facts={"company_p_number": "1000000001"})


def test_a_course_that_began_after_the_backup_of_temporal_goes_on(office: Office) -> None:
    office.back_up("temporal")
    course = office.starts()
    office.restore("temporal")

    code, content = office.verify("--mend")

    assert code == 0, content
    assert "workflow-missing → same" in content
    complete_intake(course, office.anna, office.bo)
    both_acknowledge(course, office.anna, office.bo)
