"""A company calls: the field on every page, the company, and one tap that becomes what the rules say (P13, P14)."""

from typing import Any, Final

from tests.api.pages.browser import Browser, FormRead, Page
from tests.api.pages.morning import WORDS
from tests.api.pages.workplaces import PLACE, TODAY, Workplace
from tests.api.vocabulary import expect

JSON: Final = {"Accept": "application/json"}
NOT_THERE: Final = "Ikke mødt"


def searches(browser: Browser, q: str, page: str = "/list") -> Page:
    """Let somebody use the field on top of a page."""
    return browser.presses(browser.opens(page).form(WORDS["search"]), q=q)


def taps(page: Page, course: str, *, stop: bool = False) -> FormRead:
    """Return the form with what a company may say of a course there, or that of who stopped it."""
    forms = [form for form in page.forms if form.action == f"/courses/{course}/call-ins"]
    return next(form for form in forms if ("last_day" in form.fields) is stop)


def notes(workplace: Workplace) -> list[tuple[str, str]]:
    return [(note["kind"], note["text"]) for note in workplace.reads()["notes"]]


def status(page: Page) -> str:
    """Return what a page says that was done."""
    return page.text.partition(WORDS["told_is_saved"])[2].partition(WORDS["told_place"])[0]


def test_a_call_takes_three_taps_from_any_page(workplace: Workplace) -> None:
    bo = workplace.browsers["bo"]

    company = searches(bo, f" {PLACE} ", f"/courses/{workplace.course}")
    assert company.answer.url.path == workplace.page
    done = bo.presses(taps(company, workplace.course), call="not_there", words="Grethe ringede klokken ni.")

    assert done.answer.url.path == workplace.page
    known = workplace.facts()
    assert (known["absence_kind"], known["absent_on"]) == ("unknown", TODAY.isoformat())
    assert notes(workplace) == [("observation", "Grethe ringede klokken ni.")]
    assert "Anna Eksempel" in status(done)
    assert "Bo Eksempel" not in status(done)


def test_who_is_told_and_when_is_what_the_rehearsal_says_of_that_revision(workplace: Workplace) -> None:
    bo = workplace.browsers["bo"]
    done = bo.presses(taps(bo.opens(workplace.page), workplace.course), call="going_well")
    revision = done.answer.url.params["revision"]

    told = workplace.callers["bo"].get(f"/v1/courses/{workplace.course}/rehearsal", days=7, revision=revision)

    arrivals = [(one["about"], arrival["name"]) for one in told["notices"] for arrival in one["arrivals"]]
    assert arrivals == [("news", "Anna Eksempel")]
    nobody = workplace.callers["bo"].get(f"/v1/courses/{workplace.course}/rehearsal", days=7, revision=1)
    assert ("news", "Anna Eksempel") not in [
        (one["about"], arrival["name"]) for one in nobody["notices"] for arrival in one["arrivals"]
    ]
    again = bo.presses(taps(bo.opens(workplace.page), workplace.course), call="going_well")
    assert WORDS["told_nobody"] in again.text


def test_two_taps_on_one_button_are_one_and_a_later_one_is_another(workplace: Workplace) -> None:
    bo = workplace.browsers["bo"]
    form = taps(bo.opens(workplace.page), workplace.course)

    for _ in range(2):
        assert bo.presses(form, call="hours", words="Gerne flere.").answer.is_success
    assert notes(workplace) == [("observation", "Virksomheden vil tale om timer. Gerne flere.")]
    assert workplace.facts()["trial_going"] == "change_needed"
    assert bo.presses(taps(bo.opens(workplace.page), workplace.course), call="hours").answer.is_success
    assert len(notes(workplace)) == 2


def test_a_stop_is_one_act_with_its_day_and_the_words_why(workplace: Workplace) -> None:
    anna = workplace.browsers["anna"]
    form = taps(anna.opens(workplace.page), workplace.course, stop=True)
    assert form.fields["last_day"] == TODAY.isoformat()

    without_words = anna.presses(form, by="company", words=" ")
    assert without_words.answer.status_code == 422
    done = anna.presses(form, by="company", words="Der var ikke arbejde nok.")

    known = workplace.facts()
    assert (known["trial_ended_on"], known["trial_stopped_by"]) == (TODAY.isoformat(), "company")
    assert notes(workplace) == [("why_stopped", "Der var ikke arbejde nok.")]
    assert "Bo Eksempel" in status(done)


