"""Words of a mail: what to do and what is new, line by line, and nothing that says whom or where it is about (P10).

A line names the case number, the step and what the rules ask; never a citizen, a company, a value or what people wrote.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from types import MappingProxyType
from typing import Final

from rules.language.formats import Language
from wording.catalog import Catalog, catalog

LONGEST_SUBJECT: Final = 60
MOST_LINES: Final = 25
"""How many lines a part of a mail has at most; of more it says how many."""

_ACTS: Final = MappingProxyType(
    {
        "acknowledgement": "acknowledge",
        "ahead": "look",
        "appointment": "note",
        "assignment": "assign",
        "caseload": "look",
        "completed": "read",
        "correction": "read",
        "decision": "decide",
        "dispute": "settle",
        "hand_over": "hand_over",
        "handed_over": "read",
        "look_again": "look",
        "news": "read",
        "pause": "look",
        "proposals": "review",
        "question": "answer",
        "requirement": "do",
        "silence": "look",
        "taken_over": "read",
        "unreachable": "look",
        "without_cover": "cover",
    }
)
_READING: Final = frozenset({"note", "read"})


_Ending = Sequence[tuple[str, str]]
"""The sentences below a mail's lines, each with its link, if any."""


@dataclass(frozen=True, slots=True)
class MailLine:
    """One thing to do or to know of one course, `about` what and until which day; `link` leads to it after login.

    Who is reminded of it `may_answer` on whom he waits.
    What is about an absence is of no course and has no `reference`.
    """

    about: str
    reference: str
    step: str
    text: str
    link: str = ""
    until: date | None = None
    colleagues: tuple[str, ...] = ()
    is_led: bool = False
    may_answer: bool = False
    stopped: bool = False

    @property
    def act(self) -> str:
        """Return the code of what the reader is to do about it."""
        return "follow_up" if self.is_led else _ACTS.get(self.about, "look")

    @property
    def is_to_do(self) -> bool:
        return self.act not in _READING


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a mail says beside its lines: its day, whom to ask, how many new opportunities there are, a good story.

    Who is back from an absence has the link `since_last` to what is new.
    """

    today: date
    is_for_today: bool
    foot: str = ""
    opportunities: int = 0
    story: str = ""
    since_last: str = ""


@dataclass(frozen=True, slots=True)
class MailWords:
    """A mail in words, as text and as HTML."""

    subject: str
    text: str
    html: str


def mail_words(lines: Sequence[MailLine], around: Surroundings, language: Language) -> MailWords:
    """Return a mail of some lines."""
    words = catalog(language)
    subject = _subject(lines, around, words)
    parts = [part for part in _parts(lines, words) if part[1]]
    opening = words.fill(words.mail["for_today" if around.is_for_today else "list"], {"day": around.today})
    ending = list(_ending(around, words, may_answer=any(line.may_answer for line in lines)))
    return MailWords(subject, _as_text(opening, parts, ending, words), _as_html(opening, parts, ending, words))


def short_mail(subjects: Iterable[str], opening: str, ending: _Ending, language: Language) -> MailWords:
    """Return a mail about one thing, with the first of some subjects that fits; sentences below have their links."""
    words = catalog(language)
    subject = next((subject for subject in subjects if len(subject) <= LONGEST_SUBJECT), words.mail["short"])
    return MailWords(subject, _as_text(opening, (), ending, words), _as_html(opening, (), ending, words))


def _subject(lines: Sequence[MailLine], around: Surroundings, words: Catalog) -> str:
    """Return the first subject that fits: the act first, then of which step and case, or of how many."""
    acts, steps = {line.act for line in lines}, {line.step for line in lines}
    references = {line.reference for line in lines if line.reference}
    when = "_today" if around.is_for_today else ""
    news = sum(not line.is_to_do for line in lines)
    params: dict[str, object] = {"count": len(references), "to_do": len(lines) - news, "news": news}
    forms = ["mixed" if news and news < len(lines) else "to_read" if news else "to_do"]
    if len(acts) == 1 and not references:
        params["act"] = words.mail[f"act_{lines[0].act}"]
        forms = ["absence"]
    elif len(acts) == 1 and all(line.reference for line in lines):
        one = lines[0]
        params |= {"act": words.mail[f"act_{one.act}"], "step": one.step, "reference": one.reference}
        forms = [f"several{when}"]
        if len(references) == 1:
            forms = [f"one{when}", *forms]
            forms = [f"step{when}", *forms] if len(steps) == 1 and one.step else forms
            forms = ["stopped", *forms] if one.stopped and when else forms
        elif one.is_led:
            forms = ["led"]
    subjects = (words.fill(words.mail[form], params) for form in forms)
    return next((subject for subject in subjects if len(subject) <= LONGEST_SUBJECT), words.mail["short"])


def _parts(lines: Sequence[MailLine], words: Catalog) -> Iterable[tuple[str, list[MailLine], int]]:
    """Return what to do and what is new, each with its heading and how many lines more there are."""
    for heading, is_to_do in (("heading_do", True), ("heading_news", False)):
        those = sorted(
            (line for line in lines if line.is_to_do is is_to_do),
            key=lambda line: (line.until or date.max, line.reference),
        )
        yield words.mail[heading], those[:MOST_LINES], max(0, len(those) - MOST_LINES)


def _head(line: MailLine, words: Catalog) -> str:
    """Return of which case and step a line is, and until when."""
    until = words.fill(words.mail["until"], {"until": line.until}) if line.until else ""
    case = words.fill(words.mail["case"], {"reference": line.reference}) if line.reference else words.term("absence")
    return " · ".join(filter(None, (case, line.step, until)))


def _details(line: MailLine, words: Catalog) -> Iterable[str]:
    """Yield what a line is about, and who else is in it."""
    yield line.text
    if line.colleagues:
        yield words.fill(words.mail["colleagues"], {"names": ", ".join(line.colleagues)})


def _ending(around: Surroundings, words: Catalog, *, may_answer: bool) -> Iterable[tuple[str, str]]:
    """Yield the sentences below the lines, each with its link, if any."""
    if around.since_last:
        yield words.mail["since_last"], around.since_last
    if may_answer:
        yield words.mail["may_answer"], ""
    if around.opportunities:
        yield words.fill(words.mail["opportunities"], {"count": around.opportunities}), ""
    if around.story:
        yield words.fill(words.mail["story"], {"story": around.story}), ""
    yield words.mail["wrong"], ""
    if around.foot:
        yield around.foot, ""
    yield words.mail["no_reply"], ""


_Parts = Sequence[tuple[str, list[MailLine], int]]


def _as_text(opening: str, parts: _Parts, ending: _Ending, words: Catalog) -> str:
    blocks = [opening]
    for heading, lines, more in parts:
        blocks.append(heading)
        blocks += ["\n".join(filter(None, (_head(line, words), *_details(line, words), line.link))) for line in lines]
        if more:
            blocks.append(words.fill(words.mail["more"], {"count": more}))
    blocks += ["\n".join(filter(None, each)) for each in ending]
    return "\n\n".join(blocks) + "\n"


def _as_html(opening: str, parts: _Parts, ending: _Ending, words: Catalog) -> str:
    blocks = [f"<p>{escape(opening)}</p>"]
    for heading, lines, more in parts:
        items = "".join(f"<li>{_html_line(line, words)}</li>" for line in lines)
        blocks.append(f"<h2>{escape(heading)}</h2><ul>{items}</ul>")
        if more:
            blocks.append(f"<p>{escape(words.fill(words.mail['more'], {'count': more}))}</p>")
    blocks += [f"<p>{_html_link(sentence, link)}</p>" for sentence, link in ending]
    return f'<!doctype html><html lang="{words.language}"><body>{"".join(blocks)}</body></html>'


def _html_line(line: MailLine, words: Catalog) -> str:
    head = f"<strong>{_html_link(_head(line, words), line.link)}</strong>"
    return "<br>".join((head, *map(escape, _details(line, words))))


def _html_link(text: str, link: str) -> str:
    return f'<a href="{escape(link)}">{escape(text)}</a>' if link else escape(text)
