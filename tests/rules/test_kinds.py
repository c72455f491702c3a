"""Every rule says whether the law, the method or the municipality wants it, and who may waive it."""

import pytest

from domain.identity import Role
from domain.state.verdict import Kind
from rules.language.rule_set import RuleSet
from rules.loading.library import shipped
from rules.loading.read_toml import read_rule_set
from tests.rules.flawed import MUST, changed, flaws


@pytest.mark.parametrize(
    ("left_out", "field"),
    [
        ('kind = "local"\n', "steps[0].requirements[0]"),
        ('missing = "Det er aftalt."\n', "steps[0].requirements[0]"),
    ],
)
def test_a_requirement_says_of_what_kind_it_is_and_what_to_do(left_out: str, field: str) -> None:
    ((place, words),) = flaws(changed((left_out, "")))

    assert place == field
    assert words.endswith("is missing; add it")


@pytest.mark.parametrize(
    ("line", "field", "words"),
    [
        ('waivable_by = ["supervisor"]', ".waivable_by", "nobody waives the law; remove this, or write"),
        ("waivable = true", "", "'waivable' is not known here; did you mean 'waivable_by'?"),
    ],
)
def test_nobody_may_waive_the_law(line: str, field: str, words: str) -> None:
    ((place, said),) = flaws(changed(('kind = "local"', 'kind = "law"'), (MUST, f"{MUST}\n{line}")))

    assert place == f"steps[0].requirements[0]{field}"
    assert said.startswith(words)


def test_only_those_who_work_on_the_course_may_waive_anything() -> None:
    (flaw,) = flaws(changed((MUST, f'{MUST}\nwaivable_by = ["caseworker", "system"]')))

    said = "nobody waives anything as 'system'; use one of caseworker, company_consultant, supervisor"
    assert flaw == ("steps[0].requirements[0].waivable_by[1]", said)


def test_the_supervisors_may_waive_what_says_nothing_else_and_nobody_what_says_so() -> None:
    (silent, *_) = read_rule_set(changed(), "tiny.toml").steps[0].requirements
    (barred, *_) = read_rule_set(changed((MUST, f"{MUST}\nwaivable_by = []")), "tiny.toml").steps[0].requirements

    assert silent.waivers == {Role.SUPERVISOR}
    assert barred.waivers == set()


@pytest.mark.parametrize("shipped_set", shipped(), ids=lambda shipped_set: f"{shipped_set.id}-{shipped_set.version}")
def test_what_names_a_paragraph_of_law_first_is_law_in_a_shipped_set(shipped_set: RuleSet) -> None:
    asked = [r for step in shipped_set.steps for r in step.requirements]

    assert [r.id for r in asked if r.source.startswith(("LAB", "BAB")) and r.kind is not Kind.LAW] == []
