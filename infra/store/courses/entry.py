"""What one applied command did, as the document that `fodslag_record` writes; pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.commands import Command
from domain.events import Event
from domain.state.course import CourseState
from infra.store import tables as t
from infra.store.courses import notices, projection, revisions
from infra.store.courses.diff import Changes
from infra.store.courses.projection import ByRules, Row
from infra.store.courses.revisions import Answered
from infra.store.courses.texts import texts_of


@dataclass(frozen=True, slots=True)
class Entry:
    """What one applied command did.

    `states` are the course before it and after each event; the last carries the new epoch, revision and digest.
    `by_rules` makes rows by the course's rules, and `by_rules_before` made those of the rules that it followed before;
    `channels` is what carries notices outward.
    """

    command: Command
    states: tuple[CourseState, ...]
    events: tuple[Event, ...]
    answer: dict[str, Any]
    now: datetime
    by_rules: ByRules
    by_rules_before: ByRules
    channels: Collection[str] = ()

    @property
    def before(self) -> CourseState:
        """Return the course before the command."""
        return self.states[0]

    @property
    def after(self) -> CourseState:
        """Return the course after the command."""
        return self.states[-1]

    @property
    def document(self) -> Row:
        """Return all that is to be written: what is empty is left out."""
        before, after, now = self.before, self.after, self.now
        answered = Answered(after.course, self.command, self.answer, after.revision, now)
        raised = notices.raised(after, self.events)
        changes = self._changes(raised)
        stood, still = notices.reasons_to_stand(before), notices.reasons_to_stand(after)
        named = {
            **refusal(answered),
            "found": {"epoch": before.epoch, "digest": before.digest} if before.revision else None,
            "row": revisions.changed_row(before, after, self.events),
            "revision": revisions.revision_row(after, now, self.command.actor.person, self.command.id),
            "journal": revisions.journal_rows(after, self.events),
            "texts": sorted(texts_of(self.events)),
            "written": changes.written,
            "gone": changes.gone,
            "seen": notices.seen(self.events),
            "still": still if raised or still != stood else None,
            "read": notices.corrections_read(self.states, self.events),
        }
        return {name: value for name, value in named.items() if value}

    def _changes(self, raised: list[Row]) -> Changes:
        """Return the rows that differ between before and after, and the notices that were raised."""
        before, after, changes = self.before, self.after, Changes()
        both = before, after
        changes.write_changed(t.visit, projection.visit_rows((before,)), projection.visit_rows(self.states))
        changes.write_changed(t.party, *map(projection.party_rows, both))
        for table, rows in (
            (t.observer, [*map(projection.observer_rows, both)]),
            (t.receipt, [projection.receipt_rows((before,)), projection.receipt_rows(self.states)]),
            (t.waiting, [*map(projection.waiting_rows, both)]),
        ):
            changes.remove_gone(table, *rows)
            changes.write_changed(table, *rows)
        self._change_by_rules(changes)
        changes.write(t.notice, raised)
        changes.write(t.errand, notices.errands(raised, self.channels))
        return changes

    def _change_by_rules(self, changes: Changes) -> None:
        """Note where the course is and what it was; the rows of visits that the course has now forgotten stay."""
        remembered_visits = projection.remembered(self.after)
        both = (self.before, self.by_rules_before), (self.after, self.by_rules)
        for table, (before, after) in (
            (t.workplace, [projection.workplace_rows(state, rules.workplaces) for state, rules in both]),
            (t.measure, [projection.measure_rows(state, rules.measures) for state, rules in both]),
        ):
            changes.remove_gone(table, [row for row in before if row["visit"] in remembered_visits], after)
            changes.write_changed(table, before, after)


def refusal(answered: Answered) -> Row:
    """Return what is written of a command that changed nothing: its answer, so that a repeat is answered the same."""
    return {"course": answered.course, "now": answered.now, "answer": answered.row}


def rewriting(state: CourseState, now: datetime, by_rules: ByRules, stored: int) -> Row:
    """Return all that the store is to have of a course, of which it stood at revision `stored`."""
    changes = Changes()
    for table, rows in (
        (t.visit, projection.visit_rows((state,))),
        (t.party, projection.party_rows(state)),
        (t.observer, projection.observer_rows(state)),
        (t.receipt, projection.receipt_rows((state,))),
        (t.waiting, projection.waiting_rows(state)),
        (t.workplace, projection.workplace_rows(state, by_rules.workplaces)),
        (t.measure, projection.measure_rows(state, by_rules.measures)),
    ):
        changes.write(table, rows)
    return {
        "course": state.course,
        "now": now,
        "is_behind": True,
        "row": projection.course_row(state),
        "revision": revisions.revision_row(state, now),
        "journal": [revisions.reconciled_row(state, now, stored)],
        "written": changes.written,
        "still": notices.reasons_to_stand(state),
    }
