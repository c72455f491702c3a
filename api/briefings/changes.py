"""The differences between two versions of what was to be known, by their words (P3).

Both may be of one visit, or the older one of a visit before: then only what every briefing of the course shows is
compared, and the facts of the visit itself are all new.
"""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from uuid import UUID

from api.briefings.since import Difference
from api.journal.statements import StatementIndex
from domain.state.briefing import Correction, Lesson, Manifest, ManifestFact
from domain.state.course import CourseState
from domain.state.facts import Fact, FactValue
from domain.state.verdict import CLOSING_OUTCOME
from wording.corrections import correction_text
from wording.labels import Labels

_Change = tuple[str | None, FactValue | None, FactValue | None]
"""A fact, and from what to what it changed."""


def changes(old: Manifest, new: Manifest, course: CourseState, statements: StatementIndex, labels: Labels) -> list[str]:
    """Return the differences in words alone."""
    return [difference.text for difference in differences(old, new, course, statements, labels)]


def differences(
    old: Manifest, new: Manifest, course: CourseState, statements: StatementIndex, labels: Labels
) -> tuple[Difference, ...]:
    """Return in the reader's language what is different: facts, notes, waivers, and what comes next."""
    writer = _Changes(old, new, course, statements, labels)
    of_the_gate = chain(writer.breaches(), writer.waivers(), writer.disputes(), writer.route(), writer.tasks())
    known = chain(writer.facts(), writer.corrections(), writer.lessons(), writer.notes(), map(Difference, of_the_gate))
    return tuple({difference.text: difference for difference in known}.values())


