"""How who holds a role and who observes changes the course."""

from domain import events as ev
from domain.evolve.base import on
from domain.identity import Role
from domain.state.course import CourseState, Party, Visit
from domain.state.observers import Observer


@on.register
def _(event: ev.PartyAssigned, state: CourseState) -> CourseState:
    before = state.party(event.role)
    party = Party(
        role=event.role,
        person=event.to.person,
        unit=event.to.unit,
        since=event.at,
        generation=before.generation + 1 if before else 1,
    )
    return state.model_copy(
        update={
            "parties": (*(p for p in state.parties if p.role != event.role), party),
            "observers": tuple(o for o in state.observers if o.person != event.to.person),
            "visits": tuple(_void(_expecting(visit, event), event.role) for visit in state.visits),
        }
    )


def _void(visit: Visit, role: Role) -> Visit:
    """Return the visit without the role's receipt: who takes over has been told nothing yet (P1)."""
    if visit.briefing is None:
        return visit
    other_receipts = tuple(receipt for receipt in visit.briefing.receipts if receipt.role != role)
    return visit.model_copy(update={"briefing": visit.briefing.model_copy(update={"receipts": other_receipts})})


def _expecting(visit: Visit, event: ev.PartyAssigned) -> Visit:
    """Return the visit without the role's word that it cannot come to a meeting: who takes over may well come."""
    planned = tuple(
        each.with_declines({event.role}, (), event.at) if each.decline_of(event.role) else each
        for each in visit.appointments
    )
    return visit.model_copy(update={"appointments": planned})


@on.register
def _(_event: ev.RolesShared, state: CourseState) -> CourseState:
    return state.model_copy(update={"shared_role": True})


@on.register
def _(_event: ev.RolesSeparated, state: CourseState) -> CourseState:
    return state.model_copy(update={"shared_role": False})


@on.register
def _(event: ev.ObserverAdded, state: CourseState) -> CourseState:
    others = (observer for observer in state.observers if observer.person != event.person)
    observer = Observer(person=event.person, kind=event.observer_kind, since=event.at)
    return state.model_copy(update={"observers": (*others, observer)})


@on.register
def _(event: ev.ObserverRemoved, state: CourseState) -> CourseState:
    return state.model_copy(update={"observers": tuple(o for o in state.observers if o.person != event.person)})
