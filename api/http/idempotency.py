"""Sending commands: the identity under which a repeat is recognised, and the way to the course and back (P7)."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Final, TypedDict
from uuid import UUID, uuid4

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel, Field

from api.http.budgets import too_many
from api.http.caller import Caller, acts_as, reach_of
from api.http.codes import ApiCode
from api.http.conditional import GivenCondition, etag
from api.http.correlation import correlation_id_of
from api.http.dependencies import GivenServices, Services
from api.http.problems import ProblemError, refused, wrong
from api.http.request_body import CleanBody, Json, canonical_body
from domain.commands import Command
from domain.errors import Code
from domain.identity import Actor, Role, Unit, command_id
from infra.security.keyed_digest import body_digest, keyed_digest, update_id
from infra.security.tokens import Claims
from infra.store.registers import texts
from workflows.mailbox import send
from workflows.messages import Answer, CourseInput

_KEY: Final = re.compile(r"[\x21-\x7e]{1,255}")

_IdempotencyKey = Annotated[
    str | None,
    Header(alias="Idempotency-Key", description="Names the request, so that a repeat does nothing twice."),
]


_NOT_CURRENT: Final = frozenset({Code.VERSION_OUTDATED, Code.REPORTED_NOT_ACKNOWLEDGED})


class NotCurrentError(ProblemError):
    """A receipt that was not recorded, because what the command says was read is not what both must know now."""

    def __init__(self, refusal: ProblemError, course: UUID, command: Command) -> None:
        super().__init__(refusal.code, *refusal.issues)
        self.params = refusal.params
        self.course = course
        self.command = command


class CommandDone(BaseModel):
    """The command was done; a repeat has the revision it gave the first time as `applied_revision`."""

    course: UUID
    revision: int = Field(description="The revision of the course now, which is its ETag.")
    applied_revision: int = Field(description="The revision this command gave.")


class Envelope(TypedDict):
    """What every command carries."""

    id: UUID
    actor: Actor
    digest: str
    expected_revisions: tuple[int, ...] | None
    correlation: str


@dataclass(slots=True)
class Sender:
    """One commanding request, and how its command reaches the course."""

    services: Services
    request: Request
    caller: Claims
    response: Response
    digest: str
    command_id: UUID
    expected_revisions: tuple[int, ...] | None
    correlation: str
    has_key: bool
    reused: ApiCode | Code = field(default=Code.IDEMPOTENCY_KEY_REUSED)
    covers: tuple[str, ...] = ()
    roles: frozenset[Role] | None = None

    @property
    def envelope(self) -> Envelope:
        """Return the fields that every command has: id, actor, digest and correlation.

        The actor has the roles that the caller has in the course of the request, or the `roles` of one of several
        (P14); raises AttributeError where nobody has looked which they are.
        """
        roles = acts_as(self.request) if self.roles is None else self.roles
        return Envelope(
            id=self.command_id,
            actor=Actor(person=self.caller.person, roles=tuple(sorted(roles)), covers=self.covers),
            digest=self.digest,
            expected_revisions=self.expected_revisions,
            correlation=self.correlation,
        )

    def covering(self, persons: tuple[str, ...]) -> "Sender":
        """Return the same for a command to a course in which the caller covers for these."""
        return replace(self, covers=persons)

    def acting_as(self, roles: frozenset[Role]) -> "Sender":
        """Return the same for a command to a course in which the caller has these roles."""
        return replace(self, roles=roles)

    def in_unit(self, unit: Unit) -> "Sender":
        """Return the same for a command to a course of a unit that the caller works with."""
        return self.acting_as(reach_of(self.caller, self.services.clock.now()).roles_in(unit))

    def identify_by_event(self, course: UUID, source: str | None, event: str) -> None:
        """Let caller, source and its own event id be the command's identity, so that the same event twice is once."""
        event_key = (self.caller.municipality, self.caller.person, str(course), source or "", event)
        key = self.services.settings.hmac_key_bytes
        self.command_id = _as_uuid(keyed_digest(key, "source-event", *(part.encode() for part in event_key)))
        self.reused = ApiCode.SOURCE_EVENT_REUSED

    def reading(self, course: UUID, read: int | str | None) -> "Sender":
        """Return the sender of a report that may say what was read.

        By the digest of what was shown the report itself is known again, if the request is not named (P7).
        """
        return self.known_by_body(course) if isinstance(read, str) else self

    def named(self, name: str) -> "Sender":
        """Return the sender of a request that its form names, as programs do by header; raises ProblemError (P7)."""
        return replace(self, command_id=_named(self.services, self.request, self.caller, name), has_key=True)

    def known_by_body(self, course: UUID) -> "Sender":
        """Return the sender of what the same person says once in the same words, if the request is not named (P7)."""
        if self.has_key:
            return self
        names = (self.caller.municipality, self.caller.person, str(course), self.digest)
        digest = keyed_digest(self.services.settings.hmac_key_bytes, "body", *(name.encode() for name in names))
        return replace(self, command_id=_as_uuid(digest))

    def for_part(self, course: UUID, cause: str, body: Json) -> "Sender":
        """Return the sender of the part `body` of this request for one course, recognised by itself when repeated."""
        return replace(
            self,
            digest=body_digest(self.services.settings.hmac_key_bytes, canonical_body(body)),
            command_id=command_id(course, f"{cause}/{self.command_id}"),
        )

    async def stage(self, kind: texts.TextKind, text: str) -> UUID:
        """Keep a personal text in the store and return the id by which commands name it (P10)."""
        return (await self.stage_each(kind, [text]))[0]

    async def stage_each(self, kind: texts.TextKind, words: Sequence[str]) -> list[UUID]:
        """Keep personal texts in the store and return the ids by which commands name them, in their order (P10)."""
        if not words:
            return []
        by, now = self.caller.person, self.services.clock.now()
        async with self.services.store.at_once() as connection:
            return await texts.stage_each(connection, self.caller.municipality, kind, words, by, now)

    async def reason(self, text: str, known: Collection[UUID] = ()) -> UUID:
        """Keep a reason in words; return its id, or that of the same words among those `known`."""
        async with self.services.store.municipality(self.caller.municipality) as connection:
            written = await texts.texts(connection, known) if known else {}
        same = next((name for name in known if written.get(name) == text), None)
        return same or await self.stage(texts.TextKind.REASON, text)

    async def ask(self, course: UUID, command: Command) -> Answer:
        """Return the course's answer, refusals among them; raises CourseAwayError, and ProblemError for a reused id."""
        to = CourseInput(course=course, municipality=self.caller.municipality)
        key = (self.caller.municipality, self.caller.person, course)
        with too_many(), self.services.budgets.commands.one_of(key):
            answer = await send(self.services.client, to, command)
        is_reused = any(problem.code is Code.IDEMPOTENCY_KEY_REUSED for problem in answer.refused)
        if is_reused or answer.digest != command.digest:
            name = "source_event_id" if self.reused is ApiCode.SOURCE_EVENT_REUSED else "Idempotency-Key"
            raise wrong(self.reused, name)
        return answer

    async def send(self, course: UUID, command: Command) -> CommandDone:
        """Have a command done; raises ProblemError when the course refuses it, CourseAwayError without an answer."""
        return self.expect_done(course, command, await self.ask(course, command))

    def expect_done(self, course: UUID, command: Command, answer: Answer) -> CommandDone:
        """Return the answer to a command that was done; raises ProblemError when the course refused it."""
        if not answer.refused:
            return self.done(course, answer)
        refusal = refused(answer.refused)
        raise NotCurrentError(refusal, course, command) if refusal.code in _NOT_CURRENT else refusal

    def done(self, course: UUID, answer: Answer) -> CommandDone:
        """Return the answer to a command that was done."""
        revision = answer.course_revision or answer.revision
        self.response.headers["ETag"] = etag(revision)
        return CommandDone(course=course, revision=revision, applied_revision=answer.revision)


