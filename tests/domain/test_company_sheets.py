"""The sheet of a company: what is approved for it, issued, told, and when it stands no longer (P10, P13)."""

from typing import Any
from uuid import UUID, uuid5

import pytest

from domain import commands as cmd
from domain import events as ev
from domain.decide.company_content import content_for_company
from domain.errors import Code
from domain.identity import Actor, Role
from domain.state.company_sheets import CompanySheet, SheetChannel, SheetContent, SheetStop
from domain.state.facts import Audience
from domain.state.news import NewsKind
from tests.domain.jobfirst import JobFirst
from tests.domain.vocabulary import ANNA, BO, CARL, CASE_SYSTEM, COURSE, SARA

PLACE = "1000000001"
ELSEWHERE = "1000000002"
DIGEST = "d" * 64
WHY = uuid5(COURSE, "why")
TRIAL = 3


class Company(JobFirst):
    """A course at its trial, whose company is prepared."""

    def writes(self, kind: str = "agreement", **what: Any) -> UUID:
        """Let Bo write something that may be told to the company."""
        return self.notes(BO, kind, **{"may_tell_company": True, "visit": TRIAL, **what})

    def approves(self, note: UUID, actor: Actor = ANNA, **what: Any) -> None:
        """Let a role approve the words for the company."""
        said = {"words_digest": DIGEST, "p_number": PLACE, "about_health": False, **what}
        self.command(cmd.ApproveNote, actor, note=note, **said)

    @property
    def content(self) -> SheetContent:
        """Return what the company may be told now."""
        visit = self.state.visit(TRIAL)
        assert visit is not None
        content = content_for_company(self.state, self.rules, visit)
        assert content is not None
        return content

    def issues(self, digest: str = DIGEST, **what: Any) -> None:
        """Let Bo issue the sheet as it stands."""
        said = {"visit": TRIAL, "page_digest": digest, "content": self.content, "details": WHY, **what}
        self.command(cmd.IssueSheet, BO, **said)

    @property
    def sheet(self) -> CompanySheet:
        """Return the newest version of the trial."""
        visit = self.state.visit(TRIAL)
        assert visit is not None
        assert visit.sheet is not None
        return visit.sheet

    @property
    def is_news_to(self) -> dict[str, list[str]]:
        """Return why a sheet stands no longer, as the news of each person tells it."""
        return {
            news.person: [item.what for item in news.items if item.kind is NewsKind.SHEET_STOPPED]
            for news in self.state.news
            if any(item.kind is NewsKind.SHEET_STOPPED for item in news.items)
        }


@pytest.fixture
def course() -> Company:
    """A trial that begins in some days, with nothing approved."""
    company = Company()
    company.reaches_trial()
    return company


def test_the_company_is_told_facts_that_the_rules_name_and_no_words_that_nobody_approved(course: Company) -> None:
    course.writes()
    course.reports(ANNA, company_consent="given")

    assert [fact.fact for fact in course.content.facts] == ["trial_starts_on", "trial_ends_on", "trial_weekly_hours"]
    assert course.content.notes == ()


def test_an_approval_is_of_these_words_and_of_this_company(course: Company) -> None:
    note = course.writes()
    course.approves(note)
    assert [one.note for one in course.content.notes] == [note]

    course.command(cmd.SupersedeNote, BO, note=note, right=uuid5(COURSE, "other words"))
    assert course.content.notes == (), "other words were approved by nobody"

    again = course.writes()
    course.approves(again)
    course.reports(BO, trial_p_number=ELSEWHERE)
    assert course.content.notes == (), "another company was approved by nobody"
    assert (
        course.refusal(cmd.ApproveNote, ANNA, note=again, words_digest=DIGEST, p_number=PLACE, about_health=False)
        is Code.NOTE_NOT_FOR_COMPANY
    )


@pytest.mark.parametrize(
    "what",
    [
        {"may_tell_company": False},
        {"audience": Audience.CASEWORKER_ONLY, "actor": ANNA},
        {"kind": "observation"},
        {"kind": "question", "to": Role.CASEWORKER},
    ],
    ids=["not marked", "for caseworkers only", "of another kind", "a question"],
)
def test_words_that_are_not_for_the_company_cannot_be_approved(course: Company, what: dict[str, Any]) -> None:
    kind, actor = what.pop("kind", "resource"), what.pop("actor", BO)
    note = course.notes(actor, kind, **{"may_tell_company": True, "visit": TRIAL, **what})

    refusal = course.refusal(cmd.ApproveNote, ANNA, note=note, words_digest=DIGEST, p_number=PLACE, about_health=False)

    assert refusal is Code.NOTE_NOT_FOR_COMPANY


@pytest.mark.parametrize(("kind", "about_health"), [("barrier", False), ("agreement", True)])
@pytest.mark.parametrize("consent", [None, "given", "withheld", "withdrawn"])
def test_considerations_are_told_with_consent_alone(
    course: Company, kind: str, *, about_health: bool, consent: str | None
) -> None:
    note = course.writes(kind)
    course.approves(note, about_health=about_health)
    if consent is not None:
        course.reports(ANNA, company_consent=consent)

    is_told = consent == "given"
    assert [one.note for one in course.content.notes] == [note] * is_told
    assert course.content.considerations == (note,) * is_told


