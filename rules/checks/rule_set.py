"""Checks the meaning of a rule set of sound shape: existing names, fitting types, no duplicates."""

from collections.abc import Iterable, Iterator
from typing import Final

from domain.identity import GATE_ROLES, Role
from domain.state.facts import NOTE_KINDS, Carried
from domain.state.verdict import CLOSING_OUTCOME, TARGET_GROUP, Kind
from rules.checks.call_ins import call_in_flaws
from rules.checks.cell_types import Cells
from rules.checks.company import company_flaws
from rules.checks.examples import example_flaws
from rules.checks.flaws import Flaws, Path, unknown_name
from rules.checks.ladders import ladder_flaws
from rules.checks.measures import clarifying_flaws, measure_flaws
from rules.checks.observers import observer_flaws
from rules.checks.planning import planning_flaws
from rules.checks.publishing import lost_groups
from rules.checks.texts import text_flaws
from rules.engine.operands import TODAY
from rules.language.facts import COURSE, FactDeclaration, FactType
from rules.language.phrases import Phrase, listed, phrase
from rules.language.rule_set import RuleSet
from rules.language.steps import Before, Requirement, Step

_WAIVERS: Final = (*GATE_ROLES, Role.SUPERVISOR)


def meaning_flaws(rule_set: RuleSet) -> Flaws:
    """Yield the flaws in the meaning of a rule set."""
    yield from _declared_facts(rule_set)
    yield from duplicate_names(rule_set)
    yield from _parameters(rule_set)
    yield from _note_kinds(rule_set)
    yield from observer_flaws(rule_set)
    for number, step in enumerate(rule_set.steps):
        yield from _step(rule_set, step, ("steps", number))
    yield from ladder_flaws(rule_set)
    yield from _mappings(rule_set)
    yield from clarifying_flaws(rule_set)
    yield from example_flaws(rule_set)
    yield from text_flaws(rule_set)


def _declared_facts(rule_set: RuleSet) -> Flaws:
    steps = {step.id for step in rule_set.steps}
    facts = {fact.id: fact for fact in rule_set.facts}
    for name in (TARGET_GROUP, CLOSING_OUTCOME):
        fact = facts.get(name)
        if fact is None or fact.scope != COURSE or fact.type is not FactType.ENUM:
            yield ("facts",), phrase("fact-of-engine", name=name)
    for number, fact in enumerate(rule_set.facts):
        yield from unknown_name(phrase("noun-step"), fact.scope, {COURSE, *steps}, ("facts", number, "scope"))
        if TODAY in (fact.id, *fact.aliases):
            yield ("facts", number, "id"), phrase("id-today", name=TODAY)
        if (remedy := _carried_wrongly(fact)) is not None:
            yield ("facts", number, "carried"), remedy


def _carried_wrongly(fact: FactDeclaration) -> Phrase | None:
    """Return the remedy for a fact carried to where it never comes, or is already."""
    if fact.carried is Carried.FIRST and fact.step is not None:
        return phrase("carried-first")
    if fact.carried is Carried.EVERY:
        return phrase("carried-every")
    if fact.carried is Carried.NEXT and fact.step is None:
        return phrase("carried-next")
    return None


def _parameters(rule_set: RuleSet) -> Flaws:
    cells = Cells(rule_set)
    groups = {value.id for fact in rule_set.facts if fact.id == TARGET_GROUP for value in fact.values}
    for number, parameter in enumerate(rule_set.parameters):
        path = ("parameters", number)
        yield from cells.dating(parameter.dated_by, (*path, "dated_by"))
        begins = min(row.valid_from for row in parameter.rows)
        if begins > rule_set.valid_from:
            yield (
                (*path, "rows", 0),
                phrase("number-begins-late", name=parameter.id, begins=begins, day=rule_set.valid_from),
            )
        for row_number, row in enumerate(parameter.rows):
            for group in row.target_groups:
                yield from unknown_name(
                    phrase("noun-target-group"), group, groups, (*path, "rows", row_number, "target_groups")
                )


def _note_kinds(rule_set: RuleSet) -> Flaws:
    for number, kind in enumerate(rule_set.note_kinds):
        if kind.id in NOTE_KINDS:
            yield ("note_kinds", number, "id"), phrase("note-kind-common", name=kind.id)


def _mappings(rule_set: RuleSet) -> Flaws:
    cells, values = Cells(rule_set), _listed(rule_set)
    for number, mapping in enumerate(rule_set.mappings):
        yield from cells.declared(mapping.fact, ("mappings", number, "fact"), FactType.ENUM)
        possible = values.get(mapping.fact, {mapping.to})
        yield from unknown_name(
            phrase("noun-value", fact=mapping.fact), mapping.to, possible, ("mappings", number, "to")
        )


def amending_flaws(rule_set: RuleSet, amended: RuleSet) -> Flaws:
    """Yield the flaws of the mappings from the values of the amended set, and the values that they leave out.

    A value that the amended set maps itself may be mapped again.
    """
    former = _listed(amended)
    once = {(mapping.fact, mapping.from_) for mapping in amended.mappings}
    for number, mapping in enumerate(rule_set.mappings):
        if (mapping.fact, mapping.from_) not in once:
            what, values_before = phrase("noun-value-amended", fact=mapping.fact), former.get(mapping.fact, set())
            yield from unknown_name(what, mapping.from_, values_before, ("mappings", number, "from"))
    lost = lost_groups(rule_set, amended)
    for number, fact in enumerate(rule_set.facts):
        if fact.id == TARGET_GROUP and lost:
            yield ("facts", number, "values"), phrase("groups-unmapped", names=listed(sorted(lost)))


