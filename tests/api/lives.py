"""Random lives of courses, fact by fact in any order, with hostile words, days and instants, under any rules."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID, uuid5

from domain import commands as cmd
from domain.errors import RefusedError
from domain.identity import Actor, Role
from domain.state.facts import Audience, FactValue
from rules.engine.book import Book
from rules.explain.ways import ways_to_meet
from rules.language.facts import FactDeclaration, FactType
from tests.domain.alphabets import Moves
from tests.domain.versions import Versions
from tests.domain.vocabulary import ANNA, BO, CASE_SYSTEM, COURSE, SARA, Story, add_note

WORDS: Final = (
    "Kom til tiden.",
    "\u202egnoteb\u2066",
    "Karla\x92s ønske\r\nsagsbehandler: anna kvitterede\u2028",
    "\u4e2d\U0001f469\u200d\U0001f527\ue000\u0301",
    '{day} {0} {} %s #read("x") <b> \\u0000',
    "\u05d0\u0628\u05d2 Z\u0351\u036b\u0343\u036a o\u0334\u0360 \U0001f3f4\U000e0067\U000e007f \ufffd \u2400",
    "x" * 4000,
)
DAYS: Final = ("1900-01-01", "2026-02-28", "2026-03-29", "2026-09-04", "2026-09-07", "2026-10-25", "2199-12-31")
"""Among them the first and the last that are taken, and those on which Danish clocks are changed."""
INSTANTS: Final = (
    datetime(2199, 12, 31, 23, 59, tzinfo=UTC),
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    datetime(2027, 3, 28, 1, 30, tzinfo=UTC),
)
_MOVED: Final = 0.5
_SYSTEM_OR: Final = (ANNA, BO, CASE_SYSTEM)
_VALUES: Final[dict[FactType, tuple[FactValue, ...]]] = {
    FactType.BOOL: (True, False),
    FactType.INT: (0, 1, 40, 227, 2_000_000_000),
    FactType.DECIMAL: (0, "0.000001", "12.5", 37, "999999999999.999999"),
    FactType.DATE: DAYS,
    FactType.CVR: ("10000009",),
    FactType.P_NUMBER: ("1000000001", "1099999999"),
    FactType.SCHEDULE: ("2026-09-14=8", "1900-01-01=0 2026-10-01=10.5 2199-12-31=37"),
    FactType.TIME: ("00:00", "02:30", "23:59"),
}


@dataclass
class Life:
    """A course to which anything happens that may, also that it follows another of some versions of its rules.

    `texts` are the words of its notes and reasons, and `begins` makes the course as which it unfolds.
    """

    versions: Versions
    seed: int
    moves: Sequence[Moves] = ()
    begins: Callable[[Book], Story] = Story
    story: Story = field(init=False)
    texts: dict[UUID, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)  # noqa: S311 - It draws lives, and guards nothing.
        self.story = self.begins(self.versions.books[0])
        groups = next(fact.values for fact in self.book.rule_set.facts if fact.id == "target_group")
        self.story.starts(self.random.choice(groups).id)

    @property
    def book(self) -> Book:
        """Return the rules that the course follows."""
        return self.versions.followed(self.story.state)

    def goes_on(self, turns: int) -> Iterator[Story]:
        """Let something happen again and again, and yield the course after each thing that was accepted."""
        for _ in range(turns):
            may_be_moved = bool(self.moves) and self.random.random() < _MOVED
            act = (
                self.moves_on
                if may_be_moved
                else self.random.choices(
                    (
                        self.meets,
                        self.reports,
                        self.notes,
                        self.acknowledges,
                        self.steers,
                        self.re_pins,
                        self.lets_time_pass,
                    ),
                    (12, 8, 2, 6, 2, 1, 1),
                )[0]
            )
            try:
                act()
            except RefusedError:
                continue
            yield self.story

    def moves_on(self) -> None:
        """Do one of the things that an exploration tries in every state."""
        moves = list(self.random.choice(self.moves)(self.story.state))
        if moves:
            kind, actor, what = self.random.choice(moves)
            self.does(kind, actor, **what)

    def meets(self) -> None:
        """Do one thing that an unmet requirement of an open step, or of where it leads, asks for."""
        unmet = {
            name
            for visit in self.story.state.open_visits
            for name, outcome in visit.judgement.outcomes.items()
            if outcome in ("unmet", "unknown")
        }
        steps = self.book.rule_set.steps
        asked = [entry for step in steps for entry in step.requirements if entry.id in unmet]
        if not asked:
            return
        way = self.random.choice(ways_to_meet(self.book.rule_set, self.random.choice(asked).must))
        for one in way:
            if one.kind == "note":
                actor = BO if one.by is Role.COMPANY_CONSULTANT else ANNA
                self.does(add_note, actor, note=self.words(), note_kind=one.id)
            fact = self.book.declaration(one.id) if one.kind == "fact" else None
            if fact is not None:
                fitting = self.random.choice(one.values) if one.values else one.at_least
                self.report(fact, self.value(fact) if fitting is None else fitting)

    def reports(self) -> None:
        """Report one fact, mostly one of an open step; a system may be ahead of it, and contradict."""
        steps = {None, *(visit.step for visit in self.story.state.open_visits)}
        facts = self.book.rule_set.facts
        near = [fact for fact in facts if fact.step in steps and fact.id != "closing_outcome"]
        fact = self.random.choice(near if self.random.random() < 0.9 else facts)
        self.report(fact, self.value(fact))

    def report(self, fact: FactDeclaration, value: FactValue) -> None:
        """Report one fact, by somebody who may."""
        able = [actor for actor in _SYSTEM_OR if not {*fact.reporters}.isdisjoint(actor.roles)]
        occurred_on = self.random.choice([None, date(2026, 9, 4), self.story.now.date()])
        actor = self.random.choice(able or [SARA])
        self.does(cmd.ReportFacts, actor, facts={fact.id: value}, occurred_on=occurred_on)

    def value(self, fact: FactDeclaration) -> FactValue:
        """Return some value of a fact's type; it may lie beyond its bounds and be refused."""
        if fact.type is FactType.ENUM:
            return self.random.choice(fact.values).id
        if fact.min is not None and self.random.random() < 0.5:
            return fact.as_stored(str(self.random.choice([fact.min, fact.max or fact.min])))
        return self.random.choice(_VALUES[fact.type])

    def notes(self) -> None:
        """Write a note of some kind, correct one, or take one back."""
        notes = self.story.state.notes
        if notes and self.random.random() < 0.2:
            self.does(cmd.RetractNote, ANNA, note=self.random.choice(notes).id, reason=self.words())
            return
        if notes and self.random.random() < 0.1:
            self.does(cmd.SupersedeNote, BO, note=self.random.choice(notes).id, right=self.words(), reason=self.words())
            return
        kind, actor = self.random.choice(self.book.note_kinds), self.random.choice((ANNA, BO))
        secret = actor is ANNA and self.random.random() < 0.2
        audience = Audience.CASEWORKER_ONLY if secret else Audience.BOTH
        to = Role.COMPANY_CONSULTANT if kind == "question" else None
        self.does(add_note, actor, note=self.words(), note_kind=kind, audience=audience, to=to)

    def acknowledges(self) -> None:
        """Let both, or one of them, acknowledge what stands, or dispute it."""
        for visit in self.story.state.open_visits:
            receipt = {"briefing": visit.number, "version": visit.versions}
            if self.random.random() < 0.1:
                self.does(cmd.Dispute, BO, **receipt, reason=self.words())
                return
            for actor in self.random.choice(((ANNA, BO), (BO, ANNA), (ANNA,), (BO,))):
                self.does(cmd.Acknowledge, actor, **receipt)
            return

    def steers(self) -> None:
        """Brief now, pause, resume, waive, take a fact back, reopen, hand a role over or tell a story."""
        state = self.story.state
        reason = self.words()
        moves: list[tuple[Callable[..., Any], Actor, dict[str, Any]]] = [
            *((cmd.BriefNow, ANNA, {"visit": visit.number}) for visit in state.open_visits),
            *((cmd.RetractFact, ANNA, {"fact": fact.id, "reason": reason}) for fact in state.facts),
            (cmd.PauseCourse, SARA, {"reason": reason, "until": self.random.choice((None, *INSTANTS))}),
            (cmd.ResumeCourse, SARA, {}),
            (cmd.AssignParty, SARA, {"role": Role.CASEWORKER, "to": cmd.PartyClaim(unit="job"), "reason": reason}),
            (cmd.AssignParty, SARA, {"role": Role.CASEWORKER, "to": cmd.PartyClaim(person="anna"), "reason": reason}),
            *(
                (cmd.WaiveRequirement, SARA, {"requirement": name, "waiver": "other", "reason": reason})
                for visit in state.open_visits
                for name in list(visit.judgement.outcomes)[:2]
            ),
            *(
                (kind, actor, {"appointment": planned.id, "visit": visit.number, **more})
                for visit in state.open_visits
                for planned in visit.appointments
                for kind, actor, more in (
                    (
                        cmd.DeclineAppointment,
                        ANNA,
                        {"another_time": self.story.now + timedelta(days=366), "reason": reason},
                    ),
                    (cmd.AcceptAppointment, ANNA, {}),
                )
            ),
            *((cmd.ReopenVisit, SARA, {"visit": visit.number, "reason": reason}) for visit in state.visits),
            (cmd.AnswerStory, BO, {"story": reason}),
            *((kind, SARA, {"story": state.story.id}) for kind in (cmd.ApproveStory, cmd.RemoveStory) if state.story),
        ]
        kind, actor, what = self.random.choice(moves)
        self.does(kind, actor, **what)

    def re_pins(self) -> None:
        """Let the course follow another version, now or from its next visit."""
        self.does(cmd.RePinCourse, SARA, **self.random.choice([*self.versions.re_pins(self.story.state)]))

    def lets_time_pass(self) -> None:
        """Let hours or months pass."""
        self.story.now += timedelta(hours=self.random.choice((1, 30, 24 * 20, 24 * 95)))
        self.does(cmd.TimePassed, SARA)

    def words(self) -> UUID:
        """Return the id of some words."""
        text = uuid5(COURSE, f"{self.seed} {len(self.texts)}")
        self.texts[text] = self.random.choice(WORDS)
        return text

    def does(self, kind: Callable[..., Any], actor: Actor, **what: Any) -> None:
        self.story.next_rules = self.versions.next_of(self.story.state, kind, what)
        self.story.command(kind, actor, **{name: value for name, value in what.items() if value is not None})
