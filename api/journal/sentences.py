"""Each event of the journal as a sentence: what happened, to whom and on what ground, never in codes (P8)."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from api.journal.statements import StatementIndex
from api.text.templates import indented
from domain import events as ev
from domain.address import Address, AddressKind
from domain.calendar import danish_day
from domain.commands import PartyClaim
from domain.state.observers import ObserverKind
from domain.state.verdict import Judgement, RulesReference
from domain.state.waiting import WaitingKey, WaitingKind
from infra.store.rows import VisitRow
from wording.corrections import correction_text
from wording.labels import Labels
from wording.sentences import notice_text

_VARIANTS: Final[Mapping[str, tuple[str, str]]] = {
    "appointment_declined": ("another_time", "appointment_declined_suggesting"),
    "party_assigned": ("citizen_told_by", "party_assigned_told"),
    "briefing_acknowledged": ("on_behalf", "briefing_acknowledged_for"),
    "dispute_ended": ("answered_by", "dispute_answered"),
    "course_paused": ("until", "course_paused_until"),
    "course_started": ("quiet_until", "course_taken_over"),
    "fact_retracted": ("superseded_by", "fact_superseded"),
    "note_added": ("answers", "note_answered"),
    "note_retracted": ("superseded_by", "note_superseded"),
    "visit_left": ("closing", "visit_left_closing"),
}
"""From a kind to the field that, when it is set, makes it another sentence."""


class JournalWords:
    """The words for the events of one course, in one language."""

    def __init__(self, statements: StatementIndex, visits: Mapping[int, VisitRow], labels: Labels) -> None:
        self._statements = statements
        self._visits = visits
        self._labels = labels
        self._text = labels.catalog.journal
        self._ways: Mapping[str, Callable[[Any], str]] = {
            "about": lambda about: notice_text(about, None, (), labels),
            "citizen_told_by": labels.role,
            "because": labels.catalog.term,
            "before": self._rules,
            "closing": labels.outcome,
            "correction": lambda made: f"{self.visit(made.visit)}: {correction_text(made, labels, statements.texts)}",
            "dropped": lambda dropped: str(len(dropped)),
            "how": labels.catalog.term,
            "kept": lambda kept: str(len(kept)),
            "on_behalf": labels.catalog.term,
            "observer_kind": lambda kind: labels.catalog.term("observer" if kind == ObserverKind.OTHER else kind.value),
            "outcome": labels.outcome,
            "person": statements.name,
            "recipient": self._recipient,
            "requirement": self.requirement,
            "role": labels.role,
            "roles": labels.roles,
            "rules": self._rules,
            "step": labels.step,
            "to": self._to,
            "visit": self.visit,
            "waiting": self._waiting,
            "waiting_on": labels.catalog.term,
            "waiver": labels.catalog.term,
        }

    def of(self, event: ev.Event, words: str | None) -> str:
        """Return the sentence of an event; `words` is the text of the note or reason that came with it."""
        if isinstance(event, ev.Settled):
            return self._settled(event)
        params = {name: self._shown(name, value) for name, value in event if value is not None}
        words = None if words is None else indented(words)
        params |= {**self._more(event), "words": words or self._text["erased"]}
        text = self._fill(self._sentence(event), params)
        if isinstance(event, ev.NoteAdded):
            return self._taken_back(text, event.note.id)
        return text if words is None else f"{text}\n{self._fill('reason', {'words': words})}"

    def hidden(self) -> str:
        """Return the sentence for a note that the reader may not read."""
        return self._text["note_hidden"]

    def erased(self) -> str:
        """Return the sentence for an event whose detail is erased."""
        return self._text["erased"]

    def reconciled(self) -> str:
        """Return the sentence for a store that was behind."""
        return self._text["reconciled"]

    def visit(self, number: int) -> str:
        """Return which visit to which step it is."""
        row = self._visits.get(number)
        step = {"step": self._labels.step(row.step), "ordinal": row.ordinal} if row else {}
        return self._fill("visit", step)

    def requirement(self, requirement: str) -> str:
        """Return a requirement in words, with its law or method."""
        return self._with_reference(self._labels.requirement(requirement), requirement)

    def _missing(self, requirement: str, outcome: str | None) -> str:
        """Return what is to be done about a requirement as it stands, with its law or method."""
        return self._with_reference(self._labels.requirement_missing(requirement, outcome), requirement)

    def _with_reference(self, text: str, requirement: str) -> str:
        declared, text = self._labels.requirements.get(requirement), text.rstrip(".")
        if declared is None:
            return text
        kind = self._labels.catalog.term(declared.kind)
        return self._fill("requirement", {"text": text, "kind": kind, "reference": declared.source})

    def _fill(self, name: str, params: Mapping[str, object]) -> str:
        return self._labels.catalog.fill(self._text[name], params)

    def _sentence(self, event: ev.Event) -> str:
        if isinstance(event, ev.PartyAssigned) and event.to == PartyClaim():
            return "party_assigned_to_nobody"
        if isinstance(event, ev.AppointmentMade):
            change = "held" if event.held else "changed" if event.sequence else "made"
            return f"appointment_{change}_at" if event.time else f"appointment_{change}"
        if isinstance(event, ev.RePinPlanned) and event.rules is None:
            return "re_pin_called_off"
        field, other = _VARIANTS.get(event.kind, ("", ""))
        return other if getattr(event, field, None) else event.kind

    def _shown(self, name: str, value: Any) -> str:  # noqa: ANN401 - Whatever a field of an event may be.
        if name in self._ways:
            return self._ways[name](value)
        if isinstance(value, datetime):
            return self._labels.moment(value)
        return self._labels.day(value) if isinstance(value, date) else str(value)

    def _more(self, event: ev.Event) -> dict[str, str]:
        """Return the parameters that the event has by id alone, or in more than one field."""
        more: dict[str, str] = {}
        match event:
            case ev.FactsReported():
                more = {"facts": "; ".join(self._taken_back(self._fact(fact.id), fact.id) for fact in event.facts)}
            case ev.FactRetracted():
                more = {"fact": self._fact(event.fact)}
            case ev.NoteAdded():
                more = {"kind": self._labels.note_kind(event.note.kind)}
            case ev.NoteRetracted() | ev.NoteApproved() | ev.ApprovalWithdrawn():
                note = self._statements.notes.get(event.note)
                more = {"note": self._labels.note_kind(note.kind) if note else self._text["of_caseworkers"]}
            case ev.NoticeRaised(waiting=WaitingKey() as key):
                more = {"about": self._waiting(key)}
            case ev.RePinPlanned(rules=None):
                more = {"rules": self._labels.rules()}
            case (
                ev.AppointmentMade()
                | ev.AttendeesChanged()
                | ev.AppointmentCancelled()
                | ev.AppointmentDeclined()
                | ev.AppointmentAccepted()
            ):
                row = self._visits.get(event.visit)
                more = {"appointment": self._labels.appointment(row.step if row else "", event.appointment)}
        return more

    def _rules_at(self, at: datetime) -> str:
        """Return which rules the course followed at an instant."""
        return self._rules(self._statements.rules_at(at))

    def _rules(self, rules: RulesReference | None) -> str:
        """Return rules as they are called: by their title those that the course follows now."""
        if rules is None or rules == self._labels.book.reference:
            return self._labels.rules()
        return f"{rules.id} {rules.version}"

    def _fact(self, statement: UUID) -> str:
        """Return a statement with the day it is about."""
        fact = self._statements.facts.get(statement)
        if fact is None:
            return self._text["erased"]
        value = self._labels.value(fact.fact, fact.value)
        return self._fill("fact", {"fact": self._labels.fact(fact.fact), "value": value, "on": fact.occurred_on})

    def _taken_back(self, text: str, statement: UUID) -> str:
        at = self._statements.taken_back.get(statement)
        return self._fill("taken_back", {"text": text, "on": danish_day(at)}) if at else text

    def _to(self, to: PartyClaim | tuple[str, ...]) -> str:
        if isinstance(to, PartyClaim):
            return self._statements.name(to.person) if to.person else self._unit_of("unit_of", to.unit or "")
        return self._labels.steps(to)

    def _recipient(self, address: Address) -> str:
        if address.kind is AddressKind.PERSON:
            return self._statements.name(address.name)
        return self._unit_of(f"{address.kind}_of", address.name)

    def _unit_of(self, name: str, unit: str) -> str:
        return self._fill(name, {"unit": self._labels.named_unit(unit)})

    def _waiting(self, key: WaitingKey) -> str:
        """Return the object of a wait in words."""
        if key.what and key.kind in (WaitingKind.REQUIREMENT, WaitingKind.DECISION):
            return self._missing(key.what, "refused" if key.kind is WaitingKind.DECISION else None)
        return self._labels.catalog.inbox[key.kind]

    def _settled(self, event: ev.Settled) -> str:
        """Return the decision on each visit that changed; without one, what is waited for from now on."""
        if event.judgements:
            return "\n".join(
                self._decision(number, judged, event.at) for number, judged in sorted(event.judgements.items())
            )
        waits = "; ".join(self._labels.waiting(waiting) for waiting in event.opened)
        return self._fill("settled_waits", {"waits": waits}) if waits else self._text["settled"]

    def _decision(self, number: int, judged: Judgement, at: datetime) -> str:
        unmet = [name for name, outcome in judged.outcomes.items() if outcome in ("unmet", "unknown", "refused")]
        holding = [name for name in self._labels.in_order(unmet) if self._labels.requirement_blocks(name)]
        params = {
            "visit": self.visit(number),
            "rules": self._rules_at(at),
            "unmet": "".join(f"\n– {self._missing(name, judged.outcomes[name])}" for name in holding),
            "to": self._to(judged.to or ()),
            "closing": self._labels.outcome(judged.closing) if judged.closing else "",
        }
        breaches = "".join(f"\n– {self.requirement(name)}" for name in judged.breaches)
        noted = "\n" + self._fill("breaches", {"breaches": breaches}) if breaches else ""
        if judged.ready:
            return self._fill("settled_closing" if judged.closing else "settled_informing", params) + noted
        return self._fill("settled_hold" if holding else "settled_undecided", params) + noted
