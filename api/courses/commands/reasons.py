"""Reasons in words, as several commands take them, and taking back with a reason."""

from typing import Final
from uuid import UUID

from pydantic import StrictBool

from api.courses.commands.kept import remove_everywhere, take_back_where_kept
from api.http.fields import Body, PersonalText, examples
from api.http.idempotency import CommandDone, Sender
from api.http.problems import refused
from domain.commands import RetractFact, RetractNote
from domain.errors import Code
from domain.state.facts import RetractionGround
from infra.store.queries import journal
from infra.store.queries.journal import JournalEntry

_REASON: Final = {"reason": "Det var et andet forløb."}


class ReasonBody(Body):
    """Why, in words."""

    reason: PersonalText

    model_config = examples(_REASON)


class RetractBody(ReasonBody):
    """Why it is taken back; what is of another citizen is hidden, and erased when a second person agrees."""

    wrong_citizen: StrictBool = False

    model_config = examples(_REASON, {"reason": "Noten hører til en anden borger.", "wrong_citizen": True})


async def take_back(sender: Sender, course: UUID, command: RetractFact | RetractNote) -> CommandDone:
    """Have a statement or a note taken back, also where it was kept; one that was so already is done (P7).

    Raises ProblemError when the course refuses it.
    """
    done = await _taken_back(sender, course, command)
    entry = command.fact if isinstance(command, RetractFact) else command.note
    if command.wrong_citizen:
        await remove_everywhere(sender, course, entry)
    elif isinstance(command, RetractFact) or command.ground is RetractionGround.WAS_WRONG:
        await take_back_where_kept(sender, course, entry)
    return done


async def _taken_back(sender: Sender, course: UUID, command: RetractFact | RetractNote) -> CommandDone:
    answer = await sender.ask(course, command)
    if not answer.refused:
        return sender.done(course, answer)
    if all(problem.code is Code.NOTHING_TO_RETRACT for problem in answer.refused):
        entry = command.fact if isinstance(command, RetractFact) else command.note
        async with sender.services.store.municipality(sender.caller.municipality) as connection:
            before = await journal.taken_back(connection, course, entry)
        if before is not None and _is_as_much(before, command):
            return sender.done(course, answer.model_copy(update={"revision": before.revision, "refused": ()}))
    raise refused(answer.refused)


def _is_as_much(before: JournalEntry, command: RetractFact | RetractNote) -> bool:
    """Say whether what happened before leaves nothing to do: what is of another citizen is removed as well (P10).

    A note that was taken back on another ground is not taken back on this one.
    """
    detail = before.detail or {}
    if command.wrong_citizen or detail.get("wrong_citizen"):
        return bool(detail.get("wrong_citizen"))
    return isinstance(command, RetractFact) or detail.get("ground", command.ground) == command.ground