@pytest.mark.parametrize("actor", [CARL, SARA, CASE_SYSTEM], ids=lambda actor: actor.person)
def test_only_the_two_roles_and_their_covers_approve_issue_and_tell(course: Company, actor: Actor) -> None:
    note = course.writes()
    approval = {"note": note, "words_digest": DIGEST, "p_number": PLACE, "about_health": False}
    issue = {"visit": TRIAL, "page_digest": DIGEST, "content": course.content, "details": WHY}

    assert course.refusal(cmd.ApproveNote, actor, **approval) is Code.NOT_THE_PARTY
    assert course.refusal(cmd.WithdrawApproval, actor, note=note, p_number=PLACE) is Code.NOT_THE_PARTY
    assert course.refusal(cmd.IssueSheet, actor, **issue) is Code.NOT_THE_PARTY
    assert course.refusal(cmd.TellCompany, actor, version=1, how=SheetChannel.PRINT) is Code.NOT_THE_PARTY

    course.command(cmd.ApproveNote, actor.model_copy(update={"covers": ("anna",)}), **approval)
    assert course.state.approved[0].by == actor.person


def test_what_was_shown_is_issued_and_nothing_else(course: Company) -> None:
    shown = course.content
    course.approves(course.writes())

    assert (
        course.refusal(cmd.IssueSheet, BO, visit=TRIAL, page_digest=DIGEST, content=shown, details=WHY)
        is Code.COMPANY_SHEET_CHANGED
    )

    course.issues()
    course.issues()
    assert len(course.happened(ev.SheetIssued)) == 1, "what stands already is not issued again"
    course.issues("e" * 64)
    assert course.sheet.version == 2


def test_that_the_company_was_told_is_recorded_once_by_each_and_each_way(course: Company) -> None:
    course.issues()
    for how in ("print", "print", "telephone"):
        course.command(cmd.TellCompany, BO, version=1, how=how)

    assert [told.how for told in course.sheet.told] == [SheetChannel.PRINT, SheetChannel.TELEPHONE]
    course.issues("e" * 64)
    assert course.refusal(cmd.TellCompany, BO, version=1, how="print") is Code.COMPANY_SHEET_STOPPED


def retracted(course: Company, note: UUID) -> None:
    """Take the words back."""
    course.command(cmd.RetractNote, BO, note=note, reason=WHY)


def corrected(course: Company, note: UUID) -> None:
    """Correct the words."""
    course.command(cmd.SupersedeNote, BO, note=note, right=uuid5(COURSE, "other words"))


def disapproved(course: Company, note: UUID) -> None:
    """Let the other role withdraw what Anna approved."""
    course.command(cmd.WithdrawApproval, BO, note=note, p_number=PLACE)


def reopened(course: Company, _note: UUID) -> None:
    """Go back to the company visit."""
    course.command(cmd.ReopenVisit, SARA, visit=2, reason=WHY)


STOPS = {
    SheetStop.CONSENT: lambda course, _: course.reports(ANNA, company_consent="withdrawn"),
    SheetStop.NOTE: retracted,
    SheetStop.APPROVAL: disapproved,
    SheetStop.STOPPED: lambda course, _: course.reports(BO, trial_stopped_by="company"),
    SheetStop.COMPANY: lambda course, _: course.reports(BO, trial_p_number=ELSEWHERE),
    SheetStop.FACTS: lambda course, _: course.reports(ANNA, trial_weekly_hours=20),
    SheetStop.PROTECTED: lambda course, _: course.command(cmd.DescribeCitizen, ANNA, protected=True, reason=WHY),
    SheetStop.VISIT_WITHDRAWN: reopened,
}


@pytest.mark.parametrize("because", SheetStop)
def test_a_sheet_that_stands_no_longer_is_told_of_to_both_roles_once(course: Company, because: SheetStop) -> None:
    note = course.writes("barrier")
    course.approves(note)
    course.reports(ANNA, company_consent="given")
    course.issues(citizen_text=uuid5(COURSE, "name"))

    STOPS[because](course, note)
    course.command(cmd.TimePassed, CASE_SYSTEM)

    (stopped,) = course.happened(ev.SheetStopped)
    assert (stopped.because, course.sheet.stopped) == (because, because)
    assert course.is_news_to == {"anna": [because], "bo": [because]}
    assert course.refusal(cmd.TellCompany, BO, version=1, how="print") is Code.COMPANY_SHEET_STOPPED


def test_a_corrected_note_has_lost_its_approval_and_its_sheet(course: Company) -> None:
    note = course.writes()
    course.approves(note)
    course.issues()

    corrected(course, note)

    assert course.sheet.stopped is SheetStop.NOTE


@pytest.mark.parametrize(("because", "at_once"), [(SheetStop.CONSENT, True), (SheetStop.APPROVAL, False)])
def test_that_consent_is_withdrawn_is_told_at_once(course: Company, because: SheetStop, *, at_once: bool) -> None:
    note = course.writes("barrier")
    course.approves(note)
    course.reports(ANNA, company_consent="given")
    course.issues()
    course.it_is("2026-09-30", 11)
    before = {news.notice for news in course.state.news}

    STOPS[because](course, note)

    new = [news for news in course.state.news if news.notice not in before]
    assert {news.at <= course.now for news in new} == {at_once}


def test_a_consent_that_is_taken_back_is_no_consent(course: Company) -> None:
    note = course.writes("barrier")
    course.approves(note)
    course.reports(ANNA, company_consent="given")
    course.issues()
    consent = course.state.on_record("company_consent", TRIAL)
    assert consent is not None

    course.command(cmd.RetractFact, ANNA, fact=consent.fact.id, reason=WHY)

    assert course.sheet.stopped is SheetStop.CONSENT


def test_what_is_over_stops_in_silence(course: Company) -> None:
    course.issues()
    course.it_is("2026-10-05")
    course.trial_ends("2027-01-03", "no_job")
    course.both_acknowledge()

    assert course.happened(ev.VisitLeft)[-1].visit == TRIAL
    assert course.happened(ev.SheetStopped) == []
    assert course.refusal(cmd.TellCompany, BO, version=1, how="print") is Code.COMPANY_SHEET_STOPPED
