"""Reporting by a short form: what is asked, what the other role would get, and a receipt in the same act (P1, P3)."""

from typing import Any

from tests.api.pages.browser import Browser, FormRead, Page
from tests.api.pages.morning import TODAY, WORDS, Morning, acknowledging


def visit_report(morning: Morning) -> str:
    """Bring the course to its company visit, and return the address of the form there."""
    for browser in (morning.anna, morning.bo):
        page = browser.opens(morning.page)
        browser.presses(page.form(acknowledging(1)))
    return f"{morning.page}/visits/2/report"


def entry(page: Page) -> FormRead:
    """Return the form of a page by which one reports."""
    return next(form for form in page.forms if form.action.endswith("/report"))


def sends(browser: Browser, page: Page, send: str = "save", **typed: str) -> Page:
    """Fill in a form and send it."""
    return browser.presses(entry(page), send=send, **typed)


def course(morning: Morning) -> dict[str, Any]:
    """Return the course as the API tells it."""
    return dict(morning.callers["anna"].get(f"/v1/courses/{morning.course}"))


def facts(morning: Morning) -> dict[str, Any]:
    """Return the facts that count."""
    return {fact["fact"]: fact["value"] for fact in course(morning)["facts"] if fact["counts"]}


def test_a_visit_is_reported_in_one_form_from_a_line_of_the_list(morning: Morning) -> None:
    visit_report(morning)
    listed = morning.bo.opens("/list")
    assert f"{morning.page}/visits/2/report?about=visit_held" in listed.addresses
    assert f"{morning.page}/visits/2/report?about=visit_held" in morning.bo.opens(morning.page).addresses

    page = morning.bo.opens(f"{morning.page}/visits/2/report?about=visit_held")
    assert "Hvornår var I der?" in page.text
    assert {"facts.visit_held_on", "facts.company_p_number", "note.visit_agreed"} <= entry(page).fields.keys()
    assert entry(page).fields["facts.citizen_at_company_visit"] == "true"
    done = sends(
        morning.bo,
        page,
        **{
            "facts.visit_held_on": TODAY.isoformat(),
            "facts.company_p_number": "10 0000 0001",
            "facts.visit_outcome": "trial",
            "note.visit_agreed": "Tre timer om ugen ved bageren.",
        },
    )

    assert WORDS["done_saved"] in done.text
    assert (
        facts(morning).items()
        >= {
            "visit_held_on": TODAY.isoformat(),
            "company_p_number": "1000000001",
            "visit_outcome": "trial",
        }.items()
    )
    assert "citizen_at_company_visit" not in facts(morning)
    assert [note["text"] for note in course(morning)["notes"] if note["kind"] == "visit_agreed"] == [
        "Tre timer om ugen ved bageren."
    ]


def test_who_was_not_there_is_a_tick_taken_away(morning: Morning) -> None:
    page = morning.bo.opens(visit_report(morning))
    form = entry(page)
    del form.fields["facts.citizen_at_company_visit"]

    morning.bo.presses(form, send="save", **{"facts.visit_held_on": TODAY.isoformat()})

    assert facts(morning)["citizen_at_company_visit"] is False
    assert "caseworker_at_company_visit" not in facts(morning)


def test_what_the_other_gets_is_shown_before_it_is_saved_and_acknowledged_in_the_same_act(morning: Morning) -> None:
    page = morning.bo.opens(f"{morning.page}/visits/1/report")
    assert WORDS["nothing_asked"] in page.text

    shown = sends(morning.bo, page, "preview", **{"facts.goal_paid_hours": "12,5"})
    assert "12,5" in shown.text
    assert WORDS["preview"].format(name="Anna Eksempel") in shown.text
    assert {"dl", "h3"} <= {tag for tag, _ in shown.tags}
    assert entry(shown).fields["facts.goal_paid_hours"] == "12,5"
    assert "goal_paid_hours" in facts(morning)
    assert facts(morning)["goal_paid_hours"] != "12.5"

    done = sends(morning.bo, shown)
    assert WORDS["done_saved"] in done.text
    assert facts(morning)["goal_paid_hours"] == "12.5"
    assert WORDS["yours_is_missing"] not in done.text


def test_something_new_in_between_leaves_the_report_and_shows_what_is_new(morning: Morning) -> None:
    page = morning.bo.opens(f"{morning.page}/visits/1/report")
    shown = sends(morning.bo, page, "preview", **{"facts.goal_paid_hours": "9"})
    morning.callers["anna"].does(f"/v1/courses/{morning.course}/notes", kind="barrier", text="Må ikke løfte.", visit=1)

    done = sends(morning.bo, shown)

    assert WORDS["done_withheld"] in done.text
    assert WORDS["yours_is_missing"] in done.text
    assert facts(morning)["goal_paid_hours"] == 9


def test_the_same_form_sent_twice_is_saved_once(morning: Morning) -> None:
    page = morning.anna.opens(visit_report(morning))
    typed = {"facts.goal_paid_hours": "11"}

    first, second = (sends(morning.anna, page, **typed) for _ in range(2))

    assert first.answer.is_success
    assert second.answer.is_success
    stated = [fact for fact in course(morning)["facts"] if fact["fact"] == "goal_paid_hours"]
    assert [fact["value"] for fact in stated].count(11) == 1


def test_what_nobody_touched_is_not_reported_over_what_somebody_else_has_said_since(morning: Morning) -> None:
    page = morning.bo.opens(visit_report(morning))
    morning.reports("anna", goal_paid_hours=20)

    sends(morning.bo, page, **{"facts.visit_held_on": TODAY.isoformat()})

    assert facts(morning)["goal_paid_hours"] == 20


def test_what_is_wrong_comes_back_with_what_was_typed_and_is_told_at_its_field(morning: Morning) -> None:
    page, before = morning.bo.opens(visit_report(morning)), course(morning)["revision"]

    wrong = sends(
        morning.bo,
        page,
        **{"facts.company_p_number": "123", "note.visit_agreed": "Aftalt med 010190-1111 om tre timer."},
    )

    assert wrong.answer.status_code == 422
    assert WORDS["wrong_cpr_not_allowed"] in wrong.text
    assert "#note-visit_agreed" in wrong.addresses
    assert entry(wrong).fields["note.visit_agreed"].startswith("Aftalt med")
    again = sends(morning.bo, wrong, **{"note.visit_agreed": "Tre timer."})
    assert again.answer.status_code == 422
    assert WORDS["wrong_numeric"] in again.text
    assert entry(again).fields["facts.company_p_number"] == "123"
    empty = sends(morning.bo, morning.bo.opens(f"{morning.page}/visits/2/report"))
    assert WORDS["wrong_text_empty"] in empty.text
    assert course(morning)["revision"] == before


def test_a_visit_that_is_left_leads_to_the_course(morning: Morning) -> None:
    visit_report(morning)

    page = morning.bo.opens(f"{morning.page}/visits/1/report")

    assert page.answer.url.path == morning.page
