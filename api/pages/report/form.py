"""The form of a report: what is asked first, then whatever else may be reported, with what is known filled in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from api.courses.commands.facts import FactsBody
from api.courses.commands.notes import NotesBody
from api.http.problems import wrong
from api.pages.forms import read_body
from api.pages.report.asked import Asking, Question
from api.pages.report.entry import EMPTY, PREVIEW, Button, Entry, Group
from api.pages.report.fields import Field, Shape, fact_field, facts_of, note_field, notes_of, presence_field
from api.pages.report.place import Place
from rules.language.facts import FactDeclaration


def report_form(place: Place, about: str | None) -> "ReportForm | None":
    """Return the form of an open visit, None of one that is left."""
    if place.visit is None:
        return None
    asking = Asking(place.course.state, place.book, place.visit, place.course.roles, place.roles)
    return ReportForm(asking, place, about)


@dataclass(frozen=True)
class ReportForm:
    """Makes the form of one visit for one reader, and reads it back."""

    asking: Asking
    place: Place
    about: str | None

    def entry(self) -> Entry:
        """Return the form with what is known filled in."""
        questions = self.asking.questions(self.about)
        groups = [self._group(question) for question in questions]
        asked = {fact for question in questions for fact in question.facts}
        is_there = self._is_held(asked)
        if is_there and self.asking.present:
            groups.append(Group(self._words["who_was_there"], self._presence()))
        taps = self._taps(groups)
        if taps:
            groups = [Group(group.title, [replace(group.fields[0], shape=Shape.TAPS)]) for group in groups]
        here = self.place.address
        visit = self.asking.visit
        return Entry(
            heading=self.place.labels.step(visit.step),
            subject=self.place.subject,
            about=self.about or "",
            action=f"{here}/visits/{visit.number}/report",
            groups=groups,
            buttons=taps
            or [Button(self._words["see_preview"], value=PREVIEW, is_first=False), Button(self._words["save"])],
            more=self._more(asked),
            links=[(self._words["to_the_course"], here)],
        )

    def body(self, form: Mapping[str, str]) -> FactsBody | NotesBody:
        """Return what a form reports as the body of the API; raises ProblemError and RequestValidationError."""
        facts, notes = facts_of(form, self.place.labels), notes_of(form)
        if not facts and not notes:
            raise wrong(EMPTY, "")
        body = {
            "notes": [{"kind": kind, "text": text} for kind, text in notes.items()],
            "visit": self.asking.visit.number,
            **({"acknowledge": form["acknowledge"]} if form.get("acknowledge") else {}),
        }
        if not facts:
            return read_body(NotesBody, body)
        return read_body(FactsBody, {**body, "facts": facts, "occurred_on": form.get("occurred_on") or None})

    @property
    def _words(self) -> Mapping[str, str]:
        return self.place.labels.catalog.pages

    def _group(self, question: Question) -> Group:
        outcomes = self.asking.visit.judgement.outcomes
        asked = question.requirement
        title = self.place.labels.requirement_missing(asked, outcomes.get(asked)) if asked else self._words["what_now"]
        facts = [self._fact(fact, anew=True) for fact in self._declared(question.facts)]
        return Group(title, [*facts, *(note_field(kind, self.place.labels) for kind in question.notes)])

    def _is_held(self, asked: set[str]) -> bool:
        """Whether the step has begun in reality, or the form asks when it did."""
        begun = self.asking.book.begun_by(self.asking.visit.step)
        return any(fact in asked or self.asking.known(fact) is not None for fact in begun)

    def _presence(self) -> list[Field]:
        return [presence_field(fact, self.asking.known(fact.id), self.place.labels) for fact in self.asking.present]

    def _more(self, asked: set[str]) -> list[Group]:
        """Return the other facts that the reader may report, by their steps, and the day on which it happened."""
        facts = [fact for fact in self.asking.reportable if fact.id not in asked and fact not in self.asking.present]
        words, own, ahead = self._words, self.asking.visit.step, dict.fromkeys(fact.step for fact in facts)
        day = Field(
            "occurred_on", words["occurred_on"], Shape.DAY, help=words["occurred_on_help"], latest=self.place.today
        )
        here = [self._fact(fact, anew=False) for fact in facts if fact.step in (None, own)]
        return [
            Group(words["more_to_report"], [*here, day]),
            *(
                Group(
                    self.place.labels.catalog.fill(words["more_of_step"], {"step": self.place.labels.step(step)}),
                    [self._fact(fact, anew=False) for fact in facts if fact.step == step],
                )
                for step in ahead
                if step not in (None, own)
            ),
        ]

    def _taps(self, groups: Sequence[Group]) -> list[Button]:
        """Return a button for each answer, where one choice is all that is asked."""
        fields = [field for group in groups for field in group.fields]
        if len(fields) != 1 or fields[0].shape is not Shape.CHOICE:
            return []
        return [Button(label, fields[0].name, value) for value, label in fields[0].choices]

    def _declared(self, facts: Sequence[str]) -> list[FactDeclaration]:
        return [fact for fact in self.asking.reportable if fact.id in facts]

    def _fact(self, fact: FactDeclaration, *, anew: bool) -> Field:
        field = fact_field(fact, self.asking.known(fact.id), self.place.labels, today=self.place.today, anew=anew)
        return (
            field if field.value or not anew else replace(field, value=self.asking.planned(fact.id, self.place.today))
        )
