"""Whatever is said, approved and consented to, no company reads what was not approved for it in that state (P10)."""

from collections.abc import Callable, Iterator
from typing import Any, Final
from uuid import UUID, uuid5

from api.company_sheets.documents import as_pdf, as_text
from api.company_sheets.models import SheetDetails, SheetPerson
from api.company_sheets.page import SheetParts
from api.http.negotiation import LANGUAGES
from domain import commands as cmd
from domain import events as ev
from domain.decide.company_content import content_for_company
from domain.errors import RefusedError
from domain.identity import Role
from domain.state.company_sheets import SheetContent
from domain.state.course import Visit
from domain.state.facts import Audience, FactValue
from rules.language.facts import FactDeclaration
from rules.language.formats import Language
from tests.api.lives import Life
from tests.domain.jobfirst import RULES, JobFirst
from tests.domain.versions import versions_of
from tests.domain.vocabulary import ANNA, BO, COURSE, add_note
from wording.labels import Labels

PLACES: Final = ("1000000001", "1099999999")
FREELY: Final = frozenset({"wish", "resource", "agreement", "visit_agreed"})
WITH_CONSENT: Final = frozenset({"barrier"})
CONSENTS: Final = {"trial": "company_consent", "paid_hours": "hours_consent"}
TOLD: Final = {
    "trial": {"trial_starts_on", "trial_ends_on", "trial_weekly_hours"},
    "paid_hours": {"hours_schedule"},
}
BO_CALLED: Final = SheetPerson(name="Bo", role=Role.COMPANY_CONSULTANT, phone="22222222")
DETAILS: Final = SheetDetails(unit="job", municipality="0990", company="Nordgartneriet", contact=BO_CALLED)
TURNS: Final = 120
LIVES: Final = 12


