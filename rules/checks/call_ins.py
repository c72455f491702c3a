"""Checks what a company that calls may say: facts of the step that somebody may report, and words that can wait."""

from domain.identity import GATE_ROLES
from domain.state.facts import NEVER_WAIT, NOTE_KINDS, QUESTION
from rules.checks.cell_types import expected_of, typed
from rules.checks.flaws import Flaws, Path, unknown_name
from rules.checks.planning import facts_by_name, own_fact
from rules.language.facts import FactType
from rules.language.phrases import phrase
from rules.language.planning import CallIn
from rules.language.rule_set import RuleSet
from rules.language.steps import Step


def call_in_flaws(rule_set: RuleSet, step: Step, path: Path) -> Flaws:
    """Yield the flaws in what a company that calls may say at a step."""
    for number, call in enumerate(step.call_ins):
        at = (*path, "call_ins", number)
        yield from _facts(rule_set, step, call, at)
        yield from _note(rule_set, call, (*at, "note"))
        if not call.facts and call.day is None and call.words is None:
            yield at, phrase("call-says-nothing", name=call.id)


def _facts(rule_set: RuleSet, step: Step, call: CallIn, path: Path) -> Flaws:
    facts = facts_by_name(rule_set)
    for name, value in call.facts.items():
        yield from own_fact(rule_set, step, name, None, (*path, "facts", name), "calls")
        declared = facts.get(name)
        if declared is not None and declared.read(value) is None:
            remedy = expected_of(declared).remedy(value)
            words = phrase("no-value-of", value=value, fact=name, type=typed(declared.type), remedy=remedy)
            yield (*path, "facts", name), words
    if call.day is not None:
        yield from own_fact(rule_set, step, call.day, FactType.DATE, (*path, "day"), "calls")
    said = [facts[name] for name in (*call.facts, *([call.day] if call.day else ())) if name in facts]
    if said and set(GATE_ROLES).intersection(*(fact.reporters for fact in said)) == set():
        yield path, phrase("call-unreported", name=call.id)


def _note(rule_set: RuleSet, call: CallIn, path: Path) -> Flaws:
    own = {kind.id: kind for kind in rule_set.note_kinds}
    kinds = {*NOTE_KINDS, *own} - {QUESTION}
    yield from unknown_name(phrase("noun-note-kind"), call.note, kinds, path)
    if call.note in NEVER_WAIT or (call.note in own and own[call.note].material):
        yield path, phrase("call-cannot-wait", name=call.note)
