"""A rule set as it is read, made of the loaded set alone, in one language."""

from collections.abc import Iterable
from datetime import date

from api.rulesets.models import (
    AppointmentDeclared,
    AskedRead,
    CallInDeclared,
    CompanyDeclared,
    FactDeclared,
    MeasureDeclared,
    NoteKindDeclared,
    RefusedDeclared,
    RequirementDeclared,
    RuleSetLine,
    RuleSetRead,
    StepDeclared,
    StopDeclared,
    StoryDeclared,
    UnitOfMeasure,
    ValueRead,
)
from api.text.steps import StepRead, steps_read
from domain.state.facts import NEVER_WAIT, QUESTION, Carried, FactValue
from domain.state.observers import ObserverKind
from domain.state.stories import Branch, Worked
from domain.state.verdict import CLOSING_OUTCOME
from infra.documents.rulebooks import RuleSetVersions
from infra.store.registers.rule_sets import OwnRuleSet, RuleSetStatus
from rules.explain.ways import Asked, ways_to_meet
from rules.language.conditions import Condition
from rules.language.facts import FactDeclaration, FactType
from rules.language.planning import CallIn, CompanyTold, StoryAsked
from rules.language.rule_set import RoleNames, RuleSet
from rules.language.steps import Refused, Requirement, Step
from rules.language.text import Text
from wording.labels import Labels


def line(rules: RuleSet, versions: RuleSetVersions, labels: Labels, today: date) -> RuleSetLine:
    """Return one version as lists show it, among all there are."""
    own = versions.own_version(rules)
    current = versions.in_force(rules.id, today)
    status = own.status if own else RuleSetStatus.DRAFT if rules.draft else RuleSetStatus.PUBLISHED
    nobody = dict.fromkeys(OwnRuleSet.model_fields.keys() - {"rule_set_id", "version", "sha256", "valid_from"})
    return RuleSetLine.of(
        *((own,) if own else ()),
        rules,
        **({} if own else nobody),
        title=labels.text(rules.title),
        description=labels.text(rules.description),
        draft=rules.draft,
        is_in_force=current is not None and current.sha256 == rules.sha256,
        is_own=own is not None,
        status=status,
        not_carried_on_to=versions.not_carried_on(own) if own else [],
    )


def read(rules: RuleSet, head: RuleSetLine, labels: Labels) -> RuleSetRead:
    """Return a version in full."""
    writer = _Writer(rules, labels)
    outcomes = next((fact for fact in rules.facts if fact.id == CLOSING_OUTCOME), None)
    return RuleSetRead.of(
        head,
        roles={name: labels.catalog.term(name) for name in RoleNames.model_fields},
        observers={kind: list(rules.observers.reads(kind)) for kind in ObserverKind},
        facts=[writer.fact(fact) for fact in rules.facts],
        note_kinds=writer.note_kinds(),
        outcomes=(writer.values(outcomes) if outcomes else None) or [],
        steps=[writer.step(step) for step in rules.steps],
    )


