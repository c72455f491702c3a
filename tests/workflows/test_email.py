"""Mails are handed in over TLS, each person's once, and again only when nobody knows whether they were taken (P7)."""

import asyncio
from collections import Counter
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from aiosmtplib import SMTPServerDisconnected

from activities import carry
from activities.channels import Batch, ChannelAwayError, Mail, RejectedError
from activities.channels import email as email_channel
from activities.channels.email import EmailChannel
from domain.identity import Role
from infra.smtp_server import Security, SmtpServer, read_smtp_url
from infra.store import tables as t
from infra.store.registers import people
from infra.store.registers.people import Person
from tests.workflows.mail_server import HOST, Certificates, MailServer, serving
from tests.workflows.outward import MONDAY, ended
from tests.workflows.vocabulary import Stack

MAIL = Mail(
    to="bo@kommune.example",
    language="da",
    subject="Kvittér: Virksomhedsbesøg, sag 26-0417",
    text="Læs orienteringen, og kvittér for den.\n",
    html="<p>Læs orienteringen, og kvittér for den.</p>",
)


@pytest.fixture
def certificates(tmp_path: Path) -> Certificates:
    return Certificates(tmp_path / "certificates")


def batch(mail: Mail | None = MAIL) -> Batch:
    return Batch(id=uuid4(), municipality="0990", recipient="bo", at=MONDAY, members=(), mail=mail)


def channel(server: MailServer, security: Security = Security.NONE, ca_file: Path | None = None) -> EmailChannel:
    return EmailChannel(SmtpServer(security, HOST, server.port), "fodslag@kommune.example", ca_file)


@pytest.mark.parametrize(
    "hidden", ["=?utf-8?q?=0d=0aBcc:_x@fremmed.example?=", "=?utf-8?b?DQoNCkhlag==?=", "=?ascii?q?=ff?="]
)
async def test_no_word_of_a_rule_set_becomes_a_header_or_a_text(hidden: str) -> None:
    subject = f"Kvittér: Møde {hidden}, sag 26-0417"
    async with serving(MailServer()) as server:
        await channel(server).carry(batch(MAIL.model_copy(update={"subject": subject})))
        await channel(server).carry(batch())

    harmful, usual = server.messages
    assert harmful.keys() == usual.keys()
    assert harmful["Subject"] == subject.replace("=?", "= ?")


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
async def test_a_mail_is_handed_in_over_tls_and_is_sent_but_not_delivered(
    certificates: Certificates, security: Security
) -> None:
    context = certificates.context
    how = {"tls": context} if security is Security.TLS else {"starttls": context}
    async with serving(MailServer(), **how) as server:
        is_delivered = await channel(server, security, certificates.ca_file).carry(brought := batch())

    assert is_delivered is False
    (message,) = server.messages
    assert message["Message-ID"] == f"<{brought.id}@kommune.example>"
    assert (message["To"], message["Subject"]) == (MAIL.to, MAIL.subject)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "da"
    parts = {part.get_content_type(): part.get_content().splitlines() for part in message.iter_parts()}
    assert parts == {"text/plain": MAIL.text.splitlines(), "text/html": [MAIL.html]}


async def test_a_server_from_which_starttls_was_stripped_gets_nothing() -> None:
    async with serving(MailServer()) as server:
        with pytest.raises(ChannelAwayError):
            await channel(server, Security.STARTTLS).carry(batch())

    assert server.taken == []


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
async def test_a_server_with_a_bad_certificate_gets_nothing(
    certificates: Certificates, tmp_path: Path, security: Security
) -> None:
    context = certificates.context
    other = Certificates(tmp_path / "others").ca_file
    how = {"tls": context} if security is Security.TLS else {"starttls": context}
    async with serving(MailServer(), **how) as server:
        for ca_file in (other, None):
            with pytest.raises(ChannelAwayError) as refused:
                await channel(server, security, ca_file).carry(batch())
            assert not isinstance(refused.value, RejectedError)

    assert server.taken == []


