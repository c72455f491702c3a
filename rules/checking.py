"""Whether a rule set of sound shape also makes sense: names that exist, types that fit, nothing said twice."""

from collections.abc import Iterable, Iterator

from domain.verdict import CLOSING_OUTCOME, TARGET_GROUP
from domain.waiting import WaitingKind
from rules.declarations import COURSE, FactType
from rules.flaws import meant
from rules.locating import Path
from rules.model import RuleSet
from rules.operands import TODAY
from rules.steps import Before, Ladder, Step
from rules.typing_cells import Cells

Found = Iterator[tuple[Path, str]]


def meaning_flaws(rule_set: RuleSet) -> Found:
    """Yield where and what is wrong with the meaning of a rule set."""
    yield from _declared_facts(rule_set)
    yield from _said_twice(rule_set)
    yield from _parameters(rule_set)
    for number, step in enumerate(rule_set.steps):
        yield from _step(rule_set, step, ("steps", number))
    for number, ladder in enumerate(rule_set.ladders):
        yield from _ladder(rule_set, ladder, ("ladders", number))


def _declared_facts(rule_set: RuleSet) -> Found:
    steps = {step.id for step in rule_set.steps}
    facts = {fact.id: fact for fact in rule_set.facts}
    for name in (TARGET_GROUP, CLOSING_OUTCOME):
        fact = facts.get(name)
        if fact is None or fact.scope != COURSE or fact.type is not FactType.ENUM:
            yield ("facts",), f'\'{name}\' is missing; declare it with type = "enum" and scope = "course"'
    for number, fact in enumerate(rule_set.facts):
        if fact.scope != COURSE and fact.scope not in steps:
            words = f"'{fact.scope}' is no step; {meant(fact.scope, {COURSE, *steps})}"
            yield ("facts", number, "scope"), words
        if TODAY in (fact.id, *fact.aliases):
            yield ("facts", number, "id"), f"'{TODAY}' means the date itself; choose another id"


def _said_twice(rule_set: RuleSet) -> Found:
    names = [(("facts", n, "id"), name) for n, fact in enumerate(rule_set.facts) for name in (fact.id, *fact.aliases)]
    requirements = [
        (("steps", n, "requirements", m, "id"), requirement.id)
        for n, step in enumerate(rule_set.steps)
        for m, requirement in enumerate(step.requirements)
    ]
    values = [
        (("facts", n, "values", m, "id"), f"{fact.id}.{value.id}")
        for n, fact in enumerate(rule_set.facts)
        for m, value in enumerate(fact.values)
    ]
    yield from _repeated(names)
    yield from _repeated(values)
    yield from _repeated((("parameters", n, "id"), found.id) for n, found in enumerate(rule_set.parameters))
    yield from _repeated((("steps", n, "id"), step.id) for n, step in enumerate(rule_set.steps))
    yield from _repeated(requirements)
    for number, parameter in enumerate(rule_set.parameters):
        yield from _repeated(
            (("parameters", number, "rows", n), f"{row.valid_from} {group}".strip())
            for n, row in enumerate(parameter.rows)
            for group in row.target_groups or ("",)
        )
    yield from _repeated(
        (("ladders", n), " ".join(filter(None, (ladder.waiting, ladder.step, ladder.requirement))))
        for n, ladder in enumerate(rule_set.ladders)
    )


def _repeated(names: Iterable[tuple[Path, str]]) -> Found:
    seen: set[str] = set()
    for path, name in names:
        if name in seen:
            yield path, f"'{name}' stands here for the second time; remove it or give it another name"
        seen.add(name)


def _parameters(rule_set: RuleSet) -> Found:
    cells = Cells(rule_set)
    groups = {value.id for fact in rule_set.facts if fact.id == TARGET_GROUP for value in fact.values}
    for number, parameter in enumerate(rule_set.parameters):
        path = ("parameters", number)
        yield from cells.dating(parameter.dated_by, (*path, "dated_by"))
        for row_number, row in enumerate(parameter.rows):
            for group in row.target_groups:
                if group not in groups:
                    words = f"'{group}' is no target group; {meant(group, groups)}"
                    yield (*path, "rows", row_number, "target_groups"), words


def _step(rule_set: RuleSet, step: Step, path: Path) -> Found:
    cells = Cells(rule_set)
    facts = {fact.id: fact for fact in rule_set.facts}
    for key, names in (("observes", step.observes), ("begun_by", step.begun_by)):
        for number, name in enumerate(names):
            yield from cells.declared(name, (*path, key, number))
            is_own = name in facts and facts[name].step == step.id
            if name in facts and is_own != (key == "begun_by"):
                words = "a step begins by its own facts" if key == "begun_by" else "a step observes other steps' facts"
                yield (*path, key, number), f"{words}, but '{name}' has scope = \"{facts[name].scope}\""
    for number, requirement in enumerate(step.requirements):
        at = (*path, "requirements", number)
        yield from cells.requirement(requirement, at)
        if requirement.before is Before.ENTER and not _is_entered(rule_set, step):
            yield (*at, "before"), 'no route leads to this step, so nobody would ever ask; write before = "leave"'
    yield from _routes(rule_set, step, path)


def _is_entered(rule_set: RuleSet, step: Step) -> bool:
    return any(step.id in row.to for other in rule_set.steps for row in other.routes)


def _routes(rule_set: RuleSet, step: Step, path: Path) -> Found:
    cells = Cells(rule_set)
    steps = {found.id for found in rule_set.steps}
    for number, row in enumerate(step.routes):
        at = (*path, "routes", number)
        if row.when is not None:
            yield from cells.condition(row.when, (*at, "when"))
        for place, target in enumerate(row.to):
            if target not in steps:
                yield (*at, "to", place), f"'{target}' is no step; {meant(target, steps)}"
            if target in row.to[:place]:
                yield (*at, "to", place), f"'{target}' stands here for the second time; remove it"


def _ladder(rule_set: RuleSet, ladder: Ladder, path: Path) -> Found:
    steps = {step.id for step in rule_set.steps}
    requirements = {requirement.id for step in rule_set.steps for requirement in step.requirements}
    step, requirement = ladder.step, ladder.requirement
    if step is not None and step not in steps:
        yield (*path, "step"), f"'{step}' is no step; {meant(step, steps)}"
    if requirement is not None and requirement not in requirements:
        yield (*path, "requirement"), f"'{requirement}' is no requirement; {meant(requirement, requirements)}"
    if requirement is not None and ladder.waiting is not WaitingKind.REQUIREMENT:
        yield (*path, "requirement"), 'only waiting = "requirement" is about a requirement; remove it'
