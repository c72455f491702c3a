"""A rule set as one frozen document, identified by the SHA-256 of its canonical JSON (P8)."""

from datetime import date
from functools import cached_property
from typing import Annotated

from pydantic import BeforeValidator, Field, PositiveInt

from domain.identity import GATE_ROLES, Role
from domain.model import canonical, digest_of
from domain.state.facts import Carried
from domain.state.verdict import Kind, RulesReference
from rules.language.examples import Example, Situation
from rules.language.facts import FactDeclaration
from rules.language.steps import Ladder, Parameter, Step
from rules.language.text import Id, RuleModel, Text, Words, fitting


class NoteKind(RuleModel):
    """A kind of note beside the engine's own: whether it is material, and the later briefings that show it.

    One that is `informational` may be written, and no requirement asks for it.
    """

    id: Id
    label: Text
    help: Text | None = None
    material: bool = False
    carried: Carried = Carried.NO
    informational: bool = False


def _gate_role(role: object) -> object:
    if role not in GATE_ROLES:
        raise ValueError(f"nobody is asked as '{role}' in a course; use {' or '.join(GATE_ROLES)}")
    return role


class Caseload(RuleModel):
    """How many open courses a person should have in a role at most; above it the supervisors are told."""

    role: Annotated[Role, BeforeValidator(_gate_role)]
    at_most: PositiveInt
    reference: Words
    kind: Kind


class ValueMapping(RuleModel):
    """Maps a value of a fact in the superseded set to a value in this one."""

    fact: Id
    from_: Words = Field(alias="from")
    to: Words


class RuleSet(RuleModel):
    """A whole rule set. Canonical JSON leaves defaults out, so a default, once published, is for ever."""

    id: Annotated[str, fitting(r"[a-z][a-z0-9_-]{0,63}", "write small letters, digits, _ and -, a letter first")]
    version: Annotated[str, fitting(r"[a-zA-Z0-9][a-zA-Z0-9._-]{0,31}", "write it as 1.2 or 2026-07")]
    valid_from: date
    title: Text
    description: Text
    supersedes: Words | None = None
    authors: tuple[Words, ...] = Field(min_length=1)
    approved_by: Words | None = None
    notes: Text | None = None
    draft: bool = False
    facts: tuple[FactDeclaration, ...]
    parameters: tuple[Parameter, ...] = ()
    note_kinds: tuple[NoteKind, ...] = ()
    steps: tuple[Step, ...] = Field(min_length=1)
    ladders: tuple[Ladder, ...] = ()
    caseloads: tuple[Caseload, ...] = ()
    mappings: tuple[ValueMapping, ...] = ()
    situations: tuple[Situation, ...] = ()
    examples: tuple[Example, ...] = ()

    @cached_property
    def canonical(self) -> bytes:
        """Return the canonical JSON in which the set is stored and from which it is read back."""
        return canonical(self.model_dump(mode="json", by_alias=True, exclude_defaults=True))

    @cached_property
    def sha256(self) -> str:
        """Return the SHA-256 of the canonical JSON."""
        return digest_of(self.canonical)

    @cached_property
    def reference(self) -> RulesReference:
        """Return the reference by which courses and decisions name these rules."""
        return RulesReference(id=self.id, version=self.version, sha256=self.sha256)
