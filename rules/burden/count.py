"""Counts what a straight course asks: by step, role and source, in things, reports and acknowledgements."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from domain.calendar import Calendar
from domain.identity import GATE_ROLES, Role
from domain.state.verdict import Kind
from rules.burden.course import Effort, PlayedCourse, Report
from rules.burden.player import play, usual_group
from rules.engine.book import Book
from rules.language.formats import Language
from rules.language.rule_set import RuleSet
from rules.language.steps import Requirement
from rules.language.text import Text
from rules.reading.words import KINDS, Words

_EFFORTS: Final[Mapping[Effort, Text]] = {
    "click": Text(da="ét klik", en="one click"),
    "fed": Text(da="hentes", en="fed"),
    "written": Text(da="skrives", en="written"),
}
_CHOICE: Final = Text(da="Valg af vej", en="Choice of way")
_ASKED: Final = Text(
    da="Det beder et lige forløb om efter {title}, version {version} ({group}):",
    en="What a straight course asks by {title}, version {version} ({group}):",
)
_THINGS: Final = Text(
    da="I alt: ting {things}, indberetninger {reports} ({click} med ét klik, {fed} hentes, {written} skrives)",
    en="In all: things {things}, reports {reports} ({click} by one click, {fed} fed, {written} written)",
)
_OF_ROLE: Final = Text(
    da="{role}: ting {things}, indberetninger {reports}, kvitteringer {acknowledgements}",
    en="{role}: things {things}, reports {reports}, acknowledgements {acknowledgements}",
)


class Line(NamedTuple):
    """One thing that a role reports at a step for one requirement, how often, and what each time costs."""

    step: str
    role: Role
    thing: str
    is_note: bool
    asked: Requirement | None
    effort: Effort
    times: int


@dataclass(frozen=True, slots=True)
class Burden:
    """What a straight course of one target group asks, in the order in which it is asked."""

    group: str
    reports: tuple[Report, ...]
    acknowledgements: Mapping[Role, int]

    @property
    def lines(self) -> tuple[Line, ...]:
        """Return the reports of the same thing for the same requirement as one line."""
        lines: dict[tuple[str, Role, str, bool, str, Effort], Line] = {}
        for r in self.reports:
            key = r.step, r.role, r.thing, r.is_note, r.requirement.id if r.requirement else "", r.effort
            times = lines[key].times + 1 if key in lines else 1
            lines[key] = Line(r.step, r.role, r.thing, r.is_note, r.requirement, r.effort, times)
        return tuple(lines.values())

    def things(self, role: Role | None = None) -> int:
        """Return how many different facts and kinds of notes are asked for, of one role or of all."""
        return len({(r.thing, r.is_note) for r in self.reports if role in (None, r.role)})

    def times(self, role: Role) -> int:
        """Return how often a role reports anything."""
        return sum(report.role is role for report in self.reports)

    def of_kind(self, kind: Kind | None) -> int:
        """Return how many reports the law, the method or the municipality asks for; without a kind, choices of way."""
        return sum((report.requirement.kind if report.requirement else None) is kind for report in self.reports)

    def costing(self, effort: Effort) -> int:
        """Return how many reports cost this much."""
        return sum(report.effort == effort for report in self.reports)


def burden_of(book: Book, calendar: Calendar, group: str | None = None) -> Burden:
    """Return what a straight course asks of the usual target group, or the one named; raises StuckError."""
    group = group or usual_group(book.rule_set)
    course = PlayedCourse(book, calendar, group)
    play(course)
    return Burden(group, tuple(course.reports), dict(course.acknowledgements))


def burden_lines(rules: RuleSet, burden: Burden, language: Language) -> Iterator[str]:
    """Yield the burden as a table in words, step by step, and its sums."""
    words = Words(rules, language)
    head = {"title": words.text(rules.title), "version": rules.version, "group": words.group(burden.group)}
    yield words.text(_ASKED).format(**head)
    for step in rules.steps:
        own = [line for line in burden.lines if line.step == step.id]
        if own:
            yield ""
            yield words.text(step.label)
        for role in dict.fromkeys(line.role for line in own):
            yield f"  {words.heading(words.role(role))}"
            yield from _things(words, [line for line in own if line.role is role])
    yield ""
    sums = {effort: burden.costing(effort) for effort in _EFFORTS}
    yield words.text(_THINGS).format(things=burden.things(), reports=len(burden.reports), **sums)
    sources = [(words.pick(name), burden.of_kind(kind)) for kind, name in KINDS.items()]
    yield "; ".join(f"{name}: {n}" for name, n in [*sources, (words.text(_CHOICE), burden.of_kind(None))])
    for role in dict.fromkeys((*GATE_ROLES, *(report.role for report in burden.reports))):
        given = {"reports": burden.times(role), "acknowledgements": burden.acknowledgements.get(role, 0)}
        yield words.text(_OF_ROLE).format(role=words.heading(words.role(role)), things=burden.things(role), **given)


def _things(words: Words, lines: Iterable[Line]) -> Iterator[str]:
    """Yield a line for each thing: how often, what, what it costs, and its source."""
    for line in lines:
        label = words.note_label(line.thing) if line.is_note else words.fact_label(line.thing)
        yield f"    {line.times:2} × {label} ({words.text(_EFFORTS[line.effort])}) – {_source(words, line.asked)}"


def _source(words: Words, asked: Requirement | None) -> str:
    return f"{words.pick(KINDS[asked.kind])}: {asked.source}" if asked else words.text(_CHOICE)
