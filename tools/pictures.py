"""`make pictures`: photographs the pages of the town that `make run` shows, for README and guides.

Whoever changes a page runs it anew; the people are the demo's, who do not exist, and only days of the calendar differ.
"""

import asyncio
import base64
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from typing import Final

from playwright.async_api import Browser, Page, async_playwright

from standalone.ports import is_listening
from standalone.settings import StandaloneSettings
from wording.catalog import catalog

FOLDER: Final = Path("docs/pictures")
_WORDS: Final = catalog("da").pages
_WIDE: Final = (1200, 800)
_PHONE: Final = (360, 740)
_QUALITY: Final = 70
_FILLED_WITHIN_MS: Final = 1_800_000
_LOADED_WITHIN_MS: Final = 120_000

Way = Callable[[Page], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture: who looks, how one comes there from the list, and how much of it is shown."""

    name: str
    person: str
    way: Way
    size: tuple[int, int] = _WIDE


def opens(address: str) -> Way:
    """Return the way to an address."""

    async def go(page: Page) -> None:
        await page.goto(address)

    return go


def finds(words: str, *links: str) -> Way:
    """Return the way by the field for searching to the only thing called so, and on by links with these words."""

    async def go(page: Page) -> None:
        await page.get_by_role("searchbox").fill(words)
        await page.get_by_role("button", name=_WORDS["search"], exact=True).click()
        for link in links:
            await page.get_by_role("main").get_by_role("link", name=link).first.click()

    return go


async def reports(page: Page) -> None:
    """Go to the form of the first line of the list that is reported."""
    await page.get_by_role("link", name=_WORDS["report"], exact=True).first.click()


async def temporal(page: Page) -> None:
    """Go to a course on Temporal's own page, and there to what the course says of itself."""
    await finds("Ella Vej Eksempel", _WORDS["temporal_page"])(page)
    await page.get_by_role("tab", name="User Metadata").dispatch_event("click")  # The tabs move while it loads.
    await page.frame_locator("iframe").first.get_by_role("link").first.wait_for()


PICTURES: Final = (
    Picture("list", "Anna Eksempel", opens("/list")),
    Picture("list-phone", "Bo Eksempel", opens("/list"), _PHONE),
    Picture("course", "Anna Eksempel", finds("Emma Bakke Eksempel")),
    Picture("report-phone", "Bo Eksempel", reports, _PHONE),
    Picture("company", "Bo Eksempel", finds("Nordgartneriet")),
    Picture("since-last", "Bo Eksempel", opens("/since-last"), _PHONE),
    Picture("absences", "Lise Mønster", opens("/absences"), _PHONE),
    Picture("board", "Sara Leder", opens("/board"), (1600, 900)),
    Picture("temporal", "Oda Drift", temporal, (1200, 1060)),
)


async def photograph(base: str, chromium: str) -> None:
    """Fill the town where it is empty, and write every picture."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        await _fill(browser, base)
        for picture in PICTURES:
            (FOLDER / f"{picture.name}.webp").write_bytes(await _taken(browser, base, picture))
            sys.stdout.write(f"{FOLDER / picture.name}.webp\n")


async def _fill(browser: Browser, base: str) -> None:
    page = await browser.new_page(base_url=base)
    await page.goto("/", timeout=_LOADED_WITHIN_MS)
    fill = page.get_by_role("button", name=_WORDS["demo_fill"])
    if await fill.count():
        await fill.click()
        await page.get_by_role("progressbar").wait_for(timeout=_LOADED_WITHIN_MS)
    await page.get_by_role("link", name=_WORDS["demo_choose"]).wait_for(timeout=_FILLED_WITHIN_MS)
    await page.close()


async def _taken(browser: Browser, base: str, picture: Picture) -> bytes:
    """Return the top of a page as WebP, which is a tenth of a PNG."""
    width, height = picture.size
    context = await browser.new_context(base_url=base, locale="da-DK", viewport={"width": width, "height": height})
    context.set_default_timeout(_LOADED_WITHIN_MS)
    page = await context.new_page()
    await page.goto("/login?back=/list")
    await page.get_by_role("button", name=picture.person).click()
    await picture.way(page)
    await page.wait_for_load_state()
    await page.evaluate("document.fonts.ready")
    session = await context.new_cdp_session(page)
    shot = await session.send("Page.captureScreenshot", {"format": "webp", "quality": _QUALITY})
    await context.close()
    return base64.b64decode(shot["data"])


def main() -> str | None:
    """Return what is missing, None when every picture is written."""
    chromium = which("chromium")
    if chromium is None:
        return "chromium mangler / is missing. Debian, Ubuntu: apt install chromium"
    port = StandaloneSettings().api_port
    if not is_listening(port):
        return "Kør først `make run` i et andet vindue. / Start `make run` in another terminal first."
    asyncio.run(photograph(f"http://127.0.0.1:{port}", chromium))
    return None


if __name__ == "__main__":
    sys.exit(main())
