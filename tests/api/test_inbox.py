"""The inbox: what waits for the caller and what he was told, in one list; seeing is not acknowledging (P4)."""

from tests.api.test_bad_input import case
from tests.journeys.test_three_steps import complete_intake
from tests.journeys.town import Town


def test_a_briefing_to_acknowledge_is_in_the_inbox_until_it_is_acknowledged(city: Town) -> None:
    system, anna, bo = (
        city.speaks("case-system", "system"),
        city.speaks("anna", "caseworker"),
        city.speaks("bo", "company_consultant"),
    )
    started = system.does("/v1/courses", **case())["course"]
    course = f"/v1/courses/{started}"
    complete_intake(course, anna, bo)

    def mine() -> list[dict[str, object]]:
        items = anna.get("/v1/inbox", limit=200)["items"]
        return [item for item in items if item["course"]["id"] == started and item["kind"] == "acknowledgement"]

    waiting = mine()
    assert len(waiting) == 1
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


def test_nobody_sees_a_notice_for_somebody_else(city: Town) -> None:
    system, anna = city.speaks("case-system", "system"), city.speaks("anna", "caseworker")
    bo, carl = city.speaks("bo", "company_consultant"), city.speaks("carl", "caseworker")
    started = system.does("/v1/courses", **case())["course"]
    complete_intake(f"/v1/courses/{started}", anna, bo)
    items = anna.get("/v1/inbox", limit=200)["items"]
    notice = next(item["notice"] for item in items if item["course"]["id"] == started and item["notice"])

    answer = carl.says(f"/v1/inbox/{notice}/seen")

    assert answer.status_code == 404
