"""Checks a municipality's own document as publishing does: its form, what it loses, its examples, and the proof."""

import asyncio
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from threading import Lock
from typing import Final, TypeAlias

from api.http.codes import ApiCode
from api.http.dependencies import Services
from api.http.problems import Issue, expect_no
from domain.calendar import danish_day
from rules.calendar.danish_offices import customary
from rules.calendar.working_time import WorkingTime
from rules.checks.flaws import Flaw, UnreadableError, path_text
from rules.checks.publishing import publishing_flaws
from rules.language.formats import Language
from rules.language.phrases import Phrase
from rules.language.rule_set import RuleSet
from rules.loading.examined import Examined, tried_and_proved
from rules.loading.library import OWN_FILE, Base, shipped_library
from rules.proof.findings import Finding
from rules.proof.proof import Proof
from rules.proving.run_examples import ExampleResult
from wording.flaws import phrase_text


@dataclass(frozen=True)
class Checked:
    """A document that was checked: the set if it can be read, what keeps it from being published, and the report.

    `refused` is what the proof found, with the citizens who show it.
    `unfit` are the later versions of the set it amends which it does not fit.
    """

    rule_set: RuleSet | None
    flaws: tuple[Flaw, ...] = ()
    refused: tuple[tuple[Flaw, Finding], ...] = ()
    differing: tuple[Phrase, ...] = ()
    report: tuple[Phrase, ...] = ()
    unfit: tuple[str, ...] = ()

    @property
    def is_publishable(self) -> bool:
        """Return whether nothing keeps the set from being published."""
        return not self.every_flaw and not self.differing

    @property
    def every_flaw(self) -> tuple[Flaw, ...]:
        """Return what is wrong before anything is proved, and what the proof refused."""
        return (*self.flaws, *(flaw for flaw, _ in self.refused))


async def check(services: Services, municipality: str, toml: str) -> Checked:
    """Return what a document would meet when it is published today; raises StoreAwayError."""
    library = shipped_library()
    try:
        reading = await asyncio.to_thread(library.read_own, toml)
    except UnreadableError as error:
        return Checked(None, error.flaws)
    flaws = await flaws_today(services, municipality, reading.rule_set)
    asked = Examined(reading, *await proved_now(reading.rule_set))
    return Checked(
        reading.rule_set,
        flaws,
        asked.refused,
        asked.differing,
        asked.report,
        tuple(await asyncio.to_thread(lambda: list(_unfit(toml, reading.rule_set)))),
    )


_Examination: TypeAlias = tuple[tuple[ExampleResult, ...], Proof | None]
one_at_a_time: Final = Lock()
"""Held while a set is proved: the solver takes a whole processor."""

_lately_examined: Final = OrderedDict[str, _Examination]()
"""What was examined last, by the hash of the set."""

_MOST: Final = 8


async def proved_now(rules: RuleSet) -> _Examination:
    """Return how the examples of a set come out and what is proved of it, in a thread, so that requests go on."""
    return await asyncio.to_thread(_examination, rules)


def _examination(rules: RuleSet) -> _Examination:
    """Return what examples and proof say of a set, one at a time.

    Who checks a document proposes it next, so that the last ones are kept.
    """
    with one_at_a_time:
        key = rules.sha256
        if key not in _lately_examined:
            _lately_examined[key] = tried_and_proved(rules, WorkingTime(customary()))
        _lately_examined.move_to_end(key)
        while len(_lately_examined) > _MOST:
            _lately_examined.popitem(last=False)
        return _lately_examined[key]


async def flaws_today(services: Services, municipality: str, rules: RuleSet) -> tuple[Flaw, ...]:
    """Return what keeps a set that can be read from being published today."""
    async with services.store.municipality(municipality) as connection:
        versions = await services.rulebooks.versions(connection)
    current = versions.in_force(rules.id, rules.valid_from)
    before = (await services.rulebooks.book(municipality, current.sha256)).rule_set if current else None
    today = danish_day(services.clock.now())
    return tuple(Flaw(OWN_FILE, 1, path_text(path), words) for path, words in publishing_flaws(rules, before, today))


def expect_no_flaws(flaws: tuple[Flaw, ...], differing: tuple[Phrase, ...], language: Language) -> None:
    """Raise ProblemError `rules-flawed` naming each flaw with its line."""
    found = [*((flaw.line, flaw.phrase) for flaw in flaws), *((None, phrase) for phrase in differing)]
    for_each = ((line, phrase_text(phrase, language).removesuffix(".")) for line, phrase in found)
    expect_no(
        Issue(ApiCode.RULES_FLAWED, "toml", {"flaw": text} if line is None else {"line": line, "flaw": text})
        for line, text in for_each
    )


def _unfit(toml: str, rules: RuleSet) -> Iterator[str]:
    library = shipped_library()
    name = library.amended_by(toml)
    for base in library.later_than(name, rules.valid_from) if name else ():
        if not _fits(toml, rules, base):
            yield base.rule_set.version


def _fits(toml: str, rules: RuleSet, base: Base) -> bool:
    try:
        shipped_library().carried_on(toml, rules, rules.version, base)
    except UnreadableError:
        return False
    return True
