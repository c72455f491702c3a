"""The inbox: what waits for the caller and what he was told, in one list; seeing is not acknowledging (P4)."""

import pytest

from api.http.negotiation import LANGUAGES
from clients.caller import Caller
from domain.address import Address
from domain.commands import RetractFact
from domain.events import NoticeRaised
from domain.state.waiting import WaitingKind
from rules.language.formats import Language
from tests.api.vocabulary import begun, case, inbox, item, labels
from tests.domain.vocabulary import BO, MONDAY, Story
from tests.journeys.vocabulary import both_acknowledge, complete_intake
from tools.town.town import Town
from wording.catalog import catalog
from wording.sentences import inbox_text


def test_a_briefing_to_acknowledge_is_in_the_inbox_until_it_is_acknowledged(town: Town) -> None:
    system, anna, bo = (
        town.speaks("case-system", "system"),
        town.speaks("anna", "caseworker"),
        town.speaks("bo", "company_consultant"),
    )
    started = system.does("/v1/courses", **case())["course"]
    course = f"/v1/courses/{started}"
    complete_intake(course, anna, bo)

    def mine() -> list[dict[str, object]]:
        items = inbox(anna)
        return [item for item in items if item["course"]["id"] == started and item["kind"] == "acknowledgement"]

    waiting = mine()
    assert len(waiting) == 1
    assert str(waiting[0]["text"]).endswith(": Intake. The next step is Company visit.")
    revision = anna.get(course)["revision"]
    seen = anna.does(f"/v1/inbox/{waiting[0]['notice']}/seen")
    again = anna.does(f"/v1/inbox/{waiting[0]['notice']}/seen")
    assert seen["applied_revision"] == again["applied_revision"] == revision + 1
    assert anna.get(course)["revision"] == revision + 1
    assert mine(), "seeing is not acknowledging"

    anna.does(f"{course}/acknowledgements", briefing=1, version=1)

    assert not mine()
    receipts = anna.get(course)["visits"][0]["briefing"]["receipts"]
    (hers,) = [receipt for receipt in receipts if receipt["person"] == "anna"]
    assert all(hers[name] for name in ("queued_at", "seen_at", "acknowledged_at"))


def test_nobody_sees_a_notice_for_somebody_else(town: Town) -> None:
    system, anna = town.speaks("case-system", "system"), town.speaks("anna", "caseworker")
    bo, carl = town.speaks("bo", "company_consultant"), town.speaks("carl", "caseworker")
    started = system.does("/v1/courses", **case())["course"]
    complete_intake(f"/v1/courses/{started}", anna, bo)
    items = inbox(anna)
    notice = next(item["notice"] for item in items if item["course"]["id"] == started and item["notice"])

    answer = carl.sends(f"/v1/inbox/{notice}/seen")

    assert answer.status_code == 404


OF_HAND_OVERS = ("citizen_told_by", "hand_over", "reached", "role_open", "role_queued", "shared_role")
OF_NEWS = ("breach", "pause", "reopened", "resumed", "several", "sheet_stopped", "taken_back", "waiver")


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_can_be_in_an_inbox_has_words(language: Language) -> None:
    of_taking = {"look_again", "taken_over"}
    without_a_wait = {"ahead", "ahead_at", "appointment", "caseload", "completed", "correction", "news", "unreachable"}
    of_meetings_news = ("accepted", "declined", "declined_suggesting")
    of_news = {f"news_{kind}" for kind in ("answer", "item", "more", "of", *of_meetings_news, *OF_HAND_OVERS, *OF_NEWS)}
    of_meetings = {f"appointment_{became}" for became in ("made", "held", "moved", "released", "cancelled")}

    of_absences = {"absence_days", "absence_open", "due_on", "due_until", "hand_over", "handed_over", "without_cover"}

    assert set(catalog(language).inbox) == {
        *WaitingKind,
        *without_a_wait,
        *of_meetings,
        *of_absences,
        *of_news,
        *of_taking,
        "begins",
        "caseload_of",
        "correction_of",
        "contradicted",
        "may_answer",
        "not_in_directory",
        "quoting",
        "reminder",
        "stands_at",
        "stands_missing",
        "without_role",
    }


def texts_of(story: Story) -> list[str]:
    """Return what each notice of a meeting says, in the order in which they were raised."""
    raised = [
        e for e in story.happened(NoticeRaised) if e.about == "appointment" and e.recipient == Address.person("anna")
    ]
    named = ("notice", "about", "subject", "visit", "level")
    items = [item(story, **{name: getattr(event, name) for name in named}) for event in raised]
    return [inbox_text(each, story.state, labels(), story.now) for each in items]


def test_what_is_asked_for_is_named_and_whether_it_holds_the_course_back() -> None:
    def asked(requirement: str) -> str:
        return inbox_text(item(begun(), kind=WaitingKind.REQUIREMENT, what=requirement), None, labels(), MONDAY)

    assert asked("matches") == "Still to be done: There is a match."
    assert asked("thanked") == "Should be done, but does not hold the course back: The company was thanked."


def test_a_notice_of_a_meeting_says_which_and_when_as_it_stands_now() -> None:
    story = begun()
    story.reports(BO, meeting_on="2026-09-14", meeting_at="10:00")
    assert texts_of(story) == ["Agreed: Meeting at the company, 14 September 2026 at 10:00"]

    story.reports(BO, meeting_on="2026-09-15")
    assert texts_of(story) == ["Moved: Meeting at the company, now 15 September 2026 at 10:00"] * 2

    for fact in story.state.facts:
        if fact.fact == "meeting_on":
            story.command(RetractFact, BO, fact=fact.id, reason=fact.id)
    assert set(texts_of(story)) == {"Cancelled: Meeting at the company, 15 September 2026 at 10:00"}


def test_a_notice_of_a_meeting_that_is_forgotten_says_at_least_what_it_is_about() -> None:
    forgotten = item(begun(), about="appointment", visit=1, level=0)

    assert inbox_text(forgotten, None, labels(), MONDAY) == "A meeting is made or changed"


def test_that_a_course_is_closed_is_told_until_it_is_open_again(
    system: Caller, anna: Caller, bo: Caller, sara: Caller
) -> None:
    course = f"/v1/courses/{system.does('/v1/courses', **case())['course']}"

    def told() -> list[str]:
        return [each["about"] for each in inbox(bo) if each["course"] and each["course"]["id"] in course]

    anna.does(f"{course}/close", outcome="moved", reason="Flyttet.")
    both_acknowledge(course, anna, bo)
    assert "completed" in told()

    sara.does(f"{course}/reopen", reason="Lukket ved en fejl.")
    assert "completed" not in told()
