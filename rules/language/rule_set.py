"""A rule set as one frozen document, identified by the SHA-256 of its canonical JSON (P8)."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Annotated, Final, NamedTuple

from pydantic import Field, PositiveInt

from domain.model import canonical, digest_of
from domain.state.facts import Carried
from domain.state.observers import ObserverKind
from domain.state.verdict import Kind, RulesReference
from rules.language.examples import Example, Situation
from rules.language.facts import FactDeclaration, Sensitivity, ValueId
from rules.language.planning import GateRole
from rules.language.steps import Ladder, Parameter, Step
from rules.language.text import Id, RuleModel, Text, Words, fitting


class NoteKind(RuleModel):
    """A kind of note beside the engine's own: whether it is material, the later briefings that show it, why it is kept.

    One that is `informational` may be written, and no requirement asks for it.
    Without purpose or legal basis it has those of the set's `note_defaults`.
    """

    id: Id
    label: Text
    help: Text | None = None
    material: bool = False
    carried: Carried = Carried.NO
    informational: bool = False
    sensitivity: Sensitivity = Sensitivity.CONFIDENTIAL
    purpose: Text | None = None
    legal_basis: Words | None = None


class NoteDefaults(RuleModel):
    """Why notes may be kept, for the engine's own kinds and for those that say nothing else."""

    purpose: Text
    legal_basis: Words


class RoleNames(RuleModel):
    """What a set calls its roles and kinds of observers, in the middle of a sentence; others keep the common word."""

    caseworker: Text | None = None
    company_consultant: Text | None = None
    mentor: Text | None = None
    unemployment_fund: Text | None = None
    grant_clerk: Text | None = None
    observer: Text | None = None

    @cached_property
    def given(self) -> Mapping[str, Text]:
        """Return the names that the set gives."""
        return {name: text for name in type(self).model_fields if (text := getattr(self, name)) is not None}


class Observing(RuleModel):
    """What one kind of observer reads: facts, kinds of notes and visits to steps, by their ids."""

    reads: tuple[Id, ...] = ()


class Observers(RuleModel):
    """What each kind of observer reads; one of which nothing is said reads only what that person said."""

    mentor: Observing = Observing()
    unemployment_fund: Observing = Observing()
    grant_clerk: Observing = Observing()
    other: Observing = Observing()

    def reads(self, kind: ObserverKind) -> tuple[str, ...]:
        """Return the ids of what a kind of observer reads."""
        observing: Observing = getattr(self, kind.value)
        return observing.reads


class Kept(NamedTuple):
    """How carefully notes of a kind are shown, what for and by which law they are kept."""

    sensitivity: Sensitivity
    purpose: Text | None
    legal_basis: str | None


_OF_OWN_KINDS: Final = {"barrier": Sensitivity.SPECIAL, "opportunity": Sensitivity.ORDINARY}
"""The sensitivity of the engine's own kinds of notes; of the others it is that of words about a citizen."""


class Caseload(RuleModel):
    """How many open courses a person should have in a role at most; above it the supervisors are told."""

    role: GateRole
    at_most: PositiveInt
    source: Words
    kind: Kind


class ValueMapping(RuleModel):
    """Maps a value of a fact in the superseded set to a value in this one."""

    fact: Id
    from_: Words = Field(alias="from")
    to: Words


class RuleSet(RuleModel):
    """A whole rule set. Canonical JSON leaves defaults out, so a default, once published, is for ever.

    `clarifying` are the closing outcomes by which the citizen is clarified.
    """

    id: Annotated[str, fitting(r"[a-z][a-z0-9_-]{0,63}", "set-id")]
    version: Annotated[str, fitting(r"[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}", "version")]
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
    note_defaults: NoteDefaults | None = None
    roles: RoleNames = RoleNames()
    observers: Observers = Observers()
    steps: tuple[Step, ...] = Field(min_length=1)
    ladders: tuple[Ladder, ...] = ()
    caseloads: tuple[Caseload, ...] = ()
    clarifying: tuple[ValueId, ...] = ()
    mappings: tuple[ValueMapping, ...] = ()
    situations: tuple[Situation, ...] = ()
    examples: tuple[Example, ...] = ()

    def kept(self, note_kind: str) -> Kept:
        """Return how carefully notes of a kind are shown, and why they may be kept."""
        declared = next((kind for kind in self.note_kinds if kind.id == note_kind), None)
        default = self.note_defaults
        kept = Kept(
            _OF_OWN_KINDS.get(note_kind, Sensitivity.CONFIDENTIAL),
            default.purpose if default else None,
            default.legal_basis if default else None,
        )
        if declared is None:
            return kept
        return Kept(declared.sensitivity, declared.purpose or kept.purpose, declared.legal_basis or kept.legal_basis)

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
