import re
from pathlib import Path

import pytest
from pydantic_settings import BaseSettings

from infra.settings import Settings
from standalone.settings import StandaloneSettings
from tests.architecture.files import ROOT, files

PREFIX = "FODSLAG_"
REQUIRED = "must be given"
PAGES = sorted(files("*.md"))
PATH = re.compile(r"`((?:[A-Za-z.][\w.-]*/)+[\w.-]*|[\w.-]+\.(?:md|py|lock))(?:::(\w+))?`")
# Made by running or installing, or on another machine.
NOT_IN_THE_REPOSITORY = ("var/", "tests/foreign/node_modules", "application/")


def settings() -> dict[str, str]:
    """Return each variable that is read, with its default as the page shows it."""
    models: tuple[type[BaseSettings], ...] = (Settings, StandaloneSettings)
    return {f"{PREFIX}{name}".upper(): default for model in models for name, default in defaults(model).items()}


def defaults(model: type[BaseSettings]) -> dict[str, str]:
    """Return each setting of a model with its default as a person would write it."""
    return {
        name: REQUIRED if field.is_required() else f"`{written(field.default)}`"
        for name, field in model.model_fields.items()
    }


def written(default: object) -> str:
    """Return a default as it would stand in the environment."""
    return ",".join(default) if isinstance(default, tuple) else str(default)


def rows() -> dict[str, list[str]]:
    """Return the other cells of each row of the settings page by the variable it is about."""
    page = (ROOT / "docs" / "guides" / "settings.md").read_text()
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line[:3] == "| `"]
    return {cells[0].strip("`"): cells[1:] for cells in lines}


def test_every_setting_is_described_with_its_default_and_no_other_is() -> None:
    assert {name: cells[1] for name, cells in rows().items()} == settings()


def test_every_setting_has_a_meaning_and_an_example() -> None:
    assert [name for name, (meaning, _, example) in rows().items() if not (meaning and example)] == []


def test_everything_that_can_be_made_is_told_of() -> None:
    targets = re.findall(r"^(\w+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)
    told = "".join((ROOT / page).read_text() for page in ("README.md", "CONTRIBUTING.md"))

    assert targets
    assert [target for target in targets if not re.search(rf"\bmake {target}\b", told)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_each_sentence_has_a_line_of_its_own(page: Path) -> None:
    prose = re.sub(r"^```.*?^```$", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    sentences = re.compile(r"[\w`)*][.!?] +[A-ZÆØÅ`*\[]")

    assert [line for line in prose.splitlines() if not line.startswith("|") and sentences.search(line)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", page.read_text())

    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_path_and_name_that_is_told_of_is_there(page: Path) -> None:
    """A page names a file as `path`, and what is in it as `path::name`."""
    named = [
        (path, name) for path, name in PATH.findall(page.read_text()) if not path.startswith(NOT_IN_THE_REPOSITORY)
    ]

    assert [f"{path} {name}" for path, name in named if not is_there(page, path, name)] == []


def is_there(page: Path, path: str, name: str) -> bool:
    return any(
        file.exists() and (not name or re.search(rf"\b{name}\b", file.read_text()) is not None)
        for file in (ROOT / path, page.parent / path)
    )
