"""The conditions of a rule set as CEL, the Common Expression Language, evaluated by the runtime of those who made it.

CEL has errors and no unknown: an error in what is asked for is absorbed by `&&` and `||` just as unknown is. It is
given the statement that counts, also where nobody may use it, for it knows no contradictions and no bounds.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from cel_expr_python import cel

from domain.state.facts import Audience
from rules.language.conditions import (
    All,
    AnyOf,
    Comparison,
    Condition,
    Derived,
    Not,
    NoteCount,
    OpenBeside,
    Param,
    Presence,
)
from rules.language.rule_set import RuleSet
from rules.language.steps import Parameter
from tests.oracles.judging import Judge, facts_in, type_of
from tests.oracles.statements import Place, is_contradicted, is_null, newest, of_type

_MILLIONTHS: Final = 1_000_000
_NOTHING: Final = "f.nothing_of_this_name"
"""An error, where a function or a parameter has no value."""

_IN_CEL: Final = ("days_between", "length_in_days", "length_as_planned", "days_since")
"""The functions that are written in CEL itself; of the others it is given the value."""

_OF_DAYS: Final = cel.Type.Map(cel.Type.STRING, cel.Type.DYN)
_ENVIRONMENT: Final = cel.NewEnv(
    variables={
        **dict.fromkeys(("f", "d", "said", "reckoned", "dated"), _OF_DAYS),
        "open": cel.Type.List(cel.Type.STRING),
        "notes": cel.Type.List(_OF_DAYS),
        "today": cel.Type.INT,
    }
)


class CelRules:
    """The conditions of one rule set in CEL."""

    def __init__(self, rule_set: RuleSet, judge: Judge) -> None:
        """Take the rules, and the judge who looks up which statement counts."""
        self._facts = {fact.id: fact for fact in rule_set.facts}
        self._parameters = {parameter.id: parameter for parameter in rule_set.parameters}
        self._judge = judge
        self._reckoned = {_name(d): d for d in _derived_in(rule_set) if d.derived not in (*_IN_CEL, "today")}
        self._compiled: dict[str, Any] = {}

    def answer(self, condition: Condition, variables: Any) -> bool | None:
        """Return the answer of CEL, None where it is an error."""
        written = self.written(condition)
        if written not in self._compiled:
            self._compiled[written] = _ENVIRONMENT.compile(written)
        answer = self._compiled[written].eval(variables).value()
        return answer if isinstance(answer, bool) else None

    def written(self, condition: Condition) -> str:  # noqa: PLR0911 - One line for each kind of condition.
        """Return a condition in CEL."""
        match condition:
            case All(all=parts):
                return "(" + " && ".join(map(self.written, parts)) + ")"
            case AnyOf(any=parts):
                return "(" + " || ".join(map(self.written, parts)) + ")"
            case Not(not_=part):
                return f"!{self.written(part)}"
            case NoteCount(note=kind, by=by, at_least=number):
                by_role = f" && {json.dumps(by)} in x.by" if by else ""
                return f"(notes.filter(x, x.kind == {json.dumps(kind)}{by_role}).size() >= {number})"
            case OpenBeside(open=step):
                return f"({json.dumps(step)} in open)"
            case Presence(fact=fact):
                return f"(f.{fact} == true)"
            case comparison:
                return self._comparison(comparison)

    def _comparison(self, asked: Comparison) -> str:
        subject = asked.subject
        if asked.operator == "is_missing":
            return f"(!has(f.{subject}))"
        left = self._derived(subject) if isinstance(subject, Derived) else f"f.{subject}"
        rights = [self._operand(operand, subject) for operand in asked.operands]
        match asked.operator:
            case "is" | "in":
                return f"({left} in [{', '.join(rights)}])"
            case "at_least" | "at_most" | "before" | "after":
                sign = {"at_least": ">=", "at_most": "<=", "before": "<", "after": ">"}[asked.operator]
                return f"({left} {sign} {rights[0]})"
            case _:  # The list is an error where one of the three is; `&&` would absorb it.
                low, high = rights
                return f"([{left}, {low}, {high}].size() == 3 ? {left} >= {low} && {left} <= {high} : false)"

    def _operand(self, operand: Any, subject: str | Derived) -> str:
        if isinstance(operand, Derived):
            return self._derived(operand)
        if isinstance(operand, Param):
            return self._parameter(self._parameters[operand.param], subject)
        return _literal(self._read(subject, operand))

    def _read(self, subject: str | Derived, stored: Any) -> Any:
        if isinstance(subject, str):
            return self._judge.rules.value(subject, stored)
        return of_type(type_of(subject), stored)

    def _parameter(self, parameter: Parameter, subject: str | Derived) -> str:
        """Return the rows as questions, the newest first, those that name the group before all others."""
        day, group = f"dated.{parameter.id}_day", f"dated.{parameter.id}_group"
        rows = sorted(parameter.rows, key=lambda row: (not row.target_groups, -row.valid_from.toordinal()))
        written = _NOTHING
        for row in reversed(rows):
            in_group = f" && {group} in {json.dumps(row.target_groups)}" if row.target_groups else ""
            value = _literal(self._read(subject, row.value))
            written = f"({day} >= {row.valid_from.toordinal()}{in_group} ? {value} : {written})"
        return f"({group} != '' ? {written} : {_NOTHING})" if rows[0].target_groups else written

    def _derived(self, asked: Derived) -> str:
        if asked.derived == "today":
            return "today"
        if asked.derived not in _IN_CEL:
            return f"reckoned[{json.dumps(_name(asked))}]"
        of = ["today" if one == "today" else f"d.{one}" for one in asked.of]
        match asked.derived:
            case "days_between":
                return f"({of[1]} - {of[0]})"
            case "days_since":
                return f"({of[1]} - said.{asked.of[0]})"
            case "length_in_days":
                return f"({of[1]} < {of[0]} ? {_NOTHING} : {of[1]} - {of[0]} + 1)"
            case _:
                return _as_planned(*of)

    def variables(self, place: Place) -> Any:
        """Return what CEL is given of a course as seen from a place."""
        beside = [v.step for v in place.state.open_visits if v.number != place.visit.number]
        values: dict[str, dict[str, Any]] = {"f": {}, "d": {}, "said": {}}
        for fact in self._facts:
            counts = newest(place.statements(fact))
            if counts is not None:
                value = self._judge.rules.value(fact, counts.value)
                sound = value is not None
                values["f"][fact] = _plain(value) if sound else counts.value
                values["d"][fact] = _plain(_first_day(value)) if sound else counts.value
                if sound:
                    values["said"][fact] = counts.occurred_on.toordinal()
        given = {
            **values,
            "reckoned": dict(self._values(place)),
            "dated": dict(self._dates(place)),
            "open": [*beside, *place.followed],
            "notes": [
                {"kind": note.kind, "by": list(note.by_roles)}
                for note in place.state.notes
                if note.audience is Audience.BOTH and note.visit == place.visit.number
            ],
            "today": place.today.toordinal(),
        }
        return _ENVIRONMENT.Activation(given)

    def _values(self, place: Place) -> Iterator[tuple[str, Any]]:
        for name, asked in self._reckoned.items():
            value = self._judge.derived(asked, place)
            if value is not None:
                yield name, _plain(value)

    def _dates(self, place: Place) -> Iterator[tuple[str, Any]]:
        for parameter in self._parameters.values():
            if parameter.dated_by == "wait_began":
                continue
            day = self._judge.dated(parameter, place)
            group = self._judge.group_on(day, place) if any(row.target_groups for row in parameter.rows) else None
            if day is not None:
                yield f"{parameter.id}_day", day.toordinal()
            if group is not None:
                yield f"{parameter.id}_group", group

    def unusable(self, condition: Condition, place: Place) -> set[str]:
        """Return why what a condition reads cannot be used: `null`, `unreadable` or `contradicted`."""
        return set(_reasons(facts_in(condition, self._parameters), place))


def _reasons(facts: Iterable[str], place: Place) -> Iterator[str]:
    for fact in facts:
        statements = place.statements(fact)
        counts = newest(statements)
        if counts is None:
            continue
        if is_contradicted(statements):
            yield "contradicted"
        elif place.known(fact) is None:
            yield "null" if is_null(counts) else "unreadable"


def _as_planned(starts: str, ends: str, started: str, ended: str) -> str:
    since, until = (f"(has({true}) ? {true} : {planned})" for true, planned in ((started, starts), (ended, ends)))
    nothing_came_of_it = f"!has({started}) && has({ended}) && {ended} < {starts}"
    length = f"({until} < {since} ? {_NOTHING} : {until} - {since} + 1)"
    return f"({starts} - {ends} == {starts} - {ends} ? ({nothing_came_of_it} ? 0 : {length}) : {_NOTHING})"


def _plain(value: Any) -> Any:
    """Return a value as CEL compares it: a day as its number, an amount in millionths, hours as they are."""
    if isinstance(value, Decimal):
        return int(value * _MILLIONTHS)
    return value.toordinal() if hasattr(value, "toordinal") else "hours" if isinstance(value, tuple) else value


def _first_day(value: Any) -> Any:
    return next((day for day, hours in value if hours > 0), None) if isinstance(value, tuple) else value


def _literal(value: Any) -> str:
    return json.dumps(_plain(value))


@lru_cache
def _name(asked: Derived) -> str:
    return json.dumps([asked.derived, *(one if isinstance(one, str) else {"param": one.param} for one in asked.of)])


def _derived_in(rule_set: RuleSet) -> Iterator[Derived]:
    for step in rule_set.steps:
        for requirement in step.requirements:
            refused = requirement.refused.when if requirement.refused else None
            for condition in (requirement.when, requirement.must, refused):
                yield from _derived_of(condition)
        for row in step.routes:
            yield from _derived_of(row.when)


def _derived_of(condition: Condition | None) -> Iterator[Derived]:
    parts: Sequence[Condition] = ()
    match condition:
        case All(all=several) | AnyOf(any=several):
            parts = several
        case Not(not_=part):
            parts = (part,)
        case Comparison():
            yield from (side for side in (condition.subject, *condition.operands) if isinstance(side, Derived))
    for part in parts:
        yield from _derived_of(part)
