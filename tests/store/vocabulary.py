"""Courses told event by event, without rules: what the store must keep does not depend on why it happened."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Table, select

from domain import commands as cmd
from domain import events as ev
from domain.address import Address
from domain.evolve import evolve
from domain.identity import Actor, Role, escalation_id, notice_id
from domain.reach import Reach
from domain.state.briefing import Manifest
from domain.state.course import CourseState
from domain.state.facts import Fact, FactValue
from domain.state.measures import MeasureKind, MeasureRule, Measures
from domain.state.news import News, NewsItem, NewsKind
from domain.state.notice import NEWS, AppointmentSubject, CourseSubject, NewsSubject, Subject, WaitSubject
from domain.state.verdict import RulesReference
from domain.state.waiting import Waiting, WaitingKey, WaitingKind
from domain.state.workplaces import Workplaces
from infra.security.keyed_digest import course_id
from infra.store import tables as t
from infra.store.courses import record
from infra.store.courses.entry import Entry
from infra.store.courses.projection import ByRules
from infra.store.engine import Connection, Store
from infra.store.queries.feed import FeedEntry, FeedFilter, Place, feed
from infra.store.registers import texts
from infra.store.registers.texts import TextKind
from infra.store.registers.webhook_events import WebhookDelivery
from infra.store.registers.webhooks import Webhook, WebhookState
from tests.stores import Stores

MONDAY = datetime(2026, 9, 7, 8, 0, tzinfo=UTC)
RULES = RulesReference(id="jobfirst", version="2026.1", sha256="5" * 64)
MEASURES = Measures({"trial": MeasureRule(MeasureKind.TRIAL, ("begun",), ("ended",), ("begun",))}, frozenset({"job"}))
BY_RULES = ByRules(Workplaces(p_number_facts=("workplace",), steps_at_same_place=frozenset({"trial"})), MEASURES)
EVERYTHING = FeedFilter()
NOT_STAGED = UUID(int=0)
WHOLE_MUNICIPALITY = Reach(person="sara", roles=frozenset({Role.SUPERVISOR}), units=None, today=MONDAY.date())
"""Somebody for whom every course of the municipality exists."""
ANNA = Actor(person="anna", roles=(Role.CASEWORKER,))


@dataclass
class RecordedCourse:
    """One course and where it stands; `does` lets events happen by one command and records them."""

    stores: Stores
    municipality: str
    reference: str = "sag-1"
    ordinal: int = 1
    unit: str = "job"
    citizen: str = "citizen-1"
    now: datetime = MONDAY
    state: CourseState = field(init=False)
    reason: UUID = NOT_STAGED
    by_rules: ByRules = BY_RULES
    by_rules_before: ByRules = BY_RULES
    """Those that the last command left it with, by which its rows are."""
    channels: Sequence[str] = ()

    def __post_init__(self) -> None:
        course = course_id(b"", self.municipality, self.reference, self.ordinal)
        self.state = CourseState(course=course, municipality=self.municipality)

    @property
    def course(self) -> UUID:
        return self.state.course

    @property
    def store(self) -> Store:
        """The store as the API reaches it: it reads, stages texts and writes the registers."""
        return self.stores.api

    def entry(self, *events: ev.Event, command: cmd.Command | None = None) -> Entry:
        """Return what a command that has these events would be recorded as."""
        passed = tuple(accumulate(events, evolve, initial=self.state))
        place = {"revision": self.state.revision + 1, "digest": f"digest {self.state.revision + 1}"}
        return Entry(
            command=command or cmd.BriefNow(id=uuid4(), actor=ANNA, digest="body"),
            states=(*passed, passed[-1].model_copy(update=place)),
            events=events,
            answer={"revision": self.state.revision + 1},
            now=self.now,
            by_rules=self.by_rules,
            by_rules_before=self.by_rules_before,
            channels=self.channels,
        )

    async def does(self, *events: ev.Event, command: cmd.Command | None = None) -> Entry:
        """Let events happen by one command."""
        entry = self.entry(*events, command=command)
        async with self.stores.worker.municipality(self.municipality) as connection:
            await record.record(connection, entry)
        self.state, self.by_rules_before = entry.after, entry.by_rules
        return entry

    async def starts(self, *more: ev.Event, **what: object) -> "RecordedCourse":
        """Start with Anna as caseworker and Bo as company consultant, at intake."""
        await self.does(*self.start(**what), *more)
        return self

    def start(self, **what: object) -> tuple[ev.Event, ...]:
        usual = {
            "at": self.now,
            "by": "anna",
            "municipality": self.municipality,
            "unit": self.unit,
            "reference": self.reference,
            "ordinal": self.ordinal,
            "citizen": self.citizen,
            "rules": RULES,
            "started_on": self.now.date(),
        }
        started = ev.CourseStarted.model_validate({**usual, **what})
        return (
            started,
            self.assigned(Role.CASEWORKER, person="anna"),
            self.assigned(Role.COMPANY_CONSULTANT, person="bo"),
            self.entered(1, "intake"),
        )

    def assigned(self, role: Role, **to: str) -> ev.PartyAssigned:
        return ev.PartyAssigned(at=self.now, by="sara", role=role, to=cmd.PartyClaim(**to))

    def entered(self, visit: int, step: str, ordinal: int = 1, follows: int | None = None) -> ev.VisitEntered:
        where = {"visit": visit, "step": step, "ordinal": ordinal, "follows": follows}
        return ev.VisitEntered.model_validate(
            {"at": self.now, "by": "@fodslag", "entered_on": date(2026, 9, 7), **where}
        )

    def reported(
        self, fact: str, value: FactValue, step: str, visit: int | None = None, **what: object
    ) -> ev.FactsReported:
        usual = {"id": uuid4(), "fact": fact, "value": value, "step": step, "visit": visit, "reporter": "bo"}
        values = {**usual, "occurred_on": self.now.date(), "recorded_at": self.now, **what}
        return ev.FactsReported(at=self.now, by="bo", facts=(Fact.model_validate(values),))

    def left(self, visit: int, version: int = 1, *to: str) -> ev.VisitLeft:
        return ev.VisitLeft(at=self.now, by="@fodslag", visit=visit, version=version, to=to)

    def issued(self, visit: int, version: int) -> ev.BriefingIssued:
        manifest = Manifest(course=self.course, visit=visit, step="intake", rules=RULES)
        return ev.BriefingIssued(
            at=self.now, by="@fodslag", visit=visit, version=version, digest=f"v{version}", manifest=manifest
        )

    def acknowledged(self, visit: int, version: int, role: Role, person: str, by: str | None = None) -> ev.Event:
        return ev.BriefingAcknowledged(
            at=self.now, by=by or person, visit=visit, version=version, roles=(role,), person=person
        )

    def waits(self, *waiting: Waiting, ended: Sequence[str] = (), ahead: tuple[str, ...] = ()) -> ev.Settled:
        keys = tuple(wait_key(name) for name in ended)
        return ev.Settled(at=self.now, by="@fodslag", opened=waiting, ended=keys, ahead=ahead)

    def waiting(
        self,
        name: str,
        *,
        days: int | None = 3,
        kind: WaitingKind = WaitingKind.ACKNOWLEDGEMENT,
        is_stalled: bool = False,
        **what: object,
    ) -> Waiting:
        """Return a wait since now, until so many days later."""
        until = None if days is None else self.now + timedelta(days=days)
        usual = {"persons": ("bo",), "since": self.now, "until": until}
        wait = Waiting.model_validate({"key": wait_key(name, kind), **usual, **what})
        escalation = escalation_id(self.course, wait.key, wait.since) if is_stalled else None
        return wait.model_copy(update={"escalation": escalation})

    def raised(
        self,
        about: str,
        recipient: Address,
        *,
        waiting: str | None = None,
        kind: WaitingKind = WaitingKind.ACKNOWLEDGEMENT,
        level: int | None = None,
        visit: int | None = None,
        sequence: int = 0,
    ) -> ev.NoticeRaised:
        """Return a notice of a wait in the first visit, of a meeting in a visit, or of the course."""
        subject: Subject = CourseSubject(revision=0)
        if visit is not None:
            subject = AppointmentSubject(visit=visit, appointment="meeting", sequence=sequence)
        if waiting is not None:
            subject = WaitSubject(key=wait_key(waiting, kind), since=MONDAY, level=level)
        notice = notice_id(self.course, about, subject, recipient)
        return ev.NoticeRaised(
            at=self.now, by="@fodslag", notice=notice, about=about, recipient=recipient, subject=subject
        )

    def news(self, person: str, at: datetime, *, for_cover: bool = False) -> tuple[ev.NoticeRaised, ev.Settled]:
        """Return that a barrier noted by Anna is new to a person, or to the cover alone, from an instant on."""
        subject, address = NewsSubject(person=person, at=at, for_cover=for_cover), Address.person(person)
        notice = notice_id(self.course, NEWS, subject, address)
        items = (NewsItem(kind=NewsKind.NOTE, what="barrier", by="anna"),)
        raised = ev.NoticeRaised(
            at=self.now, by="@fodslag", notice=notice, about=NEWS, recipient=address, subject=subject
        )
        news = News(notice=notice, person=person, for_cover=for_cover, at=at, items=items)
        return raised, ev.Settled(at=self.now, by="@fodslag", news=(news,))

    async def stages(self, kind: TextKind = TextKind.REASON) -> UUID:
        """Stage a text and return its id."""
        async with self.store.municipality(self.municipality) as connection:
            return await texts.stage(connection, kind, f"words of {kind}", "anna", self.now)

    async def rows(self, *tables: Table) -> dict[str, list[dict[str, Any]]]:
        """Return all rows of this course, by table."""
        async with self.store.municipality(self.municipality) as connection:
            return {table.name: await rows_of(connection, table, self.course) for table in tables}


async def mend(stored: RecordedCourse) -> CourseState:
    """Write the course over the store's under a new epoch, as is done when the store was restored."""
    mended = stored.state.model_copy(update={"epoch": stored.state.epoch + 1})
    async with stored.stores.worker.municipality(stored.municipality) as connection:
        await record.rewrite(connection, mended, stored.now, BY_RULES)
    stored.state = mended
    return mended


