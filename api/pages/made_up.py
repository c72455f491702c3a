"""The form of a made-up citizen: its fields from the facts of the rule set, and what is typed as the API takes it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import Any, Final

from api.pages.report.entry import Group
from api.pages.report.fields import WAS, Field, Shape, fact_field, facts_of
from domain.identity import Role
from domain.state.facts import QUESTION, FactValue
from domain.state.verdict import TARGET_GROUP
from rules.explain.ways import Asked, ways_to_meet
from rules.language.examples import Circumstances, ExampleNote, Stated
from rules.language.facts import FactDeclaration
from rules.language.steps import Requirement
from wording.labels import Labels

_FACT: Final = "facts."
_NOTE: Final = "notes."
_DAYS: Final = ("started_on", "entered_on", "today")
_OTHER: Final = {Role.CASEWORKER.value: Role.COMPANY_CONSULTANT, Role.COMPANY_CONSULTANT.value: Role.CASEWORKER}


@dataclass(frozen=True)
class MadeUp:
    """A made-up citizen as the form begins: with the whole circumstances of an example, or of nothing but a step."""

    labels: Labels
    base: Circumstances

    @cached_property
    def groups(self) -> Sequence[Group]:
        """The fields that are always shown: days, notes, and the facts of the course and of the step."""
        texts = self.labels.catalog.rule_book
        step = self.base.step or ""
        return [
            Group(texts["the_days"], [self._group_field(), *(self._day(name) for name in _DAYS)]),
            Group(self.labels.step(step), [self._fact(fact) for fact in self._facts if fact.step == step]),
            Group(texts["the_course"], [self._fact(fact) for fact in self._facts if fact.step is None]),
            Group(texts["the_notes"], [self._note(kind, by) for kind, by in self._notes]),
        ]

    @cached_property
    def more(self) -> Sequence[Group]:
        """The facts of other steps that may be stated here, or are stated in the example."""
        others = dict.fromkeys(fact.step for fact in self._facts if fact.step and fact.step != self.base.step)
        return [
            Group(self.labels.step(step), [self._fact(fact) for fact in self._facts if fact.step == step])
            for step in others
        ]

    @property
    def besides(self) -> Sequence[tuple[str, str]]:
        """What the example states in a way that the form cannot: by name, and in words."""
        stated = chain(
            self.base.ahead.items(), self.base.systems.items(), *(facts.items() for facts in self.base.before.values())
        )
        waived = [(self.labels.requirement(name), self.labels.catalog.term("waived")) for name in self.base.waived]
        steps = [(self.labels.step(step), self.labels.catalog.rule_book["going_on"]) for step in self.base.beside]
        return [*((self.labels.fact(name), self._in_words(name, value)) for name, value in stated), *waived, *steps]

    def body(self, form: Mapping[str, str]) -> dict[str, Any]:
        """Return what somebody typed as `POST …/try` takes it."""
        given = {name: form[name] for name in ("step", TARGET_GROUP, *_DAYS) if form.get(name)}
        example = form.get("example", "")
        written = self._written(form)
        return {
            **given,
            **({"example": int(example)} if example.isdecimal() else {}),
            "facts": facts_of(form, self.labels),
            "without": [name for name, value in self._shown(form) if not value and form.get(f"{_FACT}{name}{WAS}")],
            "notes": written,
            "without_notes": sorted({note.note for note in self.base.notes}),
        }

    def _shown(self, form: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        """Yield the facts that the form shows with what is typed, rows of a schedule joined."""
        for field in self._fields:
            if field.name.startswith(_FACT):
                yield field.name.removeprefix(_FACT), field.typed(form).value

    def _written(self, form: Mapping[str, str]) -> list[dict[str, Any]]:
        """Return the notes that are ticked; those of the example are as many as it has."""
        notes: list[dict[str, Any]] = []
        for kind, by in self._notes:
            if form.get(f"{_NOTE}{kind}.{by}"):
                kept = [note for note in self.base.notes if (note.note, note.by) == (kind, by)]
                notes += [_sent(note) for note in kept] or [_new(kind, by)] * self._notes[kind, by]
        return notes

    @cached_property
    def _fields(self) -> Sequence[Field]:
        return [field for group in (*self.groups, *self.more) for field in group.fields]

    @cached_property
    def _facts(self) -> Sequence[FactDeclaration]:
        """The facts that may be stated at the step, and those of the example."""
        book, step = self.labels.book, self.base.step or ""
        observed, stated = book.observes(step), {self._declared(name).id for name in self.base.facts}
        return [
            fact
            for fact in book.rule_set.facts
            if fact.id != TARGET_GROUP and (fact.step in (None, step) or fact.id in observed or fact.id in stated)
        ]

    def _declared(self, name: str) -> FactDeclaration:
        declared = self.labels.book.declaration(name)
        assert declared is not None  # noqa: S101 - Examples state what the set declares.
        return declared

    @cached_property
    def _notes(self) -> Mapping[tuple[str, str], int]:
        """The notes that are asked for at the step or before the next ones, and of the example: how many by whom."""
        asked = {(one.id, one.by or Role.CASEWORKER): int(one.at_least or 1) for one in self._asked()}
        found = {(note.note, note.by): 1 for note in self.base.notes}
        return {(kind, str(by)): number for (kind, by), number in {**found, **asked}.items()}

    def _asked(self) -> Iterator[Asked]:
        rules = self.labels.book.rule_set
        for requirement in self._requirements():
            conditions = [requirement.must, *([requirement.when] if requirement.when else [])]
            ways = chain.from_iterable(ways_to_meet(rules, condition) for condition in conditions)
            yield from (one for one in chain.from_iterable(ways) if one.kind == "note")

    def _requirements(self) -> Iterator[Requirement]:
        steps = {step.id: step for step in self.labels.book.rule_set.steps}
        here = steps[self.base.step or ""]
        leads_to = {name for row in here.routes for name in row.to}
        yield from here.requirements
        yield from (asked for name in leads_to for asked in steps[name].requirements)

    def _fact(self, fact: FactDeclaration) -> Field:
        stated = next((value for name, value in self.base.facts.items() if self._declared(name).id == fact.id), None)
        field = fact_field(fact, _last(stated), self.labels, today="", anew=False)
        return replace(field, shape=Shape.LIST) if field.shape is Shape.CHOICE else field

    def _group_field(self) -> Field:
        fact = self._declared(TARGET_GROUP)
        field = fact_field(fact, self.base.target_group, self.labels, today="", anew=False)
        return replace(field, name=TARGET_GROUP, shape=Shape.LIST, was=None, is_needed=True)

    def _day(self, name: str) -> Field:
        day = getattr(self.base, name)
        label = self.labels.catalog.rule_book[name]
        return Field(name, label, Shape.DAY, day.isoformat() if day else "")

    def _note(self, kind: str, by: str) -> Field:
        is_written = any((note.note, note.by) == (kind, by) for note in self.base.notes)
        label = f"{self.labels.note_kind(kind)} ({self.labels.role(Role(by))})"
        ticked = "true" if is_written else ""
        return Field(f"{_NOTE}{kind}.{by}", label, Shape.TICK, ticked, was=ticked)

    def _in_words(self, name: str, stated: Stated) -> str:
        value = _last(stated)
        return "" if value is None else self.labels.value(self._declared(name).id, value)


def _last(stated: Stated | None) -> FactValue | None:
    """Return the value that is stated, or the last of several."""
    return stated[-1].value if isinstance(stated, tuple) else stated


def _sent(note: ExampleNote) -> dict[str, Any]:
    return note.model_dump(exclude_none=True)


def _new(kind: str, by: str) -> dict[str, Any]:
    return {"note": kind, "by": by} | ({"to": _OTHER[by]} if kind == QUESTION else {})
