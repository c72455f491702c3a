"""A briefing in words, section by section: the page, the text and the document only render it, and leave nothing out.

What is marked is marked in all three: taken back since, sensitive, or for caseworkers only.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel

from api.briefings.models import BriefingFact, BriefingNote, BriefingRead, LessonRead
from rules.language.facts import Sensitivity
from wording.labels import Labels


class Form(StrEnum):
    """How the lines of a section are set: facts as a table, notes each by itself, other lines as a list."""

    FACTS = "facts"
    NOTES = "notes"
    LINES = "lines"
    REMARK = "remark"
    NEXT = "next"
    TASKS = "tasks"


class Line(BaseModel):
    """One statement; `aside` is who said it and when, or the day it occurred, `below` what belongs to it."""

    text: str
    label: str | None = None
    aside: str = ""
    source: str | None = None
    marks: list[str] = []
    below: list[str] = []


class Section(BaseModel):
    """A heading and its lines; a remark is a heading alone."""

    form: Form
    heading: str
    lines: list[Line] = []


class BriefingSections(BaseModel):
    """What heads a briefing, what is known and what comes next, and at the end what the reader knew already."""

    head: list[Section]
    body: list[Section]
    unchanged: list[Section]


def sections_of(briefing: BriefingRead, labels: Labels) -> BriefingSections:
    """Return a briefing in words, with a section only where there is something."""
    writer = _Writer(briefing, labels)
    return BriefingSections(
        head=_filled(writer.head()),
        body=[*_filled(writer.knowledge()), *writer.folded(), *_filled(writer.of_the_gate()), *writer.what_comes()],
        unchanged=_filled(writer.unchanged()),
    )


def _filled(sections: Iterable[Section]) -> list[Section]:
    return [section for section in sections if section.lines]


@dataclass(frozen=True, slots=True)
class _Writer:
    """Puts the parts of one briefing into words."""

    briefing: BriefingRead
    labels: Labels

    def _say(self, name: str, **values: object) -> str:
        return self.labels.catalog.fill(self.labels.catalog.briefing[name], values)

    def _written(self, text: str | None) -> str:
        return text or self.labels.catalog.briefing["erased"]

    def head(self) -> Iterator[Section]:
        """Yield what heads every briefing, by the rules: its facts stand without their day."""
        facts = [line.model_copy(update={"aside": ""}) for line in self.facts(self.briefing.first_facts)]
        yield Section(form=Form.FACTS, heading="", lines=facts)
        yield Section(form=Form.NOTES, heading="", lines=self.notes(self.briefing.first_notes))

    def facts(self, facts: Iterable[BriefingFact]) -> list[Line]:
        """Return facts with the day on which each occurred."""
        return [
            Line(label=fact.label, text=fact.text, aside=self.labels.day(fact.occurred_on), marks=[*self._fact(fact)])
            for fact in facts
        ]

    def notes(self, notes: Iterable[BriefingNote]) -> list[Line]:
        """Return notes with who wrote each and when, in a former course too."""
        return [
            Line(
                label=note.label[0].upper() + note.label[1:],
                text=self._written(note.text),
                aside=", ".join((note.by_name, self.labels.day(note.at))) + self._former(note),
                marks=[*self._note(note)],
            )
            for note in notes
        ]

    def _former(self, note: BriefingNote) -> str:
        former = note.former
        return "; " + self._say("former", by=former.by_name, on=self.labels.day(former.at)) if former else ""

    def _fact(self, fact: BriefingFact) -> Iterator[str]:
        declared = self.labels.book.declaration(fact.fact)
        if declared is not None and declared.sensitivity is Sensitivity.SPECIAL:
            yield self._say("sensitive")
        yield from self._taken_back(fact)

    def _note(self, note: BriefingNote) -> Iterator[str]:
        if self.labels.book.rule_set.kept(note.kind).sensitivity is Sensitivity.SPECIAL:
            yield self._say("sensitive")
        if not note.is_content:
            yield self._say("caseworkers_only")
        yield from self._taken_back(note)

    def _taken_back(self, entry: BriefingFact | BriefingNote) -> Iterator[str]:
        if entry.taken_back_on:
            yield self._say("taken_back", on=entry.taken_back_on)

    def knowledge(self) -> Iterator[Section]:
        """Yield what visits taught, and what is known of this one and still holds."""
        for lesson in self.briefing.lessons:
            heading = self._lesson(lesson)
            facts, notes = self.facts(lesson.facts), self.notes(lesson.notes)
            yield Section(form=Form.FACTS, heading=heading, lines=facts)
            yield Section(form=Form.NOTES, heading="" if facts else heading, lines=notes)
        still = [note for note in self.briefing.knowledge if not note.is_unchanged]
        yield Section(form=Form.FACTS, heading=self._say("facts"), lines=self.facts(self.briefing.facts))
        yield Section(form=Form.NOTES, heading=self._say("notes"), lines=self.notes(self.briefing.notes))
        yield Section(form=Form.NOTES, heading=self._say("knowledge"), lines=self.notes(still))

    def _lesson(self, lesson: LessonRead) -> str:
        company = lesson.company or lesson.p_number
        where = self._say("lesson_at", company=company, days=lesson.days) if company else lesson.days
        return self._say("lesson", step=lesson.step.label, ordinal=lesson.ordinal, where=where)

    @property
    def _unchanged(self) -> list[BriefingNote]:
        return [note for note in self.briefing.knowledge if note.is_unchanged]

    def folded(self) -> Iterator[Section]:
        """Yield how much is unchanged, which stands at the end."""
        if self._unchanged:
            yield Section(form=Form.REMARK, heading=self._say("folded", count=len(self._unchanged)))

    def unchanged(self) -> Iterator[Section]:
        """Yield what is unchanged, whole."""
        unchanged = self._unchanged
        heading = self._say("unchanged", count=len(unchanged))
        yield Section(form=Form.NOTES, heading=heading, lines=self.notes(unchanged))

    def of_the_gate(self) -> Iterator[Section]:
        """Yield what proved wrong, what of the law was not met, and what was waived, disputed and agreed to meet."""
        lines = {
            "corrections": self._corrections(),
            "breaches": (Line(text=breach.text, source=breach.reference) for breach in self.briefing.breaches),
            "waivers": self._waivers(),
            "disputes": self._disputes(),
            "appointments": self._appointments(),
        }
        for name, each in lines.items():
            yield Section(form=Form.LINES, heading=self._say(name), lines=list(each))

    def _corrections(self) -> Iterator[Line]:
        for made in self.briefing.corrections:
            place = self._say("visit_by_step", step=made.step.label, ordinal=made.ordinal)
            text = self._say("lesson_changed", place=place, change=made.text)
            yield Line(text=text, aside=f"{made.by_name}, {self.labels.day(made.at)}")

    def _waivers(self) -> Iterator[Line]:
        for waiver in self.briefing.waivers:
            why, reason = self.labels.catalog.term(waiver.ground), self._written(waiver.reason)
            ground = self._say("waiver", why=why, reason=reason, by=waiver.by_name, on=self.labels.day(waiver.at))
            yield Line(text=f"{waiver.text} {ground}")

    def _disputes(self) -> Iterator[Line]:
        for dispute in self.briefing.disputes:
            on, ended_on = self.labels.day(dispute.at), self.labels.day(dispute.ended_at or dispute.at)
            said, version = self._written(dispute.reason), dispute.version
            text = self._say("dispute", by=dispute.by_name, on=on, version=version, reason=said)
            name = "dispute_ended" if dispute.ended_because else "dispute_settled"
            ended = self._say(name, by=dispute.ended_by_name, on=ended_on, reason=dispute.ended_because)
            yield Line(text=text, below=[ended] if dispute.ended_at else [])

    def _appointments(self) -> Iterator[Line]:
        for meeting in self.briefing.appointments:
            below = []
            for decline in meeting.declines:
                said = self._say("decline", text=decline.text, by=decline.by_name, on=self.labels.day(decline.at))
                below.append(f"{said}: {decline.note}" if decline.note else said)
            yield Line(text=meeting.text, below=below)

    def what_comes(self) -> Iterator[Section]:
        """Yield where the visit goes, and what each role must do there."""
        yield Section(form=Form.NEXT, heading=self._next())
        for each in self.briefing.tasks:
            heading = self._say("tasks", role=self.labels.role(each.role))
            yield Section(form=Form.TASKS, heading=heading, lines=[Line(text=task.text) for task in each.tasks])

    def _next(self) -> str:
        briefing = self.briefing
        if briefing.closing:
            return self._say("closing", outcome=briefing.closing)
        if not briefing.to:
            return self._say("undecided")
        steps = self.labels.steps(step.id for step in briefing.to)
        return self._say("next_beside" if briefing.stays else "next", steps=steps, step=briefing.step.label)
