"""Names that stand for two things in one rule set: what is meant by them would depend on who reads."""

from collections.abc import Iterable, Iterator

from rules.checks.flaws import Path
from rules.language.rule_set import RuleSet

_Named = Iterable[tuple[Path, str]]


def said_twice(rule_set: RuleSet) -> Iterator[tuple[Path, str]]:
    """Yield every place at which a name stands for the second time."""
    for names in _names(rule_set):
        seen: set[str] = set()
        for path, name in names:
            if name in seen:
                yield path, f"'{name}' stands here for the second time; remove it or give it another name"
            seen.add(name)


def _names(rule_set: RuleSet) -> Iterator[_Named]:
    """Yield the names of each kind of thing, and where they stand."""
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
    yield [(("mappings", n, "from"), f"{found.fact}.{found.from_}") for n, found in enumerate(rule_set.mappings)]
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
