"""Two sources that contradict each other are the cause of a wait, with both values and sources shown (P2, P5)."""

from datetime import UTC, datetime, timedelta

from domain.calendar import danish_day
from domain.state.waiting import WaitingKind
from rules.engine.book import Book
from tests.api.vocabulary import case, inbox, item
from tests.domain.vocabulary import ANNA, BO, CASE_SYSTEM, Story
from tools.town.town import Town
from wording.labels import Labels
from wording.sentences import depends_on_course, inbox_text


def text_of(story: Story, kind: WaitingKind) -> str:
    """Return the line of the wait of a kind in the inbox of the one who is asked."""
    assert isinstance(story.rules, Book)
    (wait,) = story.waits(kind)
    line = item(story, **{name: getattr(wait, name) for name in ("kind", "what", "visit", "roles", "level", "until")})
    assert depends_on_course(line)
    return inbox_text(line, story.state, Labels(story.rules, "en"), story.now)


def test_a_route_that_two_sources_contradict_is_waited_for_with_both_values_and_sources() -> None:
    story = Story().starts()
    story.reports(ANNA, agreed=True)
    story.reports(BO, way="trial")
    assert not story.waits(WaitingKind.DECISION)

    story.reports(CASE_SYSTEM, way="work")

    text = text_of(story, WaitingKind.DECISION)
    assert text.startswith("A decision on where the course goes is missing. Contradictory statements of Vej: ")
    assert "Kun praktik by bo" in text
    assert f"Job by {CASE_SYSTEM.person}" in text


def test_a_course_says_of_a_missing_requirement_which_sources_contradict_each_other(town: Town) -> None:
    unit = "contradictory"
    system, anna = town.speaks("case-system", "system", units=(unit,)), town.speaks("anna", "caseworker", units=(unit,))
    path = f"/v1/courses/{system.does('/v1/courses', **case(unit=unit))['course']}"
    day, other = danish_day(datetime.now(UTC) - timedelta(days=1)), danish_day(datetime.now(UTC) - timedelta(days=2))
    for caller, held_on in ((anna, day), (system, other)):
        facts = {"first_interview_on": held_on.isoformat()}
        caller.does(f"{path}/facts", facts=facts, occurred_on=day.isoformat())

    (wait,) = [wait for wait in anna.get(path)["waiting"] if wait["what"] == "first_interview_held"]
    (line,) = [
        line
        for line in inbox(anna)
        if (line["course"]["id"], line["what"]) == (path.rpartition("/")[2], "first_interview_held")
    ]

    for text in (wait["text"], line["text"]):
        assert "Contradictory statements of When was the first interview? " in text
        assert " by anna" in text.lower(), "by name, where the directory knows it"
        assert " by case-system" in text
