import re
from pathlib import Path

from pydantic_settings import BaseSettings

from infra.settings import MigrationSettings, Settings
from standalone.settings import StandaloneSettings
from tests.architecture.files import ROOT, files, must_be_none, place, text_of

PREFIX = "FODSLAG_"
REQUIRED = "must be given"
PAGES = sorted(files("*.md"))
PATH = re.compile(r"`((?:[A-Za-z.][\w.-]*/)+[\w.-]*|[\w.-]+\.(?:md|py|lock))(?:::(\w+))?`")
# Made by running or installing, or on another machine.
NOT_IN_THE_REPOSITORY = ("var/", "tests/foreign/node_modules", "application/")


def settings() -> dict[str, str]:
    """Return each variable that is read, with its default as the page shows it."""
    models: tuple[type[BaseSettings], ...] = (Settings, MigrationSettings, StandaloneSettings)
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
    pages = "".join((ROOT / page).read_text() for page in ("README.md", "CONTRIBUTING.md"))

    assert targets
    assert [target for target in targets if not re.search(rf"\bmake {target}\b", pages)] == []


def test_each_sentence_has_a_line_of_its_own() -> None:
    sentences = re.compile(r"[\w`)*][.!?] +[A-ZÆØÅ`*\[]")

    must_be_none(
        (f"{place(page)}: {line}" for page in PAGES for line in prose(page) if sentences.search(line)),
        "Begin each sentence on a line of its own.",
    )


def prose(page: Path) -> list[str]:
    """Return the lines of a page that are neither in a block of code nor in a table."""
    text = re.sub(r"^```.*?^```$", "", text_of(page), flags=re.MULTILINE | re.DOTALL)
    return [line for line in text.splitlines() if not line.startswith("|")]


def test_every_link_to_a_file_leads_somewhere() -> None:
    links = [(page, link) for page in PAGES for link in re.findall(r"\]\(([^)#:]+)\)", text_of(page))]

    assert links
    must_be_none(
        (f"{place(page)} links to {link}" for page, link in links if not (page.parent / link).exists()),
        "Link to the file where it is now.",
    )


def test_every_path_and_name_on_a_page_is_there() -> None:
    """A page names a file as `path`, and what is in it as `path::name`."""
    named = [
        (page, path, name)
        for page in PAGES
        for path, name in PATH.findall(text_of(page))
        if not path.startswith(NOT_IN_THE_REPOSITORY)
    ]

    assert named
    must_be_none(
        (f"{place(page)} names {path} {name}" for page, path, name in named if not is_there(page, path, name)),
        "Name the file, or what is in it, as it is called now.",
    )


def is_there(page: Path, path: str, name: str) -> bool:
    return any(
        file.exists() and (not name or re.search(rf"\b{name}\b", file.read_text()) is not None)
        for file in (ROOT / path, page.parent / path)
    )
