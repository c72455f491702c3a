"""Logging in: at a real provider, as one of the people of a trial, and what a session is (P10, P14)."""

import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlsplit

import httpx
import psycopg
import pytest
from pydantic import SecretStr

from api.http.budgets import MOST_REFUSED_LOGINS
from infra.security.openid import Attempt, Client, LoginRefusedError, Provider, new_http
from infra.store.logins import Login
from standalone.child_process import ChildProcess
from standalone.supervisor import worker_and_api
from tests.api.pages.browser import Browser, Page
from tests.api.pages.provider import RULES, SECRET, AtProvider, ProviderProcess, new_key
from tests.api.pages.tls import HOST, tls_in_front
from tests.api.vocabulary import expect
from tools.town.ports import free_port
from tools.town.town import Town, speaking
from wording.catalog import catalog

KEY: Final = new_key()
JSON: Final = {"Accept": "application/json"}
DANISH: Final = catalog("da")


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProviderProcess]:
    """The provider, which sends people back to an API of its own."""
    redirect = f"http://127.0.0.1:{free_port()}/login/callback"
    log = tmp_path_factory.mktemp("provider") / "provider.log"
    started = ProviderProcess(free_port(), redirect, KEY, log)
    started.start()
    yield started
    started.kill()


@contextmanager
def api_at(town: Town, provider: ProviderProcess, port: int, folder: Path) -> Iterator[ChildProcess]:
    """An API at a port, at which one logs in by the provider, and whose tokens the provider's keys sign."""
    public = urlsplit(provider.redirect)
    environment = {
        **town.environment,
        "FODSLAG_API_PORT": str(port),
        "FODSLAG_PUBLIC_URL": f"{public.scheme}://{public.netloc}",
        "FODSLAG_JWT_KEY": f"{provider.issuer}/jwks",
        "FODSLAG_OIDC_ISSUER": provider.issuer,
        "FODSLAG_OIDC_CLIENT_ID": "fodslag",
        "FODSLAG_OIDC_CLIENT_SECRET": SECRET,
        "FODSLAG_OIDC_CLAIMS": json.dumps(RULES),
        "FODSLAG_DEMO_LOGIN": "false",
    }
    settings = town.settings.model_copy(update={"var": folder, "api_port": port})
    (settings.var / "log").mkdir()
    _, started = worker_and_api(settings, environment)
    started.start()
    yield started
    started.stop()


@pytest.fixture(scope="module")
def api(town: Town, provider: ProviderProcess, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChildProcess]:
    """An API where the provider sends people back to."""
    port = urlsplit(provider.redirect).port or 0
    with api_at(town, provider, port, tmp_path_factory.mktemp("api")) as started:
        yield started


@pytest.fixture
def over_tls(town: Town, tmp_path: Path) -> Iterator[tuple[str, ssl.SSLContext]]:
    """An API behind a proxy with TLS, by its address and what a browser trusts there."""
    port, behind = free_port(), free_port()
    address = f"https://{HOST}:{port}"
    provider = ProviderProcess(free_port(), f"{address}/login/callback", KEY, tmp_path / "provider.log")
    provider.start()
    (tmp_path / "api").mkdir()
    with api_at(town, provider, behind, tmp_path / "api"), tls_in_front(port, behind, tmp_path) as trusted:
        yield address, trusted
    provider.kill()


@pytest.fixture
def visitor(api: ChildProcess, provider: ProviderProcess) -> Iterator[Browser]:
    """The browser of somebody at that API."""
    assert api.is_alive
    visitor = Browser(urlsplit(provider.redirect).port or 0)
    with visitor.http:
        yield visitor


def logs_in(visitor: Browser, person: str = "Anna", back: str = "/") -> httpx.Response:
    """Log in at the provider, and return where one comes out."""
    return AtProvider(visitor.http).logs_in(visitor.http.get("/login", params={"back": back}), person)


def test_somebody_logs_in_at_the_provider_and_comes_back_to_the_page_that_was_asked_for(visitor: Browser) -> None:
    answer = logs_in(visitor, back="/?from=mail")

    page = Page.of(answer)
    assert answer.url.path == "/"
    assert answer.url.query == b"from=mail"
    assert f"anna · {DANISH.term('caseworker')}" in page.text
    cookies = [line for step in answer.history for line in step.headers.get_list("set-cookie") if "fodslag-" in line]
    assert cookies
    assert [line for line in cookies if "HttpOnly" not in line or "SameSite=lax" not in line] == []


