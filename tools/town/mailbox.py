"""From what a script says to the commands that a course's mailbox takes, personal text staged as the API does it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID, uuid4

from clients.courses.script import Act
from domain import commands as cmd
from domain.identity import Actor, Role
from infra.store.engine import Store
from infra.store.registers import texts
from infra.store.registers.texts import TextKind
from rules.loading.library import in_force, shipped

PEOPLE: Final = {
    "caseworker": Actor(person="anna", roles=(Role.CASEWORKER,)),
    "company_consultant": Actor(person="bo", roles=(Role.COMPANY_CONSULTANT,)),
}
CASE_SYSTEM: Final = Actor(person="case-system", roles=(Role.SYSTEM,))


def start_of(body: Mapping[str, Any]) -> cmd.StartCourse:
    """Return the command that starts a course of the rules in force on its first day."""
    started_on = date.fromisoformat(body["started_on"])
    rules = in_force(shipped(), "jobfirst", started_on)
    if rules is None:
        raise ValueError(f"No rules are in force on {started_on}.")
    return cmd.StartCourse(
        id=uuid4(),
        actor=CASE_SYSTEM,
        municipality=body["municipality"],
        unit=body["unit"],
        reference=body["reference"],
        citizen=body["citizen"]["reference"],
        rules=rules.sha256,
        started_on=started_on,
        target_group=body["target_group"],
        caseworker=cmd.PartyClaim(**body["caseworker"]),
        company_consultant=cmd.PartyClaim(**body["company_consultant"]),
    )


async def command_of(act: Act, store: Store, municipality: str) -> cmd.Command:
    """Return the command of an act, given by Anna or Bo, and stage the text that it brings."""
    given: dict[str, Any] = {"id": uuid4(), "actor": PEOPLE[act.by]}
    match act.where:
        case "facts":
            return cmd.ReportFacts(**given, **act.body)
        case "notes":
            note = await _staged(store, municipality, TextKind.NOTE, act.body["text"])
            return cmd.AddNotes(**given, notes=(cmd.NewNote(note=note, note_kind=act.body["kind"]),))
        case "close":
            reason = await _staged(store, municipality, TextKind.REASON, act.body["reason"])
            return cmd.CloseCourse(**given, outcome=act.body["outcome"], reason=reason)
        case _:
            return cmd.Acknowledge(**given, **act.body)


async def _staged(store: Store, municipality: str, kind: TextKind, text: str) -> UUID:
    async with store.municipality(municipality) as connection:
        return await texts.stage(connection, kind, text, "anna", datetime.now(UTC))
