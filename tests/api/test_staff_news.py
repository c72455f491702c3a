"""What is new in the rules is told to those whose courses it touches, for as long as it is news."""

from datetime import timedelta
from typing import Any, Final

import pytest

from clients.caller import Caller
from tests.api.leading import TODAY
from tests.api.ruling import Ruled
from tests.journeys.vocabulary import both_acknowledge
from tools.town.town import Town

TOMORROW: Final = (TODAY + timedelta(days=1)).isoformat()
TO_COME: Final = {'version = "1"': 'version = "2"', f"valid_from = {TODAY}": f"valid_from = {TOMORROW}"}


@pytest.fixture
def office(town: Town) -> Ruled:
    """A municipality of its own."""
    return Ruled(town)


def told(caller: Caller) -> list[dict[str, Any]]:
    """Return what is new for somebody."""
    items: list[dict[str, Any]] = caller.get("/v1/staff-news")["items"]
    return items


def pair(news: dict[str, Any]) -> tuple[str, str]:
    """Return the versions before and after."""
    return news["before"]["sha256"], news["after"]["sha256"]


def test_who_works_with_courses_that_will_be_moved_is_told_what_differs_and_nobody_else(office: Ruled) -> None:
    office.begins(), office.begins()
    carl, eva = (
        office.speaks(person, "caseworker", units=units) for person, units in (("carl", ()), ("eva", ("job",)))
    )
    assert told(office.anna) == []

    act = office.orders(office.sara, rules=office.five, instead_of=office.ten, on=TOMORROW)

    (news,) = told(office.anna)
    assert pair(news) == (office.ten, office.five)
    assert (news["begins_on"], news["courses"], news["courses_at_next_visit"]) == (TOMORROW, 2, 0)
    assert news["new_courses_from"] is None
    said = [sentence for section in news["sections"] for sentence in section["sentences"]]
    assert any("10" in sentence and "5" in sentence for sentence in said), said
    assert (told(office.sara), told(office.whole)) == ([news], [news])
    assert [told(other) for other in (carl, eva, office.sven, office.rie)] == [[]] * 4, (
        "eva reads them, and they are not hers"
    )

    office.over(office.whole.http.post(f"/v1/re-pins/{act['id']}/take-back", json={}).headers["Location"])
    assert told(office.anna) == [], "nothing was moved"


def test_courses_that_were_moved_back_are_told_as_well(office: Ruled) -> None:
    office.begins()
    act = office.orders(office.sara, rules=office.five, instead_of=office.ten, on=TODAY.isoformat())
    office.over(act["at"])
    (news,) = told(office.anna)
    assert (pair(news), news["courses"]) == ((office.ten, office.five), 1)

    office.over(office.whole.http.post(f"/v1/re-pins/{act['id']}/take-back", json={}).headers["Location"])

    (news,) = told(office.anna)
    assert (pair(news), news["courses"]) == ((office.five, office.ten), 1)
    assert not news["is_back"], "both count from the same day"


def test_courses_that_follow_from_their_next_visit_are_counted_by_themselves_until_they_close(office: Ruled) -> None:
    course = office.begins()
    office.over(office.orders(office.sara, rules=office.five, instead_of=office.ten)["at"])
    (news,) = told(office.anna)
    assert (news["courses"], news["courses_at_next_visit"]) == (0, 1)

    office.anna.does(f"/v1/courses/{course}/close", outcome="job", reason="Flyttet.")
    both_acknowledge(f"/v1/courses/{course}", office.anna, office.speaks("bo", "company_consultant", units=()))

    assert told(office.anna) == []


def test_a_plan_that_is_taken_back_was_never_news_of_a_move(office: Ruled) -> None:
    office.begins()
    act = office.orders(office.sara, rules=office.five, instead_of=office.ten)
    office.over(act["at"])

    office.over(office.whole.http.post(f"/v1/re-pins/{act['id']}/take-back", json={}).headers["Location"])

    assert told(office.anna) == []


def test_what_was_done_stays_news_while_something_else_is_ordered_and_what_cannot_be_done_any_more_is_none(
    office: Ruled,
) -> None:
    office.begins()
    third = office.published("third", 7)
    office.orders(office.sara, rules=third, instead_of=office.ten, on=TOMORROW)
    office.over(office.orders(office.sara, rules=office.five, instead_of=office.ten, on=TODAY.isoformat())["at"])
    assert [pair(news) for news in told(office.anna)] == [(office.ten, office.five)]

    office.orders(office.sara, rules=third, instead_of=office.five, on=TOMORROW)

    assert [pair(news) for news in told(office.anna)] == [(office.ten, office.five), (office.five, third)]


def test_what_new_courses_will_follow_is_told_to_who_works_by_the_set_and_not_before_it_is_published(
    office: Ruled,
) -> None:
    office.begins()
    carl = office.speaks("carl", "caseworker", units=())
    assert told(office.anna) == []

    later = office.published("ten", 7, **TO_COME)

    (news,) = told(office.anna)
    assert pair(news) == (office.ten, later)
    assert (news["new_courses_from"], news["courses"], news["courses_at_next_visit"]) == (TOMORROW, 0, 0)
    assert told(carl) == []
    line = next(one for one in office.rie.get("/v1/rulesets")["items"] if one["sha256"] == later)
    office.rie.does(f"/v1/rulesets/ten/versions/{line['version']}/withdraw", sha256=later)
    assert told(office.anna) == []


def test_a_moved_course_and_new_ones_are_one_piece_of_news(office: Ruled) -> None:
    office.begins()
    later = office.published("ten", 7, **TO_COME)
    office.orders(office.sara, rules=later, instead_of=office.ten, on=TOMORROW)

    (news,) = told(office.anna)

    assert (news["new_courses_from"], news["courses"]) == (TOMORROW, 1)
