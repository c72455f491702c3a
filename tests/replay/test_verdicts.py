"""Every recorded verdict is given again, in the same bytes, by the version under which it was given (P8)."""

import json
from collections import Counter
from typing import Any, Final

import pytest

from domain.events import Settled
from domain.evolve import evolve
from domain.model import canonical
from domain.state.facts import REMOVED
from rules.engine.book import Book
from rules.loading.library import from_canonical, shipped
from rules.proving.replaying import Books, Part, Pinned, Unlike, pinned_by, replay_revision
from tests.replay.verdicts import Life, pinned_books, pinned_calendars, recorded_lives

LIVES: Final = recorded_lives()
BOOKS: Final = pinned_books()
CALENDARS: Final = pinned_calendars()


def replayed(life: Life, books: Books = BOOKS) -> tuple[int, list[Unlike]]:
    """Return how many verdicts of a recorded course were given again, and what was unlike."""
    state, verdicts, unlike = life.before, 0, list[Unlike]()
    for turn in life.turns:
        again = replay_revision(state, turn, books, CALENDARS)
        verdicts, unlike = verdicts + again.verdicts, [*unlike, *again.unlike]
        for event in turn:
            state = evolve(state, event)
    return verdicts, unlike


@pytest.mark.parametrize("name", LIVES)
def test_every_recorded_verdict_is_given_again_in_the_same_bytes(name: str) -> None:
    verdicts, unlike = replayed(LIVES[name])

    assert verdicts > 0
    assert unlike == []


def test_the_recorded_verdicts_are_of_every_shipped_requirement_met_and_not_met() -> None:
    settled = [event for life in LIVES.values() for turn in life.turns for event in turn if isinstance(event, Settled)]
    seen = Counter(pair for each in settled for j in each.judgements.values() for pair in j.outcomes.items())

    for rules in shipped():
        for requirement in (requirement for step in rules.steps for requirement in step.requirements):
            outcomes = {outcome for name, outcome in seen if name == requirement.id}
            assert outcomes, requirement.id
    assert {outcome for _, outcome in seen} == {"met", "unmet", "unknown", "refused", "not_applicable", "waived"}


def jobfirst() -> tuple[str, dict[str, Any]]:
    """Return the hash of the set and what is written in it."""
    (book,) = (book for book in BOOKS.values() if book.rule_set.id == "jobfirst" and not book.rule_set.draft)
    return book.reference.sha256, json.loads(book.rule_set.canonical)


def as_if(document: dict[str, Any]) -> Books:
    """Return the books as if the engine read another document where the recorded courses follow jobfirst."""
    sha256, _ = jobfirst()
    return {**BOOKS, sha256: Book(from_canonical(canonical(document)))}


def test_a_verdict_that_would_be_another_is_told_by_its_requirement_as_it_was_and_would_be() -> None:
    _, document = jobfirst()
    (number,) = (number for number in document["parameters"] if number["id"] == "first_interview_days")
    number["rows"][0]["value"] += 7

    _, unlike = replayed(LIVES["jobfirst-2026-11-0"], as_if(document))

    assert {(each.part, each.requirement) for each in unlike} == {(Part.RECKONED, "first_interview_held")}
    (first, *_) = unlike
    assert (first.visit, first.was, first.would_be) == (1, "2026-09-14 21:59:00+00:00", "2026-09-21 21:59:00+00:00")


def test_a_requirement_that_would_come_out_otherwise_is_told_with_what_follows_for_the_visit() -> None:
    _, document = jobfirst()
    (asked,) = (each for each in document["steps"][0]["requirements"] if each["id"] == "hours_aimed_at")
    asked["must"] = {"not": asked["must"]}

    _, unlike = replayed(LIVES["jobfirst-2026-11-0"], as_if(document))

    assert (1, Part.OUTCOME, "hours_aimed_at", "met", "unmet", False) in unlike
    assert (1, Part.READY, None, "true", "false", False) in unlike


def with_erased(life: Life, fact: str) -> Life:
    """Return a recorded course in which every value that was said of a fact has been erased."""
    document = json.loads(life.model_dump_json())
    return Life.model_validate(_erased(document, fact))


def _erased(part: Any, fact: str) -> Any:
    if isinstance(part, list):
        return [_erased(each, fact) for each in part]
    if not isinstance(part, dict):
        return part
    is_named = part.get("fact") == fact and "value" in part
    return {**{name: _erased(each, fact) for name, each in part.items()}, **({"value": REMOVED} if is_named else {})}


def test_what_rests_on_an_erased_value_is_named_and_not_held_against_the_engine() -> None:
    life = with_erased(LIVES["jobfirst-2026-11-0"], "visit_outcome")

    _, unlike = replayed(life)

    assert unlike
    assert all(each.is_erased for each in unlike)


def test_an_erased_value_hides_nothing_that_does_not_rest_on_it() -> None:
    _, document = jobfirst()
    (number,) = (number for number in document["parameters"] if number["id"] == "first_interview_days")
    number["rows"][0]["value"] += 7

    _, unlike = replayed(with_erased(LIVES["jobfirst-2026-11-0"], "visit_outcome"), as_if(document))

    assert {each.requirement for each in unlike if not each.is_erased} == {"first_interview_held"}


def test_a_revision_says_by_which_rules_and_calendar_it_was_judged() -> None:
    life = LIVES["jobfirst-2026-11-0"]
    sha256, _ = jobfirst()

    assert pinned_by(life.before, life.turns[0]) == Pinned(frozenset({sha256}), frozenset(CALENDARS))
