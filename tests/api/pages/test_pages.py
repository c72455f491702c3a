"""What holds for every page: its language, what it may load, and how it tells of a problem."""

import re
from pathlib import Path
from typing import Final

import httpx
import pytest

from api.pages.addresses import own_address
from api.pages.assets import assets
from clients.caller import Caller
from tests.api.pages.browser import Browser
from tests.api.vocabulary import expect
from wording.catalog import catalog

TEMPLATES: Final = sorted(Path("api/pages/templates").glob("*.jinja"))
ACTING: Final = re.compile(r"(?i)\shx-on|\shx-vals=.js:|\son\w+=|<style|\sstyle=|javascript:|hx-trigger=\"[^\"]*\[")


def test_a_page_is_danish_until_the_reader_chooses_english(browser: Browser) -> None:
    danish = browser.opens("/")
    english = browser.presses(danish.form("English"))

    assert ("html", {"lang": "da"}) in danish.tags
    assert ("html", {"lang": "en"}) in english.tags
    assert ("html", {"lang": "da"}) in browser.presses(english.form("Dansk")).tags


def test_a_page_loads_files_of_ours_alone_which_browsers_keep_for_ever(browser: Browser) -> None:
    page = browser.opens("/")

    policy = page.answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'self';")
    assert "unsafe" not in policy
    assert page.answer.headers["cache-control"] == "no-store"
    loaded = [address for address in page.loaded if address != "#main"]
    assert len(loaded) == 5
    for address in loaded:
        answer = browser.http.get(address)
        assert answer.is_success, "The packages are not installed; run: make api/pages/npm/node_modules/.installed"
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_each_file_that_a_style_sheet_names_is_there_and_no_font_loads_whole() -> None:
    for sheet in ("css/dkfds.min.css", "css/fodslag.css"):
        named = re.findall(r'url\("?\.\./((?:fonts|img/svg-icons)/[^")]*)', assets().files[sheet].decode())
        assert named
        assert [name for name in named if name not in assets().files] == []
        assert b"data:" not in assets().files[sheet]


def test_a_file_of_another_build_is_gone(browser: Browser) -> None:
    expect(browser.http.get("/assets/0/css/fodslag.css", headers={"Accept": "*/*"}), 404, "route-unknown")


def test_nothing_in_a_template_acts_or_styles_by_itself_and_every_word_is_in_both_catalogues() -> None:
    source = "".join(template.read_text() for template in TEMPLATES)
    named = set(re.findall(r'words\["(\w+)"\]', source))
    of_rules = set(re.findall(r'rule_texts\["(\w+)"\]', source))

    assert ACTING.findall(source) == []
    assert "|safe" not in source.replace(" ", "")
    assert named
    for language in ("da", "en"):
        assert named - catalog(language).pages.keys() == set()
        assert of_rules - catalog(language).rule_book.keys() == set()


def test_a_problem_is_a_page_for_people_and_a_document_for_programs(browser: Browser, anna: Caller) -> None:
    page = browser.opens("/nowhere")

    assert page.answer.status_code == 404
    assert catalog("da").problems["route-unknown"].title in page.text
    assert page.answer.headers["x-correlation-id"] in page.text
    assert page.links[catalog("da").pages["to_the_front"]] == "/"
    expect(browser.http.get("/v1/nowhere"), 404, "route-unknown")
    expect(anna.http.get("/nowhere"), 404, "route-unknown")


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": ""},
        {"Sec-Fetch-Site": "", "Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "", "Origin": "null"},
    ],
)
def test_what_another_site_posts_is_refused(browser: Browser, headers: dict[str, str]) -> None:
    answer = browser.http.post("/language", data={"language": "en"}, headers={**headers, "Accept": "*/*"})

    expect(answer, 403, "cross-site")
    assert "set-cookie" not in answer.headers


def test_a_browser_that_names_its_origin_alone_is_heard(browser: Browser) -> None:
    headers = {"Sec-Fetch-Site": "", "Origin": str(browser.http.base_url)}

    assert browser.http.post("/language", data={"language": "en"}, headers=headers).is_success


@pytest.mark.parametrize(
    "elsewhere",
    ["//evil.example", "/\\evil.example", "https://evil.example", "/ /evil", "evil", "/\t/evil.example", "/%0d", ""],
)
def test_nobody_is_led_to_another_site(elsewhere: str) -> None:
    assert own_address(elsewhere) == "/"


def test_a_form_is_screened_as_every_body_is(browser: Browser) -> None:
    def post(content: str, kind: str = "application/x-www-form-urlencoded") -> httpx.Response:
        headers = {"Content-Type": kind, "Accept": "*/*"}
        return browser.http.post("/language", content=content, headers=headers, follow_redirects=False)

    expect(post("back=%2F&back=%2Flist"), 422, "field-twice", "back")
    expect(post("language=%ff"), 400, "body-not-json")
    expect(post("{}", "application/json"), 415, "media-type-unsupported")
    expect(post("&".join(f"f{number}=1" for number in range(201))), 400, "body-not-json")
    assert post("language=en&back=%2F%3Fa%3D1").headers["location"] == "/?a=1"
