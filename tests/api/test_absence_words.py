"""What lists and mails say of absences: whose and when, in how many courses, and nothing of any citizen (P10)."""

from datetime import date
from typing import Any

import pytest

from api.http.negotiation import LANGUAGES
from domain.state.notice import HAND_OVER, HANDED_OVER, WITHOUT_COVER, AbsenceSubject
from rules.language.formats import Language
from tests.api.vocabulary import leads_to_a_page
from wording.absences import absence_line, absence_text
from wording.catalog import catalog
from wording.mails import LONGEST_SUBJECT, MailLine, Surroundings, mail_words

TODAY = Surroundings(date(2026, 6, 29), is_for_today=False)


def said(about: str, language: Language, **changed: Any) -> str:
    """Return what is said of Anna's summer."""
    summer = {"person": "anna", "since": date(2026, 7, 6), "until": date(2026, 7, 24), "courses": 12, "due": 3}
    return absence_text(about, AbsenceSubject(**{**summer, **changed}), {}, catalog(language))


def line(about: str, language: Language) -> MailLine:
    """Return a line of a mail."""
    return MailLine(about=about, reference="", step="", text=said(about, language))


def test_the_days_and_the_courses_are_named() -> None:
    assert said(WITHOUT_COVER, "en").startswith("anna is away from 6 July 2026 until 24 July 2026 without cover in 12")
    assert said(HAND_OVER, "da").startswith("Du er væk fra 6. juli 2026 til 24. juli 2026. I 3 af dine 12 forløb")
    assert said(HANDED_OVER, "en", until=None).startswith("anna is away from 6 July 2026 and has handed over.")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("about", "act"), [(HAND_OVER, "hand_over"), (HANDED_OVER, "read"), (WITHOUT_COVER, "cover")])
def test_a_mail_of_it_begins_with_the_act_and_says_that_it_is_about_an_absence(
    about: str, act: str, language: Language
) -> None:
    words = catalog(language)

    mail = mail_words([line(about, language)], TODAY, language)

    assert mail.subject.startswith(words.mail[f"act_{act}"])
    assert len(mail.subject) <= LONGEST_SUBJECT
    assert words.term("absence") in mail.text
    assert said(about, language) in mail.text


def test_beside_what_is_new_in_a_course_it_is_counted_by_itself() -> None:
    news = MailLine(about="news", reference="26-0417", step="Praktik", text="Nyt")

    assert mail_words([line(WITHOUT_COVER, "da"), news], TODAY, "da").subject == "Gør: 1 ting, og læs 1 nye"


@pytest.mark.parametrize("about", [HAND_OVER, HANDED_OVER, WITHOUT_COVER])
def test_its_link_leads_to_a_page(about: str) -> None:
    away = AbsenceSubject(person="anna", since=TODAY.today, until=None, courses=1, due=1)

    link = absence_line(about, away, {}, "da", "https://fodslag.example").link

    assert leads_to_a_page(link)