class Told(Life):
    """A life in which each word is a mark of its own, and companies are prepared."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.story = JobFirst().reaches_trial() if self.seed % 2 else JobFirst().reaches_paid_hours()
        self.texts |= {note.id: f"Begun{number:05}x" for number, note in enumerate(self.story.state.notes)}

    def words(self) -> UUID:
        """Return the id of words that nobody wrote before."""
        text = uuid5(COURSE, f"{self.seed} {len(self.texts)}")
        self.texts[text] = f"Mark{len(self.texts):05}x"
        return text

    def notes(self) -> None:
        """Write a note of any kind, for the company or not, or correct one or take it back."""
        notes = self.story.state.notes
        act = self.random.random()
        if notes and act < 0.3:
            note, reason = self.random.choice(notes).id, self.words()
            takes_back = (cmd.RetractNote, {}) if act < 0.15 else (cmd.SupersedeNote, {"right": self.words()})
            self.does(takes_back[0], ANNA, note=note, reason=reason, **takes_back[1])
            return
        kind = self.random.choice((*self.book.note_kinds, *FREELY, *WITH_CONSENT, *WITH_CONSENT))
        audience = Audience.CASEWORKER_ONLY if self.random.random() < 0.2 else Audience.BOTH
        to = Role.COMPANY_CONSULTANT if kind == "question" else None
        marked = self.random.random() < 0.8
        more = {"audience": audience, "to": to, "may_tell_company": marked}
        self.does(add_note, ANNA, note=self.words(), note_kind=kind, visit=self.story.visit.number, **more)

    def report(self, fact: FactDeclaration, value: FactValue) -> None:
        """Report one fact; mostly not that it is over or elsewhere, for then nothing is told any more."""
        if self.random.random() < 0.1 or not fact.id.endswith(("_stopped_by", "_p_number")):
            super().report(fact, value)

    def prepares(self) -> None:
        """Consent or not, approve, withdraw, issue, or move to another place."""
        visit, note = self.story.visit, self.random.choice(self.story.state.notes or (None,))
        place = self.random.choice((PLACES[0], *PLACES))
        moves: list[Callable[[], None]] = [self._consents, lambda: self._issues(visit)]
        if note is not None:
            named = {"note": note.id, "p_number": place}
            approval = {**named, "words_digest": "d" * 64, "about_health": self.random.random() < 0.3}
            moves += [lambda: self.does(cmd.ApproveNote, ANNA, **approval)] * 5
            moves += [lambda: self.does(cmd.WithdrawApproval, BO, **named)]
        self.random.choice(moves)()

    def _consents(self) -> None:
        consent = CONSENTS.get(self.story.visit.step)
        if consent is not None:
            value = self.random.choice(("given", "given", "withheld", "withdrawn"))
            actor = self.random.choice((ANNA, BO))
            self.does(cmd.ReportFacts, actor, facts={consent: value}, visit=self.story.visit.number)

    def _issues(self, visit: Visit) -> None:
        content = content_for_company(self.story.state, self.book, visit)
        if content is not None:
            digest = f"{len(self.story.events):064}"
            what = {"visit": visit.number, "page_digest": digest, "content": content, "details": self.words()}
            self.does(cmd.IssueSheet, BO, **what)

    def lives(self, turns: int) -> Iterator[None]:
        """Let anything happen, most of it about what the company may read."""
        for _ in range(turns):
            acts = (self.notes, self.prepares, self.reports, self.acknowledges, self.steers)
            try:
                self.random.choices(acts, (6, 10, 2, 1, 1))[0]()
            except RefusedError:
                continue
            yield

    def allowed(self, visit: Visit) -> set[str]:
        """Return the marks that the company of a visit may read now, told from the events alone."""
        notes: dict[UUID, Any] = {}
        approved: dict[tuple[UUID, str], bool] = {}
        for event in self.story.events:
            match event:
                case ev.NoteAdded(note=note):
                    notes[note.id] = note
                case ev.NoteRetracted():
                    notes.pop(event.note, None)
                case ev.NoteApproved():
                    approved[event.note, event.p_number] = event.about_health
                case ev.ApprovalWithdrawn():
                    approved.pop((event.note, event.p_number), None)
        place = self.book.workplaces.of(self.story.state, visit.number)
        consent = self.story.state.on_record(CONSENTS[visit.step], visit.number)
        consents = consent is not None and consent.contradicted_by is None and consent.fact.value == "given"
        return {
            self.texts[note]
            for (note, p_number), about_health in approved.items()
            if p_number == place and note in notes
            if notes[note].may_tell_company and notes[note].audience is Audience.BOTH
            if notes[note].kind in FREELY or notes[note].kind in WITH_CONSENT
            if consents or (notes[note].kind in FREELY and not about_health)
        }

    def read_by_company(self, visit: Visit, content: SheetContent, language: Language) -> str:
        """Return all that a company reads of a content."""
        words = {one.note: self.texts[one.note] for one in content.notes}
        page = SheetParts(visit.step, content, DETAILS, "Karla", words).page(Labels(self.book, language))
        return as_text(page, Labels(self.book, language), version=1) + page.model_dump_json()

    def marks_in(self, text: str) -> set[str]:
        return {mark for mark in self.texts.values() if mark in text}


def secrets(step: str, language: Language) -> set[str]:
    """Return the labels of every fact that is not told at a step, and the names of the target groups."""
    labels = Labels(RULES, language)
    told = {labels.fact(fact) for fact in TOLD[step]}
    hidden = {labels.fact(fact.id) for fact in RULES.rule_set.facts} - told
    groups = next(fact.values for fact in RULES.rule_set.facts if fact.id == "target_group")
    return hidden | {labels.text(group.label) for group in groups} | {labels.note_kind("barrier")}


def test_no_company_reads_what_was_not_approved_in_any_state_of_a_life() -> None:
    read = sum(_checked(Told(versions_of(RULES), seed)) for seed in range(LIVES))

    assert read > LIVES, "lives in which nothing may be told show nothing"


def _checked(life: Told) -> int:
    """Check what companies read in each state of a life, and return in how many of them there was something."""
    read = 0
    for _ in life.lives(TURNS):
        for visit in life.story.state.open_visits:
            if visit.step in CONSENTS:
                read += _is_right(life, visit)
    return read


def _is_right(life: Told, visit: Visit) -> bool:
    allowed, content = life.allowed(visit), content_for_company(life.story.state, RULES, visit)
    for language in LANGUAGES:
        if content is not None:
            text = life.read_by_company(visit, content, language)
            assert life.marks_in(text) == allowed
            assert {fact.fact for fact in content.facts} <= TOLD[visit.step]
            assert not {words for words in secrets(visit.step, language) if words in text}
        if visit.sheet is not None and visit.sheet.stands:
            assert life.marks_in(life.read_by_company(visit, visit.sheet.content, language)) <= allowed
    return bool(allowed) and content is not None


def test_the_document_is_made_of_hostile_words_too() -> None:
    course = JobFirst().reaches_trial()
    note = course.notes(BO, "agreement", may_tell_company=True)
    course.command(cmd.ApproveNote, ANNA, note=note, words_digest="d" * 64, p_number=PLACES[0], about_health=False)
    visit = course.visit
    content = content_for_company(course.state, course.rules, visit)
    assert content is not None
    hostile = '*fed* #read("/etc/passwd")\n\u202eegnoteb \U0001f469\u200d\U0001f527 {phone} <b>'
    for language in LANGUAGES:
        labels = Labels(RULES, language)
        page = SheetParts(visit.step, content, DETAILS, '*Karla* #read("x")', {note: hostile}).page(labels)
        assert as_pdf(page, labels, course.now, version=1).startswith(b"%PDF")
        assert as_pdf(page, labels, course.now, version=None).startswith(b"%PDF")
        assert "\u202e" not in as_text(page, labels, version=1)
