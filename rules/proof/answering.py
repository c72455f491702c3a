"""Proves that whoever is asked can answer: a requirement is met by what the roles that are asked may say (P5)."""

from collections.abc import Iterator

from domain.identity import Role
from rules.engine.gates import CompiledRequirement
from rules.language.facts import FactDeclaration
from rules.language.steps import Requirement
from rules.proof.asking import Asking, Judge
from rules.proof.findings import Finding, refuted, undecided
from rules.proof.keeping import asked_at
from rules.proof.logic import Answer, Formula, equal
from rules.proof.openings import path_of
from rules.proof.told import roles_text


def answering_findings(asking: Asking) -> Iterator[Finding]:
    """Yield the requirements of a step that those who are asked cannot meet, whatever they say."""
    for one in asked_at(asking):
        met = asking.cells.of(one.must).yes
        others = [*_said_by_others(asking, one.requirement)]
        found = asking.some(_meeting(one), met, *others)
        if found.answer is Answer.SOME:
            continue
        values = {"name": one.requirement.text, "roles": roles_text(asking.book.rule_set, one.requirement.roles)}
        if asking.none(met, *others).answer is Answer.NONE:
            yield refuted(asking.book.rule_set, path_of(asking, one), "unanswerable", values)
        else:
            yield undecided(path_of(asking, one), "unanswerable", values)


def _meeting(one: CompiledRequirement) -> Judge:
    return lambda decided: one.must.answer(decided.view) is True


def _said_by_others(asking: Asking, requirement: Requirement) -> Iterator[Formula]:
    """Yield that nothing is said here by others than those who are asked."""
    logic, roles = asking.logic, frozenset(requirement.roles)
    for fact in asking.view.facts.values():
        is_of_here = fact.is_ahead or fact.step == asking.step.id
        if is_of_here and not _is_theirs(fact.declaration, roles):
            yield logic.no(fact.said)
    for (_, by), written in asking.view.notes.items():
        if by not in roles:
            yield equal(written, logic.number(0))


def _is_theirs(fact: FactDeclaration, roles: frozenset[Role]) -> bool:
    return not roles.isdisjoint(fact.reporters)
