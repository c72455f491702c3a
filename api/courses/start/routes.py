"""Starting a course: once for each case reference, for any caller and however often (P7)."""

from typing import Annotated, Final
from uuid import UUID, uuid4

from fastapi import Query, Response

from api.courses.commands.representation import command_router
from api.courses.fact_input import expect_reportable
from api.courses.read.former import proposals_to_next
from api.courses.role_holders import expect_roles, not_in_directory
from api.courses.start.command import Staged, differences, holders_in, start_command
from api.courses.start.models import CourseStarted, StartBody
from api.courses.start.preview import CoursePlanned, planned
from api.courses.start.reference import citizen_key_of, course_under, expect_same_citizen
from api.http.access import Steerer, expect_own_source
from api.http.codes import ApiCode
from api.http.conditional import etag
from api.http.dependencies import DEFAULT_RULES, GivenServices, Services
from api.http.idempotency import GivenSender, Sender
from api.http.negotiation import CallersLanguage
from api.http.problems import ProblemError, refused, wrong
from api.http.responses import command_problems
from domain.calendar import danish_day
from domain.decide.facts import expect_value
from domain.errors import Code
from domain.state.course import Status
from domain.state.verdict import TARGET_GROUP
from infra.documents.rulebooks import RuleSetVersions
from infra.security.tokens import Claims
from infra.store.courses import record
from infra.store.engine import Connection
from infra.store.queries.courses import VisibleCourse
from infra.store.registers import data_keys, documents, texts
from infra.temporal.keyring import new_wrapped_key
from rules.engine.book import Book
from rules.language.rule_set import RuleSet
from wording.labels import Labels

router = command_router("courses")

_CREATED: Final = 201
_OK: Final = 200
_DryRun = Annotated[bool, Query(description="Decide everything and record nothing.")]


@router.post(
    "/v1/courses",
    status_code=_CREATED,
    summary="Start a course",
    responses={
        _OK: {
            "model": CourseStarted | CoursePlanned,
            "description": "The course under this reference is open already, or it is a dry run.",
        },
        **command_problems(),
    },
)
async def start_course(
    body: StartBody,
    response: Response,
    services: GivenServices,
    caller: Steerer,
    sender: GivenSender,
    language: CallersLanguage,
    dry_run: _DryRun = False,  # noqa: FBT002 - FastAPI passes it by name.
) -> CourseStarted | CoursePlanned:
    """Start a course under the caller's own case reference, or take over one that ran elsewhere until now.

    The same reference again gives the open course; after closing it gives the next one, which `follows` it.
    """
    _expect_own_place(body, caller)
    book = await _read_by_rules(body, services)
    key = citizen_key_of(body, services)
    async with services.store.municipality(caller.municipality) as connection:
        unknown = await _expect_startable(connection, body, sender)
        before = await course_under(connection, body, caller, services)
        if before is not None and await _is_the_one(connection, before, sender):
            return await _existing(connection, body, before, services, response)
        if before is not None and not dry_run:
            expect_same_citizen(key, before, caller, services)
        course = await _next_id(services, body, before)
        text = None if dry_run else await _prepared(connection, body, course, book.rule_set, sender)
    reason = await _shared_role_reason(body, sender, is_recorded=not dry_run)
    staged = Staged(key, text, reason, book.rule_set.sha256, await proposals_to_next(services, before))
    command = start_command(body, sender.in_unit(body.unit).envelope, before, staged, services.clock.now())
    if dry_run:
        response.status_code = _OK
        plan = await planned(services, command, book, Labels(book, language), course)
        return plan.model_copy(update={"not_in_directory": unknown})
    answer = await sender.ask(course, command)
    if any(problem.code in (Code.ALREADY_OPEN, Code.ANOTHER_IS_OPEN) for problem in answer.refused):
        return await _started_meanwhile(body, services, caller, response)
    if answer.refused:
        raise refused(answer.refused)
    response.headers["Location"] = f"/v1/courses/{course}"
    done = sender.done(course, answer).model_dump()
    return CourseStarted(**done, ordinal=command.ordinal, follows=command.follows, not_in_directory=unknown)


def _expect_own_place(body: StartBody, caller: Claims) -> None:
    """Raise ProblemError for another municipality or source, or a unit that the caller's token does not name."""
    expect_own_source(caller, source=body.source)
    if body.municipality != caller.municipality:
        raise wrong(ApiCode.ELSEWHERE, "municipality")
    if caller.unit_limit is not None and body.unit not in caller.unit_limit:
        raise wrong(ApiCode.ELSEWHERE, "unit")


