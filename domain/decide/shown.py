"""Deciding the receipt of who reports, by the digest of what he was shown would follow from the report (P1, P3)."""

from domain import commands as cmd
from domain import events as ev
from domain.decide.briefings import issue_versions
from domain.decide.decision import Decision
from domain.decide.informing import acknowledge, acting_for, is_informed_by
from domain.errors import Code, Problem, refuse
from domain.model import canonical, digest_of
from domain.state.course import Visit


def acknowledge_as_shown(decision: Decision, command: cmd.Command) -> None:
    """Record the receipt of who reports and was shown what would follow, if just that follows.

    Where something else has changed meanwhile, the report stands and the receipt is withheld.
    """
    shown = command.acknowledge if isinstance(command, cmd.ReportFacts | cmd.AddNotes) else None
    if not isinstance(shown, str):
        return
    if decision.actor.is_system:
        raise refuse(Code.SYSTEM_CANNOT_ACKNOWLEDGE)
    if decision.state.is_paused:
        raise refuse(Code.COURSE_PAUSED, "acknowledge")
    issue_versions(decision)
    if shown != digest_shown(decision):
        decision.withhold_receipt(Problem(code=Code.REPORTED_NOT_ACKNOWLEDGED, field="acknowledge"))
        return
    read = [cmd.ReadBriefing(briefing=visit.number, version=visit.versions) for visit in unread_visits(decision)]
    named = read[0].model_dump(include={"briefing", "version"})
    acknowledge(decision, cmd.Acknowledge(id=command.id, actor=command.actor, **named, also=tuple(read[1:])))


def unread_visits(decision: Decision) -> tuple[Visit, ...]:
    """Return the open visits of which the actor, who holds a role or covers, has a version to acknowledge."""
    actor = decision.actor
    roles = decision.state.roles_of(acting_for(decision))
    if set(roles).isdisjoint(actor.roles):
        return ()
    return tuple(
        visit
        for visit in decision.state.open_visits
        if visit.briefing is not None
        and not all(is_informed_by(visit.briefing.receipt_of(role), actor.person) for role in roles)
    )


def digest_shown(decision: Decision) -> str | None:
    """Return the digest of all that the actor has to acknowledge after a report, None when there is nothing.

    The report's own notes and the instant of its corrections are another each time, and count for nothing. The number
    of each version counts, so that a report that was taken back is not the same when it is made again.
    """
    unread = unread_visits(decision)
    if not unread:
        return None
    shown = canonical([[visit.versions, _content(visit)] for visit in unread])
    own = [event.note.id for event in decision.events if isinstance(event, ev.NoteAdded)]
    for place, note in enumerate(own):
        shown = shown.replace(str(note).encode(), f"own/{place}".encode())
    return digest_of(shown)


def _content(visit: Visit) -> dict[str, object]:
    content: dict[str, object] = visit.briefing.manifest.content if visit.briefing is not None else {}
    corrections = visit.briefing.manifest.corrections if visit.briefing is not None else ()
    return {**content, "corrections": [made.model_dump(mode="json", exclude={"at"}) for made in corrections]}
