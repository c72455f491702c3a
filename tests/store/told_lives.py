"""Lives of courses for the store: what is given in them is kept, and more is done about notices, waits and roles."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache, partial
from itertools import chain, product
from random import Random
from typing import Any, Final
from uuid import uuid5

from activities.decided import chained
from domain import commands as cmd
from domain import events as ev
from domain.address import AddressKind
from domain.decide import Decision
from domain.decide.company_content import content_for_company
from domain.errors import RefusedError
from domain.identity import GATE_ROLES, Actor, Role
from domain.state.course import CourseState
from domain.state.facts import FactValue
from domain.state.observers import ObserverKind
from domain.state.waiting import WaitingOn
from rules.calendar.danish_offices import OwnTime
from rules.calendar.data import Absence, CalendarData, NamedCover
from rules.calendar.working_time import WorkingTime
from rules.engine.book import Book
from rules.language.facts import FactType
from rules.loading.library import shipped
from tests.api.lives import Life
from tests.domain.alphabets import ALPHABETS, NOTE, REASON, Move
from tests.domain.versions import Versions, versions_of
from tests.domain.vocabulary import ANNA, BO, CARL, CASE_SYSTEM, COURSE, MONDAY, SARA, Story, add_note, tiny_book

MOVES: Final = tuple(chain.from_iterable(ALPHABETS.values()))
SVEN = Actor(person="sven", roles=(Role.SUPERVISOR,))
DORTE = Actor(person="dorte", roles=(Role.COMPANY_CONSULTANT,))
NAME, RENAMED, DETAILS = (uuid5(COURSE, words) for words in ("name", "another name", "details of a sheet"))
_PAUSES: Final = (timedelta(seconds=1), timedelta(minutes=7), timedelta(hours=3), timedelta(hours=20))
"""What passes between two commands, so that no two are of one instant."""


_TRIES: Final = 50
"""How much is tried for each thing that is accepted, at most."""


@dataclass(frozen=True)
class Given:
    """A command as it was decided, by rules and at an instant; the last of `states` is one revision on, and chained."""

    command: cmd.Command
    events: tuple[ev.Event, ...]
    states: tuple[CourseState, ...]
    now: datetime
    book: Book

    @property
    def after(self) -> CourseState:
        return self.states[-1]


@dataclass
class KeptStory(Story):
    """A story that keeps what was given until somebody has recorded it."""

    random: Random = field(default_factory=lambda: Random(0))  # noqa: S311 - It draws lives, and guards nothing.
    given: list[Given] = field(default_factory=list)

    def decide(self, given: cmd.Command) -> Decision:
        """Decide a little later than what was before, and keep what came of it, a refusal too."""
        self.now += self.random.choice(_PAUSES)
        given = given.model_copy(update={"digest": f"body of {self.told}"})
        book = self.rules
        try:
            decision = super().decide(given)
        except RefusedError:
            assert isinstance(book, Book)
            self.given.append(Given(given, (), (self.state,), self.now, book))
            raise
        states = chained(decision)
        self.state = states[-1]
        assert isinstance(self.rules, Book)
        self.given.append(Given(given, decision.events, states, self.now, self.rules))
        return decision

    def notices(self, _state: CourseState) -> Iterator[Move]:
        """See a notice, as its reader or as somebody who covers, or say that it could not be delivered."""
        raised = [event for event in self.events if isinstance(event, ev.NoticeRaised)]
        for event in raised[:2] + raised[-2:]:
            reader = event.recipient.name if event.recipient.kind is AddressKind.PERSON else "sara"
            yield from ((cmd.MarkSeen, Actor(person=person), {"notice": event.notice}) for person in (reader, "carl"))
            yield cmd.ReportUnreachable, SARA, {"notice": event.notice, "recipient": event.recipient}

    def plans(self, state: CourseState) -> Iterator[Move]:
        """Report days not far from now and some workplaces, which plan meetings and begin and end what is measured."""
        assert isinstance(self.rules, Book)
        today, steps = self.now.date(), {visit.step for visit in state.open_visits}
        values: dict[FactType, list[FactValue]] = {
            FactType.DATE: [str(today + timedelta(days=days)) for days in (-3, -1, 0, 1, 2, 9)],
            FactType.P_NUMBER: ["1000000001", "1000000002"],
            FactType.TIME: ["10:00", "13:30"],
            FactType.BOOL: [True, False],
        }
        for fact in self.rules.rule_set.facts:
            for value in values.get(fact.type, []) if fact.step in steps else []:
                able = [actor for actor in (ANNA, BO, CASE_SYSTEM) if not {*fact.reporters}.isdisjoint(actor.roles)]
                yield cmd.ReportFacts, self.random.choice(able or [SARA]), {"facts": {fact.id: value}}

    def meets(self, state: CourseState) -> Iterator[Move]:
        """Plan a meeting, move it, call it off, or say that it was held."""
        days = [str(self.now.date() + timedelta(days=days)) for days in (-1, 0, 1, 4)]
        for visit in state.visits:
            for rule in self.rules.appointments(visit.step):
                told: list[tuple[str | None, FactValue]] = [(rule.day, day) for day in days]
                told += [(rule.held, day) for day in days[:2]]
                told += [(rule.time, "10:00"), (rule.called_off, True), (rule.called_off, False)]
                for fact, value in told:
                    if fact is not None:
                        yield cmd.ReportFacts, BO, {"facts": {fact: value}, "visit": visit.number}

    def asks(self, state: CourseState) -> Iterator[Move]:
        """Ask who holds a role, also where that is a queue."""
        for to in GATE_ROLES if state.open_visits else ():
            asker = BO if to is Role.CASEWORKER else ANNA
            yield add_note, asker, {"note": uuid5(NOTE, str(self.told)), "note_kind": "question", "to": to}

    def tells_companies(self, state: CourseState) -> Iterator[Move]:
        """Issue the sheet of a visit."""
        for visit in state.open_visits:
            content = content_for_company(state, self.rules, visit)
            if content is not None:
                page = {"page_digest": f"page {self.told}", "content": content, "details": DETAILS}
                yield cmd.IssueSheet, BO, {"visit": visit.number, **page}

    def starts(self, target_group: str = "a", **what: Any) -> Story:
        """Start a course of somebody who has a name."""
        return super().starts(target_group, citizen_text=NAME, citizen_key="key", **what)


def _waits(state: CourseState) -> Iterator[Move]:
    """Take silent waits, answer on whom one waits, and let it become known that time has passed."""
    for waiting in state.waiting:
        for supervisor in (SARA, SVEN) if waiting.escalation else ():
            what = {"escalation": waiting.escalation, "takes_over": True, "reason": REASON}
            yield cmd.TakeEscalation, supervisor, what
        until = waiting.since.date() + timedelta(days=9)
        yield cmd.AnswerWait, SARA, {"waiting": str(waiting.key), "waiting_on": WaitingOn.COMPANY, "until": until}
    yield cmd.TimePassed, SARA, {}


def _roles(state: CourseState) -> Iterator[Move]:
    """Hand roles over, share and separate them, and act for who is away."""
    people = {Role.CASEWORKER: ("anna", "carl", "olga"), Role.COMPANY_CONSULTANT: ("bo", "dorte", "anna")}
    for role, persons in people.items():
        for to in (*(cmd.PartyClaim(person=person) for person in persons), cmd.PartyClaim(unit="job")):
            yield cmd.AssignParty, SARA, {"role": role, "to": to, "reason": REASON}
            yield cmd.SeparateRoles, SARA, {"role": role, "to": to, "reason": REASON}
    yield cmd.ShareRoles, SARA, {"person": "anna", "reason": REASON}
    for visit in state.open_visits:
        what = {"briefing": visit.number, "version": visit.versions}
        yield from ((cmd.Acknowledge, actor, what) for actor in (ANNA, BO, CARL, DORTE))


def _people(_state: CourseState) -> Iterator[Move]:
    """Let somebody observe, and call the citizen something else."""
    for person in ("dorte", "olga"):
        yield cmd.AddObserver, BO, {"person": person, "observer_kind": ObserverKind.MENTOR, "reason": REASON}
    for protected in (True, False):
        yield cmd.DescribeCitizen, SARA, {"citizen_text": RENAMED, "protected": protected, "reason": REASON}


def _ends(state: CourseState) -> Iterator[Move]:
    """Close the course, open it again, and stop what is done in a visit."""
    yield from ((cmd.CloseCourse, ANNA, {"outcome": outcome, "reason": REASON}) for outcome in ("job", "ordinary_job"))
    for actor in (ANNA, BO, SARA) if state.is_over else ():
        yield cmd.ReopenCourse, actor, {"reason": REASON}


def _re_pins(versions: Versions, state: CourseState) -> Iterator[Move]:
    """Let the course follow another version or set at once."""
    yield from ((cmd.RePinCourse, SARA, what) for what in versions.re_pins(state) if not what["at_next_visit"])


def lives_on(life: Life, story: KeptStory, turns: int) -> Iterator[None]:
    """Let anything happen so often, or in some lives rather what takes the course further."""
    straight, anything = life.random.random() / 3, life.goes_on(_TRIES * turns)
    for _ in range(turns):
        if life.random.random() > straight:
            next(anything, None)
        else:
            _goes_further(life, story)
        yield


def _goes_further(life: Life, story: KeptStory) -> None:
    """Do what is asked, and let those who hold the roles acknowledge it; a course that is closed is opened again."""
    acts: list[Callable[[], object]] = [life.meets]
    if story.state.is_over:
        acts = [partial(life.does, cmd.ReopenCourse, life.random.choice((ANNA, BO, SARA)), reason=REASON)]
    for visit, actor in product(story.state.open_visits, (ANNA, BO, CARL, DORTE)):
        if story.state.roles_of(actor.person):
            receipt = {"briefing": visit.number, "version": visit.versions}
            acts.append(partial(life.does, cmd.Acknowledge, actor, **receipt))
    for act in acts:
        with suppress(RefusedError):
            act()


@cache
def _job_first() -> Versions:
    """Return the shipped rules and what a course may be moved to from them, other sets among them."""
    sets = [Book(rules) for rules in shipped()]
    first = next(book for book in sets if book.reference.id == "jobfirst")
    return Versions((*versions_of(first).books, *(book for book in sets if book is not first)))


def told_life(seed: int, municipality: str) -> tuple[Life, KeptStory]:
    """Return a life in a municipality of its own, and its story; every second one follows the shipped rules."""
    random = Random(seed)  # noqa: S311 - It draws lives, and guards nothing.
    versions, moves = (_job_first(), ()) if seed % 2 else (versions_of(tiny_book()), MOVES)
    state = CourseState(course=uuid5(COURSE, str(seed)), municipality=municipality)
    story = KeptStory(rules=versions.books[0], state=state, random=random, calendar=_with_absences(random))
    re_pins = partial(_re_pins, versions)
    more = (
        story.notices,
        story.plans,
        story.meets,
        story.meets,
        story.asks,
        story.tells_companies,
        re_pins,
        _waits,
        _roles,
        _ends,
    )
    return Life(versions, seed, (*moves, *more * 4), lambda _: story), story


def _with_absences(random: Random) -> WorkingTime:
    """Return a calendar in which those who hold roles are away now and then, covered or not."""

    def away(*covers: str) -> OwnTime:
        days = [MONDAY.date() + timedelta(days=random.randrange(120)) for _ in range(4)]
        named = tuple(NamedCover(person=person) for person in covers)
        spans = ((day, day + timedelta(days=random.randrange(12))) for day in days)
        return OwnTime(absences=tuple(Absence(since=since, until=until, covers=named) for since, until in spans))

    people = {"anna": away("carl"), "bo": away("dorte", "carl"), "carl": away()}
    return WorkingTime(CalendarData()).with_own_times(people)
