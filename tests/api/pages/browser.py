"""A browser without JavaScript, as far as pages need one: it keeps cookies, follows links and posts forms."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from html.parser import HTMLParser
from secrets import token_urlsafe
from typing import Final, Self

import httpx
import psycopg

from clients.caller import trusted_authorities
from infra.store.logins import Login
from tools.town.town import MUNICIPALITY, Town

_VOID: Final = frozenset({"meta", "link", "input", "br", "hr", "img"})


@dataclass
class FormRead:
    """A form of a page: where it goes, what it holds, and the words on its button."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    button: str = ""


@dataclass
class Page(HTMLParser):
    """A page as it was received."""

    answer: httpx.Response
    forms: list[FormRead] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    loaded: list[str] = field(default_factory=list)
    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._open: list[str] = []
        self._link = self._words_of = ""
        self.feed(self.answer.text)
        assert self._open == [], "Every tag is closed, in the order in which they were opened."

    @classmethod
    def of(cls, answer: httpx.Response) -> Self:
        """Read an answer, which is a page."""
        assert answer.headers["content-type"] == "text/html; charset=utf-8", answer.text
        return cls(answer)

    @property
    def text(self) -> str:
        """The words of the page."""
        return " ".join(" ".join(self.words).split())

    @property
    def addresses(self) -> list[str]:
        """Where the links of the page lead; several may have the same words."""
        return [given.get("href") or "" for tag, given in self.tags if tag == "a"]

    def form(self, button: str, within: str = "") -> FormRead:
        """Return the form with the words on its button, and with `within` among what it holds."""
        return next(f for f in self.forms if f.button == button and within in str(f.fields))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        self.loaded += [address for name in ("src", "href") if tag != "a" and (address := given.get(name))]
        match tag:
            case "form":
                self.forms.append(FormRead(given["action"] or "", given.get("method") or "get"))
            case "input" | "textarea" | "select" | "option" if self.forms:
                self._holds(tag, given)
            case "a":
                self._link = given.get("href") or ""
        if tag not in _VOID:
            self._open.append(tag)

    def _holds(self, tag: str, given: dict[str, str | None]) -> None:
        """Take down what a browser would post of a field that nobody touches."""
        fields, value = self.forms[-1].fields, given.get("value") or ""
        self._words_of = given.get("name") or (self._words_of if tag == "option" else "")
        match tag:
            case "input" if given.get("type") not in {"radio", "checkbox"} or "checked" in given:
                fields[self._words_of] = value
            case "textarea":
                fields[self._words_of] = ""
            case "option" if "selected" in given or self._words_of not in fields:
                fields[self._words_of] = value

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag, f"{tag} is closed where another tag was opened."

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if "button" in self._open and "form" in self._open:
            self.forms[-1].button = f"{self.forms[-1].button} {data}".strip()
        if self._open[-1:] == ["textarea"]:
            self.forms[-1].fields[self._words_of] += data
        if self._open[-1:] == ["a"]:
            self.links[" ".join(data.split())] = self._link


class Browser:
    """One person's browser."""

    def __init__(self, port: int) -> None:
        self._address = ""
        self.http = httpx.Client(
            base_url=f"http://127.0.0.1:{port}",
            headers={"Accept": "text/html,*/*;q=0.8", "Accept-Language": "en", "Sec-Fetch-Site": "same-origin"},
            follow_redirects=True,
            timeout=30,
            verify=trusted_authorities(),
        )

    def opens(self, address: str) -> Page:
        """Open an address."""
        return self._shown(self.http.get(address))

    def presses(self, form: FormRead, **fields: str) -> Page:
        """Press the button of a form."""
        headers = {"Referer": self._address}
        sent = {**form.fields, **fields}
        if form.method == "get":
            return self._shown(self.http.get(form.action, params=sent, headers=headers))
        return self._shown(self.http.request(form.method, form.action, data=sent, headers=headers))

    def _shown(self, answer: httpx.Response) -> Page:
        self._address = str(answer.url)
        return Page.of(answer)


def logged_in(
    town: Town, person: str, *roles: str, municipality: str = MUNICIPALITY, units: Sequence[str] = ("job",)
) -> Browser:
    """Return the browser of somebody with a session; the caller closes it."""
    secret, now = token_urlsafe(32), datetime.now(UTC)
    row = (sha256(secret.encode()).hexdigest(), person, list(roles), list(units), now, now + timedelta(hours=1))
    options = f"-c fodslag.municipality={municipality}"
    with psycopg.connect(town.postgres.url(Login.API), options=options) as connection:
        connection.execute(
            "INSERT INTO session (hash, person, roles, units, since, until) VALUES (%s, %s, %s, %s, %s, %s)", row
        )
    browser = Browser(town.settings.api_port)
    browser.http.cookies.set("fodslag-session", f"{municipality}.{secret}", domain="127.0.0.1")
    return browser
