"""Names the statements that contradict each other and so keep a wait open, with both values and sources (P2, P5)."""

from collections.abc import Iterator

from domain.state.course import CourseState
from domain.state.facts import FactOnRecord
from domain.state.waiting import WaitingKind
from rules.engine.book import Book
from rules.engine.compiler import Compiled
from rules.engine.gates import facts_of


def contradictions(
    book: Book, state: CourseState, kind: WaitingKind | None, what: str | None, number: int | None
) -> tuple[FactOnRecord, ...]:
    """Return what is contradicted of the facts on which a missing requirement, or a missing route, depends."""
    visit = state.visit(number) if number is not None else None
    if visit is None:
        return ()
    newest = {other.step: other.number for other in state.visits if not other.withdrawn} | {visit.step: visit.number}
    facts = (fact for condition in _conditions(book, kind, what, visit.step) for fact in facts_of(condition))
    places = dict.fromkeys((fact.fact, fact.step) for fact in facts)
    on_record = (state.on_record(fact, newest.get(step, 0) if step else None) for fact, step in places)
    return tuple(entry for entry in on_record if entry is not None and entry.contradicted_by is not None)


def _conditions(book: Book, kind: WaitingKind | None, what: str | None, step: str) -> Iterator[Compiled | None]:
    if kind is WaitingKind.DECISION and step in book.gates:
        yield from (row.when for row in book.gates[step].rows)
    if kind is WaitingKind.REQUIREMENT:
        for gate in book.gates.values():
            for asked in (*gate.leave, *gate.enter, *gate.close):
                if asked.requirement.id == what:
                    yield from (asked.when, asked.must)
