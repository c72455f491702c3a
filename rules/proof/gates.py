"""The gate of one step as formulas: the route that is followed, what holds back, and when a visit may advance (P1)."""

from collections.abc import Iterator
from functools import cached_property

from rules.engine.book import Book
from rules.engine.gates import CompiledRequirement, CompiledRow, facts_of
from rules.language.steps import Before, Level
from rules.proof.cells import NOTHING, Cell, Cells, Followed
from rules.proof.logic import Formula


class GateOf:
    """The gate of a step, as one citizen in one view meets it."""

    def __init__(self, book: Book, cells: Cells, *, with_waivers: bool = False) -> None:
        """Take the compiled gates that decide on real courses; `with_waivers` what may be waived may have been."""
        self.book, self.cells, self.view = book, cells, cells.view
        self._with_waivers = with_waivers
        self.step = cells.view.step.id
        self.gate = book.gates[self.step]
        self._logic = cells.logic
        self._ready: dict[int, Formula] = {}

    @cached_property
    def rows(self) -> tuple[Cell, ...]:
        """Return whether each row of the route table matches."""
        return tuple(map(self._row, self.gate.rows))

    def _row(self, row: CompiledRow) -> Cell:
        logic, when = self._logic, self.cells.of(row.when)
        if row.row.close:
            outcome = self.view.fact(row.closing_outcome)
            no = logic.any_of((logic.no(outcome.said), logic.all_of((outcome.known, when.no))))
            return Cell(logic.all_of((outcome.known, when.yes)), no)
        if row.row.stay:
            opened = [self.view.open_beside(step) for step in row.row.to]
            asked = sorted(f"{self.view.name_of(fact.fact)} {fact.step}" for fact in facts_of(row.when))
            used_up = logic.unknown(f"{self.step}/the way to {row.row.to} was followed before, by {asked}")
            stands = logic.any_of((*opened, logic.all_of((used_up, logic.no(self.cells.functions.shown)))))
            return Cell(logic.all_of((logic.no(stands), when.yes)), logic.any_of((stands, when.no)))
        return when

    @cached_property
    def hits(self) -> tuple[Formula, ...]:
        """Return that each row is the first to match, after others that certainly do not."""
        return tuple(
            self._logic.all_of((*(row.no for row in self.rows[:number]), row.yes))
            for number, row in enumerate(self.rows)
        )

    @cached_property
    def gap(self) -> Formula:
        """Return that no row matches, although nothing is unknown."""
        return self._logic.all_of(row.no for row in self.rows)

    def asked(self, number: int) -> Iterator[tuple[CompiledRequirement, Formula]]:
        """Yield what is asked before a row is followed, and when; a step that is joined is not entered."""
        row = self.gate.rows[number].row
        if row.close:
            yield from ((asked, self._logic.true) for gate in self.book.gates.values() for asked in gate.close)
            return
        yield from ((asked, self._logic.constant(value=not row.stay)) for asked in self.gate.leave)
        for step in row.to:
            enters = self._logic.no(self.view.open_beside(step)) if row.join else self._logic.true
            yield from ((asked, enters) for asked in self.book.gates[step].enter)

    def followed(self, number: int | None) -> Followed:
        """Return the steps that are open once a row is followed."""
        if number is None:
            return NOTHING
        row = self.gate.rows[number].row
        return Followed((*row.to, self.step) if row.stay else row.to)

    def holds(self, asked: CompiledRequirement, number: int | None) -> Formula:
        """Return that a requirement holds the visit back while a row, or none, is followed."""
        if asked.requirement.level is not Level.BLOCK:
            return self._logic.false
        return self._logic.all_of((self._logic.no(self.waived(asked)), self.is_open(asked, number)))

    def waived(self, asked: CompiledRequirement) -> Formula:
        """Return that a requirement has been waived, which never is where nobody may."""
        if not self._with_waivers or not asked.requirement.waivers:
            return self._logic.false
        return self.view.waived(asked.requirement.id)

    def is_open(self, asked: CompiledRequirement, number: int | None) -> Formula:
        """Return that what a requirement asks is not there: refused, unmet or unknown, and not certainly unasked."""
        followed = self.followed(number)
        when, must = self.cells.of(asked.when, followed), self.cells.of(asked.must, followed)
        refused = self.cells.of(asked.refused, followed).yes if asked.refused else self._logic.false
        return self._logic.all_of(
            (self._logic.no(when.no), self._logic.any_of((refused, self._logic.no(must.yes)))),
        )

    def held_by(self, number: int) -> dict[CompiledRequirement, Formula]:
        """Return for each requirement of a row that blocks that it holds the visit back."""
        return {
            asked: self._logic.all_of((is_asked, self.holds(asked, number)))
            for asked, is_asked in self.asked(number)
            if asked.requirement.level is Level.BLOCK
        }

    def is_ready(self, number: int) -> Formula:
        """Return that a row is followed and nothing but the informing is missing."""
        if number not in self._ready:
            held = self.held_by(number).values()
            self._ready[number] = self._logic.all_of((self.hits[number], *map(self._logic.no, held)))
        return self._ready[number]

    def settled(self, asked: CompiledRequirement, number: int) -> Formula:
        """Return that a requirement is met, or certainly not asked, as its own two conditions say."""
        followed = self.followed(number)
        return self._logic.any_of((self.cells.of(asked.when, followed).no, self.cells.of(asked.must, followed).yes))

    def blocking(self, number: int) -> Iterator[tuple[CompiledRequirement, Formula]]:
        """Yield every requirement that must be settled before a row is followed, by the words of the set alone.

        Those of leaving where the visit ends, those of entering each step that is not open, those of closing.
        """
        row = self.gate.rows[number].row
        steps = {step.id: step for step in self.book.rule_set.steps}
        wanted = {self.step: Before.LEAVE} if row.to and not row.stay else {}
        for gate in self.book.gates.values():
            for asked in (*gate.leave, *gate.enter, *gate.close):
                before, step = asked.requirement.before, asked.step
                if asked.requirement.level is not Level.BLOCK:
                    continue
                if row.close and before is Before.CLOSE:
                    yield asked, self._logic.true
                if row.to and before is Before.LEAVE and wanted.get(step) is before:
                    yield asked, self._logic.true
                if before is Before.ENTER and step in row.to and step in steps:
                    yield (
                        asked,
                        self._logic.any_of(
                            (self._logic.no(self.view.open_beside(step)), self._logic.constant(value=not row.join))
                        ),
                    )