async def sender(
    request: Request,
    response: Response,
    services: GivenServices,
    caller: Caller,
    body: CleanBody,
    expected: GivenCondition,
    idempotency_key: _IdempotencyKey = None,
) -> Sender:
    """Return the sender of this request; raises ProblemError for a header that cannot be read."""
    return Sender(
        services=services,
        request=request,
        caller=caller,
        response=response,
        digest=body_digest(services.settings.hmac_key_bytes, canonical_body(body)),
        command_id=_named(services, request, caller, idempotency_key) if idempotency_key is not None else uuid4(),
        expected_revisions=expected.revisions,
        correlation=correlation_id_of(request.scope),
        has_key=idempotency_key is not None,
    )


GivenSender = Annotated[Sender, Depends(sender)]


def _named(services: Services, request: Request, caller: Claims, name: str) -> UUID:
    """Return the identity of a request by its name, its caller and its route."""
    if not _KEY.fullmatch(name):
        raise wrong(ApiCode.HEADER_MALFORMED, "Idempotency-Key", expected="1–255 ASCII")
    route = f"{request.method} {request.url.path}"
    by = f"{caller.municipality}/{caller.person}"
    return _as_uuid(update_id(services.settings.hmac_key_bytes, by, route, name))


def _as_uuid(digest: str) -> UUID:
    return UUID(hex=digest[:32])