@dataclass(frozen=True, slots=True)
class _Changes:
    """Puts what differs between two manifests into words."""

    old: Manifest
    new: Manifest
    course: CourseState
    statements: StatementIndex
    labels: Labels

    @property
    def _is_same_visit(self) -> bool:
        return self.old.visit == self.new.visit

    def _say(self, name: str, **values: str) -> str:
        return self.labels.catalog.fill(self.labels.catalog.briefing[name], values)

    def facts(self) -> Iterator[Difference]:
        """Yield the facts whose value is another, those that came and those that went.

        A fact that left the briefing although its statement still counts was not withdrawn, and is left out (P11); what
        is told as a correction is told once.
        """
        stated = (fact for fact in self.course.facts if fact.step != self.old.step)
        old, new = _without_unchanged(self.old.facts, self.new.facts, stated), self.new.facts
        if not self._is_same_visit:
            old, new = self._of_course(old), tuple(self._of_course(new))
        corrected = {(made.fact, _value(made.before), _value(made.after)) for made in self._corrected}
        return self._facts_changed(old, new, corrected)

    def _of_course(self, facts: Iterable[ManifestFact]) -> list[ManifestFact]:
        declared = ((fact, self.labels.book.fact(fact.fact)) for fact in facts)
        return [fact for fact, rule in declared if rule is not None and rule.step is None]

    @property
    def _corrected(self) -> list[Correction]:
        return [made for made in self.new.corrections if made not in self.old.corrections]

    def corrections(self) -> Iterator[Difference]:
        """Yield what a left visit rested on that proved wrong since, and what holds after all."""
        for made in self._corrected:
            change = correction_text(made, self.labels, self.statements.texts)
            yield Difference(self._say("lesson_changed", place=self._place(made.visit), change=change))
        if self._is_same_visit:
            still = {(made.visit, made.fact, made.note) for made in self.new.corrections}
            undone = (made for made in self.old.corrections if (made.visit, made.fact, made.note) not in still)
            for gone in undone:
                fact = self.labels.fact(gone.fact or "")
                yield Difference(self._say("correction_undone", place=self._place(gone.visit), fact=fact))

    def lessons(self) -> Iterator[Difference]:
        """Yield what visits taught otherwise than the older version says, or meanwhile."""
        before = {lesson.visit: lesson.facts for lesson in self.old.lessons}
        after = {lesson.visit: lesson for lesson in self.new.lessons}
        if not self._is_same_visit:
            before[self.old.visit] = self.old.facts
        for number in sorted(before.keys() | after.keys(), reverse=True):
            lesson = after.get(number) or Lesson(visit=number)
            names = {fact.fact for fact in lesson.facts}
            stated = (fact for fact in self.course.facts if fact.visit == number)
            old = _without_unchanged(before.get(number, ()), lesson.facts, stated)
            if number == self.old.visit:
                old = [fact for fact in old if fact.fact in names]
            for of in self._facts_changed(old, lesson.facts):
                place = self._place(number)
                text, label = (self._say("lesson_changed", place=place, change=words) for words in (of.text, of.label))
                yield of._replace(text=text, label=label)

    def _place(self, number: int) -> str:
        """Return what a visit is called: by its step while the course still has it."""
        visit = self.course.visit(number)
        if visit is None:
            return self._say("visit_by_number", visit=str(number))
        return self._say("visit_by_step", step=self.labels.step(visit.step), ordinal=str(visit.ordinal))

    def notes(self) -> Iterator[Difference]:
        """Yield the notes that came, those put in the place of others, and those that were taken back."""
        old, new = list(dict.fromkeys(_notes(self.old))), list(dict.fromkeys(_notes(self.new)))
        came = [note for note in new if note not in old and note in self.statements.notes]
        went = [note for note in old if note not in new and note in self.statements.notes]
        corrected = {self.statements.superseded[note]: note for note in went if note in self.statements.superseded}
        told = {(made.note, made.instead) for made in self._corrected}
        for note in came:
            before = corrected.get(note)
            if (before, note) not in told:
                name, words = ("note_corrected", self._words(before)) if before else ("note_added", None)
                yield self._noted(name, note, words, self._words(note))
        for note in went:
            if (
                (note, None) not in told
                and note in self.statements.taken_back
                and self.statements.superseded.get(note) not in came
            ):
                yield self._noted("note_taken_back", note, self._words(note), None)

    def _noted(self, name: str, note: UUID, before: str | None, after: str | None) -> Difference:
        added = self.statements.notes[note]
        label, by = self.labels.note_kind(added.kind), self.statements.name(added.by)
        text = self._say(name, label=label, text=self._words(note), by=by, before=before or "")
        return Difference(text, f"{label} ({by})", before, after)

    def _words(self, note: UUID) -> str:
        """Return a note's words on one line."""
        text = self.statements.texts.get(note) or self.labels.catalog.briefing["erased"]
        return " ".join(text.split())

    def breaches(self) -> Iterator[str]:
        """Yield what of the law was found not met since, and what was met after all."""
        for came, name, others in (
            ("breach", self.new.breaches, self.old.breaches),
            ("breach_ended", self.old.breaches if self._is_same_visit else (), self.new.breaches),
        ):
            yield from (self._say(came, requirement=self.labels.requirement(one)) for one in name if one not in others)

    def waivers(self) -> Iterator[str]:
        """Yield the requirements that were waived since."""
        for waiver in self.new.waivers:
            if waiver not in self.old.waivers:
                requirement = self.labels.requirement(waiver.requirement)
                yield self._say("waived", requirement=requirement, why=self.labels.catalog.term(waiver.ground))

    def disputes(self) -> Iterator[str]:
        """Yield what was disputed since, and what was settled with a reason."""
        known = {dispute.id: dispute for dispute in self.old.disputes}
        for dispute in self.new.disputes:
            settled_by, words = dispute.ended_by, dispute.ended_because
            if dispute.id not in known:
                name = self.statements.name(dispute.by)
                yield self._say("disputed_anew", version=str(dispute.version), by=name, reason=self._words(dispute.id))
            if settled_by is not None and words is not None and dispute != known.get(dispute.id):
                name = self.statements.name(settled_by)
                yield self._say("settled_anew", version=str(dispute.version), by=name, reason=self._words(words))

    def route(self) -> Iterator[str]:
        """Yield where the same visit goes now, and whether it goes on beside that.

        That a course ends by another outcome is one line, that of the fact, from what to what.
        """
        if not self._is_same_visit:
            return
        before, after = self._goal(self.old), self._goal(self.new)
        if before != after and not self._is_outcome_among_facts():
            yield self._route_changed(before, after)
        if self.new.stays != self.old.stays:
            yield self._say("stays_begun" if self.new.stays else "stays_ended")

    def tasks(self) -> Iterator[str]:
        """Yield what each must do otherwise on the same way, because the rules are others now."""
        if not self._is_same_visit or self.old.route != self.new.route:
            return
        for task in self.new.tasks:
            if task not in self.old.tasks:
                text = self.labels.requirement_missing(task.requirement)
                yield self._say("task_added", role=self.labels.roles(task.roles), task=text)

    def _is_outcome_among_facts(self) -> bool:
        """Whether both versions close the course by an outcome that their facts show."""
        each = ((made.closing, made.facts) for made in (self.old, self.new))
        return all((CLOSING_OUTCOME, ends) in {(fact.fact, fact.value) for fact in facts} for ends, facts in each)

    def _route_changed(self, before: str, after: str) -> str:
        if self.new.closing is not None:
            return self._say("closing", outcome=after)
        if before and after:
            return self._say("route_changed", before=before, after=after)
        return self._say("next", steps=after) if after else self._say("undecided")

    def _goal(self, manifest: Manifest) -> str:
        """Return where a visit goes: the steps, or the outcome by which the course is closed."""
        if manifest.closing is not None:
            return self.labels.outcome(manifest.closing)
        return self.labels.steps(manifest.to or ())

    def _facts_changed(
        self, old: Iterable[ManifestFact], new: Iterable[ManifestFact], told: Container[_Change] = ()
    ) -> Iterator[Difference]:
        before = {fact.fact: fact.value for fact in old}
        after = {fact.fact: fact.value for fact in new}
        for name in sorted(before.keys() | after.keys()):
            was, now = before.get(name), after.get(name)
            if was != now and (name, was, now) not in told:
                words = (None if value is None else self.labels.value(name, value) for value in (was, now))
                yield Difference(self.labels.change(name, was, now), self.labels.fact(name), *words)


def _value(stated: ManifestFact | None) -> FactValue | None:
    return stated.value if stated is not None else None


def _notes(manifest: Manifest) -> Iterator[UUID]:
    """Yield every note that a manifest shows, wherever it shows it."""
    lessons = chain.from_iterable(lesson.notes for lesson in manifest.lessons)
    return chain(manifest.first_notes, lessons, manifest.notes, manifest.knowledge)


def _without_unchanged(
    old: Iterable[ManifestFact], new: Iterable[ManifestFact], stated: Iterable[Fact]
) -> list[ManifestFact]:
    """Return the old facts, without those that left the briefing although their statement still counts."""
    shown = {fact.fact for fact in new}
    unchanged = {(fact.fact, fact.value, fact.occurred_on.isoformat()) for fact in stated}
    return [fact for fact in old if fact.fact in shown or (fact.fact, fact.value, fact.occurred_on) not in unchanged]