PROJECTION_TABLES = (t.course, t.visit, t.receipt, t.waiting, t.party, t.workplace, t.measure, t.notice)


async def rows_of(connection: Connection, table: Table, course: UUID) -> list[dict[str, Any]]:
    """Return a course's rows of one table in the order of their keys."""
    result = await connection.execute(select(table).where(table.c.course_id == course).order_by(*table.primary_key))
    return [dict(row) for row in result.mappings()]


class Follower:
    """Somebody who follows a municipality, and remembers where he is."""

    def __init__(
        self,
        stored: RecordedCourse,
        limit: int = 1000,
        wanted: FeedFilter = EVERYTHING,
        units: frozenset[str] | None = None,
    ) -> None:
        self.stored = stored
        self.limit = limit
        self.wanted = wanted
        self.reach = WHOLE_MUNICIPALITY.model_copy(update={"units": units})
        self.seen: list[FeedEntry] = []

    @property
    def place(self) -> Place | None:
        return self.seen[-1].place if self.seen else None

    async def looks(self) -> list[FeedEntry]:
        """Read all that is new, a page at a time."""
        new: list[FeedEntry] = []
        while True:
            async with self.stored.store.municipality(self.stored.municipality) as connection:
                page = await feed(connection, self.reach, self.wanted, self.limit, self.place)
            new += page.items
            self.seen += page.items
            if page.next is None:
                return new


