"""Deciding the receipt of who reports: by the version he had read, or by what he was shown would follow (P1, P3)."""

from typing import Final

from domain import commands as cmd
from domain import events as ev
from domain.decide.briefings import gate_of, is_shown_with, issue_if_changed, issue_versions
from domain.decide.decision import Decision
from domain.decide.informing import acknowledge, acting_for, is_informed_by, used_up_version
from domain.errors import Code, Problem, refuse
from domain.model import canonical, digest_of
from domain.state.course import Visit

_NOT_SHOWN: Final = Problem(code=Code.REPORTED_NOT_ACKNOWLEDGED, field="acknowledge")
"""That the report stands, but not the receipt, for something else is new that was never shown."""


def visit_read_of(decision: Decision, number: int | None, version: int) -> Visit:
    """Return the open visit of whose current version somebody reports something that he acknowledges with it.

    Refuses with `briefing-missing`, `course-paused`, `version-outdated`, `version-used-up`, `visit-unknown`.
    """
    if decision.state.is_paused:
        raise refuse(Code.COURSE_PAUSED, "acknowledge")
    visit = decision.state.visit(number) if number is not None else decision.open_visit(None)
    if visit is None:
        visit = decision.open_visit(number)
    before = decision.state.visit(visit.follows) if visit.follows is not None else None
    if visit.briefing is None and any(v is not None and v.used_up >= version for v in (visit, before)):
        raise used_up_version(decision, "acknowledge")
    if visit.briefing is None:
        raise refuse(Code.BRIEFING_MISSING, "acknowledge", visit=visit.number)
    if visit.briefing.version != version:
        raise refuse(Code.VERSION_OUTDATED, "acknowledge", current=visit.briefing.version)
    if not is_current(decision, visit):
        decision.withhold_receipt(_NOT_SHOWN)
    return visit


def is_current(decision: Decision, visit: Visit) -> bool:
    """Say whether the version of an open visit shows all that stands, whatever time has brought meanwhile (P1)."""
    return is_shown_with(decision, visit, gate_of(decision, visit.number), ())


def acknowledge_with_report(decision: Decision, read: Visit) -> None:
    """Record the receipt of who had read a version, or withhold it where something else is new than the report."""
    if decision.withheld is None and not acknowledge_as_author(decision, read):
        decision.withhold_receipt(_NOT_SHOWN)


def acknowledge_as_author(decision: Decision, read: Visit) -> bool:
    """Record the receipt of who had read a version and brings what is new in the next; say whether that is all his."""
    issue_if_changed(decision, decision.open_visit(read.number), gate_of(decision, read.number))
    now = decision.open_visit(read.number)
    if _by_others(decision, now) - _by_others(decision, read):
        return False
    receipt = cmd.Acknowledge(id=decision.command, actor=decision.actor, briefing=now.number, version=now.versions)
    acknowledge(decision, receipt)
    return True


def _by_others(decision: Decision, visit: Visit) -> frozenset[object]:
    """Return what the version of a visit shows by others than the actor: notes, waivers, disputes and lessons."""
    if visit.briefing is None:
        return frozenset()
    shown, actor = visit.briefing.manifest, decision.actor.person
    own = {note.id for note in decision.state.notes if note.by == actor}
    stated = {(f.visit, f.fact, f.value) for f in decision.state.facts if f.reporter == actor}
    taught = {(lesson.visit, fact.fact, fact.value) for lesson in shown.lessons for fact in lesson.facts}
    decided = {each.reason for each in shown.waivers if each.by != actor}
    decided |= {words for each in shown.disputes if each.by != actor for words in each.words}
    return frozenset((shown.every_note - own) | (taught - stated) | decided)


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
        decision.withhold_receipt(_NOT_SHOWN)
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
