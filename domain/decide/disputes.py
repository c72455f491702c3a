"""Deciding what a receipt is taken back by: a slip, soon after it was given, or a dispute until it is ended (P1)."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from domain import commands as cmd
from domain import events as ev
from domain.decide.decision import Decision, decides
from domain.decide.informing import acting_for, expect_read, expect_role_in_token, roles_informed
from domain.errors import Code, refuse
from domain.identity import GATE_ROLES, Role
from domain.state.briefing import Dispute
from domain.state.course import Visit

MOST_DISPUTES: Final = 20
"""How many disputes one version of a visit may gather before they are settled and the visit goes on."""


TAKEN_BACK_WITHIN: Final = timedelta(minutes=10)
"""How long after a receipt it can be taken back as a slip."""


@decides(cmd.TakeBackAcknowledgement)
def take_back_acknowledgement(decision: Decision, command: cmd.TakeBackAcknowledgement) -> None:
    """Take back the receipts of a version that the actor gave, soon after and while nothing went on by it (P1).

    Without any it is done already. Refuses with `briefing-missing`, `receipt-stands`, `version-outdated`,
    `version-used-up`, `visit-unknown`.
    """
    read = cmd.ReadBriefing(briefing=command.briefing, version=command.version)
    visit, briefing = expect_read(decision, read)
    own = [one for one in briefing.receipts if one.by == decision.actor.person and not one.disputed]
    if any(decision.now - one.at > TAKEN_BACK_WITHIN for one in own):
        raise refuse(Code.RECEIPT_STANDS, minutes=TAKEN_BACK_WITHIN // timedelta(minutes=1))
    for person in dict.fromkeys(one.person for one in own):
        decision.record(
            ev.AcknowledgementTakenBack,
            visit=visit.number,
            version=briefing.version,
            roles=tuple(one.role for one in own if one.person == person),
            person=person,
        )


@decides(cmd.Dispute)
def dispute(decision: Decision, command: cmd.Dispute) -> None:
    """Record that a role, or its registered cover, finds the current version wrong; its receipt no longer counts.

    Refuses with `briefing-missing`, `disputes-too-many`, `nobody-in-role`, `not-the-party`, `role-not-yours`,
    `version-outdated`, `version-used-up`, `visit-unknown`.
    """
    read = cmd.ReadBriefing(briefing=command.briefing, version=command.version)
    visit, briefing = expect_read(decision, read)
    person = acting_for(decision, command.role)
    roles = roles_informed(decision, command, person)
    expect_role_in_token(decision, person, roles)
    if len(visit.disputes) >= MOST_DISPUTES:
        raise refuse(Code.DISPUTES_TOO_MANY, most=MOST_DISPUTES)
    decision.record(
        ev.BriefingDisputed,
        visit=visit.number,
        version=briefing.version,
        roles=roles,
        person=person,
        reason=command.reason,
    )


@decides(cmd.EndDispute)
def end_dispute(decision: Decision, command: cmd.EndDispute) -> None:
    """End a dispute with a reason: as who holds its role, his registered cover or a supervisor.

    One that is ended is left alone.

    Refuses with `dispute-unknown`, `not-the-party`.
    """
    visit, disputed = _dispute(decision, command.dispute, "dispute")
    own = (decision.actor.person, *decision.actor.covers)
    is_own = any(decision.state.holder(role) in own for role in disputed.roles)
    if not is_own and Role.SUPERVISOR not in decision.actor.roles:
        raise refuse(Code.NOT_THE_PARTY, "dispute")
    if disputed.is_open:
        decision.record(ev.DisputeEnded, visit=visit.number, dispute=disputed.id, reason=command.reason)


def find_dispute(decision: Decision, dispute_id: UUID) -> tuple[Visit, Dispute] | None:
    """Return a dispute of an open visit, with the visit."""
    for visit in decision.state.open_visits:
        for known in visit.disputes:
            if known.id == dispute_id:
                return visit, known
    return None


def answer_dispute(decision: Decision, dispute_id: UUID, by: tuple[UUID, ...]) -> None:
    """End a dispute by the notes and statements of a command that names it.

    Raises RefusedError for a stranger and for none of the course.
    """
    visit, disputed = _dispute(decision, dispute_id, "answers")
    holders = {decision.state.holder(role) for role in GATE_ROLES}
    is_party = not holders.isdisjoint({decision.actor.person, *decision.actor.covers})
    if not is_party and Role.SUPERVISOR not in decision.actor.roles:
        raise refuse(Code.NOT_THE_PARTY, "answers")
    if disputed.is_open:
        decision.record(ev.DisputeEnded, visit=visit.number, dispute=disputed.id, answered_by=by)


def _dispute(decision: Decision, dispute_id: UUID, field: str) -> tuple[Visit, Dispute]:
    found = find_dispute(decision, dispute_id)
    if found is None:
        raise refuse(Code.DISPUTE_UNKNOWN, field)
    return found
