"""Proves that whoever is asked can answer: a requirement is met by what the roles that are asked may say (P5)."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from domain.identity import Role
from rules.engine.gates import CompiledRequirement
from rules.language.facts import FactDeclaration
from rules.proof.asking import Asking
from rules.proof.findings import Finding, refuted, undecided
from rules.proof.logic import Answer, Formula, equal
from rules.proof.openings import path_of
from rules.proof.shown import Decided
from rules.proof.told import roles_text

Asked = Sequence[CompiledRequirement]


def answering_findings(asking: Asking) -> Iterator[Finding]:
    """Yield the requirements of a step that those who are asked cannot meet, whatever they say."""
    met = {one: asking.cells.of(one.must).yes for one in asking.asked}  # Which names every fact that is asked for.
    by_roles = sorted(met, key=_roles)
    for _, alike in groupby(by_roles, key=_roles):
        asked = [*alike]
        others = [*_said_by_others(asking, frozenset(asked[0].requirement.roles))]
        for one in _unmet(asking, asked, others):
            values = {"name": one.requirement.text, "roles": roles_text(asking.book.rule_set, one.requirement.roles)}
            if asking.none(met[one], *others).answer is Answer.NONE:
                yield refuted(asking.book.rule_set, path_of(asking, one), "unanswerable", values)
            else:
                yield undecided(path_of(asking, one), "unanswerable", values)


def _roles(one: CompiledRequirement) -> list[Role]:
    return sorted(one.requirement.roles)


def _unmet(asking: Asking, asked: Asked, others: Sequence[Formula]) -> Iterator[CompiledRequirement]:
    """Yield the requirements that no citizen shows to be met; one shows many of them, and half as many if none does."""

    def meets(decided: Decided) -> bool:
        return all(one.must.answer(decided.view) for one in asked)

    if asking.some(meets, *(asking.cells.of(one.must).yes for one in asked), *others).answer is Answer.SOME:
        return
    if len(asked) == 1:
        yield asked[0]
        return
    middle = len(asked) // 2
    yield from _unmet(asking, asked[:middle], others)
    yield from _unmet(asking, asked[middle:], others)


def _said_by_others(asking: Asking, roles: frozenset[Role]) -> Iterator[Formula]:
    """Yield that nothing is said here by others than those who are asked."""
    logic = asking.logic
    for fact in asking.view.facts.values():
        is_of_here = fact.is_ahead or fact.step == asking.step.id
        if is_of_here and not _is_theirs(fact.declaration, roles):
            yield logic.no(fact.said)
    for (_, by), written in asking.view.notes.items():
        if by not in roles:
            yield equal(written, logic.number(0))


def _is_theirs(fact: FactDeclaration, roles: frozenset[Role]) -> bool:
    return not roles.isdisjoint(fact.reporters)
