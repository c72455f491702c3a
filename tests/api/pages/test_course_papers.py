"""What leads away from a course on paper: a former step, the text for another journal, and the citizen's own page."""

from tests.api.pages.browser import Page
from tests.api.pages.morning import TODAY, WORDS, Morning, acknowledging
from tests.api.vocabulary import expect


def both_acknowledge(morning: Morning) -> None:
    """Let both acknowledge the first version, by which the course goes on."""
    for browser in (morning.anna, morning.bo):
        browser.presses(browser.opens(morning.page).form(acknowledging(1)))


def journal(page: Page) -> str:
    """Return the text to copy that a page shows."""
    return page.answer.text.partition("<textarea")[2].partition(">")[2].partition("</textarea>")[0]


def test_a_step_that_is_left_is_read_as_both_acknowledged_it(morning: Morning) -> None:
    both_acknowledge(morning)
    page = morning.anna.opens(morning.page)

    former = morning.anna.opens(page.links["Opstart"])

    assert WORDS["whole_briefing"].format(version=1) in former.text
    assert former.text.count("Eksempel kvitterede") == 2
    assert not [form for form in former.forms if form.action.startswith("/courses")]
    assert morning.anna.opens(f"{morning.page}/visits/99").answer.status_code == 422


def test_the_text_for_another_journal_is_what_was_not_copied_yet(morning: Morning) -> None:
    address = f"{morning.page}/journal"
    first = morning.anna.opens(address)
    headers = {"Accept": "text/plain", "Accept-Language": "da"}
    whole = morning.callers["anna"].http.get(f"/v1{address}", headers=headers).text
    said = [line.strip() for line in whole.splitlines() if line.startswith("  ")]
    assert said
    assert [line for line in said if line not in first.text and line not in journal(first)] == []

    done = morning.anna.presses(first.form(f"{WORDS['copy']} {WORDS['mark_copied']}"))
    assert WORDS["done_copied"] in done.text
    assert WORDS["nothing_to_copy"] in done.text

    morning.reports("bo", goal_paid_hours=17)
    theirs = morning.bo.opens(address)
    assert "Anna Eksempel" in theirs.text
    assert "17 timer om ugen" in journal(theirs)
    assert said[0] not in journal(theirs)


def test_what_the_consultant_cannot_copy_is_still_offered_to_the_caseworker(morning: Morning) -> None:
    address, secret = f"{morning.page}/journal", "Kun for sagsbehandlere."
    first = morning.anna.opens(address)
    morning.anna.presses(first.form(f"{WORDS['copy']} {WORDS['mark_copied']}"))
    note = {"kind": "barrier", "text": secret, "audience": "caseworker_only"}
    morning.callers["anna"].does(f"/v1/courses/{morning.course}/notes", **note)
    theirs = morning.bo.opens(address)
    assert secret not in journal(theirs)

    done = morning.bo.presses(theirs.form(f"{WORDS['copy']} {WORDS['mark_copied']}"))

    assert WORDS["nothing_to_copy"] in done.text
    ours = morning.anna.opens(address)
    assert secret in journal(ours)
    assert WORDS["nothing_to_copy"] in morning.anna.presses(ours.form(f"{WORDS['copy']} {WORDS['mark_copied']}")).text


def test_a_copy_goes_no_further_than_the_journal_and_never_back(morning: Morning) -> None:
    path = f"/v1/courses/{morning.course}/journal/copied"
    last = morning.callers["anna"].get(f"/v1/courses/{morning.course}/journal", limit=200)["items"][-1]["position"]

    copied = morning.callers["anna"].put(path, {"position": 2**62}).json()
    again = morning.callers["bo"].put(path, {"position": 1}).json()

    assert (copied["position"], copied["copied_by_name"]) == (last, "Anna Eksempel")
    assert again == copied
    expect(morning.callers["anna"].put(path, {"position": 0}), 422, "not-in-range", "position")


def test_the_citizen_s_page_has_goal_next_step_and_contact_and_no_need_or_note(morning: Morning) -> None:
    note = {"kind": "barrier", "text": "Kan ikke løfte tungt."}
    morning.callers["anna"].does(f"/v1/courses/{morning.course}/notes", **note)
    morning.callers["anna"].does(
        f"/v1/courses/{morning.course}/facts",
        facts={"visit_planned_on": TODAY.replace(year=TODAY.year + 1).isoformat()},
    )
    morning.anna.presses(morning.anna.opens("/").form("English"))

    page = morning.anna.opens(f"{morning.page}/citizen-sheet?contact=company_consultant&along=caseworker")

    paper = page.answer.text.partition("<article")[2].partition("</article>")[0]
    known = morning.callers["anna"].get(f"/v1/courses/{morning.course}")
    assert 'lang="da"' in paper
    for words in ("Karla Prøve", "12 timer om ugen", "Bo Eksempel", "virksomhedskonsulent", "Anna Eksempel"):
        assert words in paper
    assert WORDS["your_next_step"] in paper
    assert known["notes"]
    assert [one["text"] for one in known["notes"] if one["text"] in paper] == []
    assert "Karla" not in str(page.answer.url) + page.answer.text.partition("</title>")[0]
