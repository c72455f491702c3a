"""A course speaks of its roles by the names that its rule set gives them."""

import pytest

from api.rulesets.view import line, read
from domain.identity import Role
from infra.documents.rulebooks import RuleSetVersions
from rules.engine.book import Book
from rules.language.formats import Language
from rules.loading.library import shipped
from rules.reading.rule_book import rule_book
from tests.domain.jobfirst import RULES
from tests.domain.vocabulary import MONDAY
from wording.labels import Labels

IPS = Book(next(rules for rules in shipped() if rules.id == "ips"))


@pytest.mark.parametrize(("language", "name"), [("da", "IPS-konsulent"), ("en", "IPS specialist")])
def test_labels_texts_and_templates_of_a_course_use_the_names_of_its_set(language: Language, name: str) -> None:
    labels = Labels(IPS, language)

    assert labels.role(Role.COMPANY_CONSULTANT) == name
    assert labels.catalog.terms["company_consultant"] == name
    filled = labels.catalog.fill("{role}", {"role": Role.COMPANY_CONSULTANT.value})
    assert filled in (name, "company_consultant")


def test_what_a_set_does_not_name_keeps_the_common_word_and_so_do_other_sets() -> None:
    assert Labels(IPS, "da").role(Role.CASEWORKER) == "sagsbehandler"
    assert Labels(RULES, "da").role(Role.COMPANY_CONSULTANT) == "virksomhedskonsulent"


def test_a_set_is_read_with_its_names() -> None:
    labels = Labels(IPS, "da")
    head = line(IPS.rule_set, RuleSetVersions((), shipped()), labels, MONDAY.date())

    roles = read(IPS.rule_set, head, labels).roles

    assert (roles["company_consultant"], roles["mentor"]) == ("IPS-konsulent", "mentor")


def test_the_rule_book_uses_them() -> None:
    assert "virksomhedskonsulent |" not in "\n".join(rule_book(IPS, "da"))
    assert "| IPS-konsulent |" in "\n".join(rule_book(IPS, "da"))
