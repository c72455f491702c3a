"""Writes a document out: short words, patterns, defaults and numbers become what the engine knows."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from domain.identity import GATE_ROLES
from rules.checks.flaws import Flaw, unknown_name
from rules.language.facts import COURSE
from rules.language.phrases import phrase
from rules.loading.english import TEXTS_OF
from rules.loading.flat import BESIDE, table_of
from rules.loading.folder import ENGLISH
from rules.loading.numbers import parameter
from rules.loading.reminders import Lengths, Reminders, worded
from rules.loading.short_words import ShortWords
from rules.loading.written import Entry

_DEFAULTS: Final = ("legal_basis", "message", "purpose", "reporters", "since")
_OF_A_FACT: Final = ("legal_basis", "purpose", "reporters")


class WriteOut:
    """Writes one document out, with the names that it uses."""

    def __init__(self, document: Entry, flaws: list[Flaw], amended: Entry | None = None) -> None:
        """Keep the document, the one that it amends, and where flaws are gathered."""
        self._document, self._flaws = document, flaws
        self._amended = amended if amended is not None else Entry({}, document.origin)
        self._defaults, self._named, self._patterns = (
            table_of(document, name, flaws) for name in ("defaults", "conditions", "patterns")
        )
        numbers = {str(number.get("id")): number for number in _entries(document, "parameters")}
        asked = (requirement for step in _entries(document, "steps") for requirement in _entries(step, "requirements"))
        self._requirements = {requirement.get("id") for requirement in asked}
        lengths = Lengths(numbers, flaws)
        self._deadline = lengths.deadline
        self._conditions = ShortWords(self._named, flaws)
        self._reminders = Reminders(self._patterns, lengths, flaws)

    def whole(self) -> Entry:
        """Return the document as the model of a rule set has it; what nothing names is a flaw."""
        for name in self._defaults:
            for _, words in unknown_name(phrase("noun-default"), name, _DEFAULTS, ()):
                self._flaws.append(self._defaults.at(name).flaw(words))
        lists: dict[str, Callable[[Entry], Entry]] = {
            "facts": self._fact,
            "note_kinds": lambda kind: worded(kind, "label", "help", "purpose"),
            "parameters": lambda number: worded(parameter(number, self._defaults, self._flaws), "label"),
            "steps": self._step,
            "ladders": self._reminders.ladder,
            "examples": self._example,
        }
        written = {key: _each(self._document[key], write) for key, write in lists.items() if key in self._document}
        self._unused()
        present = {key: texts for key, texts in TEXTS_OF.items() if key in self._document}
        tables = {k: worded(table_of(self._document, k, self._flaws), *texts) for k, texts in present.items()}
        head = worded(self._document, "title", "description", "notes")
        return head.without("defaults", "conditions", "patterns", ENGLISH).having({**written, **tables})

    def _unused(self) -> None:
        for what, table, used in (
            ("condition", self._named, self._conditions.used),
            ("pattern", self._patterns, self._reminders.used),
        ):
            former = self._amended.get(f"{what}s", {})
            for name in (name for name in table.keys() - used if table[name] is not former.get(name)):
                self._flaws.append(table.at(name).flaw(phrase(f"{what}-unused", name=name)))

    def _fact(self, fact: Entry) -> Entry:
        absent = [name for name in _OF_A_FACT if name in self._defaults and name not in fact]
        fact = fact.having(
            {name: self._defaults[name] for name in absent}, {name: self._defaults.at(name) for name in absent}
        )
        if "scope" not in fact:
            fact = fact.having({"scope": COURSE})
        if "values" in fact:
            values = table_of(fact, "values", self._flaws, '{ yes = "Ja" }')
            fact = fact.having({"values": [_value(values, name) for name in values]})
        return worded(fact, "label", "help", "purpose")

    def _step(self, step: Entry) -> Entry:
        if "message" in self._defaults and "message" not in step:
            step = step.having({"message": self._defaults["message"]}, {"message": self._defaults.at("message")})
        lists: dict[str, Callable[[Entry], Entry]] = {
            "requirements": self._requirement,
            "routes": self._route,
            "appointments": lambda planned: worded(planned, "label"),
            "call_ins": lambda call: worded(call, "label", "words"),
        }
        written = {key: _each(step[key], write) for key, write in lists.items() if key in step}
        if isinstance(company := step.get("company"), Entry):
            written["company"] = worded(company, "purpose")
        return worded(step, "label", "message").having(written)

    def _requirement(self, requirement: Entry) -> Entry:
        requirement = worded(requirement, "text", "missing")
        if isinstance(refused := requirement.get("refused"), Entry):
            requirement = requirement.having({"refused": self._asked(worded(refused, "missing"), "when")})
        if "deadline" in requirement:
            requirement = requirement.having({"deadline": self._deadline(requirement["deadline"])})
        return self._asked(requirement, "when", "must")

    def _example(self, example: Entry) -> Entry:
        """Return an example; one of silence is of the requirement beside which it stands, unless it names a wait."""
        beside, example = example.get(BESIDE), example.without(BESIDE)
        if beside is not None and ("told" in example or "until" in example) and "waiting" not in example:
            example = example.having({"waiting": "requirement", "requirement": beside})
        if beside in self._requirements:
            example = example.having({"shows": beside})
        if "told" in example:
            told = table_of(example, "told", self._flaws, '{ 2026-09-14 = "both" }')
            days = [Entry({"on": on, "who": _who(told[on])}, told.at(on), exact=False) for on in told]
            example = example.having({"told": days})
        return worded(example, "say")

    def _route(self, route: Entry) -> Entry:
        return self._asked(route.without("id"), "when")

    def _asked(self, entry: Entry, *names: str) -> Entry:
        written = self._conditions.written_out
        return entry.having({name: written(entry[name], entry.at(name)) for name in names if name in entry})


def _value(values: Entry, name: str) -> Entry:
    value = values[name]
    if isinstance(value, Entry) and value.exact:
        return worded(value.having({"id": name}), "label")
    return worded(
        Entry({"id": name, "label": value}, values.at(name), {"label": values.at(name)}, exact=False), "label"
    )


def _who(told: Any) -> Any:  # noqa: ANN401 - before and after it is checked
    names = told if isinstance(told, list) else [told]
    return [name for who in names for name in (GATE_ROLES if who == "both" else (who,))]


def _each(entries: Any, write: Callable[[Entry], Entry]) -> Any:  # noqa: ANN401 - as above
    if not isinstance(entries, list):
        return entries
    return [write(entry) if isinstance(entry, Entry) else entry for entry in entries]


def _entries(document: Entry, key: str) -> Iterator[Entry]:
    entries = document.get(key)
    yield from (entry for entry in entries if isinstance(entry, Entry)) if isinstance(entries, list) else ()
