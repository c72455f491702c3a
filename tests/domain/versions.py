"""Other versions of a rule set: with other numbers, more or less asked in each step, and other facts as content."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import product
from typing import Any, Final

from domain import commands as cmd
from domain.identity import Role
from domain.state.course import CourseState
from domain.state.facts import Carried
from domain.state.verdict import Kind
from rules.engine.book import Book
from rules.language.conditions import Param
from rules.language.facts import FactDeclaration, FactType
from rules.language.rule_set import RuleSet
from rules.language.steps import Before, Level, Parameter, Requirement, Step
from tests.domain.promises import asked_by_law

_TO: Final = {"da": "Til afprøvning."}
Change = Callable[[int], int]
Changes = dict[str, Any]


@dataclass(frozen=True)
class Versions:
    """Versions of one set, between which a course may be moved."""

    books: tuple[Book, ...]

    @cached_property
    def by_hash(self) -> Mapping[str, Book]:
        """Return the versions by their hashes."""
        return {book.reference.sha256: book for book in self.books}

    @cached_property
    def law(self) -> frozenset[str]:
        """Return the requirements of law of any of them."""
        return frozenset().union(*map(asked_by_law, self.books))

    def followed(self, state: CourseState) -> Book:
        """Return the version that a course follows; the first while it follows none."""
        return self.books[0] if state.rules is None else self.by_hash[state.rules.sha256]

    def next_of(self, state: CourseState, kind: Callable[..., Any], what: Mapping[str, Any]) -> Book | None:
        """Return the other version of which a command needs to know."""
        if kind is cmd.RePinCourse:
            return self.by_hash[what["rules"]]
        return self.by_hash[state.rules_next.sha256] if state.rules_next is not None else None

    def re_pins(self, state: CourseState) -> Iterator[dict[str, Any]]:
        """Yield what is said to move a course to each version, now and from the next visit on."""
        if state.rules is not None:
            for at_next_visit, ask_left in product((False, True), repeat=2):
                more = {"instead_of": state.rules.sha256, "at_next_visit": at_next_visit, "ask_left": ask_left}
                yield from ({"rules": sha256, **more} for sha256 in self.by_hash)


@cache
def versions_of(book: Book) -> Versions:
    """Return a set as it is with other versions of it."""
    rules = book.rule_set
    changed = {
        "shorter": _with_numbers(rules, lambda amount: (amount + 1) // 2),
        "longer": _with_numbers(rules, lambda amount: 2 * amount),
        "more": _asking_more(rules),
        "less": _asking_less(rules),
        "other-content": _with_other_content(rules),
    }
    return Versions((book, *(Book(_version(rules, name, changes)) for name, changes in changed.items())))


def _version(rules: RuleSet, name: str, changes: Mapping[str, Any]) -> RuleSet:
    """Return a set of its own, which has its own hash: a copy would keep what was reckoned of the first."""
    fields = {field: getattr(rules, field) for field in RuleSet.model_fields}
    return RuleSet(**{**fields, **changes, "version": name})


def _with_numbers(rules: RuleSet, change: Change) -> Changes:
    """Return a set whose deadlines and reminders have other amounts."""
    read = {amount.param for amount in _amounts(rules) if isinstance(amount, Param)}
    parameters = tuple(_changed(each, change) if each.id in read else each for each in rules.parameters)
    written = json.loads(rules.canonical)
    for requirement in (asked for step in written["steps"] for asked in step.get("requirements", ())):
        _change_literal(requirement.get("deadline"), change)
    for rung in (rung for ladder in written["ladders"] for rung in ladder["rungs"]):
        _change_literal(rung["after"], change)
    return {"parameters": parameters, "steps": written["steps"], "ladders": written["ladders"]}


def _amounts(rules: RuleSet) -> Iterator[Param | int]:
    yield from (asked.deadline.amount for step in rules.steps for asked in step.requirements if asked.deadline)
    yield from (rung.after.amount for ladder in rules.ladders for rung in ladder.rungs)


def _changed(parameter: Parameter, change: Change) -> Parameter:
    rows = (row.model_copy(update={"value": change(int(str(row.value)))}) for row in parameter.rows)
    return parameter.model_copy(update={"rows": tuple(rows)})


def _change_literal(spans: dict[str, Any] | None, change: Change) -> None:
    if spans is not None and isinstance(spans["amount"], int):
        spans["amount"] = change(spans["amount"])


def _asking_more(rules: RuleSet) -> Changes:
    """Return a set that asks one thing more in each step, with a deadline, and notes one that the law asks of all."""
    facts = tuple(_fact(step.id) for step in rules.steps)
    steps = tuple(
        step.model_copy(update={"requirements": (*step.requirements, _asked_too(step), _noted_too(step))})
        for step in rules.steps
    )
    return {"facts": (*rules.facts, *facts), "steps": steps}


def _fact(step: str) -> FactDeclaration:
    both = (Role.CASEWORKER, Role.COMPANY_CONSULTANT)
    declared = {"id": f"more_of_{step}", "type": FactType.BOOL, "label": _TO, "scope": step}
    return FactDeclaration.model_validate({**declared, "reporters": both, "material": False})


def _asked_too(step: Step) -> Requirement:
    return _requirement(f"more_in_{step.id}", step, deadline={"amount": 4, "unit": "working_days", "from": "entered"})


def _noted_too(step: Step) -> Requirement:
    deadline = {"amount": 2, "unit": "calendar_days", "from": "course_start"}
    return _requirement(f"law_in_{step.id}", step, kind=Kind.LAW, level=Level.WARN, deadline=deadline)


def _requirement(name: str, step: Step, **more: Any) -> Requirement:
    written = {"id": name, "text": _TO, "missing": _TO, "source": "Eksempel", "kind": Kind.LOCAL}
    must = {"fact": f"more_of_{step.id}", "is": True}
    return Requirement.model_validate({**written, "roles": (Role.CASEWORKER,), "must": must, **more})


def _asking_less(rules: RuleSet) -> Changes:
    """Return a set that asks in each step neither the first thing that holds it nor the first that only warns."""
    asked = {(s.id, r.level): r.id for s in rules.steps for r in s.requirements[::-1] if r.before is Before.LEAVE}
    gone = frozenset(asked.values())
    steps = tuple(
        step.model_copy(update={"requirements": tuple(r for r in step.requirements if r.id not in gone)})
        for step in rules.steps
    )
    ladders = tuple(ladder for ladder in rules.ladders if ladder.requirement not in gone)
    return {"steps": steps, "ladders": ladders}


def _with_other_content(rules: RuleSet) -> Changes:
    """Return a set in which what was material is not and what taught nothing does, and the other way round."""
    other = {Carried.NO: Carried.NEXT, Carried.NEXT: Carried.NO}
    facts = tuple(
        fact.model_copy(update={"material": not fact.material, "carried": other.get(fact.carried, fact.carried)})
        for fact in rules.facts
    )
    return {"facts": facts}