def a_webhook(**what: object) -> Webhook:
    """Return an active webhook to everything from the beginning, with some of it changed."""
    usual = {"webhook_id": uuid4(), "url": "https://receiver.example/", "owner": "case-system", "roles": {Role.SYSTEM}}
    unset = dict.fromkeys(("kinds", "units", "description", "tx", "position", "part"))
    times = dict.fromkeys(("created_at", "state_since", "due_at"), MONDAY)
    return Webhook.model_validate({**usual, **unset, **times, "state": WebhookState.ACTIVE, **what})


def a_delivery(webhook: Webhook, **what: object) -> WebhookDelivery:
    """Return a ping that a webhook is to be sent, or another delivery."""
    usual = {"webhook_id": webhook.webhook_id, "delivery_id": uuid4(), "event_id": "ping/1", "kind": "ping"}
    times = dict.fromkeys(("at", "queued_at", "due_at"), MONDAY)
    return WebhookDelivery.model_validate({**usual, **times, **what})


def wait_key(name: str, kind: WaitingKind = WaitingKind.ACKNOWLEDGEMENT) -> WaitingKey:
    """Return the key of the wait that a test calls by a name."""
    return WaitingKey(kind=kind, visit=1, what=name)


def settled(stored: RecordedCourse, wakeup: datetime | None) -> ev.Settled:
    """Return that a course is to wake then."""
    return ev.Settled(at=stored.now, by="@fodslag", wakeup=wakeup)
