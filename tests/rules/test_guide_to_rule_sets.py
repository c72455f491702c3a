"""The guide shows the form as it is read: its requirement, numbers, patterns and English make a set."""

from typing import Final

import pytest

from rules.loading.read_toml import read_set
from tests.architecture.files import ROOT
from tests.rules.pages import SETS, blocks, with_requirement

PAGE: Final = (ROOT / "docs" / "guides" / "rule-sets.md").read_text(encoding="utf-8")


def test_the_requirement_of_the_guide_is_one_of_ips() -> None:
    (shown, *_) = blocks(PAGE)

    assert len(shown.splitlines()) <= 20, "a requirement with its reminder and examples is a third of a screen"
    rules = read_set("ips", with_requirement("ips", "2-job-search.toml", shown))
    assert rules.steps[1].requirements[0].id == "employer_contacted"


@pytest.mark.parametrize(("rule_set", "file"), [("ips", "2-job-search.toml"), ("jobfirst", "2-company-visit.toml")])
def test_the_requirement_of_a_readme_can_stand_where_it_says(rule_set: str, file: str) -> None:
    page = (SETS / rule_set / "README.md").read_text(encoding="utf-8")
    shown = next(block for block in blocks(page) if block.startswith("[[requirements]]"))

    assert read_set(rule_set, with_requirement(rule_set, file, shown)).id == rule_set