async def _read_by_rules(body: StartBody, services: Services) -> Book:
    """Return the rules of the course; raises ProblemError or RefusedError for what they cannot read."""
    async with services.store.municipality(body.municipality) as connection:
        versions = await services.rulebooks.versions(connection)
    book = await services.rulebooks.book(body.municipality, _rules_for(body, versions, services))
    expect_value(book, TARGET_GROUP, body.target_group, "target_group")
    expect_reportable(book, body.facts)
    return book


def _rules_for(body: StartBody, versions: RuleSetVersions, services: Services) -> str:
    """Return the hash of the rules in force on the day the course starts; raises ProblemError naming what there is."""
    wanted = body.rule_set or DEFAULT_RULES
    first = [version.valid_from for version in versions.usable if version.id == wanted]
    if not first:
        known = sorted({version.id for version in versions.usable})
        raise wrong(ApiCode.RULE_SET_UNKNOWN, "rule_set", known=", ".join(known))
    current = versions.in_force(wanted, body.started_on or danish_day(services.clock.now()))
    if current is None:
        raise wrong(ApiCode.NO_RULES_IN_FORCE, "started_on", first=min(first))
    return current.sha256


async def _expect_startable(connection: Connection, body: StartBody, sender: Sender) -> list[str]:
    """Return the fields of holders whom no directory knows.

    Raises ProblemError for a holder without the role, and for a key that started another reference (P7).
    """
    await expect_roles(connection, holders_in(body))
    started = await record.started_by(connection, sender.command_id) if sender.has_key else None
    if started not in (None, body.reference):
        raise wrong(Code.IDEMPOTENCY_KEY_REUSED, "Idempotency-Key")
    return await not_in_directory(connection, holders_in(body))


async def _is_the_one(connection: Connection, before: VisibleCourse, sender: Sender) -> bool:
    """Say whether the course is open, or was started by this very request before it was closed (P7)."""
    if before.row.status is not Status.COMPLETED:
        return True
    return await record.recorded(connection, before.row.course_id, sender.command_id) is not None


async def _next_id(services: Services, body: StartBody, before: VisibleCourse | None) -> UUID:
    """Return the id of the course after `before`, or of the first one under the reference."""
    ordinal = before.row.ordinal + 1 if before else 1
    return await services.course_ids.course_id(body.municipality, body.reference, ordinal)


async def _existing(
    connection: Connection, body: StartBody, current: VisibleCourse, services: Services, response: Response
) -> CourseStarted:
    """Return the course that is there already, and what the request has otherwise."""
    row, state = current.row, current.state
    book = await services.rulebooks.book(body.municipality, row.rules_sha256)
    names = await texts.texts(connection, [row.citizen_text] if row.citizen_text else [])
    name = names.get(row.citizen_text) if row.citizen_text else None
    response.status_code = _OK
    response.headers["Location"] = f"/v1/courses/{row.course_id}"
    response.headers["ETag"] = etag(row.revision)
    return CourseStarted(
        course=row.course_id,
        revision=row.revision,
        applied_revision=row.revision,
        ordinal=row.ordinal,
        follows=row.follows,
        not_in_directory=await not_in_directory(connection, holders_in(body)),
        differs=list(differences(body, state, book, name)),
    )


async def _prepared(
    connection: Connection, body: StartBody, course: UUID, rules: RuleSet, sender: Sender
) -> UUID | None:
    """Keep what must be there before the command: the course's data key, its rules by hash, and the citizen's name.

    Returns the id of the name, if there is one.
    """
    settings = sender.services.settings
    await data_keys.ensure(
        connection, course, new_wrapped_key(settings.master_key_bytes, settings.master_key_id, str(course))
    )
    await documents.put_rule_set(connection, rules)
    name, now = body.citizen.name, sender.services.clock.now()
    kind, by = texts.TextKind.CITIZEN_NAME, sender.caller.person
    return await texts.stage(connection, kind, name, by, now) if name else None


async def _shared_role_reason(body: StartBody, sender: Sender, *, is_recorded: bool) -> UUID | None:
    """Keep why one person has both roles, where that is so; of a dry run nothing is kept."""
    if not body.shared_role or body.shared_role_reason is None:
        return None
    return await sender.reason(body.shared_role_reason) if is_recorded else uuid4()


async def _started_meanwhile(body: StartBody, services: Services, caller: Claims, response: Response) -> CourseStarted:
    """Return the course that somebody else started between our look and our command."""
    async with services.store.municipality(caller.municipality) as connection:
        current = await course_under(connection, body, caller, services)
        if current is None:
            raise ProblemError(Code.INTERNAL)
        return await _existing(connection, body, current, services, response)