def test_a_login_is_used_once(visitor: Browser) -> None:
    answer = logs_in(visitor)
    returned = next(step.url for step in answer.history if step.url.path == "/login/callback")
    visitor.http.cookies.delete("fodslag-session")

    expect(visitor.http.get(returned, headers=JSON), 401, "login-refused")


@pytest.mark.parametrize(
    "changed", [{"state": "other"}, {"iss": "https://evil.example"}, {"iss": None}, {"code": "other"}, {"code": None}]
)
def test_what_does_not_come_from_the_login_that_was_begun_is_refused(
    visitor: Browser, changed: dict[str, str | None]
) -> None:
    visitor.http.get("/login", follow_redirects=False)
    begun = visitor.http.get("/login", follow_redirects=False).headers["location"]
    returned = {"state": parse_qs(urlsplit(begun).query)["state"][0], "iss": begun.split("/auth")[0], "code": "any"}
    query = {name: value for name, value in {**returned, **changed}.items() if value is not None}

    answer = visitor.http.get("/login/callback", params=query, headers=JSON)

    expect(answer, 401, "login-refused")
    assert "fodslag-session" not in visitor.http.cookies


def test_two_logins_that_are_begun_at_once_take_nothing_from_each_other(visitor: Browser) -> None:
    begun = visitor.http.get("/login", params={"back": "/list"}, follow_redirects=False)
    logs_in(visitor)

    assert visitor.http.get(begun.headers["location"]).url.path == "/list"


def test_who_is_logged_in_already_goes_on(visitor: Browser) -> None:
    logs_in(visitor)

    assert visitor.http.get("/login/callback?code=any&state=any").url.path == "/"


def test_nobody_takes_part_in_a_login_that_another_browser_began(visitor: Browser) -> None:
    visitor.http.get("/login", follow_redirects=False)
    visitor.http.cookies.clear()

    expect(visitor.http.get("/login/callback?code=any&state=any", headers=JSON), 401, "login-refused")


def test_who_has_no_role_here_is_told_so(visitor: Browser) -> None:
    page = Page.of(logs_in(visitor, "stranger"))

    assert page.answer.status_code == 403
    assert DANISH.problems["nobody-here"].title in page.text


def test_the_keys_of_tokens_are_those_that_are_published(api: ChildProcess, provider: ProviderProcess) -> None:
    assert api.is_alive
    port = urlsplit(provider.redirect).port or 0
    with speaking(json.dumps(KEY), port, "anna", "caseworker") as ours:
        assert ours.http.get("/v1/inbox").is_success
    with speaking(json.dumps(new_key()), port, "anna", "caseworker") as other:
        expect(other.http.get("/v1/inbox"), 401, "token-invalid-signature")


async def test_a_code_is_redeemed_and_a_token_taken_in_the_very_login_that_asked_for_it(
    visitor: Browser, provider: ProviderProcess
) -> None:
    client = Client(
        issuer=provider.issuer,
        client_id="fodslag",
        client_secret=SecretStr(SECRET),
        scope="openid profile",
        redirect_uri=provider.redirect,
    )
    now = datetime.now(UTC)
    async with new_http() as http:
        asked = Provider(client, http)
        for change, refusal in (({}, None), ({"code_verifier": "o" * 43}, "code-refused"), ({"nonce": "o"}, "nonce-")):
            visitor.http.cookies.clear()
            attempt = Attempt.new()
            page = visitor.http.get(await asked.login_address(attempt, now))
            returned = AtProvider(visitor.http).logs_in(page, "Anna").url.params
            if refusal is None:
                assert (await asked.claims(returned, attempt, now))["sub"] == "Anna"
            else:
                with pytest.raises(LoginRefusedError, match=refusal):
                    await asked.claims(returned, attempt.model_copy(update=change), now)


def test_a_provider_that_is_away_is_named(visitor: Browser, provider: ProviderProcess) -> None:
    page = visitor.http.get("/login")
    provider.kill()
    try:
        begun = page.history[0].headers["location"]
        query = {"state": parse_qs(urlsplit(begun).query)["state"][0], "iss": provider.issuer, "code": "any"}
        expect(visitor.http.get("/login/callback", params=query, headers=JSON), 503, "login-away")
    finally:
        provider.start()


