"""Facts in words: what a rule set knows of a value is told with it."""

from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID

import pytest

from domain.identity import Role
from domain.state.briefing import Correction
from domain.state.facts import FactValue
from infra.store.queries.unknown_holders import UnknownHolder
from rules.engine.book import Book
from rules.language.formats import Language
from rules.language.rule_set import RuleSet
from rules.loading.library import shipped
from wording.catalog import catalog
from wording.causes import with_unknown
from wording.corrections import correction_text
from wording.labels import Labels

UNKNOWN: Final = ((Role.CASEWORKER, "ana"), (Role.COMPANY_CONSULTANT, "bob"), (Role.CASEWORKER, "dora"))

BOOK = Book(next(rules for rules in shipped() if rules.id == "jobfirst-vitas"))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("da", "5 timer om ugen fra 5. oktober 2026; 8,5 timer om ugen fra 2. november 2026"),
        ("en", "5 hours a week from 5 October 2026; 8.5 hours a week from 2 November 2026"),
    ],
)
def test_a_schedule_is_told_row_by_row(language: Language, text: str) -> None:
    assert Labels(BOOK, language).value("hours_schedule", "2026-10-05=5 2026-11-02=8.5") == text


@pytest.mark.parametrize(
    ("language", "steps", "roles"),
    [
        ("da", "Opstart, Virksomhedsbesøg og Virksomhedspraktik", "sagsbehandler og virksomhedskonsulent"),
        ("en", "Intake, Company visit and Company trial", "caseworker and company consultant"),
    ],
)
def test_a_list_is_written_as_people_write_it(language: Language, steps: str, roles: str) -> None:
    labels = Labels(BOOK, language)

    assert labels.steps(("intake", "company_visit", "trial")) == steps
    assert labels.roles((Role.CASEWORKER, Role.COMPANY_CONSULTANT)) == roles


@pytest.mark.parametrize(
    ("language", "taken_back", "put_right"),
    [("da", "(trukket tilbage)", "(rettet)"), ("en", "(taken back)", "(put right)")],
)
def test_a_correction_without_its_words_says_whether_something_stands_instead(
    language: Language, taken_back: str, put_right: str
) -> None:
    labels = Labels(BOOK, language)
    noted = Correction(visit=1, note=UUID(int=1), note_kind="barrier", by="ana", at=datetime(2026, 11, 2, tzinfo=UTC))
    of_another = noted.model_copy(update={"note": None, "note_kind": None, "fact": "goal_paid_hours"})

    assert correction_text(noted, labels) == f"{labels.note_kind('barrier')} {taken_back}"
    assert correction_text(noted.model_copy(update={"instead": UUID(int=2)}), labels).endswith(f" {put_right}")
    assert correction_text(of_another, labels) == f"{labels.fact('goal_paid_hours')} {taken_back}"


def test_facts_stand_in_the_order_of_the_rules_and_unknown_ones_last() -> None:
    labels = Labels(BOOK, "da")

    ordered = sorted(
        ["unheard_of", "hours_schedule", "first_interview_on", "goal_paid_hours"], key=labels.place_of_fact
    )

    declared = [fact.id for fact in BOOK.rule_set.facts]
    assert ordered == [*sorted(ordered[:-1], key=declared.index), "unheard_of"]
    assert ordered[0] != min(ordered)


def test_a_text_that_nobody_has_written_is_shown_by_its_code() -> None:
    assert catalog("da").journal["something_new"] == "something_new"


@pytest.mark.parametrize(
    ("fact", "value", "danish", "english"),
    [
        ("trial_ends_on", "2026-11-05", "5. november 2026", "5 November 2026"),
        ("trial_weekly_hours", "12.5", "12,5 timer om ugen", "12.5 hours a week"),
        ("trial_weekly_hours", 1, "1 time om ugen", "1 hour a week"),
        ("supported_fte", 1, "1 årsværk", "1 full-time equivalent"),
        ("company_p_number", "1000000001", "1000000001", "1000000001"),
    ],
)
def test_a_value_is_written_as_people_write_it(fact: str, value: FactValue, danish: str, english: str) -> None:
    assert (Labels(BOOK, "da").value(fact, value), Labels(BOOK, "en").value(fact, value)) == (danish, english)


def test_an_instant_is_written_as_danish_clocks_show_it() -> None:
    at = datetime(2026, 11, 5, 9, 5, tzinfo=UTC)

    assert Labels(BOOK, "da").moment(at) == "5. november 2026 kl. 10.05"
    assert catalog("en").fill("{at}, {on}", {"at": at, "on": at.date()}) == "5 November 2026 at 10:05, 5 November 2026"


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("rules", shipped(), ids=lambda rules: f"{rules.id} {rules.version}")
def test_a_kind_of_note_is_called_as_a_line_begins(rules: RuleSet, language: Language) -> None:
    book = Book(rules)
    words = Labels(book, language)

    labels = [words.note_kind(kind) for kind in book.note_kinds] + [words.catalog.term("lesson")]

    assert [label for label in labels if not label[:1].isupper()] == []


def test_who_is_unknown_to_the_directory_is_named_once_with_the_remedy() -> None:
    unknown = [
        UnknownHolder(course_id=UUID(int=0), role=role, person=person, is_in_directory=person == "dora")
        for role, person in UNKNOWN
    ]

    text = with_unknown("Spørg borgeren.", unknown, Labels(BOOK, "da"))

    remedy = "Giv rollen til en anden, eller bed din leder om at tilføje den, der mangler"
    assert text == (
        f"Spørg borgeren. Ikke i personkartoteket: ana, bob. {remedy}. Har ikke rollen i personkartoteket: dora "
        "(sagsbehandler). Giv rollen til en, der har den, eller bed din leder om at rette kartoteket"
    )
    assert with_unknown("Spørg borgeren.", [], Labels(BOOK, "da")) == "Spørg borgeren."


@pytest.mark.parametrize(
    ("last", "words"),
    [
        (date(2026, 9, 7), "7. september 2026"),
        (date(2026, 9, 8), "7. september 2026 til 8. september 2026"),
        (None, "7. september 2026 til –"),
    ],
)
def test_one_day_is_said_as_one_day(last: date | None, words: str) -> None:
    assert Labels(BOOK, "da").days(date(2026, 9, 7), last) == words
