"""What a company may be told of a visit as the course stands, and why a sheet of it stands no longer (P2, P10)."""

from collections.abc import Iterator

from domain.rules_port import CompanyRule, RuleBook
from domain.state.briefing import ManifestFact
from domain.state.company_sheets import ApprovedNote, CompanySheet, SheetContent, SheetStop
from domain.state.course import CourseState, Visit
from domain.state.facts import Audience, Note


def content_for_company(state: CourseState, rules: RuleBook, visit: Visit) -> SheetContent | None:
    """Return what the company may be told of an open visit, None where nothing is told or no workplace is known."""
    rule, p_number = rules.company(visit.step), rules.workplaces.of(state, visit.number)
    if rule is None or p_number is None or not visit.is_open or is_stopped(state, rules, visit):
        return None
    told = tuple(_told(state, rule, visit, p_number))
    return SheetContent(
        p_number=p_number,
        facts=tuple(_facts(state, rule, visit)),
        notes=tuple(approved for approved, _ in told),
        considerations=tuple(approved.note for approved, is_consideration in told if is_consideration),
    )


def has_consent(state: CourseState, rule: CompanyRule, visit: Visit) -> bool:
    """Whether the citizen consents to what the company hears of health; what is contradicted is no consent (P2)."""
    on_record = state.on_record(rule.consent, visit.number) if rule.consent is not None else None
    return on_record is not None and on_record.contradicted_by is None and str(on_record.fact.value) in rule.given


def is_stopped(state: CourseState, rules: RuleBook, visit: Visit) -> bool:
    """Whether somebody said that what the visit is about was stopped."""
    stop = rules.stop(visit.step)
    return stop is not None and state.on_record(stop.by, visit.number) is not None


def may_be_approved(note: Note, rule: CompanyRule) -> bool:
    """Whether its words may be approved for a company at all: marked so, for both roles, and of a kind for it."""
    is_marked = note.may_tell_company and note.audience is Audience.BOTH
    return is_marked and note.kind in rule.notes | rule.considerations


def needs_consent(approved: ApprovedNote, note: Note, rule: CompanyRule) -> bool:
    """Whether words are told with consent alone: by the kind of note, or because who approved them said so."""
    return approved.about_health or note.kind not in rule.notes


def _told(state: CourseState, rule: CompanyRule, visit: Visit, p_number: str) -> Iterator[tuple[ApprovedNote, bool]]:
    """Yield what was approved for a company and may be told it, and whether that takes consent."""
    notes, consents = {note.id: note for note in state.notes}, has_consent(state, rule, visit)
    for approved in state.approved:
        note = notes.get(approved.note)
        if note is None or approved.p_number != p_number or not may_be_approved(note, rule):
            continue
        is_consideration = needs_consent(approved, note, rule)
        if consents or not is_consideration:
            yield approved, is_consideration


def _facts(state: CourseState, rule: CompanyRule, visit: Visit) -> Iterator[ManifestFact]:
    for name in rule.facts:
        on_record = state.on_record(name, visit.number)
        if on_record is not None and on_record.contradicted_by is None:
            said = on_record.fact
            yield ManifestFact(fact=said.fact, value=said.value, occurred_on=said.occurred_on.isoformat())


def stop_of(state: CourseState, rules: RuleBook, visit: Visit, sheet: CompanySheet) -> SheetStop | None:
    """Return why a sheet stands no longer, the gravest first; None while it does, and when its visit is simply over."""
    if visit.withdrawn:
        return SheetStop.VISIT_WITHDRAWN
    rule = rules.company(visit.step)
    if not visit.is_open or rule is None:
        return None
    return next(_stops(state, rules, rule, visit, sheet), None)


def _stops(
    state: CourseState, rules: RuleBook, rule: CompanyRule, visit: Visit, sheet: CompanySheet
) -> Iterator[SheetStop]:
    told = sheet.content
    if told.considerations and not has_consent(state, rule, visit):
        yield SheetStop.CONSENT
    if is_stopped(state, rules, visit):
        yield SheetStop.STOPPED
    if rules.workplaces.of(state, visit.number) != told.p_number:
        yield SheetStop.COMPANY
    if state.protected and sheet.citizen_text is not None:
        yield SheetStop.PROTECTED
    if not {note.id for note in state.notes if may_be_approved(note, rule)}.issuperset(one.note for one in told.notes):
        yield SheetStop.NOTE
    if not set(state.approved).issuperset(told.notes):
        yield SheetStop.APPROVAL
    now = {fact.fact: fact.value for fact in _facts(state, rule, visit)}
    if any(now.get(fact.fact) != fact.value for fact in told.facts):
        yield SheetStop.FACTS