def test_in_a_trial_one_chooses_who_to_be_and_it_says_that_it_is_one(browser: Browser) -> None:
    choosing = browser.opens("/login?back=/%3Ffrom=mail")
    assert DANISH.pages["demo_heading"] in choosing.text

    page = browser.presses(choosing.forms[0])

    assert page.answer.url.query == b"from=mail"
    assert DANISH.pages["log_out"] in page.text
    assert "fodslag-session" in browser.http.cookies


def test_a_town_is_filled_under_this_machine_s_names_only(browser: Browser) -> None:
    refused = browser.http.post("/demo/town", headers={**JSON, "Host": "fodslag.example"})

    expect(refused, 404, "route-unknown")


@pytest.mark.parametrize("host", ["fodslag.example", "evil.example:8080", "10.0.0.1"])
def test_nobody_is_let_in_by_choice_under_another_name_than_this_machine_s(browser: Browser, host: str) -> None:
    form = browser.opens("/login").forms[0]

    answer = browser.http.post(form.action, data=form.fields, headers={**JSON, "Host": host})

    expect(answer, 404, "route-unknown")
    assert Page.of(browser.http.get("/login", headers={"Host": host})).forms[:-1] == []


def test_a_session_ends_where_and_when_its_person_says(browser: Browser, town: Town) -> None:
    other = Browser(town.settings.api_port)
    with other.http:
        for one in (browser, other):
            one.presses(one.opens("/login").forms[0])
        secret = browser.http.cookies["fodslag-session"]
        everywhere = browser.opens("/").form(DANISH.pages["log_out_everywhere"])

        page = browser.presses(everywhere)

        assert DANISH.pages["logged_out"] in page.text
        assert "fodslag-session" not in browser.http.cookies
        browser.http.cookies.set("fodslag-session", secret, domain="127.0.0.1")
        for one in (browser, other):
            assert DANISH.pages["log_out"] not in one.opens("/").text


def test_the_store_knows_no_cookie(browser: Browser, town: Town) -> None:
    browser.presses(browser.opens("/login").forms[0])
    secret = browser.http.cookies["fodslag-session"].partition(".")[2]

    with psycopg.connect(town.postgres.url(Login.API), options="-c fodslag.municipality=0990") as connection:
        rows = connection.execute("SELECT session::text FROM session").fetchall()

    assert rows
    assert [row for row in rows if secret in row[0]] == []


def test_an_address_from_which_too_many_logins_were_refused_waits(visitor: Browser) -> None:
    def refused(address: str, state: str | None = None) -> httpx.Response:
        headers = {**JSON, "X-Forwarded-For": address}
        if state is None:
            begun = visitor.http.get("/login", follow_redirects=False).headers["location"]
            state = parse_qs(urlsplit(begun).query)["state"][0]
        return visitor.http.get("/login/callback", params={"code": "any", "state": state}, headers=headers)

    for _ in range(MOST_REFUSED_LOGINS):
        expect(refused("192.0.2.7", "what nobody began here counts nothing"), 401, "login-refused")
    for _ in range(MOST_REFUSED_LOGINS):
        expect(refused("192.0.2.7"), 401, "login-refused")

    expect(refused("192.0.2.7"), 429, "too-many-requests")
    assert 0 < int(refused("192.0.2.7").headers["retry-after"]) <= 600
    expect(refused("192.0.2.8"), 401, "login-refused")
    assert logs_in(visitor).url.path == "/"


def test_over_tls_a_browser_takes_the_session_from_this_very_host_alone(
    over_tls: tuple[str, ssl.SSLContext],
) -> None:
    address, trusted = over_tls
    with httpx.Client(
        base_url=address, verify=trusted, headers={"Accept": "text/html"}, follow_redirects=True, timeout=30
    ) as http:
        answer = AtProvider(http).logs_in(http.get("/login", params={"back": "/list"}), "Anna")

        assert answer.url.path == "/list"
        given = [line for step in answer.history for line in step.headers.get_list("set-cookie")]
        sessions = [line for line in given if line.startswith("__Host-fodslag-session=")]
        assert len(sessions) == 1
        for line in (line for line in given if "fodslag" in line):
            assert {"Secure", "HttpOnly", "Path=/"} <= {part.strip() for part in line.split(";")}
            assert "Domain" not in line
        posted = http.post("/logout", headers={"Sec-Fetch-Site": "", "Origin": address})
        assert posted.is_success
        assert http.get("/list", follow_redirects=False).status_code == 303
