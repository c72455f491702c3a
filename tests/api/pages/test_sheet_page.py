"""The sheet of a company as a page: read, approved word for word, issued, printed, told and stopped (P10, P14)."""

from io import BytesIO
from typing import Final

from pypdf import PdfReader

from tests.api.pages.browser import Browser, Page
from tests.api.pages.morning import WORDS
from tests.api.pages.workplaces import Workplace

AGREED: Final = "Karla møder klokken ti og pakker stiklinger."


def sheet(workplace: Workplace, browser: Browser) -> Page:
    """Return the sheet as somebody finds it on the page of the company."""
    links = browser.opens(workplace.page).tags
    own = f"/courses/{workplace.course}/"
    address = next(a["href"] for tag, a in links if tag == "a" and str(a.get("href")).startswith(own))
    return browser.opens(str(address))


def writes(workplace: Workplace, text: str, kind: str = "agreement") -> None:
    note = {"kind": kind, "text": text, "may_tell_company": True}
    workplace.callers["bo"].does(f"/v1/courses/{workplace.course}/notes", **note)


def test_words_are_approved_issued_printed_told_and_stopped(workplace: Workplace) -> None:
    anna, bo = workplace.browsers["anna"], workplace.browsers["bo"]
    writes(workplace, AGREED)

    approved = anna.presses(sheet(workplace, anna).form(WORDS["sheet_approve"]))
    assert WORDS["sheet_done_approved"] in approved.text
    issued = bo.presses(sheet(workplace, bo).form(WORDS["sheet_issue"]))
    assert WORDS["sheet_done_issued"] in issued.text
    printed = bo.http.get(issued.links[WORDS["sheet_print"]])
    assert printed.headers["content-type"] == "application/pdf"
    (paper,) = PdfReader(BytesIO(printed.content)).pages
    assert (round(paper.mediabox.width), round(paper.mediabox.height)) == (595, 842)
    assert "pakker stiklinger" in " ".join(paper.extract_text().split())
    told = bo.presses(next(form for form in issued.forms if form.action.endswith("/told")), how="telephone")
    assert WORDS["sheet_done_told"] in told.text
    assert "i telefonen" in told.text

    stopped = anna.presses(sheet(workplace, anna).form(WORDS["sheet_withdraw"]))
    assert WORDS["sheet_is_stopped"] in stopped.text
    assert WORDS["sheet_print"] not in stopped.links
    refused = bo.http.get(issued.links[WORDS["sheet_print"]])
    assert refused.status_code == 409


def test_who_comes_along_is_on_the_sheet_that_is_issued(workplace: Workplace) -> None:
    bo = workplace.browsers["bo"]
    shown = sheet(workplace, bo)

    chosen = bo.opens(f"{shown.answer.url.path}?contact=caseworker&company_consultant=true")
    issued = bo.presses(chosen.form(WORDS["sheet_issue"]))

    read = workplace.callers["bo"].get(f"/v1/courses/{workplace.course}/company-sheet", version=1)["page"]
    assert (read["contact"]["name"], [one["name"] for one in read["comes_along"]]) == (
        "Anna Eksempel",
        ["Bo Eksempel"],
    )
    assert "Karla" not in issued.answer.text.split("<title>")[1].split("</title>")[0]


def test_what_was_not_shown_is_not_issued_and_a_reader_alone_has_no_buttons(workplace: Workplace) -> None:
    bo, sara = workplace.browsers["bo"], workplace.browsers["sara"]
    shown = sheet(workplace, bo)
    workplace.callers["bo"].does(f"/v1/courses/{workplace.course}/facts", facts={"trial_weekly_hours": 20})

    refused = bo.presses(shown.form(WORDS["sheet_issue"]))

    assert refused.answer.status_code == 409
    assert shown.answer.url.path in refused.addresses
    buttons = {form.button for form in sheet(workplace, sara).forms}
    assert buttons.isdisjoint({WORDS["sheet_issue"], WORDS["sheet_approve"]})
