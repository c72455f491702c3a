"""Who acts and what things are called: roles, actors and the deterministic identities that survive every retry."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Final
from uuid import UUID, uuid5

from pydantic import StringConstraints

from domain.model import Model, canonical

_NAMESPACE: Final = UUID("6d0f4c0e-0f0d-5a1a-9c59-f0d51a6f0d51")

Municipality = Annotated[str, StringConstraints(pattern=r"^[0-9]{3,4}$")]
Unit = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
PersonId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._@-]{0,63}$")]
Reference = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$")]

WHOLE_MUNICIPALITY: Final = "*"
"""How a token says the whole municipality, where it names units; one that names none sees nothing by unit."""

ENGINE: Final = "@fodslag"
"""The actor of what happens by itself: time passing, deliveries, reconciliation; no person is called so."""


class Role(StrEnum):
    """What somebody may be in a token; the first two hold a course together (P1)."""

    CASEWORKER = "caseworker"
    COMPANY_CONSULTANT = "company_consultant"
    SUPERVISOR = "supervisor"
    OBSERVER = "observer"
    SYSTEM = "system"
    RULE_EDITOR = "rule_editor"
    DATA_PROTECTION = "data_protection"
    OPERATOR = "operator"


ACTING: Final = frozenset({Role.CASEWORKER, Role.COMPANY_CONSULTANT, Role.SUPERVISOR, Role.SYSTEM})
"""The roles of those who carry courses on; who has none of them may at most observe."""

GATE_ROLES: Final = (Role.CASEWORKER, Role.COMPANY_CONSULTANT)
"""The two roles that must both be informed before a visit is advanced (P1)."""


class Actor(Model):
    """The human or system behind a command; `covers` are the persons it is the registered cover of now."""

    person: str
    roles: tuple[Role, ...] = ()
    covers: tuple[str, ...] = ()

    @property
    def is_system(self) -> bool:
        """Say whether this is a machine; a machine reports facts and informs nobody."""
        return Role.SYSTEM in self.roles or self.person == ENGINE


ENGINE_ACTOR: Final = Actor(person=ENGINE, roles=(Role.SYSTEM,))


def notice_id(course: UUID, about: str, subject: Model, recipient: Model) -> UUID:
    """Return the one identity of the notice about a subject to a recipient (P7)."""
    dumped = (part.model_dump(mode="json", exclude_none=True) for part in (subject, recipient))
    return uuid5(_NAMESPACE, f"notice/{course}/{canonical([about, *dumped]).decode()}")


def absence_notice_id(municipality: str, about: str, person: str, since: date, recipient: Model) -> UUID:
    """Return the one identity of a notice about an absence, which is of no course, to a recipient (P7)."""
    named = [about, person, since.isoformat(), recipient.model_dump(mode="json")]
    return uuid5(_NAMESPACE, f"absence/{municipality}/{canonical(named).decode()}")


def escalation_id(course: UUID, waiting: Model, since: datetime) -> UUID:
    """Return the one identity of the escalation of a wait, which is another one when the wait begins anew (P7)."""
    key = canonical(waiting.model_dump(mode="json", exclude_none=True)).decode()
    return uuid5(_NAMESPACE, f"escalation/{course}/{key}/{since.astimezone(UTC).isoformat()}")


def command_id(course: UUID, cause: str) -> UUID:
    """Return the identity of a command that follows from `cause` alone, so that a repeat is recognised (P7)."""
    return uuid5(_NAMESPACE, f"command/{course}/{cause}")


def entry_id(command: UUID, part: str) -> UUID:
    """Return the identity of a `part` of what `command` recorded, such as one fact."""
    return uuid5(_NAMESPACE, f"entry/{command}/{part}")


def batch_id(notices: Iterable[UUID], channel: str, person: str) -> UUID:
    """Return the one identity of the message that brings some notices over a channel to a person together (P7)."""
    members = "/".join(sorted(map(str, notices)))
    return uuid5(_NAMESPACE, f"batch/{members}/{channel}/{person}")


def webhook_delivery_id(webhook: UUID, event: str) -> UUID:
    """Return the one identity of the delivery of an event to a webhook (P7)."""
    return uuid5(_NAMESPACE, f"webhook/{webhook}/{event}")


def course_workflow_id(course: UUID) -> str:
    """Return the workflow id of a course."""
    return f"course/{course}"
