"""A report from a phone, in a real browser: by keys and taps, with the net gone and back, and saved once (P7, P10)."""

from collections.abc import Callable
from datetime import UTC, datetime
from shutil import which
from typing import Any, Final

import pytest
from playwright.async_api import Page, ViewportSize, async_playwright, expect

from tests.api.pages.morning import TODAY, WORDS, Morning, acknowledging

CHROMIUM: Final = which("chromium")
PHONE: Final = ViewportSize(width=360, height=740)
KEPT: Final = """() => new Promise(kept => {
  const look = () => Object.keys(localStorage).some(name => name.startsWith("draft:")) ? kept() : setTimeout(look, 50);
  look();
})"""
"""Waits in the page itself until a draft is kept; its policy lets nobody else look again and again."""
WORDS_TYPED: Final = "Tre timer om ugen ved bageren; Ida er kontaktperson."

needs_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="chromium is missing; on Debian and Ubuntu: apt install chromium"
)


def facts(morning: Morning) -> list[tuple[str, Any]]:
    """Return what was reported at the visit."""
    course = morning.callers["bo"].get(f"/v1/courses/{morning.course}")
    return [(fact["fact"], fact["value"]) for fact in course["facts"] if fact["visit"] == 2]


def notes(morning: Morning) -> list[str]:
    """Return the notes of what was agreed at the visit."""
    course = morning.callers["bo"].get(f"/v1/courses/{morning.course}")
    return [note["text"] for note in course["notes"] if note["kind"] == "visit_agreed"]


async def kept_on_the_phone(page: Page) -> str:
    """Return all that the browser keeps, once it keeps a draft."""
    await page.evaluate(KEPT)
    return str(await page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})"))


@needs_chromium
async def test_a_visit_is_reported_on_a_phone_though_the_net_goes_and_comes_back(
    morning: Morning, record_property: Callable[[str, object], None]
) -> None:
    for browser in (morning.anna, morning.bo):
        browser.presses(browser.opens(morning.page).form(acknowledging(1)))
    base, secret = str(morning.bo.http.base_url), morning.bo.http.cookies["fodslag-session"]

    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = await chromium.new_context(base_url=base, viewport=PHONE, has_touch=True, locale="da-DK")
        await context.add_cookies([{"name": "fodslag-session", "value": secret, "url": base}])
        page = await context.new_page()
        await page.goto("/list")
        began = datetime.now(UTC)
        await page.locator(f'a[href="{morning.page}/visits/2/report?about=visit_held"]').tap()
        await page.get_by_label("Hvornår var I der?").fill(TODAY.isoformat())
        await page.get_by_label("Hvilken virksomhed (P-nummer)?").fill("1000000001")
        await page.get_by_label("Hvad så og aftalte I?").fill(WORDS_TYPED)
        await page.get_by_text("Praktik", exact=True).tap()
        assert WORDS_TYPED not in await kept_on_the_phone(page)

        await page.reload()
        await expect(page.get_by_role("status")).to_have_text(WORDS["draft_restored"])
        await expect(page.get_by_label("Hvad så og aftalte I?")).to_have_value(WORDS_TYPED)
        await context.set_offline(True)
        await page.get_by_role("button", name=WORDS["save"], exact=True).tap()
        await expect(page.get_by_role("status")).to_have_text(WORDS["draft_not_sent"])
        assert facts(morning) == []

        await context.set_offline(False)
        await page.wait_for_url(f"**{morning.page}/sent?done=saved")
        record_property("seconds", (datetime.now(UTC) - began).total_seconds())
        assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        assert await page.evaluate("Object.keys(localStorage).length") == 0
        await chromium.close()

    assert dict(facts(morning)).items() >= {"visit_outcome": "trial", "company_p_number": "1000000001"}.items()
    assert notes(morning) == [WORDS_TYPED]


@needs_chromium
async def test_an_answer_that_is_lost_is_asked_for_again_and_nothing_is_saved_twice(morning: Morning) -> None:
    base, secret = str(morning.bo.http.base_url), morning.bo.http.cookies["fodslag-session"]

    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = await chromium.new_context(base_url=base, viewport=PHONE)
        await context.add_cookies([{"name": "fodslag-session", "value": secret, "url": base}])
        page = await context.new_page()
        await page.goto(f"{morning.page}/visits/1/note")

        async def lose_the_answer(route: Any) -> None:
            await route.fetch(max_redirects=0)
            await route.abort()

        await page.route("**/note", lose_the_answer, times=1)
        await page.get_by_label(WORDS["note_text"]).fill("Kun én gang.")
        await page.get_by_role("button", name=WORDS["send_waits"]).click()
        await expect(page.get_by_role("status")).to_have_text(WORDS["draft_not_sent"])
        await page.evaluate("dispatchEvent(new Event('online'))")
        await page.wait_for_url(f"**{morning.page}/sent?done=saved")

        await page.goto(f"{morning.page}/visits/1/note")
        await page.get_by_label(WORDS["note_text"]).fill("Ikke sendt.")
        await kept_on_the_phone(page)
        await page.get_by_role("button", name=WORDS["log_out"]).click()
        await expect(page.get_by_role("heading", name=WORDS["logged_out"])).to_be_visible()
        assert await page.evaluate("Object.keys(localStorage).length") == 0
        await chromium.close()

    course = morning.callers["bo"].get(f"/v1/courses/{morning.course}")
    assert [note["text"] for note in course["notes"]].count("Kun én gang.") == 1
