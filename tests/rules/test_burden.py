import re
from datetime import date
from functools import cache
from itertools import pairwise

import pytest
from typer.testing import CliRunner

from cli import app
from domain.identity import Role
from rules.burden.budget import budget_lines, excesses
from rules.burden.count import Burden, burden_lines, burden_of
from rules.burden.course import Report
from rules.burden.player import StuckError, usual_group
from rules.calendar.danish_offices import customary
from rules.calendar.working_time import WorkingTime
from rules.engine.book import Book
from rules.language.rule_set import RuleSet
from rules.loading.library import shipped
from rules.loading.read_toml import from_canonical, read_rule_set
from tests.domain.vocabulary import TINY, default_rules

WRITTEN = "For meget: indberetninger, der skal skrives 3, højst 2; det er 1 for mange"
DANISH_DAYS = WorkingTime(customary())
TOML = TINY.read_text(encoding="utf-8")


def rules_of(toml: str) -> RuleSet:
    return read_rule_set(toml, TINY.name)


def counted(rules: RuleSet) -> Burden:
    return _counted(rules.canonical)


@cache
def _counted(canonical: bytes) -> Burden:
    return burden_of(Book(from_canonical(canonical)), DANISH_DAYS)


# The shipped sets


def test_the_default_set_keeps_its_budget() -> None:
    burden = counted(default_rules())

    assert excesses(burden) == ()
    assert burden.things() <= 20
    assert len(burden.reports) <= 30
    assert burden.costing("click") + burden.costing("fed") >= len(burden.reports) / 2
    assert sum(burden.acknowledgements.values()) <= 8


@pytest.mark.parametrize("rules", shipped(), ids=lambda rules: f"{rules.id} {rules.version}")
def test_a_straight_course_of_every_shipped_set_comes_to_its_end_and_is_told_in_words(rules: RuleSet) -> None:
    burden = counted(rules)

    assert burden.reports[-1].thing == "closing_outcome"
    assert set(burden.acknowledgements) == {Role.CASEWORKER, Role.COMPANY_CONSULTANT}
    assert len(set(burden.acknowledgements.values())) == 1
    assert sum(line.times for line in burden.lines) == len(burden.reports)
    assert list(burden_lines(rules, burden, "da"))
    assert list(burden_lines(rules, burden, "en"))


def test_a_follow_up_counts_each_time_and_the_trial_and_the_paid_hours_take_their_weeks() -> None:
    (ips,) = (rules for rules in shipped() if rules.id == "ips")

    support = [report.on for report in counted(ips).reports if report.thing == "supported_on"]
    course = counted(default_rules()).reports

    assert len(support) == 7
    assert {(later - earlier).days for earlier, later in pairwise(support)} == {15}
    assert 200 < (course[-1].on - course[0].on).days < 210


def test_a_trial_lasts_as_long_as_the_rules_allow_the_target_group() -> None:
    burden = burden_of(Book(default_rules()), DANISH_DAYS, "unemployment_benefit")

    (began,) = (report.on for report in burden.reports if report.thing == "visit_outcome")
    (ended,) = (report.on for report in burden.reports if report.thing == "trial_outcome")
    assert 28 - 18 <= (ended - began).days <= 27, "it is asked ten working days before the end"


def test_the_usual_target_group_is_one_that_no_number_names() -> None:
    assert usual_group(default_rules()) == "cash_benefit_activity_ready"


# A small set


def test_only_what_is_missing_is_asked_and_each_thing_of_its_role() -> None:
    burden = counted(rules_of(TOML))

    asked = [(r.step, r.role, r.thing, r.requirement.id if r.requirement else None) for r in burden.reports]
    assert asked == [
        ("talk", Role.CASEWORKER, "agreed", "is_agreed"),
        ("talk", Role.CASEWORKER, "way", None),
        ("work", Role.COMPANY_CONSULTANT, "contract", "has_contract"),
        ("work", Role.CASEWORKER, "closing_outcome", None),
    ]
    assert burden.things() == 4
    assert burden.times(Role.COMPANY_CONSULTANT) == burden.things(Role.COMPANY_CONSULTANT) == 1


def test_what_a_system_knows_first_is_fed() -> None:
    before, contract, after = TOML.partition('id = "contract"\n')
    after = re.sub(r"reporters = \[.*\]", 'reporters = ["system", "company_consultant"]', after, count=1)

    burden = counted(rules_of(before + contract + after))

    (report,) = (report for report in burden.reports if report.thing == "contract")
    assert (report.role, report.effort) == (Role.SYSTEM, "fed")


