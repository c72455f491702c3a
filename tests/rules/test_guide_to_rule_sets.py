"""The guide shows the form as it is read: its requirement, numbers, patterns and English make a set."""

import re
from typing import Final

import pytest

from rules.loading.read_toml import read_set
from tests.architecture.files import ROOT

PAGE: Final = (ROOT / "docs" / "guides" / "rule-sets.md").read_text(encoding="utf-8")
SETS: Final = ROOT / "rules" / "sets"


def blocks(page: str) -> list[str]:
    """Return the blocks of TOML on a page."""
    return re.findall(r"```toml\n(.*?)```", page, re.DOTALL)


def with_requirement(rule_set: str, file: str, requirement: str) -> dict[str, str]:
    """Return the files of a set with another requirement in the place of the one with its id."""
    files = {f"{rule_set}/{each.name}": each.read_text(encoding="utf-8") for each in (SETS / rule_set).glob("*.toml")}
    place, english = f"{rule_set}/{file}", f"{rule_set}/english.toml"
    name = re.findall(r'id = "(\w+)"', requirement)[0]
    pattern = rf'\[\[requirements\]\]\nid = "{name}".*?\n(?=\n\[\[)'
    changed, times = re.subn(pattern, lambda _: requirement, files[place], flags=re.DOTALL)
    assert times == 1
    return {**files, place: changed, english: files[english].partition("[examples]")[0]}


def test_the_requirement_of_the_guide_is_one_of_ips() -> None:
    (shown, *_) = blocks(PAGE)

    assert len(shown.splitlines()) <= 20, "a requirement with its reminder and examples is a third of a screen"
    rules = read_set("ips", with_requirement("ips", "2-job-search.toml", shown))
    assert rules.steps[1].requirements[0].id == "employer_contacted"


@pytest.mark.parametrize(("rule_set", "file"), [("ips", "2-job-search.toml"), ("jobfirst", "2-company-visit.toml")])
def test_the_requirement_of_a_readme_can_stand_where_it_says(rule_set: str, file: str) -> None:
    (shown, *_) = blocks((SETS / rule_set / "README.md").read_text(encoding="utf-8"))

    assert read_set(rule_set, with_requirement(rule_set, file, shown)).id == rule_set
