"""Every page, in both languages, on a phone and a wide screen, and as each role: nothing keeps anybody out."""

import re
from contextlib import ExitStack
from itertools import product
from typing import Final
from uuid import uuid4

import pytest
from fastapi.routing import APIRoute

from api.app import OPEN_PAGES
from api.http.negotiation import LANGUAGES
from api.pages.every_page import PAGES
from domain.identity import Role
from tests.api.pages.browser import Browser, logged_in
from tests.api.pages.chromium import CHROMIUM, PHONE, WIDE, barriers, chromium, watched
from tests.api.pages.morning import HERE, TODAY, Morning, acknowledging
from tools.town.town import Town

NO_PAGES: Final = frozenset({"/assets/{digest}/{name:path}", "/login/callback", "/statistics.csv"})
"""What answers GET and is no page."""


def paths(method: str) -> set[str]:
    """Return the paths of what answers a method."""
    routes = (route for module in (*OPEN_PAGES, *PAGES) for route in module.router.routes)
    return {route.path for route in routes if isinstance(route, APIRoute) and method in (route.methods or ())}


ROUTES: Final = sorted(paths("GET") - NO_PAGES)
BUTTONS: Final = sorted(paths("POST") - paths("GET"))


def named(morning: Morning) -> dict[str, str]:
    """Return what stands for each name in a page's address; a page with another name is added here."""
    day, note, key = f"{TODAY:%Y-%m-%d}", str(uuid4()), "1/acknowledgement"
    return {
        "course": morning.course,
        "visit": "1",
        "version": "1",
        "first_day": day,
        "note": note,
        "key": key,
        "bulk": note,
        "escalation": note,
        "notice": note,
        "proposal": note,
        "p_number": "1000000007",
        "rule_set": "jobfirst",
        "number": "first_visit_days",
        "requirement": "visit_held",
    }


def test_every_page_has_an_address_here(morning: Morning) -> None:
    names = {name for route in ROUTES for name in re.findall(r"{(\w+)", route)}

    assert names - named(morning).keys() == set()


def test_the_address_of_every_button_leads_to_a_page(morning: Morning, town: Town) -> None:
    names = named(morning)
    sara = logged_in(town, "sara", *Role, municipality=HERE, units=("*",))

    with sara.http:
        for button in (re.sub(r"{(\w+)[^}]*}", lambda name: names[name[1]], route) for route in BUTTONS):
            page = sara.opens(button)
            assert page.answer.status_code in {200, 404}, (button, page.answer.status_code)
            assert page.answer.url.path != button, button


@pytest.mark.verify
async def test_nothing_keeps_anybody_out_of_any_page(town: Town, morning: Morning, browser: Browser) -> None:
    assert CHROMIUM, "chromium is missing; on Debian and Ubuntu: apt install chromium"
    morning.anna.presses(morning.anna.opens(morning.page).form(acknowledging(1)))
    morning.reports("bo", goal_paid_hours=16)
    names = named(morning)
    addresses = [re.sub(r"{(\w+)[^}]*}", lambda name: names[name[1]], route) for route in ROUTES] + ["/nowhere"]
    found: list[str] = []

    with ExitStack() as stack:
        sara = logged_in(town, "sara", *Role, municipality=HERE, units=("*",))
        others = [logged_in(town, f"one-{role}", role, municipality=HERE) for role in Role]
        for session in (sara, *others):
            stack.enter_context(session.http)
        async with chromium() as started:
            every_way = list(product(LANGUAGES, (PHONE, WIDE)))
            for session in (morning.anna, morning.bo, browser, sara, *others):
                for language, size in every_way[:1] if session in others else every_way:
                    seen = await watched(started, session, size, language)
                    page = await seen.page()
                    for address in addresses:
                        await page.goto(address)
                        wrong = [*await barriers(page), *seen.wrong]
                        found += [f"{address} ({language}, {size['width']}): {one}" for one in wrong]
                        seen.wrong.clear()
                    await seen.context.close()

    assert sorted(set(found)) == []
