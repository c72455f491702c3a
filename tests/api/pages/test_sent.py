"""What was just sent: a receipt is taken back, and a note is put right by its author (P1, P3)."""

from datetime import timedelta
from typing import Any

from tests.api.pages.browser import FormRead, Page
from tests.api.pages.morning import WORDS, Morning, acknowledging
from tests.api.vocabulary import expect
from tools.town.town import Town


def form_to(page: Page, end: str) -> FormRead:
    """Return the form of a page that goes to an address with this end."""
    return next(form for form in page.forms if form.action.endswith(end))


def course(morning: Morning) -> dict[str, Any]:
    """Return the course as the API tells it."""
    return dict(morning.callers["anna"].get(f"/v1/courses/{morning.course}"))


def test_a_receipt_that_was_a_slip_is_taken_back_from_the_line_that_says_it_is_given(morning: Morning) -> None:
    given = morning.anna.presses(morning.anna.opens(morning.page).form(acknowledging(1)))
    assert course(morning)["visits"][0]["briefing"]["missing"] == ["company_consultant"]

    sent = morning.anna.opens(given.links[WORDS["undo_or_correct"]])
    done = morning.anna.presses(form_to(sent, "/take-back"))

    assert WORDS["done_slip"] in done.text
    assert WORDS["yours_is_missing"] in done.text
    assert course(morning)["visits"][0]["briefing"]["missing"] == ["caseworker", "company_consultant"]
    assert not [form for form in morning.anna.opens(f"{morning.page}/sent").forms if "take-back" in form.action]


def test_nothing_is_taken_back_once_the_course_has_gone_on(morning: Morning) -> None:
    morning.anna.presses(morning.anna.opens(morning.page).form(acknowledging(1)))
    back = form_to(morning.anna.opens(f"{morning.page}/sent"), "/take-back")
    morning.bo.presses(morning.bo.opens(morning.page).form(acknowledging(1)))

    refused = morning.anna.presses(back)

    assert refused.answer.status_code == 409
    assert [visit["is_open"] for visit in course(morning)["visits"]] == [False, True]


async def test_after_ten_minutes_a_receipt_stands(morning: Morning, town: Town) -> None:
    anna, receipt = morning.callers["anna"], {"briefing": 1, "version": 1}
    anna.does(f"/v1/courses/{morning.course}/acknowledgements", **receipt)
    await town.time_passes(morning.course, timedelta(minutes=11))

    refused = anna.sends(f"/v1/courses/{morning.course}/acknowledgements/take-back", **receipt)

    expect(refused, 409, "receipt-stands")


def test_a_note_is_put_right_by_its_author_from_the_page_that_says_it_is_sent(morning: Morning) -> None:
    form = form_to(morning.bo.opens(f"{morning.page}/visits/1/note"), "/note")
    sent = morning.bo.presses(form, send="wait", text="Møder klokken ni.")
    assert "Møder klokken ni." in sent.text

    page = morning.bo.opens([link for link in sent.addresses if link.endswith("/supersede")][-1])
    assert form_to(page, "/supersede").fields["text"] == "Møder klokken ni."
    done = morning.bo.presses(form_to(page, "/supersede"), text="Møder klokken ti.")

    assert WORDS["done_saved"] in done.text
    assert "Møder klokken ti." in [note["text"] for note in course(morning)["notes"]]
    assert "Møder klokken ni." not in [note["text"] for note in course(morning)["notes"]]
