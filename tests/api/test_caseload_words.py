"""The supervisors read who has more courses than agreed, in which role and how many (P6)."""

from typing import Final

import pytest

from domain import commands as cmd
from domain.decide import decide
from domain.events import NoticeRaised
from domain.identity import Role
from infra.store.queries.inbox_item import InboxItem
from infra.store.registers.people import Person
from rules.language.formats import Language
from tests.api.vocabulary import begun, item, labels
from tests.domain.vocabulary import COURSE, SARA, Story
from wording.news import persons_named
from wording.sentences import depends_on_course, inbox_text

_TO_CARL: Final = cmd.AssignParty(
    id=COURSE, actor=SARA, role=Role.CASEWORKER, to=cmd.PartyClaim(person="carl"), reason=COURSE
)


def too_many() -> tuple[Story, InboxItem]:
    """Return a course given to Carl, who has three others, and what the supervisors find in their inbox."""
    story = begun()
    decision = decide(story.state, _TO_CARL, story.rules, story.now, story.calendar, {(Role.CASEWORKER, "carl"): 3})
    story.state = decision.state
    (raised,) = [event for event in decision.events if isinstance(event, NoticeRaised) and event.about == "caseload"]
    named = ("notice", "about", "subject", "level")
    return story, item(story, **{name: getattr(raised, name) for name in named})


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("da", "carl har 4 forløb som sagsbehandler; det aftalte er højst 3"),
        ("en", "carl has 4 courses as caseworker; agreed are 3 at most"),
    ],
)
def test_a_notice_of_too_many_courses_names_person_role_and_number(language: Language, text: str) -> None:
    story, inbox_item = too_many()

    assert depends_on_course(inbox_item)
    assert inbox_text(inbox_item, story.state, labels(language), story.now) == text


def test_who_has_too_many_courses_is_called_by_name() -> None:
    story, inbox_item = too_many()
    known = {"carl": Person(person_id="carl", name="Carl Eksempel", updated_at=story.now)}

    assert "carl" in persons_named(inbox_item.subject, story.state)
    assert inbox_text(inbox_item, story.state, labels("da"), story.now, known).startswith("Carl Eksempel har 4 forløb")


def test_a_role_that_was_handed_over_since_leaves_the_person_unnamed() -> None:
    story, inbox_item = too_many()
    story.hand_over(Role.CASEWORKER, "anna")

    assert inbox_text(inbox_item, story.state, labels(), story.now) == "An employee has more courses than agreed"
