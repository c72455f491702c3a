"""A made-up citizen told as people would tell of her, in the labels of the set: Danish first, English beside it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from domain.identity import Role
from domain.state.facts import FactValue
from domain.state.verdict import TARGET_GROUP
from domain.state.waiting import WaitingKind
from rules.explain.models import ExplainedValue
from rules.language.examples import Circumstances, Stated, Statement
from rules.language.facts import FactType
from rules.language.formats import labelled, written_number
from rules.language.rule_set import RuleSet
from rules.language.text import Text
from rules.reading.words import WAITS, Words

_BORN: Final = (
    "En borger i målgruppen {group} begyndte forløbet {started} og trinnet {step} {entered}; i dag er {today}",
    "A citizen in the target group {group} began the course on {started} and {step} on {entered}; it is {today}",
)
_MOVED: Final = ("fra {day} er målgruppen {group}", "from {day} the target group is {group}")
_KNOWN: Final = ("Oplyst er {facts}", "Stated is {facts}")
_AHEAD: Final = ("Oplyst på forhånd er {facts}", "Stated ahead is {facts}")
_BEFORE: Final = ("Fra tidligere i forløbet er oplyst {facts}", "From earlier in the course is stated {facts}")
_OTHERWISE: Final = ("Fagsystemet siger noget andet om {facts}", "The case system says otherwise of {facts}")
_NOTES: Final = ("Skrevet er {notes}", "Written is {notes}")
_BY: Final = ("{note} (af {role})", "{note} (by {role})")
_WAIVED: Final = ("En leder har fritaget for {names}", "A supervisor has waived {names}")
_BESIDE: Final = ("Ved siden af er {steps} i gang", "Beside it {steps} is going on")
_NOTHING: Final = ("Intet andet er oplyst", "Nothing else is stated")
_ON: Final = ("{value} (sagt {day})", "{value} (said on {day})")
_FROM: Final = ("{amount} fra {day}", "{amount} from {day}")


def told(rules: RuleSet, citizen: Circumstances) -> Text:
    """Return a citizen in sentences."""
    return Text(da=_sentences(Words(rules, "da"), citizen), en=_sentences(Words(rules, "en"), citizen))


def roles_text(rules: RuleSet, roles: Iterable[Role]) -> Text:
    """Return what a set calls some roles."""
    named = list(roles)
    return Text(da=Words(rules, "da").roles(named), en=Words(rules, "en").roles(named))


def wait_text(kind: WaitingKind) -> Text:
    """Return what a wait is for."""
    return Text(da=WAITS[kind][0], en=WAITS[kind][1])


def _sentences(words: Words, citizen: Circumstances) -> str:
    return ". ".join(words.heading(sentence) for sentence in _told(words, citizen)) + "."


def _told(words: Words, citizen: Circumstances) -> Iterator[str]:
    yield _born(words, citizen)
    before = {name: stated for facts in citizen.before.values() for name, stated in facts.items()}
    facts = {name: stated for name, stated in citizen.facts.items() if name != TARGET_GROUP}
    for form, stated in ((_KNOWN, facts), (_AHEAD, citizen.ahead), (_BEFORE, before), (_OTHERWISE, citizen.systems)):
        if stated:
            yield words.pick(form).format(facts=words.joined(_facts(words, stated)))
    if citizen.notes:
        notes = dict.fromkeys((note.note, note.by.value) for note in citizen.notes)
        said = [words.pick(_BY).format(note=words.note(kind), role=words.role(by)) for kind, by in notes]
        yield words.pick(_NOTES).format(notes=words.joined(said))
    if citizen.waived:
        named = (words.quoted(words.text(words.requirements[name]).rstrip(".")) for name in citizen.waived)
        yield words.pick(_WAIVED).format(names=words.joined(named))
    if citizen.beside:
        steps = words.joined(words.quoted(words.step(step)) for step in citizen.beside)
        yield words.pick(_BESIDE).format(steps=steps)
    yield words.pick(_NOTHING)


def _born(words: Words, citizen: Circumstances) -> str:
    days = {
        name: words.day(day)
        for name, day in (
            ("started", citizen.started_on),
            ("entered", citizen.entered_on),
            ("today", citizen.today),
        )
        if day is not None
    }
    group, step = words.quoted(words.group(citizen.target_group or "")), words.quoted(words.step(citizen.step or ""))
    born = words.pick(_BORN).format(group=group, step=step, **days)
    moves = citizen.facts.get(TARGET_GROUP, ())
    later = [
        words.pick(_MOVED).format(day=words.day(move.on), group=words.quoted(words.group(str(move.value))))
        for move in (moves if isinstance(moves, tuple) else ())
    ]
    return "; ".join((born, *later))


def _facts(words: Words, stated: Mapping[str, Stated]) -> Iterator[str]:
    for name, said in stated.items():
        for one in said if isinstance(said, tuple) else (said,):
            value, day = (one.value, one.on) if isinstance(one, Statement) else (one, None)
            written = _value(words, name, value)
            if day is not None:
                written = words.pick(_ON).format(value=written, day=words.day(day))
            yield words.quoted(labelled(words.fact_label(name), written))


def _value(words: Words, name: str, value: FactValue) -> str:
    fact = words.facts[name]
    subject = ExplainedValue(kind="fact", name=fact.id, unit=fact.unit)
    rows = fact.read(value) if fact.type is FactType.SCHEDULE else None
    if not isinstance(rows, tuple):
        return words.value(subject, value)
    first, last = rows[0], rows[-1]
    shown = (first,) if first[1] == last[1] else rows
    return words.joined(
        words.pick(_FROM).format(amount=written_number(amount, words.language), day=words.day(day))
        for day, amount in shown
    )
