"""Invitations come by mail to the two roles alone, each by itself, and calendars keep up with them (P7, P10)."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.message import EmailMessage, MIMEPart
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from activities.channels import Batch
from activities.channels.email import EmailChannel
from domain import commands as cmd
from domain.gathering import Gathering
from domain.identity import Role
from domain.state.course import CourseState
from domain.state.observers import ObserverKind
from infra.documents.calendars import Calendars
from infra.smtp_server import Security, SmtpServer
from infra.store import tables as t
from infra.store.registers import absences, companies, documents, people
from infra.store.registers.documents import DocumentKind
from infra.store.registers.people import Person
from rules.calendar.data import Absence, NamedCover
from tests.api.vocabulary import MEETING
from tests.calendars import read_by_both
from tests.domain.vocabulary import BO, SARA
from tests.workflows.mail_server import HOST, Certificates, MailServer, serving
from tests.workflows.outward import HALF_PAST_NINE, MONDAY, NINE, Ended, Recording, queued
from tests.workflows.vocabulary import Stack, after, applied

DAY = date(2030, 9, 20)
A_DAY = timedelta(days=1)


@dataclass
class Inviting:
    """A course under rules that plan a meeting, and what its people do."""

    told: Ended
    reason: UUID
    folder: Path

    async def plans(self, day: date = DAY, at: str = "10:00") -> None:
        facts = {"meeting_on": day.isoformat(), "meeting_at": at, "workplace": "1000000001"}
        await self.does(cmd.ReportFacts, BO, facts=facts)

    async def drops(self) -> None:
        for fact in [fact for fact in self.told.state.facts if fact.fact == "meeting_on"]:
            await self.does(cmd.RetractFact, BO, fact=fact.id, reason=await self.told.stack.stage("no meeting"))

    async def does(self, kind: Any, actor: Any, **what: Any) -> None:
        await self.told.does(self.told.course.command(kind, actor, **what))

    async def hands_over(self, person: str) -> None:
        to = cmd.PartyClaim(person=person)
        await self.does(cmd.AssignParty, SARA, role=Role.CASEWORKER, to=to, reason=self.reason)

    def read(self, server: MailServer) -> list[tuple[str, dict[str, Any]]]:
        """Return to whom which invitations came, as both programs read them."""
        invitations = [(message["To"], calendar) for message in server.messages if (calendar := calendar_of(message))]
        read = read_by_both([str(part.get_content()) for _, part in invitations], self.folder)
        for (_, part), each in zip(invitations, read, strict=True):
            assert part.get_param("method") == each["method"]
        return [(to.partition("@")[0], each) for (to, _), each in zip(invitations, read, strict=True)]


def calendar_of(message: EmailMessage) -> MIMEPart | None:
    """Return the part that calendar programs read."""
    return next((part for part in message.iter_parts() if part.get_content_type() == "text/calendar"), None)


async def inviting(stack: Stack, folder: Path, *channels: Any) -> Inviting:
    """Return a course of Anna and Bo without Temporal, observed by Olga, whose first step has a meeting."""
    stack.channels = channels
    rules = MEETING.rule_set
    async with stack.stores.api.municipality(stack.municipality) as connection:
        await documents.put(connection, DocumentKind.RULESET, rules.id, json.loads(rules.canonical), rules.sha256)
        for person in ("anna", "bo", "carl", "olga"):
            named = {"person_id": person, "name": person, "roles": (Role.CASEWORKER,), "updated_at": MONDAY}
            await people.put(connection, Person.model_validate({**named, "email": f"{person}@kommune.example"}))
        details = companies.CompanyDetails(cvr="10000009", name="Nordgartneriet")
        await companies.put(connection, "1000000001", details, companies.Write(None, MONDAY, "bo"))
    course = await stack.new_course()
    state = CourseState(course=course.id, municipality=stack.municipality)
    start = course.start(rules=rules.sha256, target_group="a")
    told = Ended(course, after(state, await applied(stack, state, start)))
    made = Inviting(told, await stack.stage("handed over"), folder)
    observer = {"person": "olga", "observer_kind": ObserverKind.MENTOR, "reason": await stack.stage("helps")}
    await made.does(cmd.AddObserver, SARA, **observer)
    return made


def over_starttls(server: MailServer, certificates: Certificates) -> EmailChannel:
    mail_server = SmtpServer(Security.STARTTLS, HOST, server.port)
    return EmailChannel(mail_server, "fodslag@kommune.example", certificates.ca_file)


async def test_calendars_keep_up_with_a_meeting_over_a_real_mail_server(stack: Stack, tmp_path: Path) -> None:
    certificates = Certificates(tmp_path / "certificates")
    async with serving(MailServer(), starttls=certificates.context) as server:
        made = await inviting(stack, tmp_path, over_starttls(server, certificates))
        await made.plans()
        await made.told.carries()
        await made.plans(DAY + A_DAY)
        await made.told.carries()
        await made.hands_over("carl")
        await made.told.carries()
        await made.drops()
        await made.told.carries()
        read = made.read(server)

    of_each = {
        person: [(each["method"], each["sequence"]) for to, each in read if to == person]
        for person in {to for to, _ in read}
    }
    assert of_each == {
        "anna": [("REQUEST", 0), ("REQUEST", 1), ("CANCEL", 2)],
        "bo": [("REQUEST", 0), ("REQUEST", 1), ("CANCEL", 3)],
        "carl": [("REQUEST", 2), ("CANCEL", 3)],
    }
    assert {each["uid"] for _, each in read} == {f"{made.told.course.id}-1-first_meeting@fodslag"}
    assert {each["location"] for _, each in read} == {"Nordgartneriet, P-nummer 1000000001"}
    assert all(each["attendees"] == [f"mailto:{to}@kommune.example"] for to, each in read)
    first = next(message for message in server.messages if calendar_of(message))
    kinds = [part.get_content_type() for part in first.iter_parts()]
    assert kinds == ["text/plain", "text/html", "text/calendar"]
    assert first["Subject"] == "Møde i virksomheden, sag case-1"
    assert (first["Auto-Submitted"], first["X-Auto-Response-Suppress"]) == ("auto-generated", "All")


async def test_an_invitation_that_may_have_arrived_is_sent_again_to_the_last_byte(stack: Stack, tmp_path: Path) -> None:
    async with serving(MailServer(drops=99)) as server:
        channel = EmailChannel(SmtpServer(Security.NONE, HOST, server.port), "fodslag@kommune.example")
        made = await inviting(stack, tmp_path, channel)
        await made.plans()
        await made.told.courier().carry(MONDAY)
        server.drops = 0
        await made.told.carries()

    invitations = [taken for taken in server.taken if b"text/calendar" in taken]
    assert len(invitations) == 4
    assert len(set(invitations)) == 2


def gathering() -> Recording:
    return Recording(gathers=True)


def apart(channel: Recording, person: str) -> list[Batch]:
    """Return the invitations that came to a person."""
    return [each for each in channel.received if each.recipient == person and each.mail and each.mail.invitation]


async def test_an_invitation_goes_by_itself_and_is_in_no_list(stack: Stack, tmp_path: Path) -> None:
    channel = gathering()
    made = await inviting(stack, tmp_path, channel)
    await made.plans()

    await made.told.carries()

    for person in ("anna", "bo"):
        (alone,) = apart(channel, person)
        assert [member.about for member in alone.members] == ["appointment"]
        others = [each for each in channel.received if each.recipient == person and each != alone]
        assert "appointment" not in {member.about for each in others for member in each.members}


@pytest.mark.parametrize(
    ("choice", "day", "expected"),
    [
        (Gathering.AT_ONCE, DAY, HALF_PAST_NINE),
        (Gathering.TWO_LISTS, DAY, HALF_PAST_NINE),
        (Gathering.ONE_LIST, DAY, NINE + A_DAY),
        (Gathering.ONE_LIST, MONDAY.date() + A_DAY, HALF_PAST_NINE),
    ],
)
async def test_an_invitation_waits_only_for_the_one_list_of_who_chose_that_and_not_until_the_meeting(
    stack: Stack, tmp_path: Path, choice: Gathering, day: date, expected: datetime
) -> None:
    channel = gathering()
    made = await inviting(stack, tmp_path, channel)
    async with stack.stores.api.municipality(stack.municipality) as connection:
        anna = await people.get(connection, "anna")
        assert anna is not None
        await people.put(connection, anna.model_copy(update={"gathering": choice}))
    await made.plans(day)
    await queued(stack, HALF_PAST_NINE)
    made.told.now = HALF_PAST_NINE

    await made.told.carries()

    assert [each.at for each in apart(channel, "anna")] == [expected]


async def test_what_changes_a_meeting_comes_at_once_to_who_chose_one_list_too(stack: Stack, tmp_path: Path) -> None:
    channel = gathering()
    made = await inviting(stack, tmp_path, channel)
    async with stack.stores.api.municipality(stack.municipality) as connection:
        named = {"person_id": "anna", "name": "Anna", "roles": (Role.CASEWORKER,), "gathering": Gathering.ONE_LIST}
        await people.put(connection, Person.model_validate({**named, "email": "a@b.example", "updated_at": MONDAY}))
    await made.plans()
    await made.told.carries()
    await made.plans(DAY + A_DAY)
    await queued(stack, HALF_PAST_NINE + A_DAY)
    made.told.now = HALF_PAST_NINE + A_DAY

    await made.told.carries()

    assert apart(channel, "anna")[-1].at == HALF_PAST_NINE + A_DAY


async def test_of_a_meeting_that_changed_before_anybody_was_told_only_how_it_stands_now_is_sent(
    stack: Stack, tmp_path: Path
) -> None:
    channel = gathering()
    made = await inviting(stack, tmp_path, channel)
    await made.plans()
    await made.plans(DAY + A_DAY)

    await made.told.carries()

    assert len(apart(channel, "anna")) == len(apart(channel, "bo")) == 1
    async with stack.store.municipality(stack.municipality) as connection:
        assert (await connection.execute(t.errand.select())).all() == []


async def test_who_covers_on_the_day_is_invited_and_not_who_covers_today(stack: Stack, tmp_path: Path) -> None:
    channel = gathering()
    made = await inviting(stack, tmp_path, channel)
    away = [
        Absence(since=MONDAY.date(), until=MONDAY.date() + 3 * A_DAY, covers=(NamedCover(person="olga"),)),
        Absence(since=DAY, until=DAY + A_DAY, covers=(NamedCover(person="carl"),)),
    ]
    async with Calendars(stack.stores.api, stack.cache).changing(stack.municipality, MONDAY.date()) as connection:
        await absences.replace(connection, "anna", away)
    await made.plans()
    await made.told.carries()
    await made.plans(DAY - A_DAY)
    await made.told.carries()

    methods = {
        person: [each.mail.invitation.method for each in apart(channel, person) if each.mail and each.mail.invitation]
        for person in ("anna", "carl", "olga")
    }
    assert methods == {"anna": ["REQUEST"], "carl": ["REQUEST", "CANCEL"], "olga": []}
    assert apart(channel, "anna")[0].at >= MONDAY + 3 * A_DAY, "she is told when she is at work again"
