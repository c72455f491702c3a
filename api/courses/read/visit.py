"""A visit as it is read: its gate, its briefing and what became of each role's notice of it (P1, P4)."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final
from uuid import UUID

from api.courses.read.load import CourseRecords
from api.courses.read.visit_models import (
    AppointmentRead,
    BasisRead,
    BreachRead,
    BriefingStatus,
    DeadlineRead,
    DeclineRead,
    DisputeRead,
    GateRead,
    ReceiptRead,
    RequirementRead,
    SkipRead,
    VisitRead,
)
from api.text.steps import step_read, steps_read
from domain.address import Address
from domain.identity import GATE_ROLES, Role
from domain.state.appointments import Decline
from domain.state.briefing import Briefing, Correction, Dispute, Receipt
from domain.state.course import CourseState, Visit
from domain.state.notice import WaitSubject
from domain.state.waiting import WaitingKind
from infra.store.rows import NoticeRow, VisitRow
from rules.explain.models import ExplainedDeadline, ExplainedRequirement, ExplainedVisit
from wording.labels import Labels
from wording.meetings import decline_text, meeting_text

_FORGOTTEN: Final[Mapping[str, object]] = {"follows": None, "closing": None, "waived": []}
"""The fields that only the state has, for a visit that is no longer in it."""


def visit_read(
    row: VisitRow, state: CourseState, records: CourseRecords, explained: ExplainedVisit | None, labels: Labels
) -> VisitRead:
    """Return a visit; one that is no longer in the state has the fields of its row only."""
    visit = state.visit(row.number)
    briefing = visit.briefing if visit else None
    return VisitRead.of(
        row,
        *([visit] if visit else []),
        **({} if visit else _FORGOTTEN),
        step=step_read(row.step, labels),
        is_open=row.left_at is None,
        is_branch=visit is not None and _is_branch(visit, state),
        to=steps_read(visit.to if visit else (), labels),
        breaches=breaches_read(row.breaches, labels),
        gate=_gate(visit, explained, labels) if visit else None,
        deadlines=deadlines_read(explained, labels),
        appointments=appointments_read(state, visit, records.texts, records.name, labels) if visit else [],
        disputes=disputes_read(visit.disputes if visit else (), records.texts, records.name),
        briefing=_briefing(row.number, briefing, state, records) if briefing else None,
    )


def breaches_read(requirements: Iterable[str], labels: Labels) -> list[BreachRead]:
    """Return what of the law was not met, in the words of the rules."""
    declared = labels.requirements
    return [
        BreachRead(
            requirement=name,
            text=labels.requirement(name),
            reference=declared[name].source if name in declared else None,
        )
        for name in requirements
    ]


def disputes_read(
    disputes: Iterable[Dispute], texts: Mapping[UUID, str], name: Callable[[str], str]
) -> list[DisputeRead]:
    """Return disputes with the words of who made and who ended them."""
    return [
        DisputeRead.of(
            dispute,
            by_name=name(dispute.by),
            reason=texts.get(dispute.id),
            ended_by_name=name(dispute.ended_by) if dispute.ended_by else None,
            ended_because=texts.get(dispute.ended_because) if dispute.ended_because else None,
        )
        for dispute in disputes
    ]


def _is_branch(visit: Visit, state: CourseState) -> bool:
    """Whether the visit that led to this one went on beside it."""
    followed = state.visit(visit.follows) if visit.follows else None
    return followed is not None and (followed.left_at is None or followed.left_at > visit.entered_at)


def appointments_read(
    state: CourseState, visit: Visit, texts: Mapping[UUID, str], name: Callable[[str], str], labels: Labels
) -> list[AppointmentRead]:
    """Return the meetings that a visit plans, with the words of who cannot come."""
    return [
        AppointmentRead.of(
            planned,
            label=labels.appointment(visit.step, planned.id),
            text=meeting_text(state, visit, planned, labels),
            is_held=labels.was_held(state, visit, planned),
            declines=[_decline(decline, texts, name, labels) for decline in planned.declines],
        )
        for planned in visit.appointments
    ]


def _decline(decline: Decline, texts: Mapping[UUID, str], name: Callable[[str], str], labels: Labels) -> DeclineRead:
    words = texts.get(decline.reason) if decline.reason else None
    return DeclineRead.of(decline, text=decline_text(decline, labels), note=words, by_name=name(decline.by))


def _gate(visit: Visit, explained: ExplainedVisit | None, labels: Labels) -> GateRead:
    judged = visit.judgement
    routes = explained.routes if explained else ()
    return GateRead(
        is_ready=judged.ready,
        requirements=[_requirement(name, visit, labels) for name in labels.in_order(judged.outcomes)],
        corrections=[_basis(made, labels) for made in visit.corrections],
        to=None if judged.to is None else steps_read(judged.to, labels),
        stays=judged.to is not None and any(row.followed and row.stays for row in routes),
        closing=judged.closing,
    )


def _basis(made: Correction, labels: Labels) -> BasisRead:
    before, after = (labels.value(fact.fact, fact.value) if fact else None for fact in (made.before, made.after))
    label = labels.fact(made.fact) if made.fact is not None else labels.note_kind(made.note_kind or "")
    return BasisRead.of(made, label=label, before=before, after=after)


def _requirement(name: str, visit: Visit, labels: Labels) -> RequirementRead:
    declared = labels.requirements.get(name)
    return RequirementRead.of(
        *([declared] if declared else []),
        **({} if declared else {"kind": None, "roles": []}),
        reference=declared.source if declared else None,
        id=name,
        text=labels.requirement(name),
        missing=labels.requirement_missing(name, visit.judgement.outcomes[name]),
        outcome=visit.judgement.outcomes[name],
        blocks=labels.requirement_blocks(name),
        due=visit.judgement.due.get(name),
        waivable_by=sorted(declared.waivers) if declared else [],
    )


def _briefing(number: int, briefing: Briefing, state: CourseState, records: CourseRecords) -> BriefingStatus:
    notices = records.notices.get(number, [])
    return BriefingStatus.of(
        briefing,
        receipts=[
            _receipt(role, briefing.receipt_of(role), _notice(role, briefing, state, notices), state)
            for role in GATE_ROLES
        ],
    )


def _notice(role: Role, briefing: Briefing, state: CourseState, notices: list[NoticeRow]) -> NoticeRow | None:
    """Return the notice of this version to the holder of a role; with a shared role there is one."""
    holder = state.holder(role)
    if holder is None:
        return None
    return next((row for row in notices if row.address == Address.person(holder) and _announces(row, briefing)), None)


def _announces(row: NoticeRow, briefing: Briefing) -> bool:
    """Whether a notice of the briefing's visit asks for the receipt of this very version."""
    key = row.subject.key if isinstance(row.subject, WaitSubject) else None
    return key is not None and key.kind is WaitingKind.ACKNOWLEDGEMENT and key.version == briefing.version


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


def deadlines_read(explained: ExplainedVisit | None, labels: Labels) -> list[DeadlineRead]:
    """Return the deadlines of a visit, none for one that is not open."""
    asked = explained.requirements if explained else ()
    return [_deadline(item, item.deadline, labels) for item in asked if item.deadline]


def _deadline(asked: ExplainedRequirement, deadline: ExplainedDeadline, labels: Labels) -> DeadlineRead:
    return DeadlineRead.of(
        deadline,
        deadline.amount,
        requirement=asked.id,
        kind=deadline.amount.rule_kind or asked.kind,
        reference=deadline.amount.reference or asked.reference,
        text=labels.text(asked.text),
        amount=deadline.amount.value,
        skipped=[SkipRead.of(skip, why=labels.text(skip.why)) for skip in deadline.skipped],
        reckoned=deadline.reckoned,
        due=deadline.held_to or deadline.due,
    )
