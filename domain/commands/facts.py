"""Commands about facts: reporting them, and putting right what was wrong."""

from datetime import date
from typing import Literal
from uuid import UUID

from domain.commands.base import CommandBase
from domain.commands.notes import NewNote
from domain.model import Instant
from domain.state.facts import FactValue


class ReportFacts(CommandBase):
    """Report facts and `notes`, all or nothing; `answers` is the dispute that they settle.

    `acknowledge` is the version whose full text the reporter has read, or the digest of what he was shown would follow.
    """

    kind: Literal["report_facts"] = "report_facts"
    facts: dict[str, FactValue]
    notes: tuple[NewNote, ...] = ()
    visit: int | None = None
    occurred_on: date | None = None
    source: str | None = None
    source_event_id: str | None = None
    issued_at: Instant | None = None
    answers: UUID | None = None
    acknowledge: int | str | None = None

    @property
    def keeps_refusal(self) -> bool:
        """A source's event, and what was shown, name what happened and not the request, so a refusal passes."""
        return self.source_event_id is None and not isinstance(self.acknowledge, str)


class RetractFact(CommandBase):
    """Take back one statement that was wrong; `fact` is the statement's id.

    One of the `wrong_citizen` is hidden everywhere, and a second person who takes it back too has it erased (P10).
    """

    kind: Literal["retract_fact"] = "retract_fact"
    fact: UUID
    reason: UUID
    wrong_citizen: bool = False


class RemoveFact(CommandBase):
    """Hide a statement of another citizen, also one that counts no more, until a second person agrees (P10).

    `fact` is the statement's id, and `name` that of the fact it is of.
    """

    kind: Literal["remove_fact"] = "remove_fact"
    fact: UUID
    name: str
    reason: UUID


class SupersedeFact(CommandBase):
    """Put the right statement in the place of one that was wrong; `fact` is the wrong one's id."""

    kind: Literal["supersede_fact"] = "supersede_fact"
    fact: UUID
    value: FactValue
    occurred_on: date | None = None
    reason: UUID