def test_what_has_stopped_is_not_asked_to_stop_once_more(workplace: Workplace) -> None:
    anna, address = workplace.browsers["anna"], f"/courses/{workplace.course}"
    link = anna.opens(address).links[WORDS["stop"]]
    form = next(form for form in anna.opens(link).forms if form.action == link)
    for _ in range(2):
        done = anna.presses(form, by="company", note="Der var ikke arbejde nok.")
        assert WORDS["done_stopped"] in done.text

    assert WORDS["stop"] not in anna.opens(address).links
    assert anna.opens(link).answer.url.path == address
    there = [form for form in anna.opens(workplace.page).forms if form.action == f"{address}/call-ins"]
    assert there
    assert not [form for form in there if "last_day" in form.fields]


def test_what_cannot_be_said_is_refused_as_a_page_that_leads_back(workplace: Workplace) -> None:
    sara, bo = workplace.browsers["sara"], workplace.browsers["bo"]
    form = taps(sara.opens(workplace.page), workplace.course)

    refused = sara.presses(form, call="going_well")
    assert refused.answer.status_code == 403
    assert workplace.page in refused.addresses
    for fields, field in ({"call": "gossip"}, "call"), ({"call": "ill", "visit": "2"}, "visit"):
        posted = {**form.fields, **fields}
        expect(bo.http.post(form.action, data=posted, headers=JSON), 422, _code_of(field), field)
    assert notes(workplace) == []


def _code_of(field: str) -> str:
    return {"call": "value-not-allowed", "visit": "visit-unknown"}[field]


def test_one_field_finds_companies_courses_and_colleagues_and_no_address_has_the_words(workplace: Workplace) -> None:
    bo = workplace.browsers["bo"]

    by_name = searches(bo, "eksempel")
    assert by_name.links["+45 11 11 11 11"] == "tel:+4511111111"
    citizens = searches(bo, "prøve")
    assert f"/courses/{workplace.course}" in [*citizens.addresses, citizens.answer.url.path]
    companies = searches(bo, "gartneri")
    assert companies.answer.url.path == workplace.page
    nothing = searches(bo, "zzzz")
    assert WORDS["found_nothing"] in nothing.text
    for page in (by_name, citizens, nothing):
        title = page.answer.text.split("<title>")[1].split("</title>")[0]
        assert "røve" not in f"{title} {page.answer.url}"
    assert bo.opens("/search").answer.is_success
    posted: dict[str, Any] = {"data": {"q": "010190-1234"}, "headers": JSON}
    expect(bo.http.post("/search", **posted), 422, "cpr-not-allowed", "q")
    expect(bo.http.post("/search", data={"q": "k"}, headers=JSON), 422, "text-empty", "q")


def test_a_company_tells_what_is_known_and_every_number_calls(workplace: Workplace) -> None:
    page = workplace.browsers["bo"].opens(workplace.page)

    numbers = {number: link for number, link in page.links.items() if link.startswith("tel:")}
    assert numbers == {
        "+45 11 11 11 11": "tel:+4511111111",
        "+45 22 22 22 22": "tel:+4522222222",
        "+45 98 00 00 00": "tel:+4598000000",
    }
    for known in ("Nordgartneriet", "Grethe Eksempel", "Mangler hænder", "12,5", "feb. 2026", "Karla Prøve"):
        assert known in page.text
    assert "Karla" not in page.answer.text.split("<title>")[1].split("</title>")[0]


def test_a_place_that_nobody_wrote_down_is_shown_while_somebody_is_there(workplace: Workplace) -> None:
    bo = workplace.browsers["bo"]
    elsewhere = "1011992345"
    workplace.callers["bo"].does(f"/v1/courses/{workplace.course}/facts", facts={"trial_p_number": elsewhere})

    page = searches(bo, elsewhere)

    assert page.answer.url.path == f"/workplaces/{elsewhere}"
    assert "Karla Prøve" in page.text
    assert NOT_THERE in page.text
    expect(bo.http.get("/workplaces/1000000007", headers=JSON), 404, "company-not-found")


def test_the_course_and_the_list_call_the_colleague(workplace: Workplace) -> None:
    bo = workplace.browsers["bo"]

    assert bo.opens(f"/courses/{workplace.course}").links["+45 11 11 11 11"] == "tel:+4511111111"
    listed = bo.opens("/list?limit=200")
    assert listed.links.get("+45 11 11 11 11") == "tel:+4511111111"
    assert "+45 22 22 22 22" not in listed.links
