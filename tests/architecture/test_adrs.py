import ast
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.files import ROOT

ADRS = ROOT / "docs" / "adr"
LINES_OF_A_PAGE = 60
HEADINGS = ["Context", "Decision", "Consequences", "Enforced by"]
PAGES = sorted(ADRS.glob("[0-9]*.md"))
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)


@cache
def contracts() -> set[str]:
    """Return the names of the import contracts that linting checks."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return {contract["name"] for contract in project["tool"]["importlinter"]["contracts"]}


@cache
def named_in(file: Path) -> set[str]:
    """Return the names of the functions in a file; none when it does not exist."""
    if not file.is_file():
        return set()
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in ast.parse(file.read_text()).body if isinstance(node, functions)}


def test_there_are_decisions_and_each_has_a_number_of_its_own() -> None:
    numbers = [int(page.stem.split("-")[0]) for page in PAGES]

    assert numbers
    assert len(set(numbers)) == len(numbers)


@each_page
def test_a_decision_has_its_four_parts_on_one_page(page: Path) -> None:
    text = page.read_text()

    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == HEADINGS
    assert len(text.splitlines()) <= LINES_OF_A_PAGE


@each_page
def test_a_decision_is_in_the_index_under_its_title(page: Path) -> None:
    title = page.read_text().splitlines()[0].removeprefix("# ")

    assert title.startswith(page.stem.split("-")[0])
    assert f"- [{title}]({page.name})\n" in (ADRS / "README.md").read_text()


@each_page
def test_what_enforces_a_decision_exists(page: Path) -> None:
    enforced_by = page.read_text().split("## Enforced by")[1].strip().splitlines()
    cited = [re.fullmatch(r"- (?:the contract `(.+)`|`(tests/.+\.py)::(\w+)`)", line) for line in enforced_by]

    assert all(cited), "each line names one test or one contract"
    missing = [line for line, found in zip(enforced_by, cited, strict=True) if found and not exists(*found.groups())]
    assert enforced_by
    assert missing == []


def exists(contract: str | None, file: str, test: str) -> bool:
    """Say whether a contract, or a test of a file, is there."""
    return contract in contracts() if contract else test in named_in(ROOT / file)
