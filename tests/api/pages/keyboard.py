"""A real browser on a phone, and the keyboard by which it is used."""

from shutil import which
from typing import Final

from playwright.async_api import Locator, Page, ViewportSize

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