@pytest.mark.parametrize(
    ("stage", "answer", "is_for_good"),
    [
        ("mail", "451 Later", False),
        ("mail", "550 Not you", False),
        ("rcpt", "450 Busy", False),
        ("rcpt", "550 Nobody here", True),
        ("data", "451 Later", False),
        ("data", "554 Not this", True),
    ],
)
async def test_what_a_server_refuses_was_certainly_not_taken(stage: str, answer: str, *, is_for_good: bool) -> None:
    async with serving(MailServer(answers={stage: [answer]})) as server:
        with pytest.raises(ChannelAwayError) as refused:
            await channel(server).carry(batch())

        assert isinstance(refused.value, RejectedError) is is_for_good
        assert server.taken == []
        await channel(server).carry(batch())
    assert len(server.taken) == 1


async def test_a_server_that_is_not_there_took_nothing() -> None:
    async with serving(MailServer()) as server:
        pass

    with pytest.raises(ChannelAwayError):
        await channel(server).carry(batch())


async def test_a_server_that_does_not_greet_took_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(email_channel, "BEFORE_THE_MESSAGE", 0.2)
    silent = await asyncio.get_running_loop().create_server(asyncio.Protocol, HOST, 0)
    server = MailServer(port=silent.sockets[0].getsockname()[1])

    with pytest.raises(ChannelAwayError):
        await channel(server).carry(batch())
    silent.close()


async def test_a_connection_that_drops_after_the_message_leaves_open_whether_it_was_taken() -> None:
    brought = batch()
    async with serving(MailServer(drops=1)) as server:
        with pytest.raises(SMTPServerDisconnected):
            await channel(server).carry(brought)

        await channel(server).carry(brought)

    first, second = server.taken
    assert first == second, "the same to the last byte"


async def test_who_has_no_address_cannot_be_reached() -> None:
    for mail in (None, MAIL.model_copy(update={"to": None})):
        with pytest.raises(RejectedError):
            await channel(MailServer(port=1)).carry(batch(mail))


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtps://u:p%40@mail.example", SmtpServer(Security.TLS, "mail.example", 465, "u", "p@")),
        ("smtp://mail.example", SmtpServer(Security.STARTTLS, "mail.example", 587)),
        ("smtp+plain://127.0.0.1:2525", SmtpServer(Security.NONE, "127.0.0.1", 2525)),
    ],
)
def test_an_address_says_how_mail_is_handed_in(url: str, server: SmtpServer) -> None:
    assert read_smtp_url(url) == server


@pytest.mark.parametrize("url", ["mail.example", "https://mail.example", "smtp://", "smtp+plain://mail.example"])
def test_an_address_that_protects_nothing_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"/ "):
        read_smtp_url(url)


SHAPES = {
    "a refusal for now": lambda: MailServer(answers={"rcpt": ["450 Busy"]}),
    "a refusal of the message for now": lambda: MailServer(answers={"data": ["451 Later", "452 Full"]}),
    "a connection that drops after acceptance": lambda: MailServer(drops=1),
    "an answer that comes too late": lambda: MailServer(stalls=1),
    "one after the other": lambda: MailServer(answers={"mail": ["421 Closing"]}, drops=2),
}


@pytest.mark.parametrize("shape", SHAPES)
async def test_nobody_is_told_twice_but_after_an_attempt_without_an_end_by_the_same_mail_and_counted(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, shape: str
) -> None:
    monkeypatch.setattr(carry, "ATTEMPT_WITHIN", timedelta(seconds=1))
    async with stack.stores.api.municipality(stack.municipality) as connection:
        for person in ("anna", "bo"):
            named = {"person_id": person, "name": person, "roles": (Role.CASEWORKER,), "updated_at": MONDAY}
            await people.put(connection, Person.model_validate({**named, "email": f"{person}@kommune.example"}))
    async with serving(SHAPES[shape]()) as server:
        told = await ended(stack, channel(server))
        rows = await told.carries()

    async with stack.store.municipality(stack.municipality) as connection:
        deliveries = (await connection.execute(t.delivery.select())).all()
    sent = Counter(message["Message-ID"] for message in server.messages)
    assert len(set(server.taken)) == len(sent) == len(rows), "a mail of one identity has one wording"
    begun = Counter(f"<{row.batch_id}@kommune.example>" for row in deliveries if row.outcome == "begun")
    assert sent == Counter(dict.fromkeys(sent, 1)) + begun
    assert all(row.sent_at is not None and row.delivered_at is None for row in rows)
    assert sum(row.attempts for row in rows) == len(deliveries)
