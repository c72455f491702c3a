"""The page of what is new since its reader was last at work (P13)."""

from datetime import UTC, datetime, timedelta

from domain.calendar import danish_day
from tests.api.pages.morning import WORDS, Morning
from wording.catalog import catalog


def test_what_the_other_role_did_is_on_one_page_with_what_waits(morning: Morning) -> None:
    morning.reports("bo", goal_paid_hours=16)
    asked = morning.callers["anna"].get("/v1/since-last")

    listed = morning.anna.opens("/list")
    page = morning.anna.opens(listed.links[WORDS["since_last"]])

    assert "16" in page.text
    assert "Bo Eksempel" in page.text
    assert WORDS["since_last_waits"] in page.text
    assert catalog("da").inbox["acknowledgement"] in page.text
    for line in asked["courses"]:
        assert f"/courses/{line['course']}" in page.addresses


def test_another_day_may_be_chosen_and_one_long_ago_is_a_page_that_says_so(morning: Morning) -> None:
    form = next(f for f in morning.anna.opens("/since-last").forms if f.action == "/since-last")

    today = danish_day(datetime.now(UTC))

    tomorrow = morning.anna.presses(form, **{"from": (today + timedelta(days=1)).isoformat()})
    long_ago = morning.anna.http.get("/since-last", params={"from": (today - timedelta(weeks=9)).isoformat()})

    assert WORDS["since_last_nothing"] in tomorrow.text
    assert long_ago.status_code == 422
    assert catalog("da").problems["not-in-range"].title in long_ago.text
