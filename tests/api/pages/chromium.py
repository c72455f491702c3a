"""A real browser, with JavaScript, that notes what is wrong: console errors, requests elsewhere, and what axe finds."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from shutil import which
from typing import Any, Final

import pytest
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Request, ViewportSize, async_playwright

from tests.api.pages.browser import Browser as Session
from tests.foreign.node import installed

CHROMIUM: Final = which("chromium")
NEEDED: Final = pytest.mark.skipif(
    CHROMIUM is None, reason="chromium is missing; on Debian and Ubuntu: apt install chromium"
)
PHONE: Final = ViewportSize(width=360, height=740)
WIDE: Final = ViewportSize(width=1600, height=1000)
_WRONG: Final = frozenset({"serious", "critical"})
_AXE: Final = "axe.run(document, {resultTypes: ['violations']})"


@dataclass
class Watched:
    """A context of somebody who is logged in; `wrong` is what went wrong in it."""

    context: BrowserContext
    base: str
    wrong: list[str] = field(default_factory=list)

    async def page(self) -> Page:
        """Return a page that is watched."""
        page = await self.context.new_page()
        page.on("console", self._heard)
        page.on("request", self._asked)
        return page

    def _heard(self, message: ConsoleMessage) -> None:
        """Note whatever the console says, but not that a page itself was refused, which it says of an error's page."""
        is_refused = message.text.startswith("Failed to load resource") and "/assets/" not in message.location["url"]
        if not is_refused:
            self.wrong.append(message.text)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith(self.base):
            self.wrong.append(request.url)


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Start Chromium."""
    async with async_playwright() as playwright:
        yield await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])


async def watched(browser: Browser, session: Session, size: ViewportSize, language: str = "da") -> Watched:
    """Return a context for a session in a window of a size."""
    base = str(session.http.base_url)
    context = await browser.new_context(base_url=base, viewport=size)
    secret = session.http.cookies.get("fodslag-session")
    cookies = {"fodslag-language": language, **({"fodslag-session": secret} if secret else {})}
    await context.add_cookies([{"name": name, "value": value, "url": base} for name, value in cookies.items()])
    return Watched(context, base)


async def barriers(page: Page) -> list[str]:
    """Return what axe finds on a page that keeps people out, and whether it is wider than its window."""
    await page.evaluate(installed("axe-core/axe.min.js").read_text(encoding="utf-8"))
    answer: dict[str, Any] = await page.evaluate(_AXE)
    found = [one for one in answer["violations"] if one["impact"] in _WRONG]
    size = page.viewport_size or PHONE
    is_wide = await page.evaluate("document.documentElement.scrollWidth") > size["width"]
    wide = ["wider than the window"] if is_wide else []
    return wide + [f"{one['id']}: {node['target']}" for one in found for node in one["nodes"]]
