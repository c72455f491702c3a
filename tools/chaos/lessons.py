"""What the visits that are over have taught, read from the facts in the journal alone (P13)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tools.chaos.evidence import Row

_P_NUMBER_DIGITS = 10


@dataclass(frozen=True)
class _Statement:
    """What somebody reported of a visit, or ahead of one."""

    fact: str
    value: object
    visit: int | None
    newness: tuple[str, datetime]
    by_system: bool


@dataclass
class Lessons:
    """The statements that outlive their visit and stand; one of a workplace says where it was learned."""

    _statements: dict[str, _Statement] = field(default_factory=dict)

    def read(self, event: Row, detail: Row) -> None:
        """Take an event in."""
        match event["kind"]:
            case "facts_reported":
                self._statements |= {fact["id"]: _statement(fact) for fact in detail["facts"] if _is_lesson(fact)}
            case "fact_retracted":
                self._statements.pop(detail["fact"], None)
            case "visit_withdrawn":
                gone = [name for name, stated in self._statements.items() if stated.visit == event["visit"]]
                for name in gone:
                    del self._statements[name]

    def withheld(self, manifest: Row, over: set[int], read: Mapping[int, Row]) -> Iterator[str]:
        """Yield what the visits that are `over` taught and no version shows as the newest that stands.

        `read` are the last versions of visits that were left by the same command.
        """
        shown = {
            (lesson["visit"], fact["fact"]): fact["value"]
            for lesson in manifest.get("lessons", ())
            for fact in lesson.get("facts", ())
        }
        shown |= {(visit, f["fact"]): f["value"] for visit, own in read.items() for f in own.get("facts", ())}
        for place in sorted({(s.visit, s.fact) for s in self._statements.values() if s.visit in over}, key=str):
            visit, fact = place
            if place not in shown or shown[place] not in self._values(visit, fact):
                yield f"the lesson {fact} of visit {visit}"

    def _values(self, visit: int | None, fact: str) -> list[object]:
        """Return what may count: the newest; any, where sources may contradict or it was reported ahead."""
        stated = [s for s in self._statements.values() if s.fact == fact and s.visit in (visit, None)]
        is_plain = len({(s.visit, s.by_system) for s in stated}) == 1
        newest = max(s.newness for s in stated)
        return [s.value for s in stated if not is_plain or s.newness == newest]


def _is_lesson(fact: Row) -> bool:
    value = fact["value"]
    is_workplace = isinstance(value, str) and len(value) == _P_NUMBER_DIGITS and value.isdigit()
    return bool(fact.get("outlives_visit")) and not is_workplace


def _statement(fact: Row) -> _Statement:
    at = datetime.fromisoformat(fact.get("issued_at") or fact["recorded_at"])
    newness = (fact["occurred_on"], at)
    return _Statement(fact["fact"], fact["value"], fact["visit"], newness, bool(fact.get("by_system")))
