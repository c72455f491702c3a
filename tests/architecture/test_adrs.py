import ast
import re
import tomllib
from functools import cache
from pathlib import Path

from tests.architecture.files import ROOT, must_be_none, place, text_of, tree

ADRS = ROOT / "docs" / "adr"
LINES_OF_A_PAGE = 60
HEADINGS = ["Context", "Decision", "Consequences", "Enforced by"]
PAGES = sorted(ADRS.glob("[0-9]*.md"))
ENFORCED = re.compile(r"- (?:the contract `(.+)`|`(tests/.+\.py)::(\w+)`)")


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
    return {node.name for node in tree(file).body if isinstance(node, functions)}


def test_there_are_decisions_and_each_has_a_number_of_its_own() -> None:
    numbers = [int(page.stem.split("-")[0]) for page in PAGES]

    assert numbers
    assert len(set(numbers)) == len(numbers)


def test_a_decision_has_its_four_parts_on_one_page() -> None:
    must_be_none(
        (
            f"{place(page)} has {len(text.splitlines())} lines and the parts {headings}"
            for page, text in ((page, text_of(page)) for page in PAGES)
            if (headings := re.findall(r"^## (.+)$", text, re.MULTILINE)) != HEADINGS
            or len(text.splitlines()) > LINES_OF_A_PAGE
        ),
        f"Tell a decision in {HEADINGS}, on {LINES_OF_A_PAGE} lines at most.",
    )


def test_a_decision_is_in_the_index_under_its_title() -> None:
    index = text_of(ADRS / "README.md")
    titles = {page: text_of(page).splitlines()[0].removeprefix("# ") for page in PAGES}

    must_be_none(
        (
            f"- [{title}]({page.name})"
            for page, title in titles.items()
            if not title.startswith(page.stem.split("-")[0]) or f"- [{title}]({page.name})\n" not in index
        ),
        "Begin the title with the number of its file, and put this line into docs/adr/README.md.",
    )


def test_what_enforces_a_decision_exists() -> None:
    cited = {page: text_of(page).split("## Enforced by")[1].strip().splitlines() for page in PAGES}

    must_be_none((place(page) for page, lines in cited.items() if not lines), "Name what enforces the decision.")
    must_be_none(
        (
            f"{place(page)}: {line}"
            for page, lines in cited.items()
            for line in lines
            if not (matched := ENFORCED.fullmatch(line)) or not exists(*matched.groups())
        ),
        "Name one contract of pyproject.toml or one test as `tests/file.py::test_name`, as it is called now.",
    )


def exists(contract: str | None, file: str, test: str) -> bool:
    """Say whether a contract, or a test of a file, is there."""
    return contract in contracts() if contract else test in named_in(ROOT / file)
