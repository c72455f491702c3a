"""What a mail says: the act first, in sixty signs, and nothing by which anybody knows whom it is about (P10)."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

import pytest

from activities.lines import Case, Reader, mail_lines
from domain import events as ev
from domain.state.course import CourseState
from domain.state.notice import APPOINTMENT
from infra.store.registers.people import Person
from infra.store.rows import NoticeRow
from rules.engine.book import Book
from rules.language.formats import Language
from rules.loading.library import shipped
from tests.api.lives import Life
from tests.domain.versions import versions_of
from tests.domain.vocabulary import COURSE, MONDAY, Story, default_book
from wording.catalog import catalog
from wording.mails import LONGEST_SUBJECT, MailLine, MailWords, Surroundings, mail_words

BOOKS = [Book(rules) for rules in shipped()]
KNOWN = {"bo": Person(person_id="bo", name="Bo Eksempel", phone="+45 98 00 00 02", updated_at=MONDAY)}
LINK = re.compile(r"https://\S+")
AROUND = Surroundings(
    date(2026, 9, 11), is_for_today=False, foot="Spørg Sara Leder, tlf. 98 00 00 09.", opportunities=4
)


def raised(story: Story) -> list[NoticeRow]:
    """Return the notices of a course as the store has them."""
    return [
        NoticeRow(
            notice_id=event.notice,
            course_id=COURSE,
            about=event.about,
            recipient_kind=event.recipient.kind,
            recipient=event.recipient.name,
            subject=event.subject,
            visit=event.visit,
            level=event.level,
            waiting=str(event.waiting) if event.waiting else None,
            revision=1,
            queued_at=event.queued_at,
            sent_at=None,
            delivered_at=None,
            seen_at=None,
            seen_by=None,
            done_at=None,
            attempts=0,
        )
        for event in story.happened(ev.NoticeRaised)
    ]


def mail(rows: Sequence[NoticeRow], state: CourseState, book: Book, language: Language, *, today: bool) -> MailWords:
    """Return the mail that brings some notices of a course to Anna."""
    cases = {COURSE: Case("26-0417", state, book)}
    pressing = {row.notice_id for row in rows} if today else set()
    reader = Reader("anna", language, MONDAY)
    lines = mail_lines(rows, cases, pressing, KNOWN, reader, "https://fodslag.example")
    around = Surroundings(AROUND.today, today, AROUND.foot, AROUND.opportunities)
    return mail_words(lines, around, language)


LIST = """Din liste, 11. september 2026

Det venter på dig

Sag 26-1 · Besøg · senest 9. september 2026
Læs den.
Sammen med: Bo, 98 00 00 02

Sag 26-2 · Praktik · senest 16. september 2026
Skriv <dagen>.
https://x.example/b

Nyt, du kan læse

Sag 26-3 · Praktik
Nyt i forløbet

Nye muligheder hos kommunens virksomheder i denne uge: 4

Er noget forkert, så vælg »Det er ikke rigtigt« i forløbet, eller ring til din kollega.

Spørg Sara Leder, tlf. 98 00 00 09.