class _Writer:
    def __init__(self, rules: RuleSet, labels: Labels) -> None:
        self._rules = rules
        self._labels = labels

    def fact(self, fact: FactDeclaration) -> FactDeclared:
        observed_at = [step.id for step in self._rules.steps if not {fact.id, *fact.aliases}.isdisjoint(step.observes)]
        return FactDeclared.of(
            fact,
            label=self._labels.text(fact.label),
            help=self._text(fact.help),
            purpose=self._text(fact.purpose),
            unit=UnitOfMeasure(id=fact.unit, label=self._labels.catalog.term(fact.unit)) if fact.unit else None,
            values=self.values(fact),
            step=self._step(fact.step),
            observed_at=steps_read(observed_at, self._labels),
        )

    def values(self, fact: FactDeclaration) -> list[ValueRead] | None:
        """Return the values of a fact that has a list of them."""
        if fact.type is FactType.BOOL:
            return self._valued(fact.id, (True, False))
        return self._valued(fact.id, (value.id for value in fact.values)) if fact.values else None

    def note_kinds(self) -> list[NoteKindDeclared]:
        helps = {kind.id: kind.help for kind in self._rules.note_kinds}
        return [self._note_kind(kind, helps.get(kind)) for kind in self._labels.book.note_kinds]

    def _note_kind(self, kind: str, help_text: Text | None) -> NoteKindDeclared:
        rule = self._labels.book.note(kind)
        is_material = rule is not None and rule.is_material
        kept = self._rules.kept(kind)
        return NoteKindDeclared(
            id=kind,
            label=self._labels.note_kind(kind),
            help=self._text(help_text),
            is_material=is_material,
            may_wait=not is_material and kind not in NEVER_WAIT,
            needs_addressee=kind == QUESTION,
            is_standing=rule is not None and rule.carried is Carried.EVERY,
            sensitivity=kept.sensitivity,
            purpose=self._text(kept.purpose),
            legal_basis=kept.legal_basis,
        )

    def step(self, step: Step) -> StepDeclared:
        leads_to = dict.fromkeys(target for row in step.routes for target in row.to)
        return StepDeclared.of(
            step,
            label=self._labels.step(step.id),
            requirements=[self._requirement(requirement) for requirement in step.requirements],
            facts=[fact.id for fact in self._rules.facts if fact.step == step.id],
            leads_to=steps_read(leads_to, self._labels),
            may_close=any(row.close for row in step.routes),
            appointments=[
                AppointmentDeclared.of(planned, label=self._labels.text(planned.label)) for planned in step.appointments
            ],
            stop=StopDeclared.of(step.stop) if step.stop else None,
            story=self._story(step.story) if step.story else None,
            company=self._company(step.company) if step.company else None,
            call_ins=[self._call_in(call) for call in step.call_ins],
            measure=MeasureDeclared.of(step.measure) if step.measure else None,
        )

    def _call_in(self, call: CallIn) -> CallInDeclared:
        return CallInDeclared.of(call, label=self._labels.text(call.label), words=self._text(call.words))

    def _company(self, told: CompanyTold) -> CompanyDeclared:
        return CompanyDeclared.of(told, purpose=self._labels.text(told.purpose))

    def _story(self, story: StoryAsked) -> StoryDeclared:
        words = self._labels.catalog.stories
        worked, branches = ([ValueRead(id=one, label=words[one]) for one in listed] for listed in (Worked, Branch))
        return StoryDeclared.of(story, worked=worked, branches=branches)

    def _requirement(self, requirement: Requirement) -> RequirementDeclared:
        return RequirementDeclared.of(
            requirement,
            text=self._labels.text(requirement.text),
            missing=self._labels.requirement_missing(requirement.id),
            reference=requirement.source,
            blocks=self._labels.requirement_blocks(requirement.id),
            is_conditional=requirement.when is not None,
            waivable_by=sorted(requirement.waivers),
            met_by=self._ways(requirement.must),
            refused=self._refused(requirement.refused, requirement) if requirement.refused else None,
        )

    def _refused(self, refused: Refused, requirement: Requirement) -> RefusedDeclared:
        return RefusedDeclared(
            missing=self._labels.text(refused.missing),
            roles=sorted(refused.roles or requirement.roles),
            said_by=self._ways(refused.when),
        )

    def _ways(self, condition: Condition) -> list[list[AskedRead]]:
        return [[self._asked(one) for one in way] for way in ways_to_meet(self._rules, condition)]

    def _asked(self, asked: Asked) -> AskedRead:
        declared = self._labels.book.declaration(asked.id) if asked.kind == "fact" else None
        label = {"fact": self._labels.fact, "note": self._labels.note_kind, "step": self._labels.step}[asked.kind]
        return AskedRead.of(
            asked,
            label=label(asked.id),
            step=self._step(declared.step) if declared else None,
            values=None if asked.values is None else self._valued(asked.id, asked.values),
        )

    def _valued(self, fact: str, values: Iterable[FactValue]) -> list[ValueRead]:
        return [ValueRead(id=value, label=self._labels.value(fact, value)) for value in values]

    def _step(self, step: str | None) -> StepRead | None:
        return StepRead(id=step, label=self._labels.step(step)) if step else None

    def _text(self, text: Text | None) -> str | None:
        return self._labels.text(text) if text else None
