"""Proves of whole lives that every course can end, and that none goes round while nobody says anything (P5, P9)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from domain.state.verdict import CLOSING_OUTCOME
from rules.language.rule_set import RuleSet
from rules.language.steps import Step
from rules.proof.asking import Asking, passing
from rules.proof.findings import Finding, refuted, undecided
from rules.proof.logic import Answer, Formula, Solver, equal
from rules.proof.openings import is_of_nobody

Graph = Mapping[str, frozenset[str]]
"""The steps to which each step leads."""


@dataclass(frozen=True)
class Lives:
    """The steps of one set, each with the questions that can be asked of who stands there, all of one logic.

    `closed` are the rows of route tables that nobody can follow, by step and place.
    """

    rules: RuleSet
    askings: Sequence[Asking]
    closed: Collection[tuple[str, int]]

    def findings(self) -> Iterator[Finding]:
        """Yield what a course cannot come out of, what it does by itself, and how it can never end."""
        yield from self._endless()
        yield from self._by_itself()
        yield from self._outcomes()

    def _open_rows(self, step: Step) -> Iterator[int]:
        return (place for place in range(len(step.routes)) if (step.id, place) not in self.closed)

    def _endless(self) -> Iterator[Finding]:
        """Yield the steps from which no way leads to closing."""
        steps = self.rules.steps
        leads = {step.id: {to for place in self._open_rows(step) for to in step.routes[place].to} for step in steps}
        ends = {step.id for step in steps if any(step.routes[place].close for place in self._open_rows(step))}
        while more := {step for step, to in leads.items() if to & ends} - ends:
            ends |= more
        for number, step in enumerate(steps):
            if step.id not in ends:
                yield refuted(self.rules, ("steps", number, "routes"), "endless", {"step": step.label})

    def _by_itself(self) -> Iterator[Finding]:
        """Yield the ways round on which nobody says anything; each round must be one that a single course can go."""
        for number, first in enumerate(self.askings):
            for round_ in self._rounds(first.step.id):
                if min(self._number(step) for step in round_) != number or not self._can_go(round_):
                    continue
                path, values = ("steps", number, "routes"), {"step": first.step.label}
                place = next(place for place in self._silent_rows(first) if round_[0] in first.step.routes[place].to)
                found = first.some(passing(place), first.gate.is_ready(place), *self._silence(first))
                if found.citizen is None:
                    yield undecided(path, "by-itself", values)
                else:
                    yield refuted(self.rules, path, "by-itself", values, found.citizen)
                break

    @cached_property
    def _silent_leads(self) -> Graph:
        return {
            one.step.id: frozenset(to for place in self._silent_rows(one) for to in one.step.routes[place].to)
            for one in self.askings
        }

    def _silent_rows(self, one: Asking) -> list[int]:
        """Return the ways that may be open at a step of which nobody has said anything."""
        ways = (
            place
            for place in self._open_rows(one.step)
            if one.step.routes[place].to and not one.step.routes[place].stay
        )
        quiet = self._silence(one)
        return [place for place in ways if one.none(one.gate.is_ready(place), *quiet).answer is not Answer.NONE]

    def _silence(self, one: Asking, steps: Collection[str] = ()) -> list[Formula]:
        """Return that no person has said anything of a visit or ahead of the next, nor of visits to further steps."""
        logic, facts = one.logic, one.view.facts.values()
        of_steps = {one.step.id, *steps}
        said = [fact for fact in facts if fact.is_ahead or fact.step in of_steps]
        quiet = [logic.no(fact.said) for fact in said if not is_of_nobody(fact.declaration)]
        return [*quiet, *(equal(written, logic.number(0)) for written in one.view.notes.values())]

    def _rounds(self, start: str) -> Iterator[tuple[str, ...]]:
        """Yield the ways from a step back to itself, each by the steps that it comes to, the first one last."""
        ways: list[tuple[str, ...]] = [(to,) for to in sorted(self._silent_leads[start])]
        while ways:
            way = ways.pop()
            if way[-1] == start:
                yield way
                continue
            ways += [(*way, to) for to in sorted(self._silent_leads[way[-1]]) if to not in way]

    def _can_go(self, steps: Sequence[str]) -> bool:
        """Return whether one course may go a whole round; what is said of the course itself is the same all along."""
        solver, targets = Solver(self.askings[0].logic), dict(zip((steps[-1], *steps), steps, strict=False))
        wanted: list[Formula] = []
        for step, to in targets.items():
            one = self.askings[self._number(step)]
            solver.say(*one.view.said, *one.cells.functions.said)
            ways = [one.gate.is_ready(place) for place in self._silent_rows(one) if to in one.step.routes[place].to]
            wanted += [one.logic.any_of(ways), *self._silence(one, steps)]
        return solver.ask(*wanted) is not Answer.NONE

    def _number(self, step: str) -> int:
        return next(number for number, one in enumerate(self.askings) if one.step.id == step)

    def _outcomes(self) -> Iterator[Finding]:
        """Yield the outcomes with which no course can ever be closed."""
        for number, fact in enumerate(self.rules.facts):
            for place, value in enumerate(fact.values if fact.id == CLOSING_OUTCOME else ()):
                answers = self._closings(place)
                path, values = ("facts", number, "values", place), {"outcome": value.label}
                if Answer.UNDECIDED in answers:
                    yield undecided(path, "outcome-never", values)
                elif Answer.SOME not in answers:
                    yield refuted(self.rules, path, "outcome-never", values)

    def _closings(self, outcome: int) -> set[Answer]:
        """Return whether a course can be closed with an outcome from each step; from one is enough."""
        answers = set[Answer]()
        rows = ((one, place, row) for one in self.askings for place, row in enumerate(one.gate.gate.rows))
        for one, place, row in rows:
            if row.row.close:
                is_it = equal(one.view.fact(row.closing_outcome).value, one.logic.number(outcome))
                answers.add(one.some(passing(place), one.gate.is_ready(place), is_it).answer)
            if Answer.SOME in answers:
                return {Answer.SOME}
        return answers