Mailen er sendt automatisk, og svar bliver ikke læst.
"""


@pytest.mark.parametrize("seed", range(24))
def test_no_mail_of_any_life_says_whom_or_where_it_is_about(seed: int) -> None:
    draw = Random(seed)  # noqa: S311 - it draws lives
    life = Life(versions_of(draw.choice(BOOKS)), seed)
    acts = {
        language: {word for key, word in catalog(language).mail.items() if key[:4] == "act_"}
        for language in ("da", "en")
    }
    for story in life.goes_on(60):
        every = raised(story)
        rows = draw.sample(every, min(len(every), draw.choice((1, 1, 3, 9))))
        language: Language = draw.choice(("da", "en"))
        words = mail(rows, story.state, life.book, language, today=draw.random() < 0.5)

        assert len(words.subject) <= LONGEST_SUBJECT
        assert words.subject.startswith(tuple(acts[language])), words.subject
        said = f"{words.subject}\n{words.text}\n{words.html}"
        own_words = mail([], story.state, life.book, language, today=False).text
        values = {str(fact.value) for fact in story.state.facts if len(str(fact.value)) > 7}
        told = [value for value in {story.state.citizen, *values} if value in said.replace(str(COURSE), "")]
        assert [value for value in told if value not in own_words] == []


@pytest.mark.parametrize("seed", range(12))
def test_a_mail_says_the_same_whatever_was_reported_of_the_citizen(seed: int) -> None:
    """But of a meeting it says when, and whether it was held."""
    life = Life(versions_of(BOOKS[seed % len(BOOKS)]), seed)
    for story in life.goes_on(60):
        rows = [row for row in raised(story) if row.about != APPOINTMENT]
        unknown = story.state.model_copy(update={"facts": (), "notes": (), "citizen": "nobody", "observers": ()})
        for today in (False, True):
            told = mail(rows, story.state, life.book, "da", today=today)
            assert told == mail(rows, unknown, life.book, "da", today=today)


def line(
    about: str, reference: str, *, step: str = "Virksomhedsbesøg", is_led: bool = False, stopped: bool = False
) -> MailLine:
    text = "Læs orienteringen, og kvittér for den"
    return MailLine(about, reference, step, text, is_led=is_led, stopped=stopped)


@pytest.mark.parametrize(
    ("lines", "today", "subject"),
    [
        ([line("acknowledgement", "26-0417")], False, "Kvittér: Virksomhedsbesøg, sag 26-0417"),
        ([line("acknowledgement", "26-0417")], True, "Kvittér i dag: Virksomhedsbesøg, sag 26-0417"),
        ([line("acknowledgement", f"26-{n}") for n in range(3)], False, "Kvittér: 3 forløb venter på dig"),
        ([line("requirement", "a" * 64)], False, "Gør: 1 forløb venter på dig"),
        ([line("requirement", "26-1"), line("news", "26-2"), line("news", "26-3")], False, "Gør: 1 ting, og læs 2 nye"),
        ([line("requirement", "26-1"), line("question", "26-2")], False, "Gør: 2 ting venter på dig"),
        ([line("news", "26-1"), line("appointment", "26-2")], False, "Læs: 2 nye ting"),
        ([line("requirement", f"26-{n}", is_led=True) for n in range(2)], False, "Følg op: 2 forløb står stille"),
        (
            [line("news", "26-0388", step="Virksomhedspraktik", stopped=True)],
            True,
            "Læs i dag: Virksomhedspraktik er stoppet, sag 26-0388",
        ),
    ],
)
def test_the_subject_begins_with_the_act(lines: list[MailLine], subject: str, *, today: bool) -> None:
    assert mail_words(lines, Surroundings(date(2026, 9, 7), today), "da").subject == subject


def test_a_list_says_what_to_do_first_by_deadline_and_ends_with_whom_to_ask() -> None:
    lines = [
        MailLine("news", "26-3", "Praktik", "Nyt i forløbet"),
        MailLine(
            "requirement", "26-2", "Praktik", "Skriv <dagen>.", until=date(2026, 9, 16), link="https://x.example/b"
        ),
        MailLine(
            "acknowledgement", "26-1", "Besøg", "Læs den.", until=date(2026, 9, 9), colleagues=("Bo, 98 00 00 02",)
        ),
    ]

    words = mail_words(lines, AROUND, "da")

    assert words.text == LIST
    assert "Skriv &lt;dagen&gt;." in words.html
    assert '<a href="https://x.example/b">Sag 26-2' in words.html


def test_what_no_mail_has_room_for_is_counted() -> None:
    words = mail_words([line("requirement", f"26-{n:03}") for n in range(30)], AROUND, "da")

    assert words.text.count("Sag 26-") == 25
    assert "… og 5 mere" in words.text


@pytest.mark.parametrize("language", ["da", "en"])
def test_who_is_reminded_reads_once_that_he_may_say_on_whom_he_waits(language: Language) -> None:
    hint = catalog(language).mail["may_answer"]
    lines = [MailLine("requirement", f"26-{number}", "", "Mangler.", may_answer=number > 0) for number in range(3)]

    assert mail_words(lines, AROUND, language).text.count(hint) == 1
    assert hint not in mail_words(lines[:1], AROUND, language).text


def test_who_is_reminded_of_what_is_asked_of_another_reads_nothing_of_answering() -> None:
    story = Story(rules=default_book()).starts("cash_benefit_activity_ready")
    story.time_passes_to(MONDAY + timedelta(days=40))
    rows = [row for row in raised(story) if row.about == "escalation" and row.recipient == "anna"]
    asked = {str(wait.key) for wait in story.state.waiting if "anna" in wait.persons and wait.may_be_answered}

    for row in rows:
        case = Case("26-0417", story.state, default_book())
        (line,) = mail_lines([row], {COURSE: case}, set(), KNOWN, Reader("anna", "da", story.now), "")
        assert line.may_answer is (row.waiting in asked)
    assert {row.waiting for row in rows} & asked
