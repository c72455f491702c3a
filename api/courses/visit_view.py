"""A visit as it is read: its gate, its briefing and what became of each role's notice of it (P1, P4)."""

from collections.abc import Iterable

from api.courses.deadline_view import deadlines_read
from api.courses.read_models import (
    BriefingStatus,
    GateRead,
    ReceiptRead,
    RequirementRead,
    StepRead,
    VisitRead,
)
from api.courses.shelf import Shelf
from api.phrases import Phrases
from domain.briefing import Briefing, Receipt
from domain.course import CourseState, Visit
from domain.identity import GATE_ROLES, Role, person_address
from domain.verdict import Outcome
from domain.waiting import WaitingKind
from infra.store.rows import NoticeRow, VisitRow
from rules.explained import ExplainedVisit
from rules.steps import Level


def steps_read(steps: Iterable[str], phrases: Phrases) -> list[StepRead]:
    """Return steps with what they are called."""
    return [StepRead(id=step, label=phrases.step(step)) for step in steps]


def visit_read(
    row: VisitRow, state: CourseState, shelf: Shelf, explained: ExplainedVisit | None, phrases: Phrases
) -> VisitRead:
    """Return a visit; of one that the course itself has forgotten only what the store's row says."""
    visit = state.visit(row.number)
    briefing = visit.briefing if visit else None
    return VisitRead(
        number=row.number,
        step=StepRead(id=row.step, label=phrases.step(row.step)),
        ordinal=row.ordinal,
        is_open=row.left_at is None,
        entered_on=row.entered_on,
        entered_at=row.entered_at,
        left_at=row.left_at,
        went_ahead=row.went_ahead,
        withdrawn=row.withdrawn,
        to=steps_read(visit.to if visit else (), phrases),
        closing=visit.closing if visit else None,
        waived=list(visit.waived) if visit else [],
        gate=_gate(visit, phrases) if visit else None,
        deadlines=deadlines_read(explained, phrases),
        briefing=_briefing(row.number, briefing, state, shelf) if briefing else None,
    )


def _gate(visit: Visit, phrases: Phrases) -> GateRead:
    judged = visit.judgement
    requirements = [_requirement(name, visit, phrases) for name in judged.outcomes]
    to = None if judged.to is None else steps_read(judged.to, phrases)
    return GateRead(is_ready=judged.ready, requirements=requirements, to=to, closing=judged.closing)


def _requirement(name: str, visit: Visit, phrases: Phrases) -> RequirementRead:
    declared = phrases.requirements.get(name)
    return RequirementRead(
        id=name,
        text=phrases.requirement(name),
        reference=declared.reference if declared else None,
        outcome=Outcome(visit.judgement.outcomes[name]),
        blocks=declared is not None and declared.level is Level.BLOCK,
        roles=list(declared.roles) if declared else [],
        due=visit.judgement.due.get(name),
        can_be_waived=name in phrases.book.waivable(visit.step),
    )


def _briefing(number: int, briefing: Briefing, state: CourseState, shelf: Shelf) -> BriefingStatus:

    told = shelf.notices.get(number, [])
    return BriefingStatus(
        version=briefing.version,
        issued_at=briefing.issued_at,
        missing=list(briefing.missing),
        receipts=[
            _receipt(role, briefing.receipt_of(role), _notice(role, number, briefing, state, told), state)
            for role in GATE_ROLES
        ],
    )


def _notice(role: Role, visit: int, briefing: Briefing, state: CourseState, told: list[NoticeRow]) -> NoticeRow | None:
    """Return the notice by which the holder of a role was told of this version; with a shared role there is one."""
    holder = state.holder(role)
    causes = [f"{visit}/{WaitingKind.ACKNOWLEDGEMENT}/{briefing.version}/{asked}/" for asked in GATE_ROLES]
    mine = (row for row in told if holder and row.recipient == person_address(holder))
    return next((row for row in mine if (row.waiting or "").startswith(tuple(causes))), None)


def _receipt(role: Role, receipt: Receipt | None, notice: NoticeRow | None, state: CourseState) -> ReceiptRead:
    at = receipt.at if receipt else None
    is_disputed = receipt is not None and receipt.disputed
    return ReceiptRead(
        role=role,
        person=receipt.person if receipt else state.holder(role),
        queued_at=notice.queued_at if notice else None,
        sent_at=notice.sent_at if notice else None,
        delivered_at=notice.delivered_at if notice else None,
        seen_at=notice.seen_at if notice else None,
        acknowledged_at=None if is_disputed else at,
        disputed_at=at if is_disputed else None,
        acknowledged_by=receipt.by if receipt else None,
        on_behalf=receipt.on_behalf if receipt else None,
    )
