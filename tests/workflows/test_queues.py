"""A queue that holds a role is told by mail at the address of its unit, and one without an address is found (P5)."""

from activities.channels.email import EmailChannel
from domain import commands as cmd
from domain.state.course import CourseState
from infra.smtp_server import Security, SmtpServer
from infra.store import tables as t
from infra.store.finding_rows import FindingKind, Found
from infra.store.queries import audit
from infra.store.registers import units
from tests.workflows.mail_server import HOST, MailServer, serving
from tests.workflows.outward import HALF_PAST_NINE, MONDAY, NOON, Ended, Recording, queued
from tests.workflows.vocabulary import Stack, after, applied

ADDRESS = "job@kommune.example"


async def queueing(stack: Stack, *channels: EmailChannel | Recording) -> Ended:
    """Return a course without Temporal whose company consultant is still to be found in a queue."""
    stack.channels = channels
    course = await stack.new_course()
    state = CourseState(course=course.id, municipality=stack.municipality)
    start = course.start(company_consultant=cmd.PartyClaim(unit="job"))
    return Ended(course, after(state, await applied(stack, state, start)))


async def has_address(stack: Stack, email: str | None = ADDRESS) -> None:
    async with stack.stores.api.municipality(stack.municipality) as connection:
        await units.put(connection, "job", "Jobcenter", MONDAY, email)


async def found(stack: Stack) -> list[Found]:
    async with stack.store.municipality(stack.municipality) as connection:
        return await audit.look(connection, FindingKind.QUEUE_WITHOUT_ADDRESS, MONDAY)


def over_mail(server: MailServer) -> EmailChannel:
    return EmailChannel(SmtpServer(Security.NONE, HOST, server.port), "fodslag@kommune.example")


async def test_a_queue_is_told_at_its_unit_s_address_what_is_to_be_given_to_somebody(stack: Stack) -> None:
    await has_address(stack)
    async with serving(MailServer()) as server:
        told = await queueing(stack, over_mail(server))
        await told.carries()

    (message,) = (message for message in server.messages if message["To"] == ADDRESS)
    assert message["Subject"].startswith("Fordel: ")
    assert await found(stack) == []


async def test_what_can_wait_comes_to_a_queue_in_lists_of_the_office_s_day(stack: Stack) -> None:
    channel = Recording(gathers=True)
    told = await queueing(stack, channel)
    await queued(stack, HALF_PAST_NINE)
    told.now = HALF_PAST_NINE

    await told.carries()

    assert [batch.at for batch in channel.received if batch.recipient == "unit/job"] == [NOON]


async def test_a_queue_whose_unit_has_no_address_is_found_until_it_has_one(stack: Stack) -> None:
    async with serving(MailServer()) as server:
        told = await queueing(stack, over_mail(server))
        assert await found(stack) == []

        await told.carries()

    course = told.course.id
    assert await found(stack) == [Found(FindingKind.QUEUE_WITHOUT_ADDRESS, course, course, "job")]
    assert told.unreachable == []
    await has_address(stack)
    assert await found(stack) == []


async def test_nothing_is_found_where_no_mail_is_sent(stack: Stack) -> None:
    told = await queueing(stack, Recording())

    await told.carries()

    assert await found(stack) == []


async def test_nothing_is_found_of_a_queue_any_more_once_somebody_has_the_role(stack: Stack) -> None:
    async with serving(MailServer()) as server:
        told = await queueing(stack, over_mail(server))
        await told.carries()
        async with stack.store.municipality(stack.municipality) as connection:
            to_queue = t.notice.c.recipient_kind == "unit"
            await connection.execute(t.notice.update().where(to_queue).values(done_at=MONDAY))

    assert await found(stack) == []
