"""A short journey in a real browser, with JavaScript, by the keyboard alone and on a phone."""

import pytest
from playwright.async_api import ConsoleMessage, Request, async_playwright, expect

from tests.api.pages.keyboard import CHROMIUM, PHONE, reach
from tests.api.pages.morning import WORDS, Morning, acknowledging


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
