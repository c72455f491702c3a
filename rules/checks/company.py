"""Checks what a company may be told: ordinary facts of the step, and nothing special without consent (P10)."""

from domain.state.facts import NOTE_KINDS, QUESTION
from rules.checks.flaws import Flaws, Path, unknown_name
from rules.checks.planning import facts_by_name, own_fact
from rules.language.facts import FactType, Sensitivity
from rules.language.phrases import phrase
from rules.language.planning import CompanyTold
from rules.language.rule_set import RuleSet
from rules.language.steps import Step


def company_flaws(rule_set: RuleSet, step: Step, path: Path) -> Flaws:
    """Yield the flaws in what the company is told at a step."""
    if step.company is not None:
        yield from _facts(rule_set, step, step.company, (*path, "company", "facts"))
        yield from _notes(rule_set, step.company, (*path, "company"))
        yield from _consent(rule_set, step, step.company, (*path, "company"))


def _facts(rule_set: RuleSet, step: Step, told: CompanyTold, path: Path) -> Flaws:
    facts = facts_by_name(rule_set)
    for number, name in enumerate(told.facts):
        yield from own_fact(rule_set, step, name, None, (*path, number), "tells")
        if name in facts and facts[name].sensitivity is not Sensitivity.ORDINARY:
            yield (*path, number), phrase("told-sensitive", name=name)


def _notes(rule_set: RuleSet, told: CompanyTold, path: Path) -> Flaws:
    kinds = {*NOTE_KINDS, *(kind.id for kind in rule_set.note_kinds)} - {QUESTION}
    for key, listed in (("notes", told.notes), ("considerations", told.considerations)):
        for number, kind in enumerate(listed):
            yield from unknown_name(phrase("noun-note-kind"), kind, kinds, (*path, key, number))
    for number, kind in enumerate(told.notes):
        if rule_set.kept(kind).sensitivity is Sensitivity.SPECIAL:
            yield (*path, "notes", number), phrase("told-without-consent", name=kind)


def _consent(rule_set: RuleSet, step: Step, told: CompanyTold, path: Path) -> Flaws:
    if told.consent is None:
        if told.considerations or told.given:
            yield path, phrase("consent-unnamed")
        return
    yield from own_fact(rule_set, step, told.consent, FactType.ENUM, (*path, "consent"), "tells")
    declared = facts_by_name(rule_set).get(told.consent)
    values = {value.id for value in declared.values} if declared is not None else set(told.given)
    for number, value in enumerate(told.given):
        yield from unknown_name(phrase("noun-value", fact=told.consent), value, values, (*path, "given", number))
