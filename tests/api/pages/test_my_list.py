"""A caseworker's and a consultant's morning: the list, the course, and the receipt that is one button (P1, P3, P4)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from api.inbox.routes import InboxItemRead
from api.pages.my_list import Line, alike
from tests.api.pages.browser import Browser, FormRead, Page
from tests.api.pages.morning import TODAY, WORDS, Morning, acknowledging
from tests.api.vocabulary import expect

JSON: Final = {"Accept": "application/json"}


def version_of(page: Page) -> int:
    """Return the version that a page lets its reader acknowledge."""
    return int(next(form.fields["version"] for form in page.forms if form.action.endswith("/acknowledgements")))


def test_a_receipt_is_one_button_on_the_course_and_on_the_list_where_little_is_different(morning: Morning) -> None:
    listed = morning.anna.opens("/list")
    assert morning.course not in str([form.action for form in listed.forms])
    assert f"{morning.page}#briefing-1" in [a.get("href") for tag, a in listed.tags if tag == "a"]

    read = morning.anna.opens(morning.page)
    assert WORDS["yours_is_missing"] in read.text
    assert "Karla Prøve" in read.text
    done = morning.anna.presses(read.form(acknowledging(version_of(read))))
    assert WORDS["done_acknowledged"] in done.text
    assert done.answer.url.path == morning.page

    morning.reports("bo", goal_paid_hours=14)
    listed = morning.anna.opens("/list")
    receipt = next(form for form in listed.forms if morning.course in form.action)
    assert "14" in listed.text
    done = morning.anna.presses(receipt)
    assert done.answer.url.path == "/list"
    assert morning.course not in str([form.action for form in done.forms])

    theirs = morning.bo.opens(morning.page)
    assert WORDS["acknowledged"].split("{")[1].split("}")[1].strip() in theirs.text
    went_on = morning.bo.presses(theirs.form(acknowledging(version_of(theirs))))
    assert "Virksomhedsbesøg" in went_on.text


def test_the_same_receipt_twice_is_one_and_one_of_a_version_that_is_past_says_what_is_different(
    morning: Morning,
) -> None:
    read = morning.anna.opens(morning.page)
    receipt = read.form(acknowledging(version_of(read)))
    assert morning.anna.presses(receipt).answer.is_success
    assert morning.anna.presses(receipt).answer.is_success

    theirs = morning.bo.opens(morning.page)
    morning.reports("anna", goal_paid_hours=15)
    refused = morning.bo.presses(theirs.form(acknowledging(version_of(theirs))))

    assert refused.answer.status_code == 409
    assert "15" in refused.text
    assert morning.page in refused.addresses


def test_who_finds_it_wrong_says_so_on_the_page(morning: Morning) -> None:
    read = morning.bo.opens(morning.page)

    said = morning.bo.presses(read.form(WORDS["say_so"]), reason="Timetallet er ikke det, vi aftalte.")

    assert WORDS["done_disputed"] in said.text
    course = morning.callers["anna"].get(f"/v1/courses/{morning.course}")
    assert [dispute["reason"] for visit in course["visits"] for dispute in visit["disputes"]] == [
        "Timetallet er ikke det, vi aftalte."
    ]
    empty = morning.anna.presses(read.form(WORDS["say_so"]), reason=" ")
    assert empty.answer.status_code == 422


def test_a_mail_leads_to_the_briefing_as_it_is_now(morning: Morning) -> None:
    answer = morning.anna.http.get(f"{morning.page}/briefings/1/1", follow_redirects=False)

    assert answer.headers["location"] == f"{morning.page}#briefing-1"


def test_nothing_on_a_page_names_anybody_in_its_title_or_address(morning: Morning) -> None:
    for address in ("/list", morning.page):
        page = morning.anna.opens(address)
        title = page.answer.text.split("<title>")[1].split("</title>")[0]
        assert "Karla" not in title
        assert not [link for link in page.addresses if "Karla" in link or "anna" in link]


def informed_of_what_follows(morning: Morning) -> None:
    """Let both acknowledge, and then let Anna plan a visit, which is news for Bo."""
    for person in ("anna", "bo"):
        read = morning.callers[person].get(f"/v1/courses/{morning.course}/briefing")
        receipt = {"briefing": read["briefing"], "version": read["version"]}
        morning.callers[person].does(f"/v1/courses/{morning.course}/acknowledgements", **receipt)
    day = (TODAY + timedelta(days=60)).isoformat()
    morning.reports("anna", visit_planned_on=day, visit_planned_at="10:00")


def test_what_is_new_goes_when_it_is_seen(morning: Morning) -> None:
    informed_of_what_follows(morning)
    items = morning.callers["bo"].get("/v1/inbox", limit=200)["items"]
    news = {item["notice"] for item in items if not item["kind"]}
    listed = morning.bo.opens("/list?limit=200")
    seen = [form for form in listed.forms if form.button == WORDS["seen"]]
    assert {form.action for form in seen} == {f"/list/{notice}/seen" for notice in news}
    assert seen

    after = morning.bo.presses(seen[0])

    assert seen[0].action not in [form.action for form in after.forms]


def test_news_of_several_courses_in_the_same_words_are_one_line_and_gone_by_one_press(morning: Morning) -> None:
    informed_of_what_follows(morning)
    items = morning.callers["bo"].get("/v1/inbox", limit=200)["items"]
    lines = [Line(InboxItemRead.model_validate(item)) for item in items if not item["kind"]]
    copies = [
        replace(line, item=line.item.model_copy(update={"text": "Afsluttet", "id": n})) for line in lines for n in "ab"
    ]

    assert [len(group) for group in alike(copies)] == [len(copies)]

    news = {line.item.notice for line in lines}
    morning.bo.presses(FormRead("/list/seen", "post", {f"notice-{notice}": "on" for notice in news}))
    assert news
    assert not [item for item in morning.callers["bo"].get("/v1/inbox", limit=200)["items"] if not item["kind"]]


def test_who_is_not_logged_in_comes_back_to_the_page_or_to_that_of_the_button(
    morning: Morning, browser: Browser
) -> None:
    def led_to(answer: Any) -> str:
        return str(answer.headers["location"])

    posted = f"{morning.page}/acknowledgements"
    base = str(browser.http.base_url)

    assert led_to(browser.http.get("/list?limit=5", follow_redirects=False)) == "/login?back=%2Flist%3Flimit%3D5"
    answer = browser.http.post(posted, data={}, headers={"Referer": f"{base}{morning.page}"}, follow_redirects=False)
    assert led_to(answer) == f"/login?back=%2Fcourses%2F{morning.course}"
    answer = browser.http.post(
        posted, data={}, headers={"Referer": "https://evil.example/list"}, follow_redirects=False
    )
    assert led_to(answer) == "/login?back=%2F"
    by_htmx = browser.http.get("/list", headers={"HX-Request": "true", "Accept": "text/html"}, follow_redirects=False)
    assert by_htmx.headers["hx-redirect"] == "/login?back=%2Flist"
    expect(browser.http.get("/list", headers=JSON), 401, "login-needed")


def test_a_page_takes_no_token_and_the_api_no_session(morning: Morning) -> None:
    token = morning.callers["anna"].http.headers["authorization"]
    secret = morning.anna.http.cookies["fodslag-session"]

    with Browser(morning.anna.http.base_url.port or 0).http as stranger:
        expect(stranger.get("/list", headers={**JSON, "Authorization": token}), 401, "login-needed")
        cookie = {"Cookie": f"fodslag-session={secret}"}
        expect(stranger.get("/v1/inbox", headers={**JSON, **cookie}), 401, "token-missing")


def test_another_site_can_give_no_receipt(morning: Morning) -> None:
    read = morning.anna.opens(morning.page)
    form = read.form(acknowledging(version_of(read)))

    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "", "Origin": "https://evil.example"}):
        expect(morning.anna.http.post(form.action, data=form.fields, headers={**JSON, **headers}), 403, "cross-site")
    assert WORDS["yours_is_missing"] in morning.anna.opens(morning.page).text