def test_what_nobody_can_meet_is_named() -> None:
    impossible = 'must = [{ yes = "contract" }, { fact = "contract", is = false }]'
    toml = TOML.replace('must = { yes = "contract" }', impossible)

    with pytest.raises(StuckError, match="talk: has_contract"):
        counted(rules_of(toml))


# The command line


def run(*arguments: str) -> tuple[int, str]:
    ended = CliRunner().invoke(app, ["rules", "burden", *arguments])
    return ended.exit_code, ended.output


def test_the_burden_of_a_file_is_printed_step_by_step_with_its_sums() -> None:
    code, lines = run(str(TINY))

    assert code == 0
    assert lines == (
        "Det beder et lige forløb om efter Lille regelsæt til afprøvning, version 1 (A):\n"
        "\n"
        "Samtale\n"
        "  Sagsbehandler\n"
        "     1 × Aftalt (ét klik) – Lokalt: Eksempel\n"
        "     1 × Vej (ét klik) – Valg af vej\n"
        "\n"
        "Job\n"
        "  Virksomhedskonsulent\n"
        "     1 × Kontrakt (ét klik) – Lokalt: Eksempel\n"
        "  Sagsbehandler\n"
        "     1 × Afslutning (ét klik) – Valg af vej\n"
        "\n"
        "I alt: ting 4, indberetninger 4 (4 med ét klik, 0 hentes, 0 skrives)\n"
        "Lov: 0; Metode: 0; Lokalt: 2; Valg af vej: 2\n"
        "Sagsbehandler: ting 3, indberetninger 3, kvitteringer 2\n"
        "Virksomhedskonsulent: ting 1, indberetninger 1, kvitteringer 2\n"
        "\n"
        "Det holder sig inden for rammen: højst 20 ting, 30 indberetninger og 8 kvitteringer, "
        "og mindst halvdelen af indberetningerne er ét klik eller hentes.\n"
    )


def test_what_is_more_than_a_straight_course_should_ask_is_said_with_by_how_much() -> None:
    code, lines = run("jobfirst-vitas")

    assert code == 1
    assert lines.splitlines()[-2:] == [
        "For meget: ting 43, højst 20; det er 23 for mange.",
        "For meget: indberetninger 56, højst 30; det er 26 for mange.",
    ]
    assert run("jobfirst-vitas", "--language", "en")[1].splitlines()[-2:] == [
        "Too much: things 43, at most 20; that is 23 too many.",
        "Too much: reports 56, at most 30; that is 26 too many.",
    ]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"things": 21}, ["For meget: ting 21, højst 20; det er 1 for mange."]),
        ({"reports": 31, "things": 1}, ["For meget: indberetninger 31, højst 30; det er 1 for mange."]),
        ({"acknowledgements": 9}, ["For meget: kvitteringer 9, højst 8; det er 1 for mange."]),
        ({"things": 5, "written": 3}, [f"{WRITTEN}. Mindst halvdelen af indberetningerne er ét klik eller hentes."]),
        ({"things": 20, "written": 10, "acknowledgements": 8}, []),
    ],
)
def test_each_part_of_the_budget_is_kept_or_said(asked: dict[str, int], said: list[str]) -> None:
    things = asked.get("things", 0)
    reports = tuple(
        Report(
            step="talk",
            role=Role.CASEWORKER,
            thing=f"thing-{number % things}",
            is_note=False,
            effort="written" if number < asked.get("written", 0) else "click",
            on=date(2026, 9, 7),
            requirement=None,
        )
        for number in range(asked.get("reports", things))
    )
    burden = Burden("a", reports, {Role.CASEWORKER: asked.get("acknowledgements", 0)})

    lines = list(budget_lines(rules_of(TOML), burden, "da"))

    assert (lines if said else []) == said
    assert bool(excesses(burden)) is bool(said)


def test_a_shipped_set_is_named_by_its_id_or_its_version() -> None:
    assert run("ips", "--language", "en")[1].startswith("What a straight course asks by IPS")
    assert run("ips@1")[0] == 0


@pytest.mark.parametrize("arguments", [("nowhere",), ("ips@0",), ("ips", "--group", "nobody")])
def test_what_there_is_not_is_refused(arguments: tuple[str, ...]) -> None:
    assert run(*arguments)[0] == 2
