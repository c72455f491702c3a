"""A rule book in words: what its Markdown, its page and the API are made of."""

from datetime import date

from domain.model import Model
from domain.state.verdict import Kind


class Clause(Model):
    """A condition in words: one sentence or, where that is long, what joins the clauses under it."""

    text: str
    parts: tuple["Clause", ...] = ()


class ExampleInWords(Model):
    """An example of the set, by its number from 1."""

    number: int
    text: str


class RequirementInWords(Model):
    """A requirement: who is asked, until when, who is reminded, when a leader hears of it, and its source.

    One that does not block only warns; without `waived_by` nobody may waive it.
    """

    place: str
    id: str
    text: str
    blocks: bool
    who: str
    until: str
    reminded: str
    leader_hears: str
    kind: Kind
    source: str
    when: Clause | None
    must: Clause
    missing: str
    refused_when: Clause | None
    instead: str | None
    waived_by: str | None
    examples: tuple[ExampleInWords, ...]


class StepInWords(Model):
    """A step: what it asks, where it leads, and what else is done at it; `examples` are those of no requirement."""

    place: int
    id: str
    label: str
    requirements: tuple[RequirementInWords, ...]
    ways: tuple[str, ...]
    story: str | None
    company: tuple[str, ...]
    calls: tuple[str, ...]
    measure: str | None
    examples: tuple[ExampleInWords, ...]


class NumberRow(Model):
    """What a number is from a day on, and for whom."""

    value: str
    since: date
    groups: str


class NumberInWords(Model):
    """A number with its values by date and target group, and which day decides the value that counts."""

    id: str
    label: str
    kind: Kind
    dated_by: str
    source: str
    rows: tuple[NumberRow, ...]


class KeptInWords(Model):
    """A fact or a kind of note: who reports it, how carefully it is shown, what for and by which law it is kept."""

    id: str
    label: str
    reporters: str
    sensitivity: str
    purpose: str | None
    legal_basis: str | None


class KeptGroup(Model):
    """What is kept of the whole course, of a step, or in notes."""

    label: str
    kept: tuple[KeptInWords, ...]


class Row(Model):
    """Something by its name, and what is said of it."""

    name: str
    text: str


class BookInWords(Model):
    """A whole rule set in the words of one language.

    `principles` hold in every set, and `reminding` is how the reminders of every set are counted.
    """

    id: str
    version: str
    sha256: str
    title: str
    valid_from: date
    draft: bool
    description: str
    notes: str | None
    clarifying: str | None
    principles: tuple[str, ...]
    reminding: tuple[str, ...]
    steps: tuple[StepInWords, ...]
    numbers: tuple[NumberInWords, ...]
    kept: tuple[KeptGroup, ...]
    observers: tuple[Row, ...]
    reminders: tuple[Row, ...]
