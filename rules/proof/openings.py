"""Proves of each gate that somebody can pass it, in every target group that it is for, by what people report (P5)."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from domain.identity import Role
from domain.state.verdict import TARGET_GROUP
from rules.checks.flaws import Path
from rules.engine.gates import CompiledRequirement
from rules.language.facts import FactDeclaration
from rules.language.phrases import PhraseValue, phrase
from rules.language.rule_set import RuleSet
from rules.language.text import Text
from rules.proof.asking import Asking, passing
from rules.proof.findings import Finding, Question, refuted, undecided
from rules.proof.logic import Answer, Formula, equal
from rules.proof.shown import Decided

_NOBODY: Final = frozenset({Role.SYSTEM, Role.OBSERVER})
"""The reporters whom nobody can ask: another system, and who only follows a course."""


def opening_findings(asking: Asking, number: int) -> Iterator[Finding]:
    """Yield the routes of a step that nobody can follow; `number` is that of the step."""
    for place in range(len(asking.step.routes)):
        yield from _Way(asking, place, ("steps", number, "routes", place)).findings()


class _Way:
    def __init__(self, asking: Asking, place: int, path: Path) -> None:
        self.asking, self.place, self.path = asking, place, path
        self.rules, self.logic = asking.book.rule_set, asking.logic
        self.passes = passing(place)
        self.ready, self.hit = asking.gate.is_ready(place), asking.gate.hits[place]
        self.values: dict[str, PhraseValue] = {"step": asking.step.label, "way": way(asking, place)}

    def findings(self) -> Iterator[Finding]:
        """Yield why the way is open to nobody; else, of whom it is closed without reason."""
        by_people = [
            self.logic.no(fact.said) for fact in self.asking.view.facts.values() if is_of_nobody(fact.declaration)
        ]
        found = self.asking.some(self.passes, self.ready, *by_people)
        if found.decided is None:
            yield from self._why_closed(by_people)
            return
        yield from self._of_groups(found.decided)

    def _is_followed(self, decided: Decided) -> bool:
        return decided.row == self.place

    def _why_closed(self, by_people: Sequence[Formula]) -> Iterator[Finding]:
        if self.asking.some(self.passes, self.ready).answer is Answer.SOME:
            against = self.asking.none(self.ready, *by_people).against
            facts = [f for f in self.asking.view.facts.values() if any(self.logic.no(f.said) is one for one in against)]
            names = tuple(fact.declaration.label for fact in facts)
            yield refuted(self.rules, self.path, "by-nobody", {"names": names, **self.values})
        elif self.asking.none(self.hit).answer is Answer.NONE:
            yield refuted(self.rules, self.path, "never-followed", self.values)
        else:
            yield self._contradicting()

    def _contradicting(self) -> Finding:
        """Return the requirements that cannot all be met, as few as the solver names."""
        met = {self.logic.no(held): asked for asked, held in self.asking.gate.held_by(self.place).items()}
        found = self.asking.none(self.hit, *met)
        if found.answer is not Answer.NONE:
            return undecided(self.path, "ready", self.values)
        names = tuple(
            asked.requirement.text for one, asked in met.items() if any(one is other for other in found.against)
        )
        return refuted(self.rules, self.path, "contradict", {"names": names, **self.values})

    def _of_groups(self, decided: Decided) -> Iterator[Finding]:
        """Yield the target groups for which the way is there and never open, also when somebody came from another.

        Whoever passes in his own group is first judged again in each of the others.
        """
        view = self.asking.view
        values = next(fact.values for fact in self.rules.facts if fact.id == TARGET_GROUP)
        begun, now = view.group_at_start.value, view.group_now.value
        remembers = bool(view.remembered_groups - {"today"})
        for place, group in enumerate(values):
            for earlier, before in enumerate(values) if remembers else [(place, group)]:
                passes = self.passes(self.asking.shown.in_group(decided, group.id, before.id))
                who = (equal(now, self.logic.number(place)), equal(begun, self.logic.number(earlier)))
                if not passes and self.asking.some(self.passes, self.ready, *who).answer is not Answer.SOME:
                    yield from self._closed_to(group.label, "group" if before is group else "moved", who)

    def _closed_to(self, group: Text, question: Question, who: tuple[Formula, ...]) -> Iterator[Finding]:
        found = self.asking.nobody_or_shown(self._is_followed, self.hit, *who)
        if found.answer is Answer.NONE:
            return  # The way is not meant for them.
        if found.citizen is None or self.asking.none(self.ready, *who).answer is not Answer.NONE:
            yield undecided(self.path, question, {"group": group, **self.values})
            return
        citizen = self.asking.least(self._is_followed, found.citizen, self.hit, *who)
        yield refuted(self.rules, self.path, question, {"group": group, **self.values}, citizen)


def closed_ways(rules: RuleSet, found: Iterable[Finding]) -> frozenset[tuple[str, int]]:
    """Return the rows that nobody can follow, by step and place, of all that was found of openings."""
    whole = (one.path for one in found if one.question in ("never-followed", "contradict", "ready"))
    return frozenset((rules.steps[int(path[1])].id, int(path[3])) for path in whole)


def is_of_nobody(fact: FactDeclaration) -> bool:
    """Return whether no person who works on the course may report a fact."""
    return _NOBODY.issuperset(fact.reporters)


def way(asking: Asking, place: int) -> PhraseValue:
    """Return where a row of the route table leads."""
    row = asking.step.routes[place]
    if row.close:
        return phrase("way-closes")
    labels = {step.id: step.label for step in asking.book.rule_set.steps}
    return tuple(labels[step] for step in row.to)


def path_of(asking: Asking, asked: CompiledRequirement) -> Path:
    """Return the place of a requirement in its set."""
    for number, step in enumerate(asking.book.rule_set.steps):
        for place, requirement in enumerate(step.requirements):
            if requirement.id == asked.requirement.id:
                return ("steps", number, "requirements", place)
    return ()
