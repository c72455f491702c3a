"""A short journey in a real browser, with JavaScript, by the keyboard alone and on a phone."""

from playwright.async_api import expect

from tests.api.pages.chromium import NEEDED, PHONE, barriers, chromium, watched
from tests.api.pages.keyboard import reach
from tests.api.pages.morning import WORDS, Morning, acknowledging


@NEEDED
async def test_receipts_are_given_by_keyboard_on_a_phone_and_nothing_is_wrong_or_comes_from_elsewhere(
    morning: Morning,
) -> None:
    async with chromium() as browser:
        seen = await watched(browser, morning.anna, PHONE)
        page = await seen.page()

        await page.goto(morning.page)
        await reach(page, page.get_by_role("button", name=acknowledging(1)))
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status")).to_contain_text(WORDS["done_acknowledged"])
        await expect(page).to_have_url(f"{seen.base}{morning.page}")

        morning.reports("bo", goal_paid_hours=16)
        await page.goto("/list")
        receipt = page.locator(f'form[action="{morning.page}/acknowledgements"] button')
        await reach(page, receipt)
        await page.keyboard.press("Enter")
        await expect(receipt).to_have_count(0)

        for address in ("/", "/list", morning.page):
            await page.goto(address)
            assert await barriers(page) == []

    assert seen.wrong == []


@NEEDED
async def test_what_somebody_does_is_seen_in_another_s_browser_without_loading_it_anew(morning: Morning) -> None:
    async with chromium() as browser:
        seen = await watched(browser, morning.bo, PHONE)
        page = await seen.page()
        await page.clock.install()
        await page.goto("/list")
        await expect(page.get_by_text("16 timer")).to_have_count(0)
        morning.bo.presses(morning.bo.opens(morning.page).form(acknowledging(1)))

        morning.reports("anna", goal_paid_hours=16)
        await page.clock.run_for(61_000)

        await expect(page.get_by_text("16 timer")).not_to_have_count(0)

    assert seen.wrong == []


@NEEDED
async def test_the_text_for_another_journal_is_copied_and_remembered_by_one_button(morning: Morning) -> None:
    async with chromium() as browser:
        seen = await watched(browser, morning.anna, PHONE)
        await seen.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = await seen.page()
        await page.goto(f"{morning.page}/journal")
        text = await page.locator("#journal-text").input_value()

        await page.get_by_role("button", name=WORDS["copy"], exact=True).click()
        await expect(page.get_by_role("status")).to_have_text(WORDS["done_copied"])

        assert (await page.evaluate("navigator.clipboard.readText()")).strip() == text.strip()
    assert seen.wrong == []
