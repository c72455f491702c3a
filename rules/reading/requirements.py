"""A requirement in words: who is asked, until when, who is reminded and when a leader hears, and its source."""

from collections.abc import Mapping
from typing import Final

from domain.calendar import TimeUnit
from domain.state.waiting import WaitingKind
from rules.engine.book import Book
from rules.explain.spans import Pair
from rules.language.steps import (
    COURSE_START,
    ENTERED,
    FACT_PREFIX,
    Before,
    CountedFrom,
    Deadline,
    Ladder,
    Level,
    Refused,
    Requirement,
    RouteRow,
    RungRecipient,
    RungRow,
)
from rules.reading.conditions import ConditionWords
from rules.reading.words import Words

_FROM: Final[Mapping[str, Pair]] = {
    ENTERED: ("efter at trinnet begyndte", "after the step began"),
    COURSE_START: (
        "efter at forløbet begyndte (når trinnet gentages: efter at det begyndte igen)",
        "after the course began (when the step is repeated: after it began again)",
    ),
    "ready": ("efter at orienteringen blev udsendt", "after the briefing was issued"),
}
_AFTER_DAY: Final = ("{span} efter {day}", "{span} after {day}")
_BEFORE_DAY: Final = ("{span} før {day}", "{span} before {day}")
_SINCE: Final = ("efter {span}", "after {span}")
_AFTER_DUE: Final = ("når {span} er gået siden fristen", "after {span} past the deadline")
_AT_ONCE: Final = ("straks", "at once")
_WHEN_DUE: Final = ("første arbejdsdag efter fristen", "on the first working day after the deadline")
_AGAIN: Final = (", og igen, hver gang der er gået lige så længe", ", and again each time as long has passed")
_NOBODY: Final = ("ingen", "nobody")
_BEFORE: Final[Mapping[Before, Pair]] = {
    Before.ENTER: ("før trinnet begynder", "before the step begins"),
    Before.LEAVE: ("før næste skridt", "before the next step"),
    Before.CLOSE: ("før forløbet afsluttes", "before the course closes"),
}
_WARNS: Final = ("ingen frist", "no deadline")
_CLOSES: Final = ("forløbet afsluttes", "the course closes")
_LEADS: Final = ("videre til {}", "on to {}")
_STAYS: Final = ("{} begynder samtidig", "{} begins beside")
_JOINS: Final = (
    "videre til {} (er det trin allerede i gang, fortsætter det)",
    "on to {} (where it is open already, it goes on)",
)
_WHEN: Final = ("{way}, når {condition}", "{way}, when {condition}")
_ALWAYS: Final = ("{way}, når intet andet passer", "{way}, when nothing else fits")
_CLOSING_WAY: Final = (
    "{way}, når en medarbejder har valgt en afslutning",
    "{way}, when a human has recorded an outcome",
)


class RequirementWords:
    """Says the requirements, reminders and routes of one rule set in one language."""

    def __init__(self, book: Book, words: Words) -> None:
        """Take the set and its words."""
        self._book = book
        self._words = words
        self.conditions = ConditionWords(words)

    def who(self, requirement: Requirement) -> str:
        return self._words.roles(requirement.roles)

    def until(self, requirement: Requirement) -> str:
        """Return until when a requirement is to be met; one without a deadline, before what it holds."""
        if requirement.deadline is None:
            return self._words.pick(_BEFORE[requirement.before] if requirement.level is Level.BLOCK else _WARNS)
        return self.deadline(requirement.deadline)

    def deadline(self, deadline: Deadline) -> str:
        span = self._words.span(deadline.amount, deadline.unit)
        anchor = deadline.anchor
        if not anchor.startswith(FACT_PREFIX):
            return f"{span} {self._words.pick(_FROM[anchor])}"
        fact = anchor.removeprefix(FACT_PREFIX)
        day = self._words.day_of(fact)
        if deadline.amount == 0:
            return self._words.the_day_of(fact)
        return self._words.pick(_BEFORE_DAY if deadline.before else _AFTER_DAY).format(span=span, day=day)

    def instead(self, refused: Refused, requirement: Requirement) -> str:
        """Return what is to be done instead when what was asked for is refused, and by whom."""
        return f"{self._words.text(refused.missing)} ({self._words.roles(refused.roles or requirement.roles)})"

    def reminders(self, step: str, requirement: Requirement, *, of_leader: bool) -> str:
        """Return when those who are asked are reminded, or when a leader hears of it."""
        ladder = self.ladder(step, requirement)
        rungs = ladder.rungs if ladder else ()
        chosen = [rung for rung in rungs if (RungRecipient.SUPERVISOR in rung.tell) is of_leader]
        return "; ".join(self.rung(rung, of_leader=of_leader) for rung in chosen) or self._words.pick(_NOBODY)

    def ladder(self, step: str, requirement: Requirement) -> Ladder | None:
        """Return the ladder that a requirement climbs; one that only warns has none but its own."""
        ladder = self._book.ladder(WaitingKind.REQUIREMENT, step, requirement.id)
        is_own = ladder is not None and ladder.requirement is not None
        return ladder if requirement.level is Level.BLOCK or is_own else None

    def rung(self, rung: RungRow, *, of_leader: bool = False) -> str:
        """Return when a rung comes and who hears of it; of a leader it is said only when."""
        others = [role for role in rung.tell if not of_leader or role is not RungRecipient.SUPERVISOR]
        who = f": {self._words.roles(others)}" if others and not of_leader else ""
        return self._moment(rung) + who + (self._words.pick(_AGAIN) if rung.repeat else "")

    def _moment(self, rung: RungRow) -> str:
        is_from_due = rung.counted_from is CountedFrom.DUE
        if rung.after.amount == 0:
            return self._words.pick(_WHEN_DUE if is_from_due else _AT_ONCE)
        unit = TimeUnit(rung.after.unit)
        if not is_from_due:
            return self._words.pick(_SINCE).format(span=self._words.span(rung.after.amount, unit))
        return self._words.pick(_AFTER_DUE).format(span=self._words.whole_span(rung.after.amount, unit))

    def way(self, row: RouteRow) -> str:
        """Return where a row of a route table leads, and when."""
        steps = self._words.joined(self._words.quoted(self._words.step(step)) for step in row.to) if row.to else ""
        form = _CLOSES if row.close else _STAYS if row.stay else _JOINS if row.join else _LEADS
        way = self._words.pick(form).format(steps)
        if row.when is None:
            return self._words.pick(_CLOSING_WAY if row.close else _ALWAYS).format(way=way)
        return self._words.pick(_WHEN).format(way=way, condition=self.conditions.sentence(row.when))