def _listed(rule_set: RuleSet) -> dict[str, set[str]]:
    """Return the values of each enum."""
    return {fact.id: {value.id for value in fact.values} for fact in rule_set.facts if fact.values}


def _step(rule_set: RuleSet, step: Step, path: Path) -> Flaws:
    cells = Cells(rule_set)
    facts = {fact.id: fact for fact in rule_set.facts}
    for key, names in (("observes", step.observes), ("begun_by", step.begun_by)):
        for number, name in enumerate(names):
            yield from cells.declared(name, (*path, key, number))
            is_own = name in facts and facts[name].step == step.id
            if name in facts and is_own != (key == "begun_by"):
                code = "begun-by-others" if key == "begun_by" else "observes-own"
                yield (*path, key, number), phrase(code, name=name, step=facts[name].scope)
    for number, requirement in enumerate(step.requirements):
        at = (*path, "requirements", number)
        yield from cells.requirement(requirement, at)
        yield from _waivers(requirement, at)
        if requirement.before is Before.ENTER and not _is_entered(rule_set, step):
            yield (*at, "before"), phrase("step-never-entered")
        if requirement.before is Before.CLOSE and not any(row.close for row in step.routes):
            yield (*at, "before"), phrase("step-never-closes")
    yield from planning_flaws(rule_set, step, path)
    yield from measure_flaws(rule_set, step, path)
    yield from company_flaws(rule_set, step, path)
    yield from call_in_flaws(rule_set, step, path)
    yield from _routes(rule_set, step, path)


def _waivers(requirement: Requirement, path: Path) -> Flaws:
    if requirement.kind is Kind.LAW and requirement.waivable_by:
        yield (*path, "waivable_by"), phrase("law-not-waivable")
    for number, role in enumerate(requirement.waivable_by or ()):
        if role not in _WAIVERS:
            yield (*path, "waivable_by", number), phrase("role-waives-nothing", role=role, names=listed(_WAIVERS))


def _is_entered(rule_set: RuleSet, step: Step) -> bool:
    return any(step.id in row.to for other in rule_set.steps for row in other.routes)


def _routes(rule_set: RuleSet, step: Step, path: Path) -> Flaws:
    cells = Cells(rule_set)
    steps = {other.id for other in rule_set.steps}
    for number, row in enumerate(step.routes):
        at = (*path, "routes", number)
        if row.when is not None:
            yield from cells.condition(row.when, (*at, "when"))
        for place, target in enumerate(row.to):
            yield from unknown_name(phrase("noun-step"), target, steps, (*at, "to", place))
            if target in row.to[:place]:
                yield (*at, "to", place), phrase("twice", name=target)
        if row.stay and row.to == (step.id,):
            yield (*at, "to"), phrase("stays-at-itself", step=step.id)


_Named = Iterable[tuple[Path, str]]


def duplicate_names(rule_set: RuleSet) -> Flaws:
    """Yield every place at which a name is written for the second time."""
    for names in _names(rule_set):
        seen: set[str] = set()
        for path, name in names:
            if name in seen:
                yield path, phrase("twice-named", name=name)
            seen.add(name)


def _names(rule_set: RuleSet) -> Iterator[_Named]:
    """Yield the names of each kind of entry with their places."""
    yield [(("facts", n, "id"), name) for n, fact in enumerate(rule_set.facts) for name in (fact.id, *fact.aliases)]
    yield [
        (("facts", n, "values", m, "id"), f"{fact.id}.{name}")
        for n, fact in enumerate(rule_set.facts)
        for m, value in enumerate(fact.values)
        for name in (value.id, *value.aliases)
    ]
    yield [(("parameters", n, "id"), parameter.id) for n, parameter in enumerate(rule_set.parameters)]
    for number, parameter in enumerate(rule_set.parameters):
        yield [
            (("parameters", number, "rows", n), f"{row.valid_from} {group}".strip())
            for n, row in enumerate(parameter.rows)
            for group in row.target_groups or ("",)
        ]
    yield [(("note_kinds", n, "id"), kind.id) for n, kind in enumerate(rule_set.note_kinds)]
    yield from _names_in_steps(rule_set)
    yield [
        (("ladders", n), " ".join(filter(None, (ladder.waiting, ladder.step, ladder.requirement))))
        for n, ladder in enumerate(rule_set.ladders)
    ]
    yield [(("caseloads", n, "role"), caseload.role) for n, caseload in enumerate(rule_set.caseloads)]
    yield [(("mappings", n, "from"), f"{mapping.fact}.{mapping.from_}") for n, mapping in enumerate(rule_set.mappings)]
    yield [(("situations", n, "id"), situation.id) for n, situation in enumerate(rule_set.situations)]
    yield [(("examples", n, "say"), example.say.da) for n, example in enumerate(rule_set.examples)]


def _names_in_steps(rule_set: RuleSet) -> Iterator[_Named]:
    yield [(("steps", n, "id"), step.id) for n, step in enumerate(rule_set.steps)]
    yield [
        (("steps", n, "requirements", m, "id"), requirement.id)
        for n, step in enumerate(rule_set.steps)
        for m, requirement in enumerate(step.requirements)
    ]
    yield [
        (("steps", n, "appointments", m, "id"), planned.id)
        for n, step in enumerate(rule_set.steps)
        for m, planned in enumerate(step.appointments)
    ]
    for n, step in enumerate(rule_set.steps):
        yield [(("steps", n, "call_ins", m, "id"), call.id) for m, call in enumerate(step.call_ins)]
