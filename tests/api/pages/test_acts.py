"""What a course is told besides reports: a note, that it stopped, and on whom somebody waits (P1, P6, P13)."""

from datetime import timedelta
from typing import Any

from tests.api.pages.browser import FormRead, Page
from tests.api.pages.morning import SCRIPT, TODAY, WORDS, Morning, acknowledging


def form_to(page: Page, end: str) -> FormRead:
    """Return the form of a page that goes to an address with this end."""
    return next(form for form in page.forms if form.action.endswith(end))


def course(morning: Morning) -> dict[str, Any]:
    """Return the course as the API tells it."""
    return dict(morning.callers["anna"].get(f"/v1/courses/{morning.course}"))


def test_a_note_after_a_version_stands_is_seen_first_or_may_wait(morning: Morning) -> None:
    page = morning.bo.opens(f"{morning.page}/visits/1/note")
    assert WORDS["send_first"].format(name="Anna Eksempel") in page.text
    form = form_to(page, "/note")

    waits = morning.bo.presses(form, send="wait", text="Han kan godt lide heste.")
    assert WORDS["done_saved"] in waits.text
    assert course(morning)["visits"][0]["briefing"]["version"] == 1
    again = form_to(morning.bo.opens(f"{morning.page}/visits/1/note"), "/note")
    shown = morning.bo.presses(again, send="preview", kind="barrier", text="Må ikke løfte tungt.")
    assert WORDS["save_and_acknowledge"] in shown.text
    morning.bo.presses(form_to(shown, "/note"), send="save")

    briefing = course(morning)["visits"][0]["briefing"]
    assert (briefing["version"], briefing["missing"]) == (2, ["caseworker"])
    assert [note["may_wait"] for note in course(morning)["notes"][-2:]] == [True, False]


def test_a_note_of_what_cannot_wait_says_so_and_keeps_what_was_typed(morning: Morning) -> None:
    form = form_to(morning.bo.opens(f"{morning.page}/visits/1/note"), "/note")

    refused = morning.bo.presses(form, send="wait", kind="barrier", text="Må ikke løfte tungt.")

    assert refused.answer.status_code == 422
    assert form_to(refused, "/note").fields["text"] == "Må ikke løfte tungt."


def test_we_have_talked_about_it_is_said_with_a_note_that_ends_the_dispute(morning: Morning) -> None:
    read = morning.bo.opens(morning.page)
    morning.bo.presses(read.form(WORDS["say_so"]), reason="Timetallet er forkert.")
    theirs = morning.anna.opens(morning.page)
    assert "Timetallet er forkert." in theirs.text

    page = morning.anna.opens(theirs.links[WORDS["talked_about_it"]])
    morning.anna.presses(form_to(page, "/note"), send="save", text="Vi har talt om det: tolv timer er rigtigt.")

    (dispute,) = course(morning)["visits"][0]["disputes"]
    assert dispute["ended_by"] == "anna"


def test_a_question_is_asked_of_the_other_role_and_answered_from_the_course(morning: Morning) -> None:
    form = form_to(morning.anna.opens(f"{morning.page}/visits/1/note"), "/note")
    morning.anna.presses(form, send="save", kind="question", text="Har de en kantine?")
    theirs = morning.bo.opens(morning.page)
    assert "Har de en kantine?" in theirs.text

    page = morning.bo.opens(theirs.links[WORDS["answer"]])
    morning.bo.presses(form_to(page, "/note"), send="save", text="Ja, med varm mad.")

    asked = next(note for note in course(morning)["notes"] if note["kind"] == "question")
    assert (asked["to"], asked["is_answered"]) == ("company_consultant", True)


def test_who_is_asked_says_on_whom_he_waits_from_the_line_of_his_list(morning: Morning) -> None:
    for browser in (morning.anna, morning.bo):
        browser.presses(browser.opens(morning.page).form(acknowledging(1)))
    listed = morning.bo.opens("/list")
    link = next(a for a in listed.addresses if f"{morning.page}/waits/" in a and "visit_held" in a)
    page = morning.bo.opens(link)

    nobody = morning.bo.presses(form_to(page, "/answer"))
    assert nobody.answer.status_code == 422
    assert "#waiting_on-0" in nobody.addresses
    done = morning.bo.presses(form_to(page, "/answer"), waiting_on="company", note="De ringer på fredag.")

    assert WORDS["done_waits"] in done.text
    answers = [wait["answer"] for wait in course(morning)["waiting"] if wait["what"] == "visit_held"]
    assert [(answer["waiting_on"], answer["note"]) for answer in answers] == [("company", "De ringer på fredag.")]


def test_a_trial_is_stopped_in_one_act_from_the_course_page(morning: Morning) -> None:
    bo, path = morning.callers["bo"], f"/v1/courses/{morning.course}"
    for act in (one for one in SCRIPT.whole("trial") if one not in SCRIPT.step("intake")):
        morning.callers["anna" if act.by == "caseworker" else "bo"].does(f"{path}/{act.where}", **act.body)
    number = next(visit["number"] for visit in course(morning)["visits"] if visit["is_open"])
    page = morning.bo.opens(morning.page)
    assert page.links[WORDS["stop"]] == f"{morning.page}/visits/{number}/stop"
    form = form_to(morning.bo.opens(page.links[WORDS["stop"]]), "/stop")

    to_come = (TODAY + timedelta(days=3)).isoformat()
    early = morning.bo.presses(form, by="citizen", last_day=to_come, note="Ryggen.")
    assert early.answer.status_code == 422
    assert form_to(early, "/stop").fields["by"] == "citizen"
    done = morning.bo.presses(form_to(early, "/stop"), last_day=TODAY.isoformat(), note="")

    assert WORDS["done_stopped"] in done.text
    facts = {fact["fact"]: fact["value"] for fact in bo.get(path)["facts"] if fact["counts"]}
    assert (facts["trial_stopped_by"], facts["trial_ended_on"]) == ("citizen", TODAY.isoformat())
