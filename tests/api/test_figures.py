"""How it goes, to who governs a unit: whole groups alone, in words that say what is counted, and off until heard."""

import csv
import io
import re
from datetime import date
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest

from api.figures.models import By
from clients.caller import Caller
from domain.figures import Figure
from infra.store.logins import Login
from rules.loading.library import shipped
from tests.api.pages.browser import logged_in
from tests.api.vocabulary import expect
from tools.town.town import COUNTING, Town
from wording.catalog import catalog

RULES: Final = {each.id: each for each in shipped() if not each.draft}
Q1, Q2 = (date(2025, 1, 1), date(2025, 3, 1)), (date(2025, 4, 1), date(2025, 6, 1))
HALF: Final = {"from": "2025-01", "to": "2025-06"}
GROUPS: Final = (
    ("days_to_first_visit", "jobfirst", "", "job", *Q1, [3, 5, 8, 9, 30]),
    ("days_to_first_visit", "jobfirst", "", "job", *Q2, list(range(1, 56))),
    ("days_to_first_visit", "jobfirst", "", "nord", *Q1, [1, 1, 1, 1, 1]),
    ("days_to_first_visit", "jobfirst", "", "", *Q1, [2, 2, 2, 2, 2]),
    ("days_to_first_visit", "ips", "", "job", *Q1, [7, 7, 7, 7, 7]),
    ("informed", "jobfirst", "trial", "job", *Q1, [0] * 5 + [1] * 15),
)
ADD: Final = """
    INSERT INTO counted_figure
        (figure, rules_id, step, unit, first_month, last_month, amounts, rules_sha256)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""


@pytest.fixture(scope="module")
def counted(town: Town) -> Town:
    """A municipality in which the first half of a year was counted."""
    options = f"-c fodslag.municipality={COUNTING}"
    with psycopg.connect(town.postgres.url(Login.WORKER), options=options) as connection:
        for row in GROUPS:
            connection.execute(ADD, (*row, RULES[str(row[1])].sha256))
        connection.execute(
            "INSERT INTO counted_month (month, counted_at) VALUES (%s, now()) ON CONFLICT DO NOTHING",
            (date(2025, 6, 1),),
        )
    return town


def leads(town: Town, *units: str, role: str = "supervisor", municipality: str = COUNTING) -> Caller:
    """Return a leader of some units, or of all."""
    return town.speaks("sara", role, municipality=municipality, units=units or ("*",))


def values(leader: Caller, figure: str = "days_to_first_visit", **asked: str) -> list[tuple[Any, ...]]:
    """Return a figure by JobFirst: unit, months, number, median and nine tenths."""
    read = leader.get("/v1/statistics", **asked)["figures"]
    found = next((each for each in read if (each["figure"], each["rule_set"]["id"]) == (figure, "jobfirst")), None)
    return [
        (each["unit"], each["period"]["first"], each["period"]["last"], each["number"], each["median"], each["p90"])
        for each in (found["values"] if found else ())
    ]


def test_a_leader_reads_units_of_his_own_and_who_leads_all_reads_all_together(counted: Town) -> None:
    first_quarter = {"from": "2025-01", "to": "2025-03"}

    assert values(leads(counted), **first_quarter) == [
        (None, "2025-01", "2025-03", 15, 2, None),
        ("job", "2025-01", "2025-03", 5, 8, None),
        ("nord", "2025-01", "2025-03", 5, 1, None),
    ]
    assert values(leads(counted, "nord"), **first_quarter) == [("nord", "2025-01", "2025-03", 5, 1, None)]
    assert values(leads(counted, "nord", "job"), **first_quarter)[0] == (None, "2025-01", "2025-03", 10, 1, None)
    assert values(leads(counted, role="system"), **first_quarter) == values(leads(counted), **first_quarter)
    expect(leads(counted, "nord").http.get("/v1/statistics", params={"unit": "job"}), 403, "not-governed", "unit")
    for role in ("caseworker", "company_consultant", "observer", "data_protection", "rule_editor"):
        expect(leads(counted, role=role).http.get("/v1/statistics"), 403, "not-permitted")


def test_a_group_counts_where_the_whole_of_it_lies_within(counted: Town) -> None:
    job = leads(counted, "job")

    assert values(job, **{"from": "2025-02", "to": "2025-05"}) == []
    assert values(job, by="month", **HALF) == []
    assert values(job, by="quarter", **HALF) == [
        ("job", "2025-01", "2025-03", 5, 8, None),
        ("job", "2025-04", "2025-06", 55, 28, 50),
    ]
    assert values(job, **HALF) == values(job, by="year", **HALF) == [("job", "2025-01", "2025-06", 60, 26, 49)]


def test_each_figure_says_what_it_counts_in_the_words_of_its_rules(counted: Town) -> None:
    read = leads(counted).get("/v1/statistics", **HALF)
    by_set = {(each["figure"], each["rule_set"]["id"]): each for each in read["figures"]}

    assert "“When were you there?”" in by_set["days_to_first_visit", "jobfirst"]["definition"]
    assert "“First employer contact”" in by_set["days_to_first_visit", "ips"]["definition"]
    assert by_set["informed", "jobfirst"]["label"] == "Steps taken informed: Company trial"
    assert [value["percent"] for value in by_set["informed", "jobfirst"]["values"]] == [75, 75]
    assert (read["is_on"], read["period"]) == (True, {"first": "2025-01", "last": "2025-06"})
    assert read["counted_until"] >= "2025-06"


def test_the_table_has_the_same_numbers(counted: Town) -> None:
    answer = leads(counted).http.get("/v1/statistics", params=HALF, headers={"Accept": "text/csv"})
    table = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=";"))
    read = leads(counted).get("/v1/statistics", **HALF)["figures"]

    assert answer.headers["content-type"].startswith("text/csv")
    assert table[0][0] == "Rule set"
    numbers = [(value["number"], value["median"]) for figure in read for value in figure["values"]]
    assert [(int(line[5]), int(line[6]) if line[6] else None) for line in table[1:]] == numbers


def test_figures_are_off_until_the_staff_was_heard(town: Town) -> None:
    read = leads(town, municipality="0990").get("/v1/statistics")

    assert (read["is_on"], read["figures"]) == (False, [])
    assert "FODSLAG_STATISTICS_IN" in read["why_off"]
    with logged_in(town, "sara", "supervisor").http as browser:
        assert catalog("da").figures["off"] in browser.get("/statistics").text


def test_the_page_draws_each_figure_with_its_table_and_gives_the_same_file(counted: Town) -> None:
    browser = logged_in(counted, "sara", "supervisor", municipality=COUNTING, units=("*",))
    with browser.http:
        page = browser.opens("/statistics?from=2025-01&to=2025-06&by=quarter&unit=")
        file = browser.http.get("/statistics.csv?from=2025-01&to=2025-06&by=quarter&unit=")

    drawings = [given for tag, given in page.tags if tag == "svg"]
    tables = [given for tag, given in page.tags if tag == "table"]
    assert len(drawings) == len(tables) == 3
    assert {(given["role"], bool(given["aria-labelledby"])) for given in drawings} == {("img", True)}
    assert "Halvdelen inden (dage)" in page.text
    assert file.text.count("\r\n") == 1 + sum(1 for tag, given in page.tags if tag == "th" and given["scope"] == "row")
    assert page.links["Hent tallene som regneark (CSV)"] == "/statistics.csv?from=2025-01&to=2025-06&by=quarter&unit="


def test_every_figure_and_every_word_of_the_page_is_in_both_languages() -> None:
    source = Path("api/pages/templates/statistics.html.jinja").read_text()
    named = set(re.findall(r'figure_texts\["(\w+)"\]', source)) | {*Figure, *(f"{figure}_is" for figure in Figure)}
    named |= set(re.findall(r'"((?:how|drawn)_\w+)"', source)) | {f"by_{by}" for by in By}

    for language in ("da", "en"):
        assert named - catalog(language).figures.keys() == set()
