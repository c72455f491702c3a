"""The fields of a form: made of what the rules declare, and read back as the API takes them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from domain.state.facts import FactValue
from rules.language.facts import FactDeclaration, FactType
from wording.labels import Labels

WAS: Final = ".was"
"""How the name of what a field held ends when the form was made: what is not touched is not reported."""
_FACT: Final = "facts."
_NOTE: Final = "note."
_MOST_CHOICES: Final = 8
_SPARE_ROWS: Final = 2
_WHOLE: Final = re.compile(r"-?[0-9]{1,12}")


class Shape(StrEnum):
    """How a field is filled in."""

    CHOICE = "choice"
    LIST = "list"
    DAY = "date"
    TIME = "time"
    NUMBER = "decimal"
    DIGITS = "numeric"
    WORDS = "words"
    LINE = "line"
    ROWS = "rows"
    TICK = "tick"
    TAPS = "taps"


_SHAPES: Final = {
    FactType.BOOL: Shape.CHOICE,
    FactType.ENUM: Shape.CHOICE,
    FactType.DATE: Shape.DAY,
    FactType.TIME: Shape.TIME,
    FactType.INT: Shape.DIGITS,
    FactType.DECIMAL: Shape.NUMBER,
    FactType.CVR: Shape.DIGITS,
    FactType.P_NUMBER: Shape.DIGITS,
    FactType.SCHEDULE: Shape.ROWS,
}


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to fill in: what stands in it, and what was known when the form was made."""

    name: str
    label: str
    shape: Shape
    value: str = ""
    was: str | None = None
    help: str = ""
    unit: str = ""
    choices: Sequence[tuple[str, str]] = ()
    latest: str = ""
    is_needed: bool = False

    @property
    def id(self) -> str:
        """The id by which labels and errors point at it; of a choice that of the first one."""
        return self.name.replace(".", "-") + ("-0" if self.shape in (Shape.CHOICE, Shape.ROWS) else "")

    @property
    def rows(self) -> Sequence[tuple[str, str]]:
        """The rows of a schedule, and some more to fill in."""
        filled = [(day, amount) for day, _, amount in (row.partition("=") for row in self.value.split())]
        return [*filled, *[("", "")] * _SPARE_ROWS]

    def typed(self, form: Mapping[str, str]) -> "Field":
        """Return the field as somebody filled it in; a tick that is not posted was taken away."""
        if self.shape is Shape.ROWS:
            return replace(self, value=_rows(form, self.name), was=form.get(f"{self.name}{WAS}"))
        is_posted = self.name in form or f"{self.name}{WAS}" in form
        return replace(self, value=form.get(self.name, ""), was=form.get(f"{self.name}{WAS}")) if is_posted else self


def fact_field(fact: FactDeclaration, known: FactValue | None, labels: Labels, *, today: str, anew: bool) -> Field:
    """Return the field of a fact with what is known of it; a choice that is made `anew` has none."""
    shape = _SHAPES[fact.type]
    ids = (True, False) if fact.type is FactType.BOOL else tuple(value.id for value in fact.values)
    value = "" if known is None or (anew and shape is Shape.CHOICE) else _written(known)
    return Field(
        name=f"{_FACT}{fact.id}",
        label=labels.text(fact.label),
        shape=Shape.LIST if len(ids) > _MOST_CHOICES else shape,
        value=value.replace(".", ",") if shape is Shape.NUMBER and labels.language == "da" else value,
        was=value,
        help=labels.text(fact.help) if fact.help else "",
        unit=labels.catalog.term(fact.unit) if fact.unit else "",
        choices=[(_written(value), labels.value(fact.id, value)) for value in ids],
        latest=today if fact.has_come else "",
    )


def presence_field(fact: FactDeclaration, known: FactValue | None, labels: Labels) -> Field:
    """Return the tick of somebody who was there: set, unless somebody has said no."""
    value = "false" if known is False else "true"
    label = labels.text(fact.label)
    return Field(f"{_FACT}{fact.id}", label, Shape.TICK, "true" if value == "true" else "", was=value)


def note_field(kind: str, labels: Labels) -> Field:
    """Return the field of a kind of note."""
    declared = next((one for one in labels.book.rule_set.note_kinds if one.id == kind), None)
    text = labels.text(declared.help) if declared and declared.help else ""
    return Field(f"{_NOTE}{kind}", labels.note_kind(kind), Shape.WORDS, help=text)


def facts_of(form: Mapping[str, str], labels: Labels) -> dict[str, FactValue]:
    """Return the facts that a form reports: those that somebody filled in or changed, in the form of the API."""
    names = dict.fromkeys(name.removeprefix(_FACT).partition(".")[0] for name in form if name.startswith(_FACT))
    stated = {fact: _stated(fact, form, labels) for fact in names}
    return {fact: value for fact, value in stated.items() if value is not None}


def notes_of(form: Mapping[str, str]) -> dict[str, str]:
    """Return the notes that a form holds, by their kinds."""
    named = {name.removeprefix(_NOTE): text for name, text in form.items() if name.startswith(_NOTE)}
    return {kind: text for kind, text in named.items() if text.strip()}


def _stated(fact: str, form: Mapping[str, str], labels: Labels) -> FactValue | None:
    """Return the value of a fact that somebody gave it, or None; one that the rules cannot read is left to them."""
    name = f"{_FACT}{fact}"
    declared, was = labels.book.declaration(fact), form.get(f"{name}{WAS}")
    kind = declared.type if declared else FactType.ENUM
    typed = (_rows(form, name) if kind is FactType.SCHEDULE else form.get(name, "")).strip()
    if kind is FactType.BOOL and not typed and f"{name}.tick" in form:
        typed = "false"
    if kind is FactType.DECIMAL:
        typed = typed.replace(",", ".")
    if kind in (FactType.CVR, FactType.P_NUMBER):
        typed = typed.replace(" ", "")
    if not typed or typed == was:
        return None
    if kind is FactType.BOOL and typed in ("true", "false"):
        return typed == "true"
    return int(typed) if kind is FactType.INT and _WHOLE.fullmatch(typed) else typed


def _rows(form: Mapping[str, str], name: str) -> str:
    """Return the rows of a schedule as it is stored; what is wrong with one is for the rules to say."""
    places = [key.removesuffix(".since") for key in form if key.startswith(f"{name}.") and key.endswith(".since")]
    rows = [(form[f"{place}.since"].strip(), form.get(f"{place}.amount", "").strip()) for place in places]
    return " ".join(f"{since}={amount.replace(',', '.')}".replace(" ", "") for since, amount in rows if since or amount)


def _written(value: FactValue) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
