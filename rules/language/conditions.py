"""Conditions as structured cells, which an expert can read, a form can fill and a proof can use."""

from collections.abc import Iterator
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Discriminator, Field, PositiveInt, Tag, model_validator

from domain.identity import Role
from domain.state.facts import FactValue
from rules.language.phrases import UnfitError
from rules.language.text import Id, RuleModel


class Param(RuleModel):
    """The value of a parameter on the date and for the target group that the parameter names."""

    param: Id


def param_or_literal(value: object) -> str:
    """Return the tag of a literal or a parameter."""
    return "#Param" if isinstance(value, Param | dict) else "#literal"


Source = Annotated[
    Annotated[Id, Tag("#literal")] | Annotated[Param, Tag("#Param")],
    Discriminator(param_or_literal),
]
"""The source of a reckoned value: a fact, `today` or a parameter."""


class Derived(RuleModel):
    """A value reckoned by one of the engine's named functions."""

    derived: str
    of: tuple[Source, ...] = ()


def _kind_of_operand(value: object) -> str:
    if isinstance(value, Param | Derived):
        return f"#{type(value).__name__}"
    if isinstance(value, dict):
        return "#Derived" if "derived" in value else "#Param"
    return "#literal"


Operand = Annotated[
    Annotated[FactValue, Tag("#literal")] | Annotated[Param, Tag("#Param")] | Annotated[Derived, Tag("#Derived")],
    Discriminator(_kind_of_operand),
]

OPERATORS: Final = ("is", "in", "at_least", "at_most", "between", "before", "after", "is_missing")


class Comparison(RuleModel):
    """A fact or a derived value compared with an operand; `between` includes both ends."""

    fact: Id | None = None
    derived: str | None = None
    of: tuple[Source, ...] = ()
    is_: Operand | None = Field(default=None, alias="is")
    in_: Annotated[tuple[Operand, ...], Field(min_length=1)] | None = Field(default=None, alias="in")
    at_least: Operand | None = None
    at_most: Operand | None = None
    between: tuple[Operand, Operand] | None = None
    before: Operand | None = None
    after: Operand | None = None
    is_missing: Literal[True] | None = None

    @model_validator(mode="after")
    def _one_subject_and_one_operator(self) -> Self:
        if (self.fact is None) == (self.derived is None):
            raise UnfitError("fact-or-derived")
        if self.of and self.derived is None:
            raise UnfitError("of-without-derived")
        if sum(operands is not None for operands in self._by_operator.values()) != 1:
            written = (name for name in OPERATORS if name != "is_missing")  # Which is written `answered`.
            raise UnfitError("one-operator", names=tuple(f"'{name}'" for name in written))
        return self

    @property
    def _by_operator(self) -> dict[str, Any]:
        return {
            "is": self.is_,
            "in": self.in_,
            "at_least": self.at_least,
            "at_most": self.at_most,
            "between": self.between,
            "before": self.before,
            "after": self.after,
            "is_missing": self.is_missing,
        }

    @property
    def subject(self) -> str | Derived:
        """Return the id of the fact, or the derived value, that is compared."""
        return self.fact if self.fact is not None else Derived(derived=str(self.derived), of=self.of)

    @property
    def operator(self) -> str:
        """Return the one operator by its name in the file."""
        return next(name for name, operands in self._by_operator.items() if operands is not None)

    @property
    def operands(self) -> tuple[FactValue | Param | Derived, ...]:
        """Return the operands; `is_missing` has none."""
        operands = self._by_operator[self.operator]
        if self.operator == "is_missing":
            return ()
        return operands if isinstance(operands, tuple) else (operands,)


class NoteCount(RuleModel):
    """At least so many notes of a kind, by a role when one is named, were written in the visit."""

    note: Id
    by: Role | None = None
    at_least: PositiveInt = 1


class Presence(RuleModel):
    """A role was present at a step: the bool fact `<role>_at_<step>` of that step is true."""

    present: Role
    at: Id

    @property
    def fact(self) -> str:
        """Return the id of the fact that says so."""
        return f"{self.present}_at_{self.at}"


class OpenBeside(RuleModel):
    """A visit to the step is open beside this one, or will be once the route that is followed has been taken."""

    open: Id


class All(RuleModel):
    """Every part holds."""

    all: tuple["Condition", ...] = Field(min_length=1)


class AnyOf(RuleModel):
    """At least one part holds."""

    any: tuple["Condition", ...] = Field(min_length=1)


class Not(RuleModel):
    """The part does not hold; the opposite of unknown is unknown."""

    not_: "Condition" = Field(alias="not")


_KINDS: Final[dict[str, type[RuleModel]]] = {
    "fact": Comparison,
    "derived": Comparison,
    "note": NoteCount,
    "present": Presence,
    "open": OpenBeside,
    "all": All,
    "any": AnyOf,
    "not": Not,
}


def _kind_of_condition(value: object) -> str:
    if isinstance(value, RuleModel):
        return f"#{type(value).__name__}"
    kinds = (kind for key, kind in _KINDS.items() if isinstance(value, dict) and key in value)
    return f"#{next(kinds, Comparison).__name__}"


Condition = Annotated[
    Annotated[Comparison, Tag("#Comparison")]
    | Annotated[NoteCount, Tag("#NoteCount")]
    | Annotated[Presence, Tag("#Presence")]
    | Annotated[OpenBeside, Tag("#OpenBeside")]
    | Annotated[All, Tag("#All")]
    | Annotated[AnyOf, Tag("#AnyOf")]
    | Annotated[Not, Tag("#Not")],
    Discriminator(_kind_of_condition),
]


def notes_in(condition: Condition) -> Iterator[str]:
    """Yield the kinds of notes that a condition asks for; a negated condition asks for none."""
    match condition:
        case All(all=nested) | AnyOf(any=nested):
            for inner in nested:
                yield from notes_in(inner)
        case NoteCount(note=kind):
            yield kind


TAGGED: Final[dict[str, type[RuleModel]]] = {
    "#Param": Param,
    "#Derived": Derived,
    **{f"#{kind.__name__}": kind for kind in _KINDS.values()},
}
"""The kinds of conditions and operands by their tags; `#` tells a tag from a key where an error is placed."""

for _model in (All, AnyOf, Not):
    _model.model_rebuild()
