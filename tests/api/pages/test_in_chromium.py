"""A short journey in a real browser, with JavaScript, by the keyboard alone and on a phone."""

from shutil import which
from typing import Final

import pytest
from playwright.async_api import ConsoleMessage, Locator, Page, Request, ViewportSize, async_playwright, expect

from tests.api.pages.morning import WORDS, Morning, acknowledging

CHROMIUM: Final = which("chromium")
PHONE: Final = ViewportSize(width=360, height=740)
MOST_KEYS: Final = 300


async def reach(page: Page, wanted: Locator) -> None:
    """Press the tabulator until `wanted` has the focus."""
    for _ in range(MOST_KEYS):
        await page.keyboard.press("Tab")
        if await wanted.evaluate("wanted => wanted === document.activeElement"):
            return
    raise AssertionError(f"No tabulator leads to {wanted}.")


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is missing; on Debian and Ubuntu: apt install chromium")
async def test_receipts_are_given_by_keyboard_on_a_phone_and_nothing_is_wrong_or_comes_from_elsewhere(
    morning: Morning,
) -> None:
    base, secret = str(morning.anna.http.base_url), morning.anna.http.cookies["fodslag-session"]
    wrong: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        wrong.append(message.text)

    def asked(request: Request) -> None:
        if not request.url.startswith(base):
            wrong.append(request.url)

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = await browser.new_context(base_url=base, viewport=PHONE)
        await context.add_cookies([{"name": "fodslag-session", "value": secret, "url": base}])
        page = await context.new_page()
        page.on("console", heard)
        page.on("request", asked)

        await page.goto(morning.page)
        await reach(page, page.get_by_role("button", name=acknowledging(1)))
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status")).to_contain_text(WORDS["done_acknowledged"])
        await expect(page).to_have_url(f"{base}{morning.page}")

        morning.reports("bo", goal_paid_hours=16)
        await page.goto("/list")
        receipt = page.locator(f'form[action="{morning.page}/acknowledgements"] button')
        await reach(page, receipt)
        await page.keyboard.press("Enter")
        await expect(receipt).to_have_count(0)

        for address in ("/", "/list", morning.page):
            await page.goto(address)
            assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        await browser.close()

    assert wrong == []
